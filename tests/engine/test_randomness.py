"""Draws: published vectors, so that a change of the mix cannot go unseen, and quality as far as n can tell."""

from __future__ import annotations

import math

import numpy as np
import pytest

from abmsim import randomness
from abmsim.engine import draws

N = 200_000

VECTORS = [
    # key, word, mix(key, word), uniform(mix(key, word))
    (0x0, 0x0, 0xe220a8397b1dcdaf, "0x1.c4415072f63bap-1"),
    (0x1, 0x0, 0xbfef8030ddc2d772, "0x1.7fdf0061bb85ap-1"),
    (0x0, 0x1, 0xa706dd2f4d197e6f, "0x1.4e0dba5e9a330p-1"),
    (0x2a, 0x7, 0x9e453c9ec0d6f4df, "0x1.3c8a793d81adep-1"),
    (0xffffffffffffffff, 0xffffffffffffffff, 0x5dc20aa7b2a27137, "0x1.77082a9eca89dp-2"),
    (0x9e3779b97f4a7c15, 0x10000000000, 0x917251115cb7c8d2, "0x1.22e4a222b96fap-1"),
    (0x75bcd15, 0x30000020010, 0x1915a5a5f6132c34, "0x1.915a5a5f6132cp-4"),
]


@pytest.mark.parametrize(("key", "word", "mixed", "u"), VECTORS)
def test_the_mix_is_the_published_one(key: int, word: int, mixed: int, u: str) -> None:
    found = randomness.mix(np.array([key], dtype=np.uint64), np.array([word], dtype=np.uint64))
    assert int(found[0]) == mixed
    assert float(randomness.uniform(found)[0]).hex() == u


@pytest.mark.parametrize(("name", "key"), [("wmo/household_help:report", 0xc258b93e17e6952d), ("", 0xb4b2797457a0a6e4)])
def test_names_have_the_published_keys(name: str, key: int) -> None:
    assert int(randomness.name_key(name)) == key


LOGARITHMS = [
    (1.0, "0x0.0p+0"),
    (0.5, "-0x1.62e42fefa39efp-1"),
    (2.0, "0x1.62e42fefa39efp-1"),
    (0.1, "-0x1.26bb1bbb55515p+1"),
    (1e-16, "-0x1.26bb1bbb55516p+5"),
    (0.7071067811865476, "-0x1.62e42fefa39eep-2"),
    (0.999999999, "-0x1.12e0be024e4bcp-30"),
    (3.141592653589793, "0x1.250d048e7a1bdp+0"),
]


@pytest.mark.parametrize(("x", "log"), LOGARITHMS)
def test_the_logarithm_is_the_published_one(x: float, log: str) -> None:
    assert randomness.portable_log(x).hex() == log


def test_logarithm_and_exponential_are_right_and_those_of_the_kernel() -> None:
    assert draws.log.py_func is randomness.portable_log
    assert draws.mix.py_func is randomness.mix
    for x in randomness.uniform(randomness.keys(3, np.arange(500))).tolist():
        assert math.isclose(randomness.portable_log(x), math.log(x), rel_tol=1e-15, abs_tol=1e-16)
        assert math.isclose(randomness.portable_exp(x), math.exp(x), rel_tol=2e-15)


def sequences() -> dict[str, np.ndarray]:
    """Draws along each part of the address while the others stand still: the parts count from 0, as in a run."""
    zero, n = np.zeros(N, dtype=np.uint64), np.arange(N, dtype=np.uint64)
    person = np.full(N, randomness.name_key("a person"), dtype=np.uint64)
    parts = {
        "seeds": (randomness.mix(randomness.keys(int(randomness.name_key("abmsim")), n), person), zero),
        "persons": (randomness.keys(42, n), zero),
        "episodes": (person, n << np.uint64(40)),
        "visits": (person, n << np.uint64(16)),
        "slots": (person, n),
    }
    return {name: randomness.uniform(randomness.mix(key, word)) for name, (key, word) in parts.items()}


@pytest.mark.parametrize("along", ["seeds", "persons", "visits", "episodes", "slots"])
def test_draws_are_uniform_and_do_not_know_their_neighbours(along: str) -> None:
    u = sequences()[along]
    bins = 1000
    counts = np.bincount((u * bins).astype(int), minlength=bins)
    chi_square = ((counts - N / bins) ** 2 / (N / bins)).sum()
    assert abs(chi_square - (bins - 1)) < 5 * np.sqrt(2 * (bins - 1))
    for lag in (1, 2, 7, 64):
        correlation = np.corrcoef(u[:-lag], u[lag:])[0, 1]
        assert abs(correlation) < 5 / np.sqrt(N - lag)
    pairs = np.bincount((u[:-1] * 30).astype(int) * 30 + (u[1:] * 30).astype(int), minlength=900)
    expected = (N - 1) / 900
    assert abs(((pairs - expected) ** 2 / expected).sum() - 899) < 5 * np.sqrt(2 * 899)


def test_one_bit_of_the_address_changes_half_of_the_key() -> None:
    keys = randomness.keys(1, np.arange(2000))
    words = np.full(len(keys), 5, dtype=np.uint64)
    mixed = randomness.mix(keys, words)
    for bit in range(64):
        flip = np.uint64(1 << bit)
        for other in (randomness.mix(keys ^ flip, words), randomness.mix(keys, words ^ flip)):
            changed = [int(key).bit_count() for key in (other ^ mixed)]
            assert abs(np.mean(changed) - 32) < 5 * 4 / np.sqrt(len(keys))


def test_normal_quantiles_come_from_the_normal_distribution() -> None:
    for z, u in ((0.0, 0.5), (1.0, 0.8413447460685429), (-1.959963984540054, 0.025), (3.0, 0.9986501019683699),
                 (-4.0, 3.167124183311992e-05)):  # fmt: skip
        assert math.isclose(randomness.normal_quantile(u), z, rel_tol=2e-9, abs_tol=1e-9)
