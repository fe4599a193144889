"""The codes of the language's problems, each with what it says; W codes are warnings."""

from __future__ import annotations

from abmsim.expressions.parse import EXPRESSION_FORM, EXPRESSION_SYNTAX
from abmsim.expressions.resolve import (
    NEEDS_USES,
    UNKNOWN_ASSUMPTION,
    UNKNOWN_LABEL,
    UNKNOWN_NAME,
    UNKNOWN_STATISTIC,
    WRONG_TYPE,
)
from abmsim.lang.together import ATTRIBUTE_TWICE, NEVER_READ
from abmsim.yamlfile import DUPLICATE_KEY, MISSING_KEY, NOT_AN_OPTION, SYNTAX, UNKNOWN_KEY, UNREADABLE, WRONG_KIND

WRONG_MODULE_NAME, WRONG_NAME = "E107", "E108"
UNKNOWN_MODULE, NOT_OWN_ATTRIBUTE, UNKNOWN_VERB = "E205", "E206", "E208"
UNKNOWN_COLUMN, ENGINE_COLUMN, MISSING_COLUMN, MODULE_TWICE = "E209", "E210", "E211", "E212"
UNKNOWN_INSTITUTION, FOLLOWS_UNREAD = "E213", "E214"
UNKNOWN_TARGET, UNREACHABLE, NO_ELSE, TWO_RESTS, LOOP = "E301", "E302", "E303", "E304", "E305"
NO_NEXT, FINAL_AND_MORE, TWO_TIMES, NEVER_OPENED = "E306", "E307", "E308", "E309"
SCHEDULE_OVER, EXITS_AND_NEXT, NO_SCHEDULE_BEFORE, TWO_SCHEDULES = "E310", "E311", "E312", "E313"
TOO_MANY, TERM_WITHOUT_ROW, MIXED_NEXT, NOT_IN_A_CALL = "E314", "E315", "E316", "E317"
CALL_RESULTS, CALL_CIRCLE, CALL_ARGUMENTS, NO_SUBMODULE = "E318", "E319", "E320", "E321"
HAPPENS_IN_HISTORY, TWO_TURNS, SILENT_REQUEST, TWO_CAPACITIES = "E322", "E323", "E324", "E325"
NAKED_NUMBER, NO_SOURCE, SHARE_SUM, WRONG_UNIT = "E403", "E404", "E405", "E406"
UNKNOWN_DIMENSION, MISSING_CELLS, WAIT_FROM_LAW, OUT_OF_RANGE = "E407", "E408", "E409", "E410"
SCHEDULE_LINE, UNFILLED = "E411", "E412"
UNUSED_ASSUMPTION, TARGET_AS_INPUT = "W501", "W503"

CODES: dict[str, str] = {
    UNREADABLE: "the file cannot be read as UTF-8 text",
    SYNTAX: "the file is no YAML",
    DUPLICATE_KEY: "a key stands twice in one map",
    UNKNOWN_KEY: "a key that the language does not know",
    MISSING_KEY: "a key that must be there is not",
    WRONG_KIND: "a map, list, number, date or text stands where another of these belongs",
    NOT_AN_OPTION: "a value that is not one of the few allowed",
    WRONG_MODULE_NAME: "the module's name is not its path",
    WRONG_NAME: "a name that expressions could not use",
    EXPRESSION_SYNTAX: "the text is no expression",
    EXPRESSION_FORM: "an expression uses something that the language leaves out",
    UNKNOWN_NAME: "an unknown attribute, verb property or schedule column",
    UNKNOWN_LABEL: "a label that its attribute or column does not have",
    WRONG_TYPE: "a truth, number, label or day stands where another of these belongs",
    NEEDS_USES: "an attribute of a module that is not listed under `uses`",
    UNKNOWN_MODULE: "`uses` names a module that does not exist",
    NOT_OWN_ATTRIBUTE: "`set` of an attribute that another module or the vocabulary owns",
    ATTRIBUTE_TWICE: "two owners of one attribute name",
    UNKNOWN_VERB: "a record verb that no table has",
    UNKNOWN_COLUMN: "a column that the verb's table does not have",
    ENGINE_COLUMN: "a column that the engine fills",
    MISSING_COLUMN: "a column or end reason that must be given is not",
    MODULE_TWICE: "two modules of one name",
    UNKNOWN_INSTITUTION: "`await` names an institution that does not exist",
    FOLLOWS_UNREAD: "`follows` names a module that is not listed under `uses`",
    UNKNOWN_TARGET: "a state that does not exist",
    UNREACHABLE: "no way leads to a state",
    NO_ELSE: "a list of conditions without a closing else",
    TWO_RESTS: "more than one rest in a share map",
    LOOP: "states that lead round without any time",
    NO_NEXT: "a state that leads nowhere and is not final",
    FINAL_AND_MORE: "a final state with time or a next state",
    TWO_TIMES: "more than one kind of time in a state",
    NEVER_OPENED: "a verb is closed or waited for that no state on the way opens",
    SCHEDULE_OVER: "`schedule` and `schedule_over` belong together",
    EXITS_AND_NEXT: "the exits of `until` and the keys of `next` do not match",
    NO_SCHEDULE_BEFORE: "a schedule column is read where no schedule line has been reached",
    TWO_SCHEDULES: "a second schedule in one module",
    TOO_MANY: "more competing hazards or drawn columns than one state can hold",
    TERM_WITHOUT_ROW: "a `term` where no row could be marked on time or late",
    MIXED_NEXT: "shares beside states that compete in time",
    NOT_IN_A_CALL: "a key that a submodule or its call cannot have",
    CALL_RESULTS: "the final states of a submodule and the keys of `next` do not match",
    CALL_CIRCLE: "submodules that call each other in a circle",
    CALL_ARGUMENTS: "the parameters of a submodule and what `with` says do not match",
    NO_SUBMODULE: "`call` of what is no submodule",
    HAPPENS_IN_HISTORY: "`happens` in a module that begins at birth",
    TWO_TURNS: "more than one `await` in a state",
    SILENT_REQUEST: "`await` in a silent state",
    TWO_CAPACITIES: "more than one measure of what an institution can take on, or none",
    UNKNOWN_STATISTIC: "a statistic that has no card",
    UNKNOWN_ASSUMPTION: "an assumption that the module does not make",
    NAKED_NUMBER: "a number without a source",
    NO_SOURCE: "a literal without `source` or `why`",
    SHARE_SUM: "shares that do not add up to 1",
    WRONG_UNIT: "a share, rate, duration or number stands where another of these belongs",
    UNKNOWN_DIMENSION: "a statistic by something that a resident does not have",
    MISSING_CELLS: "a statistic without a figure for some residents",
    WAIT_FROM_LAW: "a `wait` whose only source is a law",
    OUT_OF_RANGE: "a number that its use cannot have",
    SCHEDULE_LINE: "a line of a schedule that cannot be followed",
    UNFILLED: "a place of a new module that its author has not filled in",
    UNUSED_ASSUMPTION: "an assumption that nothing uses",
    NEVER_READ: "an attribute that nothing reads",
    TARGET_AS_INPUT: "a statistic that results are compared with, as input",
}
