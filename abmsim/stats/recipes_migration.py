"""Who comes from abroad and who moves between municipalities: numbers of each year, ages, origins, destinations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.catalogue import Catalogue

SEXES = ("female", "male")
LAST_AGE = 105
_LAST_UN_AGE = 100
_GROUP_YEARS = 10

Shares = Mapping[tuple[str, ...], float]


def immigration_by_year(catalogue: Catalogue) -> list[dict[str, str]]:
    """Immigrants a year: published, then the last number less the projected fall of net migration."""
    totals = catalogue.table("migration_totals").cells
    published = {int(year): persons for (year, direction), persons in totals.items() if direction == "immigration"}
    net: dict[int, float] = {}
    for (year, _, _), thousand in catalogue.table("net_migration_un").cells.items():
        net[int(year)] = net.get(int(year), 0.0) + 1000 * thousand
    last = max(published)
    later = {year: published[last] - (net[last] - total) for year, total in net.items() if year > last}
    years = sorted({**published, **later}.items())
    return [{"year": str(year), "persons": f"{persons:.0f}"} for year, persons in years]


def immigration_share(catalogue: Catalogue) -> list[dict[str, str]]:
    """Each municipality's part of the country's residents with a migration background."""
    table = catalogue.table("origin_by_municipality_2020")
    migrants = {}
    for row in catalogue.rows("municipalities_2020"):
        code = row["municipality_code"]
        percent = sum(table.value(municipality_code=code, origin=origin) for origin in table.labels["origin"])
        migrants[code] = int(row["population"]) * percent
    total = sum(migrants.values())
    return [{"municipality_code": code, "share": f"{migrants[code] / total:.9f}"} for code in sorted(migrants)]


def immigrants_by_age(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of immigrants by single age (0-105) and sex: groups as published, inside them as in the net migration."""
    groups = catalogue.table("immigration_by_age_2020").cells
    total = catalogue.table("migration_totals").value(year="2020", direction="immigration")
    net = catalogue.table("net_migration_un")
    young = [groups[(f"{low}-{low + _GROUP_YEARS - 1}",)] for low in range(0, 40, _GROUP_YEARS)]
    persons = [*young, total - sum(young)]
    profile = {
        (age, sex): net.value(year="2023", age=str(age), sex=sex) for age in range(_LAST_UN_AGE + 1) for sex in SEXES
    }
    sums = [0.0] * len(persons)
    for (age, _), thousand in profile.items():
        sums[_group(age)] += thousand
    shares = {(age, sex): persons[_group(age)] / total * profile.get((age, sex), 0.0) / sums[_group(age)]
              for age in range(LAST_AGE + 1) for sex in SEXES}
    return [{"age": str(age), "sex": sex, "share": f"{share:.9f}"} for (age, sex), share in shares.items()]


def _group(age: int) -> int:
    return min(age // _GROUP_YEARS, 4)


def move_rate(catalogue: Catalogue) -> list[dict[str, str]]:
    """Moves to another municipality per person-year by age 0-105: the ages of 2017 at the level of 2020."""
    moved = catalogue.table("moves_by_age_2017").cells
    percent = {int(age): value for (age, kind), value in moved.items() if kind == "between"}
    last = max(percent)
    old = sum(percent[age] for age in range(last - 4, last + 1)) / 5
    rates = [percent.get(age, old) / 100 for age in range(LAST_AGE + 1)]
    residents = catalogue.table("residents_nl_2020_by_age").cells
    movers = sum(rates[min(int(age.rstrip("+")), LAST_AGE)] * persons for (age,), persons in residents.items())
    level = catalogue.table("moves_between_municipalities").value(year="2020") / movers
    return [{"age": str(age), "rate": f"{rate * level:.5f}"} for age, rate in enumerate(rates)]


def immigrants_origin(catalogue: Catalogue) -> list[dict[str, str]]:
    """Immigrants of 2022 in the classes of origin of 2020, born abroad or not; the last class is the rest."""
    cells = catalogue.table("immigrants_by_origin_2022").cells
    continents = catalogue.table("immigrants_by_continent_of_birth_2022")
    america = continents.value(continent="america") - cells["dutch_caribbean", "born_abroad"]
    america -= cells["suriname", "born_abroad"]
    western = {"born_nl": 0.0, "born_abroad": _northern(catalogue) * america + continents.value(continent="oceania")}
    total = cells["total", "born_nl"] + cells["total", "born_abroad"]
    rows = []
    for birthplace, more in western.items():
        persons = {origin: _of_class(cells, origin, birthplace) for origin in _CLASSES}
        persons["western"] += more
        persons["other_non_western"] = cells["total", birthplace] - sum(persons.values())
        rows += [
            {"origin": origin, "birthplace": birthplace, "share": f"{number / total:.6f}"}
            for origin, number in persons.items()
        ]
    return rows


def born_abroad_by_origin(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of the residents of each origin (classes of 2020): the share born abroad."""
    cells = catalogue.table("population_by_origin_2022").cells
    thousands = catalogue.table("rest_of_the_world_residents_2022").cells
    rest = {cell: 1000 * thousand for cell, thousand in thousands.items()}
    rest["africa_excl_morocco", "born_nl"] = cells["africa_excl_morocco", "born_nl"]
    northern = _northern(catalogue)
    persons: dict[str, dict[str, float]] = {}
    for birthplace in ("born_nl", "born_abroad"):
        america = rest["america_oceania", birthplace]
        here = {origin: _of_class(cells, origin, birthplace) for origin in _CLASSES}
        here["western"] += northern * america
        here["other_non_western"] = (1 - northern) * america
        here["other_non_western"] += rest["africa_excl_morocco", birthplace] + rest["asia_other", birthplace]
        persons[birthplace] = here
    return [
        {"origin": origin, "share": f"{abroad / (abroad + persons['born_nl'][origin]):.4f}"}
        for origin, abroad in persons["born_abroad"].items()
    ]


_CLASSES = {
    "netherlands": ("netherlands",), "western": ("europe_excl_nl", "indonesia"), "suriname": ("suriname",),
    "dutch_caribbean": ("dutch_caribbean",), "turkey": ("turkey",), "morocco": ("morocco",),
}  # fmt: skip
"""Countries of origin of 2022 in the classes of 2020; all others are other_non_western or unknown America."""


def _of_class(cells: Shares, origin: str, birthplace: str) -> float:
    return sum(cells.get((country, birthplace), 0.0) for country in _CLASSES[origin])


def _northern(catalogue: Catalogue) -> float:
    return catalogue.table("arrival_assumptions").value(assumption="northern_america_among_other_america")


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "immigration_by_year": immigration_by_year,
    "immigration_share": immigration_share,
    "immigrants_by_age": immigrants_by_age,
    "move_to_other_municipality_rate": move_rate,
    "immigrants_origin": immigrants_origin,
    "born_abroad_by_origin": born_abroad_by_origin,
}
