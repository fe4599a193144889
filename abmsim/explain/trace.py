"""`abmsim module trace`: one resident through one module, each decision with its numbers, held against the kernel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from abmsim.areas import open_labels
from abmsim.casework.workshop import Workshop
from abmsim.days import day_date
from abmsim.explain.here import draw_key
from abmsim.explain.person import Person, Step
from abmsim.explain.sources import explained, named_in
from abmsim.explain.staging import Question, Stage, put_on, resident_of
from abmsim.explain.walk import DrawAgain, Walk
from abmsim.lang import layout as at
from abmsim.lang.read_given import value_text
from abmsim.problems import UserError
from abmsim.vocabulary import BASE_DATE

_MOST_ATTEMPTS = 1000
"""As in `engine/world.py`."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened: the states entered, in order; `attempts` counts the histories that were drawn again."""

    question: Question
    stage: Stage
    person: Person
    steps: tuple[Step, ...]
    attempts: int


def trace(question: Question, books: Workshop) -> Trace:
    """Runs the question on the kernel and follows it decision by decision.

    Raises UserError if the two should ever part: numbers that are not the kernel's are not told.
    """
    stage = put_on(question, books)
    for attempt in range(_MOST_ATTEMPTS + 1):
        person = resident_of(question, stage)
        person.key = draw_key(person.key, attempt)
        person.immortal = attempt == _MOST_ATTEMPTS
        walk = Walk(stage.program, stage.modules, books, person, BASE_DATE)
        try:
            walk.run(question.until)
        except DrawAgain:
            continue
        _hold_against_kernel(walk, stage)
        return Trace(question, stage, person, tuple(walk.steps), attempt)
    raise AssertionError("the last attempt cannot die before the base date")


def _hold_against_kernel(walk: Walk, stage: Stage) -> None:
    rows = [_kernel_row(row) for row in stage.rows]
    steps = [_step_row(step) for step in walk.steps]
    different = next((i for i, (row, step) in enumerate(zip(rows, steps, strict=False)) if row != step), None)
    values = tuple(walk.person.values[attribute.name] for attribute in stage.program.attributes)
    if different is None and len(rows) == len(steps) and values == stage.attributes:
        return
    number = min(len(rows), len(steps)) - 1 if different is None else different
    where = f"{walk.steps[number].state} on {day_date(walk.steps[number].day)}" if walk.steps else "the beginning"
    raise UserError(f"the trace leaves the kernel's way at {where}: this is a mistake of abmsim, please report it")


def _kernel_row(row: np.ndarray) -> list[int]:
    kept = (at.ROW_DAY, at.ROW_STATE, at.ROW_ORDINAL, at.ROW_END, at.ROW_REASON, at.ROW_PLANNED, at.ROW_TERM)
    values, parents = int(at.ROW_VALUES), int(at.ROW_PARENTS)
    lists = row[values : values + int(at.MOST_VALUES)], row[parents : parents + int(at.MOST_PARENTS)]
    return [int(row[column]) for column in kept] + [int(value) for part in lists for value in part]


def _step_row(step: Step) -> list[int]:
    row = step.row
    return [
        row.day, row.state, row.ordinal, row.end, row.end_reason, row.planned_end, row.term, *row.values, *row.parents
    ]  # fmt: skip


# --- in words --------------------------------------------------------------------------------------------------------
def trace_lines(found: Trace, books: Workshop) -> Iterator[str]:
    """The whole trace as lines of text."""
    question = found.question
    yield f"{question.module.name}, seed {question.seed}: {_resident(found, books)}"
    yield f"from {_beginning(found)} to {day_date(question.until)}, on the kernel; every number below is what it used"
    if found.attempts:
        times = "once" if found.attempts == 1 else f"{found.attempts} times"
        yield f"the history was drawn again {times}: who lives on the base date cannot have died before it"
    yield from _force(found)
    several = len(found.stage.modules) > 1
    for step in found.steps:
        module = found.stage.modules[step.module]
        spot = module.states[step.state].spot
        name = f"{step.module}: {step.state}" if several else step.state
        yield ""
        yield f"{day_date(step.day)}  age {step.age:>3}  {name}  ({spot.file or module.file}:{spot.line})"
        yield from (f"    {note}" for note in step.notes)
    if not found.steps:
        yield ""
        yield "no state was entered in that time"
    yield from _numbers(found.steps, found.stage, books)


def _resident(found: Trace, books: Workshop) -> str:
    """Who it is: sex and municipality always, all else as far as it was given or follows from that."""
    given = found.question.given
    one, told = given.resident, [f"born {day_date(given.resident.birth_day)}"]
    for attribute in found.stage.program.attributes:
        value = one.values.get(attribute.name, attribute.default)
        name = attribute.name.replace("_", " ")
        labels = attribute.labels or open_labels(attribute.name, books.municipality_codes)
        if attribute.name in ("sex", "municipality_code"):
            told.append(labels[int(value)])
        elif attribute.name == "neighbourhood_code" and labels[int(value)] in told:
            continue  # a municipality that is its own neighbourhood
        elif attribute.name in one.values and attribute.type == "bool":
            told.append(name if value else f"not {name}")
        elif attribute.name in one.values:
            told.append(f"{name} {value_text(value, attribute, labels)}")
    told += [f"with {role} born {day_date(other.birth_day)}" for role, other in given.others]
    return ", ".join(told)


def _beginning(found: Trace) -> str:
    question = found.question
    birth = question.given.resident.birth_day
    day = birth if question.from_birth else max(birth, BASE_DATE)
    return f"{day_date(day)} in '{question.begin}'"


def _force(found: Trace) -> Iterator[str]:
    """A note where states were passed before their law: a run keeps no rows of them."""
    for info in found.stage.program.modules:
        before = [step for step in found.steps if step.module == info.name and step.day < (info.in_force or -(10**9))]
        if before:
            yield f"before {day_date(info.in_force or 0)} a run keeps no rows of {info.name}, but those carried over"


def _numbers(steps: Sequence[Step], stage: Stage, books: Workshop) -> Iterator[str]:
    """What the numbers are: each statistic and assumption that the lines name, once."""
    told: dict[str, None] = {}
    for step in steps:
        for source in named_in("\n".join(step.notes)):
            told.setdefault("\n".join(explained(source, stage.modules.get(step.module), books.catalogue)))
    if told:
        yield ""
        yield "the numbers"
    for text in sorted(told):
        yield from (f"    {line}" for line in text.splitlines())
