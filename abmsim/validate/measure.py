"""How the figures of a card are counted in a run, where rows of one table cannot say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from abmsim.stats.catalogue import Table
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

ANYWHERE, COUNTRY, PLACES = "anywhere", "country", "places"
"""Runs that a figure is for: every one, of the whole country, of a part of it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A function of a run, a table and a margin that gives the figures of the table, and in words what it counts.

    `scope`: one of the three; `unit`: in which it is compared, if not that of the card. `of_2020`: whether it is of the
    residents of 1 January 2020, who are not there in a run that begins later.
    """

    about: str
    figures: Callable[[OpenRun, Table, float], list[Figure]]
    scope: str = COUNTRY
    unit: str = ""
    of_2020: bool = False
