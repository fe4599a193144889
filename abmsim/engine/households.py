"""Who lives with whom: rings of residents, and the household attributes of each that follow from them."""

from __future__ import annotations

from abmsim.engine.actions import set_attribute
from abmsim.engine.attributes import attribute
from abmsim.engine.compiled import helper, inlined
from abmsim.engine.evaluate import together
from abmsim.engine.memory import get_i32, get_i64, put_i32
from abmsim.engine.world import (
    BIRTH,
    FATHER,
    FIRST,
    GROUP,
    HAS_PARTNER,
    HOUSEHOLD_SIZE,
    IN_INSTITUTION,
    IS_HEAD,
    IS_PARENT,
    LIVES_ALONE,
    MARRIED,
    MOTHER,
    N_CHILDREN,
    NONE,
    PARTNER,
    POSITION,
    RELATIVE_COUNT,
    RELATIVES,
    RING,
    SINGLE_PARENT,
)  # fmt: skip
from abmsim.vocabulary import POSITIONS

_CHILD, _SINGLE, _SINGLE_PARENT, _OTHER, _INSTITUTION = (
    float(POSITIONS.index(name)) for name in ("child_at_home", "single", "single_parent", "other_member", "institution")
)
_COUPLE, _MARRIED_COUPLE, _PARENTS, _MARRIED_PARENTS = (
    float(POSITIONS.index(f"partner_{name}"))
    for name in ("unmarried_no_children", "married_no_children", "unmarried_with_children", "married_with_children")
)


@inlined
def next_member(c, person):
    return get_i32(get_i64(c, RING), person)


@inlined
def relative(c, person, which):
    """A relative's row if they live in the same household, else -1."""
    other = get_i32(get_i64(c, RELATIVES), person * RELATIVE_COUNT + which)
    return other if other >= 0 and together(c, person, other) else NONE


@helper
def stand_alone(c, person, group):
    """Takes a resident out of the household into one of their own; -1: out of the town."""
    ring = get_i64(c, RING)
    before = person
    while get_i32(ring, before) != person:
        before = get_i32(ring, before)
    put_i32(ring, before, get_i32(ring, person))
    put_i32(ring, person, person)
    put_i32(get_i64(c, GROUP), person, group)


@helper
def join(c, person, other):
    """Puts somebody who stands alone into another's household."""
    ring = get_i64(c, RING)
    put_i32(ring, person, get_i32(ring, other))
    put_i32(ring, other, person)
    put_i32(get_i64(c, GROUP), person, get_i32(get_i64(c, GROUP), other))


@helper
def has_own_child(c, person):
    """Whether a child of the resident lives in the household, of any age."""
    other = next_member(c, person)
    while other != person:
        if relative(c, other, MOTHER) == person or relative(c, other, FATHER) == person:
            return True
        other = next_member(c, other)
    return False


@helper
def is_child(c, person):
    """Whether a resident lives as a child with a parent: no partner and no child of their own lives there too."""
    if relative(c, person, MOTHER) < 0 and relative(c, person, FATHER) < 0:
        return False
    return relative(c, person, PARTNER) < 0 and not has_own_child(c, person)


@helper
def is_parent_here(c, person):
    """Whether a child at home of the resident lives in the household."""
    other = next_member(c, person)
    while other != person:
        if (relative(c, other, MOTHER) == person or relative(c, other, FATHER) == person) and is_child(c, other):
            return True
        other = next_member(c, other)
    return False


@helper
def head_of(c, person):
    """The reference person: who was one already, the eldest of several; otherwise the eldest who is nobody's child."""
    best, best_rank = person, 3
    other = person
    while True:
        rank = 0 if attribute(c, other, get_i64(c, IS_HEAD)) != 0.0 else (2 if is_child(c, other) else 1)
        if rank < best_rank or (rank == best_rank and elder(c, other, best)):
            best, best_rank = other, rank
        other = next_member(c, other)
        if other == person:
            return best


@inlined
def elder(c, one, other):
    births = get_i64(c, BIRTH)
    first, second = get_i32(births, one), get_i32(births, other)
    return first < second or (first == second and one < other)


@helper
def refresh(c, person, day):
    """Brings the household attributes of all members of a household up to date."""
    if attribute(c, person, get_i64(c, IN_INSTITUTION)) != 0.0:
        return
    size, children = FIRST, FIRST
    head = head_of(c, person)
    other = person
    while True:
        size += 1
        children += is_child(c, other)
        other = next_member(c, other)
        if other == person:
            break
    while True:
        describe(c, other, size, children, other == head, day)
        other = next_member(c, other)
        if other == person:
            return


@helper
def describe(c, person, size, children, is_head, day):
    """The household attributes of one member."""
    partner = relative(c, person, PARTNER)
    parent = is_parent_here(c, person) or (partner >= 0 and is_parent_here(c, partner))
    married = partner >= 0 and attribute(c, person, get_i64(c, MARRIED)) != 0.0
    set_attribute(c, person, get_i64(c, HOUSEHOLD_SIZE), float(size), day)
    set_attribute(c, person, get_i64(c, LIVES_ALONE), 1.0 if size == 1 else 0.0, day)
    set_attribute(c, person, get_i64(c, HAS_PARTNER), 1.0 if partner >= 0 else 0.0, day)
    set_attribute(c, person, get_i64(c, MARRIED), 1.0 if married else 0.0, day)
    set_attribute(c, person, get_i64(c, IS_PARENT), 1.0 if parent else 0.0, day)
    set_attribute(c, person, get_i64(c, SINGLE_PARENT), 1.0 if parent and partner < 0 else 0.0, day)
    set_attribute(c, person, get_i64(c, N_CHILDREN), float(children), day)
    set_attribute(c, person, get_i64(c, IS_HEAD), 1.0 if is_head else 0.0, day)
    if partner >= 0:
        position = (_MARRIED_PARENTS if married else _PARENTS) if parent else (_MARRIED_COUPLE if married else _COUPLE)
    elif is_child(c, person):
        position = _CHILD
    else:
        position = _SINGLE if size == 1 else (_SINGLE_PARENT if parent else _OTHER)
    set_attribute(c, person, get_i64(c, POSITION), position, day)


@helper
def institutionalise(c, person, day):
    """The household attributes of somebody who lives in an institution: no private household is theirs."""
    for which in (HOUSEHOLD_SIZE, LIVES_ALONE, HAS_PARTNER, MARRIED, IS_PARENT, SINGLE_PARENT, N_CHILDREN, IS_HEAD):
        set_attribute(c, person, get_i64(c, which), 0.0, day)
    set_attribute(c, person, get_i64(c, IN_INSTITUTION), 1.0, day)
    set_attribute(c, person, get_i64(c, POSITION), _INSTITUTION, day)
