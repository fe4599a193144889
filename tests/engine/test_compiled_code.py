"""The kernel's machine code: nothing in it counts references or allocates."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from toys import Toys, alone, run

from abmsim.engine.kernel import run_block

COUNTING = b"NRT_"
"""Numba's runtime: NRT_incref, NRT_decref, NRT_MemInfo_alloc and the like are symbols of code that calls them."""


def object_code(dispatcher, name: str) -> bytes:
    """The cached machine code of a jitted function and of all that it calls."""
    return b"".join(path.read_bytes() for path in sorted(Path(dispatcher.stats.cache_path).glob(f"*{name}*.nbc")))


def test_the_kernel_counts_no_references(toys: Toys) -> None:
    program = toys.program("""\
        module: toy/anything
        about: makes the kernel compile
        start: here
        states:
          here: {final: true}
        """)
    run(program, alone())
    code = object_code(run_block, "run_block")
    assert b"run_block" in code
    assert COUNTING not in code


def test_code_that_counts_references_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path))
    file = tmp_path / "counting.py"
    file.write_text("import numba, numpy\n\n@numba.njit(cache=True)\ndef counting(n):\n    return numpy.ones(n)\n")
    spec = importlib.util.spec_from_file_location("counting", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.counting(3)
    assert COUNTING in object_code(module.counting, "counting")
