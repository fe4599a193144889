"""The functions of the kernel: marked here, made into machine code once, and found as machine code from then on.

Nothing here imports the compiler. An entry looks for its code when it is first called (`machine_code`); if there is
none yet, `compiling` makes it from the source of the entry and of all that it calls.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cached_property
from threading import Lock
from typing import Any

_LINKING = Lock()


class Helper:
    """A function of the kernel that other functions of the kernel call, never Python."""

    def __init__(self, function: Callable, always_inlined: bool) -> None:
        self.py_func = function
        self.always_inlined = always_inlined
        self.__doc__ = function.__doc__

    def __call__(self, *arguments: Any) -> Any:
        raise TypeError(f"{self.py_func.__qualname__} is a function of the kernel: only its entries can be called")

    @cached_property
    def compiled(self) -> Any:
        """The function as the compiler knows it."""
        from abmsim.engine.compiling import compiler_of

        return compiler_of(self)

    @property
    def _numba_type_(self) -> Any:
        """What the compiler asks of a global name that it does not know."""
        return self.compiled._numba_type_


class Entry:
    """A function of the kernel that Python calls, with whole numbers only; other threads go on meanwhile."""

    def __init__(self, function: Callable) -> None:
        self.py_func = function
        self.name = function.__qualname__
        self.arguments = len(inspect.signature(function).parameters)
        self.__doc__ = function.__doc__
        self._code: Callable[..., int] | None = None

    def __call__(self, *arguments: int) -> int:
        """The function's whole number; 0 of one that says nothing."""
        return (self._code or self._link())(*arguments)

    def _link(self) -> Callable[..., int]:
        from abmsim.engine.machine_code import linked

        with _LINKING:
            if self._code is None:
                self._code = linked(self)
            return self._code


def helper(function: Callable) -> Any:
    """For functions of the kernel: no reference counting, division as in NumPy, inlined as the compiler sees fit."""
    return Helper(function, always_inlined=False)


def inlined(function: Callable) -> Any:
    """For small functions of the inner loop that must cost no call."""
    return Helper(function, always_inlined=True)


def entry(function: Callable) -> Any:
    """For the functions that Python calls: the whole kernel below them becomes part of their code."""
    return Entry(function)
