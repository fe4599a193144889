"""Shares add up to 1, in every cell of the statistics that they come from."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from abmsim.lang.check_quantity import Checking
from abmsim.lang.codes import SHARE_SUM
from abmsim.lang.module import Branch, Module, Share
from abmsim.problems import ProblemsFound
from abmsim.stats.catalogue import Table

_TOLERANCE = 1e-9
_MOST_CELLS = 100_000


def check_shares(checking: Checking) -> None:
    """Tell every share map of the (resolved) module that can be more, or is not surely, 1."""
    for shares in share_maps(checking.module):
        _check(checking, shares)


def share_maps(module: Module) -> Iterator[tuple[Share, ...]]:
    """All share maps of a module: of next states, columns and end reasons."""
    for state in module.states.values():
        for branch in state.next.values():
            yield from _of_branch(branch)
        reasons = [closing.reason for closing in state.closings if closing.reason]
        columns = state.record.columns.values() if state.record else ()
        yield from (value.shares for value in (*columns, *reasons) if value.shares)


def _of_branch(branch: Branch) -> Iterator[tuple[Share, ...]]:
    if branch.shares:
        yield branch.shares
    for condition in branch.conditions:
        yield from _of_branch(condition.to)


def _check(checking: Checking, shares: Sequence[Share]) -> None:
    given = [share.share.parameters[0] for share in shares if share.share is not None]
    has_rest = len(given) < len(shares)
    if any(node.op == "broken" for node in given):
        return
    constants = [checking.constant(node) for node in given]
    known = math.fsum(value for value in constants if value is not None)
    names = [node.parts[1] for node in given if node.parts[:1] == ("stats",)]
    spot = shares[0].spot
    if known > 1 + _TOLERANCE:
        checking.tell(spot, SHARE_SUM, f"the shares add up to {known:.10g}", "they may not be more than 1")
    elif None not in constants:
        if not has_rest and known < 1 - _TOLERANCE:
            checking.tell(spot, SHARE_SUM, f"the shares add up to {known:.10g}", "give one of them `rest`")
    elif constants.count(None) == len(names):
        _check_cells(checking, shares, names, known, has_rest)
    elif not has_rest:
        _not_sure(checking, shares)


def _check_cells(checking: Checking, shares: Sequence[Share], names: list[str], known: float, has_rest: bool) -> None:
    sums = list(_sums(checking, names))
    if not sums and not has_rest:
        _not_sure(checking, shares)
    for cell, total in sums:
        total += known
        if total > 1 + _TOLERANCE or (not has_rest and total < 1 - _TOLERANCE):
            where = f" for {', '.join(cell)}" if cell else ""
            hint = "they may not be more than 1" if total > 1 else "give one of them `rest`"
            checking.tell(shares[0].spot, SHARE_SUM, f"the shares add up to {total:.10g}{where}", hint)
            return


def _not_sure(checking: Checking, shares: Sequence[Share]) -> None:
    text = "nothing says that these shares add up to 1"
    checking.tell(shares[0].spot, SHARE_SUM, text, "give one of them `rest`")


def _sums(checking: Checking, names: list[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    """(cell, sum of the figures) over all dimensions; nothing where the tables do not share their labels."""
    try:
        tables = [checking.catalogue.table(name) for name in names]
    except ProblemsFound:  # told where the statistic is checked
        return
    labels: dict[str, tuple[str, ...]] = {}
    for table in tables:
        if any(labels.setdefault(name, found) != found for name, found in table.labels.items()):
            return
    if math.prod(map(len, labels.values())) > _MOST_CELLS:
        return
    scales = [0.01 if table.card.unit == "percent" else 1.0 for table in tables]
    for cell in itertools.product(*labels.values()):
        at = dict(zip(labels, cell, strict=True))
        figures = [_figure(table, at) for table in tables]
        if None not in figures:
            yield cell, math.fsum(figure * scale for figure, scale in zip(figures, scales, strict=True) if figure)


def _figure(table: Table, at: dict[str, str]) -> float | None:
    return table.cells.get(tuple(at[name] for name in table.by))
