"""Leaving home, moving, emigrating: rates from shares by age and moves by age."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import (
    ADULT,
    WITH_CHILDREN,
    at_home_share,
    shares_by_sex,
    shares_of,
    steps,
)
from abmsim.stats.recipes_lifecourse_unions import Beginnings, beginnings
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

LAST_PUBLISHED_MOVE = 73
LAST_LEAVING_AGE = 69
HEAD_OLDER = 1
"""Years by which the head is older than members of households without children, couples and singles together; of those
who emigrate most are single."""
_OLDEST_CHILD = 14
"""Older children begin to move alone; parents of older ones move less as all adults of their age do."""
ORIGIN_GROUPS = {
    "netherlands": ("netherlands",),
    "western": ("europe_excl_nl", "indonesia"),
    "suriname": ("suriname",),
    "dutch_caribbean": ("dutch_caribbean",),
    "turkey": ("turkey",),
    "morocco": ("morocco",),
    "other_non_western": (),
}
"""Published origins of 2022 by the classes of 2020; what no class names belongs to the last."""


def assumed_of_homes(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("home_assumptions").value(assumption=name)


def leaving_rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Leaves the parents for a household of one's own per year at home, by age and sex.

    The share at home falls from age to age: that much leave, net of who returns. Who leaves to live with a partner is
    taken off; nobody under 18 leaves.
    """
    leaving = _leaving(catalogue, beginnings(catalogue))
    rows = []
    for sex in SEXES:
        values = [leaving[sex, age] for age in range(ADULT, LAST_LEAVING_AGE)]
        rows += [{"age": age, "sex": sex, "rate": rate} for age, rate in steps(values, ADULT)]
    return rows


def _leaving(catalogue: Catalogue, unions: Beginnings) -> dict[tuple[str, int], float]:
    share, at_home = shares_of(catalogue), at_home_share(catalogue)
    factor = catalogue.table("union_assumptions").value(assumption="seeking_at_home")
    found = {}
    for sex in SEXES:
        before = share(12.5, "child_at_home")
        for age in range(ADULT, LAST_LEAVING_AGE):
            after = at_home(age + 1.0, sex)
            all_leaving = math.log(before / after) if after > 0 else 0.0
            found[sex, age] = max(all_leaving - factor * unions.seeking[sex, age], 0.0)
            before = after
    return found


def move_rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Moves of a household per year by age of its head and whether children live there.

    Published are persons moved by age. Children under 18 move with their parents, which gives the rate of parents; what
    is left of the adults, less leaving home and the moves of beginning and ending unions, is the others' rate.
    """
    unions = beginnings(catalogue)
    ends = assumed_of_homes(catalogue, "movers_when_a_union_ends")
    parted = {age: ends * sum(unions.parted.get((sex, age), 0.0) for sex in SEXES) / 2 for age in range(LAST_AGE + 1)}
    return _by_parenthood(
        _of_households(catalogue, _moves(catalogue), _other_moves(catalogue, unions), parted, HEAD_OLDER)
    )


def emigration_rates(catalogue: Catalogue) -> list[dict[str, str]]:
    """Emigration of a household per year by age of its head and whether children live there, at the level of 2017."""
    leaving = {age: _published(catalogue, "emigration", age) for age in range(LAST_AGE + 1)}
    return _by_parenthood(_of_households(catalogue, leaving, dict.fromkeys(leaving, 0.0), {}, 0))


def elsewhere_shares(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of moves that lead to another municipality, by age."""
    scale = _scale_between(catalogue)
    rows = []
    for age in range(LAST_PUBLISHED_MOVE + 1):
        between = _published(catalogue, "between", age) * scale
        label = str(age) if age < LAST_PUBLISHED_MOVE else f"{age}-{LAST_AGE}"
        rows.append({"age": label, "share": f"{between / (between + _published(catalogue, 'within', age)):.4f}"})
    return rows


def emigration_year_ratio(catalogue: Catalogue) -> list[dict[str, str]]:
    """Emigrants per resident of each year against the rates of 2017 for the residents of 2020; later years as 2023."""
    totals, residents = catalogue.table("migration_totals"), catalogue.table("residents_nl")
    of_2017 = _persons(catalogue, "emigration") / residents.value(year="2020")
    rows = []
    for year in totals.labels["year"]:
        rate = totals.value(year=year, direction="emigration") / residents.value(year=year)
        rows.append({"year": year if year < "2023" else "2023+", "ratio": f"{rate / of_2017:.4f}"})
    return rows


def emigration_by_origin(catalogue: Catalogue) -> list[dict[str, str]]:
    """Emigrants per resident by origin and birth abroad against all residents, 2022."""
    rows = {(row["origin"], row["born_abroad"]): row for row in catalogue.rows("emigrants_by_origin_2022")}
    total = {abroad: _counts(rows, ("total",), abroad) for abroad in ("no", "yes")}
    mean = sum(emigrants for _, emigrants in total.values()) / sum(residents for residents, _ in total.values())
    named = {name for names in ORIGIN_GROUPS.values() for name in names}
    found = []
    for origin, names in ORIGIN_GROUPS.items():
        for abroad in ("no", "yes"):
            residents, emigrants = _counts(rows, names or tuple(named), abroad)
            if not names:
                residents, emigrants = total[abroad][0] - residents, total[abroad][1] - emigrants
            elif not residents:
                residents, emigrants = _counts(rows, names, "no")
            ratio = emigrants / residents / mean
            found.append({"origin": origin, "born_abroad": abroad, "ratio": f"{ratio:.4f}"})
    return found


def _counts(
    rows: Mapping[tuple[str, str], Mapping[str, str]], names: tuple[str, ...], abroad: str
) -> tuple[float, float]:
    """Residents and emigrants of some published origins."""
    here = [rows[name, abroad] for name in names if (name, abroad) in rows]
    return sum(float(row["residents"]) for row in here), sum(float(row["emigrants"]) for row in here)


def _published(catalogue: Catalogue, kind: str, age: int) -> float:
    return catalogue.table("moves_by_age_2017").value(age=str(min(age, LAST_PUBLISHED_MOVE)), kind=kind) / 100


def _persons(catalogue: Catalogue, kind: str) -> float:
    residents = catalogue.table("residents_nl_2020_by_age").cells
    return sum(number * _published(catalogue, kind, int(age.rstrip("+"))) for (age,), number in residents.items())


def _scale_between(catalogue: Catalogue) -> float:
    """Moves between municipalities of 2020 against the rates of 2017."""
    return catalogue.table("moves_between_municipalities").value(year="2020") / _persons(catalogue, "between")


def _moves(catalogue: Catalogue) -> dict[int, float]:
    """Moves in and between municipalities per resident and year by age, those between at the level of 2020."""
    scale = _scale_between(catalogue)
    return {
        age: _published(catalogue, "within", age) + _published(catalogue, "between", age) * scale
        for age in range(LAST_AGE + 1)
    }


def _other_moves(catalogue: Catalogue, unions: Beginnings) -> dict[int, float]:
    """Moves per resident and year by age that are no move of a household: leaving home, unions, separations."""
    at_home = at_home_share(catalogue)
    leaving = _leaving(catalogue, unions)
    begins, ends = (assumed_of_homes(catalogue, f"movers_when_a_union_{what}") for what in ("begins", "ends"))
    found = {}
    for age in range(LAST_AGE + 1):
        of_sex = [
            leaving.get((sex, age), 0.0) * (at_home(age + 0.5, sex) if age >= ADULT else 0.0)
            + begins * unions.begun.get((sex, age), 0.0)
            + ends * unions.parted.get((sex, age), 0.0)
            for sex in SEXES
        ]
        found[age] = sum(of_sex) / len(of_sex)
    return found


@dataclass(frozen=True, slots=True)
class _Households:
    """Rates by age of the head, with children at home and without."""

    parents: dict[int, float]
    others: dict[int, float]


def _of_households(
    catalogue: Catalogue,
    moved: Mapping[int, float],
    other: Mapping[int, float],
    parted: Mapping[int, float],
    head_older: int,
) -> _Households:
    """`moved`, `other`: persons a year by age, all and not with a household; `parted`: those who leave a couple."""
    older = round(assumed_of_homes(catalogue, "years_older_than_a_child"))
    floor = assumed_of_homes(catalogue, "least_share_of_moves_of_the_household")
    share, at_home = shares_by_sex(catalogue), at_home_share(catalogue)
    found = _Households({}, {})
    for age in range(ADULT, LAST_AGE + 1):
        child = min(max(age - older, 0), _OLDEST_CHILD)
        later = moved[age] / moved[older + _OLDEST_CHILD] if age > older + _OLDEST_CHILD else 1.0
        found.parents[age] = max(moved[child] * later - parted.get(age, 0.0), floor * moved[child])
    for age in range(ADULT, LAST_AGE + 1):
        own = max(age - head_older, ADULT)
        of_parents = sum(share(sex, own + 0.5, *WITH_CHILDREN, "single_parent") for sex in SEXES) / 2
        home = sum(at_home(own + 0.5, sex) for sex in SEXES) / 2
        with_parents = home * found.parents[min(own + older, LAST_AGE)]
        left = moved[own] - other[own] - with_parents - of_parents * found.parents[own]
        found.others[age] = max(left, floor * moved[own] * (1 - of_parents)) / max(1 - of_parents - home, 0.02)
    return found


def _by_parenthood(rates: _Households) -> list[dict[str, str]]:
    rows = []
    for parent, of in (("no", rates.others), ("yes", rates.parents)):
        for age, rate in steps([of[age] for age in range(ADULT, LAST_PUBLISHED_MOVE)], ADULT):
            label, figure = (age, rate) if age != f"{LAST_PUBLISHED_MOVE}-{LAST_AGE}" else (age, f"{of[75]:.5f}")
            rows.append({"age": label, "is_parent": parent, "rate": figure})
    return rows
