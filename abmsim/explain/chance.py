"""What chance decides: durations and shares, each with its draw and the words that tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from abmsim.days import DAYS_PER_UNIT, add_months, day_date
from abmsim.explain.here import Here
from abmsim.lang.empirical import duration_spans
from abmsim.lang.module import Quantity, Share
from abmsim.randomness import normal_quantile, portable_exp, portable_log

_LAST_DAY = 90_000
"""As in `engine/timing.py`: a long tail must not overflow."""

_PARAMETERS = {
    "uniform": ("", "to"), "normal": ("mean", "sd"), "lognormal": ("median", "sigma"),
    "exponential": ("mean",), "weibull": ("scale", "shape"),
}  # fmt: skip


def duration_end(here: Here, quantity: Quantity, u: float) -> tuple[int, str]:
    """(the day on which a duration that begins today ends, how it came about)."""
    length, text = drawn(here, quantity, u)
    months = length * (12.0 if quantity.unit == "year" else 1.0)
    if quantity.kind == "exact" and quantity.unit in ("month", "year") and months.is_integer() and 0 <= months < 1200:
        end = add_months(here.day, int(months))
    else:
        days = max(length, 0.0) * DAYS_PER_UNIT[quantity.unit or "day"]
        end = here.day + int(min(days + 0.5, float(_LAST_DAY - here.day)))
    return end, f"{text} -> {day_date(end)}"


def drawn(here: Here, quantity: Quantity, u: float) -> tuple[float, str]:
    """(what a distribution gives at the quantile `u`, how it came about), in its own unit."""
    if quantity.kind == "empirical":
        length = _empirical(here, quantity.card, u)
        return length, f"a span of stats.{quantity.card}, {_drawn(u)} {_units(length, quantity.unit)}"
    values = [here.value(parameter) for parameter in quantity.parameters]
    source = sourced(here, quantity)
    if quantity.kind in ("exact", "value"):
        return values[0], f"{_units(values[0], quantity.unit)}{source}"
    length = float(_QUANTILES[quantity.kind](u, *values))
    told = [f"{name} {v:.6g}".strip() for name, v in zip(_PARAMETERS[quantity.kind], values, strict=True)]
    named = (" " if quantity.kind == "uniform" else ", ").join(told)
    unit = f" {quantity.unit}s" if quantity.unit else ""
    text = f"{quantity.kind} {named}{unit}{source}, {_drawn(u)} {_units(length, quantity.unit)}"
    return length, text


def _drawn(u: float) -> str:
    return f"draw {u:.6f} gives"


def _units(length: float, unit: str) -> str:
    return f"{length:.6g}" + (f" {unit}{'s' * (length != 1)}" if unit else "")


_QUANTILES: dict[str, Callable[..., float]] = {
    "uniform": lambda u, low, high: low + u * (high - low),
    "normal": lambda u, mean, sd: mean + sd * normal_quantile(u),
    "lognormal": lambda u, median, sigma: median * portable_exp(min(sigma * normal_quantile(u), 50.0)),
    "exponential": lambda u, mean: -portable_log(u) * mean,
    "weibull": lambda u, scale, shape: scale * portable_exp(min(portable_log(-portable_log(u)) / shape, 50.0)),
}


def _empirical(here: Here, card: str, u: float) -> float:
    spans = duration_spans(here.books.catalogue.table(card))
    below = cumulated = 0.0
    for number, (begin, end, weight) in enumerate(spans):
        cumulated += weight
        if u < cumulated or number == len(spans) - 1:
            share = min((u - below) / (cumulated - below), 1.0) if cumulated > below else 0.0
            return begin + share * (end - begin)
        below = cumulated
    return 0.0


def pick(here: Here, shares: Sequence[Share], slot: int) -> tuple[str, str]:
    """(the label that the draw falls on, how it came about); the rest comes last, and later shares are not asked."""
    u = here.draw(slot)
    ordered = sorted(shares, key=lambda share: share.share is None)
    total, told = 0.0, []
    for number, share in enumerate(ordered):
        if share.share is None or number == len(ordered) - 1:
            return share.label, _picked([*told, f"{share.label} the rest"], u, share.label)
        value = here.value(share.share.parameters[0])
        total += value
        told.append(f"{share.label} {value:.6g}{sourced(here, share.share)}")
        if u < total:
            others = [f"{other.label} not asked" for other in ordered[number + 1 :]]
            return share.label, _picked([*told, *others], u, share.label)
    return "", ""


def _picked(told: Sequence[str], u: float, label: str) -> str:
    return f"{'; '.join(told)}; draw {u:.6f} -> {label}"


def sourced(here: Here, quantity: Quantity) -> str:
    """` (stats.x 0.3 (age 80))`: where a number comes from, with what was read for it; then that is forgotten."""
    read = {name: text for name, text in here.reads.items() if text.split(" ")[0] == name}
    alone = quantity.parameters[0] if len(quantity.parameters) == 1 else None
    if alone is not None and alone.op == "name" and len(read) == 1:  # the number is told already
        here.taken()
        name, text = next(iter(read.items()))
        _, _, where = text.removeprefix(name).strip().partition(" ")
        return f" ({name}{', ' if where else ''}{where.strip('()')})"
    taken = here.taken().removeprefix(" (").removesuffix(")")
    source = quantity.source if quantity.source.startswith("assume.") or not taken else ""
    told = ", ".join(filter(None, (source, taken)))
    return f" ({told})" if told else ""


def ages(months: int, days: int) -> Iterator[str]:
    """The parts of an age, as a schedule's line has it."""
    if months:
        yield f"{months // 12} years" if months % 12 == 0 and months > 12 else f"{months} months"
    if days:
        yield f"{days} days"
