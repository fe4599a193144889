"""Four residents with support under the Wmo, the Wlz and Veilig Thuis, told by hand: rows in which nothing is wrong.

a has household help, first in kind and then as a budget; b, the partner, has a wheelchair after an objection; c had
household help until the move to a nursing home; d died during an inquiry of Veilig Thuis.
"""

from __future__ import annotations

import duckdb
from fake_log import SCHEMA

ROWS = {
    "persons": """
        person_id birth_date death_date entered_by entered_date left_by left_date
        a 1940-01-01 - base_date 2020-01-01 - -
        b 1942-01-01 - base_date 2020-01-01 - -
        c 1930-01-01 - base_date 2020-01-01 - -
        d 1935-01-01 2022-05-05 base_date 2020-01-01 death 2022-05-05
    """,
    "observation_periods": """
        person_id from_date to_date complete ends_by
        a 1940-01-01 2025-01-01 true run_end
        b 1942-01-01 2025-01-01 true run_end
        c 1930-01-01 2025-01-01 true run_end
        d 1935-01-01 2022-05-05 true death
    """,
    "households": """
        household_id kind from_date to_date
        h1 private 2020-01-01 -
        h2 institution 2020-01-01 -
        h3 private 2020-01-01 2021-03-31
        h4 private 2020-01-01 2022-05-05
    """,
    "household_members": """
        person_id household_id from_date to_date
        a h1 2020-01-01 -
        b h1 2020-01-01 -
        c h3 2020-01-01 2021-03-31
        c h2 2021-03-31 -
        d h4 2020-01-01 2022-05-05
    """,
    "unions": """
        person_id partner_id from_date to_date
        a b 2010-05-31 -
    """,
    "wmo_requests": """
        request_id person_id request_date reporter inquiry_end outcome
        a-1 a 2020-02-01 self 2020-03-01 application
        a-2 a 2022-12-01 municipality 2023-03-01 application
        b-1 b 2021-01-01 self 2021-02-01 application
        d-1 d 2022-05-01 self 2022-05-05 deceased
    """,
    "wmo_decisions": """
        decision_id request_id person_id application_date decision_date result
        a-1 a-1 a 2020-03-01 2020-03-10 granted
        a-2 a-2 a 2023-03-01 2023-03-10 granted
        b-1 b-1 b 2021-02-01 2021-02-10 refused
        b-2 b-1 b 2021-05-01 2021-05-01 granted
    """,
    "wmo_objections": """
        objection_id decision_id person_id objection_date decided_date outcome
        b-1 b-1 b 2021-02-10 2021-05-01 upheld
    """,
    "wmo_provisions": """
        provision_id decision_id person_id product financing_form right_start right_end end_reason carried_over
        a-1 a-1 a household_help in_kind 2020-03-10 2023-03-10 change_request false
        a-2 a-2 a household_help pgb 2023-03-10 2026-03-10 - false
        b-1 b-2 b wheelchairs in_kind 2021-05-01 2024-05-01 as_planned false
        c-1 - c household_help in_kind 2015-01-01 2021-04-01 other_domain true
    """,
    "wmo_allocations": """
        allocation_id provision_id person_id product allocation_start allocation_end end_reason carried_over
        a-1 a-1 a household_help 2020-03-10 2023-03-10 change_request false
        b-1 b-1 b wheelchairs 2021-05-01 2024-05-01 as_planned false
        c-1 c-1 c household_help 2015-01-01 2021-04-01 other_domain true
    """,
    "wmo_deliveries": """
        delivery_id provision_id allocation_id person_id product delivery_start delivery_end end_reason carried_over
        a-1 a-1 a-1 a household_help 2020-03-20 2023-03-10 change_request false
        a-2 a-2 - a household_help 2023-03-10 - - false
        b-1 b-1 b-1 b wheelchairs 2021-05-20 2024-05-01 as_planned false
        c-1 c-1 c-1 c household_help 2015-01-01 2021-04-01 other_domain true
    """,
    "wmo_contributions": """
        contribution_id person_id scheme amount_eur_a_month from_date to_date end_reason
        a-1 a flat 19 2020-03-20 2024-01-01 changed
        a-2 a flat 20.6 2024-01-01 - -
        c-1 c income_dependent 30 2015-01-01 2019-01-01 changed
        c-2 c flat 19 2019-01-01 2021-04-01 exempted
    """,
    "wlz_indications": """
        indication_id person_id application_date indication_start indication_end
        c-1 c 2021-02-10 2021-03-15 -
    """,
    "wlz_stays": """
        stay_id indication_id person_id form from_date to_date end_reason carried_over
        c-1 c-1 c waiting_at_home 2021-03-15 2021-04-01 other_form false
        c-2 c-1 c residence 2021-04-01 - - false
    """,
    "violence_reports": """
        report_id person_id report_date assessed_date triage
        d-1 d 2022-04-01 2022-04-05 inquiry
    """,
    "violence_inquiries": """
        inquiry_id report_id person_id inquiry_start inquiry_end outcome
        d-1 d-1 d 2022-04-05 2022-05-05 deceased
    """,
}
_TYPES = {"date": "DATE", "bool": "BOOLEAN", "number": "DOUBLE", "integer": "INTEGER"}


def sound_rows() -> duckdb.DuckDBPyConnection:
    """Every table of the schema in a database in memory, empty where nothing is told above."""
    connection = duckdb.connect()
    for table in SCHEMA.tables.values():
        columns = ", ".join(f"{column.name} {_TYPES.get(column.type, 'VARCHAR')}" for column in table.columns)
        connection.execute(f"CREATE TABLE {table.name} ({columns})")
        names, *rows = [line.split() for line in ROWS.get(table.name, "nothing").strip().splitlines()]
        for row in rows:
            values = ", ".join("NULL" if value == "-" else f"'{value}'" for value in row)
            connection.execute(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})")
    return connection
