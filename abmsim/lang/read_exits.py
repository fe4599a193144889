"""The time of a state, from YAML: `when`, `hazard`, `wait`, `await`, `until`, `schedule`, or risks that race."""

from __future__ import annotations

from collections.abc import Mapping

from abmsim.lang.codes import MIXED_NEXT, TWO_TIMES, WRONG_KIND
from abmsim.lang.module import Await, Branch, Exit, Quantity
from abmsim.lang.read_quantity import PROBABILITY_KEYS, read_probability, read_quantity
from abmsim.lang.reading import broken, read_expression, spot
from abmsim.yamlfile import Node

TIMES = ("when", "hazard", "wait", "await", "until", "schedule")
EXIT_KEYS = ("when", "hazard", "times", "wait", "await")
AWAIT_KEYS = ("at", "priority", "crisis")
HAZARD_KEYS = ("rate", "times", *PROBABILITY_KEYS)


def read_exits(found: Mapping[str, Node]) -> tuple[Exit, ...]:
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


def is_race(node: Node) -> bool:
    """Whether a `next` lets risks compete: `{stroke: {hazard: stats.a}, death: {hazard: stats.b}}`."""
    return node.kind == "mapping" and any(_is_risk(value) for _, value in node.entries)


def _is_risk(node: Node) -> bool:
    return node.kind == "mapping" and bool(set(node.keys()) & {"hazard", "wait", "when", "await"})


def read_race(node: Node, has_time: bool) -> tuple[tuple[Exit, ...], dict[str, Branch]]:
    """Exits that are named by their targets, and where they lead; shares beside them are a problem."""
    if has_time:
        text = "a state has one kind of time, not one of its own and others in `next`"
        node.tell(TWO_TIMES, text, "list all of them in `next`, or all under `until`")
    for key, value in node.entries:
        if not _is_risk(value):
            ways = "{hazard: ...}, {wait: ...}, {await: ...} or {when: ...}"
            hint = f"write {ways} for each; shares stand in a state behind one"
            key.tell(MIXED_NEXT, f"'{key.text}' has a share beside states that compete in time", hint)
    racing = [(key, value) for key, value in node.entries if _is_risk(value)]
    exits = tuple(_timed(key.text, value, "a way that competes") for key, value in racing)
    return exits, {key.text: Branch(spot(key), to=key.text) for key, _ in racing}


def _schedule(node: Node) -> Exit:
    text = node.string("schedule")
    if node.kind == "scalar" and not text.startswith("stats."):
        node.tell(WRONG_KIND, f"a schedule is a statistic, not '{text}'", "write schedule: stats.name")
    return Exit("", "schedule", spot(node), schedule=text.removeprefix("stats."))


def _until(node: Node) -> tuple[Exit, ...]:
    if node.kind == "mapping" and not set(node.keys()) & set(EXIT_KEYS):
        return tuple(_until_one(key.text, value) for key, value in node.entries)
    items = node.items if node.kind == "sequence" else (node,)
    return tuple(_until_one("", item) for item in items)


def _until_one(name: str, node: Node) -> Exit:
    if node.kind == "mapping":
        return _timed(name, node, "an exit of `until`")
    expression = read_expression(node, "an exit of `until`")
    if len(expression.parts) == 2 and expression.parts[1] == "ends":
        return Exit(name, "ends", spot(node), verb=expression.parts[0])
    return Exit(name, "condition", spot(node), expression)


def _timed(name: str, node: Node, what: str) -> Exit:
    found = node.fields(what, EXIT_KEYS)
    if not found or (found.keys() & {"wait", "await"} and len(found) > 1):
        node.tell(TWO_TIMES, f"{what} is one of an expression, {{hazard: ...}}, {{wait: ...}} or {{await: ...}}")
    return _exit(name, found, node)


def _exit(name: str, found: Mapping[str, Node], node: Node) -> Exit:
    """One of `{await}`, `{wait}`, `{hazard, when, times}` or `{when}`."""
    expression = read_expression(found["when"], "a condition") if "when" in found else None
    if "wait" in found:
        return Exit(name, "wait", spot(node), quantity=read_quantity(found["wait"], "a wait"))
    if "await" in found:
        return Exit(name, "await", spot(node), turn=_await(found["await"]))
    if "hazard" not in found:
        return Exit(name, "condition", spot(node), expression or broken(node))
    quantity, times = _hazard(found["hazard"])
    times = times or found.get("times")
    factor = read_expression(times, "what multiplies a hazard") if times is not None else None
    return Exit(name, "hazard", quantity.spot, expression, quantity, factor)


def _await(node: Node) -> Await:
    """An institution's name, or `{at: name, priority: number, crisis: condition}`."""
    if node.kind != "mapping":
        return Await(node.string("await"), spot(node))
    found = node.fields("'await'", AWAIT_KEYS, ("at",), "await: institution")
    return Await(
        found["at"].string("at") if "at" in found else "",
        spot(found.get("at", node)),
        read_expression(found["priority"], "a priority") if "priority" in found else None,
        read_expression(found["crisis"], "a crisis") if "crisis" in found else None,
    )


def _hazard(node: Node) -> tuple[Quantity, Node | None]:
    """A rate, `{rate: q, times: expression}` or `{probability: q, over: 1 year, times: expression}`."""
    if node.kind != "mapping" or "is" in node.keys():
        return read_quantity(node, "a hazard"), None
    parts = node.fields("a hazard", HAZARD_KEYS, (), "{rate: stats.x, times: 1}")
    if "probability" in parts and "rate" in parts:
        node.tell(TWO_TIMES, "a hazard is a rate or a probability over some time, not both", "keep one")
    if "probability" in parts:
        return read_probability(parts, node), parts.get("times")
    if "rate" not in parts:
        node.fields("a hazard", node.keys(), ("rate",))
        return Quantity("value", (broken(node),), "", "", spot(node)), parts.get("times")
    return read_quantity(parts["rate"], "a hazard"), parts.get("times")
