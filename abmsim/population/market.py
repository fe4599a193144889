"""The monthly partner market: who of those who look for a partner find each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.draws import key_of
from abmsim.population.gaps import GAPS, gap_quantiles, gap_shares
from abmsim.population.line_matching import nearest_pairs
from abmsim.population.rounding import on_grid
from abmsim.population.sexes import FEMALE
from abmsim.randomness import mix, name_key, uniform
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import SEXES

MIXED, TWO_WOMEN, TWO_MEN = 0, 1, 2
_PER_YEAR = 1_000_000
"""Ages on the line are whole numbers of a millionth of a year, so that they are exact wherever a group stands."""

_BETWEEN_GROUPS = 1000 * _PER_YEAR
"""Groups that may not meet stand so far apart on the line."""

_GROUPS_OF_A_MARKET = 8
"""Three levels of education or none, times children or none."""

_GROUPS_OF_A_PLACE = 32


@dataclass(frozen=True, slots=True)
class MarketPatterns:
    """What the market draws on.

    `own_sex` float64[sexes]: share who look for their own sex. `gaps` int8[3, 65536]: quantiles of the wished age of
    the partner less the asker's own in years of birth (a woman and a man, two women, two men). `same_education`,
    `same_children`: shares who take only somebody with the same level, or the same having of children. `reach_first`,
    `reach_more`, `reach_most`: years from the wish that are near enough at first, more each month of waiting, at most.
    """

    own_sex: np.ndarray
    gaps: np.ndarray
    same_education: float
    same_children: float
    reach_first: float
    reach_more: float
    reach_most: float


def read_market(catalogue: Catalogue, widest_gap: int) -> MarketPatterns:
    """The patterns from their cards; `widest_gap` in years (assumption `widest_age_gap`)."""
    assumed = {row["assumption"]: float(row["value"]) for row in catalogue.rows("partner_market_assumptions")}
    shares = gap_shares(catalogue, widest_gap)
    either_way = (shares + shares[::-1]) / 2
    two_men = _with_large_gaps(either_way, catalogue, widest_gap)
    return MarketPatterns(
        own_sex=np.array([catalogue.table("same_sex_seekers").value(sex=sex) for sex in SEXES]),
        gaps=np.stack([gap_quantiles(shares), gap_quantiles(either_way), gap_quantiles(two_men)]),
        same_education=catalogue.table("education_homogamy").value(strength="same_level_only"),
        same_children=assumed["take_the_same_having_of_children"],
        reach_first=assumed["years_from_the_wish_at_first"],
        reach_more=assumed["years_from_the_wish_more_a_month"],
        reach_most=assumed["years_from_the_wish_at_most"],
    )


def _with_large_gaps(shares: np.ndarray, catalogue: Catalogue, widest: int) -> np.ndarray:
    """Gap shares in which the published classes of large gaps are as published, the others keep their proportions."""
    found, published = shares.copy(), np.zeros(len(GAPS), dtype=bool)
    for (label,), percent in catalogue.table("age_gap_of_two_men").cells.items():
        low, high = (int(label[:-1]), widest) if label.endswith("+") else map(int, label.split("-"))
        inside = (np.abs(GAPS) >= low) & (np.abs(GAPS) <= high)
        found[inside] = percent / 100 / inside.sum()
        published |= inside
    found[~published] *= (1 - found[published].sum()) / found[~published].sum()
    return on_grid(found)


def seeks_own_sex(key: np.ndarray, sex: np.ndarray, patterns: MarketPatterns, seed: int) -> np.ndarray:
    """bool[k]: who looks for a partner of their own sex; for life, by the resident's key."""
    return _draw(key, seed, "attraction") < patterns.own_sex[sex]


def pair_up(
    key: np.ndarray, sex: np.ndarray, age: np.ndarray, education: np.ndarray, has_children: np.ndarray, month: int,
    patterns: MarketPatterns, seed: int, waited_months: np.ndarray | None = None,
    mother: np.ndarray | None = None, father: np.ndarray | None = None, place: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """int32[p, 2]: rows of those who find each other this month, the woman of a woman and a man first; by their keys.

    `key` uint64[k], each once; `sex` int8[k]; `age` float64[k] exact years at the end of the month; `education`
    int8[k] 0-2, -1 unknown; `has_children` bool[k]; `month` whole months from a 1 January to the end of the month;
    `waited_months` int[k] in the market; `mother`, `father` uint64[k] keys of the parents, 0 unknown: close kin do
    not pair; `place` int[k]: only those of one place meet (all, if not given).

    The woman (of two women or two men the one whom a draw of the month chooses) wishes an age by the published
    differences, perhaps only the own level of education or having of children; the nearest to their wishes pair
    first. Nothing depends on the order of the rows.
    """
    order = np.argsort(key)
    key, sex, age, education = key[order], sex[order], age[order], education[order]
    market = np.where(seeks_own_sex(key, sex, patterns, seed), np.where(sex == FEMALE, TWO_WOMEN, TWO_MEN), MIXED)
    asks = np.where(market == MIXED, sex == FEMALE, _draw(key, seed, "asks", month) < 0.5)
    at = np.where(asks, _wished_age(key, age, market, month, patterns, seed), age)
    line = np.round(at * _PER_YEAR).astype(np.int64) + market * (_GROUPS_OF_A_MARKET * _BETWEEN_GROUPS)
    if place is not None:
        line += place[order].astype(np.int64) * (_GROUPS_OF_A_PLACE * _BETWEEN_GROUPS)
    reach = _reach(len(key), None if waited_months is None else waited_months[order], patterns)
    kin = _Kin(key, mother[order], father[order]) if mother is not None and father is not None else None
    by_level = asks & (education >= 0) & (_draw(key, seed, "own education", month) < patterns.same_education)
    by_children = asks & (_draw(key, seed, "own children", month) < patterns.same_children)
    free = np.ones(len(key), dtype=bool)
    pairs = [np.empty((0, 2), dtype=np.int64)]
    # Who takes only their like chooses first: what they leave is enough for those who take anybody.
    for level, child in ((True, True), (True, False), (False, True), (False, False)):
        rows = np.flatnonzero(free & (~asks | ((by_level == level) & (by_children == child))))
        group = level * (education[rows].astype(np.int64) + 1) * 2 + child * has_children[order][rows]
        may = kin.allows(rows) if kin is not None else None
        found = rows[nearest_pairs(line[rows] + group * _BETWEEN_GROUPS, asks[rows], reach[rows], may)]
        free[found] = False
        pairs.append(found)
    in_order = np.concatenate(pairs)
    return order[in_order[np.argsort(in_order[:, 0])]].astype(np.int32)


def _reach(n: int, waited_months: np.ndarray | None, patterns: MarketPatterns) -> np.ndarray:
    """int64[n]: how far from the wish each accepts, in units of the line."""
    waited = np.zeros(n) if waited_months is None else waited_months
    years = np.minimum(patterns.reach_first + patterns.reach_more * waited, patterns.reach_most)
    return np.round(years * _PER_YEAR).astype(np.int64)


def _draw(key: np.ndarray, seed: int, purpose: str, month: int = 0) -> np.ndarray:
    """float64[k] in (0, 1), addressed by seed, purpose, month and key."""
    base = key_of(name_key("partner market"), seed, name_key(purpose), month)
    return uniform(mix(np.full(len(key), base, dtype=np.uint64), key))


def _wished_age(
    key: np.ndarray, age: np.ndarray, market: np.ndarray, month: int, patterns: MarketPatterns, seed: int
) -> np.ndarray:
    """float64[k]: an age inside the year of birth that lies the drawn gap from the own year of birth."""
    step = (_draw(key, seed, "gap", month) * 65536).astype(np.int64)
    born = month / 12 - age
    year = np.floor(on_grid(born)) - patterns.gaps[market, step]
    return month / 12 - (year + _draw(key, seed, "time of year", month))


class _Kin:
    """Who may not pair: parent and child, and those with a parent in common."""

    __slots__ = ("_father", "_key", "_mother")

    def __init__(self, key: np.ndarray, mother: np.ndarray, father: np.ndarray) -> None:
        self._key, self._mother, self._father = key, mother, father

    def allows(self, rows: np.ndarray):
        """A test of two places in `rows`."""
        key, mother, father = (column[rows].tolist() for column in (self._key, self._mother, self._father))

        def may(a: int, b: int) -> bool:
            if mother[a] == mother[b] != 0 or father[a] == father[b] != 0:
                return False
            return key[a] not in (mother[b], father[b]) and key[b] not in (mother[a], father[a])

        return may
