"""Children who are born: published shares of twins and boys, and keys of their own."""

from __future__ import annotations

import numpy as np
import pytest

from abmsim.population.births import BirthPatterns, newborn_keys, read_births, twins_and_sexes
from abmsim.randomness import keys
from abmsim.stats.catalogue import Catalogue

BIRTHS = 300_000


@pytest.fixture(scope="module")
def patterns(catalogue: Catalogue) -> BirthPatterns:
    return read_births(catalogue)


def test_twins_and_boys_are_as_common_as_published(patterns):
    children, sexes = twins_and_sexes(keys(1, np.arange(BIRTHS)), np.ones(BIRTHS, dtype=np.int64), patterns, seed=1)
    assert len(sexes) == children.sum()
    assert abs((children == 2).mean() - patterns.twins) < 4 * np.sqrt(patterns.twins / BIRTHS)
    assert abs((sexes == 1).mean() - patterns.boys) < 4 * 0.5 / np.sqrt(len(sexes))


def test_a_birth_does_not_depend_on_the_others(patterns):
    mothers, order = keys(1, np.arange(2000)), np.arange(2000) % 3 + 1
    children, sexes = twins_and_sexes(mothers, order, patterns, seed=1)
    first = np.cumsum(children) - children
    for row in (0, 17, 1999):
        one, sex = twins_and_sexes(mothers[[row]], order[[row]], patterns, seed=1)
        assert one[0] == children[row]
        assert sex.tolist() == sexes[first[row] : first[row] + children[row]].tolist()


def test_children_of_one_mother_have_keys_of_their_own():
    mothers = np.repeat(keys(1, np.arange(100)), 5)
    assert len(np.unique(newborn_keys(mothers, np.tile(np.arange(1, 6), 100)))) == 500
