"""The kernel's world: one int64 array of addresses and numbers, and the fields of the records behind them.

`c` in the kernel is the address of that array; `get_i64(c, DUE)` is the address of the column of next-due days.
Columns are of all residents of a town, rows of the log of one block: person p, module m, state s, attribute a, verb v,
table t of the program. Who lives together stands in a ring: RING names the next one, GROUP is the same for all of them.
"""

from __future__ import annotations

from abmsim import days
from abmsim.lang.layout import constant, constants

FIELDS = (
    # the program
    "WORDS", "NUMBERS", "STATE_KEYS", "VERBS", "MODULES", "READERS", "RELATIVE_READERS", "PUBLIC",
    "MODULE_COUNT", "ATTRIBUTE_COUNT", "LABEL_COUNT", "AMOUNT_COUNT", "VERB_COUNT", "TABLE_COUNT",
    "PUBLIC_COUNT", "PUBLIC_PLACES", "INSTITUTION_COUNT",
    # residents: what they are
    "BIRTH", "BIRTH_YEAR", "BIRTH_MONTH", "BIRTH_MONTH_DAY", "AGE", "AGE_BEGAN", "AGE_ENDS",
    "PERSON_KEY", "DRAW_KEY", "RELATIVES", "RING", "GROUP", "JOINED",
    "FIRST_ATTRIBUTES", "DEATH", "ATTEMPT", "IMMORTAL",
    # residents: what is told of their past, in order of day, and how far it has been told
    "SCRIPT_BEGIN", "SCRIPT_END", "SCRIPT_NEXT", "SCRIPT_DAYS", "SCRIPT_ATTRIBUTES", "SCRIPT_VALUES",
    # residents: where they stand
    "DUE", "NEXT_DUE", "PLACE", "LABELS", "AMOUNTS", "SNAPSHOT", "CHANGED", "ORDINALS", "FREE_FROM",
    # the records of where they stand: all of them, those not used any more by size, and the block's room for new ones
    "POOL", "POOL_FREE", "POOL_NEXT", "POOL_END", "POOL_ROOM",
    # units of residents who read each other: first resident and how many
    "UNIT_FIRST", "UNIT_SIZE", "UNIT_COUNT", "FIRST_GROUP", "NEXT_UNIT", "UNIT_ROW", "UNIT_STARTED", "UNIT_SEEN",
    # whether a month is run (1) or whole households (0), and the residents whom it is run for
    "MONTHLY", "NEXT_PERSON", "END_PERSON",
    # the calendar; from the day ACTS_FROM on institutions say whose turn it is
    "BASE", "UNTIL", "ACTS_FROM", "TICK_START", "MONTH_BEGINS", "MONTH_ENDS", "FIRST_DAY",
    # the log
    "ROWS", "ROW_COUNT", "ROW_CAPACITY", "STACK", "REDRAW", "REDRAWN", "GIVEN_UP", "STEPS", "STUCK_STATE",
    # columns of the household attributes that a death changes
    "HOUSEHOLD_SIZE", "LIVES_ALONE", "HAS_PARTNER", "IS_PARENT", "SINGLE_PARENT", "N_CHILDREN", "POSITION",
    "IN_INSTITUTION", "IS_HEAD", "MARRIED", "MUNICIPALITY",
)  # fmt: skip

(WORDS, NUMBERS, STATE_KEYS, VERBS, MODULES, READERS, RELATIVE_READERS, PUBLIC,
 MODULE_COUNT, ATTRIBUTE_COUNT, LABEL_COUNT, AMOUNT_COUNT, VERB_COUNT, TABLE_COUNT,
 PUBLIC_COUNT, PUBLIC_PLACES, INSTITUTION_COUNT,
 BIRTH, BIRTH_YEAR, BIRTH_MONTH, BIRTH_MONTH_DAY, AGE, AGE_BEGAN, AGE_ENDS,
 PERSON_KEY, DRAW_KEY, RELATIVES, RING, GROUP, JOINED,
 FIRST_ATTRIBUTES, DEATH, ATTEMPT, IMMORTAL,
 SCRIPT_BEGIN, SCRIPT_END, SCRIPT_NEXT, SCRIPT_DAYS, SCRIPT_ATTRIBUTES, SCRIPT_VALUES,
 DUE, NEXT_DUE, PLACE, LABELS, AMOUNTS, SNAPSHOT, CHANGED, ORDINALS, FREE_FROM,
 POOL, POOL_FREE, POOL_NEXT, POOL_END, POOL_ROOM,
 UNIT_FIRST, UNIT_SIZE, UNIT_COUNT, FIRST_GROUP, NEXT_UNIT, UNIT_ROW, UNIT_STARTED, UNIT_SEEN,
 MONTHLY, NEXT_PERSON, END_PERSON,
 BASE, UNTIL, ACTS_FROM, TICK_START, MONTH_BEGINS, MONTH_ENDS, FIRST_DAY,
 ROWS, ROW_COUNT, ROW_CAPACITY, STACK, REDRAW, REDRAWN, GIVEN_UP, STEPS, STUCK_STATE,
 HOUSEHOLD_SIZE, LIVES_ALONE, HAS_PARTNER, IS_PARENT, SINGLE_PARENT, N_CHILDREN, POSITION,
 IN_INSTITUTION, IS_HEAD, MARRIED, MUNICIPALITY) = constants(len(FIELDS))  # fmt: skip

RELATIVE_COUNT = constant(3)
"""Columns of RELATIVES: partner, mother, father (rows, or -1); they may live elsewhere."""

# FREE_FROM (int32, INSTITUTION_COUNT for each label of municipality_code): from which day of this month on the
# institution of each kind that serves the municipality lets nobody wait; 0 where there is a line to its end.
MOST_MUNICIPALITIES = 512
"""Labels of municipality_code that there is room for in FREE_FROM."""

# DUE (int32, a module each): on which day the module is due. NEXT_DUE (int32): none of them is due before that day.

# PLACE (int32, a module each): the cell of POOL at which the resident's record of the module begins, or
NOT_YET, AT_REST, GONE = constant(0), constant(-1), constant(-2)
"""No record: the module has not begun; the resident stands in its start state for the first time and nothing has
happened that a record must remember (most residents are at rest in most modules); or they died or left before this
month."""

NO_EXIT, SCHEDULE_OVER, NO_EPISODE = constant(-1), constant(99), constant(65_535)
NOT_BEGUN, PAUSED, NO_RATE = constant(-2), constant(-1), constant(-3)

FULL, DONE = constant(1), constant(0)
"""What `run_block` says: the log needs more room, or everybody has reached the day."""

MOST_ATTEMPTS = constant(1000)
"""Histories drawn for a resident who must live to the base date, before deaths are left out of it (counted)."""

MOST_STEPS = constant(1_000)
"""Steps of one resident on one day, before the run stops and names the state: a loop without time."""

ROOM = MOST_STEPS + constant(24)
"""Rows that the log must have free before a resident's next step: more than a loop without time can write in it."""

NEVER = constant(days.NEVER)
NONE = constant(-1)
FIRST = constant(0)
PARTNER, MOTHER, FATHER = constants(3)
"""Columns of RELATIVES."""
