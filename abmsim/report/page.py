"""The page of a run: what the tables say, put into one HTML file without scripts or requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from abmsim.life.asked import AskingStates
from abmsim.records.disclaimer import DISCLAIMER
from abmsim.report.changes import changes
from abmsim.report.happenings import happenings
from abmsim.report.lives import eventful_people, told
from abmsim.report.residents import residents
from abmsim.report.sources import assumptions, cards_read
from abmsim.stats.catalogue import Catalogue
from abmsim.validate.opened import OpenRun, tables_opened

REPORT_FILE = "report.html"

_TEN_THOUSAND = 10_000


def write_report(folder: Path, catalogue: Catalogue | None = None, states: AskingStates | None = None) -> None:
    """Write `report.html` into the folder of a run, from its tables and `run.yaml`; the same bytes for the same run.

    `catalogue`, and the `states` that ask for changes of households, are read if they are not at hand.

    Raises UserError if the folder holds no run, OSError if it cannot be written to.
    """
    if catalogue is None:
        from abmsim.loading import load_catalogue

        catalogue = load_catalogue()
    with tables_opened(folder, catalogue) as run:
        text = render(lives=told(run, eventful_people(run), states), **_content(run))
    (folder / REPORT_FILE).write_text(text, encoding="utf-8", newline="\n")


def _content(run: OpenRun) -> dict[str, Any]:
    return {
        "settings": run.settings,
        "disclaimer": DISCLAIMER,
        "municipalities": [name for (name,) in run.rows("select name from municipalities order by 1")],
        "households": run.rows("select count(*) from households where from_date <= $day", {"day": run.from_date})[0][0],
        "base": f"1 January {run.from_date.year}",  # base dates are the first days of years
        "drawn": run.residents,
        "published": run.published_residents,
        "whole": run.is_whole,
        "residents": residents(run),
        "happenings": happenings(run),
        "changes": changes(run),
        "cards": cards_read(run.catalogue, run.settings["statistics"]),
        "assumptions": assumptions(
            run.settings["modules"], run.settings.get("institutions", {}), run.catalogue
        ),
    }


def render(**content: Any) -> str:
    """The page as text; every value is escaped."""
    import jinja2

    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    pages = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    pages.filters["number"] = lambda value: f"{value:,.0f}"
    pages.filters["signed"] = lambda value: f"{value:+,}".replace("-", "−") if value else "0"
    pages.filters["short"] = short
    return pages.get_template("page.html.j2").render(**content) + "\n"


def short(count: int) -> str:
    """A count that fits over a narrow bar: 1,234 or 12.3k."""
    if count < _TEN_THOUSAND:
        return f"{count:,}"
    return f"{count / 1000:.1f}k" if count < 100 * 1000 else f"{count / 1000:,.0f}k"
