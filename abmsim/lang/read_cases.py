"""Test files -> cases: `*.test.yaml` with places, every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from abmsim.days import DAYS_PER_UNIT, add_months
from abmsim.expressions import number
from abmsim.lang.cases import Case, Forced, module_of
from abmsim.lang.codes import EXITS_AND_NEXT, OUT_OF_RANGE, UNKNOWN_MODULE, WRONG_MODULE_NAME
from abmsim.lang.module import Module, Quantity
from abmsim.lang.read_expect import Asking, read_expectation
from abmsim.lang.read_given import Known, read_given
from abmsim.lang.read_quantity import duration_text, spot
from abmsim.problems import Problem, suggestion
from abmsim.schema.schema import Schema
from abmsim.vocabulary import BASE_DATE, VOCABULARY
from abmsim.yamlfile import MISSING_KEY, WRONG_KIND, Node, read_yaml

SETTING = ("given", "begin", "from", "draw")
TEST_KEYS = ("name", "about", *SETTING, "cohort", "run", "expect", "cases")
LINE_KEYS = ("name", *SETTING, "run", "expect")
_BEGINNINGS = ("birth", "base_date")
_LARGEST_COHORT = 1_000_000


def read_cases(
    path: Path, modules: Mapping[str, Module], schema: Schema, municipality_codes: Sequence[str]
) -> tuple[list[Case], list[Problem]]:
    """The cases of one test file, and its problems; `modules` are all modules by name, resolved."""
    root, problems = read_yaml(path)
    if root is None:
        return [], problems
    found = root.fields("the test file", ("module", "tests"), ("module", "tests"), "module: wmo/name")
    if "module" not in found or "tests" not in found:
        return [], problems
    name = found["module"].string("module")
    if name not in modules:
        found["module"].tell(UNKNOWN_MODULE, f"there is no module '{name}'", suggestion(name, modules, "modules"))
        return [], problems
    if name.rsplit("/")[-1] != module_of(path):
        hint = f"tests of {name} stand beside it"
        found["module"].tell(WRONG_MODULE_NAME, f"these are tests of '{module_of(path)}'", hint)
    asking = Asking(modules[name], schema, Known(_attributes(modules[name], modules), municipality_codes))
    cases = [case for test in found["tests"].listed("'tests'") for case in _cases(test, asking)]
    return cases, problems


def _attributes(module: Module, modules: Mapping[str, Module]):
    used = [modules[name] for name in module.uses if name in modules]
    attributes = dict(VOCABULARY)
    for owner in (module, *used):
        attributes |= owner.attributes
    return attributes


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the levels of a test say (of the test, of its cohort, of one line of its table), the later the stronger."""

    levels: tuple[dict[str, Node], ...]

    def all(self, key: str) -> list[Node]:
        return [level[key] for level in self.levels if key in level]

    def last(self, key: str) -> Node | None:
        found = self.all(key)
        return found[-1] if found else None


def _cases(test: Node, asking: Asking) -> list[Case]:
    found = test.fields("a test", TEST_KEYS, ("name",), "{name: ..., given: {...}, run: 1 year, expect: {...}}")
    cohort = found.get("cohort")
    if "cases" not in found:
        levels = [found]
        if cohort is not None and cohort.kind == "mapping":
            levels.append(cohort.fields("'cohort'", ("size", *SETTING), ("size",), "cohort: {size: 4000, given: {}}"))
        return [_case(test, _Setting(tuple(levels)), asking, _name(found))]
    lines = found["cases"].listed("'cases'")
    if cohort is not None:
        cohort.tell(WRONG_KIND, "the lines of a table are single residents", "write the cohort as a test of its own")
    cases = []
    for position, line in enumerate(lines, start=1):
        said = line.fields("a line", LINE_KEYS, (), "{given: {age: 17}, expect: {last: name}}")
        name = _name(said) or _shown(said.get("given")) or str(position)
        cases.append(_case(line, _Setting((found, said)), asking, f"{_name(found)}: {name}"))
    return cases


def _name(found: Mapping[str, Node]) -> str:
    return found["name"].string("a name") if "name" in found else ""


def _shown(node: Node | None) -> str:
    """`age 17, sex male`: what tells a line of a table from the others."""
    if node is None or node.kind != "mapping":
        return ""
    return ", ".join(f"{key.text} {value.text}" for key, value in node.entries if value.kind == "scalar")


def _case(node: Node, setting: _Setting, asking: Asking, name: str) -> Case:
    begin, beginning = setting.last("begin"), setting.last("from")
    size = _cohort_size(setting)
    return Case(
        name=name,
        file=node.file,
        spot=spot(node),
        module=asking.module.name,
        given=read_given(setting.all("given"), asking.known),
        begin=asking.state(begin) if begin is not None else asking.module.start,
        from_birth=beginning is not None and beginning.choice("beginning", _BEGINNINGS) == "birth",
        draw=_draws(setting.all("draw"), asking),
        until=_until(node, setting.last("run")),
        cohort=size,
        expect=_expectation(node, setting, asking, size > 1),
    )


def _cohort_size(setting: _Setting) -> int:
    node = setting.last("size") or setting.last("cohort")
    if node is None or node.kind == "mapping":
        return 1
    size = node.number("the size of a cohort")
    if size != int(size) or not 2 <= size <= _LARGEST_COHORT:
        node.tell(OUT_OF_RANGE, f"a cohort has 2 to {_LARGEST_COHORT} residents")
        return 2
    return int(size)


def _expectation(node: Node, setting: _Setting, asking: Asking, cohort: bool):
    expect = setting.last("expect")
    if expect is None:
        node.tell(MISSING_KEY, "the test expects nothing", "add `expect: ...`")
        expect = node
    return read_expectation(expect, asking, cohort)


def _until(node: Node, run: Node | None) -> int:
    """The first day that is not run."""
    if run is None:
        node.tell(MISSING_KEY, "the test does not say how long it runs", "add `run: 1 year`")
        return BASE_DATE + 1
    length, unit = _exact(run)
    if unit in ("month", "year") and length == int(length):
        return add_months(BASE_DATE, int(length) * (12 if unit == "year" else 1))
    return BASE_DATE + round(length * DAYS_PER_UNIT[unit])


def _exact(node: Node) -> tuple[float, str]:
    duration = duration_text(node)
    if duration is None or duration[0] != duration[1]:
        node.tell(WRONG_KIND, f"'{node.text}' is no exact duration", "write 3 months, in days, weeks, months or years")
        return 1.0, "day"
    return duration[0], duration[2]


def _draws(nodes: Sequence[Node], asking: Asking) -> tuple[Forced, ...]:
    forced: dict[str, Forced] = {}
    for node in nodes:
        if node.expect("mapping", "'draw'", "draw: {state: {to: other, after: 3 months}}"):
            for key, value in node.entries:
                state = asking.state(key)
                if state:
                    forced[state] = _forced(state, value, asking)
    return tuple(forced.values())


def _forced(state: str, node: Node, asking: Asking) -> Forced:
    found = node.fields(f"what chance does in '{state}'", ("to", "after"), (), "{to: other, after: 3 months}")
    after = None
    if "after" in found:
        if any(exit_.kind == "schedule" for exit_ in asking.module.states[state].exits):
            found["after"].tell(WRONG_KIND, f"'{state}' waits for a schedule, which is not chance", "leave `after` out")
        length, unit = (1000.0, "year") if found["after"].text == "never" else _exact(found["after"])
        after = Quantity("exact", (number(length),), unit, "draw", spot(found["after"]))
    to = found["to"].string("to") if "to" in found else ""
    targets = {name for way in asking.module.states[state].next.values() for name, _ in way.targets()}
    if to and to not in targets:
        hint = suggestion(to, targets, "targets")
        found["to"].tell(EXITS_AND_NEXT, f"no way leads from '{state}' to '{to}'", hint)
    return Forced(state, to, after, spot(node))
