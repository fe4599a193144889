"""`abmsim why`: a row of a run, the events that led to it, the records it refers to, and its numbers' sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abmsim.days import age_on, day_number
from abmsim.explain.chain import since_the_start
from abmsim.explain.sources import explained, named_in, statistic_lines
from abmsim.lang.module import Module
from abmsim.life import Row, open_run, read_rows, sentence
from abmsim.loading import load_modules, read_catalogue
from abmsim.problems import UsageError, suggestion
from abmsim.records.runfile import read_run_file
from abmsim.schema.schema import Schema, TableSchema, load_schema
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.verify import file_hash

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class _Asked:
    """The run that is asked, and the modules and statistics of today beside those that it was made with."""

    tables: duckdb.DuckDBPyConnection
    schema: Schema
    modules: Mapping[str, Module]
    catalogue: Catalogue
    settings: Mapping[str, Any]

    def rows(self, query: str, *values: object) -> list[Row]:
        return read_rows(self.tables, query, *values)

    def changed(self, module: Module) -> bool:
        """Whether a module is another one than the run was made with."""
        return self.settings.get("modules", {}).get(module.name) != file_hash(module.path)


def why_lines(folder: Path, table_name: str, key: str) -> list[str]:
    """Why a row is there, in lines; raises UsageError for a table or a row that the run does not hold."""
    catalogue, _ = read_catalogue()
    modules = {module.name: module for module in load_modules(catalogue).modules}
    with open_run(folder) as tables:
        asked = _Asked(tables, load_schema(), modules, catalogue, read_run_file(folder))
        table = _table(asked, table_name)
        return list(_why(asked, table, _row(asked, table, key)))


def _table(asked: _Asked, name: str) -> TableSchema:
    query = "select distinct table_name from information_schema.tables"
    known = [row["table_name"] for row in asked.rows(query) if row["table_name"] in asked.schema.tables]
    if name not in known:
        raise UsageError(f"there is no table '{name}' in this run ({suggestion(name, known, 'tables')})")
    if len(asked.schema.tables[name].key) != 1:
        raise UsageError(f"the rows of {name} have no key of their own: `abmsim life` tells them")
    return asked.schema.tables[name]


def _row(asked: _Asked, table: TableSchema, key: str) -> Row:
    column = table.key[0]
    found = asked.rows(f"select * from {table.name} where {column} = ?", key)
    if found:
        return found[0]
    near = asked.rows(f"select {column} as near from {table.name} order by levenshtein({column}, ?), 1 limit 1", key)
    hint = f"did you mean '{near[0]['near']}'?" if near else "the table is empty"
    raise UsageError(f"there is no row '{key}' in {table.name} ({hint})")


def _why(asked: _Asked, table: TableSchema, row: Row) -> Iterator[str]:
    key = row[table.key[0]]
    yield f"{table.name} {key}: {table.about}"
    opened = _opening(asked, table, key)
    drawn = _columns_from(asked, opened)
    for column in table.columns:
        if row[column.name] is not None:
            source = f"   ({drawn[column.name]})" if column.name in drawn else ""
            yield f"  {column.name:<18} {_said(row[column.name])}{source}"
    if opened is None:
        yield from _not_of_a_module(asked, table, row)
        return
    chain = since_the_start(_events(asked, opened), asked.modules.get(opened["module"]))
    yield ""
    yield f"what led there ({opened['module']})"
    yield from _chain_lines(asked, opened["person_id"], chain)
    yield from _ending(asked, table, row, opened)
    yield from _references(asked, table, row)
    yield from _sources(asked, opened, chain)


# --- events ----------------------------------------------------------------------------------------------------------
def _opening(asked: _Asked, table: TableSchema, key: str) -> Row | None:
    query = "select rowid as number, * from events where table_name = ? and record_id = ?"
    return next(iter(asked.rows(query, table.name, key)), None)


def _events(asked: _Asked, opened: Row) -> list[Row]:
    """The events of the resident in the module up to the one that opened the row."""
    query = """
        select rowid as number, * from events where person_id = ? and module = ? and rowid <= ? order by rowid
    """
    return asked.rows(query, opened["person_id"], opened["module"], opened["number"])


def _chain_lines(asked: _Asked, person_id: str, events: Sequence[Row]) -> Iterator[str]:
    birth = asked.rows("select birth_date from persons where person_id = ?", person_id)[0]["birth_date"]
    for event in events:
        age = age_on(day_number(birth), day_number(event["date"]))
        wrote = f", wrote {event['table_name']} {event['record_id']}" if event["record_id"] else ""
        yield f"  {event['date']}  age {age:>3}  {event['state']}{wrote}"
        yield f"{'':23}{event['why']}"
    module = asked.modules.get(events[-1]["module"])
    if module is None or asked.changed(module):
        yield f"  the module's file is not the one of the run: lines can have moved in {events[-1]['module']}"


def _ending(asked: _Asked, table: TableSchema, row: Row, opened: Row) -> Iterator[str]:
    """What closed the row, if that is known: a state of its module, or a death."""
    end = table.by_role("end")
    module = asked.modules.get(opened["module"])
    if end is None or row[end.name] is None or module is None:
        return
    query = """
        select * from events where person_id = ? and date = ? and rowid > ? and (module = ? or table_name = 'deaths')
        order by rowid
    """
    day = asked.rows(query, opened["person_id"], row[end.name], opened["number"], opened["module"])
    for event in day:
        state = module.states.get(event["state"]) if event["module"] == opened["module"] else None
        closes = state is not None and any(closing.verb == table.verb for closing in state.closings)
        if closes or event["table_name"] == "deaths":
            yield ""
            yield f"what closed it on {row[end.name]}"
            yield f"  {event['module']}: {event['state']}, {event['why']}"
            return


def _references(asked: _Asked, table: TableSchema, row: Row) -> Iterator[str]:
    """The records that the row refers to, and those that these refer to."""
    waiting = [(table, row)]
    lines = []
    while waiting:
        one, values = waiting.pop(0)
        for column in one.parents:
            parent = asked.schema.tables[column.refers]
            key = values[column.name]
            found = asked.rows(f"select * from {parent.name} where {parent.key[0]} = ?", key) if key else []
            for other in found:
                start = parent.by_role("start")
                date = other[start.name] if start else None
                told = sentence(parent, other, date) if date else parent.about
                lines.append(f"  {parent.name} {key}: {told}{f', {date}' if date else ''}")
                waiting.append((parent, other))
    if lines:
        yield from ("", "what it refers to", *lines)


# --- sources ---------------------------------------------------------------------------------------------------------
def _columns_from(asked: _Asked, opened: Row | None) -> dict[str, str]:
    """Column -> the statistics, assumptions or schedule that its value was made from, as the module says today."""
    module = asked.modules.get(opened["module"]) if opened is not None else None
    state = module.states.get(opened["state"]) if module is not None and opened is not None else None
    if state is None or state.record is None:
        return {}
    found = {}
    for name, value in state.record.columns.items():
        quantities = [share.share for share in value.shares if share.share is not None]
        quantities += [value.quantity] if value.quantity is not None else []
        sources = dict.fromkeys(quantity.source for quantity in quantities)
        if value.kind == "schedule":
            sources = {f"schedule.{value.schedule_column}": None}
        if sources:
            found[name] = ", ".join(sources)
    return found


def _sources(asked: _Asked, opened: Row, chain: Sequence[Row]) -> Iterator[str]:
    """What decided each step, the last one in full; then what the other numbers are."""
    module = asked.modules.get(opened["module"])
    own = named_in(opened["why"]) or ([f"stats.{opened['statistic']}"] if opened["statistic"] else [])
    yield ""
    yield "what decided it"
    if not own:
        yield f"  the line {opened['why']} alone: no number had to decide"
    for source in own:
        yield from (f"  {line}" for line in _in_full(asked, source, module))
    before = "\n".join([*(event["why"] for event in chain), *_columns_from(asked, opened).values()])
    others = [source for source in named_in(before) if source not in own]
    if others:
        yield ""
        yield "the other numbers on the way"
    for source in others:
        yield from (f"  {line}" for line in explained(source, module, asked.catalogue))


def _in_full(asked: _Asked, source: str, module: Module | None) -> Iterator[str]:
    head, _, name = source.partition(".")
    if head != "stats":
        yield from explained(source, module, asked.catalogue)
        return
    in_run = asked.rows("select * from sources where statistic = ?", name)
    card = asked.catalogue.cards.get(name)
    was = asked.settings.get("statistics", {}).get(name)
    changed = card is not None and was is not None and was != file_hash(card.csv)
    yield from statistic_lines(name, in_run[0] if in_run else None, asked.catalogue, changed)


def _not_of_a_module(asked: _Asked, table: TableSchema, row: Row) -> Iterator[str]:
    yield ""
    if table.name == "sources":
        yield from _in_full(asked, f"stats.{row['statistic']}", None)
    elif table.name in ("persons", "households", "household_members", "municipalities", "neighbourhoods"):
        yield "no module wrote it: residents and households are drawn from the statistics that run.yaml lists,"
        yield "and households change when modules ask for it"
        if table.name == "persons":
            yield f"`abmsim life RUN {row['person_id']}` tells this life"
    elif table.name == "births":
        yield from _birth(asked, row)
    else:
        yield "no event tells of it: silent states and rows without a module have no why"


def _birth(asked: _Asked, row: Row) -> Iterator[str]:
    """The way of the mother's module to the state that asked for the child."""
    query = "select rowid as number, * from events where person_id = ? and date = ?"
    for event in asked.rows(query, row["mother_id"], row["date"]):
        module = asked.modules.get(event["module"])
        state = module.states.get(event["state"]) if module is not None else None
        if state is not None and state.happens == "birth":
            yield f"no module wrote it: one of the mother asked for it ({event['module']})"
            chain = since_the_start(_events(asked, event), module)
            yield from _chain_lines(asked, row["mother_id"], chain)
            yield from _sources(asked, event, chain)
            return
    yield "no event tells of it: silent states and rows without a module have no why"


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
