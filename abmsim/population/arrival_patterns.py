"""What is known of those who come to live in a municipality: how many, in which households, how old, from where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.ages import AGES, CHILD, COUPLES, OTHER, SINGLE, SINGLE_PARENT
from abmsim.population.births import share_of_boys
from abmsim.population.margins import Margins
from abmsim.population.patterns import Patterns, quantile_table
from abmsim.population.people import POSITIONS
from abmsim.population.rounding import fitted, on_grid
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import ORIGINS, SEXES

KINDS = ("immigration", "move_in")
ABROAD, INSIDE = 0, 1

FORMS = (
    (SINGLE, 0),
    *((position, 0) for position in COUPLES[:2]),
    *((position, children) for position in (*COUPLES[2:], SINGLE_PARENT) for children in (1, 2, 3)),
)
"""(position of the adults, number of children) of the households that arrive."""

ADULT = 18
_STEPS, _CHILD_STEPS = 1024, 256
_BIRTHPLACES = ("born_nl", "born_abroad")


@dataclass(frozen=True, slots=True)
class ArrivalPatterns:
    """What the arrivals of any municipality draw on; the axis of kinds follows KINDS, that of forms FORMS.

    `years` float64[y], `immigrants` float64[y]: persons a year, the country. `place` code -> row of the arrays by
    municipality: `residents` int64[places] on the base date, `share` float64[places] of the immigrants,
    `origin` float64[places, ORIGINS] cumulated. `forms` float64[kinds, forms] cumulated shares of households; `size`
    float64[kinds] persons in a household. `age` int16[kinds, forms, 1024]: quantiles of an adult's age; `child`
    int16[ages, 256]: quantiles of a minor's age by that of the mother. `female` float64[kinds, ages]: share of women
    among singles. `immigrant_origin` float64[2 * ORIGINS] cumulated, those born in the Netherlands first;
    `born_abroad` float64[ORIGINS] of the residents. `move_rate` float64[ages]: moves to another municipality per
    person-year. `youngest_parent`, `oldest_mother` years of
    age at a birth; `boys`: their share of births. `country`: gaps, same sex, distances of siblings.
    """

    years: np.ndarray
    immigrants: np.ndarray
    place: dict[str, int]
    residents: np.ndarray
    share: np.ndarray
    origin: np.ndarray
    forms: np.ndarray
    size: np.ndarray
    age: np.ndarray
    child: np.ndarray
    female: np.ndarray
    immigrant_origin: np.ndarray
    born_abroad: np.ndarray
    move_rate: np.ndarray
    youngest_parent: int
    oldest_mother: int
    boys: float
    country: Patterns


def read_arrivals(catalogue: Catalogue, margins: Margins, patterns: Patterns) -> ArrivalPatterns:
    """All patterns of arrivals from their cards."""
    assumed = {row["assumption"]: float(row["value"]) for row in catalogue.rows("arrival_assumptions")}
    rate = np.array(list(catalogue.table("move_to_other_municipality_rate").cells.values()))
    abroad = np.array(list(catalogue.table("immigrants_by_age").cells.values())).reshape(AGES, len(SEXES))
    by_age = np.stack([abroad.sum(axis=1), rate * patterns.single_age.sum(axis=0)])
    by_age /= by_age.sum(axis=1, keepdims=True)
    youngest, oldest = int(assumed["youngest_parent_of_arrivals"]), int(assumed["oldest_mother_of_arrivals"])
    child, minors = _minors(patterns, youngest, oldest)
    households, ages = zip(
        *(_households(catalogue, kind, by_age[kind], minors, patterns, assumed) for kind in range(len(KINDS))),
        strict=True,
    )
    forms = np.stack(households)
    female = np.stack([_share(abroad[:, 0], abroad.sum(axis=1)), patterns.female[SINGLE]])
    years = catalogue.table("immigration_by_year").cells
    return ArrivalPatterns(
        years=np.array([float(year) for (year,) in years]),
        immigrants=np.array(list(years.values())),
        place={place.code: row for row, place in enumerate(margins.places)},
        residents=np.array([place.population for place in margins.places]),
        share=np.array([catalogue.table("immigration_share").value(municipality_code=p.code) for p in margins.places]),
        origin=_origins_of_residents(catalogue, [place.code for place in margins.places]),
        forms=_cumulated(forms),
        size=forms @ np.array([(2 if position in COUPLES else 1) + children for position, children in FORMS]),
        age=np.stack(ages),
        child=child,
        female=on_grid(female),
        immigrant_origin=_cumulated(np.array([
            catalogue.table("immigrants_origin").value(origin=origin, birthplace=birthplace)
            for birthplace in _BIRTHPLACES for origin in ORIGINS
        ])),
        born_abroad=np.array([catalogue.table("born_abroad_by_origin").value(origin=origin) for origin in ORIGINS]),
        move_rate=rate,
        youngest_parent=youngest,
        oldest_mother=oldest,
        boys=share_of_boys(catalogue),
        country=patterns,
    )  # fmt: skip


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), 0.5), where=whole > 0)


def _cumulated(shares: np.ndarray) -> np.ndarray:
    sums = np.cumsum(shares, axis=-1)
    cumulated = on_grid(sums / sums[..., -1:])
    cumulated[..., -1] = 1.0
    return cumulated


def _minors(patterns: Patterns, youngest: int, oldest: int) -> tuple[np.ndarray, np.ndarray]:
    """(quantiles int16[ages, 256] of a minor's age by the mother's, share float64[ages] of mothers with minors)."""
    child = np.zeros((AGES, _CHILD_STEPS), dtype=np.int16)
    share = np.zeros(AGES)
    for mother in range(youngest, oldest + ADULT):
        at_home = patterns.child_age[mother]
        kept = at_home[(at_home >= mother - oldest) & (at_home <= min(mother - youngest, ADULT - 1))]
        share[mother] = len(kept) / len(at_home)
        if len(kept):
            child[mother] = kept[np.arange(_CHILD_STEPS) * len(kept) // _CHILD_STEPS]
    return child, share


def _households(
    catalogue: Catalogue, kind: int, by_age: np.ndarray, minors: np.ndarray, patterns: Patterns,
    assumed: dict[str, float],
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(share of each form float64[forms], quantiles of an adult's age int16[forms, 1024]).

    As many families as the minors among the arrivals (`by_age` float64[ages], sum 1) make, by the country's numbers
    of children; the other adults in couples or alone as residents of their age, of immigrants as assumed. Ages of
    each form: of the arrivals and of the country's residents in that position, fitted to both sums.
    """
    adults = np.where(np.arange(AGES) < ADULT, 0.0, by_age)
    residents = patterns.single_age.copy()
    # Who leaves home or a shared household arrives alone.
    residents[SINGLE] += residents[OTHER] + residents[CHILD]
    in_position = residents / residents.sum(axis=0)
    persons = _families(catalogue, by_age[:ADULT].sum())
    without = adults.sum() - persons.sum()
    pairs = np.array([(adults * in_position[position]).sum() for position in (SINGLE, *COUPLES[:2])])
    if kind == ABROAD:
        pairs[1:] *= assumed["immigrants_in_couples_without_children"] * adults.sum() / pairs[1:].sum()
        pairs[0] = without - pairs[1:].sum()
    persons[: len(pairs)] = pairs * without / pairs.sum()
    weights = np.stack([adults * in_position[position] for position, _ in FORMS]) + 1e-12 * adults
    for form, (position, children) in enumerate(FORMS):
        if children:
            parent = 1 if position == SINGLE_PARENT else 0
            weights[form] *= minors * patterns.children[parent, :, children - 1]
    ages = fitted(weights, persons, adults)
    households = persons / np.array([2 if position in COUPLES else 1 for position, _ in FORMS])
    return households / households.sum(), np.stack([quantile_table(row, np.arange(AGES), _STEPS) for row in ages])


def _families(catalogue: Catalogue, minors: float) -> np.ndarray:
    """float64[forms]: adults in families for that many minors, in the proportions of the country's families."""
    table = catalogue.table("households_by_children_2023")
    names = {position: "married" if "_married_" in POSITIONS[position] else "unmarried" for position in COUPLES}
    names[SINGLE_PARENT] = "single_parent"
    labels = {1: "1", 2: "2", 3: "3+"}
    families = np.array([
        table.value(household_type=names[position], children=labels[children]) if children else 0.0
        for position, children in FORMS
    ])  # fmt: skip
    families *= minors / (families * [children for _, children in FORMS]).sum()
    return families * [2 if position in COUPLES else 1 for position, _ in FORMS]


def _origins_of_residents(catalogue: Catalogue, codes: list[str]) -> np.ndarray:
    """float64[places, ORIGINS], cumulated; the Dutch are those whom the other origins leave."""
    table = catalogue.table("origin_by_municipality_2020").cells
    percent = np.array([[table.get((code, origin), 0.0) for origin in ORIGINS] for code in codes])
    percent[:, ORIGINS.index("netherlands")] = 100 - percent.sum(axis=1)
    return _cumulated(percent)
