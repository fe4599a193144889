"""What can be wrong with the records of a run: a query for each fault, and its code."""

from __future__ import annotations

from dataclasses import dataclass

MISSING_TABLE, EMPTY, TWICE, ORPHAN, NO_CODE, BACKWARDS, OUT_OF_LIFE, OTHER_PERSON, NO_DEATH = (
    f"R2{number:02d}" for number in range(1, 10)
)
NO_HOME, EMPTY_HOUSEHOLD, CHILD_ALONE, TWO_UNIONS, NO_BIRTH, NO_MOTHER, NO_TREE, ONE_SIDED, NO_STAY = (
    f"R2{number}" for number in range(10, 19)
)
NO_TURN, NO_PROVIDER = "R230", "R231"
NO_CARE, CARE_TWICE = "R219", "R220"
NO_CHAIN, OUTSIDE_RIGHT, STACKED, HELP_TWICE, BEFORE_LAW = (f"R2{number}" for number in range(40, 45))
AFTER_LEAVING, DISORDER, NOT_LIABLE, NO_INDICATION, NO_TRIAGE = (f"R2{number}" for number in range(45, 50))


@dataclass(frozen=True, slots=True)
class Check:
    """Rows that should not be: `faults` is a query that returns them, its first column an example to show."""

    table: str
    code: str
    text: str
    faults: str
