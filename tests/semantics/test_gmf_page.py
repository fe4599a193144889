"""docs/gmf.md names every construct of the Generic Module Framework once, with words that the layout has."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from small import Toys, alone, module, run

import abmsim
from abmsim.lang import layout

PAGE = Path(abmsim.__file__).parent.parent / "docs" / "gmf.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the documents are part of a checkout")

STATES = (
    "Initial Simple Terminal Guard Delay SetAttribute Counter CallSubmodule Encounter EncounterEnd ConditionOnset "
    "ConditionEnd AllergyOnset MedicationOrder MedicationEnd CarePlanStart CarePlanEnd Procedure Observation "
    "MultiObservation DiagnosticReport ImagingStudy Symptom VitalSign Device DeviceEnd SupplyList Vaccine Death "
    "Physiology"
).split()
TRANSITIONS = [
    f"{kind}_transition"
    for kind in ("direct", "distributed", "conditional", "complex", "lookup_table", "type_of_care")
]  # fmt: skip
LOGIC = (
    "And,Or,Not,True,At Least,Gender,Race,Socioeconomic Status,Age,Date,Attribute,PriorState,Active Condition,"
    "Active Medication,Active CarePlan,Active Allergy,Observation,Symptom,Vital Sign"
).split(",")
DISTRIBUTIONS = ["EXACT", "UNIFORM", "GAUSSIAN", "EXPONENTIAL"]
UNITS = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"]
ALL = {
    "state": STATES, "transition": TRANSITIONS, "logic": LOGIC, "distribution": DISTRIBUTIONS, "unit": UNITS,
}  # fmt: skip


def tables() -> dict[str, list[list[str]]]:
    """The cells of the page's tables, by the heading of their first column."""
    found: dict[str, list[list[str]]] = {}
    for block in re.findall(r"(?:^\|.*\n)+", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        found[head[0]] = rows
    return found


@pytest.mark.parametrize("kind", ALL)
def test_every_construct_is_there_once(kind: str) -> None:
    assert sorted(row[0].strip("`") for row in tables()[kind]) == sorted(ALL[kind])


def test_there_are_30_state_types_6_transitions_and_19_kinds_of_logic() -> None:
    assert [len(set(names)) for names in ALL.values()] == [30, 6, 19, 4, 7]


def test_the_counts_are_those_of_the_marks() -> None:
    for kind, said in zip(ALL, tables()[""], strict=True):
        marks = Counter(row[1] for row in tables()[kind])
        assert set(marks) <= {"now", "expanded", "added"}
        assert [int(cell) for cell in said[1:]] == [marks.total(), marks["now"], marks["expanded"], marks["added"]]


def test_the_words_are_those_of_the_layout() -> None:
    for kind in ALL:
        for row in tables()[kind]:
            for word in re.findall(r"`([A-Z][A-Z_]+)`", " ".join(row[2:])):
                assert hasattr(layout, word) or word == "VISITS", f"{row[0]}: the layout has no {word}"


def test_what_is_not_there_now_says_how_it_would_be() -> None:
    for kind in ALL:
        for name, mark, words, remarks in tables()[kind]:
            assert mark == "now" or remarks, name
            assert words or mark == "added", name


def test_delays_in_a_row_end_on_their_very_days_and_death_stops_the_rest(toys: Toys) -> None:
    """Synthea's own example: two days, an encounter, three days, death; nothing follows."""
    states = """
        two_days: {wait: {is: 2 days, why: a toy}, next: visit}
        visit: {wmo_request: {reporter: self}, next: three_days}
        three_days: {wait: {is: 3 days, why: a toy}, next: dead}
        dead: {death: {}, next: terminal}
        terminal: {final: true}
        """
    assert run(toys.program(module(states)), alone()).path() == [
        "two_days 2020-01-01", "visit 2020-01-03", "three_days 2020-01-03", "dead 2020-01-06",
    ]  # fmt: skip
