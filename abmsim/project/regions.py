"""A project's own regions: `regions/*.yaml`, each a list of municipalities under a name."""

from __future__ import annotations

from pathlib import Path

from abmsim.paths import REGIONS_FOLDER, project_folder, shown
from abmsim.population.municipality import Named, Place, folded
from abmsim.population.places import Gazetteer
from abmsim.population.regions import OWN, region
from abmsim.problems import Problem, ProblemsFound, UsageError, suggestion
from abmsim.stats.catalogue import Catalogue
from abmsim.yamlfile import DUPLICATE_KEY, MISSING_KEY, NOT_AN_OPTION, Node, read_yaml

KEYS = ("region", "about", "source", "municipalities")
NEEDED = ("region", "source", "municipalities")


def own_regions(catalogue: Catalogue) -> list[Named]:
    """The regions of the project that the current folder is in, by file name; none outside a project.

    Raises ProblemsFound with all problems of all files.
    """
    project = project_folder()
    if project is None:
        return []
    files = sorted((project / REGIONS_FOLDER).glob("*.yaml"))
    regions, problems = read_regions(files, Gazetteer.of(catalogue)) if files else ([], [])
    if problems:
        raise ProblemsFound(problems)
    return regions


def read_regions(files: list[Path], known: Gazetteer) -> tuple[list[Named], list[Problem]]:
    """The regions of these files, and all problems; a region is found by its name and by that of its file."""
    problems: list[Problem] = []
    found: dict[str, Path] = {}
    regions = []
    for file in files:
        root, _ = read_yaml(file, problems=problems)
        fields = root.fields("a region", KEYS, NEEDED, "region: Kempen") if root is not None else {}
        name = _name(fields["region"], known) if "region" in fields else ""
        places, notes = _places(fields["municipalities"], known) if "municipalities" in fields else ([], [])
        for spelling in dict.fromkeys((folded(name), folded(file.stem))):
            if spelling and spelling in found:
                other = shown(found[spelling])
                fields["region"].tell(DUPLICATE_KEY, f"{other} has a region '{spelling}' too", "rename one of the two")
            found[spelling] = file
        if name and places:
            regions.append(region(name, places, OWN, (file.stem,), "".join(f"; {note}" for note in notes)))
    return regions, problems


def _name(node: Node, known: Gazetteer) -> str:
    name = node.string("region")
    if "+" in name:
        node.tell(NOT_AN_OPTION, f"a region's name has no +, and '{name}' has", "+ joins places")
    elif name and known.municipality(name) is not None:
        node.tell(NOT_AN_OPTION, f"'{name}' is a municipality", "give the region another name")
    elif not name and node.kind == "scalar":
        node.tell(MISSING_KEY, "the region has no name", "add `region: ...`")
    return name


def _places(node: Node, known: Gazetteer) -> tuple[list[Place], list[str]]:
    """The municipalities of 2020 in the list, and the notes of those of today."""
    places: list[Place] = []
    notes = []
    items = node.listed("municipalities")
    if node.kind == "sequence" and not items:
        node.tell(MISSING_KEY, "'municipalities' is empty", "list names or codes")
    for item in items:
        named = _municipality(item, known)
        if named is None:
            continue
        twice = [place.name for place in named.places if place in places]
        if twice:
            item.tell(DUPLICATE_KEY, f"{', '.join(twice)} stands in this region twice", "keep one")
        places += [place for place in named.places if place not in places]
        notes += [named.note] if named.since else []
    return places, notes


def _municipality(item: Node, known: Gazetteer) -> Named | None:
    name = item.string("a municipality")
    try:
        found = known.municipality(name)
    except UsageError as error:
        item.tell(NOT_AN_OPTION, str(error))
        return None
    if found is None and name:
        names = {one.name for one in (*known.of_2020.values(), *known.of_today.values())}
        near = known.near(name)
        hint = f"did you mean '{near[0]}'?" if near else suggestion(name, names, "municipalities")
        item.tell(NOT_AN_OPTION, f"there is no municipality '{name}'", hint)
    return found
