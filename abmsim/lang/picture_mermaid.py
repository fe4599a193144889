"""A picture as Mermaid text, for pages that draw it themselves (GitHub, GitLab, MkDocs, VS Code)."""

from __future__ import annotations

from collections.abc import Iterator

from abmsim.lang.picture import COUNT, RECORD_BOX, SOURCE, TITLE, UNKNOWN_BOX, Line, Picture

_ESCAPES = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"}
_CLASSES = (
    "classDef record fill:#e6f0fa,stroke:#2b6ca3",
    "classDef unknown fill:#fdeaea,stroke:#b00020",
    "classDef silent stroke-dasharray:5 3",
)


def mermaid(picture: Picture) -> str:
    """The picture as a Mermaid flow chart."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    numbers = {box.name: f"s{number}" for number, box in enumerate(picture.boxes)}
    yield f"%% {picture.title}: {picture.about}"
    yield from (f"%% {note}" for note in picture.notes)
    yield "flowchart TD"
    yield f"  start(( )) --> {numbers[picture.start]}"
    for box in picture.boxes:
        text = f'"{_said(box.lines)}"'
        yield f"  {numbers[box.name]}{f'[[{text}]]' if box.final else f'[{text}]'}"
    for arrow in picture.arrows:
        label = f'|"{_said(arrow.lines)}"|' if arrow.lines else ""
        yield f"  {numbers[arrow.source]} -->{label} {numbers[arrow.target]}"
    yield from (f"  {line}" for line in _CLASSES)
    for box in picture.boxes:
        classes = [*([box.kind] if box.kind in (RECORD_BOX, UNKNOWN_BOX) else []), *(["silent"] if box.silent else [])]
        if classes:
            yield from (f"  class {numbers[box.name]} {name}" for name in classes)


def _said(lines: tuple[Line, ...]) -> str:
    return "<br/>".join(_line(line) for line in lines)


def _line(line: Line) -> str:
    text = "".join(_ESCAPES.get(letter, letter) for letter in line.text)
    return {TITLE: f"<b>{text}</b>", COUNT: f"<b>{text}</b>", SOURCE: f"<i>{text}</i>"}.get(line.style, text)
