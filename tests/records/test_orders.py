"""A delivery refers to the order of its own right, and to none where the last one was for another right."""

from __future__ import annotations

import numpy as np
from fake_log import SCHEMA

from abmsim.records.orders import of_the_same_right

DELIVERIES = SCHEMA.tables["wmo_deliveries"]
ORDER = DELIVERIES.column("allocation_id")


def numbers(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def orders_of(deliveries: dict[str, np.ndarray], written: dict[str, dict[str, np.ndarray]]) -> list[int]:
    return of_the_same_right(ORDER, deliveries, DELIVERIES, written, SCHEMA).tolist()


ORDERS = {"person": numbers(0, 2, 2), "ordinal": numbers(0, 0, 1), "provision_id": numbers(0, 3, 4)}


def test_a_budget_after_care_in_kind_has_no_order() -> None:
    deliveries = {"person": numbers(0, 0), "provision_id": numbers(0, 1), "allocation_id": numbers(0, 0)}
    assert orders_of(deliveries, {"wmo_allocations": ORDERS}) == [0, -1]


def test_orders_are_those_of_the_person() -> None:
    deliveries = {"person": numbers(2, 2, 2), "provision_id": numbers(3, 4, 4), "allocation_id": numbers(0, 1, 0)}
    assert orders_of(deliveries, {"wmo_allocations": ORDERS}) == [0, 1, -1]


def test_an_order_without_a_right_or_that_nobody_wrote_stays() -> None:
    deliveries = {"person": numbers(0, 1), "provision_id": numbers(-1, 0), "allocation_id": numbers(0, -1)}
    assert orders_of(deliveries, {"wmo_allocations": ORDERS}) == [0, -1]
    assert orders_of(deliveries, {}) == [0, -1]
