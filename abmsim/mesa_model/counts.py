"""The main counts of a town month by month, as its Mesa model collects them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from abmsim.engine.lives import DEPARTURES, ENTRIES
from abmsim.engine.town import Town
from abmsim.lang import layout as at
from abmsim.lang.program import Program

if TYPE_CHECKING:
    from abmsim.mesa_model.model import TownModel

FLOWS = {
    "births": ("entered_by", ENTRIES, ("birth",)),
    "arrivals": ("entered_by", ENTRIES, ("immigration", "move_in")),
    "deaths": ("left_by", DEPARTURES, ("death",)),
    "departures": ("left_by", DEPARTURES, ("emigration", "move_out")),
}
"""What changes the number of residents: the column of the register that tells it, and which of its labels count."""


def total_flows(town: Town) -> dict[str, int]:
    """How often each of FLOWS has happened since the base date."""
    assert town.register is not None, "the town has not begun"
    totals = {}
    for name, (column, labels, counted) in FLOWS.items():
        numbers = np.bincount(town.register.stays[column], minlength=len(labels))
        totals[name] = int(numbers[[labels.index(label) for label in counted]].sum())
    return totals


def open_records(town: Town) -> dict[str, int]:
    """Table -> how many of its records of residents are open, of the tables whose records last for a time."""
    assert town.columns is not None, "the town has not begun"
    there = town.columns.column("GROUP") >= 0
    person = np.flatnonzero(there)
    counts: dict[str, int] = {}
    for verb, table in lasting(town.program).items():
        words = town.columns.words_of_open_rows(person, np.full(len(person), verb))
        is_open = (words >= 0) & (town.columns.arrays["POOL"][words] >= 0)
        counts[table] = counts.get(table, 0) + int(np.count_nonzero(is_open))
    return counts


def lasting(program: Program) -> dict[int, str]:
    """Verb -> table, of the verbs whose records have an end."""
    ends = program.verb_words[:, at.VERB_HAS_END]
    return {verb: table for verb, (_, table) in enumerate(program.verbs) if ends[verb]}


def reporters(program: Program) -> Mapping[str, Callable[[TownModel], object]]:
    """What the model's DataCollector collects, by name: the date, stocks on it, and flows of the month before it."""
    tables = dict.fromkeys(lasting(program).values())
    return {
        "date": lambda model: model.date,
        "residents": lambda model: len(model.residents),
        **{name: lambda model, name=name: model.flows[name] for name in FLOWS},
        "waiting": lambda model: sum(one.waiting for one in model.institutions),
        **{table: lambda model, table=table: model.open_records[table] for table in tables},
    }
