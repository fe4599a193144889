"""Long-term care (Wlz): who is indicated, where they are cared for, and how soon they move to a nursing home.

What is known are stocks: residents of institutions by age on the base date, indications, the list of those who wait,
care at home. Flows follow from them: whoever moves to a nursing home (as the share that lives in institutions asks for
at every age) was indicated before, and in between waits or is cared for at home, where some die.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_dementia import dementia_stages
from abmsim.stats.recipes_lifecourse import ADULT, residents_by_band
from abmsim.stats.recipes_lifecourse_institutions import (
    AGED,
    others_grown,
    risen,
)
from abmsim.stats.recipes_limitations import limited
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES
from abmsim.stats.recipes_wlz_flows import (
    BASE_YEAR,
    LAW,
    OLDEST,
    entries,
    flows,
    indicated_at_home,
    moving_in,
    nursing_deaths,
    years_label,
)
from abmsim.stats.recipes_wlz_inside import assumed, fact, of_institutions, persons_inside, psychogeriatric_part

PARTNERS = ("no", "yes")
NURSING = ("somatic", "psychogeriatric")
BASES = ("none", *NURSING, "psychiatric", "physical", "intellectual")
DEMENTIA = ("none", "mild", "moderate", "severe")

_LONG_AGO = 2005
"""Of the aged in institutions one in a hundred has been there since before."""

_AGES_INSIDE = (*map(str, range(19)), "19-49", *map(str, range(50, 95)), f"95-{LAST_AGE}")
"""Whoever is between 19 and 49 in a year since then is an adult under 65 on the base date."""


def care_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    """Is indicated, per year at home without it: from 65 on for every move to a nursing home, before for a physical
    disability."""
    physical = _physical(catalogue)
    found, indicated = entries(catalogue), indicated_at_home(catalogue)
    rows = []
    for partner in PARTNERS:
        rows.append({"age": f"0-{ADULT - 1}", "has_partner": partner, "rate": "0"})
        rows += [{"age": str(age), "has_partner": partner, "rate": f"{physical:.6f}"} for age in range(ADULT, AGED)]
        for at, age in enumerate(found.rate):
            label = str(age) if age < OLDEST else f"{age}-{LAST_AGE}"
            rate = found.by_partner[partner][at] / (1 - indicated[age])
            rows.append({"age": label, "has_partner": partner, "rate": f"{rate:.5f}"})
    return rows


def _physical(catalogue: Catalogue) -> float:
    """Per year of 18-64, so that the published number is indicated: those who live at home, the more the older."""
    wanted = catalogue.table("wlz_indications_by_basis").value(basis="physical", year="2018")
    residents = residents_by_band(catalogue)
    wanted -= persons_inside(catalogue, "physical")
    years = sum(number * min(max(band + 2.5 - ADULT, 0), AGED - ADULT) for band, number in residents.items())
    return wanted / years


def per_entry(catalogue: Catalogue) -> list[dict[str, str]]:
    """Applications for each move to a nursing home; under 65 for each indication."""
    granted = 1 - catalogue.table("wlz_shares").value(choice="refused")
    rows = [
        {"year": f"1850-{LAW - 1}", "age": f"0-{AGED - 1}", "number": f"{1 / granted:.4f}"},
        {"year": f"1850-{LAW - 1}", "age": f"{AGED}-{LAST_AGE}", "number": "0"},
    ]
    for year, flow in flows(catalogue).items():
        label, number = years_label(year), flow.per_entry / granted
        rows.append({"year": label, "age": f"0-{AGED - 1}", "number": f"{1 / granted:.4f}"})
        rows.append({"year": label, "age": f"{AGED}-{LAST_AGE}", "number": f"{number:.4f}"})
    return rows


def first_care(catalogue: Catalogue) -> list[dict[str, str]]:
    return [
        {"year": years_label(year) if year > LAW else f"1850-{LAW}", "care": way, "share": f"{share:.4f}"}
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


def with_limitation(catalogue: Catalogue) -> list[dict[str, str]]:
    """How much more often than residents of their age and sex those with severe limitations are indicated for them."""
    severe, indicated = limited(catalogue).severe, indicated_at_home(catalogue)
    part = 1 - psychogeriatric_part(catalogue)
    rows = [{"age": f"0-{ADULT - 1}", "sex": sex, "ratio": "0"} for sex in SEXES]
    for age in range(ADULT, LAST_AGE + 1):
        for sex in SEXES:
            share = (severe[sex][age] + severe[sex][age + 1]) / 2 - part * indicated.get(min(age, OLDEST), 0.0)
            rows.append({"age": str(age), "sex": sex, "ratio": f"{(1 if age < AGED else part) / share:.3f}"})
    return rows


def with_dementia(catalogue: Catalogue) -> list[dict[str, str]]:
    """The same of those with dementia, sooner in a later stage; of those who have it the indicated are left out."""
    part, indicated = psychogeriatric_part(catalogue), indicated_at_home(catalogue)
    weight = [assumed(catalogue, f"sooner_with_{stage}_dementia") for stage in ("mild", "moderate", "severe")]
    stages = dementia_stages(catalogue)
    young = f"0-{AGED - 1}"
    rows = [{"age": young, "sex": sex, "dementia": stage, "ratio": "0"} for sex in SEXES for stage in DEMENTIA]
    for age in range(AGED, LAST_AGE + 1):
        for sex in SEXES:
            shares = stages[sex][age]
            open_to = 1 - part * indicated[min(age, OLDEST)] / sum(shares)
            mean = open_to * sum(share * sooner for share, sooner in zip(shares, weight, strict=True))
            rows += [
                {"age": str(age), "sex": sex, "dementia": stage, "ratio": f"{part * sooner / mean:.3f}"}
                for stage, sooner in zip(DEMENTIA, (0.0, *weight), strict=True)
            ]
    return rows


def intellectual_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    """Per year at these ages by how severe the disability is, so that the published number is indicated: those who live
    in institutions, and of the others some."""
    low, high = (int(assumed(catalogue, f"intellectual_{end}_age")) for end in ("first", "last"))
    wanted = fact(catalogue, "intellectual") - persons_inside(catalogue, "intellectual")
    grown = sum(
        number * min(max(band + 2.5 - low, 0), high - low) / (high - low)
        for band, number in residents_by_band(catalogue).items()
    )
    severe = assumed(catalogue, "severe_of_intellectual_at_home")
    rows = []
    for severity, part in (("none", 0.0), ("mild", 1 - severe), ("severe", severe)):
        share = catalogue.table(f"intellectual_disability_share_{severity}").value() if part else 1.0
        rate = -log(1 - wanted * part / (grown * share)) / (high - low) + 0.0
        for ages, figure in ((f"0-{low - 1}", 0.0), (f"{low}-{high - 1}", rate), (f"{high}-{LAST_AGE}", 0.0)):
            rows.append({"age": ages, "intellectual_disability": severity, "rate": f"{figure:.6f}"})
    return rows


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


def profiles(catalogue: Catalogue) -> list[dict[str, str]]:
    """Heavy profiles as a part of the indications of their basis: VV07 of the psychogeriatric, the others of the
    somatic; straight lines between 2015 and 2024."""
    stock, part = catalogue.table("wlz_heavy_profiles"), psychogeriatric_part(catalogue)
    bases = catalogue.table("wlz_indications_by_basis")
    of = {
        2015: {basis: bases.value(basis=basis, year="2015") for basis in ("psychogeriatric", "somatic")},
        2024: {
            "psychogeriatric": fact(catalogue, "indicated") * part,
            "somatic": fact(catalogue, "indicated") * (1 - part),
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


def basis_inside(catalogue: Catalogue) -> list[dict[str, str]]:
    """By year and age at which somebody without an indication comes to live in an institution: the basis of the one
    that is told with it.

    Before the base date those move in who still live there on it, so their basis is that of residents of the age that
    they have then. From then on only those get one who enter as the share rises with age.
    """
    persons = residents_by_band(catalogue)
    grown = others_grown(catalogue) * (persons[15] * 2 / 5 + sum(persons[band] for band in range(20, AGED, 5)))
    part = risen(catalogue) / (risen(catalogue) + grown)
    of_band = {band: of_institutions(catalogue, band) for band in (0, 20, *range(AGED, 100, 5))}
    later = {**of_band, 20: of_institutions(catalogue, 20, part)}
    rows = []
    for year in range(_LONG_AGO, BASE_YEAR + 1):
        years = f"1850-{year}" if year == _LONG_AGO else f"{year}+" if year == BASE_YEAR else str(year)
        for label in _AGES_INSIDE:
            age = ages_of(label)[0]
            if year == BASE_YEAR:
                shares = later[_band_inside(age)]
            else:  # on the base date one or the other of two ages, by the birthday
                at_base = age + BASE_YEAR - year
                two = [of_band[_band_inside(each)] for each in (at_base - 1, at_base)]
                shares = {basis: (two[0][basis] + two[1][basis]) / 2 for basis in two[0]}
            rows += [
                {"year": years, "age": label, "basis": basis, "share": f"{share:.4f}"}
                for basis, share in sorted(shares.items())
            ]
    return rows


def _band_inside(age: int) -> int:
    """The first age of the group whose residents of institutions are alike."""
    return 0 if age < ADULT else 20 if age < AGED else min(age // 5 * 5, 95)


def deaths(catalogue: Catalogue) -> list[dict[str, str]]:
    """Deaths from 65 on against those of the age: of residents of nursing homes and those indicated for nursing care at
    home, at the published rate of nursing homes; and of all others, so that the deaths of an age stay the same.

    Both are ratios of what diseases with a mortality of their own leave, of which those in nursing care die somewhat
    more often than others of the age.
    """
    rest = catalogue.table("death_rate_rest_share")
    of_disease = assumed(catalogue, "deaths_of_disease_in_nursing_care")
    rows = []
    for low, (cared, others) in {0: (1.0, 1.0), **nursing_deaths(catalogue)}.items():
        label = {0: f"0-{AGED - 1}", 95: f"95-{LAST_AGE}"}.get(low, f"{low}-{low + 4}")
        if low:
            left = sum(rest.value(age=str(low + 2), sex=sex) for sex in SEXES) / len(SEXES)
            part = (1 - others) / (cared - others) if cared > others else 0.0
            of_others = (1 - part * of_disease) / (1 - part)
            cared = max((cared - (1 - left) * of_disease) / left, 1.0)
            others = (others - (1 - left) * of_others) / left
        rows += [
            {"age": label, "wlz_basis": basis, "ratio": f"{cared if basis in NURSING else others:.4f}"}
            for basis in BASES
        ]
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
