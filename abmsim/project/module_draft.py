"""A new module: the YAML with every key explained, a test that fails, and a card for each statistic that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from abmsim.lang.read_attributes import RESERVED_NAMES
from abmsim.loading import read_catalogue, read_layers
from abmsim.paths import MODULES_FOLDER, PACKAGE, STATISTICS_FOLDER, shown
from abmsim.problems import UsageError
from abmsim.project.card_draft import card_text
from abmsim.project.folder import own_folder
from abmsim.project.templating import filled, write_new
from abmsim.schema.schema import Schema, load_schema
from abmsim.stats.unfilled import FILL_IN
from abmsim.vocabulary import VOCABULARY

_NAME = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)+")
_LINE_OF_VERBS = 6


@dataclass(frozen=True, slots=True)
class _Domain:
    """What the modules of a folder have in common: its law, whom it is for, and the record with which they begin."""

    law: str
    age: str
    given: str
    asked: str
    helped_end: str = ""
    refused_end: str = ""


_IN_FORCE = "in_force: {from: 2015-01-01} # before that day states advance silently: no record is older than its law\n"
_WMO = _Domain(
    law=f"law: Wmo 2015 # the law that its records belong to\n{_IN_FORCE}",
    age="age >= 18",
    given="{age: 80, sex: female, lives_alone: true}",
    asked="    wmo_request: {reporter: self} # a record: a row of the table of that verb, with its columns\n"
    "    term: {is: 6 weeks, source: Wmo 2015 art. 2.3.2} # what the law asks: the row is marked on time or late\n",
    helped_end="    end: {wmo_request: application} # closes that row, with a reason\n",
    refused_end="    end: {wmo_request: solved_without}\n",
)
_YOUTH = _Domain(
    law=f"law: Jeugdwet # the law that its records belong to\n{_IN_FORCE}",
    age="age < 18",
    given="{age: 10, sex: female}",
    asked="    youth_referral: {referrer: gp} # a record: a row of the table of that verb, with its columns\n",
)
_OTHER = _Domain(
    law="# law: Wmo 2015                 # the law that its records belong to\n"
    "# in_force: {from: 2015-01-01}  # before that day states advance silently: no record is older than its law\n",
    age="age >= 18",
    given="{age: 80, sex: female, lives_alone: true}",
    asked="    # VERB: {COLUMN: VALUE}     # a record: a row of the table of that verb (they are listed below)\n"
    "    # term: {is: 6 weeks, source: ...}  # what a law asks: the row is marked on time or late\n",
)
_DOMAINS = {"wmo": _WMO, "youth": _YOUTH}


def make_module(name: str) -> list[Path]:
    """Write the files of a new module and return them.

    Raises UsageError for a name that is none or taken, and outside a project and checkout; then nothing is written.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a module: write folder/name, such as wmo/taxi_pass, in a-z, 0-9, _")
    own = own_folder()
    domain, _, stem = name.rpartition("/")
    prefix = f"{domain.replace('/', '_')}_{stem}"
    statistics = _statistics(name, prefix, "abmsim" if own == PACKAGE.parent else own.name)
    _check_free(statistics)
    schema = load_schema()
    values = _values(name, prefix, schema)
    module = own / MODULES_FOLDER / f"{name}.yaml"
    files = {
        module: filled("module.yaml", **values),
        module.with_suffix(".test.yaml"): filled("module.test.yaml", **values, file=shown(module)),
    }
    for statistic, (figures, card) in statistics.items():
        path = own / STATISTICS_FOLDER / domain / statistic
        files |= {path.with_suffix(".yaml"): card_text(card, figures), path.with_suffix(".csv"): figures}
    write_new(files)
    return list(files)


def _values(name: str, prefix: str, schema: Schema) -> dict[str, str]:
    domain = _DOMAINS.get(name.split("/")[0], _OTHER)
    modules, _ = read_layers(schema)
    taken = {attribute for module in modules for attribute in module.attributes} | {*VOCABULARY, *RESERVED_NAMES}
    stem = name.rpartition("/")[2]
    return {
        "name": name,
        "has": next(free for free in (f"has_{stem}", f"has_{prefix}", f"has_new_{prefix}") if free not in taken),
        "starts": f"{prefix}_starts",
        "helped": f"{prefix}_helped",
        "verbs": "\n".join(_verb_lines(schema.verbs)),
        "law": domain.law,
        "age": domain.age,
        "given": domain.given,
        "asked": domain.asked,
        "helped_end": domain.helped_end,
        "refused_end": domain.refused_end,
    }


def _verb_lines(verbs: Iterable[str]) -> Iterator[str]:
    names = sorted(verbs)
    for first in range(0, len(names), _LINE_OF_VERBS):
        yield f"#     {', '.join(names[first : first + _LINE_OF_VERBS])}"


def _statistics(name: str, prefix: str, publisher: str) -> dict[str, tuple[str, Mapping[str, str | list[str]]]]:
    """(CSV, card) of each statistic that the module names. Equal figures everywhere: they only hold a place."""
    common = {"publisher": publisher, "licence": "CC0", "verified": "assumption", "why": FILL_IN, "period": "all years"}
    starts = {
        **common, "title": f"How often {name} begins", "unit": "rate per person-year", "by": ["age"],
        "values": "rate", "counting_rule": "rate in period",
    }  # fmt: skip
    helped = {
        **common, "title": f"Who is helped, of those who ask ({name})", "unit": "share", "by": ["sex"],
        "values": "share", "counting_rule": "share of group",
    }  # fmt: skip
    return {
        f"{prefix}_starts": ("age,rate\n0-17,0.01\n18-64,0.01\n65+,0.01\n", starts),
        f"{prefix}_helped": ("sex,share\nfemale,0.5\nmale,0.5\n", helped),
    }


def _check_free(statistics: Iterable[str]) -> None:
    catalogue, _ = read_catalogue()
    for name in statistics:
        if name in catalogue.cards:
            there = shown(catalogue.cards[name].file)
            raise UsageError(f"a statistic '{name}' exists already ({there}): choose another name for the module")
