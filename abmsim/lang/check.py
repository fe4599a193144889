"""All modules together: names resolved across them, every check, every problem at once.

Nothing heavy is imported here: `abmsim check` answers in a fraction of a second.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from abmsim.expressions import NUMBER, Expression, Scope, Type
from abmsim.lang.check_graph import check_graph
from abmsim.lang.check_institution import Institutions, read_institutions
from abmsim.lang.check_quantity import Checking
from abmsim.lang.check_shares import check_shares
from abmsim.lang.check_state import resolve_module
from abmsim.lang.check_statistics import check_statistics
from abmsim.lang.check_usage import names_read, unused_assumptions
from abmsim.lang.codes import FOLLOWS_UNREAD, MODULE_TWICE, UNKNOWN_LABEL, UNKNOWN_MODULE
from abmsim.lang.inline import expand_calls, stand_alone
from abmsim.lang.institution import Institution
from abmsim.lang.module import Module
from abmsim.lang.read import read_module
from abmsim.lang.together import Interface, Summary, owners, problems_together
from abmsim.lang.walk import expressions_in
from abmsim.paths import institution_files, module_paths
from abmsim.problems import Problem, ProblemsFound, suggestion
from abmsim.schema.schema import Schema, load_schema
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.catalogue import load as load_catalogue
from abmsim.vocabulary import VOCABULARY, Attribute

MUNICIPALITIES = "municipalities_2020"
"""The statistic that names the municipalities of the base date."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The problems of all modules in order of place, and the resolved modules in order of name.

    The modules are fit for the compiler only if there are no `errors`. They hold the states of the submodules that they
    call; `submodules` are these by themselves, with something in the place of each parameter, for pictures.
    `summaries` are of all of them. `institutions` are those that modules may await, in order of name, and
    `of_institutions` the problems that are theirs.
    """

    problems: tuple[Problem, ...]
    modules: tuple[Module, ...]
    submodules: tuple[Module, ...] = ()
    summaries: tuple[Summary, ...] = ()
    institutions: tuple[Institution, ...] = ()
    of_institutions: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if not problem.is_warning)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_warning)

    def raise_errors(self) -> None:
        """Raises ProblemsFound if there is an error; warnings do not count."""
        if self.errors:
            raise ProblemsFound(self.errors)


def check_all(
    module_roots: Sequence[Path], stats_roots: Sequence[Path], institution_roots: Sequence[Path] = ()
) -> CheckResult:
    """Read and check every module below the roots against the schema, the statistics and the institutions."""
    try:
        schema = load_schema()
        catalogue = load_catalogue(stats_roots)
    except ProblemsFound as found:
        return CheckResult(found.problems, ())
    modules, problems = read_modules(module_roots, schema)
    institutions, found = read_institutions(institution_files(institution_roots).values(), catalogue)
    checked = check_modules(modules, catalogue, schema, institutions=institutions)
    return with_problems(checked, problems, found)


def with_problems(
    checked: CheckResult, of_reading: Iterable[Problem], of_institutions: Iterable[Problem]
) -> CheckResult:
    """The result with the problems of reading modules and those of institutions."""
    of_institutions = tuple(of_institutions)
    problems = {*of_reading, *of_institutions, *checked.problems}
    return replace(checked, problems=tuple(sorted(problems)), of_institutions=of_institutions)


def read_modules(roots: Sequence[Path], schema: Schema) -> tuple[list[Module], list[Problem]]:
    """Every module below the roots, not yet resolved, with the problems of reading."""
    modules: list[Module] = []
    problems: list[Problem] = []
    for path, root in module_paths(roots):
        module, found = read_module(path, root, schema.verbs)
        problems += found
        if module is not None:
            modules.append(module)
    return modules, problems


def check_modules(
    modules: Sequence[Module],
    catalogue: Catalogue,
    schema: Schema,
    municipality_codes: Sequence[str] | None = None,
    known: Sequence[Summary] = (),
    institutions: Institutions | None = None,
) -> CheckResult:
    """Resolve and check modules that were read; the result's modules are in order of name.

    `municipality_codes` are the labels of `municipality_code`, by default those of the catalogue. `known` are summaries
    of further modules, which are not checked again; a submodule that one of `modules` calls is not among them.
    `institutions` are those that the modules may await.
    """
    problems: list[Problem] = []
    codes = tuple(municipality_codes if municipality_codes is not None else catalogue_codes(catalogue))
    by_name = _by_name(modules, problems)
    told: dict[str, list[Problem]] = {name: [] for name in by_name}
    submodules = {one.interface.name for one in known if one.interface.is_submodule}
    expanded = {
        name: expand_calls(
            stand_alone(module, schema) if module.is_submodule else module, by_name, schema, told[name], submodules
        )
        for name, module in by_name.items()
    }
    interfaces = {name: _interface(module, by_name) for name, module in expanded.items()}
    interfaces |= {one.interface.name: one.interface for one in known}
    running = {name: one for name, one in sorted(interfaces.items()) if not one.is_submodule}
    checks = _Checks(running, owners(running.values())[0], catalogue, schema, codes, institutions or {})
    resolved: dict[str, Module] = {}
    summaries = list(known)
    for name, module in expanded.items():
        found = told[name]
        if module.is_submodule:
            _check_code_lists(module, schema, found)
        resolved[name], nodes = checks.check(module, found)
        reads = names_read(nodes, catalogue.cards)
        found += unused_assumptions(by_name[name]) if reads is not None else ()
        uses = frozenset(module.uses) & running.keys()
        made_of = uses.union({name}, interfaces[name].calls, *(running[used].calls for used in uses))
        summaries.append(Summary(interfaces[name], made_of, tuple(found), reads))
    problems += problems_together(summaries)
    return CheckResult(
        tuple(sorted(set(problems))),
        tuple(module for module in resolved.values() if not module.is_submodule),
        tuple(module for module in resolved.values() if module.is_submodule),
        tuple(summaries),
        tuple(one for one in (institutions or {}).values() if one is not None),
    )


def _interface(module: Module, modules: Mapping[str, Module]) -> Interface:
    """What others may know of a module whose calls are expanded; `modules` are all as they were read."""
    places = {
        name: (spot.file or module.file, spot.line, spot.column) for name, spot in module.attribute_spots.items()
    }
    calls: set[str] = set()
    waiting = [module.name]
    while waiting:
        states = modules[waiting.pop()].states.values()
        new = {state.call.module for state in states if state.call} - calls
        calls |= new
        waiting += new & modules.keys()
    return Interface(
        module.name, module.path, module.file, module.is_submodule, frozenset(calls), module.attributes, places
    )


@dataclass(frozen=True, slots=True)
class _Checks:
    """What the check of each module needs to know of all of them; `running` are those that run."""

    running: Mapping[str, Interface]
    owners: Mapping[str, str]
    catalogue: Catalogue
    schema: Schema
    codes: tuple[str, ...]
    institutions: Institutions

    def check(self, module: Module, problems: list[Problem]) -> tuple[Module, list[Expression]]:
        """The module resolved, with what is wrong with it; and all nodes of its expressions."""
        checking = Checking(module, self.scope(module, problems), self.catalogue, problems, self.institutions)
        resolved = resolve_module(checking, self.schema)
        checking = replace(checking, module=resolved)
        of_states = {name: expressions_in(state) for name, state in resolved.states.items()}
        nodes = [*expressions_in(resolved.assumptions), *itertools.chain.from_iterable(of_states.values())]
        check_graph(checking, self.schema.verbs, of_states)
        check_shares(checking)
        check_statistics(checking, nodes)
        _tell_arguments_once(checking)
        return resolved, nodes

    def scope(self, module: Module, problems: list[Problem]) -> Scope:
        """What the expressions of a module may name."""
        attributes: dict[str, Attribute] = {}
        for used, spot in zip(module.uses, module.uses_spots, strict=False):
            if used in self.running:
                attributes |= self.running[used].attributes
            else:
                hint = suggestion(used, set(self.running) - {module.name}, "modules")
                problems.append(module.problem(spot, UNKNOWN_MODULE, f"there is no module '{used}'", hint))
        if module.follows and module.follows not in module.uses:
            hint = suggestion(module.follows, module.uses, "modules under `uses`")
            text = f"'{module.follows}' is not listed under `uses`"
            problems.append(module.problem(module.follows_spot, FOLLOWS_UNREAD, text, hint))
        attributes |= {**module.attributes, **VOCABULARY}
        return Scope(
            attributes=attributes,
            statistics=self.catalogue.cards.keys(),
            assumptions=module.assumptions.keys(),
            verbs={verb: table.by_role("planned_end") is not None for verb, table in self.schema.verbs.items()},
            schedule=_schedule_columns(module, self.catalogue, problems),
            parameters=(module.parameters or {}).keys(),
            elsewhere={name: owner for name, owner in self.owners.items() if name not in attributes},
            labels={"municipality_code": self.codes},
            renamed=module.renamed,
        )

def _tell_arguments_once(checking: Checking) -> None:
    """Drop what follows from a wrong argument: problems at its place, and in the submodules' files."""
    if checking.of_arguments:
        told = set(checking.of_arguments)
        places = {(problem.file, problem.line, problem.column) for problem in told}
        files = {state.spot.file for state in checking.module.states.values()} - {""}
        checking.problems[:] = [
            problem for problem in checking.problems
            if problem in told
            or (problem.file not in files and (problem.file, problem.line, problem.column) not in places)
        ]  # fmt: skip


def _check_code_lists(module: Module, schema: Schema, problems: list[Problem]) -> None:
    for parameter in (module.parameters or {}).values():
        if parameter.codes and parameter.codes not in schema.codes:
            hint = suggestion(parameter.codes, schema.codes, "code lists")
            text = f"there is no code list '{parameter.codes}'"
            problems.append(module.problem(parameter.spot, UNKNOWN_LABEL, text, hint))


def catalogue_codes(catalogue: Catalogue) -> tuple[str, ...]:
    """The codes of the 355 municipalities, sorted: the labels of a resident's `municipality_code`."""
    if MUNICIPALITIES not in catalogue.cards:
        return ()
    return tuple(sorted({row["municipality_code"] for row in catalogue.rows(MUNICIPALITIES)}))


def _by_name(modules: Sequence[Module], problems: list[Problem]) -> dict[str, Module]:
    by_name: dict[str, Module] = {}
    for module in sorted(modules, key=lambda module: module.name):
        first = by_name.setdefault(module.name, module)
        if first is not module:
            text = f"a module '{module.name}' exists already: {first.file}"
            problems.append(module.problem(module.spot, MODULE_TWICE, text, "rename one of the two"))
    return by_name


def _schedule_columns(module: Module, catalogue: Catalogue, problems: list[Problem]) -> dict[str, Type]:
    """The payload columns of the schedules that the module waits for."""
    columns: dict[str, Type] = {}
    names = {exit_.schedule for state in module.states.values() for exit_ in state.exits if exit_.schedule}
    for name in sorted(names & catalogue.cards.keys()):
        try:
            rows = catalogue.rows(name)
        except ProblemsFound as found:
            problems += found.problems
            continue
        for column, kind in catalogue.cards[name].columns.items():
            labels = tuple(dict.fromkeys(row.get(column, "") for row in rows))
            columns[column] = Type("category", labels) if kind == "category" else NUMBER
    return columns
