"""Whole numbers keep their margins."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from abmsim.population.rounding import controlled, fitted, largest_remainder, systematic

COUNTS = arrays(np.int64, (4, 3), elements=st.integers(0, 50))


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.integers(0, 1000))
def test_shares_of_a_total_add_up(counts, total):
    weights = counts[0] + 1.0
    found = largest_remainder(weights, total)
    assert found.sum() == total
    assert (np.abs(found - weights * total / weights.sum()) < 1).all()


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.floats(0.001, 0.999))
def test_rows_shared_out_are_exact_and_no_cell_is_off_by_one(counts, offset):
    weights, totals = counts + 1.0, counts.sum(axis=1)
    found = systematic(weights, totals, np.full(len(totals), offset))
    exact = weights * (totals / weights.sum(axis=1))[:, None]
    assert (found.sum(axis=1) == totals).all()
    assert (np.abs(found - exact) < 1 + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_a_fitted_table_in_whole_numbers_keeps_both_margins(counts):
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    table = fitted(np.ones(counts.shape), rows, columns)
    found = controlled(table, rows, columns, np.ones(counts.shape, dtype=bool))
    assert (found >= 0).all()
    assert (found.sum(axis=1) == rows).all()
    assert (found.sum(axis=0) == columns).all()
