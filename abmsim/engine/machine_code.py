"""The kernel's machine code where it is kept: an object file for each entry, in the user's cache folder.

The folder is named after a hash of every source of the kernel, of the compiler and of the processor, so that no code is
ever older than its source. Whatever is odd about a file means that it is made again; a folder that cannot be written to
costs time only.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llvmlite.binding as llvm

from abmsim.paths import PACKAGE, user_cache
from abmsim.sealed import read_sealed, write_sealed

if TYPE_CHECKING:
    from abmsim.engine.compiled import Entry

_SOURCES = (
    "days.py", "randomness.py", "lang/layout.py",
    *sorted(f"engine/{path.name}" for path in Path(__file__).parent.glob("*.py")),
)  # fmt: skip

_SYMBOL = "abmsim_kernel_{}"
_kept_alive: list[Any] = []
"""Machine code that functions point to."""


def linked(entry: Entry) -> Callable[..., int]:
    """The entry as a function that can be called; it is compiled if its code is not at hand."""
    path = folder() / f"{entry.name}.o"
    code = None
    with suppress(OSError):
        code = read_sealed(path)
    if code is None:
        from abmsim.engine.compiling import object_code

        code = object_code(entry, symbol(entry), _machine())
        write_sealed(path, code)
    return _link(bytes(code), entry)


def symbol(entry: Entry) -> str:
    """The entry's name in machine code."""
    return _SYMBOL.format(entry.name)


@cache
def folder() -> Path:
    """Where the code of this kernel, compiler and processor lies."""
    return user_cache() / f"kernel-{_identity()}"


def _identity() -> str:
    features = llvm.get_host_cpu_features().flatten()
    made_by = (version("numba"), version("llvmlite"), llvm.get_process_triple(), llvm.get_host_cpu_name(), features)
    digest = hashlib.sha256("\n".join(made_by).encode())
    for name in _SOURCES:
        digest.update((PACKAGE / name).read_bytes())
    return digest.hexdigest()[:16]


def _link(code: bytes, entry: Entry) -> Callable[..., int]:
    """The code as a function; it writes its number, and would write an error, to the first two addresses.

    Each entry has a linker of its own, since they share the names of helpers.
    """
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    file = llvm.ObjectFileRef.from_data(code)
    engine.add_object_file(file)
    engine.finalize_object()
    _kept_alive.append((engine, file))
    whole = ctypes.c_int64
    native = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *[whole] * entry.arguments)
    call = native(engine.get_function_address(symbol(entry)))

    def run(*arguments: int) -> int:
        said, error = whole(0), ctypes.c_void_p()
        status = call(ctypes.addressof(said), ctypes.addressof(error), *[int(argument) for argument in arguments])
        if status:
            raise RuntimeError(f"the kernel's {entry.name} ended with {status}")
        return said.value

    return run


def _machine() -> llvm.TargetMachine:
    """This processor."""
    with suppress(RuntimeError):  # later versions of the library are ready from the start, and say so
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3, reloc="pic", codemodel="small", jit=True
    )
