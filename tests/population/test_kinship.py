"""Relatives in other households: plausible, without circles, and as many as the figures and the sample allow."""

from __future__ import annotations

from dataclasses import replace

import networkx
import numpy as np
import pytest

from abmsim.population.kinship import link_relatives
from abmsim.population.people import Population
from abmsim.population.places import find_places
from abmsim.population.synthesis import synthesise
from abmsim.vocabulary import POSITIONS

SEED = 42
CHILD, SINGLE_PARENT = POSITIONS.index("child_at_home"), POSITIONS.index("single_parent")
FEMALE = 0


def linked(place: str, size: int | None, statistics) -> Population:
    population = synthesise(find_places(place, statistics), size, SEED, statistics)
    link_relatives(population, statistics, SEED)
    return population


@pytest.fixture(scope="module", params=[("Urk", None), ("Schiermonnikoog", None), ("Leiden", 30_000)], ids=str)
def town(request, statistics):
    place, size = request.param
    return linked(place, size, statistics)


def parents(people):
    """(child, parent) rows of every link to a mother or father."""
    pairs = []
    for link in (people.mother, people.father):
        child = np.flatnonzero(link >= 0)
        pairs.append(np.stack([child, link[child]], axis=1))
    return np.concatenate(pairs)


def test_parents_were_of_an_age_to_have_the_child(town):
    people = town.people
    for link, female, youngest, oldest in ((people.mother, True, 15, 51), (people.father, False, 15, 66)):
        child = np.flatnonzero((link >= 0) & (people.position != CHILD))
        years = (people.birth_day[child] - people.birth_day[link[child]]) / 365.25
        assert ((years >= youngest) & (years <= oldest)).all()
        assert ((people.sex[link[child]] == FEMALE) == female).all()


def test_nobody_is_their_own_ancestor(town):
    graph = networkx.DiGraph(parents(town.people).tolist())
    assert networkx.is_directed_acyclic_graph(graph)


def test_nobody_is_a_partner_of_a_parent_child_brother_or_sister(town):
    people = town.people
    rows = np.arange(len(people))
    for other in (people.partner, people.former_partner):
        some = rows[other >= 0]
        for link in (people.mother, people.father):
            assert (link[some] != other[some]).all()
            known = link[some] >= 0
            assert (link[some] != link[other[some]])[known].all()


def test_former_partners_are_each_others_and_live_apart(town):
    people = town.people
    some = np.flatnonzero(people.former_partner >= 0)
    assert (people.former_partner[people.former_partner[some]] == some).all()
    assert (people.household[people.former_partner[some]] != people.household[some]).all()
    assert (people.partner[some] != people.former_partner[some]).all()


def test_the_other_parent_of_a_child_of_an_earlier_union_is_the_former_partner(town):
    """The one it lives with is a lone parent, or has a partner who is not its parent."""
    people = town.people
    for link, known in ((people.father, people.mother), (people.mother, people.father)):
        child = np.flatnonzero((people.position == CHILD) & (link >= 0) & (known >= 0))
        child = child[people.household[link[child]] != people.household[child]]
        assert (people.former_partner[known[child]] == link[child]).all()
        partner = people.partner[known[child]]
        assert ((people.position[known[child]] == SINGLE_PARENT) == (partner < 0)).all()
        assert ((link[child] != partner) & (partner != people.former_partner[known[child]])).all()


def test_grown_children_of_a_mother_are_a_pregnancy_apart(town):
    people = town.people
    child = np.flatnonzero(people.mother >= 0)
    child = child[np.lexsort((people.birth_day[child], people.mother[child]))]
    near = np.diff(people.birth_day[child])[people.mother[child][1:] == people.mother[child][:-1]]
    assert ((near == 0) | (near >= 280)).all()


def test_links_of_the_household_stay_save_those_to_step_parents(town, statistics):
    place = find_places(town.places[0].code, statistics)
    before = synthesise(place, None if len(town.people) < 25_000 else 30_000, SEED, statistics).people
    people = town.people
    assert (before.partner == people.partner).all()
    for name, other in (("mother", "father"), ("father", "mother")):
        old, new, kept = getattr(before, name), getattr(people, name), getattr(people, other)
        cut = np.flatnonzero((old >= 0) & (old != new))
        assert (people.position[cut] == CHILD).all()
        assert (kept[cut] == people.partner[old[cut]]).all()
        assert (people.household[new[cut[new[cut] >= 0]]] != people.household[cut[new[cut] >= 0]]).all()


def test_the_same_seed_finds_the_same_relatives(town, statistics):
    size = None if len(town.people) < 25_000 else 30_000
    again = linked(town.places[0].code, size, statistics)
    for name in ("mother", "father", "former_partner"):
        assert (getattr(again.people, name) == getattr(town.people, name)).all()


def test_a_small_sample_does_not_invent_kin(statistics):
    """Of a tenth of the town a tenth of the relatives in town is drawn."""
    whole, tenth = linked("Leiden", None, statistics), linked("Leiden", 12_510, statistics)
    shares = []
    for population in (whole, tenth):
        people = population.people
        adult = people.position != CHILD
        shares.append((people.mother[adult] >= 0).mean())
    n = int((tenth.people.position != CHILD).sum())
    assert shares[1] == pytest.approx(shares[0] / 10, abs=4 * (shares[0] / 10 / n) ** 0.5)


def test_people_without_the_column_have_no_former_partner(town):
    people = replace(town.people, former_partner=np.empty(0, dtype=np.int32))
    assert (people.former_partner == -1).all() and len(people.former_partner) == len(people)
