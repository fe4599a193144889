"""Residents who never existed, care records that could have: a Dutch town simulated from public statistics.

    import abmsim
    summary = abmsim.run("Leiden", size=10_000, seed=42)

The names below are imported when they are first used, so that `import abmsim` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abmsim.kin_graph import kinship_graph as kinship_graph
    from abmsim.mesa_model import TownModel as TownModel
    from abmsim.plan import RunPlan as RunPlan
    from abmsim.problems import Problem as Problem
    from abmsim.problems import ProblemsFound as ProblemsFound
    from abmsim.problems import UserError as UserError
    from abmsim.runner import RunSummary as RunSummary
    from abmsim.runner import run as run

__version__ = "0.1.0"

_HOME = {
    "run": "abmsim.runner",
    "RunSummary": "abmsim.runner",
    "RunPlan": "abmsim.plan",
    "TownModel": "abmsim.mesa_model",
    "kinship_graph": "abmsim.kin_graph",
    "Problem": "abmsim.problems",
    "ProblemsFound": "abmsim.problems",
    "UserError": "abmsim.problems",
}
__all__ = [
    "Problem", "ProblemsFound", "RunPlan", "RunSummary", "TownModel", "UserError", "__version__", "kinship_graph",
    "run",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'abmsim' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
