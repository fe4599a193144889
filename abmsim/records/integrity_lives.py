"""What must hold of lives taken together: everybody has a home, no child is alone, and families are possible."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.records.faults import (
    CHILD_ALONE,
    EMPTY_HOUSEHOLD,
    NO_BIRTH,
    NO_HOME,
    NO_MOTHER,
    NO_STAY,
    NO_TREE,
    ONE_SIDED,
    TWO_UNIONS,
    Check,
)

AGE_ON_ONES_OWN = 16
"""Younger children never live in a private household without somebody of this age."""

_FOR_EVER = "DATE '9999-12-31'"

_CHANGES = """
    SELECT person_id FROM (
        SELECT person_id, from_date, lag(to_date) OVER spell AS earlier_to, row_number() OVER spell AS number
        FROM household_members WINDOW spell AS (PARTITION BY person_id ORDER BY from_date)
    ) WHERE number > 1 AND earlier_to IS DISTINCT FROM from_date
"""

_OUTSIDE = """
    SELECT person_id FROM (
        SELECT person_id, min(from_date) AS home_from,
            CASE WHEN count(*) = count(to_date) THEN max(to_date) END AS home_to
        FROM household_members GROUP BY person_id
    ) FULL JOIN (
        SELECT person_id, from_date, CASE WHEN ends_by <> 'run_end' THEN to_date END AS to_date
        FROM observation_periods WHERE complete
    ) USING (person_id) WHERE home_from IS DISTINCT FROM from_date OR home_to IS DISTINCT FROM to_date
"""

_NOBODY = f"""
    SELECT household_id FROM households ANTI JOIN household_members USING (household_id) UNION ALL
    SELECT household_id FROM (
        SELECT household_id, lived.from_date AS since, max(coalesce(lived.to_date, {_FOR_EVER})) OVER (
            PARTITION BY household_id ORDER BY lived.from_date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS lived_until FROM household_members AS lived JOIN households USING (household_id) WHERE kind = 'private'
    ) WHERE lived_until < since
"""
"""An institution may be empty for a while: it is there before its residents and after them."""

_OTHER_SIZE = """
    SELECT household_id FROM households JOIN (
        SELECT household_id, min(from_date) AS first, CASE WHEN count(*) = count(to_date) THEN max(to_date) END AS last,
            count(*) FILTER (from_date = begin) AS members
        FROM (SELECT *, min(from_date) OVER (PARTITION BY household_id) AS begin FROM household_members)
        GROUP BY household_id
    ) USING (household_id) WHERE first <> from_date OR last IS DISTINCT FROM to_date OR members <> size
"""

_ALONE = f"""
    WITH lived AS (
        SELECT household_id, person_id, lived.from_date AS since, coalesce(lived.to_date, {_FOR_EVER}) AS until,
            (birth_date + INTERVAL {AGE_ON_ONES_OWN} YEAR)::DATE AS grown
        FROM household_members AS lived JOIN persons USING (person_id) JOIN households USING (household_id)
        WHERE kind = 'private'
    ),
    child AS (SELECT household_id, person_id, since, least(until, grown) AS until FROM lived WHERE since < grown),
    grown_up AS (SELECT household_id, greatest(since, grown) AS since, until FROM lived WHERE grown < until),
    questioned AS (
        SELECT household_id, person_id, since AS day FROM child UNION ALL
        SELECT household_id, person_id, grown_up.until FROM child JOIN grown_up USING (household_id)
        WHERE grown_up.until >= child.since AND grown_up.until < child.until
    )
    SELECT person_id FROM questioned ANTI JOIN grown_up
        ON questioned.household_id = grown_up.household_id AND day >= since AND day < until
"""
"""A child is alone from its own first day there, or from the day on which a grown-up leaves, if at all."""

_OVERLAP = f"""
    SELECT person_id FROM (
        SELECT person_id, from_date, max(coalesce(to_date, {_FOR_EVER})) OVER (
            PARTITION BY person_id ORDER BY from_date, to_date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS together_until FROM (
            SELECT person_id, from_date, to_date FROM unions UNION ALL
            SELECT partner_id, from_date, to_date FROM unions WHERE partner_id IS NOT NULL
        )
    ) WHERE together_until > from_date
"""

_BIRTHS = """
    SELECT coalesce(births.person_id, born.person_id) FROM births
    FULL JOIN (SELECT * FROM persons WHERE entered_by = 'birth') AS born
    ON births.person_id = born.person_id AND date = birth_date AND date = entered_date
    WHERE births.person_id IS NULL OR born.person_id IS NULL
"""

_MOTHERS = """
    SELECT births.person_id FROM births JOIN persons AS mother ON mother_id = mother.person_id
    WHERE sex <> 'female' OR entered_date > date OR left_date < date
"""

_PARENTS_OF_BIRTHS = """
    SELECT person_id FROM (
        SELECT person_id, mother_id AS relative_id, 'mother' AS kind FROM births UNION ALL
        SELECT person_id, father_id, 'father' FROM births WHERE father_id IS NOT NULL
    ) ANTI JOIN relations USING (person_id, relative_id, kind)
"""

_YOUNG_PARENTS = """
    SELECT relations.person_id FROM relations JOIN persons AS child ON relations.person_id = child.person_id
    JOIN persons AS parent ON relative_id = parent.person_id
    WHERE kind IN ('mother', 'father') AND parent.birth_date >= child.birth_date
"""

_TWO_PARENTS = """
    SELECT person_id FROM relations WHERE kind IN ('mother', 'father') GROUP BY person_id, kind HAVING count(*) > 1
"""

_ONE_SIDED = """
    SELECT person_id FROM relations ANTI JOIN relations AS other ON relations.person_id = other.relative_id
        AND relations.relative_id = other.person_id AND relations.kind = other.kind
        AND relations.from_date = other.from_date
    WHERE relations.kind IN ('partner', 'former_partner')
"""

_STAYS = """
    SELECT person_id FROM persons
    WHERE entered_date < birth_date OR left_date < entered_date OR (left_by IS NULL) <> (left_date IS NULL)
        OR (left_by = 'death' AND death_date IS DISTINCT FROM left_date)
        OR (death_date IS NOT NULL AND left_by IS DISTINCT FROM 'death')
"""


def lives_checks() -> Iterator[Check]:
    """Everything that must hold of households, couples, births and relatives."""
    yield Check("persons", NO_STAY, "how and when they came and left does not fit together", _STAYS)
    members = "household_members"
    yield Check(members, NO_HOME, "a spell does not begin where the one before ends: two homes, or none", _CHANGES)
    yield Check(members, NO_HOME, "the spells do not cover the live years in which the person is observed", _OUTSIDE)
    text = f"a child under {AGE_ON_ONES_OWN} lives in a private household without anybody of that age"
    yield Check(members, CHILD_ALONE, text, _ALONE)
    yield Check("households", EMPTY_HOUSEHOLD, "nobody lives there, always or for some days", _NOBODY)
    yield Check("households", EMPTY_HOUSEHOLD, "dates or size differ from those of the members", _OTHER_SIZE)
    yield Check("unions", TWO_UNIONS, "the person has two partners at a time", _OVERLAP)
    yield Check("births", NO_BIRTH, "births and the persons who entered by birth differ", _BIRTHS)
    yield Check("births", NO_MOTHER, "the mother is no woman who was in the run on that day", _MOTHERS)
    yield Check("births", NO_MOTHER, "relations do not name the same parents", _PARENTS_OF_BIRTHS)
    yield Check("relations", NO_TREE, "a parent is not born before the child", _YOUNG_PARENTS)
    yield Check("relations", NO_TREE, "there are two mothers or two fathers", _TWO_PARENTS)
    yield Check("relations", ONE_SIDED, "the partner does not have the person as partner", _ONE_SIDED)
