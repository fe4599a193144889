"""One way to count for every target that declares what it counts: rule, rows and persons become a query."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from abmsim.days import DAYS_PER_YEAR
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Table
from abmsim.stats.target import Counts, Rounding, Target, Vintage
from abmsim.validate.counts import Tally
from abmsim.validate.estimate import Estimate, beside, error_of, mean, note_on, percent, share, total
from abmsim.validate.figure import Figure
from abmsim.validate.opened import OpenRun
from abmsim.validate.questions import DURATION, STOCK, Question, is_of_places, questions
from abmsim.validate.selecting import Selection
from abmsim.validate.standing import of_all

NOT_BORN = "no births in the run: nobody of this age is simulated"

HOMES = "household_members"
_EVERYBODY = Target(
    "parameter", 0.0, "", Rounding(0.0, ""), Vintage("unknown"), "", counts=Counts(HOMES, drawn_by="household_id")
)
"""Everybody who lives in a household on a day: what a stock of its members is a part of."""

_DAYS_IN = {"days": 1.0, "weeks": 7.0, "months": DAYS_PER_YEAR / 12, "years": DAYS_PER_YEAR}


def counted_figures(run: OpenRun, table: Table) -> list[Figure]:
    """The figures of a card as its target declares them.

    Of one by municipality: those of the run's places together. Of a national one in a run of another place: what the
    run gives, and nothing published beside it.
    """
    card = table.card
    of_places = is_of_places(card)
    missing = sum(1 for code in run.places if not any(code in labels for labels in table.cells)) if of_places else 0
    if missing:  # the places of which it is published are not those of the run
        return []
    return [_figure(run, question, of_places) for question in questions(card, table, run.places)]


def _figure(run: OpenRun, question: Question, of_places: bool) -> Figure:
    published = question.published if of_places or run.is_country else None
    note = _note(run, question)
    found = None if note and not _has_history(run, question) else counted(run, question, published)
    margin, rounding = question.target.margin, question.target.rounding.to * sqrt(question.cells)
    return replace(beside(question.label, published, found, margin, note), rounding=rounding)


def _note(run: OpenRun, question: Question) -> str:
    """Why a figure cannot be judged; empty if it can. A stock of the run's last day can."""
    span = question.span
    note = note_on(run, span.from_date, span.from_date if span.is_day else span.to_date)
    if not note and question.is_by_age and not run.has_births:
        youngest = min(lowest for lowest, _ in question.ages)
        moment = span.last_day if question.at == "end" else span.from_date
        first = run.from_date
        if (moment.year - youngest, moment.month, moment.day) >= (first.year, first.month, first.day):
            return NOT_BORN
    return note


def _has_history(run: OpenRun, question: Question) -> bool:
    """Whether rows of before the live years are there: what modules write, but not life itself."""
    table = load_schema().tables[question.counts.table]
    return bool(table.verb) and not table.kills and question.span.to_date <= run.to_date


def counted(run: OpenRun, question: Question, expected: float | None) -> Estimate | None:
    """What the run gives for a question, with its standard error; None where there is nobody to ask.

    `expected`: the published figure, if the run is of what it is about: nobody found is then no certainty.
    """
    selection = Selection(load_schema(), question)
    if question.rule == STOCK and question.counts.table == HOMES and not question.is_share:
        return _in_homes(run, selection, expected)
    if question.rule == DURATION:
        return _duration(run, selection)
    if question.counts.of == "spells":
        return _share_of_spells(run, selection, expected)
    if question.is_share:
        return _share_of_group(run, selection, expected)
    return _number(run, selection, expected)


def _number(run: OpenRun, selection: Selection, expected: float | None) -> Estimate:
    """Persons once each, or rows; those of one person, or of one household, are one draw of chance."""
    question, each = selection.question, selection.question.counts.each
    what = f"count(distinct counted.{selection.person})" if question.counts_persons else "count(*)"
    query = f"select {selection.drawn()} as drawn, {what} as x {selection.rows()} group by 1"
    found = total(run, query)
    if expected is None:
        return found.times(each)
    wanted = expected / each
    error = max(found.error, error_of(run, wanted))
    if found.value and not question.counts_persons:
        # as many rows as published would have as many a draw as those found have
        error = max(error, found.error * sqrt(max(1.0, wanted / found.value)))
    return replace(found, error=error).times(each)


def _in_homes(run: OpenRun, selection: Selection, expected: float | None) -> Estimate:
    """Members of households on a day, among all of them: households are what chance draws."""
    everybody = replace(selection.question, target=_EVERYBODY, conditions=(), ages=())
    of_all_homes = Selection(selection.schema, everybody).rows()
    ((x, xx, xs, s, ss),) = run.rows(f"""
        with part as (select counted.household_id as home, count(*) as x {selection.rows()} group by 1),
        size as (select counted.household_id as home, count(*) as s {of_all_homes} group by 1)
        select coalesce(sum(x), 0), coalesce(sum(x * x), 0), coalesce(sum(x * s), 0), sum(s), sum(s * s)
        from size left join part using (home)
    """)
    found, residents = Tally(int(x), int(xx), int(xs)), Tally(int(s or 0), int(ss or 0), int(ss or 0))
    return of_all(run, found, residents, expected)


def _share_of_group(run: OpenRun, selection: Selection, expected: float | None) -> Estimate | None:
    """Of the persons of a group, those with a row that counts."""
    inside = f"persons.person_id in (select counted.{selection.person} {selection.rows_in_numerator()})"
    ((of, reached),) = run.rows(f"select count(*), count(*) filter ({inside}) {selection.group()}")
    return _in_unit(percent(reached, of, _percent_of(selection, expected)), selection)


def _share_of_spells(run: OpenRun, selection: Selection, expected: float | None) -> Estimate | None:
    """Of the rows that meet `where`, those that meet `having`."""
    query = f"""
        select {selection.drawn()} as drawn, count(*) as s, count(*) filter ({selection.having()}) as x
        {selection.rows()} group by 1
    """
    return _in_unit(share(run, query, _percent_of(selection, expected)), selection)


def _duration(run: OpenRun, selection: Selection) -> Estimate | None:
    """The mean duration of the spells that ended in the period, in the unit of the card."""
    days = f"date_diff('day', counted.{selection.start}, counted.{selection.end})"
    found = mean(run, f"select {days} as x {selection.rows()}")
    return found.times(1 / _DAYS_IN[selection.question.unit]) if found else None


def _percent_of(selection: Selection, expected: float | None) -> float | None:
    return expected if expected is None or selection.question.unit == "percent" else 100 * expected


def _in_unit(found: Estimate | None, selection: Selection) -> Estimate | None:
    return found.times(0.01) if found and selection.question.unit == "share" else found
