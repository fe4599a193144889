"""What a target counts, said in words from what its card declares."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.stats.card import Card
from abmsim.stats.target import SHARES, Conditions, People


def counted_in_words(card: Card) -> str:
    """`persons in period: wmo_deliveries where product is household_help`."""
    target = card.target
    if target is None or target.counts is None:
        return ""
    counts = target.counts
    rows = f"{counts.table}{_where(counts.where)}"
    if counts.of == "spells":
        rows = f"{rows}, of which{_where(counts.having).removeprefix(' where')}"
    elif card.unit in SHARES:
        rows = f"residents with a row in {rows}"
    parts = [f"{card.counting_rule}: {rows}", *_people(target.population)]
    if counts.each != 1:
        parts.append(f"{counts.each:g} for each row")
    return "; ".join(parts)


def _where(conditions: Conditions) -> str:
    said = " and ".join(f"{column} {_value(values)}" for column, values in conditions.items())
    return f" where {said}" if said else ""


def _value(values: tuple[str, ...]) -> str:
    return " or ".join(value if value.startswith(("same", "differs")) else f"is {value}" for value in values)


def _people(people: People) -> Iterator[str]:
    moments = {"start": "at the start", "end": "at the end", "event": "on that day", "date": "on the day", "": ""}
    if people.age:
        yield f"aged {people.age} {moments[people.at]}".strip()
    elif people.at:
        yield f"by age {moments[people.at]}"
    if people.living != "any":
        yield "in an institution" if people.living == "institution" else "living independently"
    if people.present:
        yield f"living here {'' if people.present.startswith('a') else 'at the '}{people.present}"
