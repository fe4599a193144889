"""The kernel's machine code: what is in it, and that it is kept and found again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from abmsim.engine import kernel, machine_code
from abmsim.engine.compiled import Entry, entry, helper

COUNTING = b"NRT_"
"""Numba's runtime: NRT_incref, NRT_decref, NRT_MemInfo_alloc and the like are symbols of code that calls them."""


@helper
def squared(number):
    return number * number


def difference_of_squares(one, other):
    """What the tests have compiled: quick to make."""
    return squared(one) - squared(other)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where code is kept in a test."""
    monkeypatch.setattr(machine_code, "folder", lambda: tmp_path / "code")
    return tmp_path / "code"


def compiled() -> Entry:
    """An entry as a new process knows it: nothing is linked yet."""
    return entry(difference_of_squares)


def test_an_entry_calls_its_helpers_and_gives_its_number(folder: Path) -> None:
    assert compiled()(5, 3) == 16
    assert compiled()(2**31, 1) == 2**62 - 1


def test_code_is_kept_and_linked_as_it_lies_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled()(5, 3) == 16
    monkeypatch.setattr("abmsim.engine.compiling.object_code", lambda *_: pytest.fail("compiled again"))
    assert compiled()(5, 3) == 16


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 4096])
def test_a_damaged_file_is_made_again(folder: Path, damage: bytes) -> None:
    compiled()(5, 3)
    file = folder / "difference_of_squares.o"
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert compiled()(5, 3) == 16
    assert len(file.read_bytes()) == len(whole)


def test_a_folder_that_cannot_be_written_to_costs_time_only(folder: Path) -> None:
    folder.write_text("not a folder")
    assert compiled()(5, 3) == 16


def test_nothing_is_left_beside_the_code(folder: Path) -> None:
    compiled()(5, 3)
    assert [path.name for path in folder.iterdir()] == ["difference_of_squares.o"]


def test_python_cannot_call_a_helper() -> None:
    with pytest.raises(TypeError, match="squared is a function of the kernel: only its entries can be called"):
        squared(3)


def test_the_kernel_counts_no_references_and_needs_nothing_of_the_compiler() -> None:
    machine_code.linked(kernel.run_block)
    code = (machine_code.folder() / "run_block.o").read_bytes()
    assert machine_code.symbol(kernel.run_block).encode() in code
    assert COUNTING not in code
    assert b"numba_" not in code


def test_code_that_counts_references_would_be_found() -> None:
    import numba
    import numpy

    @numba.njit
    def counting(n):
        return numpy.ones(n)

    counting(3)
    assert COUNTING.decode() in next(iter(counting.inspect_llvm().values()))


def test_a_process_that_finds_the_code_never_loads_the_compiler() -> None:
    machine_code.linked(kernel.run_block)
    script = (
        "import sys\n"
        "from abmsim.engine import kernel, machine_code\n"
        "machine_code.linked(kernel.run_block)\n"
        "print(*[name for name in ('numba', 'scipy') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
