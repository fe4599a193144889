"""The attributes of residents where the kernel keeps them: labels and answers small, amounts and dates whole."""

from __future__ import annotations

from abmsim.engine.compiled import helper, inlined
from abmsim.engine.memory import get_f64, get_i16, get_i64, put_f64, put_i16
from abmsim.engine.world import AMOUNT_COUNT, AMOUNTS, LABEL_COUNT, LABELS


@inlined
def attribute(c, person, index):
    """The present value of an attribute; those of a category or with yes and no come first among the program's."""
    labels = get_i64(c, LABEL_COUNT)
    if index < labels:
        return float(get_i16(get_i64(c, LABELS), person * labels + index))
    return get_f64(get_i64(c, AMOUNTS), person * get_i64(c, AMOUNT_COUNT) + index - labels)


@helper
def put_attribute(c, person, index, value):
    labels = get_i64(c, LABEL_COUNT)
    if index < labels:
        put_i16(get_i64(c, LABELS), person * labels + index, int(value))
    else:
        put_f64(get_i64(c, AMOUNTS), person * get_i64(c, AMOUNT_COUNT) + index - labels, value)
