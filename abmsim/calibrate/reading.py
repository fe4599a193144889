"""Blocks read from their YAML files, every key at its place; what they name is checked in `checking`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from abmsim.calibrate.block import Block, Figure, RunSetting, Unknown
from abmsim.days import day_date
from abmsim.paths import CALIBRATION_FOLDER, statistics_roots
from abmsim.problems import Problem
from abmsim.yamlfile import MISSING_KEY, WRONG_KIND, Node, read_yaml

WRONG_FILE_NAME, WRONG_BRACKET, WRONG_TOLERANCE, WRONG_RUN = "C201", "C202", "C203", "C204"

BLOCK_KEYS = ("calibrate", "about", "run", "solve")
RUN_KEYS = ("place", "residents", "seeds", "from", "to", "modules")
UNKNOWN_KEYS = ("about", "multiplies", "sets", "where", "between", "target", "falls", "tolerance")
LARGEST_TOLERANCE = 0.5
"""Who is content with more has no target."""


def block_files() -> list[Path]:
    """The files of all blocks by name; a project's own goes before the shipped one of its name."""
    files: dict[str, Path] = {}
    for root in reversed(statistics_roots()):
        files |= {file.stem: file for file in (root / CALIBRATION_FOLDER).glob("*.yaml")}
    return [files[name] for name in sorted(files)]


def read_blocks(files: list[Path] | None = None) -> tuple[list[Block], list[Problem]]:
    """The blocks of these files (all if none is given) that can be read, and all problems of reading."""
    problems: list[Problem] = []
    blocks = []
    for file in block_files() if files is None else files:
        root, _ = read_yaml(file, problems=problems)
        before = len(problems)
        block = _block(root, file) if root is not None else None
        if block is not None and len(problems) == before:
            blocks.append(block)
    return blocks, problems


def _block(root: Node, file: Path) -> Block | None:
    fields = root.fields("a block", BLOCK_KEYS, BLOCK_KEYS, "calibrate: household_help")
    if not all(key in fields for key in BLOCK_KEYS):
        return None
    name = fields["calibrate"].string("calibrate")
    if name != file.stem:
        fields["calibrate"].tell(WRONG_FILE_NAME, f"the block '{name}' stands in {file.name}", f"say `{file.stem}`")
    run = _run(fields["run"])
    unknowns = tuple(_unknowns(fields["solve"]))
    if run is None:
        return None
    return Block(name, fields["about"].string("about"), run[0], run[1], unknowns, file)


def _run(node: Node) -> tuple[RunSetting, tuple[str, ...]] | None:
    fields = node.fields("run", RUN_KEYS, RUN_KEYS, "run: {place: Nederland, residents: 100000, ...}")
    if len(fields) < len(RUN_KEYS):
        return None
    residents = _whole(fields["residents"], "residents", 1)
    seeds = tuple(_whole(item, "a seed", 0) for item in fields["seeds"].listed("seeds"))
    if fields["seeds"].kind == "sequence" and not seeds:
        fields["seeds"].tell(MISSING_KEY, "'seeds' is empty", "write `seeds: [1, 2]`")
    if len(set(seeds)) < len(seeds):
        fields["seeds"].tell(WRONG_RUN, "a seed stands here twice", "another seed is another town")
    from_date, to_date = _date(fields["from"], "from"), _date(fields["to"], "to")
    if from_date and to_date and not from_date < to_date:
        fields["to"].tell(WRONG_RUN, f"the run ends on {to_date}, not after it begins")
    modules = tuple(item.string("a module") for item in fields["modules"].listed("modules"))
    if from_date is None or to_date is None:
        return None
    return RunSetting(fields["place"].string("place"), residents, seeds, from_date, to_date), modules


def _date(node: Node, what: str) -> date | None:
    day = node.day(what)
    return None if day is None else day_date(day)


def _whole(node: Node, what: str, least: int) -> int:
    number = node.number(what)
    if number != int(number) or number < least:
        node.tell(WRONG_RUN, f"{what} is a whole number from {least} on, not '{node.text}'")
    return int(number)


def _unknowns(node: Node) -> list[Unknown]:
    if not node.expect("mapping", "solve", "solve: {name_of_the_unknown: {multiplies: ...}}"):
        return []
    if not node.entries:
        node.tell(MISSING_KEY, "nothing to solve", "name an unknown")
    found = [_unknown(key, value) for key, value in node.entries]
    return [unknown for unknown in found if unknown is not None]


def _unknown(key: Node, node: Node) -> Unknown | None:
    needed = ("about", "between", "target", "tolerance")
    fields = node.fields(f"the unknown '{key.text}'", UNKNOWN_KEYS, needed, "multiplies: ...")
    given = [name for name in ("multiplies", "sets") if name in fields]
    if fields and len(given) != 1:
        hint = "`multiplies: STATISTIC` for a factor, `sets: STATISTIC` for a level"
        key.tell(MISSING_KEY, f"the unknown '{key.text}' has one of multiplies and sets", hint)
    if len(given) != 1 or not all(name in fields for name in needed):
        return None
    between = _why(fields["between"], "between", "between: {is: [0.2, 5], why: ...}")
    tolerance = _why(fields["tolerance"], "tolerance", "tolerance: {is: 0.01, why: ...}")
    figure = _figure(fields["target"])
    if between is None or tolerance is None or figure is None:
        return None
    return Unknown(
        name=key.text,
        about=fields["about"].string("about"),
        statistic=fields[given[0]].string(given[0]),
        where=_where(fields["where"]) if "where" in fields else {},
        is_level=given == ["sets"],
        between=_bracket(between[0]),
        between_why=between[1],
        figure=figure,
        falls="falls" in fields and fields["falls"].flag("falls"),
        tolerance=_tolerance(tolerance[0]),
        tolerance_why=tolerance[1],
        line=key.line,
        column=key.column,
    )


def _why(node: Node, what: str, example: str) -> tuple[Node, str] | None:
    """A value and its reason."""
    fields = node.fields(what, ("is", "why"), ("is", "why"), example)
    return (fields["is"], fields["why"].string("why")) if len(fields) == 2 else None


def _bracket(node: Node) -> tuple[float, float]:
    items = node.listed("between")
    if len(items) != 2:
        if node.kind == "sequence":
            node.tell(WRONG_BRACKET, f"a bracket has two ends, not {len(items)}", "write `is: [0.2, 5]`")
        return 1.0, 1.0
    low, high = (item.number("an end of the bracket") for item in items)
    if not 0 < low < high:
        node.tell(WRONG_BRACKET, f"a bracket goes up from a number above zero, and {low:g} to {high:g} does not")
    return low, high


def _tolerance(node: Node) -> float:
    number = node.number("tolerance")
    if not 0 < number <= LARGEST_TOLERANCE:
        node.tell(WRONG_TOLERANCE, f"a tolerance is a part of the figure up to {LARGEST_TOLERANCE:g}", "0.01 is 1 %")
    return number


def _where(node: Node) -> dict[str, tuple[str, ...]]:
    if not node.expect("mapping", "where", "where: {age: 75-84}"):
        return {}
    return {key.text: _labels(value, key.text) for key, value in node.entries}


def _labels(node: Node, what: str) -> tuple[str, ...]:
    return tuple(item.string(what) for item in (node.items if node.kind == "sequence" else (node,)))


def _figure(node: Node) -> Figure | None:
    keys = ("statistic", "label", "labels")
    fields = node.fields("target", keys, ("statistic",), "target: {statistic: ..., label: ...}")
    given = [name for name in ("label", "labels") if name in fields]
    if fields and len(given) != 1:
        node.tell(MISSING_KEY, "a target has one of label and labels", "`labels: [a, b]` are added up")
    if "statistic" not in fields or len(given) != 1:
        return None
    labels = fields[given[0]]
    if given == ["labels"] and labels.kind != "sequence":
        labels.tell(WRONG_KIND, "labels is a list", "write `labels: [a, b]`")
        return None
    return Figure(fields["statistic"].string("statistic"), _labels(labels, "label"))
