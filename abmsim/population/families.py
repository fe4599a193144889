"""Children found for their parents: how many live in each family, who they are by age, and who else lives there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.ages import AGES
from abmsim.population.draws import Draws, order_of
from abmsim.population.patterns import Patterns
from abmsim.population.siblings import told_apart

_BELOW_ZERO = 20
_MOST_REPAIRS = 12


@dataclass(frozen=True, slots=True)
class ChildSlots:
    """Places for children, family by family, the youngest first.

    `family` int64[c], the family's number; `first` int64[f], its first slot; `number` int64[f], its children.
    """

    family: np.ndarray
    first: np.ndarray
    number: np.ndarray


def order_by_children(ages: np.ndarray, kind: int, patterns: Patterns, words: np.ndarray) -> np.ndarray:
    """Order of families (the parent's age int16[f]) from few children to many, as usual at that age.

    `kind` 0 couples, 1 single parents; `words` uint16[f]. The number of families of each size is fixed elsewhere.
    """
    shares = np.cumsum(patterns.children[kind], axis=1)[ages]
    draw = (words.astype(np.float64) + 0.5) / 65536
    number = (draw[:, None] > shares[:, :2]).sum(axis=1)
    below = np.where(number > 0, np.take_along_axis(shares, np.maximum(number - 1, 0)[:, None], 1)[:, 0], 0.0)
    width = patterns.children[kind][ages, number]
    within = np.clip((draw - below) / np.maximum(width, 1e-9), 0.0, 1.0)
    return order_of(((number + within) * 21_000).astype(np.uint16))


def others_per_family(places: np.ndarray, others: int, words: np.ndarray) -> np.ndarray:
    """int64[f]: members who are neither parent nor child; each family keeps at least one place for a child.

    `places` int64[f]: persons beyond the parents; `words` uint16[places.sum()].
    """
    last = np.cumsum(places) - 1
    code = words.astype(np.uint16).copy()
    code[last] = 65535
    family = np.repeat(np.arange(len(places)), places)
    candidates = np.ones(len(code), dtype=bool)
    candidates[last] = False
    rows = np.flatnonzero(candidates)
    taken = rows[order_of(code[rows])[:others]]
    return np.bincount(family[taken], minlength=len(places))


def child_slots(number: np.ndarray) -> ChildSlots:
    """The slots of families with these numbers of children, int64[f]."""
    family = np.repeat(np.arange(len(number)), number)
    return ChildSlots(family, np.cumsum(number) - number, number)


def child_ages(
    slots: ChildSlots, mother_age: np.ndarray, children: np.ndarray, patterns: Patterns, draws: Draws
) -> np.ndarray:
    """int16[c]: an age for each slot, so that the children of the municipality are exactly `children` int64[ages].

    Each family wishes a child of an age that fits the mother's (`mother_age` int16[f]: of a lone father, his less
    the usual difference) and brothers and sisters at the usual distance; the children there are go to these
    wishes in the order of age.
    """
    wish, words = _wishes(slots, mother_age, patterns, draws)
    code = (np.clip(wish, -_BELOW_ZERO, AGES - 1) + _BELOW_ZERO).astype(np.uint16) * 512 + (words >> 7)
    ages = np.empty(len(wish), dtype=np.int16)
    ages[order_of(code)] = np.repeat(np.arange(AGES, dtype=np.int16), children)
    youngest, oldest = int(patterns.assumed["youngest_mother"]), int(patterns.assumed["oldest_mother"])
    ages = _youngest_first(repaired(ages, mother_age[slots.family], youngest, oldest, draws), slots)
    twins = _is_twin(slots, wish)
    return told_apart(ages, slots.family, twins, mother_age[slots.family], (youngest, oldest), draws)


def _wishes(
    slots: ChildSlots, mother_age: np.ndarray, patterns: Patterns, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    families = draws.words("age of a child", len(slots.number))
    words = draws.words("brothers and sisters", len(slots.family))
    age = patterns.child_age[mother_age, families[:, 0] >> 6].astype(np.int32)
    older = np.cumsum(patterns.spacing[words[:, 0]], dtype=np.int32)
    distance = older - older[slots.first][slots.family]
    # The drawn child is any of the family's, but not so late in the row that the youngest is not yet born.
    born = np.add.reduceat((distance <= age[slots.family]).astype(np.int64), slots.first)
    rank = np.minimum((families[:, 1].astype(np.int64) * slots.number) >> 16, born - 1)
    anchor = distance[slots.first + rank]
    return (age - anchor)[slots.family] + distance, words[:, 1]


def repaired(ages: np.ndarray, mother_age: np.ndarray, youngest: int, oldest: int, draws: Draws) -> np.ndarray:
    """Ages with swaps between families where a mother would be under `youngest` or over `oldest` at the birth.

    The children of the families concerned and a growing random part of the others are dealt out anew in the
    order of the mothers' ages, which meets the limits whenever the children can meet them at all.
    """
    reserve = np.zeros(0, dtype=np.int64)
    for attempt in range(_MOST_REPAIRS):
        age_at_birth = mother_age - ages
        wrong = np.flatnonzero((age_at_birth < youngest) | (age_at_birth > oldest))
        if len(wrong) == 0:
            return ages
        if attempt == 0:
            reserve = draws.shuffled("swaps of children", len(ages))
        part = reserve[: 4 * len(wrong) << attempt]
        rows = np.unique(np.concatenate([wrong, part]))
        by_mother = rows[order_of(mother_age[rows])]
        ages = ages.copy()
        ages[by_mother] = np.sort(ages[rows])
        if len(rows) == len(ages):
            break
    return ages


def _is_twin(slots: ChildSlots, wish: np.ndarray) -> np.ndarray:
    """bool[c]: the wish was to be as old as the sibling in the slot before."""
    twins = np.zeros(len(wish), dtype=bool)
    twins[1:] = (wish[1:] == wish[:-1]) & (slots.family[1:] == slots.family[:-1])
    return twins


def _youngest_first(ages: np.ndarray, slots: ChildSlots) -> np.ndarray:
    """Ages in order again inside the families where swaps disturbed it."""
    disturbed = np.flatnonzero((ages[1:] < ages[:-1]) & (slots.family[1:] == slots.family[:-1]))
    wrong = np.zeros(len(slots.number), dtype=bool)
    wrong[slots.family[disturbed]] = True
    rows = np.flatnonzero(wrong[slots.family])
    ages = ages.copy()
    ages[rows] = ages[rows][np.lexsort((ages[rows], slots.family[rows]))]
    return ages
