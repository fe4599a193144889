"""The main dates of every resident's life up to the base date, drawn before it is known who is whose relative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import NEVER
from abmsim.population.families_now import INSTITUTION, OTHER, FamiliesNow, families_now
from abmsim.population.leaving import leaving_days, moving_in_days
from abmsim.population.life_patterns import LifePatterns, read_life_patterns
from abmsim.population.offspring import Elsewhere, children_elsewhere
from abmsim.population.origins import Origins, draw_origins
from abmsim.population.people import People, Population
from abmsim.population.person_draws import PersonDraws
from abmsim.population.stepfamilies import Raising, part_from_step_parents, raising, step_couples
from abmsim.population.unions import Spell, past_unions, present_unions
from abmsim.stats.catalogue import Catalogue


@dataclass(slots=True)
class Courses:
    """`left_home`, `moved_in` int64[n], days or NEVER (see `leaving`); `present`, `past` the unions;
    `elsewhere` the children who live elsewhere; `origins` where everybody comes from; `raising` who raises children of
    an earlier union at home, `is_step_parent` bool[n] who lives with children that the partner brought."""

    families: FamiliesNow
    left_home: np.ndarray
    moved_in: np.ndarray
    present: Spell
    past: Spell
    elsewhere: Elsewhere
    origins: Origins
    patterns: LifePatterns
    raising: Raising
    is_step_parent: np.ndarray


def draw_courses(population: Population, catalogue: Catalogue, seed: int) -> Courses:
    """The same for a resident in every sample: every draw is addressed by the resident's key.

    The children whom one partner brought into the union lose the link to the other one: to be called once.
    """
    people = population.people
    patterns = read_life_patterns(catalogue)
    families = families_now(population)
    draws = PersonDraws(seed, people.key)
    moved_in = moving_in_days(people, families, population.households.key, patterns, seed, draws)
    steps = step_couples(people, families, patterns, draws)
    without = steps.is_partner | np.isin(people.position, (OTHER, INSTITUTION))
    first_child = np.where(without, NEVER, families.first_birth[people.household])
    left_home = leaving_days(people, families, moved_in, first_child, patterns, draws)
    earliest = _earliest_union(people, left_home, patterns)
    present, later = present_unions(people, families, steps, earliest, patterns, draws)
    until = np.minimum(np.minimum(present.start, moved_in), population.base_day)
    raised = raising(people, families, steps, present.start)
    part_from_step_parents(people, raised)
    past = past_unions(people, families, raised, earliest, until, later, patterns, draws)
    before = np.minimum(first_child, np.minimum(present.start, past.start))
    left_home = leaving_days(people, families, moved_in, before, patterns, draws)
    elsewhere = children_elsewhere(people, families, present, past, patterns, draws)
    origins = draw_origins(population, families, catalogue, draws)
    return Courses(families, left_home, moved_in, present, past, elsewhere, origins, patterns, raised, steps.is_partner)


def _earliest_union(people: People, left_home: np.ndarray, patterns: LifePatterns) -> np.ndarray:
    """int64[n]: for the young the day on which they left home, for others the earliest age at a union."""
    first_cohort = patterns.assumed["leaving_before_unions_from_cohort"]
    young = people.birth_day >= (first_cohort - 1970) * 365.25
    of_age = people.birth_day + int(patterns.assumed["earliest_union_age"] * 365.25)
    return np.where(young | (left_home == NEVER), left_home, of_age)
