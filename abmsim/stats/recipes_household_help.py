"""Household help: how often people report a need, solved so that users by age and living arrangement come out."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abmsim.stats.by_age import ages_of, between
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES

ADULT = 18
STEPS_PER_YEAR = 6
LONGEST_SPELL_YEARS = 25
"""Longer spells are few enough to be taken as over."""
YOUNGER_BANDS = ("18-29", "30-44", "45-59", "60-74")
BANDS: tuple[str, ...] = (*YOUNGER_BANDS, "75-84", "85+")
KNOTS = {"18-29": 24, "30-44": 37, "45-59": 52, "60-74": 67, "75-84": 80, "85+": 89}
"""Ages at which the solved rates stand; between them the logarithm of the rate is a straight line."""
WEEKS_PER_YEAR = 365.25 / 7
_NORMS = (
    "base module clean and liveable house, full take-over", "less: own possibilities client or network",
    "more: much extra for limitations", "more: household composition",
)  # fmt: skip


def turnover(catalogue: Catalogue) -> list[dict[str, str]]:
    """Starts a year, users on 1 January and mean spell in years, from the persons of a year and of its first half.

    Steady within the year and nobody twice: who is new in the second half is half of a year's starts.
    """
    persons = catalogue.table("wmo_household_help_persons_2024")
    half, year = persons.value(period="2024H1"), persons.value(period="2024")
    starts = 2 * (year - half)
    stock = half - starts / 2
    figures = {"starts_per_year": starts, "users_on_1_january": stock, "mean_spell_years": stock / starts}
    return [{"figure": name, "value": f"{value:.4f}"} for name, value in figures.items()]


def ends(catalogue: Catalogue) -> list[dict[str, str]]:
    """How help ends other than by death: early, per person-year; or not renewed when the right is over, as a share."""
    spell = catalogue.table("wmo_household_help_turnover").value(figure="mean_spell_years")
    reasons = catalogue.table("wmo_end_reasons")
    alive = reasons.value(reason="all") - reasons.value(reason="deceased")
    planned = reasons.value(reason="as_planned") / alive
    leaving = 1 / spell - _mortality_of_users(catalogue)
    rights = catalogue.table("wmo_right_years")
    right_years = (rights.value(end="shortest") + rights.value(end="longest")) / 2
    return [{"early": f"{leaving * (1 - planned):.4f}", "not_renewed": f"{leaving * planned * right_years:.4f}"}]


def _mortality_of_users(catalogue: Catalogue) -> float:
    """Deaths per person-year among users, who die at the rates of their age."""
    rates = catalogue.table("death_rate")
    residents = catalogue.table("residents_nl_by_age_sex")
    published = catalogue.table("wmo_household_help_by_age")
    total = catalogue.table("wmo_household_help_persons_2024").value(period="2024H1")
    users, deaths = 0.0, 0.0
    for label in ("75-84", "85+", "60-74"):
        persons = {
            (age, sex): residents.value(year="2022", age=str(age), sex=sex)
            for age in ages_of(label) if str(age) in residents.labels["age"] for sex in SEXES
        }  # fmt: skip
        at_risk = sum(persons.values())
        rate = sum(number * rates.value(age=str(age), sex=sex) for (age, sex), number in persons.items()) / at_risk
        of_band = total - users if label == "60-74" else at_risk * published.value(age=label) / 100
        users, deaths = users + of_band, deaths + of_band * rate
    return deaths / users


@dataclass(frozen=True, slots=True)
class _World:
    """What the solution needs to know; shares of residents by age: alone, with a partner, otherwise at home."""

    residents_2020: Mapping[int, float]
    residents_2022: Mapping[int, float]
    alone: Mapping[int, float]
    with_partner: Mapping[int, float]
    otherwise: Mapping[int, float]
    granted: float
    partner_helps: float
    process_years: float
    next_look_years: float
    survival: Sequence[float]
    sex_ratio: float


def reports(catalogue: Catalogue) -> list[dict[str, str]]:
    """Reports of a need per person-year by age, sex and living alone; nobody reports before 18.

    Solved: the rate at six knots of age (users by age band), the ratio of those who live alone (users aged 70+ by
    household type), and the power that leads from all support at home to household help under 75 (users of 2020).
    Users follow from the rates by a forward run over age of four states: not in the module, in the process, told no,
    helped (for as long as rights are renewed). Everybody keeps their living arrangement, as in the engine's history
    without a back story.
    """
    world = _world(catalogue)
    ratio_published = ratio_alone(catalogue)
    total_2020 = catalogue.table("wmo_household_help_persons").value(year="2020")
    power, alone_ratio, knots = 1.4, 2.0, dict.fromkeys(BANDS, 0.01)
    for _ in range(40):
        outcome = _outcome(world, knots, alone_ratio)
        wanted = _wanted(catalogue, power)
        knots = {band: knots[band] * wanted[band] / outcome.half_year_share[band] for band in BANDS}
        alone_ratio *= ratio_published / outcome.ratio_70_plus
        power *= (outcome.persons_2020 / total_2020) ** 0.5
    return [
        {"age": "0-17", "sex": sex, "lives_alone": alone, "rate": "0"} for sex in SEXES for alone in ("no", "yes")
    ] + [
        {"age": str(age), "sex": sex, "lives_alone": alone,
         "rate": f"{rate_at(knots, age) * _of_sex(world, sex) * (alone_ratio if alone == 'yes' else 1):.6f}"}
        for age in range(ADULT, LAST_AGE + 1) for sex in SEXES for alone in ("no", "yes")
    ]  # fmt: skip


def _wanted(catalogue: Catalogue, power: float) -> dict[str, float]:
    """Share of residents with household help in a half-year, by age band."""
    published = catalogue.table("wmo_household_help_by_age")
    support = catalogue.table("wmo_use_by_age_of_75_84")
    wanted = {label: published.value(age=label) / 100 for label in ("75-84", "85+")}
    for band in YOUNGER_BANDS:
        wanted[band] = wanted["75-84"] * support.value(age=band) ** power
    return wanted


@dataclass(frozen=True, slots=True)
class _Outcome:
    half_year_share: Mapping[str, float]
    ratio_70_plus: float
    persons_2020: float


def _outcome(world: _World, knots: Mapping[str, float], alone_ratio: float) -> _Outcome:
    helped: dict[str, dict[int, float]] = {}
    starts: dict[str, dict[int, float]] = {}
    for name, share_with_partner, ratio in (("alone", None, alone_ratio), ("together", world, 1.0)):
        helped[name], starts[name] = _run_over_age(world, knots, ratio, share_with_partner is not None)

    def users(age: int, years: float) -> tuple[float, float]:
        alone = helped["alone"][age] + years * starts["alone"][age]
        together = helped["together"][age] + years * starts["together"][age]
        return world.alone[age] * alone, (world.with_partner[age] + world.otherwise[age]) * together

    half_year = {}
    for band in BANDS:
        ages = [age for age in ages_of(band) if age in world.residents_2022]
        half_year[band] = sum(world.residents_2022[age] * sum(users(age, 0.5)) for age in ages) / sum(
            world.residents_2022[age] for age in ages
        )
    old = [age for age in world.residents_2020 if age >= 70]
    at_home = {age: world.with_partner[age] + world.otherwise[age] for age in old}
    alone_share = sum(world.residents_2020[a] * users(a, 1)[0] for a in old) / sum(
        world.residents_2020[a] * world.alone[a] for a in old
    )
    together_share = sum(world.residents_2020[a] * users(a, 1)[1] for a in old) / sum(
        world.residents_2020[a] * at_home[a] for a in old
    )
    persons = sum(number * sum(users(age, 1.0)) for age, number in world.residents_2020.items() if age >= ADULT)
    return _Outcome(half_year, alone_share / together_share, persons)


def _run_over_age(
    world: _World, knots: Mapping[str, float], ratio: float, together: bool
) -> tuple[dict[int, float], dict[int, float]]:
    """Share helped and starts per person-year, means over each year of age, among residents of one arrangement."""
    idle, process, told_no, helped = 1.0, 0.0, 0.0, 0.0
    step = 1 / STEPS_PER_YEAR
    ending = [high - low for high, low in itertools.pairwise(world.survival)]
    began: deque[float] = deque(maxlen=len(ending))
    shares, starts = {}, {}
    for age in range(ADULT, LAST_AGE + 1):
        at_home = world.with_partner[age] + world.otherwise[age]
        with_partner = world.with_partner[age] / at_home if together and at_home else 0.0
        success = world.granted * (1 - with_partner * world.partner_helps)
        rate = rate_at(knots, age) * ratio
        shares[age] = starts[age] = 0.0
        for _ in range(STEPS_PER_YEAR):
            reported = idle * -math.expm1(-rate * step) * (1 - with_partner * (process + helped))
            decided = process * -math.expm1(-step / world.process_years)
            again = told_no * -math.expm1(-step / world.next_look_years)
            left = sum(start * end for start, end in zip(began, ending, strict=False))
            began.appendleft(decided * success)
            idle += again + left - reported
            process += reported - decided
            told_no += decided * (1 - success) - again
            helped += decided * success - left
            shares[age] += helped * step
            starts[age] += decided * success
    return shares, starts


def _survival(catalogue: Catalogue) -> list[float]:
    """Share of spells of help that still run after 0, 1, 2, ... steps, deaths left out.

    A right lasts any time between `shortest` and `longest` years and is then renewed or not; help may end early.
    """
    step = 1 / STEPS_PER_YEAR
    shortest, longest = (catalogue.table(f"wmo_right_years_{end}").value() for end in ("shortest", "longest"))
    early = catalogue.table("wmo_household_help_ends_early").value()
    renewed = 1 - catalogue.table("wmo_household_help_not_renewed").value()
    first, last = round(shortest / step), round(longest / step)
    share = 1 / (last - first)
    running: list[float] = []
    for at in range(LONGEST_SPELL_YEARS * STEPS_PER_YEAR):
        in_first_right = min(max((last - at) * share, 0.0), 1.0)
        in_later_right = sum(running[at - length] for length in range(first + 1, last + 1) if length <= at)
        running.append(in_first_right + renewed * share * in_later_right)
    return [math.exp(-early * step * at) * share_left for at, share_left in enumerate(running)] + [0.0]


def rate_at(knots: Mapping[str, float], age: int) -> float:
    """On the lines between the logarithms of the bands' rates, each at the middle of its band."""
    return math.exp(between([(KNOTS[band], math.log(knots[band])) for band in BANDS], age))


def _of_sex(world: _World, sex: str) -> float:
    """Women report `sex_ratio` times as often as men; the mean of both is 1."""
    return (world.sex_ratio if sex == "female" else 1.0) * 2 / (1 + world.sex_ratio)


def ratio_alone(catalogue: Catalogue) -> float:
    """Use at 70+ of those who live alone against all others at home."""
    use = catalogue.table("wmo_use_70plus_by_household_type").cells
    persons = catalogue.table("residents_70plus_by_household_type").cells
    others = [cell for cell in use if cell != ("one_person_household",)]
    mean = sum(persons[cell] * use[cell] for cell in others) / sum(persons[cell] for cell in others)
    return use[("one_person_household",)] / mean


def _world(catalogue: Catalogue) -> _World:
    arrangement = catalogue.table("residents_nl_by_living_arrangement")
    share: dict[str, dict[int, float]] = {name: {} for name in arrangement.labels["arrangement"]}
    for label in arrangement.labels["age"]:
        total = sum(arrangement.value(age=label, arrangement=name) for name in share)
        for name in share:
            for age in ages_of(label):
                share[name][age] = arrangement.value(age=label, arrangement=name) / total
    residents = catalogue.table("residents_nl_by_age_sex")
    process = catalogue.table("wmo_household_help_process")
    return _World(
        residents_2020={
            int(age.rstrip("+")): number
            for (age,), number in catalogue.table("residents_nl_2020_by_age").cells.items()
        },
        residents_2022={
            int(age): sum(residents.value(year="2022", age=age, sex=sex) for sex in SEXES)
            for age in residents.labels["age"]
        },
        alone=share["alone"], with_partner=share["with_partner"], otherwise=share["otherwise_at_home"],
        granted=process.value(step="granted"), partner_helps=process.value(step="partner_helps"),
        process_years=catalogue.table("wmo_weeks_from_report_to_help").value() / WEEKS_PER_YEAR,
        next_look_years=catalogue.table("wmo_next_look").value(),
        survival=_survival(catalogue),
        sex_ratio=catalogue.table("wmo_household_help_sex_ratio").value(),
    )  # fmt: skip


def use_against_75_84(catalogue: Catalogue) -> list[dict[str, str]]:
    """Use of support at home by age band as a ratio to that of 75-84, plain mean over the municipalities."""
    use = catalogue.table("wmo_use_by_age_in_three_municipalities")
    places = use.labels["municipality"]
    rows = []
    for band in YOUNGER_BANDS:
        ratios = [use.value(municipality=at, age=band) / use.value(municipality=at, age="75-84") for at in places]
        rows.append({"age": band, "ratio": f"{sum(ratios) / len(ratios):.4f}"})
    return rows


def hours(catalogue: Catalogue) -> list[dict[str, str]]:
    """Hours a week by the norm: of a whole house, less what the resident can do, more for limitations and for three."""
    norm = catalogue.table("wmo_household_help_norm_hours")
    base, own, much, more_persons = (norm.value(component=name) for name in _NORMS)
    by_limitations = {"none": own, "some": 0.0, "severe": much}
    return [
        {"limitations": limitations, "household_size": size,
         "hours": f"{(base + extra + (more_persons if size == '3+' else 0)) / WEEKS_PER_YEAR:.2f}"}
        for limitations, extra in by_limitations.items() for size in ("0-2", "3+")
    ]  # fmt: skip
