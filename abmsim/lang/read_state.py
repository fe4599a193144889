"""One state from YAML: what entering it does, its time, and where it leads."""

from __future__ import annotations

from collections.abc import Collection

from abmsim.lang.codes import (
    EXITS_AND_NEXT,
    MISSING_KEY,
    NAKED_NUMBER,
    NO_ELSE,
    NO_SOURCE,
    TWO_RESTS,
    TWO_TIMES,
    UNKNOWN_KEY,
    WRONG_KIND,
)
from abmsim.lang.module import Branch, Closing, ColumnValue, Condition, Exit, Quantity, Record, Setting, Share, State
from abmsim.lang.read_quantity import (
    WRITTEN_DISTRIBUTIONS,
    broken,
    duration_text,
    read_expression,
    read_quantity,
    spot,
)
from abmsim.problems import suggestion
from abmsim.yamlfile import Node

TIMES = ("when", "hazard", "wait", "until", "schedule")
STATE_KEYS = ("about", "silent", "final", "end", "set", *TIMES, "schedule_over", "term", "next")
_EXIT_KEYS = ("when", "hazard", "times", "wait")


def read_state(key: Node, node: Node, verbs: Collection[str] | None) -> State:
    """The state under one key of `states`; `verbs` are the record verbs (None: every unknown key may be one)."""
    name, what = key.text, f"state '{key.text}'"
    if not node.expect("mapping", what, "{wait: assume.x, next: name}"):
        return State(name, spot(key), final=True)
    found = {entry.text: value for entry, value in node.entries}
    exits = _exits(found, node)
    record = _record(node, what, verbs)
    over = found.get("schedule_over")
    return State(
        name=name,
        spot=spot(key),
        about=found["about"].string("about") if "about" in found else "",
        silent=found["silent"].flag("silent") if "silent" in found else False,
        final=found["final"].flag("final") if "final" in found else False,
        closings=_closings(found["end"]) if "end" in found else (),
        record=record,
        settings=_settings(found["set"]) if "set" in found else (),
        exits=exits,
        term=read_quantity(found["term"], "a term") if "term" in found else None,
        next=_next(found["next"], [exit_.name for exit_ in exits if exit_.name]) if "next" in found else {},
        schedule_over=over.string("schedule_over") if over else "",
        schedule_over_spot=spot(over) if over else None,
    )


def _record(node: Node, what: str, verbs: Collection[str] | None) -> Record | None:
    """The one key that is no key of the language: a record verb."""
    record = None
    for key, value in node.entries:
        if key.text in STATE_KEYS:
            continue
        if key.text not in verbs if verbs is not None else value.kind != "mapping":
            key.unknown_key(what, (*STATE_KEYS, *(verbs or ())), has_value=not value.is_null)
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
        return ColumnValue("shares", spot(node), shares=_shares(node, what))
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
    if "uniform" not in node.keys():
        quantity = read_quantity(node, what)
        return Setting(key.text, spot(key), quantity.parameters[0], source=quantity.source)
    found = node.fields(what, ("uniform", "why", "source"), ("uniform",))
    why = next((found[name].string(name) for name in ("source", "why") if name in found), "")
    if not why:
        node.tell(NO_SOURCE, f"{what} has no source", "add `why:`")
    ends = [item.number("an end of the range") for item in found["uniform"].listed("uniform")]
    if len(ends) != 2 or ends[0] >= ends[1]:
        found["uniform"].tell(WRONG_KIND, "uniform takes a low and a high number", "write uniform: [0, 1]")
        ends = [0.0, 1.0]
    return Setting(key.text, spot(key), uniform=(ends[0], ends[1]), source=why)


def _exits(found: dict[str, Node], node: Node) -> tuple[Exit, ...]:
    """The time of a state; `hazard` may have a `when`, every other kind stands alone."""
    kinds = [kind for kind in TIMES if kind in found]
    if len(kinds) > 1 and kinds != ["when", "hazard"]:
        spots = " and ".join(f"'{kind}'" for kind in kinds)
        found[kinds[-1]].tell(TWO_TIMES, f"a state has one kind of time, not {spots}", "list them under `until`")
    if not kinds:
        return ()
    if "until" in found:
        return _until(found["until"])
    if "schedule" in found:
        return (_schedule(found["schedule"]),)
    times = {kind: found[kind] for kind in kinds}
    return (_exit("", times, found[kinds[-1]]),)


def _schedule(node: Node) -> Exit:
    text = node.string("schedule")
    if node.kind == "scalar" and not text.startswith("stats."):
        node.tell(WRONG_KIND, f"a schedule is a statistic, not '{text}'", "write schedule: stats.name")
    return Exit("", "schedule", spot(node), schedule=text.removeprefix("stats."))


def _until(node: Node) -> tuple[Exit, ...]:
    if node.kind == "mapping" and not set(node.keys()) & set(_EXIT_KEYS):
        return tuple(_until_one(key.text, value) for key, value in node.entries)
    items = node.items if node.kind == "sequence" else (node,)
    return tuple(_until_one("", item) for item in items)


def _until_one(name: str, node: Node) -> Exit:
    if node.kind == "mapping":
        found = node.fields("an exit of `until`", _EXIT_KEYS)
        if not found or ("wait" in found and len(found) > 1):
            node.tell(TWO_TIMES, "an exit of `until` is one of an expression, {hazard: ...} or {wait: ...}")
        return _exit(name, found, node)
    expression = read_expression(node, "an exit of `until`")
    if len(expression.parts) == 2 and expression.parts[1] == "ends":
        return Exit(name, "ends", spot(node), verb=expression.parts[0])
    return Exit(name, "condition", spot(node), expression)


def _exit(name: str, found: dict[str, Node], node: Node) -> Exit:
    """One of `{wait}`, `{hazard, when, times}` or `{when}`."""
    expression = read_expression(found["when"], "a condition") if "when" in found else None
    if "wait" in found:
        return Exit(name, "wait", spot(node), quantity=read_quantity(found["wait"], "a wait"))
    if "hazard" not in found:
        return Exit(name, "condition", spot(node), expression or broken(node))
    hazard, times = found["hazard"], found.get("times")
    if hazard.kind == "mapping" and "is" not in hazard.keys():
        parts = hazard.fields("a hazard", ("rate", "times"), ("rate",), "{rate: stats.x, times: 1}")
        hazard, times = parts.get("rate", hazard), parts.get("times", times)
        if "rate" not in parts:
            return Exit(name, "hazard", spot(node), expression, Quantity("value", (broken(node),), "", "", spot(node)))
    factor = read_expression(times, "what multiplies a hazard") if times is not None else None
    return Exit(name, "hazard", spot(hazard), expression, read_quantity(hazard, "a hazard"), factor)


def _next(node: Node, exits: Collection[str]) -> dict[str, Branch]:
    if node.kind != "mapping" or not set(node.keys()) & set(exits):
        return {"": _branch(node, lists=True)}
    for key, _ in node.entries:
        if key.text not in exits:
            key.tell(EXITS_AND_NEXT, f"`until` has no exit '{key.text}'", suggestion(key.text, exits, "exits"))
    return {key.text: _branch(value, lists=True) for key, value in node.entries}


def _branch(node: Node, lists: bool) -> Branch:
    """A state's name, a map of shares, or (where `lists`) a list of conditions; empty after a problem."""
    if node.kind == "scalar" and not node.is_null:
        return Branch(spot(node), to=node.string("a state's name"))
    if node.kind == "mapping" and set(node.keys()) & {"when", "to", "else"}:
        node.tell(WRONG_KIND, "conditions are a list", "write - {when: ..., to: ...} and - {else: ...}")
    elif node.kind == "mapping":
        return Branch(spot(node), shares=_shares(node, "next"))
    elif node.kind == "sequence" and lists:
        return Branch(spot(node), conditions=_conditions(node))
    else:
        hint = "write name, or {name: stats.x, other: rest}"
        node.tell(WRONG_KIND, "this is a state's name or a map of shares", hint)
    return Branch(spot(node))


def _conditions(node: Node) -> tuple[Condition, ...]:
    conditions = []
    for item in node.items:
        found = item.fields("a condition", ("when", "to", "else"), (), "{when: ..., to: ...}")
        if "else" in found:
            conditions.append(Condition(None, _branch(found["else"], lists=False), spot(item)))
        elif "when" in found and "to" in found:
            when = read_expression(found["when"], "a condition")
            conditions.append(Condition(when, _branch(found["to"], lists=False), spot(item)))
        elif found:
            item.tell(MISSING_KEY, "a condition has `when` and `to`", "write {when: ..., to: ...} or {else: ...}")
    _check_else(node, conditions)
    return tuple(conditions)


def _check_else(node: Node, conditions: list[Condition]) -> None:
    elses = [condition for condition in conditions if condition.when is None]
    if not elses:
        node.tell(NO_ELSE, "no condition may hold: the list has no else", "end it with {else: name}")
    elif len(elses) > 1 or conditions[-1].when is not None:
        node.tell(NO_ELSE, "one else closes the list", "put {else: name} last, once")


def _shares(node: Node, what: str) -> tuple[Share, ...]:
    shares = []
    for key, value in node.entries:
        if value.is_null:
            hint = "write {name: stats.x, other: rest}; inside {} a comma ends the value"
            value.tell(NAKED_NUMBER, f"'{key.text}' has no share", hint)
        elif value.kind == "scalar" and value.text == "rest":
            if any(share.share is None for share in shares):
                value.tell(TWO_RESTS, f"{what} has two rests", "give all but one of them a share")
            shares.append(Share(key.text, None, spot(key)))
        else:
            shares.append(Share(key.text, read_quantity(value, f"the share of '{key.text}'"), spot(key)))
    return tuple(shares)
