"""One resident and one module: enter a state, see which exit comes first, leave by it."""

from __future__ import annotations

from abmsim.engine.actions import act, draw_here, new_row, pick
from abmsim.engine.compiled import helper
from abmsim.engine.draws import log
from abmsim.engine.evaluate import evaluate, number_of
from abmsim.engine.memory import get_f64, get_i32, get_i64, get_u16, put_f64, put_i32, put_i64, put_u16
from abmsim.engine.standing import level_of, module_word, slot_of
from abmsim.engine.timing import duration_end, hazard_day, line_day, next_line, next_wake
from abmsim.engine.world import (
    ACTS_FROM,
    ATTRIBUTE_COUNT,
    ATTRIBUTES,
    DEATH,
    DUE,
    FREE_FROM,
    INSTITUTION_COUNT,
    LEVEL_COUNT,
    LEVEL_REMAINING,
    LEVEL_ROW,
    LEVELS,
    MODULE_COUNT,
    MOST_STEPS,
    MUNICIPALITY,
    NEVER,
    NO_EXIT,
    NONE,
    NOT_BEGUN,
    PLANNED,
    SCHEDULE_OVER,
    SLOT_EPISODE,
    SLOT_EXIT,
    SLOT_LINE,
    SLOT_NEXT_LINE,
    SLOT_STATE,
    SLOT_VISIT,
    SLOT_WAIT,
    SLOT_WHY,
    SLOTS,
    STATE_COUNT,
    STEPS,
    STUCK_STATE,
    VERB_COUNT,
    VISITS,
    WORDS,
)  # fmt: skip
from abmsim.lang import layout as at


@helper
def advance(c, person, module, day):
    """Runs a module of a resident that is due on a day until it waits for a later one."""
    slots = get_i64(c, SLOTS)
    column = person * get_i64(c, MODULE_COUNT) + module
    slot = slot_of(c, person, module)
    if get_i32(slots, slot + SLOT_STATE) < 0:
        start, why = module_word(c, module, at.MODULE_START), module_word(c, module, at.MODULE_WHY)
        enter(c, person, module, start, why, day)
    leaving = get_i32(slots, slot + SLOT_EXIT)
    for _ in range(MOST_STEPS):
        if get_i32(get_i64(c, DEATH), person) <= day:
            return
        if leaving == NO_EXIT:
            leaving = settle(c, person, module, day)
            if leaving == NO_EXIT:
                return
        edge = follow(c, person, module, leaving, day)
        why = edge & 0xFFFFFFFF
        if why & at.INHERITS:
            why = get_i32(slots, slot + SLOT_WHY)
        enter(c, person, module, edge >> 32, why, day)
        leaving = NO_EXIT
    put_i64(c, STUCK_STATE, get_i32(slots, slot + SLOT_STATE) + 1)
    put_i32(get_i64(c, DUE), column, NEVER)


@helper
def enter(c, person, module, state, why, day):
    """Enters a state: counts the visit, writes its row, carries out its actions, draws its wait and thresholds."""
    w, slots = get_i64(c, WORDS), get_i64(c, SLOTS)
    slot = slot_of(c, person, module)
    descriptor = at.STATES + state * at.STATE_WIDTH
    flags = get_i32(w, descriptor + at.STATE_FLAGS)
    if flags & at.STARTS:
        begin_episode(c, person, module, slot)
    visits = person * get_i64(c, STATE_COUNT) + state
    visit = get_u16(get_i64(c, VISITS), visits)
    put_u16(get_i64(c, VISITS), visits, visit + 1)
    put_i32(slots, slot + SLOT_STATE, state)
    put_i32(slots, slot + SLOT_VISIT, visit)
    put_i32(slots, slot + SLOT_WHY, why)
    put_i32(slots, slot + SLOT_EXIT, NO_EXIT)
    put_i64(c, STEPS, get_i64(c, STEPS) + 1)
    actions = get_i32(w, descriptor + at.STATE_ACTIONS)
    row = NONE
    if not flags & at.SILENT or (actions and get_i32(w, actions) != at.ACTION_SET):
        row = new_row(c, person, day, state, why)
    if actions:
        act(c, person, module, actions, row, day)
    exits = get_i32(w, descriptor + at.STATE_EXITS)
    for i in range(get_i32(w, descriptor + at.STATE_EXIT_COUNT)):
        begin_exit(c, person, module, slot, exits + i * at.EXIT_WIDTH, day)


@helper
def begin_episode(c, person, module, slot):
    """The module's start state begins a new episode: visits are counted anew."""
    slots = get_i64(c, SLOTS)
    put_i32(slots, slot + SLOT_EPISODE, get_i32(slots, slot + SLOT_EPISODE) + 1)
    first, count = module_word(c, module, at.MODULE_FIRST), module_word(c, module, at.MODULE_STATES)
    visits = person * get_i64(c, STATE_COUNT) + first
    for i in range(count):
        put_u16(get_i64(c, VISITS), visits + i, 0)


@helper
def begin_exit(c, person, module, slot, place, day):
    """Draws what an exit needs for this visit: the end of a wait, a hazard's threshold, the next line of a schedule.

    The turn at an institution is a wait too.
    """
    w, slots = get_i64(c, WORDS), get_i64(c, SLOTS)
    kind = get_i32(w, place + at.EXIT_KIND)
    operand = get_i32(w, place + at.EXIT_OPERAND)
    if kind == at.WAIT or kind == at.AWAIT:
        index = get_i32(w, place + at.EXIT_INDEX)
        duration = get_i32(w, operand + at.AWAIT_DURATION) if kind == at.AWAIT else operand
        end = duration_end(c, person, module, duration, day, draw_here(c, person, slot, at.DRAW_WAIT + index))
        if kind == at.AWAIT:
            end = turn_at(c, person, module, operand, day, end)
        put_i32(slots, slot + SLOT_WAIT + index, end)
    elif kind == at.HAZARD:
        index = get_i32(w, place + at.EXIT_INDEX)
        threshold = -log(draw_here(c, person, slot, at.DRAW_HAZARD + index))
        level = level_of(c, person, module, index)
        put_f64(get_i64(c, LEVELS), level + LEVEL_REMAINING, threshold)
        put_f64(get_i64(c, LEVELS), level + LEVEL_ROW, NOT_BEGUN)
    elif kind == at.SCHEDULE:
        line = next_line(c, person, module, operand)
        put_i32(slots, slot + SLOT_NEXT_LINE, line)
        end = max(line_day(c, person, line), day) if line else day
        put_i32(slots, slot + SLOT_WAIT + get_i32(w, place + at.EXIT_INDEX), end)


@helper
def turn_at(c, person, module, asked, day, published):
    """The day of a resident's turn at an institution, `published` if the waiting time of others is theirs.

    A crisis has its turn today. Where the institution plans its queue the others have theirs as soon as it is free, if
    it has said when in this month, and none yet otherwise.
    """
    w, levels = get_i64(c, WORDS), get_i64(c, LEVELS)
    level = person * get_i64(c, LEVEL_COUNT) + get_i32(w, asked + at.AWAIT_LEVEL)
    put_f64(levels, level, number_of(c, person, module, get_i32(w, asked + at.AWAIT_PRIORITY), day))
    put_f64(levels, level + 1, 0.0)
    crisis = get_i32(w, asked + at.AWAIT_CRISIS)
    if crisis and evaluate(c, person, module, crisis, day) != 0.0:
        put_f64(levels, level + 1, 1.0)
        return day
    if get_i32(w, asked + at.AWAIT_ACTS) == 0 or day < get_i64(c, ACTS_FROM):
        return published
    lives_in = get_f64(get_i64(c, ATTRIBUTES), person * get_i64(c, ATTRIBUTE_COUNT) + get_i64(c, MUNICIPALITY))
    line = int(lives_in) * get_i64(c, INSTITUTION_COUNT) + get_i32(w, asked + at.AWAIT_INSTITUTION)
    free = get_i32(get_i64(c, FREE_FROM), line)
    return max(day, free) if free > 0 else NEVER


@helper
def settle(c, person, module, day):
    """The exit that a resident takes today, or NO_EXIT with the next-due day set to the first day that can matter."""
    w, slots = get_i64(c, WORDS), get_i64(c, SLOTS)
    column = person * get_i64(c, MODULE_COUNT) + module
    slot = slot_of(c, person, module)
    descriptor = at.STATES + get_i32(slots, slot + SLOT_STATE) * at.STATE_WIDTH
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
            verb = person * get_i64(c, VERB_COUNT) + get_i32(w, place + at.EXIT_OPERAND)
            fires = max(get_i32(get_i64(c, PLANNED), verb), day)
        else:
            fires = max(get_i32(slots, slot + SLOT_WAIT + get_i32(w, place + at.EXIT_INDEX)), day)
        if fires <= day:
            return leave_schedule(w, slots, slot, kind, i)
        if fires < best:
            best, chosen = fires, leave_schedule(w, slots, slot, kind, i)
        wake = next_wake(c, person, get_i32(w, place + at.EXIT_WAKE), day)
        if wake <= best:  # on that day the condition or the rate is asked again, before anything fires
            best, chosen = wake, NO_EXIT
    put_i32(slots, slot + SLOT_EXIT, chosen)
    put_i32(get_i64(c, DUE), column, best)
    return NO_EXIT


@helper
def leave_schedule(w, slots, slot, kind, i):
    """An exit's number; a schedule without a further line leads to its own state instead."""
    if kind == at.SCHEDULE and get_i32(slots, slot + SLOT_NEXT_LINE) == 0:
        return SCHEDULE_OVER
    return i


@helper
def follow(c, person, module, leaving, day):
    """Where an exit leads: the next state and the reason, packed as state * 2**32 + why."""
    w, slots = get_i64(c, WORDS), get_i64(c, SLOTS)
    slot = slot_of(c, person, module)
    descriptor = at.STATES + get_i32(slots, slot + SLOT_STATE) * at.STATE_WIDTH
    if leaving == SCHEDULE_OVER:
        branch = get_i32(w, descriptor + at.STATE_SCHEDULE_OVER)
    else:
        place = get_i32(w, descriptor + at.STATE_EXITS) + leaving * at.EXIT_WIDTH
        branch = get_i32(w, place + at.EXIT_BRANCH)
        if get_i32(w, place + at.EXIT_KIND) == at.SCHEDULE:
            put_i32(slots, slot + SLOT_LINE, get_i32(slots, slot + SLOT_NEXT_LINE))
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
