"""What is said of some runs together: verdicts as lines and as JSON, and whether they fail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from abmsim.problems import ProblemsFound, UserError
from abmsim.stats.catalogue import Catalogue
from abmsim.validate.as_json import as_json
from abmsim.validate.figure import Comparison
from abmsim.validate.judging import Judgement, judge
from abmsim.validate.lines import headline, left_out_lines, text_lines
from abmsim.validate.opened import OpenRun, opened
from abmsim.validate.population import population_comparisons
from abmsim.validate.target_problems import target_problems
from abmsim.validate.targets import NOT_OF_PLACE, left_out, target_cards, target_comparisons


@dataclass(frozen=True, slots=True)
class Validation:
    """The verdicts over one or more runs: what they say as lines and as JSON, and whether they fail."""

    headline: str
    json: str
    judgements: tuple[Judgement, ...]
    left_out: Mapping[str, str]

    def lines(self) -> Iterator[str]:
        yield self.headline
        yield from text_lines(self.judgements)
        yield from left_out_lines(self.left_out)

    def raise_differences(self) -> None:
        """UserError that names the targets, and what is exact by construction, that came out different."""
        failing = [judgement.facts.title for judgement in self.judgements if judgement.fails]
        if failing:
            raise UserError(f"different beyond margin and chance: {'; '.join(failing)}")


def check_targets(catalogue: Catalogue, names: Collection[str] = ()) -> None:
    """Raises ProblemsFound with all that is wrong in how cards say what a run is held against.

    UserError for a name that is no target.
    """
    target_cards(catalogue, names)
    problems = target_problems(catalogue)
    if problems:
        raise ProblemsFound(problems)


def compare(run: OpenRun, names: Collection[str] = ()) -> list[Comparison]:
    """Every published figure that this run can be held against; of the targets named alone, if any is."""
    population = population_comparisons(run) if run.begins_in_2020 and not names else []
    return [*population, *target_comparisons(run, names)]


@dataclass(frozen=True, slots=True)
class CountedRun:
    """A run after it was counted; its tables are closed, and its folder may be gone."""

    run: OpenRun
    comparisons: tuple[Comparison, ...]

    @property
    def seed(self) -> int:
        return int(self.run.settings["seed"])


def counted_run(folder: Path, catalogue: Catalogue, names: Collection[str] = ()) -> CountedRun:
    """Everything that is counted in one run; raises UserError for one with other tables than those of today."""
    import duckdb

    with opened(folder, catalogue) as run:
        try:
            return CountedRun(run, tuple(compare(run, names)))
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            lacking = str(error).partition("\n")[0]
            text = f"{folder} has other tables than are counted: run it again with --force ({lacking})"
            raise UserError(text) from None


def judged(runs: Sequence[CountedRun], names: Collection[str] = ()) -> Validation:
    """The verdicts over runs of the same settings; raises UserError if there is nothing in them to judge."""
    judgements = judge([one.comparisons for one in runs])
    seeds, run = [one.seed for one in runs], runs[0].run
    told = {judgement.facts.statistic for judgement in judgements}
    silent = {card.name: NOT_OF_PLACE for card in target_cards(run.catalogue, names) if card.name not in told}
    without = silent | left_out(run, names)
    if not judgements:
        why = "; ".join(f"{name}: {reason}" for name, reason in without.items())
        raise UserError(f"nothing to judge: {why or 'no figure is of this place'}")
    return Validation(headline(run, seeds), as_json(run, seeds, judgements, without), tuple(judgements), without)
