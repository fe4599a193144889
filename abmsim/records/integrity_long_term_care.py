"""What must hold of long-term care and Veilig Thuis: a stay has an indication, an inquiry a report that leads to it."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.records.faults import DISORDER, NO_INDICATION, NO_TRIAGE, Check
from abmsim.records.integrity_support import OVERLAP, TOLD, WITHOUT_PARENT

_FOR_EVER = "DATE '9999-12-31'"

_OUTSIDE = f"""
    SELECT wlz_stays.person_id FROM wlz_stays LEFT JOIN wlz_indications USING (indication_id)
    WHERE from_date < indication_start OR coalesce(to_date, {_FOR_EVER}) > indication_end
        OR indication_id IS NULL AND NOT wlz_stays.carried_over AND EXISTS (FROM wlz_indications)
"""

_NOT_INSIDE = f"""
    WITH inside AS (
        SELECT person_id, lived.from_date AS since, last_day(coalesce(lived.to_date, {_FOR_EVER})) + 1 AS until
        FROM household_members AS lived JOIN households USING (household_id) WHERE kind = 'institution'
    ),
    stay AS (
        SELECT person_id, greatest(wlz_stays.from_date, first_day) AS since, coalesce(to_date, {_FOR_EVER}) AS until
        FROM wlz_stays JOIN (SELECT person_id, min(from_date) AS first_day FROM household_members GROUP BY person_id)
        USING (person_id) WHERE form = 'residence'
    ),
    questioned AS (
        SELECT person_id, since AS day FROM stay WHERE since < until UNION ALL
        SELECT person_id, inside.until FROM stay JOIN inside USING (person_id)
        WHERE inside.until >= stay.since AND inside.until < stay.until
    )
    SELECT questioned.person_id FROM questioned ANTI JOIN inside
        ON questioned.person_id = inside.person_id AND day >= since AND day < until
"""
"""Nobody is inside on the first day of the stay, or from the day on which one moved out, if at all. Where somebody
lives is told of the live years, and a move is seen on the first of the next month."""

_OTHER_TRIAGE = """
    SELECT violence_inquiries.person_id FROM violence_inquiries JOIN violence_reports USING (report_id)
    WHERE coalesce(triage, 'open') <> 'inquiry'
"""

_EARLY_INQUIRY = """
    SELECT violence_inquiries.person_id FROM violence_inquiries JOIN violence_reports USING (report_id)
    WHERE inquiry_start < assessed_date
"""


def long_term_care_checks() -> Iterator[Check]:
    """Everything that must hold of indications, stays and inquiries."""
    table = "wlz_stays"
    yield Check(table, NO_INDICATION, "lies outside its indication", _OUTSIDE)
    twice = OVERLAP.format(table=table, start="from_date", end="to_date", each="")
    yield Check(table, NO_INDICATION, "somebody is cared for in two ways at a time", twice)
    yield Check(table, NO_INDICATION, "somebody resides who lives in no institution", _NOT_INSIDE)
    table = "wlz_indications"
    twice = OVERLAP.format(table=table, start="indication_start", end="indication_end", each="")
    yield Check(table, NO_INDICATION, "somebody has two indications at a time", twice)
    late = f"SELECT person_id FROM {table} WHERE application_date > indication_start"
    yield Check(table, DISORDER, "the application is after the indication", late)
    table = "violence_inquiries"
    yield Check(table, NO_TRIAGE, "the triage of the report is not 'inquiry'", _OTHER_TRIAGE)
    empty = WITHOUT_PARENT.format(
        told=TOLD, table=table, parent="violence_reports", key="report_id", start="inquiry_start"
    )
    yield Check(table, NO_TRIAGE, "'report_id' is empty", empty)
    yield Check(table, DISORDER, "the inquiry begins before the report is assessed", _EARLY_INQUIRY)
