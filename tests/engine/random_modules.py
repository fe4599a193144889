"""Random small modules and households, as hypothesis draws them: every kind of time, branch, record and reading."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from toys import Person, Toys

from abmsim.days import day_date, parse_day

CONDITIONS = (
    "age >= 18", "age < 40 or level > assume.half", "sex == female", "year >= 2010", "flag", "not flag", "age == 30",
    "household_size > 1", "partner.flag", "not partner.flag", "partner.level > level", "housemates.any.flag",
    "partner.age >= 40", "household.max.age < 50",
    "housemates.count.flag >= 1", "mother.flag or father.flag", "stage == late", "18 <= age <= 65 and not flag",
    "household.sum.level > 1", "children.max.level >= level", "children.count.flag >= 2", "household.min.level > 0.4",
    "housemates.sum.level < household.max.level",
    "in_institution or position == single", "lives_alone", "level * assume.half < exp(-level)", "today >= '2015-03-04'",
)  # fmt: skip
TIMES = (
    "wait: {is: 2-6 months, why: a toy}", "wait: {is: 3 months, why: a toy}", "wait: {is: 2 years, why: a toy}",
    "wait: {lognormal: {median: assume.two, sigma: assume.half}, unit: years}",
    "wait: {weibull: {scale: assume.two, shape: assume.two}, unit: months}",
    "wait: {normal: {mean: assume.two, sd: assume.half}, unit: months}",
    "wait: {exponential: {mean: assume.two}, unit: years}", "hazard: stats.by_age",
    "await: desk", "await: {at: provider, priority: level * 2 - 1}",
    "hazard: {rate: stats.by_age, times: exp(level)}", "hazard: stats.by_year * assume.half",
)  # fmt: skip
SETTINGS = (
    "flag: true", "flag: false", "flag: not flag", "level: level + assume.half", "level: 'min(level / assume.two, 3)'",
    "level: {uniform: [0, 2], why: a toy}", "stage: late", "stage: early",
    "level: logistic(level) if flag else log(assume.two)",
)  # fmt: skip
RECORDS = {
    "ggd": ("vaccination: {vaccine: BMR, dose: 1}", ""),
    "youth": ("youth_help: {help_form: {ambulatory: stats.by_sex, in_network: rest}}", "youth_help: as_planned"),
    "wmo": (
        "wmo_provision: {product: household_help, right_end: assume.right, "
        "financing_form: {pgb: assume.half, in_kind: rest}}",
        "wmo_provision: by_client",
    ),
}  # fmt: skip

HEAD = """\
module: {name}
about: drawn at random
begins: {begins}
attributes:
  flag: {{type: bool, default: false, about: a flag}}
  level: {{type: number, default: 0.25, about: a level}}
  stage: {{type: category, labels: [early, late], default: early, about: a stage}}
assume:
  half: {{is: 0.5, why: a toy}}
  two: {{is: 2, why: a toy}}
  right: {{is: 1-3 years, why: a toy}}
start: s0
states:
"""

DEATHS = """\
module: toy/deaths
about: somebody dies now and then, a few of them in history
assume: {early: {is: 0.02, why: a toy}, times: {is: 6, why: a toy}}
start: child
states:
  child: {when: age >= 12, next: {dead: assume.early, alive: rest}}
  alive: {when: year >= 2020, hazard: {rate: stats.by_age, times: assume.times}, next: dead}
  dead: {death: {}, final: true}
"""


def give_statistics(toys: Toys) -> None:
    """The statistics that the random modules read."""
    ages = ("0-17", "18-39", "40+")
    rates = "\n".join(f"{age},{sex},{rate}" for sex, by in (("female", (0.1, 0.3, 0.2)), ("male", (0.4, 0.05, 0.3)))
                      for age, rate in zip(ages, by, strict=True))  # fmt: skip
    toys.statistic("by_age", "rate per person-year", f"age,sex,value\n{rates}")
    toys.statistic("by_year", "rate per person-year", "year,value\n1950-1999,0.1\n2000-2019,1\n2020,0.5\n2021+,0.2")
    toys.statistic("by_sex", "share", "sex,value\nfemale,0.3\nmale,0.8")
    toys.institution("desk", "2-9 weeks")
    toys.institution("provider", "1 month", "capacity: {a_month: {is: 3, why: a toy}}")


@st.composite
def modules(draw: DrawFn, name: str, prefix: str = "") -> str:
    """A module in which every state is reached; only a state with time of its own leads back."""
    count = draw(st.integers(3, 6))
    opens, closes = RECORDS[draw(st.sampled_from(sorted(RECORDS)))]
    closed_in = draw(st.integers(2, count - 1))
    begins = draw(st.sampled_from(("birth", "base_date")))
    text = HEAD.format(name=name, begins=begins)
    for number in range(count):
        lines = [f"about: state {number}"]
        if number == 1:
            lines.append(opens)
        if number == closed_in and closes:
            lines.append(f"end: {{{closes}}}")
        settings = draw(st.lists(st.sampled_from(SETTINGS), max_size=2, unique_by=lambda text: text.split(":")[0]))
        if settings:
            lines.append(f"set: {{{', '.join(settings)}}}")
        times = draw(ways(number, count, ends="wmo_provision" in opens and number > 1))
        if draw(st.booleans()) and not any("await" in line for line in times):
            lines.append("silent: true")
        lines += times
        text += f"  s{number}:\n" + "".join(f"    {line}\n" for line in lines)
    return re.sub(r"\b(flag|level|stage)\b", rf"{prefix}\1", text)


@st.composite
def ways(draw: DrawFn, number: int, count: int, ends: bool) -> list[str]:
    """The time in a state, and where it leads: on, or anywhere if time passes for sure."""
    onward = f"s{number + 1}" if number + 1 < count else "s0"
    last = number == count - 1
    timeless = () if last else ("when", "crisis", "none")
    kind = draw(st.sampled_from(("time", "guarded", "until", *timeless)))
    condition = draw(st.sampled_from(CONDITIONS))
    time = draw(st.sampled_from(TIMES))
    lowest = 0 if kind in ("time", "guarded") else min(number + 1, count - 1)
    other = f"s{draw(st.integers(lowest, count - 1))}"
    lines = {
        "time": [time],
        "guarded": [f"when: {condition}", draw(st.sampled_from([time for time in TIMES if time.startswith("hazard")]))],
        "until": [],
        "when": [f"when: {condition}"],
        "crisis": [f'await: {{at: {draw(st.sampled_from(("desk", "provider")))}, crisis: "{condition}"}}'],
        "none": [],
    }[kind]
    if kind == "until":
        exits = [f"{{{time}}}", "{hazard: stats.by_age}"] + ["wmo_provision.ends"] * ends
        exits += [f'"{condition}"'] * (not last)
        lines = [f"until: [{', '.join(draw(st.permutations(exits)))}]"]
    branches = [onward]
    if other != onward:
        branches += [
            f"{{{other}: stats.by_sex, {onward}: rest}}", f"{{{onward}: assume.half, {other}: rest}}",
            f'[{{when: "{draw(st.sampled_from(CONDITIONS))}", to: {other}}}, {{else: {onward}}}]',
        ]  # fmt: skip
    return [*lines, f"next: {draw(st.sampled_from(branches))}"]


@st.composite
def units(draw: DrawFn) -> list[list[Person]]:
    """Some households of one to four, of residents born from 1960 to 2019."""
    days = st.integers(parse_day("1960-01-01"), parse_day("2019-12-31"))
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    return [[draw(persons(days, size)) for _ in range(size)] for size in sizes]


@st.composite
def persons(draw: DrawFn, days, size: int) -> Person:
    values = {
        "sex": float(draw(st.booleans())), "household_size": float(size), "lives_alone": float(size == 1),
        "has_partner": float(size > 1), "position": float(draw(st.integers(0, 8))),
        "is_household_head": float(draw(st.booleans())), "in_institution": float(draw(st.integers(0, 9)) == 0),
    }  # fmt: skip
    return Person(day_date(draw(days)).isoformat(), values)
