"""A card read from its YAML file: every key checked at its place, all problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from abmsim.paths import shown
from abmsim.problems import Problem, suggestion
from abmsim.stats.card import AFTER, CELLS, COUNTING_RULES, UNITS, VERIFIED, Card, Total, Validity
from abmsim.stats.solved import RECIPE, Solved, solved_of
from abmsim.stats.target_reading import read_target
from abmsim.stats.unfilled import FILL_IN, UNFILLED_CARD, what_to_fill_in

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: slower, same result
    from yaml import SafeLoader as _Loader

REQUIRED = ("title", "publisher", "period", "unit", "by", "values", "counting_rule", "licence", "verified", "sha256")
OPTIONAL = (
    "table_id", "url", "why", "derived", "caveats", "totals", "target", "columns", "csv", "cells", "split", "valid",
    "solved",
)  # fmt: skip
KEYS = REQUIRED + OPTIONAL


def read_card(file: Path) -> tuple[Card | None, list[Problem]]:
    """Read one card; returns (card, problems), the card None if it cannot be used at all."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return None, [Problem(shown(file), *place, "S101", f"this is no YAML: {error.problem}")]
    except UnicodeDecodeError:
        return None, [Problem(shown(file), 1, 1, "S101", "this is no UTF-8 text")]
    if not isinstance(root, yaml.MappingNode):
        return None, [Problem(shown(file), 1, 1, "S101", "a card is a map of keys", "start with `title:`")]
    return CardReading(file, root).result()


class CardReading:
    """One pass over a card's YAML, collecting problems as it goes. Scalars stay text: `0363` is no number here."""

    def __init__(self, file: Path, root: yaml.MappingNode) -> None:
        self.file = file
        self.root = root
        self.problems: list[Problem] = []
        self.nodes = dict(self.pairs(root))
        self.lines = {key: (node.start_mark.line + 1, node.start_mark.column + 1) for key, node in self.nodes.items()}

    def tell(self, node: yaml.Node | None, code: str, text: str, hint: str = "") -> None:
        line, column = (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)
        self.problems.append(Problem(shown(self.file), line, column, code, text, hint))

    def pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                self.tell(key, "S103", f"key '{key.value}' stands here twice", "keep one")
            else:
                seen.add(key.value)
                yield key.value, value

    def text(self, key: str) -> str:
        node = self.nodes.get(key)
        return "" if node is None else self.scalar(node, key)

    def scalar(self, node: yaml.Node, key: str) -> str:
        if isinstance(node, yaml.ScalarNode):
            return "" if node.tag.endswith(":null") else " ".join(node.value.split())
        self.tell(node, "S104", f"'{key}' is one value, not a list or map")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        node = self.nodes.get(key)
        return () if node is None else self.listed(node, key)

    def listed(self, node: yaml.Node, key: str) -> tuple[str, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.scalar(item, key) for item in node.value)
        text = self.scalar(node, key)
        return (text,) if text else ()

    def mapped(self, key: str, allowed: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, yaml.Node] | None:
        node = self.nodes.get(key)
        return None if node is None else self.submap(node, key, allowed, needed)

    def submap(
        self, node: yaml.Node, key: str, allowed: tuple[str, ...], needed: tuple[str, ...]
    ) -> dict[str, yaml.Node] | None:
        if not isinstance(node, yaml.MappingNode):
            self.tell(node, "S104", f"'{key}' is a map", f"write `{key}: {{{(needed or allowed)[0]}: ...}}`")
            return None
        found = dict(self.pairs(node))
        for name in found:
            if name not in allowed:
                self.tell(found[name], "S102", f"unknown key '{name}' in '{key}'", suggestion(name, allowed))
        missing = [name for name in needed if name not in found]
        for name in missing:
            self.tell(node, "S105", f"'{key}' lacks '{name}'", f"needed: {', '.join(needed)}")
        return None if missing else found

    def closed(self, key: str, options: tuple[str, ...], code: str) -> str:
        value = self.text(key)
        if key in self.nodes and value not in (*options, FILL_IN):
            self.tell(self.nodes[key], code, f"unknown {key} '{value}'", suggestion(value, options))
        return value

    def derived(self) -> dict[str, object] | None:
        found = self.mapped("derived", ("from", "recipe"), ("from", "recipe"))
        if found is None:
            return None
        return {"from": self.listed(found["from"], "from"), "recipe": self.scalar(found["recipe"], "recipe")}

    def totals(self) -> tuple[Total, ...]:
        node = self.nodes.get("totals")
        items = node.value if isinstance(node, yaml.SequenceNode) else [node] if node is not None else []
        return tuple(total for item in items if (total := self.total(item)) is not None)

    def total(self, node: yaml.Node) -> Total | None:
        found = self.submap(node, "totals", ("sums_to", "per", "where", "within"), ("sums_to",))
        if found is None:
            return None
        where = found.get("where")
        pairs = self.pairs(where) if isinstance(where, yaml.MappingNode) else ()
        return Total(
            sums_to=self.number(found["sums_to"]),
            per=self.listed(found["per"], "per") if "per" in found else (),
            where={name: self.scalar(value, name) for name, value in pairs},
            within=self.number(found["within"]) if "within" in found else 1e-9,
        )

    def number(self, node: yaml.Node) -> float:
        try:
            return float(self.scalar(node, "totals"))
        except ValueError:
            self.tell(node, "S104", "a total is a number")
            return 0.0

    def columns(self) -> dict[str, str]:
        node = self.nodes.get("columns")
        if not isinstance(node, yaml.MappingNode):
            return {}
        columns = {name: self.scalar(value, name) for name, value in self.pairs(node)}
        kinds = ("category", "number")
        for name, value in self.pairs(node):
            if columns[name] not in kinds:
                self.tell(value, "S104", f"column '{name}' is no '{columns[name]}'", suggestion(columns[name], kinds))
        return columns

    def split(self) -> tuple[str, tuple[str, ...]] | None:
        found = self.mapped("split", ("dimension", "labels"), ("dimension", "labels"))
        if found is None:
            return None
        return self.scalar(found["dimension"], "dimension"), self.listed(found["labels"], "labels")

    def valid(self) -> Validity | None:
        found = self.mapped("valid", ("from", "to", "after"), ("from", "to", "after"))
        if found is None:
            return None
        first, last = self.year(found["from"], "from"), self.year(found["to"], "to")
        if first > last > 0:
            self.tell(found["to"], "S113", f"'valid' ends in {last}, before it begins in {first}")
        after, forecast = found["after"], ""
        if isinstance(after, yaml.MappingNode):
            named = self.submap(after, "after", ("forecast",), ("forecast",))
            forecast = self.scalar(named["forecast"], "forecast") if named else ""
            return Validity(first, last, "forecast", forecast)
        rule = self.scalar(after, "after")
        if rule not in AFTER:
            hint = f"{' | '.join(AFTER)} | {{forecast: <statistic>}}"
            self.tell(after, "S113", f"what holds after {last or 'the last year'} is not '{rule}'", hint)
        return Validity(first, last, rule)

    def solved(self) -> Solved | None:
        node = self.nodes.get("solved")
        if node is None:
            if self.derived_by() == RECIPE:
                self.tell(self.nodes["derived"], "S114", "what was solved?", "run `abmsim calibrate`")
            return None
        try:
            return solved_of(self.plain(node))
        except ValueError as error:
            self.tell(node, "S114", str(error), "run `abmsim calibrate` again")
            return None

    def derived_by(self) -> str:
        node = self.nodes.get("derived")
        found = dict(self.pairs(node)) if isinstance(node, yaml.MappingNode) else {}
        return self.scalar(found["recipe"], "recipe") if "recipe" in found else ""

    def plain(self, node: yaml.Node) -> object:
        """The same as maps, lists and texts."""
        if isinstance(node, yaml.MappingNode):
            return {key: self.plain(value) for key, value in self.pairs(node)}
        return [self.plain(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else node.value

    def year(self, node: yaml.Node, key: str) -> int:
        text = self.scalar(node, key)
        if re.fullmatch(r"(19|20|21)\d\d", text):
            return int(text)
        self.tell(node, "S113", f"'{key}' is a year such as 2020, and '{text}' is not")
        return 0

    def check(self) -> None:
        for key, _ in self.root.value:
            if key.value not in KEYS:
                self.tell(key, "S102", f"unknown key '{key.value}'", suggestion(key.value, KEYS))
        for key in REQUIRED:
            if key not in self.nodes:
                hint = f"add `{key}: {' | '.join(VERIFIED)}`" if key == "verified" else f"add `{key}:`"
                self.tell(None, "S105", f"the card lacks '{key}'", hint)
        for key, node in self.nodes.items():
            if key in KEYS and isinstance(node, yaml.ScalarNode) and node.value == FILL_IN:
                self.tell(node, UNFILLED_CARD, f"'{key}' is still to be filled in", what_to_fill_in(key))
        verified = self.closed("verified", VERIFIED, "S106")
        if verified == "assumption" and not self.text("why"):
            self.tell(self.nodes["verified"], "S107", "an assumption without a reason", "add `why:`")
        if verified == "derived" and "derived" not in self.nodes:
            self.tell(self.nodes["verified"], "S108", "derived from what?", "add `derived: {from: [...], recipe: ...}`")
        self.closed("unit", UNITS, "S109")
        self.closed("counting_rule", COUNTING_RULES, "S110")
        if "cells" in self.nodes:
            self.closed("cells", CELLS, "S104")

    def result(self) -> tuple[Card | None, list[Problem]]:
        self.check()
        csv = self.text("csv") or f"{self.file.stem}.csv"
        card = Card(
            name=self.file.stem, title=self.text("title"), publisher=self.text("publisher"), period=self.text("period"),
            unit=self.text("unit"), by=self.texts("by"), values=self.text("values"),
            counting_rule=self.text("counting_rule"), licence=self.text("licence"), verified=self.text("verified"),
            sha256=self.text("sha256"), file=self.file, csv=self.file.parent / csv, table_id=self.text("table_id"),
            url=self.text("url"), why=self.text("why"), derived=self.derived(), caveats=self.texts("caveats"),
            totals=self.totals(), target=read_target(self), columns=self.columns(), cells=self.text("cells") or "all",
            split=self.split(), valid=self.valid(), solved=self.solved(), lines=self.lines,
        )  # fmt: skip
        unusable = any(problem.code != UNFILLED_CARD for problem in self.problems)
        return (None if unusable else card), self.problems
