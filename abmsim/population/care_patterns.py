"""How people come to care for each other: who is asked first, how often they agree, and how many hours they give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.rounding import on_grid
from abmsim.stats.catalogue import Catalogue
from abmsim.vocabulary import SEXES

CARE_KINDS = ("partner", "child", "parent", "housemate", "neighbour")
"""What a carer is to the cared-for, in the order in which they are asked. A neighbour lives in the same neighbourhood,
and stands for friends and for relatives whom the run does not know."""

PARTNER, CHILD, PARENT, HOUSEMATE, NEIGHBOUR = range(len(CARE_KINDS))

_AGES = 128


@dataclass(frozen=True, slots=True)
class CarePatterns:
    """What the barrier draws on.

    `carers`: mean number of carers of a person. `agrees` float64[kinds, sexes]: share of those asked who care, 0 for
    neighbours. `neighbours` float64[128, sexes]: by completed age how often a neighbour agrees, the highest 1.
    `intensive` float64[kinds]: share who give intensive care. `hours_less`, `hours_intensive` int16[q]: hours a week at
    q equal steps of each distribution. `most_hours`: who gives as much takes nobody on beside.
    """

    carers: float
    agrees: np.ndarray
    neighbours: np.ndarray
    intensive: np.ndarray
    hours_less: np.ndarray
    hours_intensive: np.ndarray
    most_hours: int

    def hours(self, kind: np.ndarray, u: np.ndarray) -> np.ndarray:
        """int64[k]: hours a week of carers of these kinds, from draws in (0, 1)."""
        share = self.intensive[kind]
        intensive = u < share
        rest = np.where(intensive, u / np.maximum(share, 1e-9), (u - share) / np.maximum(1 - share, 1e-9))
        place = np.minimum((rest * len(self.hours_less)).astype(np.int64), len(self.hours_less) - 1)
        return np.where(intensive, self.hours_intensive[place], self.hours_less[place]).astype(np.int64)


def read_care(catalogue: Catalogue) -> CarePatterns:
    """The patterns from their cards."""
    assumed = {row["assumption"]: float(row["value"]) for row in catalogue.rows("informal_care_assumptions")}
    facts = catalogue.table("informal_care_facts")
    of_sex = np.array([facts.value(fact=f"carers_{sex}_percent") for sex in ("women", "men")])
    assert SEXES == ("female", "male")
    agrees = np.array([assumed.get(f"{kind}_cares", 0.0) for kind in CARE_KINDS])[:, None] * np.ones(len(SEXES))
    # Daughters agree more often than sons, mothers than fathers, as women give care more often than men.
    for kind in (CHILD, PARENT):
        agrees[kind] *= of_sex / of_sex.mean()
    intensive = [assumed.get(f"{kind}_intensive", 0.0) for kind in CARE_KINDS]
    intensive[CHILD] = facts.value(fact="intensive_for_parents_80_plus_percent") / 100
    return CarePatterns(
        carers=catalogue.table("informal_care_carers").value(),
        agrees=on_grid(np.minimum(agrees, 1.0)),
        neighbours=_neighbours(catalogue),
        intensive=on_grid(np.array(intensive)),
        hours_less=_quantiles(catalogue, "no"),
        hours_intensive=_quantiles(catalogue, "yes"),
        most_hours=int(assumed["most_hours"]),
    )


def _neighbours(catalogue: Catalogue) -> np.ndarray:
    """float64[128, sexes]: in proportion to those who care for others than their partner; nobody under 18."""
    weights = np.zeros((_AGES, len(SEXES)))
    for (age, sex), share in catalogue.table("informal_care_neighbours").cells.items():
        weights[int(age), SEXES.index(sex)] = share
    return on_grid(weights / weights.max())


def _quantiles(catalogue: Catalogue, intensive: str, steps: int = 4096) -> np.ndarray:
    """int16[steps]: hours in equal parts of the distribution."""
    rows = [row for row in catalogue.rows("informal_care_hours") if row["intensive"] == intensive]
    hours = np.array([int(row["hours"]) for row in rows])
    cumulated = on_grid(np.cumsum([float(row["share"]) for row in rows]))
    middle = (np.arange(steps) + 0.5) / steps
    return hours[np.minimum(np.searchsorted(cumulated, middle), len(hours) - 1)].astype(np.int16)
