"""What a death does to a household: the attributes of those who stay, from the next tick on."""

from __future__ import annotations

from abmsim.engine.actions import set_attribute
from abmsim.engine.compiled import helper
from abmsim.engine.evaluate import attribute
from abmsim.engine.memory import get_i32, get_i64
from abmsim.engine.world import (
    DEATH,
    FATHER,
    FIRST,
    HAS_PARTNER,
    HOUSEHOLD_SIZE,
    IN_INSTITUTION,
    IS_HEAD,
    IS_PARENT,
    LIVES_ALONE,
    MOTHER,
    N_CHILDREN,
    NONE,
    PARTNER,
    POSITION,
    RELATIVE_COUNT,
    RELATIVES,
    SINGLE_PARENT,
    UNIT_FIRST,
    UNIT_SIZE,
)  # fmt: skip
from abmsim.vocabulary import POSITIONS

_CHILD = float(POSITIONS.index("child_at_home"))
_SINGLE = float(POSITIONS.index("single"))
_SINGLE_PARENT = float(POSITIONS.index("single_parent"))
_OTHER = float(POSITIONS.index("other_member"))


@helper
def living(c, person, day):
    return get_i32(get_i64(c, DEATH), person) > day


@helper
def lives_with(c, person, which, day):
    """Whether a relative of the same household (0 partner, 1 mother, 2 father) is alive."""
    other = get_i32(get_i64(c, RELATIVES), person * RELATIVE_COUNT + which)
    return other >= 0 and living(c, other, day)


@helper
def is_child(c, person, day):
    """Whether a resident still lives as a child with a parent."""
    if attribute(c, person, get_i64(c, POSITION)) != _CHILD:
        return False
    return lives_with(c, person, MOTHER, day) or lives_with(c, person, FATHER, day)


@helper
def is_parent_of(c, person, child, day):
    relatives = get_i64(c, RELATIVES)
    mother, father = get_i32(relatives, child * RELATIVE_COUNT + 1), get_i32(relatives, child * RELATIVE_COUNT + 2)
    return (mother == person or father == person) and living(c, child, day)


@helper
def bereave(c, unit, day):
    """Brings the household attributes of the survivors of a household up to date."""
    first = get_i32(get_i64(c, UNIT_FIRST), unit)
    end = first + get_i32(get_i64(c, UNIT_SIZE), unit)
    size, children, head = FIRST, FIRST, NONE
    for person in range(first, end):
        if living(c, person, day):
            size += 1
            children += is_child(c, person, day)
            if head < 0 or attribute(c, person, get_i64(c, IS_HEAD)) != 0.0:
                head = person
    for person in range(first, end):
        if living(c, person, day) and attribute(c, person, get_i64(c, IN_INSTITUTION)) == 0.0:
            survive(c, person, first, end, size, children, head, day)


@helper
def survive(c, person, first, end, size, children, head, day):
    """The new household attributes of one survivor."""
    partner = lives_with(c, person, PARTNER, day)
    parent = False
    for child in range(first, end):
        parent = parent or is_parent_of(c, person, child, day)
    set_attribute(c, person, get_i64(c, HOUSEHOLD_SIZE), float(size), day)
    set_attribute(c, person, get_i64(c, LIVES_ALONE), 1.0 if size == 1 else 0.0, day)
    set_attribute(c, person, get_i64(c, HAS_PARTNER), 1.0 if partner else 0.0, day)
    set_attribute(c, person, get_i64(c, IS_PARENT), 1.0 if parent else 0.0, day)
    set_attribute(c, person, get_i64(c, SINGLE_PARENT), 1.0 if parent and not partner else 0.0, day)
    set_attribute(c, person, get_i64(c, N_CHILDREN), float(children), day)
    set_attribute(c, person, get_i64(c, IS_HEAD), 1.0 if person == head else 0.0, day)
    if not partner and not is_child(c, person, day):
        position = _SINGLE if size == 1 else (_SINGLE_PARENT if parent else _OTHER)
        set_attribute(c, person, get_i64(c, POSITION), position, day)
