"""Reports of violence to Veilig Thuis and its inquiries: rates and shares from those of 2023 and 2024."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_violence import (
    ADULT,
    CHILD,
    PENSION,
    adults,
    assumed,
    children,
    found_by_age,
    founded,
    kinds,
    partnered,
    residents_of,
    years_of_abuse,
)

_ONLY_OF_CHILDREN = ("child_care", "school", "youth_care")
OF_CHILDREN = ("child_abuse", "child_check", "conflict_of_parents")
OF_ADULTS = (
    "partner_violence", "elder_abuse", "violence_against_parents", "honour_related", "other_domestic_violence",
)  # fmt: skip
KINDS = (*OF_CHILDREN, *OF_ADULTS, "other_problems")
"""What a report can be about; nobody publishes how many are about some of them, and none is written for those."""


def _follows(catalogue: Catalogue) -> float:
    return catalogue.table("veilig_thuis_followup_reports_2023").value(region="Nederland") / 100


def _reports(catalogue: Catalogue) -> float:
    return catalogue.table("veilig_thuis_reports_by_reporter_2023").value(reporter="total")


def _first_reports(catalogue: Catalogue) -> float:
    """Reports of a year that follow no other one."""
    return _reports(catalogue) * (1 - _follows(catalogue))


def first_reports(catalogue: Catalogue) -> list[dict[str, str]]:
    """First report per person-year of violence that Veilig Thuis does not know of."""
    first, parts = _first_reports(catalogue), kinds(catalogue)
    grown, young = adults(catalogue), children(catalogue)
    of_adults = parts["partner_violence"] + parts["elder_abuse"] + parts["violence_against_parents"]
    wanted = {
        CHILD: (first * parts["child_abuse"], years_of_abuse(catalogue) * young.stops, young.stops),
        "18+": (first * of_adults, grown.new_spells, grown.old.stops),
    }
    rows = []
    for age, (reports, spells, stops) in wanted.items():
        rate = _report_rate(reports * founded(catalogue, age) / spells, stops, _follows(catalogue))
        rows.append({"age": age, "rate": f"{rate:.5f}"})
    return rows


def _report_rate(reports: float, stops: float, follows: float) -> float:
    """The rate that gives so many first reports a spell, where after each Veilig Thuis is at work for a year.

    Within that year another report follows with probability `follows`, and begins it anew; violence that goes on after
    it can be reported for the first time again.
    """
    again = -math.log(1 - follows)
    lasts = math.exp(-(again + stops))
    goes_on = lasts / (1 - again / (again + stops) * (1 - lasts))
    reported = reports / (1 + reports * goes_on)
    return stops * reported / (1 - reported)


def _suspected(catalogue: Catalogue) -> dict[str, float]:
    """First reports of a year of what was no violence, by kind."""
    first, parts = _first_reports(catalogue), kinds(catalogue)
    wrong = {"child_abuse": 1 - founded(catalogue, CHILD)}
    for kind in ("partner_violence", "elder_abuse", "violence_against_parents"):
        wrong[kind] = 1 - founded(catalogue, "18+")
    return {kind: first * parts[kind] * wrong.get(kind, 1.0) for kind in parts}


def suspicions(catalogue: Catalogue) -> list[dict[str, str]]:
    """First report of what is no violence per person-year; of adults all kinds together."""
    reports = _suspected(catalogue)
    child = reports.pop("child_abuse") / residents_of(catalogue, range(ADULT))
    adult = sum(reports.values()) / residents_of(catalogue, range(ADULT, 121))
    return [{"age": CHILD, "rate": f"{child:.6f}"}, {"age": "18+", "rate": f"{adult:.6f}"}]


def suspicion_parts(catalogue: Catalogue) -> list[dict[str, str]]:
    """Part of those of adults with a partner that is about the partner, and of the old without one about their care."""
    reports, rate = _suspected(catalogue), float(suspicions(catalogue)[1]["rate"])
    old_alone = residents_of(catalogue, range(PENSION, 121)) - partnered(catalogue, range(PENSION, 100, 5))
    parts = {
        "partner": reports["partner_violence"] / (rate * partnered(catalogue)),
        "elder": reports["elder_abuse"] / (rate * old_alone),
    }
    return [{"about": about, "share": f"{part:.4f}"} for about, part in parts.items()]


def reporters(catalogue: Catalogue) -> list[dict[str, str]]:
    """Shares of those who report, by kind; who knows children only reports children, the others each kind alike."""
    published = catalogue.table("veilig_thuis_reports_by_reporter_2023")
    said = {reporter: published.value(reporter=reporter) for reporter in published.labels["reporter"]}
    number = {
        "not_professional": said["not_professional"],
        "police": said["justice_and_safety"],
        "health_care": said["health_care_all"] - said["mental_health_care"],
        "mental_health_care": said["mental_health_care"],
        "school": said["education"] + said["compulsory_education_officer"],
        "child_care": said["child_care"],
        "youth_care": said["youth_care"],
    }
    number["elsewhere"] = said["not_professional"] + said["professional"] - sum(number.values())
    total, of_children = sum(number.values()), sum(number[one] for one in _ONLY_OF_CHILDREN)
    child_part = catalogue.table("veilig_thuis_reports_by_kind_2024").value(kind="child_abuse") / 100
    rows = []
    for reporter, reports in number.items():
        for kind in KINDS:
            children_only = of_children / (child_part * total) if kind in OF_CHILDREN else 0.0
            if reporter in _ONLY_OF_CHILDREN:
                share = reports / (child_part * total) if kind in OF_CHILDREN else 0.0
            else:
                share = (1 - children_only) * reports / (total - of_children)
            rows.append({"reporter": reporter, "reported_kind": kind, "share": f"{share:.4f}"})
    return rows


def inquiry_share(catalogue: Catalogue) -> list[dict[str, str]]:
    """Part of the reports of each kind that an inquiry follows."""
    completed = catalogue.table("veilig_thuis_inquiries_2023").value(outcome="completed")
    found, parts = found_by_age(catalogue), kinds(catalogue)
    all_found = sum(sum(of_age) for of_age in found.values())
    of_adults = parts["partner_violence"] + parts["elder_abuse"] + parts["violence_against_parents"]
    share = {
        age: completed * sum(found[age]) / all_found / (_reports(catalogue) * part)
        for age, part in ((CHILD, parts["child_abuse"]), ("18+", of_adults))
    }
    of_kind = {kind: share[CHILD] if kind in OF_CHILDREN else share["18+"] for kind in KINDS}
    of_kind["other_problems"] = 0.0
    return [{"reported_kind": kind, "share": f"{part:.4f}"} for kind, part in of_kind.items()]


def process(catalogue: Catalogue) -> list[dict[str, str]]:
    """Reports that follow another one, and inquiries that end early."""
    inquiries = catalogue.table("veilig_thuis_inquiries_2023")
    ended = 1 - inquiries.value(outcome="not_ended_early") / inquiries.value(outcome="completed")
    return [
        {"step": "follows", "share": f"{_follows(catalogue):.4f}"},
        {"step": "ended_early", "share": f"{ended:.4f}"},
    ]


def outcomes(catalogue: Catalogue) -> list[dict[str, str]]:
    """What an inquiry finds, where there was violence and where not; the rest is refuted."""
    true = assumed(catalogue, "unconfirmed_is_true")
    rows = []
    for whose, (confirmed, unclear, refuted) in zip(("child", "adult"), found_by_age(catalogue).values(), strict=True):
        yes, no = confirmed + true * unclear, (1 - true) * unclear + refuted
        cells = [("confirmed", "yes", confirmed / yes), ("confirmed", "no", 0.0)]
        cells += [("not_confirmed", "yes", true * unclear / yes), ("not_confirmed", "no", (1 - true) * unclear / no)]
        rows += [
            {"outcome": f"{whose}_{what}", "founded": founded, "share": f"{share:.4f}"}
            for what, founded, share in cells
        ]
    return rows


def confirmed(catalogue: Catalogue) -> list[dict[str, str]]:
    """Inquiries that confirm the violence, in percent of those that are not ended early."""
    return [
        {"about": about, "percent": f"{100 * found[0] / sum(found):.1f}"}
        for about, found in zip(("children", "adults"), found_by_age(catalogue).values(), strict=True)
    ]


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "violence_first_reports": first_reports,
    "violence_suspicions": suspicions,
    "violence_suspicion_parts": suspicion_parts,
    "veilig_thuis_reporters": reporters,
    "veilig_thuis_inquiry_share": inquiry_share,
    "veilig_thuis_process": process,
    "veilig_thuis_outcomes": outcomes,
    "veilig_thuis_confirmed": confirmed,
}
