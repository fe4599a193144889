"""The neighbourhoods that residents can live in: a list of codes, as the vocabulary's other labels are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from abmsim.paths import PUBLIC_STATS

NEIGHBOURHOODS = PUBLIC_STATS / "neighbourhoods" / "neighbourhood.csv"
"""The figures of all neighbourhoods; its first column is the list."""

FIGURE = "neighbourhood_"
"""`neighbourhood.loneliness` reads the statistic `neighbourhood_loneliness` where the resident lives."""


_READ = re.compile(r"\bneighbourhood\.(\w+)")


@cache
def neighbourhood_codes() -> tuple[str, ...]:
    """The labels of `neighbourhood_code`: the municipalities sorted by code, then the neighbourhoods of Amsterdam.

    A municipality whose neighbourhoods are not told apart stands for itself, with the number that it has as a label of
    `municipality_code`.
    """
    lines = NEIGHBOURHOODS.read_text(encoding="utf-8").splitlines()
    return tuple(line.partition(",")[0] for line in lines[1:])


def as_statistics(text: str) -> str:
    """The text with `stats.neighbourhood_loneliness` where it says `neighbourhood.loneliness`."""
    return _READ.sub(rf"stats.{FIGURE}\1", text)


def municipality_of(neighbourhood_code: str) -> str:
    """`BU03630000` -> `GM0363`."""
    return f"GM{neighbourhood_code[2:6]}"


def open_labels(attribute: str, municipality_codes: Sequence[str] = ()) -> tuple[str, ...]:
    """The labels of an attribute for which the vocabulary leaves them open."""
    if attribute == "municipality_code":
        return tuple(municipality_codes)
    return neighbourhood_codes() if attribute == "neighbourhood_code" else ()
