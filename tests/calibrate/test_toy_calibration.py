"""A small calibration really done: the truth comes back, its result is used, goes stale, and is never half written."""

from __future__ import annotations

import json

import pytest

from abmsim.calibrate.checking import load_blocks
from abmsim.calibrate.rerun import Rerun
from abmsim.loading import load_catalogue, load_modules
from abmsim.stats.derive import RECIPE_NAMES, made
from abmsim.stats.verify import verify

TRUTH = {"younger": 1.6, "older": 0.7}


@pytest.fixture
def known_truth(toy_project):
    """The toy project, whose target is what a run with other rates really counts; and its block, reread."""
    toy_project.rate(0.5 * TRUTH["younger"], 0.8 * TRUTH["older"])
    catalogue = load_catalogue()
    (block,) = [block for block in load_blocks(catalogue) if block.name == "toy"]
    modules = [module for module in load_modules(catalogue).modules if module.name == "toy/help"]
    rerun = Rerun(block.run, modules, lambda stage, done, of: None)
    counted = rerun.count(catalogue, [unknown.figure for unknown in block.unknowns])
    toy_project.rate(0.5, 0.8)
    toy_project.target(*(figure.value for figure in counted))
    return toy_project


def test_the_truth_comes_back_is_written_used_and_goes_stale(known_truth, told):
    assert told("toy", "--check")[0] == 1

    code, out, _ = told("toy", "--json")
    found = json.loads(out)
    assert code == 0 and found["converged"] and found["written"]
    (group,) = found["groups"]
    for unknown in group["unknowns"]:
        assert unknown["solved"] == pytest.approx(TRUTH[unknown["unknown"]], rel=0.12)
        assert unknown["start"] == 1 and unknown["met"]

    catalogue = load_catalogue()
    card = catalogue.card("toy_rate_solved")
    assert card.solved is not None and card.solved.block == "toy" and card.solved.runs == group["runs"]
    assert [each.residual for each in card.solved.unknowns] == pytest.approx(
        [unknown["residual"] for unknown in group["unknowns"]], abs=1e-4
    )
    assert made(catalogue, card) == card.csv.read_text(encoding="utf-8")
    assert not [problem for problem in verify(catalogue, RECIPE_NAMES) if "toy" in problem.file]

    assert told("toy", "--check")[0] == 0
    module = known_truth.folder / "modules" / "toy" / "help.yaml"
    module.write_text(module.read_text().replace("stats.toy_rate,", "stats.toy_rate_solved,"), encoding="utf-8")
    known_truth.rate(0.5, 0.9)
    code, out, _ = told("toy", "--check")
    assert code == 1
    assert "  the module toy/help changed" in out and "  the statistic toy_rate changed" in out

    known_truth.rate(0.5, 0.8)
    code, out, _ = told("toy", "--json", "--dry-run")
    again = json.loads(out)
    assert code == 0 and not again["written"]
    assert again["groups"][0]["runs"] == 1, "what was solved is where the next search begins"


def test_what_cannot_be_met_is_told_and_overwrites_nothing(toy_project, told):
    toy_project.target(250, 5000)
    toy_project.derived.mkdir()
    before = toy_project.derived / "toy_rate_solved.csv"
    before.write_text("as it was", encoding="utf-8")
    code, out, err = told("toy")
    assert code == 1
    assert before.read_text() == "as it was" and len(list(toy_project.derived.iterdir())) == 1
    assert "not met" in out
    said = err.splitlines()[-1]
    assert "nothing was written" in said and "toy_starts 2020 65-120 is -" in said
    assert "older at 5, an end of its bracket 0.2 to 5" in said
    assert "Traceback" not in err


def test_a_rate_that_no_module_reads_is_told(toy_project, told):
    module = toy_project.folder / "modules" / "toy" / "help.yaml"
    text = module.read_text().replace("hazard: stats.toy_rate", "hazard: {is: 0.5, source: a toy}")
    module.write_text(text, encoding="utf-8")
    code, _, err = told("toy")
    assert code == 1 and "no module of the block toy reads toy_rate or toy_rate_solved" in err


def test_a_handful_of_residents_solves_nothing(toy_project, told):
    code, _, err = told("toy", "--residents", "20")
    assert code == 1 and "too few persons to solve" in err and not toy_project.derived.exists()
