"""How long a table of figures holds: the years it was published for, and the rule that extends it after them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from abmsim.problems import Problem, suggestion
from abmsim.stats.card import Card, Validity
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.table import Table

_YEARS = re.compile(r"(\d{4})(?:-(\d{4})|\+)?")


def labelled_years(table: Table) -> tuple[int, int] | None:
    """The first and the last year among the labels of `year` (`2023+` counts as 2023); None if there is no such."""
    spans = [_YEARS.fullmatch(label) for label in table.labels.get("year", ())]
    if not spans or None in spans:
        return None
    return min(int(span[1]) for span in spans if span), max(int(span[2] or span[1]) for span in spans if span)


def validity(table: Table) -> Validity | None:
    """What the card says; else the labelled years, the last value after them; None for a table without years."""
    if table.card.valid is not None:
        return table.card.valid
    years = labelled_years(table)
    return Validity(*years) if years else None


def rule_after(table: Table, year: int) -> str:
    """What the table gives in `year` and why, in words; empty if its figures were published for that year."""
    valid = validity(table)
    if valid is None or year <= valid.last_year:
        return ""
    _, end = labelled_years(table) or (0, valid.last_year)
    born = "those born in " if table.card.counting_rule == "share of birth cohort" else ""
    last_value = f"the figures of {born}{end} hold from {end + 1} on"
    if valid.after == "last value":
        return last_value
    return f"from {valid.last_year + 1} on by {_rule(valid)}" + (f"; {last_value}" if end < year else "")


def extensions(catalogue: Catalogue, names: Iterable[str], last_year: int) -> dict[str, str]:
    """name -> rule of each table of those named that ends before `last_year`, in the order of the names."""
    rules = {name: rule_after(catalogue.table(name), last_year) for name in sorted(names) if _dated(catalogue, name)}
    return {name: rule for name, rule in rules.items() if rule}


def furthest(catalogue: Catalogue, names: Iterable[str]) -> tuple[str, int]:
    """Of the tables named, the one with figures for the latest year, and that year; ("", 0) if none is by year."""
    ends = {name: labelled_years(catalogue.table(name)) for name in sorted(names) if "year" in catalogue.card(name).by}
    return max(((name, years[1]) for name, years in ends.items() if years), key=lambda end: end[1], default=("", 0))


def _dated(catalogue: Catalogue, name: str) -> bool:
    card = catalogue.card(name)
    return bool(card.values) and (card.valid is not None or "year" in card.by)


def validity_problems(catalogue: Catalogue, card: Card) -> Iterator[Problem]:
    """What a card says of its years against its table, and the forecast it names."""
    if card.valid is None or not card.values:
        return
    forecast = card.valid.forecast
    if forecast and forecast not in catalogue.cards:
        hint = suggestion(forecast, catalogue.cards)
        yield card.problem("valid", "S133", f"there is no statistic '{forecast}'", hint)
    years = labelled_years(catalogue.table(card.name))
    if years is None:
        return
    first, last = years
    if not first <= card.valid.first_year <= card.valid.last_year <= last:
        text = f"valid from {card.valid.first_year} to {card.valid.last_year}, but the figures are of {first} to {last}"
        yield card.problem("valid", "S128", text)
    elif card.valid.after == "last value" and card.valid.last_year < last:
        text = f"the last value of {card.valid.last_year} does not hold: there are figures up to {last}"
        yield card.problem("valid", "S128", text, "say `trend`, or which forecast")
    elif card.valid.after != "last value" and card.valid.last_year == last:
        text = f"after {last} nothing follows the {card.valid.after}: there are no figures"
        yield card.problem("valid", "S128", text, "add them, or say `last value`")


def words(valid: Validity, table: Table | None) -> str:
    """`2017 to 2023, to 2100 by the forecast death_rates_un, then the last value`."""
    published = f"{valid.first_year} to {valid.last_year}"
    if valid.after == "last value" or table is None:
        return f"{published}, then the last value"
    _, end = labelled_years(table) or (0, valid.last_year)
    return f"{published}, to {end} by {_rule(valid)}, then the last value"


def _rule(valid: Validity) -> str:
    return f"the forecast {valid.forecast}" if valid.forecast else "a trend"
