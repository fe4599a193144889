"""Who lives here: what the charts of residents and households show."""

from __future__ import annotations

from dataclasses import dataclass

from abmsim.schema.schema import load_schema
from abmsim.validate.counts import counts
from abmsim.validate.opened import BASE, OpenRun
from abmsim.validate.published import SIZES, published_counts

GROUPS = tuple(f"{age}-{age + 4}" for age in range(0, 95, 5)) + ("95+",)

HOUSEHOLD_TYPES = {
    "single_person": ("one person", "eenpersoonshuishouden"),
    "couple_unmarried": ("unmarried couple", "niet-gehuwd paar"),
    "couple_married": ("married couple", "gehuwd paar"),
    "single_parent": ("one parent", "eenouderhuishouden"),
    "other_household": ("other", "overig huishouden"),
}
"""Types of private households with what they are called on the page."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One label with its count in the run and the published one, scaled to the size of the run."""

    label: str
    simulated: int
    published: float
    dutch: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars of one subject; `unit` is what they count, `source` the published table."""

    title: str
    dutch: str
    unit: str
    source: str
    bars: tuple[Bar, ...]

    @property
    def most(self) -> float:
        return max(1.0, *(max(bar.simulated, bar.published) for bar in self.bars))


@dataclass(frozen=True, slots=True)
class Rung:
    """One age group of the pyramid: women and men, and how many of them live in an institution."""

    label: str
    female: int
    male: int
    female_institution: int
    male_institution: int


@dataclass(frozen=True, slots=True)
class Residents:
    """All charts of this part; `exact` if every bar is as long as the published one."""

    pyramid: tuple[Rung, ...]
    charts: tuple[BarChart, ...]

    @property
    def widest(self) -> int:
        return max(1, *(max(rung.female, rung.male) for rung in self.pyramid))

    @property
    def exact(self) -> bool:
        return all(bar.simulated == bar.published for chart in self.charts for bar in chart.bars)


def residents(run: OpenRun) -> Residents:
    """The residents on the base date beside the published counts of the same municipalities."""
    published = published_counts(run.catalogue, run.places)
    found = counts(run)

    def bar(subject: str, label: str, shown: str, dutch: str = "") -> Bar:
        return Bar(shown, found.get((subject, label), 0), published[subject].get(label, 0) / run.scale, dutch)

    positions = load_schema().codes["household_position"].codes
    charts = (
        BarChart(
            "Persons in private households by age",
            "personen in particuliere huishoudens naar leeftijd",
            "persons",
            _source(run, "household_positions_2020"),
            tuple(bar("age", label, label) for label in GROUPS),
        ),
        BarChart(
            "Position in the household",
            "positie in het huishouden",
            "persons",
            _source(run, "household_positions_2020"),
            tuple(bar("position", code.label, code.about, code.dutch) for code in positions),
        ),
        BarChart(
            "Households by type",
            "huishoudens naar type",
            "private households",
            _source(run, "households_type_size_2020"),
            tuple(bar("household type", label, *shown) for label, shown in HOUSEHOLD_TYPES.items()),
        ),
        BarChart(
            "Households by size",
            "huishoudens naar grootte",
            "private households",
            _source(run, "households_type_size_2020"),
            tuple(bar("household size", size, f"{size} {'person' if size == '1' else 'persons'}") for size in SIZES),
        ),
    )
    return Residents(_pyramid(run), charts)


def _source(run: OpenRun, name: str) -> str:
    card = run.catalogue.card(name)
    return f"{card.publisher}, {card.table_id}"


def _pyramid(run: OpenRun) -> tuple[Rung, ...]:
    query = f"""
        select least(date_sub('year', birth_date, {BASE}) // 5, {len(GROUPS) - 1}) as age_group,
            count(*) filter (sex = 'female'), count(*) filter (sex = 'male'),
            count(*) filter (sex = 'female' and inside), count(*) filter (sex = 'male' and inside)
        from (
            select birth_date, sex, person_id in (
                select person_id from household_members where position = 'institution' and from_date <= {BASE}
            ) as inside from persons where entered_by = 'base_date'
        ) group by 1
    """
    rows = {row[0]: row[1:] for row in run.rows(query)}
    return tuple(Rung(label, *rows.get(group, (0, 0, 0, 0))) for group, label in enumerate(GROUPS))
