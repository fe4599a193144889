"""Arrays from NumPy's memory are those that Arrow makes itself, and a run does without pandas."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abmsim.records import buffers


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.booleans())), st.booleans())
def test_numbers_days_and_answers_are_the_same(rows: list[tuple[int, bool]], masked: bool) -> None:
    values = np.array([value for value, _ in rows], dtype=np.int32)
    missing = np.array([none for _, none in rows], dtype=bool) if masked else None
    for type_ in (pa.int32(), pa.float64(), pa.date32()):
        own = buffers.array(values, type_, missing)
        own.validate(full=True)
        assert own.equals(pa.array(values, mask=missing, type=pa.int32()).cast(type_)), type_
    answers = buffers.array(values > 0, pa.bool_(), missing)
    answers.validate(full=True)
    assert answers.equals(pa.array(values > 0, mask=missing))


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.none() | st.text()))
def test_texts_are_the_same(texts: list[str | None]) -> None:
    own = buffers.strings(texts)
    own.validate(full=True)
    assert own.equals(pa.array(texts, type=pa.string()))


@pytest.mark.parametrize(
    "what",
    [
        "columns.dates(days)", "columns.flags(days)", "columns.labels(days, ['a', 'b'])",
        "columns.texts(['a', None], columns.TEXTS)", "columns.numbers(days, pa.float64())",
    ],
)  # fmt: skip
def test_no_column_loads_pandas(what: str) -> None:
    code = (
        "import sys, numpy as np, pyarrow as pa\nfrom abmsim.records import columns\n"
        f"days = np.array([0, 1, -1], dtype=np.int32)\n{what}\nassert 'pandas' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
