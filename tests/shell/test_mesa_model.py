"""The town as a Mesa model: the same months as a run, with a look at everybody between them."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest

import abmsim
from abmsim.days import NEVER, day_date
from abmsim.mesa_model.agents import InstitutionAgent
from abmsim.problems import UsageError, UserError

PLACE, SIZE, SEED = "Urk", 1500, 1
SPRING, SUMMER = date(2020, 4, 1), date(2020, 6, 1)
"""On SPRING two residents have been told a turn that lies ahead: for a run that ends there, they still wait."""
SAME_BYTES = ("run.yaml", "codebook.md", "report.html", "tables/*.parquet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


@pytest.fixture(scope="module")
def model(folder: Path) -> abmsim.TownModel:
    """A town that has been stepped to its horizon, and was written on the way and at the end, but not at once."""
    model = abmsim.TownModel(PLACE, SIZE, SEED, to_date=SUMMER, folder=folder / str(SUMMER))
    with pytest.raises(UsageError, match="nothing has been lived yet"):
        model.write()
    while model.running:
        model.step()
        if model.date == SPRING:
            model.write(folder / str(SPRING))
    model.write()
    return model


def hashes(folder: Path) -> dict[str, str]:
    files = [file for pattern in SAME_BYTES for file in folder.glob(pattern)]
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.mark.usefixtures("model")
def test_it_leaves_the_folder_of_a_run_to_that_day_and_goes_on(folder: Path, tmp_path: Path) -> None:
    abmsim.run(PLACE, SIZE, SEED, to_date=SPRING, folder=tmp_path / "run")
    assert hashes(folder / str(SPRING)) == hashes(tmp_path / "run")


def rows(folder: Path, table: str):
    """A table of the model's last folder."""
    return parquet.read_table(folder / str(SUMMER) / "tables" / f"{table}.parquet").to_pandas()


def test_its_log_is_the_table_of_events(model: abmsim.TownModel, folder: Path) -> None:
    assert model.log().astype(str).equals(rows(folder, "events").astype(str))


def test_each_step_is_a_month(model: abmsim.TownModel) -> None:
    assert (model.steps, model.date, model.running) == (5, SUMMER, False)
    collected = model.datacollector.get_model_vars_dataframe()
    assert list(collected["date"]) == [date(2020, month, 1) for month in range(1, 7)]


def test_residents_are_those_before_and_who_came_without_who_went(model: abmsim.TownModel) -> None:
    counts = model.datacollector.get_model_vars_dataframe()
    change = (counts["births"] + counts["arrivals"] - counts["deaths"] - counts["departures"]).tolist()
    assert counts["residents"].diff().tolist()[1:] == change[1:] and len(set(change)) > 1


def test_the_collected_counts_are_those_of_the_tables(model: abmsim.TownModel, folder: Path) -> None:
    counts = model.datacollector.get_model_vars_dataframe()
    assert sum(counts["births"].tolist()) == len(rows(folder, "births"))
    ends = rows(folder, "wmo_deliveries")["delivery_end"].tolist()
    assert counts["wmo_deliveries"].tolist()[-1] == ends.count(None) > 0


def test_nothing_follows_the_horizon(model: abmsim.TownModel) -> None:
    with pytest.raises(UserError, match="the town has reached 2020-06-01"):
        model.step()
    assert model.steps == 5 and model.date == SUMMER


# --- institutions ----------------------------------------------------------------------------------------------------
def test_the_collected_requests_are_those_of_the_table(model: abmsim.TownModel, folder: Path) -> None:
    collected = model.datacollector.get_agent_vars_dataframe().loc[1:]
    told = rows(folder, "institution_months")
    agents = (agent for agent in model.agents if isinstance(agent, InstitutionAgent))
    limited = [agent.unique_id for agent in agents if agent.institution.is_limited]
    collected = collected[collected.index.get_level_values("AgentID").isin(limited)]
    for name in ("asked", "admitted", "waiting"):
        assert collected[name].sum() == told[name].sum()
    assert collected["asked"].sum() > 0


# --- residents -------------------------------------------------------------------------------------------------------
def test_a_view_reads_what_the_columns_hold(model: abmsim.TownModel) -> None:
    columns = model.residents.columns
    for resident in model.residents:
        row = resident.row
        assert resident.married == bool(columns.attribute("married")[row])
        assert resident.sex == ("female", "male")[int(columns.attribute("sex")[row])]
        assert resident.n_children == columns.attribute("n_children")[row]
        union = columns.attribute("union_date")[row]
        assert resident.union_date == (None if union == NEVER else day_date(int(union)))
        assert resident.municipality_code == "GM0184"


def test_a_household_is_who_shares_the_group(model: abmsim.TownModel) -> None:
    group = model.residents.columns.column("GROUP")
    for resident in model.residents:
        assert [one.row for one in resident.household] == np.flatnonzero(group == group[resident.row]).tolist()
        partner = resident.partner
        assert (partner is not None) == resident.has_partner
        assert partner is None or (partner.partner == resident and partner in resident.household)


def test_the_state_of_a_module_is_the_last_that_the_log_tells(model: abmsim.TownModel) -> None:
    told = model.log()
    vaccinated = told[(told["module"] == "ggd/vaccination")].groupby("person_id", observed=True)["state"].last()
    residents = [model.resident(key) for key in vaccinated.index]
    states = {resident.state("ggd/vaccination") for resident in residents if resident.is_there}
    assert states and all(isinstance(state, str) for state in states)


def test_somebody_is_found_by_key_and_by_row(model: abmsim.TownModel) -> None:
    somebody = next(iter(model.residents))
    assert model.resident(somebody.key) == model.resident(somebody.row) == somebody
    assert somebody.key in repr(somebody) and str(somebody.age) in repr(somebody)


def test_who_has_gone_is_known_still(model: abmsim.TownModel) -> None:
    gone = model.resident(int(np.flatnonzero(model.residents.columns.column("GROUP") < 0)[0]))
    assert not gone.is_there and gone.left_date is not None and gone.left_date <= model.date
    assert gone.household == () and gone.partner is None and gone not in list(model.residents)
    assert gone.birth_date.year + gone.age in (gone.left_date.year, gone.left_date.year - 1)


def test_somebody_unknown_gets_some_that_exist(model: abmsim.TownModel) -> None:
    with pytest.raises(UserError, match=r"no person 'abm-nobody' .*some that are: abm-"):
        model.resident("abm-nobody")
    with pytest.raises(UserError, match="rows are numbered from 0 to"):
        model.resident(10**6)


def test_a_mistyped_attribute_or_module_gets_the_nearest(model: abmsim.TownModel) -> None:
    somebody = model.resident(0)
    with pytest.raises(AttributeError, match="did you mean 'married'"):
        somebody.maried  # noqa: B018
    with pytest.raises(UserError, match="did you mean 'wmo/household_help'"):
        somebody.state("wmo/houshold_help")


def test_nothing_of_a_resident_can_be_set(model: abmsim.TownModel) -> None:
    with pytest.raises(AttributeError, match="modules and the town write"):
        model.resident(0).married = True


# --- calls that cannot be carried out --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("place", "options", "told"),
    [
        ("Lieden", {}, "did you mean Leiden"),
        ("Urk", {"size": 0}, "-p is a number of residents"),
        ("Urk", {"seed": -1}, "-s is a whole number"),
        ("Urk", {"to_date": date(2019, 1, 1)}, "--to is a day after"),
        ("Urk", {"size": 10, "modules": ("wmo/houshold_help",)}, "did you mean 'wmo/household_help'"),
    ],
)
def test_a_model_that_cannot_be_built_says_what_a_run_says(place: str, options: dict, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        abmsim.TownModel(place, **options)
