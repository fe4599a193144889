"""Messages at the barrier: neither the order of sending nor the blocks of the senders decide anything."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from abmsim.engine.messages import Mail, Messages

_TARGETS = 5

_LETTER = some.tuples(some.integers(0, _TARGETS - 1), some.integers(0, 2**64 - 1), some.integers(-(2**40), 2**40))
_LETTERS = some.lists(_LETTER, max_size=40)


def messages(letters: list[tuple[int, int, int]]) -> Messages:
    target, source, amount = zip(*letters, strict=True) if letters else ((), (), ())
    return Messages.of(np.array(target, np.int64), np.array(source, np.uint64), np.array(amount, np.int64))


def same(one: Messages, other: Messages) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("target", "source", "amount"))


@settings(max_examples=100, deadline=None)
@given(_LETTERS, some.randoms(use_true_random=False))
def test_the_order_of_sending_decides_nothing(letters, chance) -> None:
    other = list(letters)
    chance.shuffle(other)
    assert same(messages(letters).sorted(), messages(other).sorted())
    assert np.array_equal(messages(letters).tally(_TARGETS), messages(other).tally(_TARGETS))


@settings(max_examples=100, deadline=None)
@given(_LETTERS, some.lists(some.integers(0, 40), max_size=4))
def test_the_blocks_of_the_senders_decide_nothing(letters, cuts) -> None:
    bounds = [0, *sorted(min(cut, len(letters)) for cut in cuts), len(letters)]
    parts = [messages(letters[begin:end]) for begin, end in zip(bounds, bounds[1:], strict=False)]
    assert same(Messages.together(parts), messages(letters).sorted())
    assert same(Messages.together(reversed(parts)), messages(letters).sorted())


@settings(max_examples=100, deadline=None)
@given(_LETTERS)
def test_sorted_by_target_then_source_and_sums_are_exact(letters) -> None:
    found = messages(letters).sorted()
    assert list(zip(found.target, found.source, found.amount, strict=True)) == sorted(letters)
    for target in range(_TARGETS):
        amounts = [amount for to, _, amount in letters if to == target]
        assert messages(letters).tally(_TARGETS)[target] == sum(amounts)
        assert messages(letters).counts(_TARGETS)[target] == len(amounts)


def test_what_is_sent_in_a_month_is_read_after_its_barrier() -> None:
    mail = Mail()
    mail.send(messages([(1, 7, 10)]))
    assert len(mail.received) == 0
    mail.send(messages([(0, 9, 3)]))
    assert mail.deliver().target.tolist() == [0, 1]
    mail.send(messages([(4, 4, 4)]))
    assert mail.received.source.tolist() == [9, 7]
    assert mail.deliver().source.tolist() == [4]
    assert len(mail.deliver()) == 0
