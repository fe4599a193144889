"""The records of where residents stand in the modules: taken from the pool when they are needed, and given back."""

from __future__ import annotations

from abmsim.engine.compiled import helper, inlined
from abmsim.engine.memory import get_i16, get_i32, get_i64, get_u16, put_i16, put_i32, put_i64, put_u16
from abmsim.engine.world import (
    AT_REST,
    GONE,
    MODULE_COUNT,
    MODULES,
    NEVER,
    NO_EPISODE,
    NO_EXIT,
    NONE,
    NOT_YET,
    PLACE,
    POOL,
    POOL_FREE,
    POOL_NEXT,
    VERBS,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at


@inlined
def module_word(c, module, field):
    """A number of a module's description."""
    return get_i32(get_i64(c, WORDS), get_i64(c, MODULES) + module * at.MODULE_WIDTH + field)


@inlined
def place_of(c, person, module):
    """The first cell of the resident's record of a module; AT_REST or NOT_YET if there is none."""
    return get_i32(get_i64(c, PLACE), person * get_i64(c, MODULE_COUNT) + module)


@inlined
def slot_of(c, person, module):
    """The first word of the resident's record of a module, which is there."""
    return 2 * place_of(c, person, module)


@inlined
def level_of(c, person, module, hazard):
    """The first cell of a hazard in the resident's record of the module."""
    return place_of(c, person, module) + at.FIRST_LEVEL + hazard * at.LEVEL_PARTS


@inlined
def wait_word(c, module, slot, index):
    """The word of a record in which the end of a wait stands."""
    return slot + module_word(c, module, at.MODULE_WAITS) + index


@inlined
def line_word(c, module, slot, which):
    """The word of a record in which the LAST_LINE or the NEXT_LINE of the schedule stands."""
    return slot + module_word(c, module, at.MODULE_LINES) + which


@inlined
def state_at(c, slot):
    return get_i16(get_i64(c, POOL), 2 * slot + at.SLOT_STATE)


@inlined
def exit_at(c, slot):
    return get_i16(get_i64(c, POOL), 2 * slot + at.SLOT_EXIT)


@inlined
def put_exit(c, slot, exit_):
    put_i16(get_i64(c, POOL), 2 * slot + at.SLOT_EXIT, exit_)


@inlined
def episode_at(c, slot):
    return get_u16(get_i64(c, POOL), 2 * slot + at.SLOT_EPISODE)


@inlined
def visit_at(c, slot):
    return get_u16(get_i64(c, POOL), 2 * slot + at.SLOT_VISIT)


@inlined
def state_of(c, person, module):
    """The state in which a resident stands; negative if the module has not begun."""
    place = place_of(c, person, module)
    if place > 0:
        return state_at(c, 2 * place)
    return module_word(c, module, at.MODULE_START) if place == AT_REST else NONE


@inlined
def rows_of_verb(c, person, verb):
    """The word of the pool from which on the rows of a resident's verb are told, or 0 if there are none."""
    descriptor = get_i64(c, VERBS) + verb * at.VERB_WIDTH
    w = get_i64(c, WORDS)
    module = get_i32(w, descriptor + at.VERB_MODULE)
    place = place_of(c, person, module)
    if place <= 0 or is_short(c, module, 2 * place):
        return 0
    return 2 * place + get_i32(w, descriptor + at.VERB_ROWS)


@helper
def is_short(c, module, slot):
    """Whether a record is the short one of who stands in the start state for the first time."""
    if module_word(c, module, at.MODULE_FIRST_CELLS) == module_word(c, module, at.MODULE_CELLS):
        return False
    return state_at(c, slot) == module_word(c, module, at.MODULE_START) and episode_at(c, slot) == 0


@inlined
def cells_of(c, module, slot):
    """How many cells a record has."""
    return module_word(c, module, at.MODULE_FIRST_CELLS if is_short(c, module, slot) else at.MODULE_CELLS)


@helper
def take(c, person, module):
    """Gives the resident a record of the module, on which nothing stands yet: the short one if there is one."""
    cells = module_word(c, module, at.MODULE_FIRST_CELLS)
    slot = room_for(c, person, module, cells)
    pool = get_i64(c, POOL)
    put_i16(pool, 2 * slot + at.SLOT_STATE, NONE)
    put_i16(pool, 2 * slot + at.SLOT_EXIT, NO_EXIT)
    put_u16(pool, 2 * slot + at.SLOT_EPISODE, NO_EPISODE)
    if cells == module_word(c, module, at.MODULE_CELLS):
        nothing_written(c, module, slot)
    return slot


@helper
def widen(c, person, module, short):
    """Whoever leaves the start state for the first time needs the whole record: it begins as the short one does."""
    pool, cells = get_i64(c, POOL), module_word(c, module, at.MODULE_FIRST_CELLS)
    slot = room_for(c, person, module, module_word(c, module, at.MODULE_CELLS))
    for word in range(2 * cells):
        put_i32(pool, slot + word, get_i32(pool, short + word))
    nothing_written(c, module, slot)
    free_again(c, short // 2, cells)
    return slot


@helper
def room_for(c, person, module, cells):
    """The first word of cells, all 0, that are the resident's record now; the caller has made sure of the room."""
    pool, free = get_i64(c, POOL), get_i64(c, POOL_FREE)
    place = get_i32(free, cells)
    if place != 0:
        put_i32(free, cells, get_i32(pool, 2 * place))
    else:
        place = get_i64(c, POOL_NEXT)
        put_i64(c, POOL_NEXT, place + cells)
    put_i32(get_i64(c, PLACE), person * get_i64(c, MODULE_COUNT) + module, place)
    for word in range(2 * place, 2 * (place + cells)):
        put_i32(pool, word, 0)
    return 2 * place


@helper
def free_again(c, place, cells):
    """These cells are for whoever needs as many next."""
    free = get_i64(c, POOL_FREE)
    put_i32(get_i64(c, POOL), 2 * place, get_i32(free, cells))
    put_i32(free, cells, place)


@helper
def nothing_written(c, module, slot):
    """The record of a module that has written nothing yet of any verb."""
    pool = get_i64(c, POOL)
    rows = slot + module_word(c, module, at.MODULE_VERBS)
    for _ in range(module_word(c, module, at.MODULE_VERB_COUNT)):
        put_i32(pool, rows + at.VERB_OPEN, NONE)
        put_i32(pool, rows + at.VERB_LAST, NONE)
        put_i32(pool, rows + at.VERB_PLANNED, NEVER)
        rows += at.VERB_PARTS


@helper
def give_back(c, person, module, instead):
    """The resident needs no record of the module any more, or not now: it is for whoever needs one next."""
    column = person * get_i64(c, MODULE_COUNT) + module
    place = get_i32(get_i64(c, PLACE), column)
    if place > 0:
        free_again(c, place, cells_of(c, module, 2 * place))
    put_i32(get_i64(c, PLACE), column, instead)


@helper
def give_all_back(c, person):
    """Everything happens anew to a resident."""
    for module in range(get_i64(c, MODULE_COUNT)):
        give_back(c, person, module, NOT_YET)


@helper
def forget(c, person):
    """Lets go of the records of a resident who is gone."""
    if get_i32(get_i64(c, PLACE), person * get_i64(c, MODULE_COUNT)) != GONE:
        for module in range(get_i64(c, MODULE_COUNT)):
            give_back(c, person, module, GONE)
