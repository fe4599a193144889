"""What `abmsim module trace` is asked, from the words of the command line; every mistake is one line."""

from __future__ import annotations

from collections.abc import Iterable

from abmsim.casework.workshop import Workshop
from abmsim.days import DAYS_PER_UNIT, add_months, parse_duration
from abmsim.explain.staging import Question
from abmsim.lang.cases import Given
from abmsim.lang.module import Module
from abmsim.lang.read_given import Known, read_given
from abmsim.problems import Problem, UsageError, suggestion
from abmsim.vocabulary import BASE_DATE, VOCABULARY
from abmsim.yamlfile import parse_yaml

GIVEN, RUN = "--given", "--run"
_LONGEST_RUN = 130 * 366


def question(module: Module, given: str, begin: str, from_: str, run: str, seed: int, books: Workshop) -> Question:
    """The question that the words ask; raises UsageError for what cannot be asked."""
    start = _begin(module, begin)
    beginning = _beginning(from_, module)
    resident = _given(given, module, books)
    until = _until(run)
    if resident.resident.birth_day >= until:
        raise UsageError(f"the resident is born after the end of {RUN} '{run}'")
    return Question(module, resident, start, beginning == "birth", until, seed)


def _begin(module: Module, name: str) -> str:
    if name and name not in module.states:
        raise UsageError(f"{module.name} has no state '{name}' ({suggestion(name, module.states, 'states')})")
    return name or module.start


def _beginning(text: str, module: Module) -> str:
    options = ("birth", "base_date")
    if text not in options:
        raise UsageError(f"--from is birth or base_date, not '{text}' ({suggestion(text, options)})")
    if text == "birth" and module.begins == "base_date":
        raise UsageError(f"{module.name} begins on the base date (`begins: base_date`): leave --from out")
    return text


def _given(text: str, module: Module, books: Workshop) -> Given:
    flow = text.strip()
    braced = flow.startswith("{")
    root, problems = parse_yaml(flow if braced else f"{{{flow}}}", GIVEN)
    if root is None:
        raise _mistakes(problems, "write it as 'age: 82, sex: female'")
    known = Known(_attributes(module, books), books.municipality_codes)
    given = read_given([root], known)
    if problems:
        raise _mistakes(problems)
    return given


def _attributes(module: Module, books: Workshop):
    """What a resident of the question has: the vocabulary, and the attributes of the module and of those it reads."""
    found = dict(VOCABULARY)
    for name in module.uses:
        found |= books.modules[name].attributes
    return found | dict(module.attributes)


def _mistakes(problems: Iterable[Problem], otherwise: str = "") -> UsageError:
    lines = [f"{problem.text} ({problem.hint or otherwise})".removesuffix(" ()") for problem in sorted(problems)]
    return UsageError(f"{GIVEN}: {'; '.join(dict.fromkeys(lines))}")


def _until(text: str) -> int:
    """The first day that is not run: that long after the base date."""
    try:
        low, high, unit = parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{RUN}: {error}") from None
    if low != high:
        raise UsageError(f"{RUN} is one duration such as '5 years', not '{text}'")
    months = low * (12 if unit == "year" else 1)
    exact = unit in ("month", "year") and months == int(months)
    days = months * DAYS_PER_UNIT["month"] if unit in ("month", "year") else low * DAYS_PER_UNIT[unit]
    if not 1 <= days <= _LONGEST_RUN:
        raise UsageError(f"{RUN} is from 1 day to 130 years, not '{text}'")
    return add_months(BASE_DATE, int(months)) if exact else BASE_DATE + round(days)
