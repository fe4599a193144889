"""What cases are run with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abmsim.lang.module import Module
from abmsim.schema.schema import Schema
from abmsim.stats.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Workshop:
    """All modules by name, and what they are compiled against."""

    modules: Mapping[str, Module]
    catalogue: Catalogue
    schema: Schema
    municipality_codes: Sequence[str]
