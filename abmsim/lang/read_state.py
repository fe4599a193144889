"""One state from YAML: what entering it does, its time, and where it leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from abmsim.lang.codes import FINAL_AND_MORE, NOT_AN_OPTION, NOT_IN_A_CALL, UNKNOWN_KEY
from abmsim.lang.happenings import HAPPENINGS
from abmsim.lang.module import Argument, Branch, Call, Closing, ColumnValue, Exit, Record, Setting, State
from abmsim.lang.read_distribution import NUMBER_DISTRIBUTIONS, WRITTEN_DISTRIBUTIONS, read_number_distribution
from abmsim.lang.read_exits import EXIT_KEYS, HAZARD_KEYS, TIMES, is_race, read_exits, read_race
from abmsim.lang.read_next import CONDITION_KEYS, read_next, read_results, read_shares
from abmsim.lang.read_quantity import read_quantity
from abmsim.lang.reading import duration_text, read_expression, spot
from abmsim.problems import nearest
from abmsim.yamlfile import Node

__all__ = ["CONDITION_KEYS", "EXIT_KEYS", "HAZARD_KEYS", "STATE_KEYS", "TIMES", "read_state"]

STATE_KEYS = (
    "about", "silent", "final", "end", "set", "happens", "call", "with", *TIMES, "schedule_over", "term", "next",
)  # fmt: skip


def read_state(key: Node, node: Node, verbs: Collection[str] | None) -> State:
    """The state under one key of `states`; `verbs` are the record verbs (None: every unknown key may be one)."""
    name, what = key.text, f"state '{key.text}'"
    if not node.expect("mapping", what, "{wait: assume.x, next: name}"):
        return State(name, spot(key), final=True)
    found = {entry.text: value for entry, value in node.entries}
    exits, branches = _ways(found)
    over = found.get("schedule_over")
    return State(
        name=name,
        spot=spot(key),
        about=found["about"].string("about") if "about" in found else "",
        silent=found["silent"].flag("silent") if "silent" in found else False,
        final=found["final"].flag("final") if "final" in found else False,
        closings=_closings(found["end"]) if "end" in found else (),
        record=_record(node, what, verbs),
        settings=_settings(found["set"]) if "set" in found else (),
        exits=exits,
        term=read_quantity(found["term"], "a term") if "term" in found else None,
        next=branches,
        schedule_over=over.string("schedule_over") if over else "",
        schedule_over_spot=spot(over) if over else None,
        call=_call(found),
        happens=_happening(found["happens"]) if "happens" in found else "",
        happens_spot=spot(found["happens"]) if "happens" in found else None,
    )


def _happening(node: Node) -> str:
    """A kind of `HAPPENINGS`; "" after a problem."""
    kind = node.string("happens")
    if node.kind != "scalar" or kind in HAPPENINGS:
        return kind
    close = nearest(kind, HAPPENINGS, most=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    node.tell(NOT_AN_OPTION, f"nothing that happens is called '{kind}'", f"{hint}valid: {', '.join(HAPPENINGS)}")
    return ""


def _ways(found: Mapping[str, Node]) -> tuple[tuple[Exit, ...], dict[str, Branch]]:
    """How the time in a state ends, and where that leads."""
    exits, after = read_exits(found), found.get("next")
    if after is None:
        return exits, {}
    if "call" in found:
        return exits, read_results(after)
    named = [exit_.name for exit_ in exits if exit_.name]
    if is_race(after) and not named:
        return read_race(after, has_time=bool(exits))
    return exits, read_next(after, named)


def _call(found: Mapping[str, Node]) -> Call | None:
    """`call: shared/assessment` with `with: {product: household_help}`."""
    if "call" not in found:
        if "with" in found:
            found["with"].tell(NOT_IN_A_CALL, "`with` without `call`", "write call: the submodule's name")
        return None
    for key in (*TIMES, "schedule_over", "term"):
        if key in found:
            found[key].tell(NOT_IN_A_CALL, f"`{key}` beside `call`: the submodule has the time", "leave it out")
    if "final" in found:
        found["final"].tell(FINAL_AND_MORE, "a state that calls a submodule leads on", "drop `final`")
    node, told = found["call"], found.get("with")
    arguments = ()
    if told is not None and told.expect("mapping", "'with'", "with: {parameter: value}"):
        arguments = tuple(
            Argument(key.text, read_quantity(value, f"'{key.text}'"), spot(key)) for key, value in told.entries
        )
    return Call(node.string("call"), arguments, spot(node))


def _record(node: Node, what: str, verbs: Collection[str] | None) -> Record | None:
    """The one key that is no key of the language: a record verb."""
    record = None
    for key, value in node.entries:
        if key.text in STATE_KEYS:
            continue
        if key.text not in verbs if verbs is not None else value.kind != "mapping":
            options = [name for name in STATE_KEYS if name != "with" or node.get("call")]
            key.unknown_key(what, (*options, *(verbs or ())), has_value=not value.is_null)
        elif record is not None:
            key.tell(UNKNOWN_KEY, f"{what} writes two records", f"write '{key.text}' in a state of its own")
        elif value.is_null or value.expect("mapping", f"'{key.text}'", f"{key.text}: {{}}"):
            columns = {column.text: _column(column.text, given) for column, given in value.entries}
            record = Record(key.text, columns, spot(key))
    return record


def _column(name: str, node: Node) -> ColumnValue:
    what = f"column '{name}'"
    if node.kind == "mapping" and ("is" in node.keys() or any(key in WRITTEN_DISTRIBUTIONS for key in node.keys())):
        return ColumnValue("duration", spot(node), quantity=read_quantity(node, what))
    if node.kind == "mapping":
        return ColumnValue("shares", spot(node), shares=read_shares(node, what))
    if duration_text(node):
        return ColumnValue("duration", spot(node), quantity=read_quantity(node, what))
    return ColumnValue("expression", spot(node), expression=read_expression(node, what))


def _closings(node: Node) -> tuple[Closing, ...]:
    """`{verb: reason}`, or a verb (or list of verbs) whose table has no reasons."""
    if node.kind == "mapping":
        return tuple(
            Closing(verb.text, None if reason.is_null else _column("end reason", reason), spot(verb))
            for verb, reason in node.entries
        )
    verbs = node.items if node.kind == "sequence" else (node,)
    return tuple(Closing(verb.string("a verb"), None, spot(verb)) for verb in verbs)


def _settings(node: Node) -> tuple[Setting, ...]:
    if not node.expect("mapping", "'set'", "set: {attribute: value}"):
        return ()
    return tuple(_setting(key, value) for key, value in node.entries)


def _setting(key: Node, node: Node) -> Setting:
    what = f"the value of '{key.text}'"
    if node.kind != "mapping":
        return Setting(key.text, spot(key), read_expression(node, what))
    if not set(node.keys()) & set(NUMBER_DISTRIBUTIONS):
        quantity = read_quantity(node, what)
        if not quantity.parameters:
            return Setting(key.text, spot(key), read_expression(node, what))
        return Setting(key.text, spot(key), quantity.parameters[0], source=quantity.source)
    drawn = read_number_distribution(node, what)
    return Setting(key.text, spot(key), source=drawn.source, distribution=drawn)
