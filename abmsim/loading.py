"""What the commands work on: the shipped statistics and the checked modules."""

from __future__ import annotations

from abmsim.paths import PUBLIC_STATS
from abmsim.stats.catalogue import Catalogue, load


def load_catalogue() -> Catalogue:
    """All shipped statistics; raises ProblemsFound with all problems of all cards."""
    return load([PUBLIC_STATS])
