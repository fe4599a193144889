"""Where a resident's numbers of a module lie in the columns of slots and levels."""

from __future__ import annotations

from abmsim.engine.compiled import inlined
from abmsim.engine.memory import get_i32, get_i64
from abmsim.engine.world import LEVEL_COUNT, MODULES, SLOT_COUNT, WORDS
from abmsim.lang import layout as at


@inlined
def module_word(c, module, field):
    """A number of a module's description."""
    return get_i32(get_i64(c, WORDS), get_i64(c, MODULES) + module * at.MODULE_WIDTH + field)


@inlined
def slot_of(c, person, module):
    """Index of the resident's first slot of the module."""
    return person * get_i64(c, SLOT_COUNT) + module_word(c, module, at.MODULE_SLOT)


@inlined
def level_of(c, person, module, hazard):
    """Index of the resident's first level of a hazard of the module."""
    return person * get_i64(c, LEVEL_COUNT) + module_word(c, module, at.MODULE_LEVEL) + hazard * at.LEVEL_PARTS
