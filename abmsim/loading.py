"""What the commands work on: the shipped statistics and the checked modules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from abmsim.lang.check import CheckResult, check_modules, read_modules
from abmsim.paths import MODULES, PUBLIC_STATS
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue, load


def load_catalogue() -> Catalogue:
    """All shipped statistics; raises ProblemsFound with all problems of all cards."""
    return load([PUBLIC_STATS])


def load_modules(catalogue: Catalogue, roots: Sequence[Path] = (MODULES,)) -> CheckResult:
    """Every module below the roots, checked against the statistics; its `problems` hold those of reading too."""
    schema = load_schema()
    modules, problems = read_modules(roots, schema)
    checked = check_modules(modules, catalogue, schema, municipality_codes(catalogue))
    return CheckResult(tuple(sorted({*problems, *checked.problems})), checked.modules)


def municipality_codes(catalogue: Catalogue) -> list[str]:
    """The codes of the 355 municipalities, sorted: the labels of a resident's `municipality_code`."""
    return sorted(row["municipality_code"] for row in catalogue.rows("municipalities_2020"))
