"""What the documents promise is so: publishers are named, links lead somewhere, the example module is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import abmsim
from abmsim.loading import load_catalogue, load_modules

ROOT = Path(abmsim.__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

pytestmark = pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="the documents are part of a checkout")


def test_the_notice_names_every_publisher() -> None:
    named = re.findall(r"^- ([^(:,]+)", (ROOT / "NOTICE").read_text(encoding="utf-8"), re.MULTILINE)
    publishers = {card.publisher for card in load_catalogue().cards.values()} - {"abmsim"}
    missing = [publisher for publisher in publishers if not any(name.strip() in publisher for name in named)]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_glossary_has_each_term_once_and_in_order() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = [line.split("|")[1].strip().casefold() for line in text.splitlines() if line.startswith("| ")][1:]
    assert terms == sorted(set(terms))


def example_files() -> list[str]:
    """The module and its tests as the page gives them."""
    text = (ROOT / "docs" / "add-a-module.md").read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def test_the_example_module_is_right(tmp_path: Path) -> None:
    module = tmp_path / "wmo" / "taxi_pass.yaml"
    module.parent.mkdir()
    module.write_text(example_files()[0], encoding="utf-8")
    checked = load_modules(load_catalogue(), [tmp_path])
    assert [str(problem) for problem in checked.problems] == []
    assert [module.name for module in checked.modules] == ["wmo/taxi_pass"]


def test_a_mistake_in_the_example_is_told_with_its_line(tmp_path: Path) -> None:
    module = tmp_path / "wmo" / "taxi_pass.yaml"
    module.parent.mkdir()
    lines = example_files()[0].splitlines()
    line = next(number for number, text in enumerate(lines) if "wait:" in text)
    lines[line] = lines[line].replace("wait:", "wiat:")
    module.write_text("\n".join(lines), encoding="utf-8")
    told = [str(problem) for problem in load_modules(load_catalogue(), [tmp_path]).problems]
    assert any(f":{line + 1}:" in problem and "did you mean 'wait'?" in problem for problem in told)
