"""What is wrong in how cards say what a run is held against, told at its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from abmsim.paths import module_files
from abmsim.problems import Problem, ProblemsFound, suggestion
from abmsim.schema.definition import PERSONS, Column, Schema, TableSchema
from abmsim.schema.schema import load_schema
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue, Table
from abmsim.stats.target import AGE, DIFFERS, EMPTY, KNOWN, LAST_DAY, NEW_YEAR, SAME, SHARES, Conditions, Counts, Target
from abmsim.validate.columns import find, names, period_columns, person_column
from abmsim.validate.conflicts import conflicts
from abmsim.validate.questions import (
    DURATION,
    ENDS,
    PERSONS_IN,
    RULES,
    SHARE,
    STOCK,
    Question,
    is_of_places,
    questions,
    stratum_of,
)

MEASURES = (
    "age_at_death", "age_at_first_birth", "age_at_first_birth_before", "age_at_leaving_home", "age_at_marriage",
    "age_gap_of_spouses", "births_by_age_of_father", "births_by_order", "births_outside_marriage",
    "child_abuse_in_a_year", "children_of_one_parent", "children_of_separations", "couples", "daily_limitations",
    "dementia", "frail", "fully_vaccinated", "households_with_children", "informal_care_hours",
    "informal_care_of_carers", "informal_carers_of_a_place", "life_expectancy", "marital_status", "marriages",
    "mortality_after_admission", "moves_by_age", "moves_of_a_place", "multiple_deliveries", "one_person_households",
    "persons_divorcing", "persons_marrying", "persons_with_dementia", "residents", "residents_by_ten_years",
    "separations", "vaccination_coverage", "veilig_thuis_in_time", "violence_in_a_year", "violence_in_five_years",
    "waiting_in_municipalities", "weeks_to_household_help", "widowed", "wmo_expenditure", "wmo_expenditure_of_a_place",
    "wmo_number_of_provisions", "women_of_the_frail", "young_residents",
)  # fmt: skip
"""The names of `validate/measures.py`, which loads too much for a quick check; a test keeps the two equal."""

NO_MODULE, NO_TABLE, NO_COLUMN, NO_VALUE, NOT_CARRIED, NOT_DATED, NO_DIMENSION, NO_LABEL, NOT_ROUNDED = (
    f"S15{number}" for number in range(9)
)
_TIMES = ("days", "weeks", "months", "years")


def target_problems(catalogue: Catalogue, only_counted: bool = False) -> list[Problem]:
    """All problems of all targets, alone and with each other.

    `only_counted`: the figures of measures, which only their rounding is asked of, are not read; for a quick check.
    """
    schema, modules = load_schema(), module_files()
    problems: list[Problem] = []
    asked: dict[str, list[Question]] = {}
    for card in catalogue.cards.values():
        if card.target is None or card.part is not None:
            continue
        found = list(_of_card(schema, modules, card, card.target))  # without the figures
        problems += found
        if only_counted and card.target.counts is None:
            continue
        try:
            table = catalogue.table(card.name)
            problems += _roundings(table, card.target)
            if not found and card.target.counts is not None:
                asked[card.name] = questions(card, table)
                problems += _of_labels(schema, card, asked[card.name])
        except ProblemsFound as faulty:
            problems += faulty.problems
        except ValueError as error:
            problems.append(card.problem("target.counts", NO_LABEL, str(error)))
    return sorted({*problems, *conflicts(catalogue, asked)})


def _of_card(schema: Schema, modules: Collection[str], card: Card, target: Target) -> Iterator[Problem]:
    """What can be said without the figures."""
    if target.module not in modules:
        hint = suggestion(target.module, modules, "modules")
        yield card.problem("target.module", NO_MODULE, f"there is no module '{target.module}'", hint)
    if target.rounding.unit not in (card.unit, card.values):
        hint = f"'{card.unit}' or '{card.values}'"
        text = f"figures in {card.unit} are not rounded to {target.rounding.unit or 'nothing'}"
        yield card.problem("target.rounding", NOT_ROUNDED, text, hint)
    if target.measure and target.measure not in MEASURES:
        hint = suggestion(target.measure, MEASURES, "measures")
        yield card.problem("target.measure", NO_COLUMN, f"there is no measure '{target.measure}'", hint)
    if target.counts is None:
        return
    table = schema.tables.get(target.counts.table)
    if table is None:
        hint = suggestion(target.counts.table, schema.tables, "tables")
        yield card.problem("target.counts.table", NO_TABLE, f"there is no table '{target.counts.table}'", hint)
        return
    yield from _of_columns(schema, table, card, target.counts)
    yield from _of_rule(table, card, target, target.counts)
    yield from _of_values(schema, table, card, target.counts)


def _of_columns(schema: Schema, table: TableSchema, card: Card, counts: Counts) -> Iterator[Problem]:
    """Columns that are named apart, and dimensions."""
    for key, name in (("start", counts.start), ("end", counts.end)):
        column = next((column for column in table.columns if column.name == name), None)
        if name and (column is None or column.type != "date"):
            dates = [column.name for column in table.columns if column.type == "date"]
            text = f"{table.name} has no date '{name}'"
            yield card.problem(f"target.counts.{key}", NO_COLUMN, text, suggestion(name, dates))
    own = [column.name for column in table.columns]
    if counts.drawn_by not in ("", "household", *own):
        hint = suggestion(counts.drawn_by, ["household", *own])
        yield card.problem("target.counts.drawn_by", NO_COLUMN, f"{table.name} has no '{counts.drawn_by}'", hint)
    persons = [column.name for column in table.columns if column.refers == PERSONS]
    if counts.person not in ("", *persons):
        hint = suggestion(counts.person, persons, "persons")
        yield card.problem("target.counts.person", NO_COLUMN, f"'{counts.person}' is no person of {table.name}", hint)
    for dimension in counts.by:
        if dimension not in card.by:
            hint = suggestion(dimension, card.by, "dimensions")
            text = f"'{dimension}' is no dimension of this card"
            yield card.problem(f"target.counts.by.{dimension}", NO_DIMENSION, text, hint)
    for dimension in card.by:
        column = stratum_of(counts, dimension).column
        if column and find(schema, table, column) is None:
            key = f"target.counts.by.{dimension}" if dimension in counts.by else "target.counts"
            hint = suggestion(column, [*names(schema, table), "period", "1 January", "age"])
            yield card.problem(key, NO_DIMENSION, f"{table.name} has no column '{column}' for '{dimension}'", hint)


def _of_rule(table: TableSchema, card: Card, target: Target, counts: Counts) -> Iterator[Problem]:
    """Whether the table can carry the counting rule, and the unit goes with it."""
    rule, person = card.counting_rule, person_column(table)
    start, end = period_columns(table, counts.start, counts.end)
    of_persons = card.unit == "persons" or rule == PERSONS_IN or (card.unit in SHARES and counts.of == "persons")
    told = ""
    if rule not in RULES:
        told = f"'{rule}' is not counted from the rows of a table (name a `measure`)"
    elif not start:
        told = f"{table.name} has no column for the first day of a row"
    elif rule in (ENDS, DURATION) and not end:
        told = f"'{rule}' needs the end of a row, and {table.name} has no column for it"
    elif rule == STOCK and not end:
        told = f"'{rule}' needs rows that last, and {table.name} has no column for their end"
    elif not person and of_persons:
        told = f"{table.name} has no column for the person whose row it is, and persons are counted"
    elif rule == DURATION and card.unit not in _TIMES:
        told = f"'{rule}' is in {', '.join(_TIMES)}, not in {card.unit}"
    elif rule == SHARE and card.unit not in SHARES:
        told = f"'{rule}' is in percent or a share, not in {card.unit}"
    elif counts.of == "spells" and (card.unit not in SHARES or not counts.having):
        told = "a part `of: spells` is in percent or a share, and `having` says which are counted"
    elif not person and target.population != type(target.population)():
        told = f"{table.name} has no column for the person of whom `population` speaks"
    elif target.population.at == "event" and (rule in (STOCK, PERSONS_IN, SHARE) or card.unit in SHARES):
        told = f"'{rule}' has no event on whose day age and home are looked at"
    if told:
        yield card.problem("counting_rule", NOT_CARRIED, told)


def _of_values(schema: Schema, table: TableSchema, card: Card, counts: Counts) -> Iterator[Problem]:
    """The columns and values of every condition."""
    told: list[tuple[str, Conditions]] = [("where", counts.where), ("having", counts.having)]
    for dimension, stratum in counts.by.items():
        told += [(f"by.{dimension}.{label}", conditions) for label, conditions in stratum.labels.items()]
    for key, conditions in told:
        for name, values in conditions.items():
            if name == AGE and key.startswith("by."):
                continue
            place, found = f"target.counts.{key}.{name}", find(schema, table, name)
            if found is None:
                hint = suggestion(name, names(schema, table), "columns")
                yield card.problem(place, NO_COLUMN, f"{table.name} has no column '{name}'", hint)
                continue
            for value in values:
                if problem := _of_value(schema, table, found.column, value):
                    yield card.problem(place, NO_VALUE, *problem)


def _of_value(schema: Schema, table: TableSchema, column: Column, value: str) -> tuple[str, str] | None:
    """What is wrong with one value of a condition, and what to do."""
    if value in (KNOWN, EMPTY):
        return None if column.nullable else (f"'{column.name}' is never empty", "leave the condition out")
    if value.startswith((SAME, DIFFERS)):
        other = value.removeprefix(SAME).removeprefix(DIFFERS)
        own = [one.name for one in table.columns]
        return None if other in own else (f"{table.name} has no column '{other}'", suggestion(other, own))
    codes = schema.codes_of(column)
    options = codes.labels if codes else ("true", "false") if column.type == "bool" else ()
    if options and value not in options:
        return f"'{column.name}' is never '{value}'", suggestion(value, options)
    if column.type in ("integer", "number") and not value.replace(".", "", 1).isdigit():
        return f"'{column.name}' is a number, and '{value}' is none", ""
    return None


def _of_labels(schema: Schema, card: Card, asked: list[Question]) -> Iterator[Problem]:
    """Of each figure: the rule and its period, its ages and moment, and the values that its labels stand for."""
    if is_of_places(card) and asked:  # they differ by municipality alone
        asked = [question for question in asked if question.conditions[0] == asked[0].conditions[0]]
    strata = card.target.counts.by.values() if card.target and card.target.counts else ()
    told = {one for stratum in strata for conditions in stratum.labels.values() for one in conditions.items()}
    for question in asked:
        day, rule = question.span.is_day, question.rule
        label = question.label
        if rule == STOCK and not day:
            hint = f"`by: {{year: {NEW_YEAR}}}` or `{LAST_DAY}`, or `period: '2023-12-31'`"
            yield card.problem("target.counts", NOT_DATED, f"a stock is at a date, and '{label}' has a period", hint)
        elif rule not in (STOCK, SHARE) and day:
            hint = "`period: 2023`, or `by: {year: period}`"
            yield card.problem("target.counts", NOT_DATED, f"'{rule}' has a period, and '{label}' a date", hint)
        people = question.target.population
        if (question.ages or people.living != "any") and not question.at:
            hint = "`population: {at: start | end | event}`"
            yield card.problem("target.counts", NOT_DATED, "nothing says when age and home are looked at", hint)
        moments = {"date", "at date"} if not day else {"start", "end", "event", "all year", "any part"}
        for word in moments & {people.at, people.present}:
            when = "on one day" if day else "in a period"
            yield card.problem("target.population", NOT_DATED, f"'{label}' is {when}, where nobody can be '{word}'")
        table = schema.tables[question.counts.table]
        for name, values in question.conditions:
            found = find(schema, table, name)
            for value in values if found is not None and (name, values) not in told else ():
                if found is not None and (problem := _of_value(schema, table, found.column, value)):
                    yield card.problem("target.counts", NO_VALUE, f"'{label}': {problem[0]}", problem[1])


def _roundings(table: Table, target: Target) -> Iterator[Problem]:
    """Figures that are no multiples of what they are rounded to."""
    to = target.rounding.to
    for labels, value in table.cells.items() if to else ():
        if abs(value / to - round(value / to)) > 1e-6 * max(1.0, abs(value / to)):
            text = f"{', '.join(labels)}: {value:.10g} is not rounded to {to:g} {target.rounding.unit}"
            yield table.card.problem("target.rounding", NOT_ROUNDED, text)
            return


