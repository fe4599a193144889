"""Children who are born: one or two, girls or boys, and their keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.draws import key_of
from abmsim.population.sexes import FEMALE, MALE
from abmsim.randomness import mix, name_key, uniform
from abmsim.stats.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class BirthPatterns:
    """`twins`: share of deliveries of more than one child; `boys`: share of children."""

    twins: float
    boys: float


def read_births(catalogue: Catalogue) -> BirthPatterns:
    """The patterns from their cards."""
    deliveries = catalogue.table("deliveries_2020").cells
    return BirthPatterns(deliveries[("multiple",)] / sum(deliveries.values()), share_of_boys(catalogue))


def share_of_boys(catalogue: Catalogue) -> float:
    """Boys among live births."""
    births = catalogue.table("births_by_sex_2019").cells
    return births[("male",)] / sum(births.values())


def newborn_keys(mother_key: np.ndarray, birth_order: np.ndarray) -> np.ndarray:
    """uint64[b]: who is born, by the mother's key and the number of the child among hers (1 the first)."""
    return mix(mix(mother_key, np.full_like(mother_key, name_key("child"))), birth_order.astype(np.uint64))


def twins_and_sexes(
    mother_key: np.ndarray, birth_order: np.ndarray, patterns: BirthPatterns, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """(children of each delivery int8[b], their sexes int8[c], delivery by delivery).

    `mother_key` uint64[b]; `birth_order` int[b], the number of the first child of the delivery among the mother's,
    from 1 on; a twin has the next one. Deliveries of three and more count as twins; sexes of twins are independent.
    """
    child = newborn_keys(mother_key, birth_order)
    children = np.where(_draw(child, seed, "twins") < patterns.twins, 2, 1).astype(np.int8)
    delivery = np.repeat(np.arange(len(children)), children)
    second = np.zeros(len(delivery), dtype=np.int64)
    second[1:] = delivery[1:] == delivery[:-1]
    child = newborn_keys(mother_key[delivery], np.asarray(birth_order)[delivery] + second)
    return children, np.where(_draw(child, seed, "sex") < patterns.boys, MALE, FEMALE).astype(np.int8)


def _draw(key: np.ndarray, seed: int, topic: str) -> np.ndarray:
    base = key_of(name_key("births"), seed, name_key(topic))
    return uniform(mix(np.full(len(key), base, dtype=np.uint64), key))
