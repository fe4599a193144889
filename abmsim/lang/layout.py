"""How a compiled program lies in memory: one array of int32 `words`, one of float64 `numbers`, one of uint64 `keys`.

A position in `words` is called a *place*; a place of 0 means "none" (the first word is never used). The kernel and the
plain-Python interpreter of the tests read these tables; nobody else does.

State s at `STATES + s * STATE_WIDTH`; the other descriptors start at the place that refers to them:

- exit:       kind, branch, operands (see EXIT_*)
- branch:     kind, then DIRECT: target, why | SHARES: n, n * (target, why, expression) |
              CONDITIONS: n, n * (expression, branch)
- duration:   kind, expression, expression, unit (index in UNITS)
- lookup:     base, n, n * (source, attribute, lowest, count, map, stride)
- await:      see AWAIT_*
- hazard:     lookup of a row of AGES + 1 cumulated rates, times expression, wake of the condition
- list:       n, n * item
- schedule:   lines, columns, lines * (months, days, sex, valid_from, valid_until, first number)
- action:     kind and operands, ended by ACTION_STOP
- expression: op-codes, ended by a STOP

The constants are NumPy integers: the just-in-time compiler takes them for plain int64 and compiles each helper once,
not once for each literal.
"""

from __future__ import annotations

from typing import cast

import numpy as np


def constant(value: int) -> int:
    """A whole number that the just-in-time compiler takes for a plain int64, not for a literal."""
    return cast(int, np.int64(value))


def constants(count: int) -> tuple[int, ...]:
    """0, 1, ... as `constant` makes them."""
    return tuple(constant(value) for value in range(count))


def _several(*values: int) -> tuple[int, ...]:
    return tuple(constant(value) for value in values)


STATES = constant(8)
"""Place of state 0; the words before it are never used."""

# --- states ----------------------------------------------------------------------------------------------------
STATE_WIDTH = constant(9)
(STATE_MODULE, STATE_FLAGS, STATE_ACTIONS, STATE_EXITS, STATE_EXIT_COUNT, STATE_SCHEDULE_OVER, STATE_OWN,
 STATE_RELATIVES, STATE_VISITS) = constants(9)  # fmt: skip
# STATE_VISITS: the half of a word of the module's record that counts its visits, 0 if an episode has one at the most.

SILENT, FINAL, STARTS, PASSES = _several(1, 2, 4, 8)
# PASSES: no time goes by in the state; its only exit is left by as soon as it is entered.

# --- exits -----------------------------------------------------------------------------------------------------
EXIT_WIDTH = constant(6)
EXIT_KIND, EXIT_BRANCH, EXIT_EXPRESSION, EXIT_OPERAND, EXIT_WAKE, EXIT_INDEX = constants(6)
CONDITION, WAIT, ENDS, HAZARD, SCHEDULE, AWAIT = constants(6)
# EXIT_EXPRESSION: what a condition or a hazard's `while` asks.
# EXIT_OPERAND: duration | verb slot | hazard | schedule | await.
# EXIT_WAKE: place of (flags, n, n ages, n, n expressions of days) that say when the condition can change by time alone.
# EXIT_INDEX: which hazard or wait of the state it is.
AWAIT_DURATION, AWAIT_PRIORITY, AWAIT_CRISIS, AWAIT_LEVEL, AWAIT_ACTS, AWAIT_INSTITUTION = constants(6)
AWAIT_LEVELS = constant(2)
# What is asked of an institution: its published waiting time, expressions (0: no crisis), where among a resident's
# levels the priority is kept (and behind it whether it is a crisis: AWAIT_LEVELS), whether the institution acts on its
# queue or lets everybody wait that time, and its number in the program.
WAKE_EVERY_BIRTHDAY, WAKE_EVERY_YEAR, WAKE_EVERY_DAY, WAKE_EVERY_MONTH = _several(1, 2, 4, 8)

MOST_HAZARDS = constant(4)
"""Competing hazards that one state can hold."""

MOST_WAITS = constant(4)
"""Competing waits that one state can hold, a schedule and a turn at an institution among them."""

# --- branches --------------------------------------------------------------------------------------------------
DIRECT, SHARES, CONDITIONS = constants(3)

INHERITS = constant(1 << 30)
"""Added to a reason: the state was only passed through, so the reason of entering it goes on."""

SHARE_WIDTH, LABEL_WIDTH = constant(3), constant(2)
"""Words of a share of a branch (target, why, expression) and of a drawn label (label, expression)."""

# --- durations -------------------------------------------------------------------------------------------------
EXACT, UNIFORM, NORMAL, LOGNORMAL, EXPONENTIAL, WEIBULL, EMPIRICAL = constants(7)
# EMPIRICAL: the first operand is the place of (n, index in numbers of n * (from, to, cumulated weight)).
UNITS = ("day", "week", "month", "year")
DURATIONS = {
    "exact": EXACT, "uniform": UNIFORM, "normal": NORMAL, "lognormal": LOGNORMAL, "exponential": EXPONENTIAL,
    "weibull": WEIBULL, "empirical": EMPIRICAL,
}  # fmt: skip

# --- look-ups --------------------------------------------------------------------------------------------------
LOOKUP_WIDTH = constant(6)
BY_ATTRIBUTE, BY_AGE, BY_YEAR = constants(3)
AGES = constant(121)
"""Single years of age 0..120 in every table by age; older residents have the last one."""

HAZARD_LOOKUP, HAZARD_TIMES, HAZARD_WAKE = constants(3)
# HAZARD_WAKE: when the condition alone can change by time, as EXIT_WAKE; while it does not hold no rate is asked for.

# --- schedules -------------------------------------------------------------------------------------------------
LINE_WIDTH = constant(6)
LINE_MONTHS, LINE_DAYS, LINE_SEX, LINE_FROM, LINE_UNTIL, LINE_NUMBERS = constants(6)

# --- actions ---------------------------------------------------------------------------------------------------
ACTION_STOP, ACTION_OPEN, ACTION_SLOT, ACTION_PLAN, ACTION_TERM, ACTION_PARENT, ACTION_CLOSE, ACTION_SET = constants(8)
# OPEN verb | SLOT slot, value | PLAN verb, duration, draw | TERM duration | PARENT slot, verb |
# CLOSE verb, value | SET attribute, value;  value = kind, operand, draw
VALUE_LABEL, VALUE_EXPRESSION, VALUE_SHARES, VALUE_MAPPED, VALUE_DRAWN = constants(5)
# LABEL index | EXPRESSION place | SHARES place of (n, n * (label, expression)) |
# MAPPED place of (column, n, n labels) | DRAWN place of a duration, taken as a number

VERB_WIDTH = constant(7)
VERB_TABLE, VERB_ON_DEATH, VERB_KILLS, VERB_HAS_END, VERB_ON_DEPARTURE, VERB_MODULE, VERB_ROWS = constants(7)
# The module that writes it, and where in that module's record its rows are: the open one, the last one's ordinal, and
# the planned end.
VERB_OPEN, VERB_LAST, VERB_PLANNED = constants(3)
VERB_PARTS = constant(3)

MODULE_WIDTH = constant(12)
(MODULE_START, MODULE_WHY, MODULE_BEGINS_BASE, MODULE_CELLS, MODULE_FIRST_CELLS, MODULE_WAITS, MODULE_LINES,
 MODULE_VERBS, MODULE_VERB_COUNT, MODULE_VISITS, MODULE_VISIT_COUNT, MODULE_REST) = constants(12)  # fmt: skip
# The start state and its reason; the record of a resident's standing in the module: how many cells it has, and how many
# of them are enough while the resident stands in the start state for the first time; at which word begin its waits, the
# lines of its schedule and what it has written of each verb, and at which half of a word its counts of visits.
# MODULE_REST: whether a resident who stands in the start state for the first time needs a record (see REST_*).

REST_NEVER, REST_DORMANT, REST_CERTAIN = constants(3)
"""A module is at rest in its start state, without a record: never; while none of its hazards runs; or also while its
only exit is a hazard that nothing but age changes, so that the day on which it fires is certain."""

# --- the record of a resident's standing in a module, in words of 32 bits; two words are a cell --------------------
SLOT_STATE, SLOT_EXIT, SLOT_EPISODE, SLOT_VISIT = constants(4)
"""Halves of the first two words."""

SLOT_WHY = constant(2)
"""Word: the reason of the state."""

LAST_LINE, NEXT_LINE = constants(2)
"""Words of a schedule, from MODULE_LINES on: the line that called last, and the one that comes next (0: none)."""

FIRST_LEVEL, LEVEL_PARTS = _several(2, 3)
"""From this cell on each hazard has three: what is left of its threshold and its factor (float64), and in the two words
of the third where its rate lies and the day up to which it is integrated. Behind the hazards of a module that awaits an
institution stand the priority of its last request and whether it is a crisis (AWAIT_LEVELS). All that follows is not in
the short record of who stands in the start state for the first time (MODULE_FIRST_CELLS): nothing of it has happened
yet."""
LEVEL_REMAINING, LEVEL_FACTOR = constants(2)
LEVEL_ROW, LEVEL_DAY = _several(4, 5)
"""Cells and words, counted from the hazard's first."""

# --- draws: the last part of a draw's address --------------------------------------------------------------------
DRAW_NEXT, DRAW_HAZARD, DRAW_WAIT, DRAW_COLUMN, DRAW_SET = _several(1, 2, 8, 16, 64)

# --- the log: one row an entered state ---------------------------------------------------------------------------
ROW_WIDTH = constant(16)
(ROW_PERSON, ROW_DAY, ROW_STATE, ROW_WHY, ROW_ORDINAL, ROW_END, ROW_REASON, ROW_PLANNED, ROW_TERM, ROW_VERB,
 ROW_VALUES) = constants(11)
ROW_PARENTS = constant(14)
PARTS_OF_NUMBERS = 1000
"""The log keeps whole numbers: a column of type `number` is kept in thousandths."""

MOST_VALUES, MOST_PARENTS = constant(4), constant(2)

# --- op-codes of expressions -------------------------------------------------------------------------------------
OPS = (
    "stop", "stop_true", "stop_false", "constant", "attribute", "age", "today", "year", "birth_date", "relative",
    "aggregate", "lookup", "planned_end", "is_open", "line",
    "add", "subtract", "multiply", "divide", "negate", "not", "minimum", "maximum", "absolute",
    "exp", "log", "logit", "logistic", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal",
    "jump", "jump_if_false", "jump_attribute", "jump_age",
)  # fmt: skip
OP = {name: code for code, name in enumerate(OPS)}
(STOP, STOP_TRUE, STOP_FALSE, CONSTANT, ATTRIBUTE, AGE, TODAY, YEAR, BIRTH_DATE, RELATIVE,
 AGGREGATE, LOOKUP, PLANNED_END, IS_OPEN, LINE,
 ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE, NOT, MINIMUM, MAXIMUM, ABSOLUTE,
 EXP, LOG, LOGIT, LOGISTIC, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL,
 JUMP, JUMP_IF_FALSE, JUMP_ATTRIBUTE, JUMP_AGE) = constants(len(OPS))  # fmt: skip
# relative: which, attribute, constant that stands for nobody.
# relative, aggregate: an attribute of -1 is the age, of -2 the day of birth.
# aggregate: members (index in MEMBERS), how (index in AGGREGATES), attribute, constant that stands for nobody.
# jump_attribute / jump_age: comparison (0..5 as less..not_equal), [attribute,] constant, place: jumps if it holds.

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
NEGATED = (3, 2, 1, 0, 5, 4)

AGE_OF, BIRTH_OF = constant(-1), constant(-2)

HOUSEMATES, CHILDREN, HOUSEHOLD = constants(3)
ANY, COUNT, SUM, MAX, MIN = constants(5)
"""The order of `expressions.MEMBERS` and `expressions.AGGREGATES` (a test holds them together)."""
