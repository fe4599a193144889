"""How long couples of the base date are together, if unions begin and end as the live rates say.

Women are followed from age to age. Couples part at the rates of `separation_rate` (before 40 as much less often as the
cohort of the woman did) and end by the death of the partner; so many begin, marry, get children and see the last one
leave that the published shares of the next age come out. Those shares are of today: more of the older generations had
a partner when they were young, so many that the published chance of a new partner after 40 is enough.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import (
    MARRIED,
    UNMARRIED,
    Shares,
    at_home_share,
    gap_years,
    shares_by_sex,
    shares_of,
)
from abmsim.stats.recipes_lifecourse_separations import CLASSES
from abmsim.stats.recipes_lives_cohorts import BASE_YEAR, new_partners, separations_of_cohort
from abmsim.stats.recipes_mortality import LAST_AGE

NONE, OWN, BROUGHT = CHILDREN = ("none", "own", "brought")
"""Children at home: none, born into the union, or one partner's when the union began."""

FIRST_AGE, LAST_GROUP = 16, 90
LEAST = 0.0005
_YOUNGEST_LEAVER = 19
"""Years together, at least, of whose last common child leaves home."""

_LAST_BROUGHT_YEARS = 5
"""The same for children who were there before."""

_POSITIONS = {"no": UNMARRIED, "yes": MARRIED}
_AGE_OF_THE_FACTS = 40
"""How many women of a cohort had seen a union end is published for this age; later the rates of today hold."""

_MOST_WITH_PARTNER = 0.93
"""As many as ever live with a partner."""

_ROUNDS, _NEAR = 8, 0.005

Stock = dict[int, float]
"""Women by years together."""


def years_together(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of couples by the woman's age and by marriage: shares by children at home and years together."""
    rows, figures = [], _Figures(catalogue)
    for group in range(15, LAST_GROUP + 1, 5):
        last = group + 4 if group < LAST_GROUP else LAST_AGE
        lives = _lives(figures, BASE_YEAR - group - 2, last)
        ages = [couples for age, couples in lives.items() if age >= group]
        label = f"{group}-{group + 4}" if group < LAST_GROUP else f"{group}+"
        for married in ("no", "yes"):
            numbers: dict[tuple[str, int], float] = {}
            for couples in ages:
                for (state, children), stock in couples.stock.items():
                    for years, number in stock.items() if state == married else ():
                        numbers[children, years] = numbers.get((children, years), 0.0) + number
            rows += _rows({"age": label, "married": married}, numbers)
    return rows


def _rows(cell: Mapping[str, str], numbers: Mapping[tuple[str, int], float]) -> list[dict[str, str]]:
    total = sum(numbers.values())
    kept = {at: number for at, number in numbers.items() if number >= LEAST * total}
    total = sum(kept.values())
    order = sorted(kept, key=lambda at: (CHILDREN.index(at[0]), at[1]))
    return [{**cell, "children": at[0], "years": str(at[1]), "share": f"{kept[at] / total:.5f}"} for at in order]


@dataclass(slots=True)
class _Couples:
    """Women of one age with a partner, per woman of that age, by (married, children) and years together."""

    stock: dict[tuple[str, str], Stock] = field(
        default_factory=lambda: {(married, children): {} for married in ("no", "yes") for children in CHILDREN}
    )

    def total(self, married: str, *children: str) -> float:
        return sum(sum(self.stock[married, kind].values()) for kind in children)

    def all(self) -> float:
        return sum(self.total(married, *CHILDREN) for married in _POSITIONS)

    def move(self, origin: tuple[str, str], target: tuple[str, str], share: float, least: int = 0) -> None:
        """So many of those together for `least` years change their state."""
        for years, number in list(self.stock[origin].items()):
            if years >= least and share > 0:
                self.stock[origin][years] = number * (1 - share)
                self.stock[target][years] = self.stock[target].get(years, 0.0) + number * share


def _lives(figures: _Figures, cohort: int, last: int) -> dict[int, _Couples]:
    """The couples of women of each age up to `last`, living as those born in `cohort`; in numbers of residents."""
    found, missing = _ages(figures, cohort, last, 1.0)
    low, high = 1.0, _MOST_WITH_PARTNER / figures.with_partner(float(_AGE_OF_THE_FACTS))
    for _ in range(_ROUNDS if missing > 0 else 0):
        found, missing = _ages(figures, cohort, last, (low + high) / 2)
        low, high = ((low + high) / 2, high) if missing > 0 else (low, (low + high) / 2)
    return found


def _ages(figures: _Figures, cohort: int, last: int, more: float) -> tuple[dict[int, _Couples], float]:
    """(couples of each age, how many are missing at the last one); `more` times as many had a partner before 40.

    From then on as many unions begin as the published chance of a new partner says, or fewer if that is too many.
    """
    couples, found, missing = _Couples(), {}, 0.0
    for age in range(FIRST_AGE, last):
        couples = figures.a_year_later(couples, age, cohort)
        left, wanted = couples.all(), figures.with_partner(age + 1.0)
        begun = max(min(wanted * more, max(wanted, _MOST_WITH_PARTNER)) - left, 0.0)
        if age >= _AGE_OF_THE_FACTS:
            found_one = (1 - left) * -math.expm1(-figures.new_partner(age))
            begun = found_one if more > 1 else min(max(wanted - left, 0.0), found_one)
        _begin(couples, begun, figures.brought(age))
        _marry(couples, figures.share(age + 1.0, *MARRIED) / wanted)
        for married, names in _POSITIONS.items():
            parents = figures.share(age + 1.0, names[1]) / max(figures.share(age + 1.0, *names), 1e-9)
            _have_children(couples, married, couples.total(married, *CHILDREN) * parents)
        found[age + 1] = figures.weighted(couples, age + 1)
        missing = wanted - couples.all()
    return found, missing - _NEAR


def _begin(couples: _Couples, number: float, brought: float) -> None:
    couples.stock["no", NONE][0] = number * (1 - brought)
    couples.stock["no", BROUGHT][0] = number * brought


def _marry(couples: _Couples, wanted: float) -> None:
    """As many as it takes for the wanted share of couples, from all unmarried alike."""
    unmarried, married = (couples.total(state, *CHILDREN) for state in ("no", "yes"))
    missing = wanted * (unmarried + married) - married
    for children in CHILDREN:
        couples.move(("no", children), ("yes", children), missing / max(unmarried, 1e-9))


def _have_children(couples: _Couples, married: str, wanted: float) -> None:
    """First children, or the last one leaving home, until `wanted` have children at home."""
    missing = wanted - couples.total(married, OWN, BROUGHT)
    if missing > 0:
        couples.move((married, NONE), (married, OWN), missing / max(couples.total(married, NONE), 1e-9))
        return
    sources = ((OWN, _YOUNGEST_LEAVER), (BROUGHT, _LAST_BROUGHT_YEARS))
    free = sum(
        number for kind, least in sources for years, number in couples.stock[married, kind].items() if years >= least
    )
    for kind, least in sources:
        couples.move((married, kind), (married, NONE), min(-missing / max(free, 1e-9), 1.0), least)


class _Figures:
    """The rates by which unions end, and who brings children into one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.parting = {
            (row["together"], age, row["married"], row["is_parent"]): float(row["rate"])
            for row in catalogue.rows("separation_rate") for age in ages_of(row["age"])
        }  # fmt: skip
        self.class_of = {year: name for name, years in CLASSES.items() for year in years}
        self.deaths, self.gap = catalogue.table("death_rate"), round(gap_years(catalogue))
        self.women = catalogue.table("residents_nl_by_age_sex")
        assumed = catalogue.table("life_assumptions")
        self.less = assumed.value(assumption="single_parents_who_find_a_partner_against_others")
        self.lone = {sex: cache(_lone_parents(catalogue, sex)) for sex in ("female", "male")}
        self.share: Shares = cache(partial(shares_by_sex(catalogue), "female"))
        self.new_partner = cache(partial(new_partners, catalogue, "female"))
        self.level = cache(partial(separations_of_cohort, catalogue))

    def with_partner(self, age: float) -> float:
        return self.share(age, *MARRIED, *UNMARRIED)

    def a_year_later(self, couples: _Couples, age: int, cohort: int) -> _Couples:
        """Those still together; `age` the woman's at the beginning of the year."""
        after = _Couples()
        level = self.level(cohort) if age < _AGE_OF_THE_FACTS else 1.0
        widowing = self.deaths.value(age=str(min(age + self.gap, LAST_AGE)), sex="male")
        for (married, children), stock in couples.stock.items():
            parent = "no" if children == NONE else "yes"
            for years, number in stock.items():
                rate = level * self.parting[self.class_of[min(years, 99)], age, married, parent]
                after.stock[married, children][years + 1] = number * math.exp(-rate - widowing)
        return after

    def brought(self, age: int) -> float:
        """Share of new unions of women of an age to which she or the partner brings children."""
        theirs = (self.lone["female"](age), self.lone["male"](age + self.gap))
        shares = [self.less * lone / (self.less * lone + 1 - lone) for lone in theirs]
        return 1 - (1 - shares[0]) * (1 - shares[1])

    def weighted(self, couples: _Couples, age: int) -> _Couples:
        women = self.women.value(year="2021", age=str(min(age, 99)), sex="female")
        return _Couples({
            cell: {years: number * women for years, number in stock.items()} for cell, stock in couples.stock.items()
        })  # fmt: skip


def _lone_parents(catalogue: Catalogue, sex: str) -> Shares:
    """Share of single parents among those who may seek a partner, by age; who lives with parents seeks less."""
    share, both, at_home = shares_by_sex(catalogue), shares_of(catalogue), at_home_share(catalogue)
    seeking = catalogue.table("union_assumptions").value(assumption="seeking_at_home")

    def lone(age: float) -> float:
        home = at_home(age + 0.5, sex)
        alone = 1 - home - share(sex, age + 0.5, *MARRIED, *UNMARRIED) - both(age + 0.5, "institution")
        return share(sex, age + 0.5, "single_parent") / max(alone + seeking * home, 0.01)

    return lone


RECIPES = {"years_together": years_together}
