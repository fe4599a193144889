"""How often unions of women of a birth cohort ended by separation, against those that began in 2000."""

from __future__ import annotations

import math

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import line
from abmsim.stats.table import Table

BASE_YEAR = 2020

_COHORTS = ((1942, "born 1940-1945"), (1957, "born 1955-1960"), (1967, "born 1965-1970"))


def life_assumptions(catalogue: Catalogue) -> dict[str, float]:
    """The rows of the card of that name."""
    return {row["assumption"]: float(row["value"]) for row in catalogue.rows("life_assumptions")}


def first_unions(facts: Table) -> tuple[float, float]:
    """Separations per year of the first cohabitations of 2000: in the first five years, in the next ten."""
    fact = "first cohabitations of 2000 ended"
    five, fifteen = (facts.value(fact=fact, group=f"within {years} years") / 100 for years in (5, 15))
    return -math.log(1 - five) / 5, -math.log((1 - fifteen) / (1 - five)) / 10


def separations_of_cohort(catalogue: Catalogue, cohort: int) -> float:
    """Against the cohabitations of 2000 (women born about 1976), so that the shares of unions ended by 40 come out."""
    assumed, facts = life_assumptions(catalogue), catalogue.table("union_and_family_facts")
    early, later = first_unions(facts)
    by_40 = 5 * early + (40 - assumed["first_union_mean_age_women"] - 5) * later
    points = []
    for middle, group in _COHORTS:
        share = facts.value(fact="women with a union ended by age 40", group=group) / 100
        points.append((middle, -math.log(1 - share / assumed["ever_in_a_union"]) / by_40))
    points = [(1925, points[0][1] * assumed["separations_before_cohort_1940"]), *points, (1976, 1.0)]
    return line(points, cohort)


def new_partners(catalogue: Catalogue, sex: str, age: int) -> float:
    """Rate per year of who has parted, from the shares with a new partner five years after a separation."""
    facts, who = catalogue.table("union_and_family_facts"), "women" if sex == "female" else "men"
    fact = "live with a new partner five years after a separation"
    shares = [facts.value(fact=fact, group=group) for group in (f"{who} 25-29", who, f"{who} 60-64")]
    points = [(at, -math.log(1 - share / 100) / 5) for at, share in zip((27, 44, 62), shares, strict=True)]
    return line([*points, (life_assumptions(catalogue)["oldest_age_of_a_new_partner"], 0.0)], age)
