"""`expect:` of a test: the path, the attributes, the records and the shares that must come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from abmsim.days import NEVER
from abmsim.lang.cases import Expectation, ExpectedRecords, ExpectedShare, Step
from abmsim.lang.codes import MISSING_KEY, OUT_OF_RANGE, UNKNOWN_COLUMN, UNKNOWN_NAME, UNKNOWN_TARGET, UNKNOWN_VERB
from abmsim.lang.module import Module
from abmsim.lang.read_given import Known, read_value
from abmsim.lang.read_quantity import spot
from abmsim.problems import suggestion
from abmsim.schema.schema import Schema
from abmsim.yamlfile import NOT_AN_OPTION, WRONG_KIND, Node

KEYS = ("path", "last", "attributes", "records", "share", "is")
_SHARES = ("ever", "last")
NOTHING = "null"
"""How a test writes that a column is empty."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The module that a test is about, and what can be asked of it."""

    module: Module
    schema: Schema
    known: Known

    def state(self, node: Node) -> str:
        """A state of the module; "" after a problem."""
        name = node.string("a state")
        if node.kind == "scalar" and name not in self.module.states:
            hint = suggestion(name, self.module.states, "states")
            node.tell(UNKNOWN_TARGET, f"{self.module.name} has no state '{name}'", hint)
            return ""
        return name


def read_expectation(node: Node, asking: Asking, cohort: bool) -> Expectation:
    """What a test expects; `share` belongs to a cohort, the rest to one resident."""
    found = node.fields("'expect'", KEYS, (), "expect: {last: name}")
    for key in found:
        if (key in ("share", "is")) != cohort:
            kind = "a cohort" if cohort else "one resident"
            hint = "expect: {share: {ever: name}, is: 0.5}" if cohort else "path, last, attributes or records"
            found[key].tell(NOT_AN_OPTION, f"'{key}' says nothing of {kind}", hint)
    if not found:
        node.tell(MISSING_KEY, "the test expects nothing", "add path, last, attributes, records or share")
    return Expectation(
        spot(node),
        path=tuple(_step(item, asking) for item in found["path"].listed("a path")) if "path" in found else None,
        last=asking.state(found["last"]) if "last" in found else "",
        attributes=_attributes(found["attributes"], asking) if "attributes" in found else None,
        records=_records(found["records"], asking.schema) if "records" in found else None,
        share=_share(node, found, asking) if cohort else None,
    )


def _step(node: Node, asking: Asking) -> Step:
    """`name`, or `{name: 2020-04-01}`."""
    if node.kind == "mapping" and len(node.entries) == 1:
        key, value = node.entries[0]
        return Step(asking.state(key), value.day(f"the day of '{key.text}'"))
    return Step(asking.state(node), None)


def _attributes(node: Node, asking: Asking) -> dict[str, float]:
    values = {}
    if node.expect("mapping", "'attributes'", "attributes: {has_help: true}"):
        for key, value in node.entries:
            attribute = asking.known.attributes.get(key.text)
            if attribute is None or attribute.computed:
                hint = suggestion(key.text, asking.known.attributes)
                key.tell(UNKNOWN_NAME, f"a resident has no stored attribute '{key.text}'", hint)
            else:
                values[key.text] = read_value(value, attribute, asking.known)
    return values


def _records(node: Node, schema: Schema) -> dict[str, ExpectedRecords]:
    records = {}
    if node.expect("mapping", "'records'", "records: {wmo_request: 1}"):
        for key, value in node.entries:
            if key.text not in schema.verbs:
                hint = suggestion(key.text, schema.verbs, "verbs")
                key.tell(UNKNOWN_VERB, f"no table has the verb '{key.text}'", hint)
            elif value.kind == "sequence":
                rows = tuple(_row(item, key.text, schema) for item in value.items)
                records[key.text] = ExpectedRecords(len(rows), rows)
            else:
                records[key.text] = ExpectedRecords(_count(value))
    return records


def _count(node: Node) -> int:
    value = node.number("how many records there are")
    if value < 0 or value != int(value):
        node.tell(OUT_OF_RANGE, "a number of records is a whole number")
    return int(value)


def _row(node: Node, verb: str, schema: Schema) -> Mapping[str, str]:
    """Columns of one row as text: labels, dates, true, false, numbers, null."""
    columns = [column.name for column in schema.verbs[verb].columns if column.type not in ("id", "ref")]
    row = {}
    if node.expect("mapping", f"a row of '{verb}'", "- {product: household_help}"):
        for key, value in node.entries:
            if key.text not in columns:
                hint = suggestion(key.text, columns, "columns")
                key.tell(UNKNOWN_COLUMN, f"'{verb}' has no column '{key.text}'", hint)
            else:
                row[key.text] = NOTHING if value.is_null else value.string("a column")
    return row


def _share(node: Node, found: Mapping[str, Node], asking: Asking) -> ExpectedShare | None:
    if "share" not in found or "is" not in found:
        node.tell(MISSING_KEY, "a cohort has an expected share", "expect: {share: {ever: name}, is: 0.5}")
        return None
    fields = found["share"].fields("'share'", _SHARES, (), "share: {ever: name}")
    if len(fields) != 1:
        found["share"].tell(WRONG_KIND, "a share is that of one state", "write {ever: name} or {last: name}")
        return None
    share = found["is"].number("the expected share")
    if not 0.0 <= share <= 1.0:
        found["is"].tell(OUT_OF_RANGE, "a share lies between 0 and 1")
    kind, state = next(iter(fields.items()))
    return ExpectedShare(kind, asking.state(state), share)


def day_text(day: int) -> str:
    """A day number as tests write it."""
    from abmsim.days import day_date

    return NOTHING if day == NEVER else day_date(day).isoformat()
