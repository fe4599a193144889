"""What blocks name, against the statistics and each other: cells, brackets, published figures that can be counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from abmsim.calibrate.block import Block, Figure, Unknown, solved_name
from abmsim.calibrate.reading import WRONG_BRACKET, WRONG_RUN, read_blocks
from abmsim.loading import municipality_codes
from abmsim.paths import PUBLIC_STATS, module_files, shown
from abmsim.problems import Problem, ProblemsFound, UsageError, suggestion
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.cells import cuts, meant
from abmsim.stats.table import Table, bounds
from abmsim.validate.measures import MEASURES
from abmsim.validate.questions import SHARES, is_of_places, questions

NO_STATISTIC, NO_DIMENSION, NO_CELLS, CUT_LABEL, NO_FIGURES = "C211", "C212", "C213", "C214", "C215"
NO_TARGET, NOT_COUNTED, NO_LABEL, HELD_BACK, NOTHING_PUBLISHED = "C221", "C222", "C223", "C224", "C225"
SAME_CELLS, SAME_FIGURE, TWO_BLOCKS, NO_MODULE = "C231", "C232", "C233", "C234"
NO_PLACE, OTHER_PLACE = "C205", "C226"


def load_blocks(catalogue: Catalogue, names: Sequence[str] = ()) -> list[Block]:
    """The blocks of these names (all if none is given), with the published figure of each target.

    Raises ProblemsFound with everything that is wrong in any block, UsageError for a name that no block has.
    """
    blocks, problems = checked_blocks(catalogue)
    if problems:
        raise ProblemsFound(problems)
    known = [block.name for block in blocks]
    for name in names:
        if name not in known:
            raise UsageError(f"there is no block '{name}' ({suggestion(name, known, 'blocks')})")
    return [block for block in blocks if not names or block.name in names]


def checked_blocks(catalogue: Catalogue) -> tuple[list[Block], list[Problem]]:
    """All blocks with the published figures of their targets, and all problems."""
    read, problems = read_blocks()
    blocks = []
    for block in read:
        problems += _check_modules(block)
        places, wrong = _places(catalogue, block)
        problems += wrong
        unknowns = []
        for unknown in block.unknowns:
            found = list(_check_cells(catalogue, block, unknown))
            figure, wrong = _published(catalogue, block, unknown, places)
            problems += found + wrong
            unknowns.append(replace(unknown, figure=figure))
        blocks.append(replace(block, unknowns=tuple(unknowns)))
    problems += _check_together(catalogue, blocks)
    return blocks, sorted(set(problems))


def modules_of(block: Block) -> list[str]:
    """The names of the modules of the block's run; a name that ends with / stands for a folder."""
    known = list(module_files())
    return [name for name in known if any(name == one or one.endswith("/") and name.startswith(one)
                                          for one in block.modules)]  # fmt: skip


def _places(catalogue: Catalogue, block: Block) -> tuple[tuple[str, ...], list[Problem]]:
    """The codes of the municipalities of the block's run."""
    from abmsim.population.places import find
    from abmsim.project.regions import own_regions

    try:
        found = find(block.run.place, catalogue, own_regions(catalogue))
    except UsageError as error:
        return (), [_problem(block, None, NO_PLACE, str(error))]
    return tuple(place.code for place in found.places), []


def _problem(block: Block, unknown: Unknown | None, code: str, text: str, hint: str = "") -> Problem:
    line, column = (unknown.line, unknown.column) if unknown else (1, 1)
    return Problem(shown(block.file), line, column, code, text, hint)


def _check_modules(block: Block) -> Iterator[Problem]:
    known = list(module_files())
    for wanted in block.modules:
        if not any(name == wanted or wanted.endswith("/") and name.startswith(wanted) for name in known):
            hint = suggestion(wanted, known, "modules")
            yield _problem(block, None, NO_MODULE, f"there is no module '{wanted}'", hint)
    if not block.modules:
        yield _problem(block, None, WRONG_RUN, "the run has no modules", "write `modules: [lifecourse/, wmo/]`")


# --- what is solved --------------------------------------------------------------------------------------------------
def _check_cells(catalogue: Catalogue, block: Block, unknown: Unknown) -> Iterator[Problem]:
    """The cells are there, and stay figures of their unit over the whole bracket."""
    name = unknown.statistic
    if name not in catalogue.cards or catalogue.card(name).part is not None:
        whole = [other for other, card in catalogue.cards.items() if card.part is None]
        hint = suggestion(name, whole, "statistics")
        if name in catalogue.cards:
            hint = f"say {catalogue.card(name).file.stem} and `where` for the part"
        yield _problem(block, unknown, NO_STATISTIC, f"there is no statistic '{name}' of its own", hint)
        return
    card = catalogue.card(name)
    if not card.values or (card.split and card.split[0] == "values"):
        yield _problem(block, unknown, NO_FIGURES, f"'{name}' is no table of figures in one column")
        return
    if card.solved is not None:
        hint = f"name {card.sources[0]}, from which it is solved"
        yield _problem(block, unknown, NO_FIGURES, f"'{name}' is itself solved", hint)
        return
    table = catalogue.table(name)
    wrong = list(_wrong_where(block, unknown, table))
    cells = [] if wrong else meant(unknown.where, table.by, table.cells)
    if not wrong and not any(table.cells[cell] for cell in cells) and not unknown.is_level:
        wrong.append(_problem(block, unknown, NO_CELLS, f"no cell of '{name}' is meant, or all of them are 0"))
    yield from wrong
    if not wrong:
        yield from _wrong_bracket(block, unknown, table, cells)


def _wrong_where(block: Block, unknown: Unknown, table: Table) -> Iterator[Problem]:
    for name, wanted in unknown.where.items():
        if name not in table.by:
            hint = suggestion(name, table.by, "dimensions")
            yield _problem(block, unknown, NO_DIMENSION, f"'{unknown.statistic}' has no dimension '{name}'", hint)
            continue
        labels = table.labels[name]
        for label in wanted:
            cut = [other for other in labels if cuts(label, other)]
            if cut:
                text = f"{name} {label} has a part of the label {cut[0]} of '{unknown.statistic}'"
                yield _problem(block, unknown, CUT_LABEL, text, "take all of it or leave it out")
            elif not meant({name: (label,)}, (name,), [(other,) for other in labels]):
                text = f"'{unknown.statistic}' has no {name} {label}"
                yield _problem(block, unknown, NO_CELLS, text, suggestion(label, labels, "labels"))


def _wrong_bracket(
    block: Block, unknown: Unknown, table: Table, cells: Sequence[tuple[str, ...]]
) -> Iterator[Problem]:
    least, most = bounds(table.card.unit)
    low, high = unknown.between
    if unknown.is_level:
        if not least <= low < high <= most:
            text = f"{low:g} to {high:g} cannot be figures in {table.card.unit}"
            yield _problem(block, unknown, WRONG_BRACKET, text)
        return
    largest = max(table.cells[cell] for cell in cells)
    if largest * high > most:
        text = f"{high:g} times the largest of the cells is {largest * high:.3g}, which is no {table.card.unit}"
        yield _problem(block, unknown, WRONG_BRACKET, text, f"end the bracket at {most / largest:.4g} or before")


# --- what it is solved for -------------------------------------------------------------------------------------------
def _published(
    catalogue: Catalogue, block: Block, unknown: Unknown, places: tuple[str, ...]
) -> tuple[Figure, list[Problem]]:
    """The target with what was published, and what is wrong with it."""
    figure = unknown.figure
    name = figure.statistic

    def wrong(code: str, text: str, hint: str = "") -> tuple[Figure, list[Problem]]:
        return figure, [_problem(block, unknown, code, text, hint)]

    targets = [other for other, card in catalogue.cards.items() if card.target is not None]
    if name not in targets:
        return wrong(NO_TARGET, f"there is no target '{name}'", suggestion(name, targets, "targets"))
    card = catalogue.card(name)
    assert card.target is not None
    if card.target.role == "held_back":
        hint = "solve for another figure, or say `role: target` in its card"
        return wrong(HELD_BACK, f"'{name}' is held back: it judges the model and is not solved for", hint)
    if card.target.module not in modules_of(block):
        text = f"'{name}' is counted in the records of {card.target.module}"
        return wrong(NO_MODULE, text, "add it to the run's modules")
    is_national = card.file.is_relative_to(PUBLIC_STATS) and not is_of_places(card)
    if places and is_national and len(places) < len(municipality_codes(catalogue)):
        text = f"'{name}' is of the Netherlands, and the run of {block.run.place}"
        return wrong(OTHER_PLACE, text, "say `place: Nederland`, or give a card with figures of that place")
    labelled = published_figures(catalogue, name, places)
    if labelled is None:
        return wrong(NOT_COUNTED, f"'{name}' is not compared in the unit of its table", "solve for another figure")
    for label in figure.labels:
        if label not in labelled:
            return wrong(NO_LABEL, f"'{name}' has no figure '{label}'", suggestion(label, labelled, "figures"))
    if len(figure.labels) > 1 and card.unit in SHARES:
        return wrong(NO_LABEL, f"shares cannot be added up, and '{name}' is in {card.unit}", "name one label")
    published = sum(labelled[label] for label in figure.labels)
    if published <= 0:
        return wrong(NOTHING_PUBLISHED, f"the published figure of {figure.shown} is 0", "no factor leads there")
    return replace(figure, published=published), []


def published_figures(catalogue: Catalogue, name: str, places: tuple[str, ...]) -> dict[str, float] | None:
    """label -> published figure of a target; None if a run is held against something else than the table has.

    Figures by municipality are those of the places together.
    """
    card, table = catalogue.card(name), catalogue.table(name)
    assert card.target is not None
    if card.target.counts is not None:
        return {question.label: question.published for question in questions(card, table, places)}
    if MEASURES[card.target.measure].unit not in ("", card.unit):
        return None
    return {" ".join(cell).replace("_", " "): value for cell, value in table.cells.items()}


# --- blocks and unknowns beside each other ---------------------------------------------------------------------------
def _check_together(catalogue: Catalogue, blocks: Sequence[Block]) -> Iterator[Problem]:
    unknowns = [(block, unknown) for block in blocks for unknown in block.unknowns]
    cells: dict[tuple[str, frozenset[tuple[str, ...]]], Unknown] = {}
    figures: dict[Figure, Unknown] = {}
    solved_by: dict[str, Block] = {}
    for block, unknown in unknowns:
        first_block = solved_by.setdefault(unknown.statistic, block)
        if first_block is not block:
            text = f"'{unknown.statistic}' is solved in the block {first_block.name} too"
            yield _problem(block, unknown, TWO_BLOCKS, text, "solve all cells of a statistic in one block")
        first = figures.setdefault(unknown.figure, unknown)
        if first is not unknown:
            text = f"{first.name} and {unknown.name} are both solved for {unknown.figure.shown}"
            yield _problem(block, unknown, SAME_FIGURE, text, "one figure gives one unknown")
        if unknown.statistic not in catalogue.cards:
            continue
        table = catalogue.table(unknown.statistic) if catalogue.card(unknown.statistic).values else None
        key = (unknown.statistic, frozenset(meant(unknown.where, table.by, table.cells)) if table and set(
            unknown.where) <= set(table.by) else frozenset([(unknown.name,)]))  # fmt: skip
        first = cells.setdefault(key, unknown)
        if first is not unknown:
            text = (
                f"{first.name} and {unknown.name} solve the same cells ({unknown.cells}) for two figures:"
                f" {first.figure.shown} ({first.figure.published:g}) and {unknown.figure.shown}"
                f" ({unknown.figure.published:g})"
            )
            yield _problem(block, unknown, SAME_CELLS, text, "one unknown meets one figure: hold one of the two back")


def derived_statistics(blocks: Sequence[Block]) -> list[str]:
    """The names of what the blocks give."""
    return [solved_name(name) for block in blocks for name in block.statistics]
