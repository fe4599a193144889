"""One resident and one module: begin it, see which exit comes first, leave by it."""

from __future__ import annotations

from abmsim.engine.actions import draw_here, pick
from abmsim.engine.compiled import helper
from abmsim.engine.entering import begin_exits, enter
from abmsim.engine.evaluate import evaluate
from abmsim.engine.memory import get_i32, get_i64, put_i16, put_i32, put_i64, put_u16
from abmsim.engine.standing import (
    exit_at,
    give_back,
    is_short,
    level_of,
    line_word,
    module_word,
    place_of,
    put_exit,
    rows_of_verb,
    slot_of,
    state_at,
    take,
    wait_word,
    widen,
)  # fmt: skip
from abmsim.engine.timing import hazard_day, next_wake
from abmsim.engine.world import (
    AT_REST,
    DEATH,
    DUE,
    MODULE_COUNT,
    MOST_STEPS,
    NEVER,
    NO_EXIT,
    PAUSED,
    POOL,
    SCHEDULE_OVER,
    STUCK_STATE,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at


@helper
def advance(c, person, module, day):
    """Runs a module of a resident that is due on a day until it waits for a later one."""
    place = place_of(c, person, module)
    if place <= 0:
        leaving = begin_module(c, person, module, place, day)
    else:
        leaving = exit_at(c, 2 * place)
    fresh = place <= 0 and leaving == NO_EXIT
    for _ in range(MOST_STEPS):
        if get_i32(get_i64(c, DEATH), person) <= day:
            return
        if leaving == NO_EXIT:
            leaving = settle(c, person, module, day)
            if leaving == NO_EXIT:
                if fresh:
                    rest(c, person, module)
                return
        fresh = False
        edge = follow(c, person, module, leaving, day)
        why, slot = edge & 0xFFFFFFFF, slot_of(c, person, module)
        if why & at.INHERITS:
            why = get_i32(get_i64(c, POOL), slot + at.SLOT_WHY)
        if is_short(c, module, slot):
            widen(c, person, module, slot)
        leaving = enter(c, person, module, edge >> 32, why, day)
    put_i64(c, STUCK_STATE, state_at(c, slot_of(c, person, module)) + 1)
    put_i32(get_i64(c, DUE), person * get_i64(c, MODULE_COUNT) + module, NEVER)


@helper
def begin_module(c, person, module, place, day):
    """Gives the resident a record of the module, which begins today or in which they were at rest; says the exit.

    Who was at rest stands in the start state as on entering it: what was drawn then is drawn again.
    """
    slot = take(c, person, module)
    start, why = module_word(c, module, at.MODULE_START), module_word(c, module, at.MODULE_WHY)
    if place != AT_REST:
        return enter(c, person, module, start, why, day)
    pool = get_i64(c, POOL)
    put_i16(pool, 2 * slot + at.SLOT_STATE, start)
    put_u16(pool, 2 * slot + at.SLOT_EPISODE, 0)
    put_i32(pool, slot + at.SLOT_WHY, why)
    begin_exits(c, person, module, slot, start, day)
    return 0 if module_word(c, module, at.MODULE_REST) == at.REST_CERTAIN else NO_EXIT


@helper
def rest(c, person, module):
    """Lets go of the record of who stands in the start state for the first time, if nothing runs that it must know."""
    resting = module_word(c, module, at.MODULE_REST)
    if resting == at.REST_NEVER:
        return
    if resting == at.REST_DORMANT:
        w = get_i64(c, WORDS)
        start = at.STATES + module_word(c, module, at.MODULE_START) * at.STATE_WIDTH
        exits = get_i32(w, start + at.STATE_EXITS)
        for i in range(get_i32(w, start + at.STATE_EXIT_COUNT)):
            place = exits + i * at.EXIT_WIDTH
            if get_i32(w, place + at.EXIT_KIND) == at.HAZARD and not is_paused(c, person, module, place):
                return
    give_back(c, person, module, AT_REST)


@helper
def settle(c, person, module, day):
    """The exit that a resident takes today, or NO_EXIT with the next-due day set to the first day that can matter."""
    w, pool = get_i64(c, WORDS), get_i64(c, POOL)
    slot = slot_of(c, person, module)
    descriptor = at.STATES + state_at(c, slot) * at.STATE_WIDTH
    exits = get_i32(w, descriptor + at.STATE_EXITS)
    best, chosen = NEVER, NO_EXIT
    for i in range(get_i32(w, descriptor + at.STATE_EXIT_COUNT)):
        place = exits + i * at.EXIT_WIDTH
        kind = get_i32(w, place + at.EXIT_KIND)
        fires = NEVER
        if kind == at.CONDITION:
            if evaluate(c, person, module, get_i32(w, place + at.EXIT_EXPRESSION), day) != 0.0:
                return i
        elif kind == at.HAZARD:
            fires = hazard_day(c, person, module, place, day)
        elif kind == at.ENDS:
            rows = rows_of_verb(c, person, get_i32(w, place + at.EXIT_OPERAND))
            fires = max(get_i32(pool, rows + at.VERB_PLANNED), day)
        else:
            fires = max(get_i32(pool, wait_word(c, module, slot, get_i32(w, place + at.EXIT_INDEX))), day)
        if fires <= day:
            return leave_schedule(c, module, slot, kind, i)
        if fires < best:
            best, chosen = fires, leave_schedule(c, module, slot, kind, i)
        wake = next_wake(c, person, module, wake_of(c, person, module, place, kind), day)
        if wake <= best:  # on that day the condition or the rate is asked again, before anything fires
            best, chosen = wake, NO_EXIT
    put_exit(c, slot, chosen)
    put_i32(get_i64(c, DUE), person * get_i64(c, MODULE_COUNT) + module, best)
    return NO_EXIT


@helper
def wake_of(c, person, module, place, kind):
    """When to look at an exit again: a hazard whose condition does not hold waits for that alone, not for its rate."""
    w = get_i64(c, WORDS)
    if kind == at.HAZARD and is_paused(c, person, module, place):
        return get_i32(w, get_i32(w, place + at.EXIT_OPERAND) + at.HAZARD_WAKE)
    return get_i32(w, place + at.EXIT_WAKE)


@helper
def is_paused(c, person, module, place):
    """Whether the condition of a hazard did not hold when it was last looked at."""
    level = level_of(c, person, module, get_i32(get_i64(c, WORDS), place + at.EXIT_INDEX))
    return get_i32(get_i64(c, POOL), 2 * level + at.LEVEL_ROW) == PAUSED


@helper
def leave_schedule(c, module, slot, kind, i):
    """An exit's number; a schedule without a further line leads to its own state instead."""
    if kind == at.SCHEDULE and get_i32(get_i64(c, POOL), line_word(c, module, slot, at.NEXT_LINE)) == 0:
        return SCHEDULE_OVER
    return i


@helper
def follow(c, person, module, leaving, day):
    """Where an exit leads: the next state and the reason, packed as state * 2**32 + why."""
    w, pool = get_i64(c, WORDS), get_i64(c, POOL)
    slot = slot_of(c, person, module)
    descriptor = at.STATES + state_at(c, slot) * at.STATE_WIDTH
    if leaving == SCHEDULE_OVER:
        branch = get_i32(w, descriptor + at.STATE_SCHEDULE_OVER)
    else:
        place = get_i32(w, descriptor + at.STATE_EXITS) + leaving * at.EXIT_WIDTH
        branch = get_i32(w, place + at.EXIT_BRANCH)
        if get_i32(w, place + at.EXIT_KIND) == at.SCHEDULE:
            line = get_i32(pool, line_word(c, module, slot, at.NEXT_LINE))
            put_i32(pool, line_word(c, module, slot, at.LAST_LINE), line)
    while get_i32(w, branch) == at.CONDITIONS:
        branch = first_that_holds(c, person, module, branch, day)
    edge = branch + 1
    if get_i32(w, branch) == at.SHARES:
        edge = pick(c, person, module, branch + 1, at.SHARE_WIDTH, day, draw_here(c, person, slot, at.DRAW_NEXT))
    return (get_i32(w, edge) << 32) | get_i32(w, edge + 1)


@helper
def first_that_holds(c, person, module, branch, day):
    """The branch of the first condition of a list that holds; the last one is the `else`."""
    w = get_i64(c, WORDS)
    count = get_i32(w, branch + 1)
    for i in range(count):
        asked = get_i32(w, branch + 2 + 2 * i)
        if asked == 0 or i == count - 1 or evaluate(c, person, module, asked, day) != 0.0:
            return get_i32(w, branch + 3 + 2 * i)
    return branch
