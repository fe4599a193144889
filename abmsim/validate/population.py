"""Residents and households of a run beside the published counts: exact at full size, sampled below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from abmsim.validate.counts import Tallies, Tally, sampling_error, tallies, together
from abmsim.validate.figure import Comparison, Figure
from abmsim.validate.opened import OpenRun
from abmsim.validate.published import SUBJECTS, Counts, published_counts

_UNITS = {"household type": "households", "household size": "households"}
_TITLES = {
    "residents": "Residents",
    "sex": "Residents by sex",
    "age": "Persons in private households by age",
    "position": "Persons by position in the household",
    "household type": "Private households by type",
    "household size": "Private households by size",
}
SAMPLE_MARGIN = 0.05
"""A sample stands for its place where it is as near as this: an assumption, as good as what samples are used for."""

_AGE_OF_ALL = "population_by_age_2020"


def population_comparisons(run: OpenRun) -> list[Comparison]:
    """One comparison a subject, of all places together; several whole places are also told one by one."""
    found = tallies(run)
    published = published_counts(run.catalogue, run.places)
    comparisons = [_comparison(run, subject, found, published) for subject in SUBJECTS]
    if run.is_country:
        comparisons.append(_country_ages(run))
    if run.is_whole and len(run.places) > 1:
        comparisons.append(_places_one_by_one(run, found))
    return comparisons


def _comparison(run: OpenRun, subject: str, found: Tallies, published: Counts) -> Comparison:
    total = together(found)
    residents = total["residents", "all"]
    labels = [*published[subject], *(label for of, label in total if of == subject and label not in published[subject])]
    figures = tuple(
        _figure(run, label, published[subject].get(label, 0), total.get((subject, label), Tally()), residents)
        for label in labels
    )
    return _of_card(run, SUBJECTS[subject], _TITLES[subject], _UNITS.get(subject, "persons"), figures)


def _figure(run: OpenRun, label: str, published: int, tally: Tally, residents: Tally) -> Figure:
    share = published / run.published_residents
    error = sampling_error(tally, residents, share, 1 / run.scale)
    if not run.is_whole and tally.count == 0:
        error = (share * residents.count) ** 0.5  # nobody was drawn, so their scatter is that of the expected count
    return Figure(label.replace("_", " "), published, tally.count * run.scale, error * run.scale, n=tally.count)


def _of_card(run: OpenRun, name: str, title: str, unit: str, figures: tuple[Figure, ...]) -> Comparison:
    card = run.catalogue.card(name)
    role = "exact" if run.is_whole else "parameter"
    margin = 0.0 if run.is_whole else SAMPLE_MARGIN
    reason = "a whole place, counted to the person" if run.is_whole else "a sample of a place that meets these counts"
    source = ", ".join(part for part in (card.publisher, card.table_id, card.period) if part)
    figures = tuple(replace(figure, margin=margin) for figure in figures)
    return Comparison(name, title, source, role, unit, margin, reason, figures, rule=card.counting_rule)


def _country_ages(run: OpenRun) -> Comparison:
    """Everybody in the country by age group, institutions included; municipalities are not published like that."""
    groups: dict[str, int] = {}
    for row in run.catalogue.rows(_AGE_OF_ALL):
        label = _ten_years(int(row["age"].rstrip("+")))
        groups[label] = groups.get(label, 0) + int(row["persons"])
    query = """
        select date_sub('year', birth_date, DATE '2020-01-01') // 10 as decade, count(*) from persons
        where entered_date = DATE '2020-01-01' and birth_date < entered_date group by 1
    """
    simulated: dict[str, int] = {}
    for decade, count in run.rows(query):
        label = _ten_years(10 * decade)
        simulated[label] = simulated.get(label, 0) + count
    figures = []
    for label, published in groups.items():
        expected = published / run.scale
        error = 0.0 if run.is_whole else run.scale * (expected * (1 - 1 / run.scale)) ** 0.5
        count = simulated.get(label, 0)
        figures.append(Figure(label, published, count * run.scale, error, n=count))
    return _of_card(run, _AGE_OF_ALL, "All residents by age, institutions included", "persons", tuple(figures))


def _ten_years(age: int) -> str:
    first = min(age // 10 * 10, 100)
    return f"{first}+" if first == 100 else f"{first}-{first + 9}"


def _places_one_by_one(run: OpenRun, found: Tallies) -> Comparison:
    names = {row["municipality_code"]: row["name"] for row in run.catalogue.rows("municipalities_2020")}
    figures = tuple(figure for code in run.places for figure in _place(run, code, names[code], found))
    return _of_card(run, "household_positions_2020", "Counts of each municipality that are exact", "counts", figures)


def _place(run: OpenRun, code: str, name: str, found: Tallies) -> Iterator[Figure]:
    """One line for the place: how many of its counts are equal; and one for each that is not."""
    published = published_counts(run.catalogue, [code])
    figures = []
    for subject in SUBJECTS:
        for label, count in published[subject].items():
            simulated = found.get((code, subject, label), Tally()).count
            figures.append(Figure(f"{name}, {subject} {label}".replace("_", " "), count, simulated))
    equal = sum(figure.simulated == figure.published for figure in figures)
    yield Figure(name, len(figures), equal)
    yield from (figure for figure in figures if figure.simulated != figure.published)
