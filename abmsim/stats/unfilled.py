"""What a card or module that has just been made still has to say: places marked `fill in`, refused until they are."""

from __future__ import annotations

from abmsim.stats.card import COUNTING_RULES, UNITS

FILL_IN = "fill in"
"""What stands where only the author knows what to write."""

UNFILLED_CARD = "S112"

ASKED = {
    "title": "what the figures are, in a line",
    "publisher": "who published them, e.g. CBS",
    "table_id": "the publisher's name for the table, e.g. 71488ned; remove the line if it has none",
    "url": "where it can be read; remove the line if nowhere",
    "period": "e.g. 2020, or 1 January 2020",
    "unit": " | ".join(UNITS),
    "counting_rule": " | ".join(COUNTING_RULES),
    "licence": "e.g. CC BY 4.0",
    "verified": "seen (you read the figures in the publication) | assumption (with a why)",
    "why": "why these figures, and not others",
}
"""The keys of a card that only its author knows, with what belongs there."""


def what_to_fill_in(key: str) -> str:
    """The hint for a key of a card."""
    return ASKED.get(key, "write what belongs here")
