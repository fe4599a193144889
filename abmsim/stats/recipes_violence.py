"""Violence at home and reports of it to Veilig Thuis: rates from the published shares, reports and inquiries."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_lifecourse import MARRIED, UNMARRIED, WITH_CHILDREN, persons_by_position
from abmsim.stats.recipes_mortality import SEXES, bisect

CHILD, YOUNGER, OLD = "0-17", "18-64", "65+"
ADULT, PENSION = 18, 65
_FOUND_YEAR, _SURVEY_YEARS = "2021", 5
_PARENT_BANDS = range(35, PENSION, 5)
"""Ages at which parents have children at home who are old enough to use violence against them."""

_HIGHEST_RATE = 5.0
_ONLY_OF_CHILDREN = ("child_care", "school", "youth_care")
KINDS = ("child_abuse", "partner_violence", "elder_abuse", "violence_against_parents", "other_problems")


@dataclass(frozen=True, slots=True)
class Group:
    """Those who can suffer a kind of violence: how many, the rate at which it begins and at which it stops."""

    persons: float
    begins: float
    stops: float

    @property
    def new_spells(self) -> float:
        """How many begin to suffer it in a year."""
        return self.persons * self.begins * self.stops / (self.begins + self.stops)


@dataclass(frozen=True, slots=True)
class Adults:
    """By whom adults suffer violence: partners by sex, children, and those who care for the old."""

    partners: Mapping[str, Group]
    parents: Group
    old: Group

    @property
    def new_spells(self) -> float:
        return sum(group.new_spells for group in (*self.partners.values(), self.parents, self.old))


def _assumed(catalogue: Catalogue, name: str) -> float:
    return catalogue.table(f"violence_assumptions_{name}").value()


def _positions(catalogue: Catalogue, positions: Sequence[str], bands: Sequence[int]) -> float:
    persons = persons_by_position(catalogue)
    return sum(persons.get((band, position), 0.0) for band in bands for position in positions)


def _partnered(catalogue: Catalogue, bands: Sequence[int] = range(15, 100, 5)) -> float:
    return _positions(catalogue, (*MARRIED, *UNMARRIED), bands)


def _residents(catalogue: Catalogue, ages: range) -> float:
    cells = catalogue.table("residents_nl_2020_by_age").cells
    return sum(number for (age,), number in cells.items() if int(age.rstrip("+")) in ages)


def _kinds(catalogue: Catalogue) -> dict[str, float]:
    """Part of all reports that is of each kind; against parents as in inquiries, beside those of partners."""
    reports, found = catalogue.table("veilig_thuis_reports_by_kind_2024"), _found(catalogue)
    parts = {kind: reports.value(kind=kind) / 100 for kind in ("child_abuse", "partner_violence", "elder_abuse")}
    parts["violence_against_parents"] = parts["partner_violence"] * sum(found["parents"]) / sum(found["partner"])
    return {**parts, "other_problems": 1 - sum(parts.values())}


def _found(catalogue: Catalogue) -> dict[str, tuple[float, float, float]]:
    """Inquiries that confirmed, did not confirm and refuted each kind."""
    inquiries = catalogue.table("veilig_thuis_inquiries_2023")
    names = {"child": "child_abuse", "parents": "violence_against_parents", "partner": "partner_violence"}
    refuted = {"child": inquiries.value(outcome="no_child_abuse"), "parents": 0.0}
    refuted["partner"] = inquiries.value(outcome="no_partner_violence")
    return {
        short: (
            inquiries.value(outcome=f"{name}_confirmed"), inquiries.value(outcome=f"{name}_not_confirmed"),
            refuted[short],
        )
        for short, name in names.items()
    }  # fmt: skip


def _by_age(catalogue: Catalogue) -> dict[str, tuple[float, float, float]]:
    """The same, of children and of adults."""
    found = _found(catalogue)
    adults = [sum(found[kind][at] for kind in ("parents", "partner")) for at in range(3)]
    return {CHILD: found["child"], "18+": (adults[0], adults[1], adults[2])}


def _founded(catalogue: Catalogue, age: str) -> float:
    """Part of the reports that is of violence that did happen."""
    confirmed, unclear, refuted = _by_age(catalogue)[age]
    return (confirmed + _assumed(catalogue, "unconfirmed_is_true") * unclear) / (confirmed + unclear + refuted)


# --- how often violence begins ---------------------------------------------------------------------------------


def _over_years(begins: float, stops: float, years: float) -> float:
    """Share that suffers it at any time in so many years."""
    return 1 - stops / (begins + stops) * math.exp(-begins * years)


def adults(catalogue: Catalogue) -> Adults:
    """Rates at which violence begins, so that the published part of women and men suffers it in five years."""
    published = catalogue.table("domestic_violence_adults_2017")
    residents = catalogue.table("residents_nl_by_age_sex")
    stops = catalogue.table("violence_stops_rate").value(age="18+")
    victims = {
        sex: published.value(sex=sex) / 100 * sum(
            number for (year, age, whose), number in residents.cells.items()
            if year == _FOUND_YEAR and whose == sex and int(age) >= ADULT
        )
        for sex in SEXES
    }  # fmt: skip
    parts = _kinds(catalogue)
    of_adults = parts["partner_violence"] + parts["elder_abuse"] + parts["violence_against_parents"]

    def group(persons: float, suffering: float, kind: str) -> Group:
        share = suffering * parts[kind] / of_adults / persons
        begins = bisect(lambda rate: _over_years(rate, stops, _SURVEY_YEARS) - share, 0.0, _HIGHEST_RATE)
        return Group(persons, begins, stops)

    limited = catalogue.table("daily_limitations_2022")
    old = sum(
        (_residents(catalogue, ages) - _positions(catalogue, ("institution",), bands)) * percent / 100
        for ages, bands, percent in (
            (range(65, 75), range(65, 75, 5), limited.value(group="65-74", limitation="household")),
            (range(75, 121), range(75, 100, 5), limited.value(group="75+", limitation="household")),
        )
    )
    parents = _positions(catalogue, (*WITH_CHILDREN, "single_parent"), _PARENT_BANDS)
    parents *= _assumed(catalogue, "against_parents_with_children")
    return Adults(
        {sex: group(_partnered(catalogue) / 2, victims[sex], "partner_violence") for sex in SEXES},
        group(parents, sum(victims.values()), "violence_against_parents"),
        group(old, sum(victims.values()), "elder_abuse"),
    )


def children_abused(catalogue: Catalogue) -> float:
    """Children who suffered abuse in a year: the middle of the two estimates."""
    estimates = catalogue.table("child_abuse_2017")
    return (estimates.value(estimate="low") + estimates.value(estimate="high")) / 2


def children(catalogue: Catalogue) -> Group:
    """The rate at which abuse of a child begins, so that as many suffer it in a year; nobody is born into it."""
    stops = catalogue.table("violence_stops_rate").value(age=CHILD)
    persons = [_residents(catalogue, range(age, age + 1)) for age in range(ADULT)]

    def in_a_year(begins: float) -> float:
        return sum(
            number * (1 - (1 - _suffering(begins, stops, max(age - 0.5, 0.0))) * math.exp(-begins))
            for age, number in enumerate(persons)
        )

    begins = bisect(lambda rate: in_a_year(rate) - children_abused(catalogue), 0.0, _HIGHEST_RATE)
    return Group(sum(persons), begins, stops)


def _suffering(begins: float, stops: float, age: float) -> float:
    """Share of children of an age who suffer it."""
    return begins / (begins + stops) * (1 - math.exp(-(begins + stops) * age))


def _of_low_income(catalogue: Catalogue, who: str, rate: float) -> float:
    """The rate in the lowest two tenths of income, if that of all is `rate`."""
    low = _assumed(catalogue, f"{who}_with_low_income")
    return rate / (low + (1 - low) * _assumed(catalogue, "other_incomes"))


def begins(catalogue: Catalogue) -> list[dict[str, str]]:
    """Violence begins, by age and sex; against adults all kinds together, of which the module lets happen what can."""
    found, child = adults(catalogue), _of_low_income(catalogue, "children", children(catalogue).begins)
    rows = [{"age": CHILD, "sex": sex, "rate": f"{child:.6f}"} for sex in SEXES]
    for age, other in ((YOUNGER, _of_parents(catalogue, found)), (OLD, found.old.begins)):
        for sex in SEXES:
            rate = _of_low_income(catalogue, "adults", found.partners[sex].begins + other)
            rows.append({"age": age, "sex": sex, "rate": f"{rate:.6f}"})
    return rows


def _of_parents(catalogue: Catalogue, found: Adults) -> float:
    """The rate of all parents of these ages, whether their children are old enough or not."""
    return found.parents.begins * _assumed(catalogue, "against_parents_with_children")


def part_of_partners(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of these beginnings the part that is by a partner."""
    found = adults(catalogue)
    rows = [{"age": CHILD, "sex": sex, "share": "0"} for sex in SEXES]
    for age, other in ((YOUNGER, _of_parents(catalogue, found)), (OLD, found.old.begins)):
        for sex in SEXES:
            partners = found.partners[sex].begins
            rows.append({"age": age, "sex": sex, "share": f"{partners / (partners + other):.4f}"})
    return rows


def middle_estimate(catalogue: Catalogue) -> list[dict[str, str]]:
    """The middle of the two estimates of abused children."""
    return [{"figure": "children", "persons": f"{children_abused(catalogue):.0f}"}]


# --- reports ---------------------------------------------------------------------------------------------------


def _follows(catalogue: Catalogue) -> float:
    return catalogue.table("veilig_thuis_followup_reports_2023").value(region="Nederland") / 100


def _reports(catalogue: Catalogue) -> float:
    return catalogue.table("veilig_thuis_reports_by_reporter_2023").value(reporter="total")


def _first_reports(catalogue: Catalogue) -> float:
    """Reports of a year that follow no other one."""
    return _reports(catalogue) * (1 - _follows(catalogue))


def first_reports(catalogue: Catalogue) -> list[dict[str, str]]:
    """First report per person-year of violence that Veilig Thuis does not know of."""
    first, parts = _first_reports(catalogue), _kinds(catalogue)
    grown, young = adults(catalogue), children(catalogue)
    of_adults = parts["partner_violence"] + parts["elder_abuse"] + parts["violence_against_parents"]
    wanted = {
        CHILD: (first * parts["child_abuse"], young.new_spells, young.stops),
        "18+": (first * of_adults, grown.new_spells, grown.old.stops),
    }
    rows = []
    for age, (reports, spells, stops) in wanted.items():
        rate = _report_rate(reports * _founded(catalogue, age) / spells, stops, _follows(catalogue))
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
    first, parts = _first_reports(catalogue), _kinds(catalogue)
    wrong = {"child_abuse": 1 - _founded(catalogue, CHILD)}
    for kind in ("partner_violence", "elder_abuse", "violence_against_parents"):
        wrong[kind] = 1 - _founded(catalogue, "18+")
    return {kind: first * parts[kind] * wrong.get(kind, 1.0) for kind in parts}


def suspicions(catalogue: Catalogue) -> list[dict[str, str]]:
    """First report of what is no violence per person-year; of adults all kinds together."""
    reports = _suspected(catalogue)
    child = reports.pop("child_abuse") / _residents(catalogue, range(ADULT))
    adult = sum(reports.values()) / _residents(catalogue, range(ADULT, 121))
    return [{"age": CHILD, "rate": f"{child:.6f}"}, {"age": "18+", "rate": f"{adult:.6f}"}]


def suspicion_parts(catalogue: Catalogue) -> list[dict[str, str]]:
    """Part of those of adults with a partner that is about the partner, and of the old without one about their care."""
    reports, rate = _suspected(catalogue), float(suspicions(catalogue)[1]["rate"])
    old_alone = _residents(catalogue, range(PENSION, 121)) - _partnered(catalogue, range(PENSION, 100, 5))
    parts = {
        "partner": reports["partner_violence"] / (rate * _partnered(catalogue)),
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
            children_only = of_children / (child_part * total) if kind == "child_abuse" else 0.0
            if reporter in _ONLY_OF_CHILDREN:
                share = reports / (child_part * total) if kind == "child_abuse" else 0.0
            else:
                share = (1 - children_only) * reports / (total - of_children)
            rows.append({"reporter": reporter, "reported_kind": kind, "share": f"{share:.4f}"})
    return rows


# --- inquiries -------------------------------------------------------------------------------------------------


def inquiry_share(catalogue: Catalogue) -> list[dict[str, str]]:
    """Part of the reports of each kind that an inquiry follows."""
    completed = catalogue.table("veilig_thuis_inquiries_2023").value(outcome="completed")
    found, parts = _by_age(catalogue), _kinds(catalogue)
    all_found = sum(sum(of_age) for of_age in found.values())
    of_adults = parts["partner_violence"] + parts["elder_abuse"] + parts["violence_against_parents"]
    share = {
        age: completed * sum(found[age]) / all_found / (_reports(catalogue) * part)
        for age, part in ((CHILD, parts["child_abuse"]), ("18+", of_adults))
    }
    of_kind = {kind: share[CHILD] if kind == "child_abuse" else share["18+"] for kind in KINDS}
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
    true = _assumed(catalogue, "unconfirmed_is_true")
    rows = []
    for whose, (confirmed, unclear, refuted) in zip(("child", "adult"), _by_age(catalogue).values(), strict=True):
        yes, no = confirmed + true * unclear, (1 - true) * unclear + refuted
        cells = [("confirmed", "yes", confirmed / yes), ("confirmed", "no", 0.0)]
        cells += [("not_confirmed", "yes", true * unclear / yes), ("not_confirmed", "no", (1 - true) * unclear / no)]
        rows += [
            {"outcome": f"{whose}_{what}", "founded": founded, "share": f"{share:.4f}"}
            for what, founded, share in cells
        ]
    return rows


def outcome_percent(catalogue: Catalogue) -> list[dict[str, str]]:
    """Of the kinds of violence that inquiries looked at, the part with each outcome, in percent."""
    found = _by_age(catalogue)
    total = sum(sum(of_age) for of_age in found.values())
    names = {
        CHILD: ("child_abuse_confirmed", "child_abuse_not_confirmed", "no_child_abuse"),
        "18+": ("domestic_violence_confirmed", "domestic_violence_not_confirmed", "no_domestic_violence"),
    }
    return [
        {"outcome": name, "percent": f"{100 * number / total:.1f}"}
        for age in names for name, number in zip(names[age], found[age], strict=True)
    ]  # fmt: skip


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "violence_begins": begins,
    "violence_part_of_partners": part_of_partners,
    "child_abuse_middle_estimate": middle_estimate,
    "violence_first_reports": first_reports,
    "violence_suspicions": suspicions,
    "violence_suspicion_parts": suspicion_parts,
    "veilig_thuis_reporters": reporters,
    "veilig_thuis_inquiry_share": inquiry_share,
    "veilig_thuis_process": process,
    "veilig_thuis_outcomes": outcomes,
    "veilig_thuis_outcome_percent": outcome_percent,
}
