"""Toy modules and toy residents: a test writes a module as a sentence and asks what happened to whom."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from abmsim.days import DAYS_PER_YEAR, NEVER, parse_day
from abmsim.engine.agenda import Agenda, Block, Calendar
from abmsim.engine.eventlog import LogChunk, LogRules, chunk_of
from abmsim.engine.kernel import run_block
from abmsim.engine.world import FULL, STUCK_STATE
from abmsim.lang import layout as at
from abmsim.lang.check import CheckResult, check_modules, read_modules
from abmsim.lang.check_institution import read_institutions
from abmsim.lang.compile import compile_modules
from abmsim.lang.program import Program
from abmsim.paths import institution_files
from abmsim.randomness import keys
from abmsim.schema.schema import Schema, load_schema
from abmsim.stats.catalogue import load
from abmsim.vocabulary import BASE_DATE

CODES = ("GM0034", "GM0363", "GM0546")
SEED = 20200101
YEAR = DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class Person:
    """A toy resident: day of birth and attributes that differ from their defaults; `partner` is the next one."""

    born: str = "1960-07-01"
    values: dict[str, float] = field(default_factory=dict)


class Toys:
    """A folder for toy statistics and modules."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.programs = 0
        (root / "stats").mkdir()
        (root / "institutions").mkdir()

    def statistic(self, name: str, unit: str, rows: str, **card: str) -> None:
        """A card and its table, written as CSV; a schedule has a column `line` as its key."""
        text = textwrap.dedent(rows).strip() + "\n"
        header = text.splitlines()[0].split(",")
        by, values = (header[:-1], header[-1]) if unit != "schedule" else (["line"], "''")
        keys = {
            "title": name, "publisher": "nobody", "period": "2020", "unit": unit, "by": f"[{', '.join(by)}]",
            "values": values, "counting_rule": "not a count", "licence": "CC0", "verified": "seen", "sha256": "none",
        }  # fmt: skip
        lines = [f"{key}: {value}" for key, value in (keys | card).items()]
        (self.root / "stats" / f"{name}.yaml").write_text("\n".join(lines) + "\n")
        (self.root / "stats" / f"{name}.csv").write_text(text)

    def institution(self, name: str, wait: str = "3 weeks", more: str = "") -> None:
        """An institution with a published waiting time; `more` are further lines, as of a capacity."""
        lines = [
            f"institution: {name}", "kind: provider", f"title: {name}", "about: a toy", "serves: municipality",
            "number: {is: 1, why: a toy}", f"wait: {{is: {wait}, why: a toy}}",
        ]  # fmt: skip
        text = "\n".join([*lines, textwrap.dedent(more).strip(), ""])
        (self.root / "institutions" / f"{name}.yaml").write_text(text)

    def schema(self) -> Schema:
        return load_schema()

    def program(self, *texts: str, codes: Sequence[str] = CODES) -> Program:
        """The compiled program of modules written as YAML; they must pass the checker."""
        checked = self.checked(*texts, codes=codes)
        return compile_modules(checked.modules, load([self.root / "stats"]), load_schema(), codes)

    def checked(self, *texts: str, codes: Sequence[str] = CODES) -> CheckResult:
        """Modules written as YAML, checked with the toy institutions."""
        self.programs += 1
        folder = self.root / f"modules{self.programs}"
        for text in map(textwrap.dedent, texts):
            name = text.strip().splitlines()[0].removeprefix("module: ")
            path = folder / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        catalogue, schema = load([self.root / "stats"]), load_schema()
        read, problems = read_modules([folder], schema)
        files = institution_files([self.root / "institutions"]).values()
        institutions, of_institutions = read_institutions(files, catalogue)
        checked = check_modules(read, catalogue, schema, codes, institutions=institutions)
        errors = [one for one in (*problems, *of_institutions, *checked.errors) if not one.is_warning]
        assert not errors, "\n".join(map(str, errors))
        return checked


def households(program: Program, units: Sequence[Sequence[Person]], seed: int = SEED) -> Block:
    """Households of toy residents; in a household of two or more the first two are partners, the others their children
    (the first is the mother)."""
    people = [person for unit in units for person in unit]
    relatives = np.full((len(people), 3), -1)
    first = 0
    for unit in units:
        if len(unit) > 1:
            relatives[first, 0], relatives[first + 1, 0] = first + 1, first
            relatives[first + 2 : first + len(unit), 1:] = first, first + 1
        first += len(unit)
    attributes = [[person.values.get(a.name, a.default) for a in program.attributes] for person in people]
    return Block(
        birth_day=np.array([parse_day(person.born) for person in people], dtype=np.int32),
        key=keys(seed, np.arange(len(people))),
        relatives=relatives,
        attributes=np.array(attributes),
        unit_size=np.array([len(unit) for unit in units], dtype=np.int32),
    )


@dataclass(frozen=True, slots=True)
class Lives:
    """What happened: the kernel's rows, and the columns at the end."""

    program: Program
    agenda: Agenda

    @property
    def rows(self) -> np.ndarray:
        return self.agenda.rows[: self.agenda.row_count]

    def entered(self, state: str, module: str = "") -> tuple[np.ndarray, np.ndarray]:
        """(person, day) of every time that a state was entered, person by person."""
        infos = self.program.states
        numbers = [i for i, info in enumerate(infos) if info.name == state and info.module.endswith(module)]
        rows = self.rows[np.isin(self.rows[:, at.ROW_STATE], numbers)]
        rows = rows[np.argsort(rows[:, at.ROW_PERSON], kind="stable")]
        return rows[:, at.ROW_PERSON], rows[:, at.ROW_DAY]

    def first_day(self, state: str) -> np.ndarray:
        """int[n]: the day on which each resident entered a state first, NEVER for those who did not."""
        days = np.full(len(self.agenda.block.birth_day), NEVER)
        person, day = self.entered(state)
        np.minimum.at(days, person, day)
        return days

    def path(self, person: int = 0) -> list[str]:
        """`state 2020-01-01` for every state that a resident entered."""
        rows = self.rows[self.rows[:, at.ROW_PERSON] == person]
        names = [self.program.states[state].name for state in rows[:, at.ROW_STATE]]
        days = np.array(rows[:, at.ROW_DAY], dtype="datetime64[D]")
        return [f"{name} {day}" for name, day in zip(names, days, strict=True)]

    def log(self) -> LogChunk:
        return chunk_of(self.rows, 0, LogRules.of(self.program, -NEVER))

    def record(self, person: int = 0, module: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """What the kernel keeps of a resident's standing in a module, in words and in cells; views."""
        assert self.agenda.shared is not None
        first = int(self.agenda.shared.words(np.array([person]), np.array([module]), 0)[0])
        assert first >= 0, "the resident has no record of the module"
        pool = self.agenda.columns["POOL"][first:]
        return pool, pool.view(np.float64)

    def attribute(self, name: str) -> np.ndarray:
        return self.agenda.attributes()[:, self.program.attribute_index(name)]


def run(
    program: Program, units: Sequence[Sequence[Person]], until: str = "2030-01-01", seed: int = SEED,
    acts_from: int = NEVER,
) -> Lives:  # fmt: skip
    """Runs households from birth to a day; the base date is 1 January 2020."""
    day = parse_day(until)
    agenda = Agenda(program, households(program, units, seed), Calendar.until(day), BASE_DATE, day, acts_from=acts_from)
    while run_block(agenda.address) == FULL:
        agenda.grow()
    assert not agenda.world[STUCK_STATE], "a loop without time"
    return Lives(program, agenda)


def alone(n: int = 1, **person) -> list[list[Person]]:
    """`n` residents who live alone."""
    return [[Person(**person)]] * n


def share_within(share: float | np.floating, expected: float | np.floating, n: int) -> bool:
    """Whether a share of n agrees with the expected one: within 4 standard errors."""
    return bool(abs(share - expected) <= 4 * np.sqrt(expected * (1 - expected) / n) + 0.5 / n)
