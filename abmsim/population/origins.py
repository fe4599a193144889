"""Where a resident or a parent of theirs was born, in the classes that CBS publishes per municipality for 2020."""

from __future__ import annotations

from abmsim.vocabulary import ORIGINS

__all__ = ["ORIGINS"]
