"""Shares of origins among the adults of each municipality: with their children they give the published ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.places import Place
from abmsim.population.rounding import on_grid
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import ORIGINS

_PARENT_AGE = 40
_OLD_AGE = 65


@dataclass(frozen=True, slots=True)
class OriginShares:
    """`cumulated`, `mixed` float64[2 * places, origins]: cumulated shares of adults below `old_age` (even rows) and
    above (odd rows), and of partners who are met whatever their origin; `same` float64[origins]: the chance of a
    partner of the same origin by choice; `at_18`, `at_45` float64[origins]: shares born abroad."""

    cumulated: np.ndarray
    mixed: np.ndarray
    same: np.ndarray
    at_18: np.ndarray
    at_45: np.ndarray
    arrival_age: float
    arrival_spread: float
    old_age: int = _OLD_AGE

    def born_abroad(self, origin: np.ndarray, age: np.ndarray) -> np.ndarray:
        """float64[n]: the chance that somebody of an origin and age was born abroad."""
        part = np.clip((age - 18) / 27, 0.0, 1.0)
        return on_grid(self.at_18[origin] + part * (self.at_45[origin] - self.at_18[origin]))


def origin_shares(places: tuple[Place, ...], catalogue: Catalogue) -> OriginShares:
    """For these places, from their cards."""
    assumed = {row["assumption"]: float(row["value"]) for row in catalogue.rows("life_assumptions")}
    at_18, at_45 = (np.array([_abroad(assumed, origin, age) for origin in ORIGINS]) for age in (18, 45))
    same = np.array([assumed[f"partner_of_same_origin_{origin}"] for origin in ORIGINS])
    adults = _adults(places, catalogue, assumed, same, at_18, at_45)
    mixed = adults * (1 - same)
    return OriginShares(
        cumulated=_cumulated(adults), mixed=_cumulated(mixed), same=same, at_18=at_18, at_45=at_45,
        arrival_age=assumed["mean_age_at_arrival"], arrival_spread=assumed["spread_of_age_at_arrival"],
    )  # fmt: skip


def _cumulated(shares: np.ndarray) -> np.ndarray:
    return on_grid(np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1))


def _kind(origin: str) -> str:
    return "western" if origin == "western" else "non_western"


def _abroad(assumed: dict[str, float], origin: str, age: int) -> float:
    if origin == "netherlands":
        return 0.0
    return assumed[f"born_abroad_at_{age}_{origin if age == 18 else _kind(origin)}"]


def _adults(
    places: tuple[Place, ...], catalogue: Catalogue, assumed: dict[str, float], same: np.ndarray, at_18: np.ndarray,
    at_45: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """float64[2 * places, origins]: shares among adults; children have an origin if a parent was born abroad."""
    cells = catalogue.table("origin_by_municipality_2020").cells
    published = np.array([[cells[(place.code, origin)] / 100 for origin in ORIGINS[1:]] for place in places])
    children, old = _composition(places, catalogue)
    abroad = at_18 + (_PARENT_AGE - 18) / 27 * (at_45 - at_18)
    # One of two parents born abroad is enough: with few partners of the same origin more children have it.
    of_children = (abroad * (2 - same))[1:]
    less = np.array([assumed[f"origin_share_from_65_{_kind(origin)}"] for origin in ORIGINS[1:]])
    young = 1 - children - old
    level = published / (young[:, None] + old[:, None] * less + children[:, None] * of_children)
    shares = np.stack([level, level * less], axis=1).reshape(-1, len(ORIGINS) - 1)
    shares = shares / np.maximum(1.0, shares.sum(axis=1, keepdims=True))
    return np.concatenate([1 - shares.sum(axis=1, keepdims=True), shares], axis=1)


def _composition(places: tuple[Place, ...], catalogue: Catalogue) -> tuple[np.ndarray, np.ndarray]:
    """(share of children at home, share from 65 on), float64[places], in private households."""
    row_of = {place.code: row for row, place in enumerate(places)}
    numbers = np.zeros((len(places), 3))
    for row in catalogue.rows("household_positions_2020"):
        if (place := row_of.get(row["municipality_code"])) is not None:
            everybody = sum(int(value) for key, value in row.items() if key not in ("municipality_code", "age"))
            is_old = int(row["age"].split("-")[0].rstrip("+")) >= _OLD_AGE
            numbers[place] += everybody, int(row["child_at_home"]), everybody if is_old else 0
    return numbers[:, 1] / numbers[:, 0], numbers[:, 2] / numbers[:, 0]
