"""Which cells of a table are meant: labels one by one, and ranges of ages or years over the labels inside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import inf

Where = Mapping[str, tuple[str, ...]]
"""Dimension -> labels or ranges; a dimension that is not named is meant whole."""

_SPAN = re.compile(r"(\d+)(?:-(\d+)|(\+))?")


def span(label: str) -> tuple[float, float] | None:
    """First and last number of a label: `75` `75-84` `85+`; None for any other label."""
    found = _SPAN.fullmatch(label)
    if found is None:
        return None
    first = float(found[1])
    return first, inf if found[3] else float(found[2] or first)


def holds(wanted: str, label: str) -> bool:
    """Whether a label is the wanted one or lies inside the wanted range."""
    if wanted == label:
        return True
    outer, inner = span(wanted), span(label)
    return outer is not None and inner is not None and outer[0] <= inner[0] and inner[1] <= outer[1]


def cuts(wanted: str, label: str) -> bool:
    """Whether a wanted range has a part of a label but not all of it."""
    outer, inner = span(wanted), span(label)
    if outer is None or inner is None or holds(wanted, label):
        return False
    return outer[0] <= inner[1] and inner[0] <= outer[1]


def is_meant(where: Where, cell: Mapping[str, str]) -> bool:
    """Whether a cell (its label by dimension) is among those meant."""
    return all(any(holds(wanted, cell[name]) for wanted in labels) for name, labels in where.items())


def shown_where(where: Where) -> str:
    """`age 75-84, sex female`; `all` for the whole table."""
    return ", ".join(f"{name} {'/'.join(labels)}" for name, labels in where.items()) or "all"


def meant(where: Where, by: tuple[str, ...], cells: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The cells that are meant, in their order."""
    return [cell for cell in cells if is_meant(where, dict(zip(by, cell, strict=True)))]
