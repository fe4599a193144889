"""What must hold of support in a household: one has household help, one pays, and only for what asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.records.faults import HELP_TWICE, NOT_LIABLE, STACKED, Check
from abmsim.records.integrity_support import OVERLAP, TOLD

_FOR_EVER = "DATE '9999-12-31'"

_HELP = f"""
    help AS (SELECT person_id, delivery_start AS since, coalesce(delivery_end, {_FOR_EVER}) AS until
        FROM wmo_deliveries WHERE product = 'household_help')
"""

_PARTNERS_HELPED = f"""
    WITH {_HELP}, together AS (
        SELECT one.person_id, greatest(one.since, other.since, from_date) AS since,
            least(one.until, other.until, coalesce(to_date, {_FOR_EVER}), told_until) AS until
        FROM unions JOIN help AS one ON one.person_id = unions.person_id
        JOIN help AS other ON other.person_id = partner_id
        CROSS JOIN (SELECT max(to_date) AS told_until,
            min(from_date) FILTER (begins_by = 'base_date') AS base FROM observation_periods)
        WHERE to_date IS NULL OR base IS NULL OR to_date >= base
    ) SELECT person_id FROM together WHERE until > last_day((since + INTERVAL 1 MONTH)::DATE)
"""
"""Partners see of each other in a month what was on its first day, so the second one stops in the month after. Those
who had parted before the base date are left out: up to it each household is lived as it is then, without those who
lived there before."""

_HELPED_INSIDE = f"""
    WITH {_HELP} SELECT help.person_id FROM help JOIN household_members AS lived ON lived.person_id = help.person_id
    JOIN households ON households.household_id = lived.household_id
    CROSS JOIN (SELECT max(to_date) AS told_until FROM observation_periods)
    WHERE kind = 'institution' AND least(until, coalesce(lived.to_date, {_FOR_EVER}), told_until)
        > last_day(greatest(since, lived.from_date)) + 1
"""
"""Moves are dated on the last day of a month and seen on the first of the next one."""

_EXEMPT = "'wheelchairs', 'sheltered_living', 'shelter', 'emergency_shelter', 'other_shelter'"
"""Products for which no contribution of a household is asked."""

_WITHOUT_DUE = """
    questioned AS (
        SELECT person_id, since AS day FROM paid UNION ALL
        SELECT person_id, due.until FROM paid JOIN due USING (person_id)
        WHERE due.until >= paid.since AND due.until < paid.until
    )
    SELECT questioned.person_id FROM questioned ANTI JOIN due
        ON questioned.person_id = due.person_id AND day >= since AND day < until
"""
"""Of what is `paid` and `due`: nothing is due on the first day of paying, or on the day on which something ends, if at
all."""

_UNDUE = f"""
    WITH {TOLD}, paid AS (
        SELECT person_id, greatest(from_date, told.since) AS since, coalesce(to_date, {_FOR_EVER}) AS until
        FROM wmo_contributions JOIN told USING (person_id)
        WHERE scheme <> 'residence' AND (to_date IS NULL OR to_date > from_date)
    ),
    delivered AS (
        SELECT person_id, delivery_start AS since, coalesce(delivery_end, {_FOR_EVER}) AS until
        FROM wmo_deliveries WHERE product NOT IN ({_EXEMPT})
    ),
    home AS (
        SELECT mine.person_id, theirs.person_id AS other_id, greatest(mine.from_date, theirs.from_date) AS since,
            least(coalesce(mine.to_date, {_FOR_EVER}), coalesce(theirs.to_date, {_FOR_EVER})) AS until
        FROM household_members AS mine JOIN household_members AS theirs USING (household_id)
        WHERE mine.person_id IN (SELECT person_id FROM paid) AND mine.person_id <> theirs.person_id UNION ALL
        SELECT person_id, partner_id, from_date, coalesce(to_date, {_FOR_EVER}) FROM unions UNION ALL
        SELECT partner_id, person_id, from_date, coalesce(to_date, {_FOR_EVER}) FROM unions
    ),
    due AS (
        SELECT * FROM delivered UNION ALL
        SELECT home.person_id, greatest(home.since, delivered.since),
            last_day((least(home.until, delivered.until) - INTERVAL 1 DAY)::DATE) + 1
        FROM home JOIN delivered ON other_id = delivered.person_id
        WHERE delivered.since < home.until AND home.since < delivered.until
    ),
    {_WITHOUT_DUE}
"""
"""What was delivered before the years that are told is left out, though the contribution that ran on has its own first
day."""

_UNDUE_RESIDENCE = f"""
    WITH {TOLD}, paid AS (
        SELECT person_id, greatest(from_date, told.since) AS since, coalesce(to_date, {_FOR_EVER}) AS until
        FROM wmo_contributions JOIN told USING (person_id)
        WHERE scheme = 'residence' AND (to_date IS NULL OR to_date > from_date)
    ),
    due AS (
        SELECT person_id, delivery_start AS since, coalesce(delivery_end, {_FOR_EVER}) AS until
        FROM wmo_deliveries WHERE product = 'sheltered_living'
    ),
    {_WITHOUT_DUE}
"""
"""The contribution for sheltered living goes on through rights that take each other's place."""

_MINOR = """
    SELECT person_id FROM wmo_contributions JOIN persons USING (person_id)
    WHERE from_date < birth_date + INTERVAL 18 YEAR
"""


def home_support_checks() -> Iterator[Check]:
    """Everything that must hold of household help and of own contributions."""
    yield Check("wmo_deliveries", HELP_TWICE, "two partners have household help", _PARTNERS_HELPED)
    yield Check("wmo_deliveries", HELP_TWICE, "household help comes to an institution", _HELPED_INSIDE)
    table = "wmo_contributions"
    yield Check(table, NOT_LIABLE, "somebody pays while nothing is delivered that asks for it", _UNDUE)
    yield Check(table, NOT_LIABLE, "somebody pays for sheltered living while it is not delivered", _UNDUE_RESIDENCE)
    yield Check(table, NOT_LIABLE, "a minor pays", _MINOR)
    twice = OVERLAP.format(table=table, start="from_date", end="to_date", each="")
    yield Check(table, STACKED, "somebody pays twice at a time", twice)
