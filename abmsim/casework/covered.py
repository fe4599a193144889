"""What the cases of one run of the tests have reached, module by module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from abmsim.casework.coverage import Coverage, Reached, coverage, in_common, report
from abmsim.lang.cases import Case, module_of
from abmsim.lang.module import Module

if TYPE_CHECKING:
    from abmsim.casework.staging import Outcome
    from abmsim.casework.workshop import Workshop


@dataclass(slots=True)
class Covered:
    """Counts for the modules in `places`: folders, modules or test files, resolved; those without a test count too.

    A submodule runs in the modules that call it, and its states count there; what the tests of one caller reach of it
    they reach for all that are counted together.
    """

    places: Sequence[Path]
    modules: dict[Path, Module] = field(default_factory=dict)
    reached: dict[Path, Reached] = field(default_factory=dict)
    cases: int = 0

    def see(self, modules: Iterable[Module]) -> None:
        """Notes which of the modules are asked for."""
        for module in modules:
            file = module.path.resolve()
            if not module.is_submodule and any(_holds(place, file) for place in self.places):
                self.modules[file] = module
                self.reached.setdefault(file, Reached())

    def add(self, case: Case, outcome: Outcome, workshop: Workshop) -> None:
        """Adds what the residents of a case came through."""
        self.cases += 1
        reached = self.reached.get(workshop.modules[case.module].path.resolve())
        if reached is not None:
            reached.states |= outcome.entered()
            reached.ways |= outcome.ways

    def found(self) -> list[Coverage]:
        """The coverage of each module, by name."""
        modules = sorted(self.modules.items(), key=lambda item: item[1].name)
        return in_common([coverage(module, self.reached[file]) for file, module in modules])

    def lines(self) -> list[str]:
        """What is told of it; nothing if no case could be run."""
        return report(self.found()) if self.cases else []


def _holds(place: Path, module: Path) -> bool:
    if place.name.endswith(".test.yaml"):
        return place == module.with_name(f"{module_of(place)}.test.yaml") and module.stem == module_of(place)
    return module.is_relative_to(place)
