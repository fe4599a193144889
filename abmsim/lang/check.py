"""All modules together: names resolved across them, every check, every problem at once.

Nothing heavy is imported here: `abmsim check` answers in a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from abmsim.expressions import NUMBER, Scope, Type
from abmsim.lang.check_graph import check_graph
from abmsim.lang.check_quantity import Checking
from abmsim.lang.check_shares import check_shares
from abmsim.lang.check_state import resolve_module
from abmsim.lang.check_statistics import check_statistics
from abmsim.lang.check_usage import usage_warnings
from abmsim.lang.codes import ATTRIBUTE_TWICE, MODULE_TWICE, UNKNOWN_LABEL, UNKNOWN_MODULE
from abmsim.lang.inline import expand_calls, stand_alone
from abmsim.lang.module import Module
from abmsim.lang.read import module_paths, read_module
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
    """

    problems: tuple[Problem, ...]
    modules: tuple[Module, ...]
    submodules: tuple[Module, ...] = ()

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


def check_all(module_roots: Sequence[Path], stats_roots: Sequence[Path]) -> CheckResult:
    """Read and check every module below the roots against the schema and the statistics of `stats_roots`."""
    try:
        schema = load_schema()
        catalogue = load_catalogue(stats_roots)
    except ProblemsFound as found:
        return CheckResult(found.problems, ())
    modules, problems = read_modules(module_roots, schema)
    checked = check_modules(modules, catalogue, schema)
    return replace(checked, problems=tuple(sorted({*problems, *checked.problems})))


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
) -> CheckResult:
    """Resolve and check modules that were read; the result's modules are in order of name.

    `municipality_codes` are the labels of `municipality_code`, by default those of the catalogue.
    """
    problems: list[Problem] = []
    codes = tuple(municipality_codes if municipality_codes is not None else catalogue_codes(catalogue))
    by_name = _by_name(modules, problems)
    told: dict[str, list[Problem]] = {name: [] for name in by_name}
    callers = {
        name: expand_calls(module, by_name, schema, told[name])
        for name, module in by_name.items() if not module.is_submodule
    }  # fmt: skip
    checks = _Checks(callers, _owners(callers, problems), catalogue, schema, codes)
    submodules: list[Module] = []
    broken_files: set[str] = set()
    for module in by_name.values():
        if module.is_submodule:
            found = told[module.name]
            _check_code_lists(module, schema, found)
            alone = expand_calls(stand_alone(module, schema), by_name, schema, found)
            submodules.append(checks.check(alone, found))
            broken_files |= {problem.file for problem in found if not problem.is_warning}
            problems += found
    resolved = []
    for module in callers.values():
        found = told[module.name]
        resolved.append(checks.check(module, found))
        problems += [problem for problem in found if problem.file == module.file or problem.file not in broken_files]
    problems += usage_warnings(tuple(by_name.values()), resolved, submodules, catalogue)
    return CheckResult(tuple(sorted(set(problems))), tuple(resolved), tuple(submodules))


@dataclass(frozen=True, slots=True)
class _Checks:
    """What the check of each module needs to know of all of them; `modules` are those that run."""

    modules: Mapping[str, Module]
    owners: Mapping[str, str]
    catalogue: Catalogue
    schema: Schema
    codes: tuple[str, ...]

    def check(self, module: Module, problems: list[Problem]) -> Module:
        """The module resolved, with what is wrong with it."""
        scope = _scope(module, self.modules, self.owners, self.catalogue, self.schema, self.codes, problems)
        checking = Checking(module, scope, self.catalogue, problems)
        resolved = resolve_module(checking, self.schema)
        checking = replace(checking, module=resolved)
        check_graph(checking, self.schema.verbs)
        check_shares(checking)
        check_statistics(checking)
        return resolved


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


def _owners(modules: Mapping[str, Module], problems: list[Problem]) -> dict[str, str]:
    """Attribute -> the module that owns it; a second owner is a problem."""
    owners: dict[str, str] = {}
    for module in modules.values():
        for name in module.attributes:
            owner = "the vocabulary" if name in VOCABULARY else owners.setdefault(name, module.name)
            if owner != module.name:
                text = f"the attribute '{name}' belongs to {owner} already"
                hint = "choose another name" + ("" if name in VOCABULARY else f", or read it: `uses: [{owner}]`")
                problems.append(module.problem(module.attribute_spots[name], ATTRIBUTE_TWICE, text, hint))
    return owners


def _scope(
    module: Module, modules: Mapping[str, Module], owners: Mapping[str, str], catalogue: Catalogue, schema: Schema,
    codes: tuple[str, ...], problems: list[Problem],
) -> Scope:  # fmt: skip
    """What the expressions of one module may name."""
    attributes: dict[str, Attribute] = {}
    for used, spot in zip(module.uses, module.uses_spots, strict=False):
        if used in modules:
            attributes |= modules[used].attributes
        else:
            hint = suggestion(used, set(modules) - {module.name}, "modules")
            problems.append(module.problem(spot, UNKNOWN_MODULE, f"there is no module '{used}'", hint))
    attributes |= {**module.attributes, **VOCABULARY}
    return Scope(
        attributes=attributes,
        statistics=catalogue.cards.keys(),
        assumptions=module.assumptions.keys(),
        verbs={verb: table.by_role("planned_end") is not None for verb, table in schema.verbs.items()},
        schedule=_schedule_columns(module, catalogue, problems),
        parameters=(module.parameters or {}).keys(),
        elsewhere={name: owner for name, owner in owners.items() if name not in attributes},
        labels={"municipality_code": codes},
    )


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
