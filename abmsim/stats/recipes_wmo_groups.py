"""Support at home under the Wmo: how much more often it is needed with a disability or an illness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_dementia import middle, prevalence
from abmsim.stats.recipes_household_help import ADULT
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES
from abmsim.stats.recipes_wmo_products import RESIDENTS_OF, SUPPORT

GROUPS = ("mild_disability", "severe_disability", "psychosis", "depressed", "dementia")


def groups(catalogue: Catalogue) -> dict[int, dict[str, float]]:
    """Shares of adults at home by age and group; only dementia is told by age."""
    persons = catalogue.table("residents_nl_by_age_sex")
    ages = range(ADULT, LAST_AGE + 1)
    known = persons.labels["age"]
    number = {
        (age, sex): persons.value(year=RESIDENTS_OF, age=str(age), sex=sex) if str(age) in known else 1.0
        for age in ages for sex in SEXES
    }  # fmt: skip
    assumed = catalogue.table("wmo_group_assumptions")
    disability = catalogue.table("intellectual_disability_share")
    known = catalogue.table("schizophrenia_known_to_gp")
    ill = sum(known.value(measure="in_year", sex=sex) for sex in SEXES)
    depressed = catalogue.table("mental_disorders_2019_2022").value(measure="depression_12_months") / 100
    same = {
        "mild_disability": disability.value(severity="mild"),
        "severe_disability": disability.value(severity="severe"),
        "psychosis": ill / sum(number.values()),
        "depressed": depressed * assumed.value(assumption="depressed_on_a_day"),
    }
    curves, at_home = prevalence(catalogue), assumed.value(assumption="dementia_at_home")
    found = {}
    for age in ages:
        with_it = sum(number[age, sex] * middle(curves[sex], age) for sex in SEXES)
        found[age] = {**same, "dementia": at_home * with_it / sum(number[age, sex] for sex in SEXES)}
    return found


def need_of_others(catalogue: Catalogue) -> list[dict[str, str]]:
    """One by the mean ratio of an age, as few are in two groups; before 18 nobody has a need."""
    shares = groups(catalogue)
    rows = []
    for product in SUPPORT:
        table = catalogue.table(f"wmo_{product}_need_of")
        rows.append({"product": product, "age": f"0-{ADULT - 1}", "ratio": "1"})
        for age, of in shares.items():
            mean = 1 + sum(of[group] * (table.value(group=group) - 1) for group in GROUPS)
            rows.append({"product": product, "age": str(age), "ratio": f"{1 / mean:.4f}"})
    return rows


def support_need(catalogue: Catalogue) -> list[dict[str, str]]:
    """Needs of those with no disability or illness that counts: one figure an age, so that nobody looks yearly."""
    others = catalogue.table("wmo_need_of_others")
    rows = []
    for row in catalogue.rows("wmo_product_need"):
        if row["product"] in SUPPORT:
            ratio = others.value(product=row["product"], age=row["age"])
            rows.append({**row, "rate": f"{float(row['rate']) * ratio:.8f}"})
    return rows


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "wmo_need_of_others": need_of_others,
    "wmo_support_need": support_need,
}
