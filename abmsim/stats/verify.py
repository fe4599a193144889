"""Is every statistic what its card says: the hash, the figures, the way from the publisher's table to ours?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from abmsim.problems import Problem, ProblemsFound, suggestion
from abmsim.stats.card import Card
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.validity import validity_problems


def file_hash(path: Path) -> str:
    """SHA-256 of a file with line ends as `\\n`, so that a checkout on Windows has the same hash."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def verify(catalogue: Catalogue, recipes: Iterable[str] = ()) -> list[Problem]:
    """All problems of all statistics; `recipes`: the names that a derived card may give."""
    problems: list[Problem] = []
    for card in catalogue.cards.values():
        if card.part is None:
            problems += _check_hash(card) + _check_way(catalogue, card, list(recipes))
        problems += _check_figures(catalogue, card)
    return sorted(set(problems))


def _check_hash(card: Card) -> list[Problem]:
    if not card.csv.is_file() or file_hash(card.csv) == card.sha256:
        return []
    text = f"{card.csv.name} is not the file that this card describes"
    return [card.problem("sha256", "S130", text, f"undo the change, or say sha256: {file_hash(card.csv)}")]


def _check_way(catalogue: Catalogue, card: Card, recipes: list[str]) -> list[Problem]:
    unknown = [name for name in card.sources if name not in catalogue.cards]
    problems = [
        card.problem("derived", "S131", f"there is no statistic '{name}'", suggestion(name, catalogue.cards))
        for name in unknown
    ]
    if recipes and card.recipe and card.recipe not in recipes:
        problems.append(
            card.problem("derived", "S132", f"there is no recipe '{card.recipe}'", suggestion(card.recipe, recipes))
        )
    return problems


def _check_figures(catalogue: Catalogue, card: Card) -> list[Problem]:
    try:
        if card.values:
            catalogue.table(card.name)
        else:
            catalogue.rows(card.name)
        return list(validity_problems(catalogue, card))
    except ProblemsFound as found:
        return list(found.problems)
