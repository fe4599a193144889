"""Messages from residents to others or to institutions: sent during a month, sorted and read after its barrier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class Messages:
    """k messages: `target` int64[k], the row of a resident or the index of an institution; `source` uint64[k], the key
    of the resident who sends; `amount` int64[k]."""

    target: np.ndarray
    source: np.ndarray
    amount: np.ndarray

    @classmethod
    def of(cls, target: np.ndarray, source: np.ndarray, amount: np.ndarray | int = 1) -> Messages:
        """Messages with these columns; one amount serves all."""
        n = len(target)
        amounts = np.broadcast_to(np.asarray(amount, dtype=np.int64), n)
        return cls(np.asarray(target, dtype=np.int64), np.asarray(source, dtype=np.uint64), amounts)

    @classmethod
    def none(cls) -> Messages:
        return cls.of(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64))

    @classmethod
    def together(cls, parts: Iterable[Messages]) -> Messages:
        """All messages of several parts (those of blocks, of institutions), sorted."""
        given = [cls.none(), *parts]
        columns = (np.concatenate([getattr(part, name) for part in given]) for name in ("target", "source", "amount"))
        return cls(*columns).sorted()

    def __len__(self) -> int:
        return len(self.target)

    def sorted(self) -> Messages:
        """In order of target, source and amount: who sent first, or from which block, makes no difference."""
        order = np.lexsort((self.amount, self.source, self.target))
        return Messages(self.target[order], self.source[order], self.amount[order])

    def where(self, kept: np.ndarray) -> Messages:
        """Those for which `kept` is true."""
        return Messages(self.target[kept], self.source[kept], self.amount[kept])

    def tally(self, n: int) -> np.ndarray:
        """int64[n]: the sum of the amounts sent to each of n targets."""
        total = np.zeros(n, dtype=np.int64)
        np.add.at(total, self.target, self.amount)
        return total

    def before_in_target(self) -> np.ndarray:
        """int64[k], of sorted messages: the sum of the amounts that come before each in its target."""
        before = np.cumsum(self.amount) - self.amount
        return before - before[np.searchsorted(self.target, self.target)] if len(self) else before

    def counts(self, n: int) -> np.ndarray:
        """int64[n]: how many messages were sent to each of n targets."""
        return np.bincount(self.target, minlength=n).astype(np.int64)


@dataclass(slots=True)
class Mail:
    """Two buffers: what is sent goes into one, what is read lies in the other; `deliver` at the barrier turns them."""

    received: Messages = field(default_factory=Messages.none)
    _sent: list[Messages] = field(default_factory=list)

    def send(self, messages: Messages) -> None:
        """Sends messages, which nobody sees before the next barrier."""
        self._sent.append(messages)

    def deliver(self) -> Messages:
        """The barrier: what was sent since the last one can be read from now on, sorted; what was read is gone."""
        self.received = Messages.together(self._sent)
        self._sent = []
        return self.received
