"""Residents and households of a run on the base date, counted as the published tables count them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from abmsim.validate.opened import BASE, OpenRun
from abmsim.validate.published import SIZES

_LAST_GROUP = 95
"""The published tables end in 95 years and older."""

TYPE_OF_HOUSEHOLD = """case
        when bool_or(position like 'partner_married%') then 'couple_married'
        when bool_or(position like 'partner_unmarried%') then 'couple_unmarried'
        when bool_or(position = 'single_parent') then 'single_parent'
        when bool_or(position = 'single') then 'single_person'
        else 'other_household' end"""
"""The type of a private household, from the positions of its members."""

_LABELLED = f"""
with member as (
    select persons.municipality_code as place, households.rowid as home, kind, size, sex, position,
        date_sub('year', birth_date, {BASE}) as age
    from household_members as lived join persons using (person_id) join households using (household_id)
    where lived.from_date <= {BASE} and (lived.to_date is null or lived.to_date > {BASE})
), household as (
    select place, home, kind, size, count(*) as members, {TYPE_OF_HOUSEHOLD} as type
    from member group by all
), labelled as (
    select place, home, 'residents' as subject, 'all' as label from member
    union all select place, home, 'sex', sex from member
    union all select place, home, 'position', position from member
    union all select place, home, 'age', case when age >= {_LAST_GROUP} then '{_LAST_GROUP}+'
        else (age // 5 * 5) || '-' || (age // 5 * 5 + 4) end from member where kind = 'private'
    union all select place, home, 'household type', type from household where kind = 'private'
    union all select place, home, 'household size',
        case when size >= 5 then '{SIZES[-1]}' else cast(size as varchar) end from household where kind = 'private'
)
"""
"""Each resident and household under the labels it counts for; `home` is the household's row, shorter than its key."""

_COUNTS = "select place, subject, label, count(*), 0, 0 from labelled group by all order by all"

_CLUSTERS = """
, clustered as (
    select place, subject, label, home, count(*) as x from labelled group by all
)
select clustered.place, subject, label, sum(x), sum(x * x), sum(x * members)
from clustered join household using (home) group by all order by all
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of residents or households, with what its error needs.

    With x of a household's members (or x = 1 for the household itself) and s members in all: `count` = sum of x,
    `squares` = sum of x * x, `by_size` = sum of x * s, over households.
    """

    count: int = 0
    squares: int = 0
    by_size: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.squares + other.squares, self.by_size + other.by_size)


Tallies = Mapping[tuple[str, str, str], Tally]
"""Tallies by municipality, subject and label."""


def tallies(run: OpenRun) -> Tallies:
    """Every count of every municipality of the run, by the subjects of `published.SUBJECTS`.

    A whole place has no error of sampling: there only the counts are filled in, which is quicker.
    """
    query = _LABELLED + (_COUNTS if run.is_whole else _CLUSTERS)
    return {(row[0], row[1], row[2]): Tally(*map(int, row[3:])) for row in run.rows(query)}


def counts(run: OpenRun) -> Mapping[tuple[str, str], int]:
    """Every count of the whole run, by subject and label; without what an error needs, which takes longer."""
    total: dict[tuple[str, str], int] = {}
    for _, subject, label, count, *_ in run.rows(_LABELLED + _COUNTS):
        total[subject, label] = total.get((subject, label), 0) + count
    return total


def together(found: Tallies) -> Mapping[tuple[str, str], Tally]:
    """The tallies of all municipalities added up, by subject and label."""
    total: dict[tuple[str, str], Tally] = {}
    for (_, subject, label), tally in found.items():
        total[subject, label] = total.get((subject, label), Tally()) + tally
    return total


def sampling_error(tally: Tally, residents: Tally, share: float, sampled: float) -> float:
    """The standard error of a count in a sample of whole households.

    Members of a household are alike, so the households are what is drawn: the error is that of the ratio of the count
    to the residents (`share`: the ratio expected), with the correction for drawing the part `sampled` of a finite
    place. Zero where everybody is simulated.
    """
    scatter = tally.squares - 2 * share * tally.by_size + share * share * residents.squares
    return sqrt(max(0.0, (1 - sampled) * scatter))
