"""Modules as one program: flat tables that the kernel runs without knowing any module."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from abmsim.lang import layout
from abmsim.lang.assembler import Assembler
from abmsim.lang.compile_schedule import compile_schedule
from abmsim.lang.compile_states import StateCompiler
from abmsim.lang.module import Module, State
from abmsim.lang.program import ModuleInfo, Program, StateInfo
from abmsim.lang.scope import CompileScope, stored_attributes
from abmsim.randomness import name_key
from abmsim.schema.schema import Schema
from abmsim.stats.catalogue import Catalogue

_WAITING = ("wait", "schedule")


def compile_modules(
    modules: Sequence[Module], catalogue: Catalogue, schema: Schema, municipality_codes: Sequence[str]
) -> Program:
    """The program of checked modules, in the order of their names; the same modules give the same tables."""
    modules = sorted(modules, key=lambda module: module.name)
    scope = _scope(modules, catalogue, schema, municipality_codes)
    infos: list[StateInfo] = []
    reads: list[tuple[int, set[int], set[int]]] = []
    module_words: list[int] = []
    slots, levels = 0, 0
    for number, module in enumerate(modules):
        scope.module, scope.module_number = module, number
        _find_schedule(scope)
        start = scope.state_numbers[(module.name, module.start)]
        why = scope.why(module.spot, "")
        first = scope.state_numbers[(module.name, next(iter(module.states)))]
        waits, hazards = _most_exits(module, _WAITING), _most_exits(module, ("hazard",))
        module_words += [start, why, int(module.begins == "base_date"), first, len(module.states), slots, levels]
        slots, levels = slots + layout.SLOT_FIXED + waits, levels + layout.LEVEL_PARTS * hazards
        for state in module.states.values():
            compiler = StateCompiler(scope, state)
            compiler.compile(scope.state_numbers[(module.name, state.name)])
            infos.append(_info(scope, module, state, compiler))
            reads.append((number, compiler.reads.own, compiler.reads.relatives))
    return _program(scope, modules, infos, reads, module_words, (int(slots), int(levels)))


def _most_exits(module: Module, kinds: tuple[str, ...]) -> int:
    """The most exits of these kinds that a state of the module has."""
    return max(sum(exit_.kind in kinds for exit_ in state.exits) for state in module.states.values())


def _scope(modules: Sequence[Module], catalogue: Catalogue, schema: Schema, codes: Sequence[str]) -> CompileScope:
    names = [(module.name, state) for module in modules for state in module.states]
    verbs = list(dict.fromkeys(
        (module.name, schema.verbs[state.record.verb].name)
        for module in modules for state in module.states.values() if state.record is not None
    ))  # fmt: skip
    return CompileScope(
        assembler=Assembler(len(names)),
        catalogue=catalogue,
        schema=schema,
        municipality_codes=tuple(codes),
        attributes=stored_attributes(modules),
        verbs=verbs,
        tables=tuple(dict.fromkeys(table for _, table in verbs)),
        state_numbers={name: number for number, name in enumerate(names)},
        module=modules[0],
    )


def _find_schedule(scope: CompileScope) -> None:
    """`schedule.<column>` anywhere in a module means the one schedule that the module has."""
    for state in scope.module.states.values():
        for exit_ in state.exits:
            if exit_.kind == "schedule":
                scope.schedule = exit_.schedule
                compile_schedule(scope, exit_.schedule)


def _info(scope: CompileScope, module: Module, state: State, compiler: StateCompiler) -> StateInfo:
    table = scope.schema.verbs[state.record.verb] if state.record is not None else None
    return StateInfo(
        module.name, state.name, state.spot.file or module.file, state.spot.line, state.about, state.silent,
        table.name if table else None, tuple(compiler.actions.columns),
        tuple(column.refers for column in table.parents) if table else (), state.happens,
    )  # fmt: skip


def _program(scope, modules, infos, reads, module_words, widths: tuple[int, int]) -> Program:
    assembler = scope.assembler
    public = sorted(scope.public)
    readers = _readers(scope, [(number, own) for number, own, _ in reads])
    relative_readers = _readers(scope, [(number, relatives) for number, _, relatives in reads])
    verb_words = [word for module, table in scope.verbs for word in _verb(scope, table)]
    return Program(
        verbs_place=assembler.add(verb_words),
        modules_place=assembler.add(module_words),
        readers_place=assembler.add(readers),
        relative_readers_place=assembler.add(relative_readers),
        public_place=assembler.add([len(public), *public]),
        public_places=assembler.add([public.index(i) if i in public else 0 for i in range(len(scope.attributes))]),
        words=np.array(assembler.words, dtype=np.int32),
        numbers=np.array(assembler.numbers, dtype=np.float64),
        keys=np.array([name_key(f"{info.module}:{info.name}") for info in infos], dtype=np.uint64),
        states=tuple(infos),
        whys=tuple(scope.whys),
        modules=tuple(_module_info(scope, module) for module in modules),
        attributes=scope.attributes,
        public=tuple(scope.attributes[index].name for index in public),
        verbs=tuple(scope.verbs),
        tables=scope.tables,
        statistics=tuple(sorted(scope.statistics)),
        slots=widths[0],
        levels=widths[1],
    )


def _readers(scope: CompileScope, reads: list[tuple[int, set[int]]]) -> list[int]:
    """For each attribute the place of the list of modules that have a state which reads it."""
    return [
        scope.assembler.add_list(sorted({module for module, attributes in reads if index in attributes}))
        for index in range(len(scope.attributes))
    ]


def _verb(scope: CompileScope, table_name: str) -> list[int]:
    table = scope.schema.tables[table_name]
    reason = table.by_role("end_reason")
    on_death, on_departure = -1, -1
    if reason is not None:
        codes = scope.schema.codes_of(reason)
        assert codes is not None
        on_death = codes.index(reason.on_death) if reason.on_death else -1
        on_departure = codes.index(reason.on_departure) if reason.on_departure else -1
    return [scope.tables.index(table_name), on_death, int(table.kills), int(table.ends), on_departure]


def _module_info(scope: CompileScope, module: Module) -> ModuleInfo:
    first = scope.state_numbers[(module.name, next(iter(module.states)))]
    return ModuleInfo(
        module.name, module.file, first, len(module.states), module.in_force, module.law,
        {name: assumption.why for name, assumption in module.assumptions.items()},
    )  # fmt: skip

