"""Where a state leads, from YAML: a name, shares with one rest, or conditions with one else."""

from __future__ import annotations

from collections.abc import Collection

from abmsim.lang.codes import EXITS_AND_NEXT, MISSING_KEY, NAKED_NUMBER, NO_ELSE, TWO_RESTS, WRONG_KIND
from abmsim.lang.module import Branch, Condition, Share
from abmsim.lang.read_quantity import read_quantity
from abmsim.lang.reading import read_expression, spot
from abmsim.problems import suggestion
from abmsim.yamlfile import Node

CONDITION_KEYS = ("when", "to", "else")


def read_next(node: Node, exits: Collection[str]) -> dict[str, Branch]:
    """The branches by the names of the exits; `""` serves all that are not named."""
    if node.kind != "mapping" or not set(node.keys()) & set(exits):
        return {"": read_branch(node)}
    for key, _ in node.entries:
        if key.text not in exits:
            key.tell(EXITS_AND_NEXT, f"`until` has no exit '{key.text}'", suggestion(key.text, exits, "exits"))
    return {key.text: read_branch(value) for key, value in node.entries}


def read_results(node: Node) -> dict[str, Branch]:
    """The branches after a call by the final states of the submodule; one that is no map serves all of them."""
    if node.kind != "mapping":
        return {"": read_branch(node)}
    return {key.text: read_branch(value) for key, value in node.entries}


def read_branch(node: Node, lists: bool = True) -> Branch:
    """A state's name, a map of shares, or (where `lists`) a list of conditions; empty after a problem."""
    if node.kind == "scalar" and not node.is_null:
        return Branch(spot(node), to=node.string("a state's name"))
    if node.kind == "mapping" and set(node.keys()) & set(CONDITION_KEYS):
        node.tell(WRONG_KIND, "conditions are a list", "write - {when: ..., to: ...} and - {else: ...}")
    elif node.kind == "mapping":
        return Branch(spot(node), shares=read_shares(node, "next"))
    elif node.kind == "sequence" and lists:
        return Branch(spot(node), conditions=_conditions(node))
    else:
        hint = "write name, or {name: stats.x, other: rest}"
        node.tell(WRONG_KIND, "this is a state's name or a map of shares", hint)
    return Branch(spot(node))


def _conditions(node: Node) -> tuple[Condition, ...]:
    conditions = []
    for item in node.items:
        found = item.fields("a condition", CONDITION_KEYS, (), "{when: ..., to: ...}")
        if "else" in found:
            conditions.append(Condition(None, read_branch(found["else"], lists=False), spot(item)))
        elif "when" in found and "to" in found:
            when = read_expression(found["when"], "a condition")
            conditions.append(Condition(when, read_branch(found["to"], lists=False), spot(item)))
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


def read_shares(node: Node, what: str) -> tuple[Share, ...]:
    """A map of shares with at most one `rest`; a share is None there."""
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
