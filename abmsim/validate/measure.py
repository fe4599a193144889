"""How the figures of a card are counted in a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from abmsim.stats.catalogue import Table
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun

ANYWHERE, COUNTRY, PLACES = "anywhere", "country", "places"
"""Runs that a measure is for: every one, of the whole country, of a part of it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How the figures of a card are counted in a run; it needs the records of `module`.

    `scope`: national figures of lives say nothing of one town, and are left out there; those by municipality are added
    up in the national ones, and left out of the country. `unit`: in which it is compared, if not that of the card.
    """

    module: str
    about: str
    figures: Callable[[OpenRun, Table, float], list[Figure]]
    scope: str = ANYWHERE
    unit: str = ""

    def is_for(self, run: OpenRun) -> bool:
        """Whether a run has what the measure needs and is of a place that it is for."""
        scopes = (ANYWHERE, COUNTRY if run.is_country else PLACES)
        return self.module in run.settings["modules"] and self.scope in scopes
