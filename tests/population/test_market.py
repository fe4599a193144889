"""The partner market: nobody twice, published differences in age, no close kin, the same whatever the order of rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from abmsim.population.gaps import GAPS, gap_shares
from abmsim.population.market import MarketPatterns, pair_up, read_market, seeks_own_sex
from abmsim.randomness import keys, uniform
from abmsim.stats.catalogue import Catalogue

WIDEST_GAP = 30
MONTH = 7


@pytest.fixture(scope="module")
def patterns(catalogue: Catalogue) -> MarketPatterns:
    return read_market(catalogue, WIDEST_GAP)


@dataclass(frozen=True)
class Pool:
    key: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    education: np.ndarray
    has_children: np.ndarray

    def rows(self, rows: np.ndarray) -> Pool:
        return Pool(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def pairs(self, patterns: MarketPatterns, seed: int = 1, **more) -> np.ndarray:
        return pair_up(
            self.key, self.sex, self.age, self.education, self.has_children, MONTH, patterns, seed, **more
        )


def draw(n: int, purpose: int) -> np.ndarray:
    return uniform(keys(purpose, np.arange(n)))


def pool_of(n: int, catalogue: Catalogue) -> Pool:
    """As many men as women, of the ages that the women wish."""
    sex = (np.arange(n) % 2).astype(np.int8)
    cumulated = np.cumsum(gap_shares(catalogue, WIDEST_GAP))
    gap = GAPS[np.searchsorted(cumulated / cumulated[-1], draw(n, 2))]
    age = 35 + 25 * draw(n, 1) + np.where(sex == 1, gap, 0)
    education = np.floor(3 * draw(n, 3)).astype(np.int8)
    return Pool(keys(9, np.arange(n)), sex, age, education, draw(n, 4) < 0.3)


@pytest.fixture(scope="module")
def pool(catalogue: Catalogue) -> Pool:
    return pool_of(6000, catalogue)


def test_nobody_is_in_two_pairs_and_most_are_in_one(pool, patterns):
    pairs = pool.pairs(patterns)
    assert len(np.unique(pairs)) == pairs.size > 0.75 * len(pool.key)


def test_the_differences_in_age_are_the_published_ones(pool, patterns, catalogue):
    woman, man = mixed(pool, pool.pairs(patterns)).T
    born = np.floor(MONTH / 12 - pool.age)
    gap = born[woman] - born[man]
    shares = gap_shares(catalogue, WIDEST_GAP)
    for low, high in ((-30, -5), (-4, -1), (0, 0), (1, 4), (5, 9), (10, 30)):
        published = shares[(GAPS >= low) & (GAPS <= high)].sum()
        found = ((gap >= low) & (gap <= high)).mean()
        # Wish and partner may lie in neighbouring years of birth: a percentage point at a border of two classes.
        assert abs(found - published) < 3 * np.sqrt(published * (1 - published) / len(gap)) + 0.01, (low, high)


def mixed(pool: Pool, pairs: np.ndarray) -> np.ndarray:
    found = pairs[pool.sex[pairs[:, 0]] != pool.sex[pairs[:, 1]]]
    assert (pool.sex[found[:, 0]] == 0).all()
    return found


def test_more_couples_than_by_chance_have_the_same_level(pool, patterns):
    woman, man = mixed(pool, pool.pairs(patterns)).T
    expected = patterns.same_education + (1 - patterns.same_education) / 3
    found = (pool.education[woman] == pool.education[man]).mean()
    # Who insists on the own level waits a little more often than the others.
    assert abs(found - expected) < 0.03


def test_the_published_share_looks_for_the_own_sex(patterns):
    n = 200_000
    sex = (np.arange(n) % 2).astype(np.int8)
    found = seeks_own_sex(keys(5, np.arange(n)), sex, patterns, seed=3)
    for of_sex in (0, 1):
        share = patterns.own_sex[of_sex]
        assert abs(found[sex == of_sex].mean() - share) < 4 * np.sqrt(share / (n / 2))


def test_who_looks_for_the_own_sex_pairs_with_each_other(pool, patterns):
    some = replace(patterns, own_sex=np.array([0.5, 0.5]))
    pairs = pool.pairs(some)
    own = seeks_own_sex(pool.key, pool.sex, some, 1)
    assert (own[pairs[:, 0]] == own[pairs[:, 1]]).all()
    assert ((pool.sex[pairs[:, 0]] == pool.sex[pairs[:, 1]]) == own[pairs[:, 0]]).all()


def test_the_order_of_the_rows_does_not_matter(pool, patterns):
    shuffled = np.argsort(draw(len(pool.key), 6))
    pairs, others = pool.pairs(patterns), pool.rows(shuffled).pairs(patterns)
    assert (pool.key[pairs] == pool.key[shuffled][others]).all()


def test_whole_years_of_age_do_not_matter_either(pool, patterns):
    whole = replace(pool, age=np.floor(pool.age))
    shuffled = np.argsort(draw(len(pool.key), 6))
    pairs, others = whole.pairs(patterns), whole.rows(shuffled).pairs(patterns)
    assert (whole.key[pairs] == whole.key[shuffled][others]).all()


def test_newcomers_of_other_ages_change_no_pair(pool, patterns):
    young, old = pool.age < 44, pool.age > 48
    alone = pool.rows(np.flatnonzero(young))
    both = pool.rows(np.flatnonzero(young | old))
    steady = replace(patterns, gaps=patterns.gaps * 0)
    before = {tuple(alone.key[pair]) for pair in alone.pairs(steady)}
    after = {tuple(both.key[pair]) for pair in both.pairs(steady)}
    assert before <= after


def test_one_newcomer_changes_few_pairs(pool, patterns):
    before = {tuple(pool.key[1:][pair]) for pair in pool.rows(np.arange(1, len(pool.key))).pairs(patterns)}
    after = {tuple(pool.key[pair]) for pair in pool.pairs(patterns)}
    assert len(before - after) < 0.02 * len(before)


def test_each_place_has_a_market_of_its_own(pool, patterns):
    place = np.arange(len(pool.key)) % 7
    together = pool.pairs(patterns, place=place)
    assert (place[together[:, 0]] == place[together[:, 1]]).all()
    alone = pool.rows(np.flatnonzero(place == 3))
    here = together[place[together[:, 0]] == 3]
    assert (alone.key[alone.pairs(patterns)] == pool.key[here]).all()


def test_who_waits_long_takes_who_is_further_from_the_wish(catalogue, patterns):
    few = pool_of(40, catalogue)
    first = few.pairs(patterns)
    later = few.pairs(patterns, waited_months=np.full(40, 60))
    assert len(later) > len(first)


def test_close_kin_do_not_pair(patterns):
    straight = replace(patterns, own_sex=np.zeros(2), gaps=patterns.gaps * 0, reach_first=5.0, same_education=0.0)
    pair = Pool(
        np.array([11, 22], dtype=np.uint64), np.array([0, 1], dtype=np.int8), np.array([30.0, 30.2]),
        np.array([1, 1], dtype=np.int8), np.array([False, False]),
    )  # fmt: skip
    nobody = np.zeros(2, dtype=np.uint64)
    shared = np.array([77, 77], dtype=np.uint64)
    of_the_other = np.array([22, 0], dtype=np.uint64)
    assert pair.pairs(straight, mother=nobody, father=nobody).tolist() == [[0, 1]]
    assert pair.pairs(straight, mother=shared, father=nobody).tolist() == []
    assert pair.pairs(straight, mother=nobody, father=shared).tolist() == []
    assert pair.pairs(straight, mother=nobody, father=of_the_other).tolist() == []


@pytest.mark.parametrize("n", [0, 1])
def test_one_alone_finds_nobody(n, pool, patterns):
    assert pool.rows(np.arange(n)).pairs(patterns).shape == (0, 2)
