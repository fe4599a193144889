"""Collects the words and numbers of a program while it is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from abmsim.lang.layout import STATE_WIDTH, STATES


class Assembler:
    """Growing tables; `add` appends words and returns their place."""

    def __init__(self, state_count: int) -> None:
        self.words: list[int] = [0] * (STATES + state_count * STATE_WIDTH)
        self.numbers: list[float] = [0.0]
        self._constants: dict[float, int] = {}
        self._lists: dict[tuple[int, ...], int] = {}

    def add(self, words: Iterable[int]) -> int:
        """Appends words; returns the place of the first."""
        place = len(self.words)
        self.words.extend(words)
        return place

    def add_list(self, items: Sequence[int]) -> int:
        """A counted list, kept once; an empty one has place 0."""
        if not items:
            return 0
        key = tuple(items)
        if key not in self._lists:
            self._lists[key] = self.add([len(items), *items])
        return self._lists[key]

    def constant(self, value: float) -> int:
        """Index of a constant in `numbers`, kept once."""
        value = float(value)
        if value not in self._constants:
            self._constants[value] = len(self.numbers)
            self.numbers.append(value)
        return self._constants[value]

    def add_numbers(self, values: Iterable[float]) -> int:
        """Appends numbers; returns the index of the first."""
        first = len(self.numbers)
        self.numbers.extend(values)
        return first

    def set_state(self, state: int, field: int, value: int) -> None:
        """Fills one field of a state."""
        self.words[STATES + state * STATE_WIDTH + field] = value
