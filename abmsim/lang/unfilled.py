"""The places of a new module where only its author knows what to write: told until they are filled in."""

from __future__ import annotations

from abmsim.lang.codes import UNFILLED
from abmsim.stats.unfilled import FILL_IN
from abmsim.yamlfile import Node

_HINTS = {
    "about": "say what it is in a sentence or two",
    "why": "why this figure; or use a statistic: `abmsim stats new FILE.csv` makes its card",
}


def tell_unfilled(root: Node) -> None:
    """Adds a problem for each value of a module that still says `fill in`."""
    waiting = [("", root)]
    while waiting:
        key, node = waiting.pop()
        if node.text == FILL_IN and node.kind == "scalar":
            node.tell(UNFILLED, f"'{key}' is still to be filled in", _HINTS.get(key, "write what belongs here"))
        for name, value in node.entries:
            waiting.append((name.text, value))
        for item in node.items:
            waiting.append((key, item))
