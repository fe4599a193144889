"""Bare loads and stores for the kernel: an address and an index instead of an array.

Numba counts references of every array that a helper receives; an address is a plain number, so the kernel's inner
loop is free of reference counting by construction (a test reads the compiled code). Whole numbers are int64 as soon
as they are loaded, whatever they are stored as: so each helper is compiled for one signature only. The arrays behind
the addresses are owned by `agenda.Agenda`, which keeps them alive while the kernel runs.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any


class Access:
    """A load or a store of the kernel: `bits` of memory, `kind` as the kernel sees them (int64, uint64 or float64).

    `extend` names how a narrower whole number becomes a wide one; `stores` if it is a store, of a value that must fit.
    """

    def __init__(self, bits: int, kind: str = "int64", extend: str = "", stores: bool = False) -> None:
        self.bits, self.kind, self.extend, self.stores = bits, kind, extend, stores

    def __call__(self, *arguments: Any) -> Any:
        raise TypeError("memory is read and written by functions of the kernel only")

    @cached_property
    def _numba_type_(self) -> Any:
        """What the compiler asks of a global name that it does not know."""
        from abmsim.engine.compiling import access_type

        return access_type(self)


get_i32, put_i32 = Access(32, extend="sext"), Access(32, stores=True)
get_i16, put_i16 = Access(16, extend="sext"), Access(16, stores=True)
get_u16, put_u16 = Access(16, extend="zext"), Access(16, stores=True)
get_i64, put_i64 = Access(64), Access(64, stores=True)
get_u64, put_u64 = Access(64, "uint64"), Access(64, "uint64", stores=True)
get_f64, put_f64 = Access(64, "float64"), Access(64, "float64", stores=True)
