"""Figures of the neighbourhoods that residents live in: their own, else those of the next larger area that has them."""

from __future__ import annotations

from collections.abc import Mapping

from abmsim.stats.catalogue import Catalogue

HEALTH = {
    "loneliness": "lonely",
    "severe_loneliness": "severely_lonely",
    "emotional_loneliness": "emotionally_lonely",
    "social_loneliness": "socially_lonely",
    "good_health": "good_or_very_good_health",
    "chronic_condition": "chronic_condition",
    "limited_by_health": "limited_by_health",
    "severely_limited_by_health": "severely_limited_by_health",
    "physical_limitation": "physical_limitation",
    "hearing_limitation": "hearing_limitation",
    "vision_limitation": "vision_limitation",
    "mobility_limitation": "mobility_limitation",
    "anxiety_depression_risk": "moderate_high_risk_anxiety_depression",
    "high_anxiety_depression_risk": "high_risk_anxiety_depression",
    "stress": "very_much_stress",
    "control_over_life": "moderate_much_control_over_life",
    "heavy_drinking": "heavy_drinker",
    "smoking": "smoker",
    "overweight": "overweight",
    "obesity": "obese",
    "exercise_guideline": "meets_exercise_guideline",
    "informal_care": "informal_carer",
    "volunteering": "volunteer",
    "difficulty_making_ends_meet": "difficulty_making_ends_meet",
}
"""Name in the module language -> column of the published table; `_65_plus` is added for those of 65 and older."""

OLDER = "_65_plus"
AGE_GROUPS = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
_EDUCATION = ("education_low", "education_middle", "education_high")
_PERCENT, _THOUSAND = 100.0, 1000.0
_FEWEST = 50.0
"""Residents of a neighbourhood whose ages, rounded to 5, still give a share."""

Row = Mapping[str, str]


def neighbourhood_figures(catalogue: Catalogue) -> list[dict[str, str]]:
    """One row a neighbourhood: municipalities by code, then the neighbourhoods of Amsterdam, every figure filled.

    `key_figures_of`, `health_of` and `health_65_plus_of` name the area whose figures stand there.
    """
    municipalities = {row["municipality_code"]: row for row in catalogue.rows("key_figures_by_municipality_2020")}
    residents = {row["neighbourhood_code"]: row for row in catalogue.rows("residents_by_neighbourhood_amsterdam")}
    areas = {row["area_code"]: row for row in catalogue.rows("areas_2020")}
    health = {row["area_code"]: row for row in catalogue.rows("health_by_area_2020")}
    income = _mean_income(municipalities.values())
    rows = []
    for code in (*sorted(municipalities), *sorted(residents)):
        municipality = municipalities[areas[code]["municipality_code"]]
        figures = _key_figures(municipality, income)
        if code in residents:
            figures |= _own_figures(residents[code])
        rows.append({"neighbourhood_code": code, **figures, **_health(areas[code], health)})
    return rows


def _key_figures(row: Row, income: float) -> dict[str, str]:
    """What the municipality as a whole has; where no income is published (five small ones) the country's mean."""
    own = row["mean_standardised_household_income"]
    assisted = _figure(row, "social_assistance_recipients") / _figure(row, "population")
    return {
        "key_figures_of": row["municipality_code"],
        "population": row["population"],
        "urbanity": row["urbanity_class"],
        "address_density": row["address_density"],
        "population_density": row["population_density"],
        "income": _text((float(own) if own else income) * _THOUSAND, 0),
        "low_income": row["households_low_income"],
        "owner_occupied": row["owner_occupied"],
        "housing_association": row["housing_association"],
        "social_assistance": _text(_PERCENT * assisted),
        "single_person_households": row["single_person_households"],
        "aged_0_14": row["age_0_14"],
        "aged_65_plus": row["age_65_plus"],
        "low_education": _low_education(row),
        "distance_gp": row["distance_gp"],
    }


def _own_figures(row: Row) -> dict[str, str]:
    """What is published of the neighbourhood itself: its residents, and where there are some their ages and education.

    Ages and education are rounded by group, so those of a handful of residents say nothing.
    """
    persons = sum(_figure(row, group) for group in AGE_GROUPS)
    own = {"population": row["population"]}
    if persons >= _FEWEST:
        own["aged_0_14"] = _text(_PERCENT * _figure(row, "age_0_14") / persons)
        own["aged_65_plus"] = _text(_PERCENT * _figure(row, "age_65_plus") / persons)
    if all(row[level] for level in _EDUCATION):
        own["low_education"] = _low_education(row)
    return own


def _low_education(row: Row) -> str:
    return _text(_PERCENT * _figure(row, "education_low") / sum(_figure(row, level) for level in _EDUCATION))


def _mean_income(municipalities) -> float:
    """Mean over households of the income of the municipalities that have one, in thousands of euro."""
    known = [row for row in municipalities if row["mean_standardised_household_income"]]
    households = sum(_figure(row, "households") for row in known)
    weighted = sum(_figure(row, "households") * _figure(row, "mean_standardised_household_income") for row in known)
    return weighted / households


def _health(area: Row, published: Mapping[str, Row]) -> dict[str, str]:
    """The indicators of adults and of those of 65 and older, each group from the smallest area that has them."""
    levels = (area["area_code"], area["district_code"], area["municipality_code"])
    found: dict[str, str] = {}
    for suffix in ("", OLDER):
        first = next(code for code in levels if published.get(code, {}).get(f"lonely{suffix}"))
        found[f"health{suffix}_of"] = first
        found |= {f"{name}{suffix}": published[first][f"{column}{suffix}"] for name, column in HEALTH.items()}
    return found


def _figure(row: Row, name: str) -> float:
    return float(row[name])


def _text(value: float, decimals: int = 1) -> str:
    return f"{value:.{decimals}f}"
