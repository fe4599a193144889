"""What a run gives for published figures, beside nothing: for who solves the model for them."""

from __future__ import annotations

from collections.abc import Collection

from abmsim.validate.estimate import Estimate
from abmsim.validate.opened import OpenRun
from abmsim.validate.targets import figures_of, target_cards


def simulated_figures(run: OpenRun, names: Collection[str]) -> dict[tuple[str, str], Estimate]:
    """(statistic, label of the figure) -> simulated value and standard error, in the unit of the published figure.

    Counts are scaled to the residents of the place. A figure that the run cannot give, such as one of a year after its
    end, is not there. Raises UserError for a name that is no target.
    """
    found: dict[tuple[str, str], Estimate] = {}
    for card in target_cards(run.catalogue, names) if names else ():
        for figure in figures_of(run, card):
            if figure.simulated is not None:
                found[card.name, figure.label] = Estimate(figure.simulated, figure.error, figure.n or 0)
    return found
