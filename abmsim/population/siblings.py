"""Brothers and sisters told apart: dealing out ages makes more children of one age in a family than twins are born."""

from __future__ import annotations

import numpy as np

from abmsim.population.draws import Draws

_ROUNDS = 3
_CHOICES = 10
"""Other children looked at for each one that is to change, as only one in some has the age it takes."""


def told_apart(
    ages: np.ndarray, family: np.ndarray, twins: np.ndarray, mother_age: np.ndarray, limits: tuple[int, int],
    draws: Draws,
) -> np.ndarray:  # fmt: skip
    """int16[c]: `ages` where children of the same age who are not to be `twins` swapped a year with another family.

    Slots are family by family, the youngest first; a swap leaves the children of each age as many as they were,
    the order in both families as it was, and mothers within `limits` of age at birth.
    """
    ages = ages.copy()
    for number in range(_ROUNDS):
        same = np.zeros(len(ages), dtype=bool)
        same[1:] = (ages[1:] == ages[:-1]) & (family[1:] == family[:-1]) & ~twins[1:]
        slots = np.flatnonzero(same & _may_turn(ages, family, mother_age, limits, 1))
        if len(slots) == 0:
            break
        others = np.flatnonzero(_may_turn(ages, family, mother_age, limits, -1) & ~same)
        others = others[draws.shuffled(f"told apart {number}", len(others))[: _CHOICES * len(slots)]]
        _swap(ages, family, slots, others)
    return ages


def _may_turn(
    ages: np.ndarray, family: np.ndarray, mother_age: np.ndarray, limits: tuple[int, int], years: int
) -> np.ndarray:
    """bool[c]: a year more (or less) neither meets the next sibling's age nor leaves the mother's limits."""
    at_birth = mother_age - ages - years
    # A year less must not part twins, so those keep their age.
    free = (ages + years >= 0) & (at_birth >= limits[0]) & (at_birth <= limits[1])
    neighbours = family[1:] == family[:-1]
    taken = neighbours & (ages[1:] - ages[:-1] == 1)
    if years > 0:
        # The oldest of some of one age moves on, not one between them.
        free[:-1] &= ~(taken | (neighbours & (ages[1:] == ages[:-1])))
    else:
        same = neighbours & (ages[1:] == ages[:-1])
        free[1:] &= ~(taken | same)
        free[:-1] &= ~same
    return free


def _swap(ages: np.ndarray, family: np.ndarray, slots: np.ndarray, others: np.ndarray) -> None:
    """Each slot of age a takes a year from one of the others of age a + 1; one swap a family."""
    _, single = np.unique(family[slots], return_index=True)
    slots = slots[np.sort(single)]
    _, single = np.unique(family[others], return_index=True)
    others = others[np.sort(single)]
    others = others[~np.isin(family[others], family[slots])]
    slot_ages, other_ages = ages[slots], ages[others]
    for age in np.unique(slot_ages):
        older, younger = slots[slot_ages == age], others[other_ages == age + 1]
        pairs = min(len(older), len(younger))
        ages[older[:pairs]] = age + 1
        ages[younger[:pairs]] = age
