"""Deaths make the life expectancy that CBS publishes: of the mortality module alone, and with diseases of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from abmsim.days import DAYS_PER_YEAR, NEVER, parse_day
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.kernel import run_block
from abmsim.engine.world import FULL
from abmsim.lang import layout as at
from abmsim.lang.compile import compile_modules
from abmsim.lang.program import Program
from abmsim.loading import load_catalogue, load_modules, municipality_codes
from abmsim.randomness import keys
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue
from abmsim.validate.estimate import Estimate
from abmsim.validate.mortality import life_table
from abmsim.vocabulary import BASE_DATE

EACH = 40_000
"""Residents of a sex and first age. Of 15 years' spread in the age at death they leave an error of 0.07 years."""

FIRST_AGES = (0, 50)
UNTIL = parse_day("2071-01-01")
"""Each is followed for 51 years: from 0 to 50, and from 50 to 100."""


ALONE = ("lifecourse/mortality",)
WITH_DISEASES = (
    *ALONE, "primary_care/coronary_disease", "primary_care/stroke", "primary_care/heart_failure", "primary_care/falls",
)  # fmt: skip


def level_of_2023(catalogue: Catalogue, alone: bool) -> Catalogue:
    """Every year as 2023, nobody better or worse off by where they live: the rates of one published life table.

    `alone`: the mortality module has all causes of death at once.
    """
    by_year = catalogue.table("death_rate_year_ratio")
    cells = {key: by_year.value(year="2023", age=key[1], sex=key[2]) for key in by_year.cells}
    level = ["death_rate_nursing_ratio", *(["death_rate_rest_share"] if alone else [])]
    others = [catalogue.table(name) for name in level]
    changed = [replace(by_year, cells=cells), *(replace(one, cells=dict.fromkeys(one.cells, 1.0)) for one in others)]
    return Catalogue(catalogue.cards, {table.card.name: table for table in changed})


def compiled(wanted: tuple[str, ...]) -> Program:
    """These modules, with those that they read."""
    catalogue = level_of_2023(load_catalogue(), alone=wanted == ALONE)
    shipped = {module.name: module for module in load_modules(catalogue).modules}
    names = list(wanted)
    for name in names:
        names += [used for used in shipped[name].uses if used not in names]
    modules = [shipped[name] for name in sorted(names)]
    return compile_modules(modules, catalogue, load_schema(), municipality_codes(catalogue))


def residents(program: Program, each: int) -> Block:
    """Women and men by turns, who have their birthday on the base date."""
    age = np.repeat(FIRST_AGES, each * 2)
    n = len(age)
    values = np.tile([float(attribute.default) for attribute in program.attributes], (n, 1))
    values[:, [attribute.name for attribute in program.attributes].index("sex")] = np.arange(n) % 2
    born = (BASE_DATE - np.round(age * DAYS_PER_YEAR)).astype(np.int32)
    nobody = np.full((n, 3), -1, dtype=np.int64)
    return Block(born, keys(1, np.arange(n)), nobody, values, np.ones(n, dtype=np.int32))


@cache
def expectancy(each: int, names: tuple[str, ...]) -> dict[str, Estimate | None]:
    """Life expectancy at birth by sex."""
    program = compiled(names)
    block = residents(program, each)
    agenda = Agenda(program, block, Calendar.until(UNTIL), BASE_DATE, UNTIL)
    while run_block(agenda.address) == FULL:
        agenda.grow()
    rows = agenda.rows[: agenda.row_count]
    dead = [number for number, state in enumerate(program.states) if state.name in ("dead", "dies")]
    rows = rows[np.isin(rows[:, at.ROW_STATE], dead)]
    died = np.full(len(block.birth_day), NEVER, dtype=np.int64)
    died[rows[:, at.ROW_PERSON]] = rows[:, at.ROW_DAY]
    women = np.arange(len(died)) % 2 == 0
    of_sex = {"female": women, "male": ~women}
    return {sex: life_table(*lived(block.birth_day[rows], died[rows])) for sex, rows in of_sex.items()}


def lived(born: np.ndarray, died: np.ndarray) -> tuple[dict[int, float], dict[int, int]]:
    """Years lived and deaths by completed age between the base date and the end."""
    start, end = (BASE_DATE - born) / DAYS_PER_YEAR, (np.minimum(died, UNTIL) - born) / DAYS_PER_YEAR
    years, deaths = dict.fromkeys(range(101), 0.0), dict.fromkeys(range(101), 0)
    for age in range(125):
        inside = np.clip(np.minimum(end, age + 1) - np.maximum(start, age), 0, None)
        gone = (died < UNTIL) & (np.floor(end) == age)
        years[min(age, 100)] += float(inside.sum())
        deaths[min(age, 100)] += int(gone.sum())
    return years, deaths


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize(
    ("names", "each", "off"), [(ALONE, EACH, 0.0), (WITH_DISEASES, EACH // 4, 0.1)], ids=["alone", "with diseases"]
)
def test_life_expectancy_of_the_deaths_is_the_published_one(sex, names, each, off):
    """`off`, in years: who is fifty at the start has no disease yet."""
    found = expectancy(each, names)[sex]
    published = load_catalogue().table("life_expectancy_nl_2023").value(sex=sex)
    assert found is not None
    assert found.error < 0.08 * (EACH / each) ** 0.5
    assert abs(found.value - published) < 3 * found.error + off
