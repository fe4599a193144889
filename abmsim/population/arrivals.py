"""Who comes to live in the municipalities of a run in a month: whole households, from abroad and from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abmsim.days import civil_date
from abmsim.population.arrival_patterns import KINDS, ArrivalPatterns
from abmsim.population.draws import key_of
from abmsim.population.newcomers import compose
from abmsim.randomness import mix, name_key, uniform

ENTRY_OF_KIND = np.array([2, 3], dtype=np.int8)
"""Immigration and move_in in the engine's list of ways into a run, ENTRIES."""

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Newcomers of a month, n persons in h households; members of a household stand together, its head first.

    `household` int32[n], 0..h-1; `partner`, `mother`, `father` int32[n], rows of this table or -1; `position` int8[n];
    `sex` int8[n]; `birth_day` int32[n]; `key` uint64[n]; `origin` int8[n], index into ORIGINS; `born_abroad` bool[n];
    `kind` int8[n], 2 immigration, 3 move_in; `municipality` int16[n], index into the given places; `household_key`
    uint64[h].
    """

    household: np.ndarray
    partner: np.ndarray
    mother: np.ndarray
    father: np.ndarray
    position: np.ndarray
    sex: np.ndarray
    birth_day: np.ndarray
    key: np.ndarray
    origin: np.ndarray
    born_abroad: np.ndarray
    kind: np.ndarray
    municipality: np.ndarray
    household_key: np.ndarray

    def __len__(self) -> int:
        return len(self.key)


def immigrants_expected(
    place_codes: Sequence[str], residents: np.ndarray, month_day: int, patterns: ArrivalPatterns
) -> np.ndarray:
    """float64[p]: immigrants in the month; `residents` int[p] of the run on the base date (fewer in a sample)."""
    year = civil_date(month_day)[0]
    country = np.interp(year, patterns.years, patterns.immigrants) / _MONTHS
    rows = np.array([patterns.place[code] for code in place_codes], dtype=np.int64)
    return country * patterns.share[rows] * residents / patterns.residents[rows]


def movers_expected(age: np.ndarray, municipality: np.ndarray, places: int, patterns: ArrivalPatterns) -> np.ndarray:
    """float64[places]: persons a month who leave to another municipality by the published rates.

    `age` int[n], `municipality` int[n] of the residents.
    """
    rates = patterns.move_rate[np.minimum(age, len(patterns.move_rate) - 1)]
    return np.bincount(municipality, weights=rates, minlength=places) / _MONTHS


def arriving(
    place_codes: Sequence[str], residents: np.ndarray, month_day: int, expected_movers: np.ndarray,
    patterns: ArrivalPatterns, seed: int,
) -> Arrivals:  # fmt: skip
    """Everybody who arrives on `month_day`, by place, kind and number.

    `residents` int[p], the run's residents on the base date; `expected_movers` float64[p], persons to arrive in the
    month from municipalities outside the run. Each place and kind has its own draws: the number of households is
    rounded by one (so that it is exact over the months), what they are follows from their number, not from others.
    """
    expected = np.stack([immigrants_expected(place_codes, residents, month_day, patterns), expected_movers])
    address = _addresses(place_codes, month_day)
    seeded = mix(np.full_like(address, key_of(name_key("arrivals"), seed)), address)
    wanted = expected.T / patterns.size
    number = np.floor(wanted + uniform(_with(seeded, "number"))).astype(np.int64)
    group = np.repeat(np.arange(number.size), number.ravel())
    ordinal = np.arange(len(group)) - (np.cumsum(number.ravel()) - number.ravel())[group]
    household_key = mix(address.ravel()[group], ordinal.astype(np.uint64))
    place = (group // len(KINDS)).astype(np.int16)
    rows = np.array([patterns.place[code] for code in place_codes], dtype=np.int64)
    columns = compose(
        household_key, (group % len(KINDS)).astype(np.int8), rows[place], ordinal,
        _with(seeded, "form").ravel()[group], month_day, patterns, seed,
    )  # fmt: skip
    return Arrivals(
        **columns,
        kind=ENTRY_OF_KIND[group % len(KINDS)][columns["household"]],
        municipality=place[columns["household"]],
        household_key=household_key,
    )


def _addresses(place_codes: Sequence[str], month_day: int) -> np.ndarray:
    """uint64[p, kinds]: the key of each place and kind in this month; the seed is no part of who somebody is."""
    year, month, _ = civil_date(month_day)
    places = np.array([name_key(code) for code in place_codes], dtype=np.uint64)
    base = np.array([key_of(name_key("arrival"), name_key(kind)) for kind in KINDS], dtype=np.uint64)
    both = mix(np.tile(base, (len(places), 1)), np.repeat(places[:, None], len(KINDS), axis=1))
    return mix(both, np.full_like(both, year * _MONTHS + month))


def _with(key: np.ndarray, topic: str) -> np.ndarray:
    return mix(key, np.full_like(key, name_key(topic)))
