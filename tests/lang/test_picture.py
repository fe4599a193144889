"""A module can be seen: every state and way in words, nothing over anything else, the same picture every time."""

from __future__ import annotations

import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path

import pytest

from abmsim.lang.module import Module
from abmsim.lang.picture import COUNT, PLAIN, SOURCE, TITLE, UNKNOWN_BOX, Line, Picture, picture, ways_back
from abmsim.lang.picture_layout import BOX_WIDTH, Layout, lay_out
from abmsim.lang.picture_mermaid import mermaid
from abmsim.lang.picture_svg import svg
from abmsim.lang.picture_text import text_block
from abmsim.lang.picture_words import Words
from abmsim.lang.read import read_module
from abmsim.paths import MODULES, PUBLIC_STATS, module_paths
from abmsim.problems import UserError
from abmsim.schema.schema import load_schema
from abmsim.stats.catalogue import load

HEAD = """\
module: wmo/example
about: An example.
assume:
  w: {is: 2-6 weeks, why: a guess}
  s: {is: 0.4, why: a guess}
  r: {is: 0.00002, why: a guess}
start: a
states:
"""
PHASE = """\
reported_{n}:
  about: The need of phase {n} is reported.
  wmo_request: {{reporter: {{self: assume.s, network: rest}}}}
  wait: assume.w
  term: {{is: 6 weeks, source: Wmo 2015 art. 2.3.2}}
  next: {{granted_{n}: assume.s, refused_{n}: rest}}
refused_{n}: {{end: {{wmo_request: withdrawn}}, wait: assume.w, next: a}}
granted_{n}:
  end: {{wmo_request: application}}
  until: {{done: {{wait: assume.w}}, moved: in_institution, stopped: {{hazard: assume.r}}}}
  next:
    done: {{{next}: assume.s, looked_at_{n}: rest}}
    moved: over
    stopped: stopped_{n}
looked_at_{n}:
  wait: assume.w
  next:
    - {{when: has_partner and partner.age >= 75, to: granted_{n}}}
    - {{when: age >= 90, to: {{reported_{before}: assume.s, stopped_{n}: rest}}}}
    - {{else: {next}}}
stopped_{n}: {{silent: true, wait: assume.w, next: a}}
"""


def module_of(folder: Path, states: str) -> Module:
    path = folder / "wmo" / "example.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD + textwrap.indent(textwrap.dedent(states), "  "), encoding="utf-8")
    module, problems = read_module(path, folder, load_schema().verbs)
    assert module is not None and not problems, problems
    return module


def drawn(folder: Path, states: str) -> Picture:
    module = module_of(folder, states)
    return picture(module, Words(module))


def large(phases: int) -> str:
    """A pathway of 5 states a phase and 2 more, with ways back, shares, conditions and ends that many lead to."""
    states = ["a: {silent: true, when: age >= 18, hazard: assume.r, next: reported_1}\n"]
    for n in range(1, phases + 1):
        following = f"reported_{n + 1}" if n < phases else "over"
        states.append(PHASE.format(n=n, next=following, before=max(n - 2, 1)))
    return "".join([*states, "over: {final: true}\n"])


def shipped() -> list[Module]:
    read = [read_module(path, root, load_schema().verbs)[0] for path, root in module_paths([MODULES])]
    return [module for module in read if module is not None]


def said(picture: Picture, state: str) -> list[str]:
    return [line.text for box in picture.boxes if box.name == state for line in box.lines]


def on_arrow(picture: Picture, source: str, target: str) -> list[str]:
    found = [arrow for arrow in picture.arrows if (arrow.source, arrow.target) == (source, target)]
    return [line.text for arrow in found for line in arrow.lines]


def overlaps(layout: Layout) -> list[str]:
    rooms = [(box.box.name, box.place) for box in layout.boxes]
    rooms += [
        (f"label of {placed.arrow.source} to {placed.arrow.target}", placed.label)
        for placed in layout.arrows
        if placed.label
    ]
    return [f"{one} and {other}" for (one, here), (other, there) in combinations(rooms, 2) if here.overlaps(there)]


def test_a_box_tells_what_entering_does_and_what_is_waited_for(tmp_path: Path) -> None:
    picture = drawn(
        tmp_path,
        """
        a:
          about: The need is reported.
          wmo_request: {reporter: {self: assume.s, network: rest}}
          wait: assume.w
          term: {is: 6 weeks, source: Wmo 2015 art. 2.3.2}
          next: b
        b:
          end: {wmo_request: application}
          until: {older: age >= 90, done: {hazard: assume.r, when: has_partner}}
          next: {older: c, done: c}
        c: {final: true}
        """,
    )
    assert said(picture, "a") == [
        "a",
        "The need is reported.",
        "writes wmo_request",
        "· reporter: self 40\N{NO-BREAK SPACE}%, network rest",
        "waits 2-6 weeks (assume.w)",
        "legal term 6 weeks (Wmo 2015 art. 2.3.2)",
    ]
    assert said(picture, "b") == [
        "b",
        "closes wmo_request: application",
        "until the first of",
        "· older: age >= 90",
        "· done: at a rate of 0.00002 (assume.r), while has_partner",
    ]


def test_an_arrow_tells_exit_condition_share_and_statistic(tmp_path: Path) -> None:
    picture = drawn(
        tmp_path,
        """
        a:
          until: {older: age >= 90, done: {wait: assume.w}}
          next: {older: {b: assume.s, c: rest}, done: [{when: has_partner, to: b}, {else: c}]}
        b: {wait: stats.some_weeks, next: {c: stats.some_share, a: rest}}
        c: {final: true}
        """,
    )
    assert on_arrow(picture, "a", "b") == ["older: 40\N{NO-BREAK SPACE}%", "assume.s", "done: 1. if has_partner"]
    assert on_arrow(picture, "a", "c") == ["older: rest", "done: 2. else"]
    assert on_arrow(picture, "b", "c") == ["stats.some_share"]
    assert on_arrow(picture, "b", "a") == ["rest"]


def test_states_that_compete_and_submodules_are_told(tmp_path: Path) -> None:
    picture = drawn(
        tmp_path,
        """
        a: {next: {b: {hazard: assume.r}, c: {wait: assume.w}}}
        b: {call: shared/step, with: {product: household_help}, next: {yes: c, no: a}}
        c: {final: true}
        """.replace("yes", "granted").replace("no:", "refused:"),
    )
    assert said(picture, "a")[1:] == [
        "until the first of",
        "· b: at a rate of 0.00002 (assume.r)",
        "· c: after 2-6 weeks (assume.w)",
    ]
    assert on_arrow(picture, "a", "b") == []
    assert said(picture, "b")[1:] == ["runs the submodule shared/step", "· product: household_help"]
    assert on_arrow(picture, "b", "c") == ["granted"]


def test_values_of_statistics_are_told_with_what_they_differ_by() -> None:
    module = next(module for module in shipped() if module.name == "lifecourse/mortality")
    told = " ".join(said(picture(module, Words(module, load([PUBLIC_STATS]))), "alive"))
    assert "a year, by age, sex (stats.death_rate)" in told


def test_a_state_that_is_missing_is_drawn_as_unknown(tmp_path: Path) -> None:
    picture = drawn(tmp_path, "a: {wait: assume.w, next: nowhere}\n")
    assert [box.name for box in picture.boxes if box.kind == UNKNOWN_BOX] == ["nowhere"]


def test_many_plain_arrows_back_to_one_state_become_words(tmp_path: Path) -> None:
    picture = drawn(tmp_path, large(4))
    assert "→ a" in said(picture, "stopped_1")
    assert not on_arrow(picture, "stopped_1", "a")
    assert all(arrow.target != "a" for arrow in picture.arrows)


def test_ways_back_are_those_that_close_a_round() -> None:
    assert ways_back("a", {"a": ("b",), "b": ("a", "c"), "c": ("c", "b")}) == {("b", "a"), ("c", "c"), ("c", "b")}
    assert ways_back("a", {"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()}) == set()


@pytest.mark.parametrize("module", shipped(), ids=lambda module: module.name)
def test_nothing_covers_anything_in_the_shipped_modules(module: Module) -> None:
    picture_ = picture(module, Words(module, load([PUBLIC_STATS])))
    assert overlaps(lay_out(picture_)) == []
    ElementTree.fromstring(svg(picture_))


def test_nothing_covers_anything_at_42_states_and_the_first_is_on_top(tmp_path: Path) -> None:
    layout = lay_out(drawn(tmp_path, large(8)))
    assert len(layout.boxes) == 42
    assert overlaps(layout) == []
    first, *others = sorted(layout.boxes, key=lambda placed: placed.place.top)
    assert first.box.name == "a" and all(placed.place.top > first.place.top for placed in others)


def test_an_arrow_runs_from_its_state_through_its_label_to_its_target(tmp_path: Path) -> None:
    layout = lay_out(drawn(tmp_path, large(2)))
    places = {placed.box.name: placed.place for placed in layout.boxes}
    for placed in layout.arrows:
        ends = [curve[end] for curve in placed.curves for end in (0, -1)]
        ends[-1] = placed.tip
        rooms = [places.get(placed.arrow.source), *[placed.label] * (len(placed.curves) - 1) * 2]
        for room, (x, y) in zip([*rooms, places[placed.arrow.target]], ends, strict=True):
            if room is not None:
                assert room.left - 1 <= x <= room.left + room.width + 1
                assert room.top - 1 <= y <= room.top + room.height + 1


def test_the_same_module_gives_the_same_picture(tmp_path: Path) -> None:
    pictures = {svg(drawn(tmp_path, large(3))) for _ in range(2)}
    assert len(pictures) == 1


def test_a_picture_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    text = svg(drawn(tmp_path, large(1))).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in text and "<script" not in text and "<image" not in text and "url(" not in text


def test_lines_are_broken_before_they_are_too_wide() -> None:
    words = "logistic(logit(schedule.coverage)) + stats.a_statistic_with_a_name_that_is_far_too_long_for_any_box"
    block = text_block((Line(words),), BOX_WIDTH)
    assert len(block.lines) > 1 and block.width <= BOX_WIDTH
    assert "".join(line.text for line in block.lines).replace(" ", "") == words.replace(" ", "")


def test_too_many_states_are_refused_and_mermaid_has_no_limit(tmp_path: Path) -> None:
    states = [f"s{n}: {{wait: assume.w, next: s{n + 1}}}" for n in range(150)]
    picture = drawn(tmp_path, "\n".join(["a: {wait: assume.w, next: s0}", *states, "s150: {final: true}"]))
    with pytest.raises(UserError, match="152 states are too many"):
        svg(picture)
    assert mermaid(picture).count("-->") == 152


def test_without_graphviz_it_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(UserError, match=r"pip install 'abmsim\[pictures\]'"):
        svg(drawn(tmp_path, "a: {final: true}\n"))


def test_mermaid_says_the_same_and_escapes_what_it_would_misread(tmp_path: Path) -> None:
    picture = drawn(
        tmp_path,
        """
        a: {about: 'say "no" & <end>', silent: true, when: age >= 18, next: end}
        end: {final: true}
        """,
    )
    text = mermaid(picture)
    assert '"<b>a</b><br/>say #quot;no#quot; #amp; #lt;end#gt;<br/>waits until age #gt;= 18"' in text
    assert "s0 --> s1" in text and "start(( )) --> s0" in text and "class s0 silent" in text


@pytest.mark.parametrize(
    ("text", "style", "measured"),
    [
        ("legal term 6 weeks (Wmo 2015 art. 2.3.2)", PLAIN, 230.8),
        ("by_certified_institution", TITLE, 168.6),
        ("at least 13,825 times", COUNT, 131.6),
        ("stats.wmo_household_help_process_granted", SOURCE, 211.6),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", PLAIN, 192.2),
    ],
)
def test_text_has_room_in_the_widest_usual_font(text: str, style: str, measured: float) -> None:
    """`measured`: pixels in DejaVu Sans, as Chromium sets it."""
    width = text_block((Line(text, style),), 1000.0).width
    assert measured <= width <= 1.1 * measured
