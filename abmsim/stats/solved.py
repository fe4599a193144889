"""A statistic of which some cells were solved by calibration: what its card says of that, and its figures again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from abmsim.stats.cells import Where, is_meant

if TYPE_CHECKING:
    from abmsim.stats.card import Card
    from abmsim.stats.catalogue import Catalogue

RECIPE = "calibration"
"""The recipe of a solved statistic: its source's figures with what its card says was solved."""

DERIVED_FOLDER, SUFFIX = "derived", "_solved"
UNKNOWN_KEYS = ("unknown", "where", "multiplier", "level", "target", "labels", "published", "simulated", "error",
                "tolerance")  # fmt: skip
KEYS = ("block", "on", "run", "runs", "unknowns", "based_on")


@dataclass(frozen=True, slots=True)
class SolvedUnknown:
    """One unknown: its cells, the factor on them (or the `level` that they all have), and the figure it was solved for.

    `simulated` with the Monte-Carlo `error`: what the run gave of the `published` figure at the end.
    """

    name: str
    where: Where
    value: float
    is_level: bool
    target: str
    labels: tuple[str, ...]
    published: float
    simulated: float
    error: float
    tolerance: float

    @property
    def residual(self) -> float:
        """How far the simulated figure is from the published one, as a part of that."""
        return self.simulated / self.published - 1


@dataclass(frozen=True, slots=True)
class Solved:
    """The `solved` part of a card; `based_on`: kind (`modules`, `statistics` ...) -> name -> hash or version."""

    block: str
    on: str
    run: Mapping[str, str]
    runs: int
    unknowns: tuple[SolvedUnknown, ...]
    based_on: Mapping[str, Mapping[str, str]]


def solved_of(plain: Any) -> Solved:
    """The `solved` part of a card from maps, lists and texts; raises ValueError that says what is wrong with it."""
    try:
        _check_keys(plain, KEYS, "solved")
        return Solved(
            block=plain["block"],
            on=plain["on"],
            run=dict(plain["run"]),
            runs=int(plain["runs"]),
            unknowns=tuple(_unknown(each) for each in plain["unknowns"]),
            based_on={kind: dict(names) for kind, names in plain["based_on"].items()},
        )
    except KeyError as missing:
        raise ValueError(f"'solved' lacks {missing}") from None
    except (TypeError, AttributeError):
        raise ValueError("'solved' is a map as `abmsim calibrate` writes it") from None


def _check_keys(plain: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    if not isinstance(plain, Mapping):
        raise TypeError
    for key in plain:
        if key not in known:
            raise ValueError(f"unknown key '{key}' in '{what}'")


def _unknown(plain: Mapping[str, Any]) -> SolvedUnknown:
    _check_keys(plain, UNKNOWN_KEYS, "unknowns")
    is_level = "level" in plain
    return SolvedUnknown(
        name=plain["unknown"],
        where={name: _texts(labels) for name, labels in plain.get("where", {}).items()},
        value=float(plain["level" if is_level else "multiplier"]),
        is_level=is_level,
        target=plain["target"],
        labels=_texts(plain["labels"]),
        **{name: float(plain[name]) for name in ("published", "simulated", "error", "tolerance")},
    )


def _texts(plain: Any) -> tuple[str, ...]:
    return tuple(plain) if isinstance(plain, list) else (plain,)


def solved_rows(catalogue: Catalogue, card: Card) -> list[dict[str, str]]:
    """The rows of a solved statistic: those of its first source with what was solved."""
    assert card.solved is not None, f"{card.name} has no part 'solved'"
    found = [(unknown.where, unknown.value, unknown.is_level) for unknown in card.solved.unknowns]
    return list(rows_with(catalogue, catalogue.card(card.sources[0]), found))


def rows_with(
    catalogue: Catalogue, source: Card, values: Sequence[tuple[Where, float, bool]]
) -> Iterator[dict[str, str]]:
    """The source's rows (dimensions and figure) with each value put in: a factor, or the level of its cells.

    Figures that change have six significant digits, all others stay as they are written.
    """
    for row in catalogue.rows(source.name):
        figure, changed = float(row[source.values]), False
        for where, value, is_level in values:
            if is_meant(where, row):
                figure, changed = (value if is_level else figure * value), True
        text = f"{figure:.6g}" if changed else row[source.values]
        yield {**{name: row[name] for name in source.by}, source.values: text}
