"""One resident's story: what happened when, in plain words, each line with its why."""

from abmsim.life.rows import Row, open_run, open_tables, read_rows
from abmsim.life.telling import Life, Moment, life_of, lives_in
from abmsim.life.words import came_and_left, sentence

__all__ = [
    "Life", "Moment", "Row", "came_and_left", "life_of", "lives_in", "open_run", "open_tables", "read_rows", "sentence",
]  # fmt: skip
