"""The draws of the kernel: `randomness.py`, jitted, with the address of a draw put together."""

from __future__ import annotations

import numpy as np

from abmsim import days, randomness
from abmsim.engine.compiled import helper, inlined
from abmsim.engine.memory import get_i64, get_u64
from abmsim.engine.world import DRAW_KEY, STATE_KEYS
from abmsim.lang.layout import constant

ONE = constant(1)

mix = inlined(randomness.mix)
uniform = inlined(randomness.uniform)
log = helper(randomness.portable_log)
exp = helper(randomness.portable_exp)
_normal = randomness.normal_quantile
randomness_log = log

civil_day = helper(days.civil_day)
civil_date = helper(days.civil_date)


@helper
def add_months(start, months):
    year, month, day = civil_date(start)
    total = year * 12 + month - 1 + months
    return civil_day(total // 12, total % 12 + 1, ONE) + day - 1


def _normal_quantile():
    """`normal_quantile` with the jitted logarithm in place of the plain one."""
    import types as python_types

    names = {**randomness.__dict__, "portable_log": log}
    code = python_types.FunctionType(_normal.__code__, names, "normal_quantile")
    return helper(code)


normal_quantile = _normal_quantile()


@helper
def draw(c, person, state, episode, visit, slot):
    """The number in (0, 1) at the address (seed and person, module and state, episode, visit, slot)."""
    key = mix(get_u64(get_i64(c, DRAW_KEY), person), get_u64(get_i64(c, STATE_KEYS), state))
    where = np.uint64((episode << 40) | (visit << 16) | slot)
    return uniform(mix(key, where))
