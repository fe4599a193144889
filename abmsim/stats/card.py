"""The card of a public statistic: who published which figures, how they count, and how sure we are of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from abmsim.paths import shown
from abmsim.problems import Problem
from abmsim.stats.solved import Solved
from abmsim.stats.target import Target

UNITS = (
    "persons", "households", "share", "percent", "probability", "rate per person-year", "years", "months", "weeks",
    "days", "hours per week", "euro", "logit", "number", "schedule", "code",
)  # fmt: skip
COUNTING_RULES = (
    "stock at date", "persons in period", "spells in period", "starts", "ends", "rate in period", "share of group",
    "share of birth cohort", "duration of spells", "schedule", "not a count",
)  # fmt: skip
VERIFIED = ("seen", "derived", "assumption")
CELLS = ("all", "listed")
AFTER = ("last value", "trend")
"""What holds after the last year of a table, beside `{forecast: <statistic>}`."""
COLUMNS = "values"
"""The `split` of a card whose figures stand in one column each."""


@dataclass(frozen=True, slots=True)
class Total:
    """A check on sums: for each label of `per`, the cells that match `where` add up to `sums_to` (+- `within`)."""

    sums_to: float
    per: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    within: float = 1e-9


@dataclass(frozen=True, slots=True)
class Validity:
    """The years that figures were published for, and what holds after them.

    `after`: `last value` (the figures of the last year stay), `trend` (the table goes on by a trend of its own) or
    `forecast` (it goes on by the statistic `forecast`).
    """

    first_year: int
    last_year: int
    after: str = "last value"
    forecast: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What we know about one table of public figures; `name` is the file's stem, unique over all folders.

    `by`: the dimensions (columns of the CSV); `values`: the column with the figures, empty for a schedule.
    `cells`: `all` (full cross product of the labels) or `listed` (only what is published).
    `target`: how a run is held against the figures; `columns`: payload columns of a schedule.
    `split`: a dimension and its labels, each of which is a statistic of its own, `<name>_<label>`; such a part has
    `part` = (dimension, label) and shares its card's file. The dimension `values` stands for a column a label.
    `valid`: None if the card does not say (see `validity.validity`).
    `solved`: of a statistic that calibration made. `lines`: key -> (line, column) in the card, for error places.
    """

    name: str
    title: str
    publisher: str
    period: str
    unit: str
    by: tuple[str, ...]
    values: str
    counting_rule: str
    licence: str
    verified: str
    sha256: str
    file: Path
    csv: Path
    table_id: str = ""
    url: str = ""
    why: str = ""
    derived: Mapping[str, object] | None = None
    caveats: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    target: Target | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    cells: str = "all"
    split: tuple[str, tuple[str, ...]] | None = None
    part: tuple[str, str] | None = None
    valid: Validity | None = None
    solved: Solved | None = None
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the cards that a derived card was computed from."""
        return tuple(self.derived["from"]) if self.derived else ()  # type: ignore[arg-type]

    @property
    def recipe(self) -> str:
        """Name of the recipe in `stats/derive.py`, empty if the card is not derived."""
        return str(self.derived["recipe"]) if self.derived else ""

    def parts(self) -> list[Card]:
        """One card for each label of a split dimension: shares that a module names one by one."""
        if self.split is None:
            return []
        dimension, labels = self.split
        by = tuple(name for name in self.by if name != dimension)
        return [
            replace(
                self, name=f"{self.name}_{label}", by=by, split=None, part=(dimension, label), totals=(),
                values=label if dimension == COLUMNS else self.values,
            )  # fmt: skip
            for label in labels
        ]

    def problem(self, key: str, code: str, text: str, hint: str = "") -> Problem:
        """A problem at the place of one key of this card, `target.counts.table` of one below its target."""
        below = self.target.lines.get(key.removeprefix("target.")) if self.target else None
        line, column = below or self.lines.get(key.partition(".")[0], (1, 1))
        return Problem(shown(self.file), line, column, code, text, hint)
