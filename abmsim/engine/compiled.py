"""How the kernel is compiled: options of the just-in-time compiler, and a cache that knows all kernel sources.

Numba's own cache looks at one file only and misses a change in a helper, so the cache lies in a folder named after
a hash of every source that the kernel is made of, and of Numba's version.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core.codegen import CPUCodeLibrary

from abmsim.paths import PACKAGE, user_cache

_SOURCES = (
    "days.py", "randomness.py", "lang/layout.py",
    *sorted(f"engine/{path.name}" for path in Path(__file__).parent.glob("*.py")),
)  # fmt: skip


def _sources_hash() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for name in _SOURCES:
        digest.update((PACKAGE / name).read_bytes())
    return digest.hexdigest()[:16]


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(user_cache() / f"kernel-{_sources_hash()}")  # type: ignore[attr-defined]

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
_NO_WRAPPERS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

_linked: set[str] = set()
"""Names of the helpers: their code is only linked into that of an entry, never run by itself."""


def _decorator(**options: Any) -> Callable:
    compiling = numba.njit(**_OPTIONS, **_NO_WRAPPERS, **options)

    def decorate(function: Callable) -> Any:
        _linked.add(function.__qualname__)
        return compiling(function)

    return decorate


helper = _decorator(forceinline=False)
"""For functions of the kernel: no reference counting, division as in NumPy, inlined by the compiler as it sees fit.

`forceinline` must be refused: what an `inlined` function calls would inherit it, and be copied into every place."""

inlined = _decorator(forceinline=True)
"""For small functions of the inner loop that must cost no call."""

entry = numba.njit(**_OPTIONS, cache=True)
"""For the functions that Python calls: the whole kernel below them is cached with them."""


def _optimise_entries_only() -> None:
    """Lets helpers be linked as they are; an entry has all of them linked in when it is optimised.

    Numba optimises each function with all that it calls, again and again up to the entry: half of the time it took.

    Where a later Numba has no such method nothing is changed: it compiles slower, to the same code.
    """
    optimise = getattr(CPUCodeLibrary, "_optimize_final_module", None)
    if optimise is None:
        return

    def optimise_entry(self: CPUCodeLibrary) -> None:
        if self.name not in _linked:
            optimise(self)

    CPUCodeLibrary._optimize_final_module = optimise_entry


_optimise_entries_only()
