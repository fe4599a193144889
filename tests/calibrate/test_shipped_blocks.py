"""The blocks of the package: sound, solved, read by the modules, and not fitted to everything that is published."""

from __future__ import annotations

import pytest

from abmsim.calibrate.block import solved_name
from abmsim.calibrate.calibration import whole_of
from abmsim.calibrate.checking import load_blocks, modules_of
from abmsim.loading import load_catalogue, load_modules, municipality_codes
from abmsim.paths import PUBLIC_STATS
from abmsim.schema.schema import load_schema

CATALOGUE = load_catalogue()
BLOCKS = load_blocks(CATALOGUE)
SOLVED = [(block, statistic) for block in BLOCKS for statistic in block.statistics]
IDS = [statistic for _, statistic in SOLVED]


@pytest.fixture(scope="module")
def read_by_modules() -> set[str]:
    from abmsim.lang.compile import compile_modules

    modules = load_modules(CATALOGUE).modules
    program = compile_modules(modules, CATALOGUE.afresh(), load_schema(), tuple(municipality_codes(CATALOGUE)))
    return {whole_of(CATALOGUE, name) for name in program.statistics}


@pytest.mark.parametrize(("block", "statistic"), SOLVED, ids=IDS)
def test_a_solved_statistic_says_what_was_solved(block, statistic):
    card = CATALOGUE.card(solved_name(statistic))
    assert card.solved is not None and card.file.parent.name == "derived"
    assert card.solved.block == block.name and card.sources[0] == statistic
    named = {unknown.name: unknown for unknown in block.unknowns if unknown.statistic == statistic}
    assert {unknown.name for unknown in card.solved.unknowns} == set(named)
    for unknown in card.solved.unknowns:
        low, high = named[unknown.name].between
        assert low < unknown.value < high
        noise = unknown.error / unknown.published / 2
        assert abs(unknown.residual) <= max(unknown.tolerance, noise) * 1.01


@pytest.mark.parametrize(("block", "statistic"), SOLVED, ids=IDS)
def test_the_solved_figures_are_the_source_with_its_factors(block, statistic):
    source, found = CATALOGUE.table(statistic), CATALOGUE.table(solved_name(statistic))
    solved = CATALOGUE.card(solved_name(statistic)).solved
    assert solved is not None and found.labels == source.labels
    factors = {unknown.value for unknown in solved.unknowns} | {1.0}
    ratios = {found.cells[cell] / value for cell, value in source.cells.items() if value}
    assert all(min(abs(ratio / factor - 1) for factor in factors) < 1e-5 for ratio in ratios)
    assert all(any(abs(ratio / unknown.value - 1) < 1e-5 for ratio in ratios) for unknown in solved.unknowns)


@pytest.mark.parametrize(("block", "statistic"), SOLVED, ids=IDS)
def test_the_modules_read_what_was_solved_and_no_longer_its_source(block, statistic, read_by_modules):
    assert solved_name(statistic) in read_by_modules
    assert statistic not in read_by_modules


def test_nothing_solved_is_left_of_blocks_that_are_gone():
    there = {file.stem for file in (PUBLIC_STATS / "derived").glob("*.yaml")}
    assert there == {solved_name(statistic) for _, statistic in SOLVED}


@pytest.mark.parametrize("prefix", ["wmo/", "youth/", "lifecourse/"])
def test_at_least_a_quarter_of_the_figures_is_not_fitted(prefix):
    """Of the cards that count the records of these modules, one label of the fitted ones each being a figure."""
    fitted = {(unknown.figure.statistic, label) for block in BLOCKS for unknown in block.unknowns
              for label in unknown.figure.labels}  # fmt: skip
    targets = [card for card in CATALOGUE.cards.values() if card.target and card.target.module.startswith(prefix)]
    figures = sum(len(CATALOGUE.table(card.name).cells) for card in targets)
    used = sum(CATALOGUE.card(name).target.module.startswith(prefix) for name, _ in fitted)  # type: ignore[union-attr]
    assert figures - used >= figures / 4
    assert any(card.target.role == "held_back" for card in targets if card.target)


@pytest.mark.parametrize("block", BLOCKS, ids=[block.name for block in BLOCKS])
def test_a_fitted_target_says_so(block):
    for unknown in block.unknowns:
        target = CATALOGUE.card(unknown.figure.statistic).target
        assert target is not None and target.role == "target" and target.module in modules_of(block)
