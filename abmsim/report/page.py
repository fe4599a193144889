"""The page of a run: what the tables say, put into one HTML file."""

from __future__ import annotations

from pathlib import Path

from abmsim.life import open_run
from abmsim.records.runfile import read_run_file

REPORT_FILE = "report.html"


def write_report(folder: Path) -> None:
    """Write `report.html` into the folder of a run, from its tables and `run.yaml`; the same bytes for the same run."""
    settings = read_run_file(folder)
    with open_run(folder) as tables:
        (persons,) = tables.execute("select count(*) from persons").fetchone() or (0,)
    title = f"{settings['place']}, {persons:,} residents"
    text = f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1></html>\n"
    (folder / REPORT_FILE).write_text(text, encoding="utf-8", newline="\n")
