"""The SQL of a question: which rows, which persons, on which day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from abmsim.schema.definition import PERSONS, Schema, TableSchema
from abmsim.stats.target import DIFFERS, EMPTY, KNOWN, SAME
from abmsim.validate.columns import COUNTED, find, parents, period_columns, person_column
from abmsim.validate.questions import DURATION, ENDS, STARTS, STOCK, Question

_LIVING = {"institution": "=", "independently": "<>"}


class Selection:
    """The parts of a query for one question, over the tables of a schema; made by `rows_of` and `group_of`."""

    def __init__(self, schema: Schema, question: Question) -> None:
        self.schema = schema
        self.question = question
        self.table: TableSchema = schema.tables[question.counts.table]
        self.start, self.end = period_columns(self.table, question.counts.start, question.counts.end)
        self.person = person_column(self.table, question.counts.person)
        self.people = COUNTED if self.table.name == PERSONS else PERSONS

    def rows(self) -> str:
        """`from ... where ...`: the rows of the table that the question is about, as `counted`."""
        conditions = [*self.times(), *self.meet(self._all()), *self._population(self.people)]
        return f"from {self._joined(conditions)} where {' and '.join(conditions)}"

    def rows_in_numerator(self) -> str:
        """The same without what is asked of the person, which says who is in the group."""
        conditions = [*self.times(), *self.meet(self._all(), personal=False)]
        return f"from {self._joined(conditions)} where {' and '.join(conditions)}"

    def group(self) -> str:
        """`from ... where ...`: the persons of the group that a share is of, as `persons`."""
        span = self.question.span
        conditions = [*self.meet(self._all(), personal=True), *self._population(PERSONS)]
        if self.question.present == "any part":
            conditions.append(self._here(PERSONS, span.from_date, span.to_date))
        return f"from {PERSONS} where {' and '.join(conditions) or 'true'}".replace(f"{COUNTED}.", f"{PERSONS}.")

    def drawn(self) -> str:
        """What chance draws as a whole: the person, a column, or the home on the day of the row."""
        column = self.question.counts.drawn_by
        if column != "household":
            return f"{COUNTED}.{column or self.person or self.table.key[0]}"
        day = f"{COUNTED}.{self._event()}"
        return f"""coalesce((select arg_max(home.household_id, home.from_date) from household_members as home
            where home.person_id = {COUNTED}.{self.person} and home.from_date <= {day}
            and (home.to_date is null or home.to_date >= {day})), {COUNTED}.{self.person})"""

    def having(self) -> str:
        return " and ".join(self.meet(self.question.counts.having.items())) or "true"

    def times(self) -> list[str]:
        """When a row counts; without a column for its end it is of its first day alone."""
        span, rule = self.question.span, self.question.rule
        start, end = f"{COUNTED}.{self.start}", f"{COUNTED}.{self.end}"
        first, after = _day(span.from_date), _day(span.to_date)
        if rule in (ENDS, DURATION):
            return [f"{end} >= {first}", f"{end} < {after}"]
        if rule == STARTS or not self.end:
            return [f"{start} >= {first}", f"{start} < {after}"]
        if rule == STOCK or span.is_day:
            return [f"{start} <= {first}", f"({end} is null or {end} > {first})"]
        return [f"{start} < {after}", f"({end} is null or {end} > {first})"]

    def meet(self, asked: Iterable[tuple[str, tuple[str, ...]]], personal: bool | None = None) -> list[str]:
        """The conditions on columns; only on those of the person, or only on the others, if `personal` says so."""
        parts = []
        for name, values in asked:
            found = find(self.schema, self.table, name)
            assert found is not None, f"{self.table.name} has no column {name}"  # told by `target_problems`
            if personal in (None, found.is_personal):
                parts.append(_one_of(found.sql, values))
        return parts

    def _all(self) -> list[tuple[str, tuple[str, ...]]]:
        return [*self.question.counts.where.items(), *self.question.conditions]

    def _event(self) -> str:
        return self.end if self.question.rule in (ENDS, DURATION) else self.start

    def _moment(self) -> str:
        """The day on which age and home are looked at."""
        span, at = self.question.span, self.question.at
        if at == "event":
            return f"{COUNTED}.{self._event()}"
        return _day(span.last_day if at == "end" else span.from_date)

    def _population(self, people: str) -> Iterator[str]:
        span, moment = self.question.span, self._moment()
        for lowest, highest in self.question.ages:
            yield f"date_sub('year', {people}.birth_date, {moment}) between {lowest} and {highest}"
        living = self.question.target.population.living
        if living in _LIVING:
            yield f"""exists (select 1 from household_members as home where home.person_id = {people}.person_id
                and home.position {_LIVING[living]} 'institution'
                and home.from_date <= {moment} and (home.to_date is null or home.to_date > {moment}))"""
        match self.question.present:
            case "at date" | "start":
                yield self._here(people, span.from_date)
            case "end":
                yield self._here(people, span.last_day)
            case "all year":
                yield f"{people}.entered_date <= {_day(span.from_date)}"
                yield f"({people}.left_date is null or {people}.left_date >= {_day(span.to_date)})"

    def _here(self, people: str, day: datetime.date, before: datetime.date | None = None) -> str:
        """Lives here on a day, or on one of those from `day` to `before`."""
        entered = f"< {_day(before)}" if before else f"<= {_day(day)}"
        return f"({people}.entered_date {entered} and ({people}.left_date is null or {people}.left_date > {_day(day)}))"

    def _joined(self, conditions: list[str]) -> str:
        """The table with those joined to it of which a condition speaks."""
        said = " ".join([*conditions, self.having()])
        joined = f"{self.table.name} as {COUNTED}"
        if self.people == PERSONS and f"{PERSONS}." in said:
            joined += f" join {PERSONS} on {PERSONS}.person_id = {COUNTED}.{self.person}"
        for column, parent in parents(self.schema, self.table):
            if f"{parent.name}." in said:
                joined += f" left join {parent.name} on {parent.name}.{parent.key[0]} = {COUNTED}.{column.name}"
        return joined


def _day(day: datetime.date) -> str:
    return f"DATE '{day.isoformat()}'"


def _one_of(column: str, values: tuple[str, ...]) -> str:
    alternatives = [said for value in values if (said := _is(column, value))]
    listed = [value for value in values if not _is(column, value)]
    if listed:
        quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in listed)
        alternatives.append(f"cast({column} as varchar) in ({quoted})")
    return f"({' or '.join(alternatives)})"


def _is(column: str, value: str) -> str:
    """What a word says of a column; empty if it is a value."""
    alias = column.partition(".")[0]
    if value == KNOWN:
        return f"{column} is not null"
    if value == EMPTY:
        return f"{column} is null"
    if value.startswith(SAME):
        return f"{column} = {alias}.{value.removeprefix(SAME)}"
    return f"{column} <> {alias}.{value.removeprefix(DIFFERS)}" if value.startswith(DIFFERS) else ""
