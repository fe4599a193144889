"""Makes machine code of the kernel's functions, with Numba: only imported when some is not at hand."""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
import numba
from llvmlite import ir
from numba import types
from numba.core.codegen import CPUCodeLibrary, JITCPUCodegen
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from abmsim.engine.compiled import Entry, Helper
from abmsim.engine.memory import Access

_OPTIONS: dict[str, Any] = {
    "nogil": True, "error_model": "numpy", "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True,
}  # fmt: skip

_OF_THE_C_LIBRARY = {"numba_frexp": "frexp", "numba_ldexp": "ldexp"}
"""What only Numba can link, and what does the same with finite numbers in every process."""

_translated: set[str] = set()
"""Names of the kernel's functions: Numba only translates them."""


def compiler_of(helper: Helper) -> Any:
    """A helper for Numba.

    What an always inlined function calls would inherit that, and be copied into every place: so it is refused to all
    others.
    """
    _translated.add(helper.py_func.__qualname__)
    return numba.njit(**_OPTIONS, forceinline=helper.always_inlined)(helper.py_func)


def access_type(access: Access) -> Any:
    """What Numba knows a load or a store as."""
    made = _storer(access) if access.stores else _loader(access)
    known: Any = cpu_target.typing_context
    known.refresh()
    return known.resolve_value_type(made)


def _loader(access: Access) -> Any:
    @intrinsic
    def load(typingctx, address, index):
        def build(context, builder, signature, arguments):
            value = builder.load(_element(builder, arguments, access))
            return getattr(builder, access.extend)(value, ir.IntType(64)) if access.extend else value

        return getattr(types, access.kind)(types.int64, types.int64), build

    return load


def _storer(access: Access) -> Any:
    @intrinsic
    def store(typingctx, address, index, value):
        def build(context, builder, signature, arguments):
            narrower = access.bits < 64
            value = builder.trunc(arguments[2], ir.IntType(access.bits)) if narrower else arguments[2]
            builder.store(value, _element(builder, arguments, access))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, getattr(types, access.kind)), build

    return store


def _element(builder: ir.IRBuilder, arguments: Any, access: Access) -> Any:
    stored = ir.DoubleType() if access.kind == "float64" else ir.IntType(access.bits)
    return builder.gep(builder.inttoptr(arguments[0], stored.as_pointer()), [arguments[1]])


def object_code(entry: Entry, symbol: str, machine: llvm.TargetMachine) -> bytes:
    """The machine code of an entry and of all that it calls, as an object file that knows it by the name `symbol`."""
    _translated.add(entry.name)
    dispatcher = numba.njit(**_OPTIONS)(entry.py_func)
    signature = (types.int64,) * entry.arguments
    dispatcher.compile(signature)
    whole = llvm.parse_assembly(dispatcher.inspect_llvm(signature))
    for function in whole.functions:
        if function.name in _OF_THE_C_LIBRARY:
            function.name = _OF_THE_C_LIBRARY[function.name]
    whole.get_function(dispatcher.overloads[signature].fndesc.llvm_func_name).name = symbol
    _optimise(whole, machine)
    return machine.emit_object(whole)


def _optimise(whole: llvm.ModuleRef, machine: llvm.TargetMachine) -> None:
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(whole, builder)


def _translate_only() -> None:
    """Keeps Numba from making machine code of each function with all that it calls, again and again up to the entry.

    Where a later Numba has no such methods nothing is changed: it compiles slower, to the same code.
    """
    optimise = getattr(CPUCodeLibrary, "_optimize_final_module", None)
    finish = getattr(CPUCodeLibrary, "_finalize_final_module", None)
    set_environment = getattr(JITCPUCodegen, "set_env", None)
    if optimise is None or finish is None or set_environment is None:
        return

    def optimise_others(self: CPUCodeLibrary) -> None:
        if self.name not in _translated:
            optimise(self)

    def finish_others(self: CPUCodeLibrary) -> None:
        if self.name in _translated:
            self._finalized = True
        else:
            finish(self)

    def set_others(self: JITCPUCodegen, env_name: str, env: Any) -> None:
        if self._engine.get_global_value_address(env_name):
            set_environment(self, env_name, env)

    JITCPUCodegen.set_env = set_others
    CPUCodeLibrary._optimize_final_module = optimise_others
    CPUCodeLibrary._finalize_final_module = finish_others


_translate_only()
