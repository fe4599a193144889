"""The schema: what others build on, and what whoever adds a table is told."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from abmsim.paths import SCHEMA_TABLES
from abmsim.problems import Problem, ProblemsFound
from abmsim.schema.schema import PERSONS, Schema, load_schema
from abmsim.vocabulary import POSITIONS, SEXES

PUBLISHED_NAMES = {
    "persons": "person_id birth_date death_date sex municipality_code",
    "household_members": "person_id household_id position from_date to_date",
    "observation_periods": "person_id from_date to_date complete",
    "wmo_requests": "request_id person_id request_date reporter inquiry_end outcome",
    "wmo_decisions": "decision_id request_id person_id application_date decision_date result on_time",
    "wmo_provisions": "provision_id decision_id person_id product financing_form right_start right_end",
    "wmo_deliveries": "delivery_id provision_id person_id product delivery_start delivery_end end_reason",
    "youth_referrals": "referral_id person_id referral_date referrer",
    "youth_help": "help_id referral_id person_id help_form start_date end_date end_reason",
    "vaccinations": "vaccination_id person_id vaccine dose date",
    "events": "person_id date module state table_name record_id statistic why",
}


@pytest.fixture
def schema() -> Schema:
    return load_schema()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A schema of one's own to break."""
    shutil.copytree(SCHEMA_TABLES.parent, tmp_path / "schema")
    return tmp_path / "schema" / "tables"


def problems_after(tables: Path, file: str, old: str, new: str) -> tuple[Problem, ...]:
    path = tables / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_schema(tables)
    return found.value.problems


@pytest.mark.parametrize("table", PUBLISHED_NAMES)
def test_tables_have_the_names_that_others_build_on(schema: Schema, table: str) -> None:
    names = [column.name for column in schema.tables[table].columns]
    wanted = PUBLISHED_NAMES[table].split()
    assert [name for name in names if name in wanted] == wanted


def test_parents_come_before_their_children(schema: Schema) -> None:
    seen: set[str] = set()
    for table in schema.tables.values():
        seen.add(table.name)
        assert {column.refers for column in table.columns if column.refers} <= seen


def test_order_of_labels_is_that_of_the_vocabulary(schema: Schema) -> None:
    assert schema.codes["household_position"].labels == POSITIONS
    assert schema.codes["sex"].labels == SEXES


def test_end_reasons_are_two_lists(schema: Schema) -> None:
    wmo, youth = schema.codes["wmo_end_reason"], schema.codes["youth_end_reason"]
    assert (wmo.standard, youth.standard) == ("WMO588", "JZ588")
    moved = {code.standard_code: code.label for code in wmo.codes}["31"]
    planned = {code.standard_code: code.label for code in youth.codes}["31"]
    assert (moved, planned) == ("moved", "as_planned")


@pytest.mark.parametrize("codes", sorted(load_schema().codes))
def test_codes_of_a_standard_stand_once_and_every_label_has_its_dutch_term(schema: Schema, codes: str) -> None:
    listed = [code.standard_code for code in schema.codes[codes].codes if code.standard_code]
    assert len(listed) == len(set(listed))
    assert all(code.dutch for code in schema.codes[codes].codes)
    assert bool(listed) <= bool(schema.codes[codes].standard)


@pytest.mark.parametrize("verb", sorted(load_schema().verbs))
def test_a_verb_writes_rows_of_persons_with_a_start_and_a_key(schema: Schema, verb: str) -> None:
    table = schema.verbs[verb]
    assert table.column("person_id").refers == PERSONS
    assert table.by_role("start") is not None
    assert [table.column(name).type for name in table.key] == ["id"]
    assert len(table.parents) <= 2


@pytest.mark.parametrize("verb", sorted(load_schema().verbs))
def test_death_closes_every_row_that_can_be_open(schema: Schema, verb: str) -> None:
    table = schema.verbs[verb]
    reason = table.by_role("end_reason")
    assert table.ends == (reason is not None)
    if reason is not None:
        assert reason.on_death in schema.codes[reason.codes].labels


@pytest.mark.parametrize("verb", sorted(load_schema().verbs))
def test_leaving_the_municipality_closes_what_death_closes(schema: Schema, verb: str) -> None:
    reason = schema.verbs[verb].by_role("end_reason")
    if reason is not None:
        assert reason.on_departure in schema.codes[reason.codes].labels
        assert reason.on_departure != reason.on_death


def test_a_move_ends_support_under_the_code_of_each_law(schema: Schema) -> None:
    def code(verb: str) -> str:
        reason = schema.verbs[verb].by_role("end_reason")
        assert reason is not None
        listed = schema.codes[reason.codes]
        return listed.codes[listed.index(reason.on_departure)].standard_code

    assert (code("wmo_delivery"), code("wmo_provision"), code("youth_help")) == ("31", "31", "35")


def test_only_one_verb_kills(schema: Schema) -> None:
    assert [verb for verb, table in schema.verbs.items() if table.kills] == ["death"]


def test_unknown_key_names_its_line_and_the_nearest(copy: Path) -> None:
    (problem,) = problems_after(copy, "deaths.yaml", "kills: true", "kils: true")
    assert problem.line == 5 and "kils" in problem.text and "kills" in problem.hint


def test_reference_to_an_unknown_table_is_found(copy: Path) -> None:
    (problem,) = problems_after(copy, "youth_help.yaml", "refers: youth_referrals", "refers: youth_referals")
    assert problem.line == 7 and "youth_referals" in problem.text and "youth_referrals" in problem.hint


def test_unknown_code_list_is_found(copy: Path) -> None:
    (problem,) = problems_after(copy, "vaccinations.yaml", "codes: vaccine", "codes: vacine")
    assert "vacine" in problem.text and "vaccine" in problem.hint


def test_label_on_death_must_be_in_its_list(copy: Path) -> None:
    (problem,) = problems_after(copy, "youth_help.yaml", "on_death: deceased", "on_death: died")
    assert "died" in problem.text


def test_label_on_departure_must_be_in_its_list(copy: Path) -> None:
    (problem,) = problems_after(copy, "wmo_deliveries.yaml", "on_departure: moved", "on_departure: move")
    assert "'move'" in problem.text and "moved" in problem.hint


def test_code_column_without_a_list_is_found(copy: Path) -> None:
    (problem,) = problems_after(copy, "youth_help.yaml", "type: code, codes: youth_help_form", "type: code")
    assert "codes" in problem.text


def test_unknown_role_type_and_key_column_are_found_at_once(copy: Path) -> None:
    text = "table: x\nabout: a\ndutch: b\nkey: [yy]\ncolumns:\n  y: {type: dat, role: begin, about: a, dutch: b}\n"
    (copy / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_schema(copy)
    assert [problem.line for problem in found.value.problems] == [4, 6, 6]


def test_two_columns_cannot_play_one_role(copy: Path) -> None:
    (problem,) = problems_after(copy, "wmo_requests.yaml", "role: end_reason", "role: end")
    assert "inquiry_end" in problem.text


def test_two_tables_cannot_share_a_verb(copy: Path) -> None:
    (problem,) = problems_after(copy, "youth_referrals.yaml", "verb: youth_referral", "verb: youth_help")
    assert "youth_help" in problem.text


def test_a_table_added_as_a_file_is_there(copy: Path) -> None:
    text = "table: beds\nabout: a\ndutch: b\ncolumns:\n  bed_id: {type: id, about: key, dutch: sleutel}\n"
    (copy / "beds.yaml").write_text(text, encoding="utf-8")
    assert load_schema(copy).tables["beds"].key == ("bed_id",)


def test_reading_the_schema_imports_nothing_heavy() -> None:
    code = "import sys; from abmsim.schema.schema import load_schema; load_schema(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pyarrow", "duckdb", "pandas", "numba"} & set(done.stdout.split())
