"""Whatever the place, its size, the seed and the shares: what must hold of support holds in every small town."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from abmsim.lang.module import Module
from abmsim.loading import load_catalogue, load_modules
from abmsim.plan import RunPlan
from abmsim.population.places import find_places
from abmsim.records.integrity import check_run
from abmsim.schema.schema import load_schema
from abmsim.simulation import prepare, write_records
from abmsim.stats.catalogue import Catalogue

ALSO = ("wmo/veilig_thuis", "wlz/care", "wmo/contribution", "lifecourse/mortality", "lifecourse/institution",
        "lifecourse/partner", "lifecourse/moving")  # fmt: skip
"""What support depends on without reading it: who dies, moves in together, moves away or to an institution."""

SHARES = {
    "objects": st.sampled_from([0.5, 0, 1]),
    "upheld": st.sampled_from([0.4, 0, 0.8]),
    "grows": st.sampled_from([2, 0.5, 0]),
    "provided.review": st.integers(5, 200),
}
"""Who objects and how often that helps; how often the need grows a year; how many days before its end a right is
looked at again: late reviews prolong it."""


@cache
def shipped() -> tuple[Catalogue, dict[str, Module]]:
    catalogue = load_catalogue()
    return catalogue, {module.name: module for module in load_modules(catalogue).modules}


def support() -> Iterator[Module]:
    """The modules of the Wmo and the Wlz and all that these read, in their order."""
    modules, wanted, queue = shipped()[1], set[str](), [*ALSO]
    queue += [name for name in modules if name.startswith(("wmo/", "wlz/"))]
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += modules[name].uses
    return (module for name, module in modules.items() if name in wanted)


def with_shares(module: Module, shares: dict[str, float]) -> Module:
    """The module with other numbers in what it assumes."""
    assumptions = dict(module.assumptions)
    for name, value in shares.items():
        if name in assumptions:
            quantity = assumptions[name].quantity
            number = replace(quantity.parameters[0], value=float(value))
            assumptions[name] = replace(assumptions[name], quantity=replace(quantity, parameters=(number,)))
    return replace(module, assumptions=assumptions)


def live(plan: RunPlan, modules: Sequence[Module], folder: Path) -> Mapping[str, int]:
    """Let the town live and write its records; the rows of each table."""

    def quiet(*_: object) -> None:
        pass

    catalogue = shipped()[0]
    prepared = prepare(plan, find_places(plan.place, catalogue), modules, catalogue, quiet, quiet)
    prepared.town.run()
    return write_records(prepared, plan, folder, only_counted=True).rows


@settings(max_examples=3, deadline=None, derandomize=True, database=None)
@given(
    place=st.sampled_from(["Leiden", "Urk", "Schiermonnikoog", "Amsterdam"]),
    size=st.integers(200, 400),
    seed=st.integers(1, 1000),
    history=st.sampled_from(["all", "none", "4y"]),
    shares=st.fixed_dictionaries(SHARES),
)
def test_support_holds(place: str, size: int, seed: int, history: str, shares: dict[str, float]) -> None:
    plan = RunPlan(place, size, seed, to_date=date(2023, 1, 1), history=history, workers=1)
    with TemporaryDirectory() as folder:
        rows = live(plan, [with_shares(module, shares) for module in support()], Path(folder))
        assert check_run(Path(folder), load_schema()) == []
        assert rows["wmo_provisions"] and rows["wmo_deliveries"]
