"""What a case expects against what came out: nothing to say, or the two side by side."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from abmsim.areas import open_labels
from abmsim.casework.rows import record_rows
from abmsim.casework.staging import Outcome
from abmsim.casework.workshop import Workshop
from abmsim.lang.cases import Case, ExpectedRecords, ExpectedShare, Step
from abmsim.lang.read_expect import day_text
from abmsim.lang.read_given import value_text
from abmsim.vocabulary import Attribute

STANDARD_ERRORS = 4.0
"""A right cohort test fails once in 16,000 seeds; the seed of a test is fixed."""

_SAME = 1e-9
"""Relative: attributes that are numbers can differ by the order of operations."""


def failures(case: Case, outcome: Outcome, workshop: Workshop) -> list[str]:
    """The lines that say what of a case's outcome is not as expected, none if all is."""
    expect = case.expect
    lines: list[str] = []
    path = outcome.path()
    if expect.path is not None:
        lines += _compare_paths(expect.path, path)
    if expect.last and (not path or path[-1].state != expect.last):
        lines.append(f"last state: expected {expect.last}, got {path[-1].state if path else 'none'}")
        lines += [] if expect.path is not None else _path_lines(path)
    lines += _compare_attributes(expect.attributes or {}, outcome, workshop)
    for verb, records in (expect.records or {}).items():
        lines += _compare_records(verb, records, record_rows(outcome, workshop.schema, verb))
    if expect.share is not None:
        lines += _compare_share(expect.share, outcome, case.cohort)
    return lines


def _compare_paths(expected: Sequence[Step], actual: Sequence[Step]) -> list[str]:
    if len(expected) == len(actual) and all(map(_fits, expected, actual)):
        return []
    table = [("", "expected path", "actual path")]
    for wanted, got in itertools.zip_longest(expected, actual):
        mark = "" if wanted is not None and got is not None and _fits(wanted, got) else "->"
        table.append((mark, _step_text(wanted), _step_text(got)))
    widths = [max(len(row[column]) for row in table) for column in range(2)]
    return [f"{mark:{widths[0]}} {wanted:{widths[1]}}   {got}".rstrip() for mark, wanted, got in table]


def _fits(wanted: Step, got: Step) -> bool:
    return wanted.state == got.state and wanted.day in (None, got.day)


def _step_text(step: Step | None) -> str:
    if step is None:
        return "-"
    return step.state if step.day is None else f"{step.state} {day_text(step.day)}"


def _path_lines(path: Sequence[Step]) -> list[str]:
    return ["actual path: " + ", ".join(map(_step_text, path))]


def _compare_attributes(expected: Mapping[str, float], outcome: Outcome, workshop: Workshop) -> Iterator[str]:
    for name, wanted in expected.items():
        index = outcome.program.attribute_index(name)
        got = float(outcome.attributes[0, index])
        if not math.isclose(wanted, got, rel_tol=_SAME, abs_tol=_SAME):
            attribute = outcome.program.attributes[index]
            texts = (_value_text(attribute, value, workshop) for value in (wanted, got))
            yield "{}: expected {}, got {}".format(name, *texts)


def _value_text(attribute: Attribute, value: float, workshop: Workshop) -> str:
    labels = attribute.labels or open_labels(attribute.name, workshop.municipality_codes)
    return value_text(value, attribute, labels)


def _compare_records(verb: str, expected: ExpectedRecords, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if len(rows) != expected.count:
        yield f"records of {verb}: expected {expected.count}, got {len(rows)}"
        return
    for number, (wanted, got) in enumerate(zip(expected.rows, rows, strict=False), start=1):
        for column, value in wanted.items():
            if got[column] != value:
                yield f"{verb} {number}, {column}: expected {value}, got {got[column]}"


def _compare_share(expected: ExpectedShare, outcome: Outcome, n: int) -> Iterator[str]:
    got = outcome.residents_in(expected.state, only_last=expected.kind == "last") / n
    error = math.sqrt(expected.share * (1.0 - expected.share) / n)
    if abs(got - expected.share) > STANDARD_ERRORS * error + 0.5 / n:
        yield (
            f"share {expected.kind} in {expected.state}: expected {expected.share:g}, got {got:.4f} of {n} residents,"
            f" {abs(got - expected.share) / error if error else math.inf:.1f} standard errors away"
        )
