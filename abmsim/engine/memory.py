"""Bare loads and stores for the kernel: an address and an index instead of an array.

Numba counts references of every array that a helper receives; an address is a plain number, so the kernel's inner
loop is free of reference counting by construction (a test reads the compiled code). Whole numbers are int64 as soon
as they are loaded, whatever they are stored as: so each helper is compiled for one signature only. The arrays behind
the addresses are owned by `agenda.Agenda`, which keeps them alive while the kernel runs.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_INT64 = ir.IntType(64)


def _element(builder, arguments, stored):
    pointer = builder.inttoptr(arguments[0], stored.as_pointer())
    return builder.gep(pointer, [arguments[1]])


def _loader(stored: ir.Type, seen, widen: str = "") -> Any:
    """A load of `stored` that the kernel sees as `seen`; `widen` names the LLVM extension of a narrower integer."""

    @intrinsic
    def load(typingctx, address, index):
        def build(context, builder, signature, arguments):
            value = builder.load(_element(builder, arguments, stored))
            return getattr(builder, widen)(value, _INT64) if widen else value

        return seen(types.int64, types.int64), build

    return load


def _storer(stored: ir.Type, seen, narrow: bool = False) -> Any:
    """A store into `stored` of what the kernel sees as `seen`; the value must fit."""

    @intrinsic
    def store(typingctx, address, index, value):
        def build(context, builder, signature, arguments):
            value = builder.trunc(arguments[2], stored) if narrow else arguments[2]
            builder.store(value, _element(builder, arguments, stored))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, seen), build

    return store


get_i32 = _loader(ir.IntType(32), types.int64, "sext")
put_i32 = _storer(ir.IntType(32), types.int64, narrow=True)
get_i16 = _loader(ir.IntType(16), types.int64, "sext")
put_i16 = _storer(ir.IntType(16), types.int64, narrow=True)
get_u16 = _loader(ir.IntType(16), types.int64, "zext")
put_u16 = _storer(ir.IntType(16), types.int64, narrow=True)
get_i64, put_i64 = _loader(_INT64, types.int64), _storer(_INT64, types.int64)
get_u64, put_u64 = _loader(_INT64, types.uint64), _storer(_INT64, types.uint64)
get_f64, put_f64 = _loader(ir.DoubleType(), types.float64), _storer(ir.DoubleType(), types.float64)
