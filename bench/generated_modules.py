"""A project folder with many varied modules: shipped ones under other names, and ones that use all of the language."""

from __future__ import annotations

import random
import re
from pathlib import Path

from abmsim.paths import MODULES, PROJECT_FILE, module_name, module_paths
from abmsim.vocabulary import VOCABULARY

SUBMODULE = """\
module: parts/assessment
about: a need is looked at
parameters:
  product: {type: code, codes: wmo_product, about: what is asked}
  weeks: {type: duration, about: how long it takes}
  yes: {type: share, about: who gets it}
attributes: {times_looked: {type: number, about: how often it was looked at}}
start: look
states:
  look: {set: {times_looked: times_looked + 1}, wait: parameter.weeks, next: {granted: parameter.yes, refused: rest}}
  granted:
    wmo_provision: {product: parameter.product, financing_form: in_kind, right_end: parameter.weeks}
    final: true
  refused: {when: times_looked > 0, next: over}
  over: {final: true}
"""


def write_project(folder: Path, count: int, seed: int = 1) -> None:
    """Make `folder` a project with `count` modules; the same seed gives the same text."""
    (folder / "modules" / "many").mkdir(parents=True)
    (folder / "modules" / "parts").mkdir()
    (folder / PROJECT_FILE).write_text("{}\n", encoding="utf-8")
    (folder / "modules" / "parts" / "assessment.yaml").write_text(SUBMODULE, encoding="utf-8")
    pen = random.Random(seed)
    shipped = [(module_name(*pair), pair[0].read_text(encoding="utf-8")) for pair in module_paths([MODULES])]
    writers = {attribute.writer for attribute in VOCABULARY.values()}  # what they set, no other module may
    shipped = [(name, text) for name, text in shipped if name not in writers]
    shipped = [(name, text) for name, text in shipped if "type: category" not in text]  # a statistic can be by one
    for number in range(count - 1):
        text = _renamed(*shipped[number // 2 % len(shipped)], number) if number % 2 else written(number, pen)
        (folder / "modules" / "many" / f"m{number}.yaml").write_text(text, encoding="utf-8")


def _renamed(name: str, text: str, number: int) -> str:
    """A shipped module under another name, with attributes of its own."""
    block = re.search(r"^attributes:\n((?:  .*\n)+)", text, re.MULTILINE)
    attributes = re.findall(r"^  (\w+):", block[1], re.MULTILINE) if block else []
    for attribute in attributes:
        text = re.sub(rf"(?<![\w/]){attribute}(?!\w)", f"{attribute}_{number}", text)
    return text.replace(f"module: {name}", f"module: many/m{number}", 1)


def written(number: int, pen: random.Random) -> str:
    """A module of twelve to forty states that uses every kind of time and of quantity."""
    size = pen.randint(12, 40)
    lines = [
        f"module: many/m{number}", "about: a pathway that was drawn", "attributes:",
        f"  seen_{number}: {{type: number, about: how often somebody was seen}}",
        f"  since_{number}: {{type: date, about: when it began}}",
        f"  stage_{number}: {{type: category, labels: [none, mild, severe], about: how bad it is}}",
        "assume:", f"  yes: {{is: 0.{pen.randint(1, 9)}, unit: share, why: drawn}}",
        f"  soon: {{is: {pen.randint(1, 3)}-{pen.randint(4, 9)} weeks, why: drawn}}",
        "  long: {is: {lognormal: {median: 2, sigma: 0.5}, unit: years}, why: drawn}",
        "  often: {is: {probability: 0.2, over: 1 year}, why: drawn}", "start: s0", "states:",
    ]  # fmt: skip
    for state in range(size):
        lines += _state(number, state, size, pen)
    return "\n".join([*lines, f"  s{size}: {{when: stage_{number} == severe or seen_{number} > 3, next: s0}}"]) + "\n"


def _state(number: int, state: int, size: int, pen: random.Random) -> list[str]:
    seen, since, stage, onward = f"seen_{number}", f"since_{number}", f"stage_{number}", f"s{state + 1}"
    back = f"s{pen.randint(0, state)}"
    name = f"  s{state}: "
    return [
        f"{name}{{set: {{{seen}: {seen} + 1, {since}: today}}, wait: assume.soon, next: {onward}}}",
        f"{name}{{when: age >= {pen.randint(18, 80)} and not in_institution, hazard: assume.often, next: {onward}}}",
        f"{name}{{wait: assume.long, next: {{{onward}: assume.yes, {back}: rest}}}}",
        f"{name}{{next: {{{onward}: {{hazard: assume.often, times: 1 / (1 + exp(-{seen}))}}, "
        f"{back}: {{wait: assume.long}}}}}}",
        f"{name}{{wait: assume.soon, next: [{{when: partner.age > 80 or children.any.has_partner, to: {onward}}}, "
        f"{{else: {onward}}}]}}",
        f"{name}{{set: {{{stage}: mild if known({since}) else none}}, "
        f"until: [today - {since} > 400, {{wait: assume.long}}], next: {onward}}}",
        f"{name}{{call: parts/assessment, with: {{product: household_help, weeks: assume.long, yes: assume.yes}}, "
        f"next: {onward}}}",
    ][pen.randrange(7)].splitlines()  # fmt: skip
