"""Entering a state: its row, what it does, and what its exits need: the ends of waits, thresholds, a turn."""

from __future__ import annotations

from abmsim.engine.actions import act, draw_here, new_row
from abmsim.engine.attributes import attribute
from abmsim.engine.compiled import helper
from abmsim.engine.draws import log
from abmsim.engine.evaluate import evaluate, number_of
from abmsim.engine.memory import get_i32, get_i64, get_u16, put_f64, put_i16, put_i32, put_i64, put_u16
from abmsim.engine.standing import episode_at, level_of, line_word, module_word, place_of, slot_of, wait_word
from abmsim.engine.timing import duration_end, line_day, next_line
from abmsim.engine.world import (
    ACTS_FROM,
    FIRST,
    FREE_FROM,
    INSTITUTION_COUNT,
    MUNICIPALITY,
    NEVER,
    NO_EPISODE,
    NO_EXIT,
    NONE,
    NOT_BEGUN,
    POOL,
    STEPS,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at


@helper
def enter(c, person, module, state, why, day):
    """Enters a state: counts the visit, writes its row, carries out its actions, draws its wait and thresholds.

    Says the exit that is left by at once, if no time goes by in the state, or NO_EXIT.
    """
    w, pool = get_i64(c, WORDS), get_i64(c, POOL)
    slot = slot_of(c, person, module)
    descriptor = at.STATES + state * at.STATE_WIDTH
    flags = get_i32(w, descriptor + at.STATE_FLAGS)
    if flags & at.STARTS:
        begin_episode(c, module, slot)
    visit = 0
    counted = get_i32(w, descriptor + at.STATE_VISITS)
    if counted:
        visit = get_u16(pool, 2 * slot + counted)
        put_u16(pool, 2 * slot + counted, visit + 1)
    put_i16(pool, 2 * slot + at.SLOT_STATE, state)
    put_i16(pool, 2 * slot + at.SLOT_EXIT, NO_EXIT)
    put_u16(pool, 2 * slot + at.SLOT_VISIT, visit)
    put_i32(pool, slot + at.SLOT_WHY, why)
    put_i64(c, STEPS, get_i64(c, STEPS) + 1)
    actions = get_i32(w, descriptor + at.STATE_ACTIONS)
    row = NONE
    if not flags & at.SILENT or (actions and get_i32(w, actions) != at.ACTION_SET):
        row = new_row(c, person, day, state, why)
    if actions:
        act(c, person, module, actions, row, day)
    if flags & at.PASSES:
        return FIRST
    begin_exits(c, person, module, slot, state, day)
    return NO_EXIT


@helper
def begin_exits(c, person, module, slot, state, day):
    """Draws what the exits of a state that is entered need."""
    descriptor = at.STATES + state * at.STATE_WIDTH
    exits = get_i32(get_i64(c, WORDS), descriptor + at.STATE_EXITS)
    for i in range(get_i32(get_i64(c, WORDS), descriptor + at.STATE_EXIT_COUNT)):
        begin_exit(c, person, module, slot, exits + i * at.EXIT_WIDTH, day)


@helper
def begin_episode(c, module, slot):
    """The module's start state begins a new episode: visits are counted anew."""
    pool = get_i64(c, POOL)
    before = episode_at(c, slot)
    put_u16(pool, 2 * slot + at.SLOT_EPISODE, before + 1)
    if before == NO_EPISODE:
        return
    visits = 2 * slot + module_word(c, module, at.MODULE_VISITS)
    for i in range(module_word(c, module, at.MODULE_VISIT_COUNT)):
        put_u16(pool, visits + i, 0)


@helper
def begin_exit(c, person, module, slot, place, day):
    """Draws what an exit needs for this visit: the end of a wait, a hazard's threshold, the next line of a schedule.

    The turn at an institution is a wait too.
    """
    w, pool = get_i64(c, WORDS), get_i64(c, POOL)
    kind = get_i32(w, place + at.EXIT_KIND)
    operand = get_i32(w, place + at.EXIT_OPERAND)
    if kind == at.WAIT or kind == at.AWAIT:
        index = get_i32(w, place + at.EXIT_INDEX)
        duration = get_i32(w, operand + at.AWAIT_DURATION) if kind == at.AWAIT else operand
        end = duration_end(c, person, module, duration, day, draw_here(c, person, slot, at.DRAW_WAIT + index))
        if kind == at.AWAIT:
            end = turn_at(c, person, module, operand, day, end)
        put_i32(pool, wait_word(c, module, slot, index), end)
    elif kind == at.HAZARD:
        index = get_i32(w, place + at.EXIT_INDEX)
        threshold = -log(draw_here(c, person, slot, at.DRAW_HAZARD + index))
        level = level_of(c, person, module, index)
        put_f64(pool, level + at.LEVEL_REMAINING, threshold)
        put_i32(pool, 2 * level + at.LEVEL_ROW, NOT_BEGUN)
    elif kind == at.SCHEDULE:
        line = next_line(c, person, module, operand)
        put_i32(pool, line_word(c, module, slot, at.NEXT_LINE), line)
        end = max(line_day(c, person, line), day) if line else day
        put_i32(pool, wait_word(c, module, slot, get_i32(w, place + at.EXIT_INDEX)), end)


@helper
def turn_at(c, person, module, asked, day, published):
    """The day of a resident's turn at an institution, `published` if the waiting time of others is theirs.

    A crisis has its turn today. Where the institution plans its queue the others have theirs as soon as it is free, if
    it has said when in this month, and none yet otherwise.
    """
    w, levels = get_i64(c, WORDS), get_i64(c, POOL)
    level = place_of(c, person, module) + get_i32(w, asked + at.AWAIT_LEVEL)
    put_f64(levels, level, number_of(c, person, module, get_i32(w, asked + at.AWAIT_PRIORITY), day))
    put_f64(levels, level + 1, 0.0)
    crisis = get_i32(w, asked + at.AWAIT_CRISIS)
    if crisis and evaluate(c, person, module, crisis, day) != 0.0:
        put_f64(levels, level + 1, 1.0)
        return day
    if get_i32(w, asked + at.AWAIT_ACTS) == 0 or day < get_i64(c, ACTS_FROM):
        return published
    lives_in = attribute(c, person, get_i64(c, MUNICIPALITY))
    line = int(lives_in) * get_i64(c, INSTITUTION_COUNT) + get_i32(w, asked + at.AWAIT_INSTITUTION)
    free = get_i32(get_i64(c, FREE_FROM), line)
    return max(day, free) if free > 0 else NEVER
