"""Modules as one program: flat tables that the kernel runs without knowing any module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from abmsim.lang.assembler import Assembler
from abmsim.lang.compile_record import record_of, rest_of
from abmsim.lang.compile_schedule import compile_schedule
from abmsim.lang.compile_states import StateCompiler
from abmsim.lang.institution import Institution
from abmsim.lang.module import Await, Module, State
from abmsim.lang.program import ModuleInfo, Program, StateInfo
from abmsim.lang.scope import CompileScope, stored_attributes
from abmsim.randomness import name_key
from abmsim.schema.schema import Schema
from abmsim.stats.catalogue import Catalogue


def compile_modules(
    modules: Sequence[Module], catalogue: Catalogue, schema: Schema, municipality_codes: Sequence[str],
    institutions: Iterable[Institution] = (),
) -> Program:  # fmt: skip
    """The program of checked modules, in the order of their names; the same modules give the same tables.

    The institutions that the modules await come with them; `institutions` are further ones that the program names.
    """
    modules = sorted(modules, key=lambda module: module.name)
    scope = _scope(modules, catalogue, schema, municipality_codes)
    known = _institutions(modules, institutions)
    scope.institution_numbers = {institution.name: number for number, institution in enumerate(known)}
    infos: list[StateInfo] = []
    reads: list[tuple[int, set[int], set[int]]] = []
    module_words: list[int] = []
    cells = 0
    for number, module in enumerate(modules):
        scope.module, scope.module_number = module, number
        _find_schedule(scope)
        start = scope.state_numbers[(module.name, module.start)]
        why = scope.why(module.spot, "")
        own = [verb for verb in scope.verbs if verb[0] == module.name]
        scope.record = record_of(module, own)
        scope.verb_rows |= {verb: scope.record.verb_rows(place) for place, verb in enumerate(own)}
        compilers = []
        for state in module.states.values():
            compiler = StateCompiler(scope, state)
            compiler.compile(scope.state_numbers[(module.name, state.name)])
            compilers.append(compiler)
            infos.append(_info(scope, module, state, compiler, known))
            reads.append((number, compiler.reads.own, compiler.reads.relatives))
        rest = rest_of(scope, compilers[list(module.states).index(module.start)])
        module_words += [start, why, int(module.begins == "base_date"), *scope.record.words, rest]
        cells += scope.record.most_cells
    return _program(scope, modules, infos, reads, module_words, cells, known)


def _turns(state: State) -> Iterator[Await]:
    """What the state asks of institutions."""
    return (exit_.turn for exit_ in state.exits if exit_.turn is not None)


def _institutions(modules: Sequence[Module], further: Iterable[Institution]) -> tuple[Institution, ...]:
    """The institutions that the modules await, and further ones, in order of name."""
    found = {institution.name: institution for institution in further}
    for module in modules:
        for state in module.states.values():
            found |= {turn.at: turn.institution for turn in _turns(state) if turn.institution is not None}
    return tuple(institution for _, institution in sorted(found.items()))


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


def _info(
    scope: CompileScope, module: Module, state: State, compiler: StateCompiler, institutions: Sequence[Institution]
) -> StateInfo:
    names = [institution.name for institution in institutions]
    awaited = next((names.index(turn.at) for turn in _turns(state)), -1)
    table = scope.schema.verbs[state.record.verb] if state.record is not None else None
    return StateInfo(
        module.name, state.name, state.spot.file or module.file, state.spot.line, state.about, state.silent,
        table.name if table else None, tuple(compiler.actions.columns),
        tuple(column.refers for column in table.parents) if table else (), state.happens,
        awaited, int(compiler.await_slot), int(compiler.await_level),
    )  # fmt: skip


def _program(
    scope, modules, infos, reads, module_words, cells: int, institutions: tuple[Institution, ...]
) -> Program:
    assembler = scope.assembler
    public = sorted(scope.public)
    readers = _readers(scope, [(number, own) for number, own, _ in reads])
    relative_readers = _readers(scope, [(number, relatives) for number, _, relatives in reads])
    verb_words = [word for verb in scope.verbs for word in _verb(scope, modules, verb)]
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
        cells=cells,
        institutions=institutions,
    )


def _readers(scope: CompileScope, reads: list[tuple[int, set[int]]]) -> list[int]:
    """For each attribute the place of the list of modules that have a state which reads it."""
    return [
        scope.assembler.add_list(sorted({module for module, attributes in reads if index in attributes}))
        for index in range(len(scope.attributes))
    ]


def _verb(scope: CompileScope, modules: Sequence[Module], verb: tuple[str, str]) -> list[int]:
    module, table_name = verb
    table = scope.schema.tables[table_name]
    reason = table.by_role("end_reason")
    on_death, on_departure = -1, -1
    if reason is not None:
        codes = scope.schema.codes_of(reason)
        assert codes is not None
        on_death = codes.index(reason.on_death) if reason.on_death else -1
        on_departure = codes.index(reason.on_departure) if reason.on_departure else -1
    writer = next(number for number, one in enumerate(modules) if one.name == module)
    return [
        scope.tables.index(table_name), on_death, int(table.kills), int(table.ends), on_departure, writer,
        scope.verb_rows[verb],
    ]  # fmt: skip


def _module_info(scope: CompileScope, module: Module) -> ModuleInfo:
    first = scope.state_numbers[(module.name, next(iter(module.states)))]
    return ModuleInfo(
        module.name, module.file, first, len(module.states), module.in_force, module.law,
        {name: assumption.why for name, assumption in module.assumptions.items()},
    )  # fmt: skip

