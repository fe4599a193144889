"""Text keys: opaque, of one form, the same for any number of rows at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abmsim.records.keys import KeyRuns, fixed_width_texts, key_bytes

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
KEYS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20)


def plainly(key: int) -> str:
    """The same in plain Python: 13 digits of base 32, the highest first."""
    return "abm-" + "".join(ALPHABET[key >> 5 * place & 31] for place in range(12, -1, -1))


@given(KEYS)
def test_a_key_is_its_number_in_base_32(keys: list[int]) -> None:
    texts = fixed_width_texts(key_bytes(np.array(keys, np.uint64), "abm-"))
    assert texts.to_pylist() == [plainly(key) for key in keys]


@given(KEYS, st.data())
def test_record_ids_number_the_rows_of_a_person(keys: list[int], data: st.DataObject) -> None:
    rows = sorted(data.draw(st.lists(st.integers(0, len(keys) - 1), max_size=30)))
    ordinals = data.draw(st.lists(st.integers(-1, 12_000), min_size=len(rows), max_size=len(rows)))
    runs = KeyRuns.of(np.array(rows, np.int32), np.array(keys, np.uint64), "abm-")
    wanted = [f"{plainly(keys[row])}-{number + 1}" if number >= 0 else None
              for row, number in zip(rows, ordinals, strict=True)]  # fmt: skip
    found = runs.numbered(np.array(ordinals, np.int32))
    found.validate(full=True)
    assert found.to_pylist() == wanted
    assert runs.array().to_pylist() == [plainly(keys[row]) for row in rows]
