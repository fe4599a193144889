"""What must hold of support under the Wmo: request, decision, right, order and delivery belong together, in order."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.records.faults import DISORDER, NO_CHAIN, OUTSIDE_RIGHT, STACKED, Check

_OTHER_OUTCOME = """
    SELECT {table}.person_id FROM {table} JOIN {parent} USING ({key})
    WHERE coalesce({outcome}, 'open') NOT IN ({outcomes})
"""

TOLD = """
    told AS (SELECT person_id, greatest(min(from_date), DATE '2015-01-01') AS since
        FROM observation_periods GROUP BY person_id)
"""
"""From when rows of the Wmo, the Wlz and Veilig Thuis are told of a person."""

WITHOUT_PARENT = """
    WITH {told} SELECT person_id FROM {table} JOIN told USING (person_id)
    WHERE {key} IS NULL AND {start} > since + INTERVAL 1 YEAR AND EXISTS (FROM {parent})
"""
"""What a row follows may lie before what is told, but not long before; modules that write no parents have none."""

_NO_DECISION = f"""
    WITH {TOLD} SELECT later.person_id FROM wmo_provisions AS later JOIN told ON told.person_id = later.person_id
    ANTI JOIN wmo_provisions AS earlier
    ON earlier.person_id = later.person_id AND earlier.product = later.product
        AND earlier.right_end = later.right_start AND earlier.end_reason = 'change_request'
    WHERE decision_id IS NULL AND NOT carried_over AND right_start > since AND EXISTS (FROM wmo_decisions)
"""
"""A decision of the first day told, or of before, is left out; so it is for a right that prolongs one of then."""

_NO_RIGHT = """
    SELECT person_id FROM {table} WHERE provision_id IS NULL AND NOT carried_over AND EXISTS (FROM wmo_provisions)
"""

_OTHER_PRODUCT = """
    SELECT {table}.person_id FROM {table} JOIN wmo_provisions USING (provision_id)
    WHERE {table}.product <> wmo_provisions.product OR {table}.person_id <> wmo_provisions.person_id
"""

_NOT_IN_KIND = """
    SELECT wmo_allocations.person_id FROM wmo_allocations JOIN wmo_provisions USING (provision_id)
    WHERE financing_form <> 'in_kind'
"""

_OTHER_ORDER = """
    SELECT wmo_deliveries.person_id FROM wmo_deliveries JOIN wmo_allocations USING (allocation_id)
    WHERE wmo_deliveries.provision_id <> wmo_allocations.provision_id
        OR wmo_deliveries.product <> wmo_allocations.product
"""

_OUTSIDE = """
    SELECT {table}.person_id FROM {table} JOIN wmo_provisions USING (provision_id) JOIN (
        SELECT person_id, max(to_date) AS told_until FROM observation_periods GROUP BY person_id
    ) AS told ON told.person_id = {table}.person_id
    WHERE {name}_start < right_start OR coalesce({name}_end, told_until) > right_end
"""
"""A planned end behind the last day told has not come yet."""

OVERLAP = """
    SELECT person_id FROM (
        SELECT person_id, {start} AS since, max(coalesce({end}, DATE '9999-12-31')) OVER (
            PARTITION BY person_id{each} ORDER BY {start}, {end} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS earlier_until FROM {table}
    ) WHERE earlier_until > since
"""

_DISORDER = """
    SELECT {table}.person_id FROM {table} JOIN {parent} USING ({key}) WHERE {day} < {earlier}
"""


def support_checks() -> Iterator[Check]:
    """Everything that must hold of the way from a request to what is delivered."""
    yield from _chain_checks()
    yield from _right_checks()
    orders = {
        "the application is before the end of the inquiry":
            ("wmo_decisions", "wmo_requests", "request_id", "application_date", "inquiry_end"),
        "the objection is before the decision":
            ("wmo_objections", "wmo_decisions", "decision_id", "objection_date", "decision_date"),
        "the right begins before the decision":
            ("wmo_provisions", "wmo_decisions", "decision_id", "right_start", "decision_date"),
        "the order is before the right":
            ("wmo_allocations", "wmo_provisions", "provision_id", "allocation_start", "right_start"),
    }  # fmt: skip
    for text, (table, parent, key, day, earlier) in orders.items():
        faults = _DISORDER.format(table=table, parent=parent, key=key, day=day, earlier=earlier)
        yield Check(table, DISORDER, text, faults)


def _chain_checks() -> Iterator[Check]:
    """A row follows another one, and that one led to it."""
    leads = {
        "wmo_decisions": ("wmo_requests", "request_id", "application_date", "outcome", "'application'"),
        "wmo_objections": ("wmo_decisions", "decision_id", "objection_date", "result", "'refused'"),
        "wmo_provisions": ("wmo_decisions", "decision_id", "", "result", "'granted', 'changed'"),
    }
    for table, (parent, key, start, outcome, outcomes) in leads.items():
        faults = _OTHER_OUTCOME.format(table=table, parent=parent, key=key, outcome=outcome, outcomes=outcomes)
        yield Check(table, NO_CHAIN, f"'{key}' is one whose {outcome} is not {outcomes}", faults)
        empty = WITHOUT_PARENT.format(told=TOLD, table=table, parent=parent, key=key, start=start)
        yield Check(table, NO_CHAIN, f"'{key}' is empty", empty if start else _NO_DECISION)
    for table in ("wmo_allocations", "wmo_deliveries"):
        yield Check(table, NO_CHAIN, "'provision_id' is empty", _NO_RIGHT.format(table=table))
        text = "the right is for another product or person"
        yield Check(table, NO_CHAIN, text, _OTHER_PRODUCT.format(table=table))
    yield Check("wmo_allocations", NO_CHAIN, "a provider has an order for what is not in kind", _NOT_IN_KIND)
    yield Check("wmo_deliveries", NO_CHAIN, "the order is for another right or product", _OTHER_ORDER)


def _right_checks() -> Iterator[Check]:
    """Orders and deliveries lie inside the right, and nobody has a product twice at a time."""
    for table, name in (("wmo_allocations", "allocation"), ("wmo_deliveries", "delivery")):
        yield Check(table, OUTSIDE_RIGHT, "lies outside its right", _OUTSIDE.format(table=table, name=name))
    for table, name in (("wmo_provisions", "right"), ("wmo_allocations", "allocation"), ("wmo_deliveries", "delivery")):
        twice = OVERLAP.format(table=table, start=f"{name}_start", end=f"{name}_end", each=", product")
        yield Check(table, STACKED, "somebody has the same product twice at a time", twice)
