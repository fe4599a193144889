"""Where residents lived on a day, and which municipality is responsible for their support."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from abmsim.engine.lives import Lives

BY_THE_CENTRE = ("sheltered_living", "shelter", "emergency_shelter", "other_shelter")
"""Products for which the centre municipality decides and pays, for residents of its whole region."""

_DAYS = np.int64(1) << np.int64(20)
"""More than there are days in a run: person * _DAYS + day puts spells in order of both."""


class Residence:
    """Finds where a resident lived: `place(person, day)`."""

    def __init__(self, lives: Lives) -> None:
        spells = lives.membership
        self._spell = spells.person.astype(np.int64) * _DAYS + spells.from_day
        self._place = lives.households.municipality[spells.household].astype(np.int64)
        self._person = spells.person

    def place(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """int64[k]: index of the municipality among the run's places on that day; before the live years, where they
        lived when these began."""
        spell = np.searchsorted(self._spell, person.astype(np.int64) * _DAYS + day, side="right") - 1
        spell = np.maximum(spell, 0)
        before = self._person[spell] != person
        return self._place[np.where(before, np.minimum(spell + 1, len(self._place) - 1), spell)]


class Responsible:
    """The municipality responsible for rows of support: where the person lives, or the centre municipality.

    `places` are the codes of the run's places, `centre` maps codes to that of the centre municipality.
    """

    def __init__(self, residence: Residence, places: Sequence[str], centre: Mapping[str, str]) -> None:
        self._residence = residence
        self.codes = sorted({*places, *(centre.get(code, code) for code in places)})
        self._own = np.array([self.codes.index(code) for code in places], dtype=np.int32)
        self._centre = np.array([self.codes.index(centre.get(code, code)) for code in places], dtype=np.int32)

    def municipality(self, person: np.ndarray, day: np.ndarray, by_the_centre: np.ndarray) -> np.ndarray:
        """int32[k]: index into `codes` for each row; `by_the_centre` bool[k]."""
        place = self._residence.place(person, day)
        return np.where(by_the_centre, self._centre[place], self._own[place]).astype(np.int32)
