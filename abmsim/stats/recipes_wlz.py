"""Long-term care (Wlz): who is indicated, where they are cared for, and how soon they move to a nursing home.

What is known are stocks: residents of institutions by age on the base date, indications, the list of those who wait,
care at home. Flows follow from them: whoever moves to a nursing home (as the share that lives in institutions asks for
at every age) was indicated before, and in between waits or is cared for at home, where some die.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import ADULT, persons_by_position, residents_by_band, shares_of
from abmsim.stats.recipes_lifecourse_institutions import (
    AGED,
    INSIDE,
    entries_by_partner,
    in_nursing_homes,
    other_aged,
    others_grown,
    risen,
)
from abmsim.stats.recipes_limitations import limited
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

BASE_YEAR = 2020
LAW = 2015
PARTNERS = ("no", "yes")
NURSING = ("somatic", "psychogeriatric")
BASES = ("none", *NURSING, "psychiatric", "physical", "intellectual")
WAYS = ("active", "preference", "care_at_home")
"""Where somebody who is indicated can be before a nursing home; who moves in at once is in none of them."""

_OLDEST = 99
_LEVEL_FROM = 95
_TO_2023 = 3.75
"""Years from the base date to October 2023."""


@dataclass(frozen=True, slots=True)
class Before:
    """Nursing care at home: persons on the base date, and in October 2023, by way; the rate at which each moves in."""

    at_base: Mapping[str, float]
    in_2023: Mapping[str, float]
    moves_in: Mapping[str, float]
    dying: float

    def leaving(self, way: str) -> float:
        """Per person-year: moves in or dies."""
        return self.moves_in[way] + self.dying

    def at(self, way: str, years: float) -> float:
        """Persons so many years after the base date: a straight line, level after 2023."""
        part = min(years / _TO_2023, 1.0)
        return self.at_base[way] + (self.in_2023[way] - self.at_base[way]) * part


def assumed(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("wlz_assumptions").value(assumption=name)


def _fact(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("wlz_nursing_care_facts").value(fact=name)


def before(catalogue: Catalogue) -> Before:
    """Of 2023 everything is published; of the base date who had care in kind, and who waited some time later."""
    waiting = _fact(catalogue, "all_waiting_2021") * _fact(catalogue, "waiting") / _fact(catalogue, "all_waiting_2023")
    active = _fact(catalogue, "waiting_actively") / _fact(catalogue, "waiting")
    at_home = _fact(catalogue, "in_kind_2019") - _fact(catalogue, "in_nursing_home_2020")
    return Before(
        at_base={"active": active * waiting, "preference": (1 - active) * waiting, "care_at_home": at_home},
        in_2023={
            "active": _fact(catalogue, "waiting_actively"),
            "preference": _fact(catalogue, "waiting") - _fact(catalogue, "waiting_actively"),
            "care_at_home": _fact(catalogue, "at_home") - _fact(catalogue, "waiting"),
        },
        moves_in=moving_in(catalogue),
        dying=_dying_at_home(catalogue),
    )


def moving_in(catalogue: Catalogue) -> dict[str, float]:
    return {
        "active": 12 / assumed(catalogue, "months_waiting_actively"),
        "preference": 1 / assumed(catalogue, "years_waiting_by_preference"),
        "care_at_home": assumed(catalogue, "moves_in_from_care_at_home"),
    }


@dataclass(frozen=True, slots=True)
class Entries:
    """Moves to a nursing home by age: `persons` of 2020 who live at home, `rate` per year of these, by partner."""

    persons: Mapping[int, float]
    rate: Mapping[int, float]
    by_partner: Mapping[str, Sequence[float]]

    @property
    def total(self) -> float:
        return self.younger(0)

    def younger(self, years: int) -> float:
        """The moves of a year, were everybody of the base date so many years younger."""
        return sum(number * self.rate.get(age - years, 0.0) for age, number in self.persons.items())


def entries(catalogue: Catalogue) -> Entries:
    ages = range(AGED, _OLDEST + 1)
    share, residents = shares_of(catalogue), catalogue.table("residents_nl_2020_by_age")
    by_partner = {partner: _level(rates) for partner, rates in entries_by_partner(catalogue, ages).items()}
    alone = _without_partner(catalogue)
    rate = {
        age: alone(age) * by_partner["no"][at] + (1 - alone(age)) * by_partner["yes"][at] for at, age in enumerate(ages)
    }
    oldest = {label: label if label in residents.labels["age"] else f"{label}+" for label in map(str, ages)}
    persons = {age: residents.value(age=oldest[str(age)]) * (1 - share(age + 0.5, INSIDE)) for age in ages}
    return Entries(persons, rate, by_partner)


def _level(rates: Sequence[float]) -> list[float]:
    """From 95 on as at 90-94: the published share in institutions has no further age that it could rise to."""
    mean = sum(rates[_LEVEL_FROM - 5 - AGED : _LEVEL_FROM - AGED]) / 5
    return [rate if age < _LEVEL_FROM else mean for age, rate in enumerate(rates, AGED)]


def _without_partner(catalogue: Catalogue) -> Callable[[int], float]:
    """Of those at home, the share who have no partner there."""
    share = shares_of(catalogue)

    def alone(age: int) -> float:
        couples = share(
            age + 0.5, "partner_unmarried_no_children", "partner_married_no_children",
            "partner_unmarried_with_children", "partner_married_with_children",
        )  # fmt: skip
        return 1 - couples / (1 - share(age + 0.5, INSIDE))

    return alone


def _dying_at_home(catalogue: Catalogue) -> float:
    """Deaths per year of those indicated for nursing care who are still at home: as in nursing homes."""
    return catalogue.table("household_life_facts").value(fact="nursing_home_deaths_per_resident_year")


def deaths(catalogue: Catalogue) -> list[dict[str, str]]:
    """Deaths from 65 on against those of the age: of residents of nursing homes and those indicated for nursing care at
    home, at the published rate of nursing homes; and of all others, so that the deaths of an age stay the same."""
    share, residents, found = shares_of(catalogue), residents_by_band(catalogue), entries(catalogue)
    at_home = sum(before(catalogue).at_base.values())
    rows = []
    for low in (0, *range(AGED, 100, 5)):
        label = {0: f"0-{AGED - 1}", 95: f"95-{LAST_AGE}"}.get(low, f"{low}-{low + 4}")
        cared = others = 1.0
        if low:
            ages = [age for age in found.rate if age // 5 * 5 == low]
            indicated = at_home * sum(found.persons[age] * found.rate[age] for age in ages) / found.total
            part = share(low + 2.5, INSIDE) - other_aged(catalogue) + indicated / residents[low]
            cared = in_nursing_homes(catalogue, low + 2)
            others = (1 - part * cared) / (1 - part)
        rows += [
            {"age": label, "wlz_basis": basis, "ratio": f"{cared if basis in NURSING else others:.4f}"}
            for basis in BASES
        ]
    return rows


@dataclass(frozen=True, slots=True)
class Flow:
    """New indications of a year by what comes first, and their sum against the moves to nursing homes of a year."""

    first: Mapping[str, float]
    per_entry: float


def flows(catalogue: Catalogue) -> dict[int, Flow]:
    """From 2015 on. Those of the years before the base date are those who were still at home on it: the history is that of
    survivors. After it as many as bring the stocks from what they were to those of 2023."""
    ways, moving = before(catalogue), entries(catalogue)
    found, moves = {}, moving.total
    for year in range(LAW, BASE_YEAR):
        first = {"at_once": 0.0}
        for way in WAYS:
            late, soon = ways.leaving(way) * (BASE_YEAR - year), ways.leaving(way) * (BASE_YEAR - year - 1)
            first[way] = ways.at_base[way] * (exp(-soon) - (0.0 if year == LAW else exp(-late)))
        found[year] = _flow(first, moving.younger(BASE_YEAR - year))
    for year in range(BASE_YEAR, BASE_YEAR + 5):
        since = year - BASE_YEAR + 0.5
        stock = {way: ways.at(way, since) for way in WAYS}
        growth = {way: ways.at(way, since + 0.5) - ways.at(way, since - 0.5) for way in WAYS}
        first = {way: growth[way] + ways.leaving(way) * stock[way] for way in WAYS}
        moved = sum(ways.moves_in[way] * stock[way] for way in WAYS)
        found[year] = _flow({"at_once": max(moves - moved, 0.0), **first}, moves)
    return found


def _flow(first: Mapping[str, float], moves: float) -> Flow:
    total = sum(first.values())
    return Flow({way: number / total for way, number in first.items()}, total / moves)


def _years(year: int) -> str:
    return f"{year}+" if year == BASE_YEAR + 4 else str(year)


def care_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    """Is indicated, per year at home without it: from 65 on for every move to a nursing home, before for a physical
    disability."""
    physical = _physical(catalogue)
    found, at_home = entries(catalogue), sum(before(catalogue).at_base.values())
    rows = []
    for partner in PARTNERS:
        rows.append({"age": f"0-{ADULT - 1}", "has_partner": partner, "rate": "0"})
        rows += [{"age": str(age), "has_partner": partner, "rate": f"{physical:.6f}"} for age in range(ADULT, AGED)]
        for at, age in enumerate(found.rate):
            indicated = at_home * found.rate[age] / found.total
            label = str(age) if age < _OLDEST else f"{age}-{LAST_AGE}"
            rate = found.by_partner[partner][at] / (1 - indicated)
            rows.append({"age": label, "has_partner": partner, "rate": f"{rate:.5f}"})
    return rows


def _physical(catalogue: Catalogue) -> float:
    """Per year of 18-64, so that the published number is indicated: those who live at home, the more the older."""
    wanted = catalogue.table("wlz_indications_by_basis").value(basis="physical", year="2018")
    residents = residents_by_band(catalogue)
    wanted -= sum(number * _of_institutions(catalogue, band)["physical"] for band, number in _inside(catalogue).items())
    years = sum(number * min(max(band + 2.5 - ADULT, 0), AGED - ADULT) for band, number in residents.items())
    return wanted / years


def _inside(catalogue: Catalogue) -> dict[int, float]:
    """Residents of institutions by the first age of their five-year group."""
    persons = persons_by_position(catalogue)
    return {band: number for (band, position), number in persons.items() if position == INSIDE}


def per_entry(catalogue: Catalogue) -> list[dict[str, str]]:
    """Applications for each move to a nursing home; under 65 for each indication."""
    granted = 1 - catalogue.table("wlz_shares").value(choice="refused")
    rows = [
        {"year": f"1850-{LAW - 1}", "age": f"0-{AGED - 1}", "number": f"{1 / granted:.4f}"},
        {"year": f"1850-{LAW - 1}", "age": f"{AGED}-{LAST_AGE}", "number": "0"},
    ]
    for year, flow in flows(catalogue).items():
        rows.append({"year": _years(year), "age": f"0-{AGED - 1}", "number": f"{1 / granted:.4f}"})
        rows.append({"year": _years(year), "age": f"{AGED}-{LAST_AGE}", "number": f"{flow.per_entry / granted:.4f}"})
    return rows


def first_care(catalogue: Catalogue) -> list[dict[str, str]]:
    return [
        {"year": _years(year) if year > LAW else f"1850-{LAW}", "care": way, "share": f"{share:.4f}"}
        for year, flow in flows(catalogue).items() for way, share in _rounded(flow.first).items()
    ]  # fmt: skip


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    """To four digits, the largest taking what is left."""
    found = {name: round(share, 4) for name, share in shares.items()}
    largest = max(found, key=lambda name: found[name])
    found[largest] = round(1 - sum(share for name, share in found.items() if name != largest), 4)
    return found


def place_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    rates = {**moving_in(catalogue), "disabled": 1 / assumed(catalogue, "years_waiting_for_the_disabled")}
    return [{"care": way, "rate": f"{rate:.4f}"} for way, rate in rates.items()]


def psychogeriatric_part(catalogue: Catalogue) -> float:
    """Of indications for nursing care, by the stock of the two bases."""
    stock = catalogue.table("wlz_indications_by_basis")
    of = {basis: stock.value(basis=basis, year="2018") for basis in ("psychogeriatric", "somatic")}
    return of["psychogeriatric"] / sum(of.values())


def with_limitation(catalogue: Catalogue) -> list[dict[str, str]]:
    """How much more often than residents of their age and sex those with severe limitations are indicated for them."""
    severe = limited(catalogue).severe
    part = 1 - psychogeriatric_part(catalogue)
    rows = [{"age": f"0-{ADULT - 1}", "sex": sex, "ratio": "0"} for sex in SEXES]
    for age in range(ADULT, LAST_AGE + 1):
        for sex in SEXES:
            share = (severe[sex][age] + severe[sex][age + 1]) / 2
            rows.append({"age": str(age), "sex": sex, "ratio": f"{(1 if age < AGED else part) / share:.3f}"})
    return rows


def with_dementia(catalogue: Catalogue) -> list[dict[str, str]]:
    part = psychogeriatric_part(catalogue)
    return [
        {"age": f"0-{AGED - 1}", "ratio": "0"},
        {"age": f"{AGED}-{LAST_AGE}", "ratio": f"{part:.3f}"},
    ]


def intellectual_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    """Per year at these ages, so that the published number is indicated: those who live in institutions and the others."""
    low, high = (int(assumed(catalogue, f"intellectual_{end}_age")) for end in ("first", "last"))
    wanted = _fact(catalogue, "intellectual")
    inside = _inside(catalogue)
    wanted -= sum(number * _of_institutions(catalogue, band)["intellectual"] for band, number in inside.items())
    years = sum(
        number * min(max(band + 2.5 - low, 0), high - low) for band, number in residents_by_band(catalogue).items()
    )
    rate = wanted / years
    return [
        {"age": f"0-{low - 1}", "rate": "0"},
        {"age": f"{low}-{high - 1}", "rate": f"{rate:.6f}"},
        {"age": f"{high}-{LAST_AGE}", "rate": "0"},
    ]


def psychiatric_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    """Per year of 18-74: psychiatric living has been in the Wlz since 2021."""
    persons = residents_by_band(catalogue)
    adults = sum(number for band, number in persons.items() if 20 <= band < 75) + persons[15] * 2 / 5
    first, later = (assumed(catalogue, f"psychiatric_{when}") / adults for when in ("in_2021", "later_a_year"))
    rows = []
    for year, rate in (("1850-2020", 0.0), ("2021", first), ("2022+", later)):
        for ages, part in ((f"0-{ADULT - 1}", 0), (f"{ADULT}-74", 1), (f"75-{LAST_AGE}", 0)):
            rows.append({"year": year, "age": ages, "rate": f"{rate * part:.6f}"})
    return rows


def _of_institutions(catalogue: Catalogue, band: int, risen_part: float = 1.0) -> dict[str, float]:
    """Residents of institutions of an age group by the basis of their indication; the rest has none."""
    if band < AGED:
        group = "under_18" if band < 15 else "18_64"
        names = {"intellectual": 0.0, "physical": 0.0, "psychiatric": 0.0}
        table = catalogue.table("wlz_assumptions")
        known = {basis for basis in names if f"institution_{group}_{basis}" in table.labels["assumption"]}
        found = {basis: assumed(catalogue, f"institution_{group}_{basis}") * risen_part for basis in known}
        return {**names, **found, "psychogeriatric": 0.0, "somatic": 0.0}
    homes = 1 - other_aged(catalogue) / _share_inside(catalogue, band)
    part = psychogeriatric_part(catalogue)
    found = {"psychogeriatric": homes * part, "somatic": homes * (1 - part)}
    for basis in ("intellectual", "physical", "psychiatric"):
        found[basis] = (1 - homes) * assumed(catalogue, f"institution_other_aged_{basis}")
    return found


def _share_inside(catalogue: Catalogue, band: int) -> float:
    return _inside(catalogue)[band] / residents_by_band(catalogue)[band]


def basis_inside(catalogue: Catalogue) -> list[dict[str, str]]:
    """By year and age at which somebody without an indication comes to live in an institution: the basis of the one
    that is told with it. From 2020 on only those get one who enter as the share rises with age."""
    persons = residents_by_band(catalogue)
    grown = others_grown(catalogue) * (persons[15] * 2 / 5 + sum(persons[band] for band in range(20, AGED, 5)))
    part = risen(catalogue) / (risen(catalogue) + grown)
    rows = []
    for years, risen_part in ((f"1850-{BASE_YEAR - 1}", 1.0), (f"{BASE_YEAR}+", part)):
        for band in (0, 20, *range(AGED, 100, 5)):
            label = {0: "0-17", 20: "18-64", 95: f"95-{LAST_AGE}"}.get(band, f"{band}-{band + 4}")
            shares = _of_institutions(catalogue, band, risen_part if band == 20 else 1.0)
            rows += [
                {"year": years, "age": label, "basis": basis, "share": f"{share:.4f}"}
                for basis, share in sorted(shares.items())
            ]
    return rows


def profiles(catalogue: Catalogue) -> list[dict[str, str]]:
    """Heavy profiles as a part of the indications of their basis: VV07 of the psychogeriatric, the others of the
    somatic; straight lines between 2015 and 2024."""
    stock, part = catalogue.table("wlz_heavy_profiles"), psychogeriatric_part(catalogue)
    bases = catalogue.table("wlz_indications_by_basis")
    of = {
        2015: {basis: bases.value(basis=basis, year="2015") for basis in ("psychogeriatric", "somatic")},
        2024: {
            "psychogeriatric": _fact(catalogue, "indicated") * part,
            "somatic": _fact(catalogue, "indicated") * (1 - part),
        },
    }
    rows = []
    for year in range(2015, 2025):
        label = "1850-2015" if year == 2015 else "2024+" if year == 2024 else str(year)
        for profile in ("VV06", "VV07", "VV08"):
            basis = "psychogeriatric" if profile == "VV07" else "somatic"
            at = {end: stock.value(year=str(end), profile=profile) / of[end][basis] for end in of}
            share = at[2015] + (at[2024] - at[2015]) * (year - 2015) / 9
            rows.append({"year": label, "profile": profile.lower(), "share": f"{share:.4f}"})
    return rows


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "death_rate_nursing_ratio": deaths,
    "wlz_care_rate": care_rate,
    "wlz_indications_per_entry": per_entry,
    "wlz_first_care": first_care,
    "wlz_place_rate": place_rate,
    "wlz_with_limitation": with_limitation,
    "wlz_with_dementia": with_dementia,
    "wlz_intellectual_rate": intellectual_rate,
    "wlz_psychiatric_rate": psychiatric_rate,
    "wlz_basis_inside": basis_inside,
    "wlz_profile": profiles,
}
