"""What a run is asked to be, and whether that can be done: every wrong call ends here, before any work."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from abmsim.days import NEVER, day_date, day_number
from abmsim.problems import UsageError, suggestion
from abmsim.stats.validity import furthest
from abmsim.vocabulary import BASE_DATE

if TYPE_CHECKING:
    from abmsim.population.places import Named, Place
    from abmsim.stats.catalogue import Catalogue

MOST_RESIDENTS = 20_000_000
"""More than live in the Netherlands: nobody means that."""
MANY_RESIDENTS = 2_000_000
"""Above this a run takes long and much memory, so it has to be meant."""
HISTORIES = ("all", "none")
"""How much of the residents' lives before the base date is written, or a number of years such as `10y`."""
MOST_YEARS = 120
"""Nobody's history is longer."""
FORMATS = ("csv",)
"""What `--format` can add to DuckDB and Parquet."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """One run as it was asked for.

    `from_date`: the base date, whose residents are drawn and with which the live years begin; `to_date`: the first day
    after them. `size`: residents, None for the real number. `modules`: names, empty for all. `workers`: threads, None
    for all cores (never changes a byte of the result). `folder`: None for `outputs/<place>-<n>-<seed>`. `history`:
    `all`, `none` or the last ones (`10y`) of the years before the base date. `sure`: more than two million residents
    is meant.
    """

    place: str
    size: int | None = None
    seed: int = 1
    from_date: date = day_date(BASE_DATE)
    to_date: date = date(2025, 1, 1)
    modules: tuple[str, ...] = ()
    workers: int | None = None
    formats: tuple[str, ...] = ()
    folder: Path | None = None
    force: bool = False
    history: str = "all"
    sure: bool = False

    @property
    def from_day(self) -> int:
        return day_number(self.from_date)

    @property
    def to_day(self) -> int:
        return day_number(self.to_date)

    @property
    def last_year(self) -> int:
        """The calendar year of the last simulated day."""
        return day_date(self.to_day - 1).year

    @property
    def history_from(self) -> int:
        """The first day of which rows are written."""
        return history_from(self.history, self.from_date)

    @property
    def threads(self) -> int:
        return self.workers or cores()


def history_from(history: str, from_date: date) -> int:
    """The day from which a history is told: `all`, `none`, or a number of years before `from_date` such as `10y`."""
    if history == "all":
        return -NEVER
    return day_number(from_date.replace(year=from_date.year - years_of_history(history)))


def years_of_history(history: str) -> int:
    """The years of a history: 10 for `10y`, 0 for `none`, `MOST_YEARS` for `all`; raises UsageError if it is none."""
    if history in HISTORIES:
        return 0 if history == "none" else MOST_YEARS
    years = re.fullmatch(r"([0-9]{1,3})y", history)
    if years is None or not 1 <= int(years[1]) <= MOST_YEARS:
        raise UsageError(f"--history is all, none or a number of years up to {MOST_YEARS}y, and '{history}' is not")
    return int(years[1])


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_numbers(plan: RunPlan) -> None:
    """The plan's numbers and dates make sense; raises UsageError."""
    if plan.size is not None and not 1 <= plan.size <= MOST_RESIDENTS:
        raise UsageError(f"-p is a number of residents from 1 to {MOST_RESIDENTS:,}, and {plan.size:,} is not")
    if not 0 <= plan.seed < 2**63:
        raise UsageError(f"-s is a whole number from 0 to 2**63 - 1, and {plan.seed} is not")
    if plan.workers is not None and plan.workers < 1:
        raise UsageError(f"--workers is 1 or more, and {plan.workers} is not")
    if not plan.from_date < plan.to_date:
        raise UsageError(f"--to is a day after {plan.from_date}, the base date, and {plan.to_date} is not")
    years_of_history(plan.history)
    for name in plan.formats:
        if name not in FORMATS:
            raise UsageError(f"there is no format '{name}' ({suggestion(name, FORMATS, 'formats')})")


def check_dates(plan: RunPlan, catalogue: Catalogue) -> None:
    """Public figures reach from the base date to the end; raises UsageError with the table that ends before."""
    from abmsim.population.projection import RESIDENTS, base_years

    inputs = [name for name, card in catalogue.cards.items() if card.target is None and card.part is None]
    name, last = furthest(catalogue, inputs)
    if plan.last_year > last:
        most = f"{last + 1}-01-01"
        raise UsageError(f"--to is at most {most}: {name}, which reaches furthest, ends in {last}")
    years = base_years(catalogue)
    if (plan.from_date.month, plan.from_date.day) != (1, 1) or plan.from_date.year not in years:
        ends = f"{RESIDENTS} ends in {years[-1]}"
        raise UsageError(f"--base is 1 January of a year from {years[0]} to {years[-1]}, not {plan.from_date}: {ends}")


def check_size(plan: RunPlan, places: Sequence[Place]) -> int:
    """The number of residents the run will have; raises UsageError if it is very large and not said to be meant."""
    size = plan.size or sum(place.population for place in places)
    if size > MANY_RESIDENTS and not plan.sure:
        raise UsageError(f"{size:,} residents take long and much memory: say --yes if that is meant, or fewer with -p")
    return size


def choose_modules(wanted: Iterable[str], known: Iterable[str]) -> list[str]:
    """The wanted modules (all if none is named), in the order of `known`; raises UsageError for an unknown one."""
    known, wanted = list(known), set(wanted)
    for name in sorted(wanted):
        if name not in known:
            raise UsageError(f"there is no module '{name}' ({suggestion(name, known, 'modules')})")
    return [name for name in known if not wanted or name in wanted]


def slug(name: str) -> str:
    """A name as part of a folder's name: `Súdwest-Fryslân` -> `sudwest-fryslan`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def places_name(places: Sequence[Place], all_places: int, named: Sequence[Place | Named] = ()) -> str:
    """What the places are called together: one name, `Urk+Noordoostpolder`, or the country.

    `named`: the names they were asked for by, where those are fewer (a region, a municipality of today).
    """
    if len(places) == all_places:
        return "Nederland"
    named = named or places
    return "+".join(one.name for one in named) if len(named) <= 4 else f"{len(places)} municipalities"


def default_folder(name: str, size: int, seed: int) -> Path:
    """`outputs/<place>-<n>-<seed>` in the current folder; `name` as `places_name` makes it."""
    return Path("outputs", f"{'+'.join(map(slug, name.split('+')))}-{size}-{seed}")
