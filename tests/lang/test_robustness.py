"""Nothing that a file can hold makes the reader, the expressions or the checker fail, hang or fill the memory."""

from __future__ import annotations

import random
import string
import time
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abmsim.expressions import parse
from abmsim.lang.check import check_modules
from abmsim.lang.codes import CODES
from abmsim.lang.read import read_module
from abmsim.paths import MODULES, PUBLIC_STATS, module_paths
from abmsim.problems import ProblemsFound
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import Catalogue, load
from abmsim.yamlfile import parse_yaml

SHIPPED = [path.read_text(encoding="utf-8") for path, _ in module_paths([MODULES])]
MANY, MOST_SECONDS, MOST_KILOBYTES = 10_000, 20, 1_000_000
HEAD = "module: wmo/example\nabout: x\nassume: {w: {is: 1 year, why: x}, s: {is: 0.4, why: x}}\n"
START = "attributes: {helped: {type: bool, about: x}}\nstart: s0\nstates:\n"
PIECES = [*"{}[]:,-&*!|>'\"#%@`?\n\t ", "- ", ": ", "  ", "é", "\x00", "\ud800", "0363", "no", "<<", "*a"]


@cache
def statistics() -> Catalogue:
    return load([PUBLIC_STATS])


def check_text(text: str, folder) -> None:
    """Read and check one file; only problems with known codes come of it."""
    path = folder / "example.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    schema = load_schema()
    module, problems = read_module(path, folder, schema.verbs)
    checked = check_modules([module] if module else [], statistics(), schema, ("GM0363",))
    assert all(problem.code in CODES for problem in (*problems, *checked.problems))


@given(st.text(alphabet=st.characters(codec=None), max_size=200) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_read_or_told(text: str) -> None:
    _, problems = parse_yaml(text, "file")
    assert all(problem.code in CODES for problem in problems)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9))
def test_a_shipped_module_with_pieces_changed_is_read_or_told(seed: int, tmp_path_factory) -> None:
    pen = random.Random(seed)
    text = pen.choice(SHIPPED)
    for _ in range(pen.randint(1, 6)):
        place = pen.randrange(len(text))
        text = text[:place] + pen.choice([*PIECES, *string.ascii_letters]) + text[place + pen.randint(0, 3) :]
    check_text(text, tmp_path_factory.mktemp("fuzz"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9))
def test_any_keys_in_any_order_are_read_or_told(seed: int, tmp_path_factory) -> None:
    """Trees of the language's own words, put together without sense."""
    pen = random.Random(seed)
    states = "".join(f"  s{number}: {tree(pen, 4)}\n" for number in range(pen.randint(1, 6)))
    check_text(HEAD + START + states, tmp_path_factory.mktemp("fuzz"))


WORDS = (
    "about silent final end set call with when hazard wait until schedule schedule_over term next is source why unit "
    "probability over rate times normal mean sd lognormal empirical uniform s0 s1 s2 rest else to wmo_request reporter "
    "helped assume.w assume.s stats.wmo_next_look parameter.x known(today) children.any.helped true false 0.3 -1 none"
).split()


def tree(pen: random.Random, depth: int) -> str:
    shape = pen.randrange(4) if depth else 3
    if shape == 0:
        return f"[{', '.join(tree(pen, depth - 1) for _ in range(pen.randint(0, 3)))}]"
    if shape < 3:
        return "{" + ", ".join(f"{pen.choice(WORDS)}: {tree(pen, depth - 1)}" for _ in range(pen.randint(0, 4))) + "}"
    return pen.choice([*WORDS, "age > 3", "2 weeks", "'x'", "''"])


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1000 + "age" + ")" * 1000, "not " * 900 + "helped", "-" * 1000 + "age", "age" + " + age" * 900,
        "1 if helped else " * 200 + "0", "min(age, " * 400 + "1" + ")" * 400, "age" + ".x" * 1900,
        "age < " * 600 + "age", "[" * 1000 + "]" * 1000, "x" * 100_000, "(" * 3999,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_an_expression_nested_deep_is_refused(text: str) -> None:
    try:
        parse(text, "file")
    except ProblemsFound as found:
        assert all(problem.code in CODES for problem in found.problems)
    else:
        assert text.startswith(("age <", "age.x"))  # long, but not deep


def test_nested_deep_is_told_as_such() -> None:
    for text in ("(" * 1000 + "age" + ")" * 1000, "not " * 900 + "helped", "-" * 1000 + "age"):
        with pytest.raises(ProblemsFound) as found:
            parse(text, "file")
        assert "nested too deep" in str(found.value)


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "- " * 100_000 + "x", "? " * 100_000 + "x", "{a: " * 5000,
             "\n".join(" " * depth + "a:" for depth in range(3000))],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_yaml_nested_deep_is_refused(text: str) -> None:
    """The parser in C would overrun its stack, which ends Python."""
    _, problems = parse_yaml(text, "file")
    assert [problem.text for problem in problems] == ["lists or maps are nested too deep"]


def test_a_yaml_bomb_is_refused() -> None:
    """Each line doubles the one before: written out, these would be a million million values."""
    lines = ["a0: &a0 [x, x]", *(f"a{number}: &a{number} [*a{number - 1}, *a{number - 1}]" for number in range(1, 40))]
    _, problems = parse_yaml("\n".join(lines), "file")
    assert problems[0].text == "what is anchored here is used again by an alias"
    assert len(problems) < 100


@pytest.mark.parametrize(
    "states",
    [
        [
            "{{wait: assume.w, next: s{next}}}",
            "{{wmo_request: {{reporter: self}}, wait: assume.w, next: s{next}}}",
        ],
        ["{{next: s{next}}}"],
        ["{{next: {{s{next}: assume.s, s0: rest}}}}"],
        ["{{when: age > {number}, next: s{next}}}", "{{when: helped, next: s{next}}}"],
        [
            "{{wait: assume.w, next: nowhere{number}}}",
            "{{when: unknown{number} > 3, next: s{next}}}",
            "{{hazzard{number}: assume.s, next: s{next}}}",
        ],
        ["{{next: {{s{next}: {{hazard: assume.s}}, s{previous}: {{when: helped}}}}}}"],
    ],
    ids=lambda states: states[0],
)
def test_ten_thousand_states(states: list[str], tmp_path) -> None:
    """Of one kind, or of some by turns; each leads to the next."""
    lines = [
        f"  s{number}: "
        + states[number % len(states)].format(number=number, next=(number + 1) % MANY, previous=max(number - 1, 0))
        + "\n"
        for number in range(MANY)
    ]
    begin, memory = time.process_time(), most_memory()
    check_text(HEAD + START + "".join(lines), tmp_path)
    assert time.process_time() - begin < MOST_SECONDS
    assert most_memory() - memory < MOST_KILOBYTES


def most_memory() -> int:
    """The most memory that this process has had, in kilobytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
