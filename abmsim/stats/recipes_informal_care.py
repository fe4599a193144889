"""Informal care: who receives it, from how many, how many hours a week, and how heavy that is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist

from abmsim.stats.by_age import ages_of
from abmsim.stats.catalogue import Catalogue
from abmsim.stats.recipes_limitations import ADULT, Limited, limited
from abmsim.stats.recipes_mortality import LAST_AGE, SEXES, bisect

INTENSIVE = 8
"""Hours a week from which care is called intensive."""

MOST_HOURS = 168
_OLD, _OLDER = 55, 75
_LEAST_AS_NEIGHBOURS = 0.1
"""At ages at which partners are more than all carers, still a tenth of them: the widowed help others too."""

_OLDEST = 99
"""From here on as at this age: of the few who are older nearly all have a difficulty."""

_YOUNG = ("20-24",)
"""At 18 and 19 as at 20-24, as are the shares who give care."""


def assumed(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("informal_care_assumptions").value(assumption=name)


def fact(catalogue: Catalogue, name: str) -> float:
    return catalogue.table("informal_care_facts").value(fact=name)


def _persons(catalogue: Catalogue) -> dict[tuple[int, str], float]:
    """Adults on 1 January 2022 by age and sex."""
    table = catalogue.table("residents_nl_by_age_sex")
    ages = [int(age) for age in table.labels["age"] if int(age) >= ADULT]
    return {(age, sex): table.value(year="2022", age=str(age), sex=sex) for age in ages for sex in SEXES}


def _in_need(persons: Mapping[tuple[int, str], float], found: Limited, low: int, high: int) -> tuple[float, float]:
    """(persons with some, with severe difficulty) between two ages, the last one left out."""
    some = severe = 0.0
    for (age, sex), number in persons.items():
        if low <= age < high:
            of_self_care = (found.severe[sex][age] + found.severe[sex][age + 1]) / 2
            of_any = (found.any[sex][age] + found.any[sex][age + 1]) / 2
            some, severe = some + number * (of_any - of_self_care), severe + number * of_self_care
    return some, severe


def received(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of those with a difficulty who receive care: those of 75 and older, and of 55-74 for all before."""
    persons, found = _persons(catalogue), limited(catalogue)
    ratio = assumed(catalogue, "severe_against_some")
    of_older = fact(catalogue, "receives_75_plus_percent") / 100
    of_old = fact(catalogue, "receives_55_plus_percent") / 100
    older = sum(number for (age, _), number in persons.items() if age >= _OLDER)
    old = sum(number for (age, _), number in persons.items() if age >= _OLD)
    rows = []
    for label, receivers, low, high in (
        (f"0-{_OLDER - 1}", old * of_old - older * of_older, _OLD, _OLDER),
        (f"{_OLDER}-{LAST_AGE}", older * of_older, _OLDER, LAST_AGE),
    ):
        some, severe = _in_need(persons, found, low, high)
        share = receivers / (some + ratio * severe)
        for limitations, times in (("none", 0.0), ("some", 1.0), ("severe", ratio)):
            rows.append({"age": label, "limitations": limitations, "share": f"{min(share * times, 1.0):.4f}"})
    return rows


def carers(catalogue: Catalogue) -> list[dict[str, str]]:
    """Carers of each who receives care: those who give care, and whom they care for, over those who receive it."""
    persons, found, share = _persons(catalogue), limited(catalogue), catalogue.table("informal_care_received")
    receivers = 0.0
    for label, low, high in ((f"0-{_OLDER - 1}", ADULT, _OLDER), (f"{_OLDER}-{LAST_AGE}", _OLDER, LAST_AGE)):
        some, severe = _in_need(persons, found, low, high)
        receivers += some * share.value(age=label, limitations="some")
        receivers += severe * share.value(age=label, limitations="severe")
    givers = sum(number * given for number, given in _givers(catalogue))
    return [{"persons": f"{givers * assumed(catalogue, 'cared_for_per_carer') / receivers:.4f}"}]


def _givers(catalogue: Catalogue) -> list[tuple[float, float]]:
    """(adults, share of them who give care in 2022) by age and sex together."""
    return [(number, given_at(catalogue, age)) for (age, _), number in _persons(catalogue).items()]


def given_at(catalogue: Catalogue, age: int) -> float:
    """Share of residents of an age who give care in 2022; at 18 and 19 as at 20-24."""
    table = catalogue.table("informal_care_given")
    for label in table.labels["age"]:
        low, _, high = label.rstrip("+").partition("-")
        if max(age, 20) <= int(high or LAST_AGE) and max(age, 20) >= int(low):
            return table.value(year="2022", age=label) / 100
    raise ValueError(f"no figure at age {age}")


def neighbours(catalogue: Catalogue) -> list[dict[str, str]]:
    """Who of those able is asked as a neighbour, by age and sex: in proportion to those who give care less those who do
    as partners, or young as children and housemates.

    Women give care so much more often than men at every age as they do at all ages. Only who has no difficulty of their
    own begins to care, and care goes on for some years: the able of that time are asked the oftener the fewer they are.
    """
    lasts = round(1 / assumed(catalogue, "ends_otherwise"))
    women, men = (fact(catalogue, f"carers_{sex}_percent") for sex in ("women", "men"))
    of_sex = {"female": 2 * women / (women + men), "male": 2 * men / (women + men)}
    found, rows = limited(catalogue), []
    for age in range(ADULT, LAST_AGE + 1):
        for sex, other in (("female", "male"), ("male", "female")):
            given = given_at(catalogue, age) * of_sex[sex]
            rest = given - _as_partners(catalogue, found, age, sex, other) - _as_kin(catalogue, age)
            able = 1 - found.any[sex][min(max(age, ADULT + lasts), _OLDEST) - lasts]
            share = max(rest, given * _LEAST_AS_NEIGHBOURS) / able
            rows.append({"age": str(age), "sex": sex, "share": f"{share:.5f}"})
    return rows


def _as_kin(catalogue: Catalogue, age: int) -> float:
    """Share of an age who care for a parent or housemate; few but the young have a parent in a sample who needs it."""
    label = next((label for label in _YOUNG if age <= ages_of(label)[-1]), None)
    return assumed(catalogue, f"kin_cared_for_at_{label}") if label else 0.0


def _as_partners(catalogue: Catalogue, found: Limited, age: int, sex: str, other: str) -> float:
    """Share of an age and sex who care for the partner, of the other sex and of the same age."""
    share = catalogue.table("informal_care_received")
    label = f"0-{_OLDER - 1}" if age < _OLDER else f"{_OLDER}-{LAST_AGE}"
    severe, either = found.severe[other][age], found.any[other][age]
    in_care = severe * share.value(age=label, limitations="severe")
    in_care += (either - severe) * share.value(age=label, limitations="some")
    able = (1 - found.severe[sex][age]) * assumed(catalogue, "partner_cares")
    return _with_partner(catalogue, age) * in_care * able


def _with_partner(catalogue: Catalogue, age: int) -> float:
    """Share of residents of an age who live with a partner."""
    table = catalogue.table("residents_nl_by_living_arrangement")
    labels = table.labels["age"]
    label = next(label for label in reversed(labels) if int(label.rstrip("+").partition("-")[0]) <= age)
    everybody = sum(table.value(age=label, arrangement=name) for name in table.labels["arrangement"])
    return table.value(age=label, arrangement="with_partner") / everybody


def hours(catalogue: Catalogue) -> list[dict[str, str]]:
    """Shares by whole hours a week: lognormal with the published mean, and the published share of eight or more."""
    intensive = fact(catalogue, "intensive_percent") / 100
    wanted = fact(catalogue, "hours_per_week")
    spread = bisect(lambda sigma: _mean(_shares(sigma, intensive)) - wanted, 0.5, 2.0)
    shares = _shares(spread, intensive)
    rows = []
    less, more = range(1, INTENSIVE), range(INTENSIVE, MOST_HOURS + 1)
    for label, of, part in (("no", less, 1 - intensive), ("yes", more, intensive)):
        rows += [{"intensive": label, "hours": str(hour), "share": f"{shares[hour] / part:.6f}"} for hour in of]
    return rows


def _shares(sigma: float, intensive: float) -> dict[int, float]:
    """Share of each whole hour if the logarithm has this spread."""
    line = NormalDist(math.log(INTENSIVE - 0.5) - sigma * NormalDist().inv_cdf(1 - intensive), sigma)
    below = [0.0, *(line.cdf(math.log(hour + 0.5)) for hour in range(1, MOST_HOURS)), 1.0]
    return {hour: below[hour] - below[hour - 1] for hour in range(1, MOST_HOURS + 1)}


def _mean(shares: Mapping[int, float]) -> float:
    return sum(hour * share for hour, share in shares.items())


def burden(catalogue: Catalogue) -> list[dict[str, str]]:
    """Share of those who begin to care for whom it becomes a heavy burden, by hours, sex and work.

    So many that the published share of all carers is heavily burdened though some of the burdened give up.
    """
    women, men = (fact(catalogue, f"carers_{sex}_percent") for sex in ("women", "men"))
    of_women = women / (women + men)
    ratio = fact(catalogue, "heavily_burdened_women_percent") / fact(catalogue, "heavily_burdened_men_percent")
    level = fact(catalogue, "heavily_burdened_percent") / 100 / (of_women * ratio + 1 - of_women)
    times, at_work = (
        assumed(catalogue, f"burden_{name}") for name in ("intensive_against_less", "employed_against_not")
    )
    intensive, employed = fact(catalogue, "intensive_percent") / 100, _employed(catalogue)
    level /= (1 - intensive + intensive * times) * (1 - employed + employed * at_work)
    rows = []
    for label, of_hours in (("0", 0.0), (f"1-{INTENSIVE - 1}", 1.0), (f"{INTENSIVE}+", times)):
        for sex, of_sex in (("female", ratio), ("male", 1.0)):
            for works, of_work in (("no", 1.0), ("yes", at_work)):
                share = _before_giving_up(catalogue, level * of_hours * of_sex * of_work)
                rows.append({"care_hours_given": label, "sex": sex, "employed": works, "share": f"{share:.4f}"})
    return rows


def _before_giving_up(catalogue: Catalogue, share: float) -> float:
    """The share of those who begin, from that of those who care at a time: who gives up cares for a shorter time."""
    otherwise = assumed(catalogue, "ends_otherwise")
    odds = share / (1 - share) * (otherwise + _gives_up(catalogue)) / otherwise
    return odds / (1 + odds)


def _gives_up(catalogue: Catalogue) -> float:
    return fact(catalogue, "overburdened") / fact(catalogue, "heavily_burdened")


def gives_up(catalogue: Catalogue) -> list[dict[str, str]]:
    """The heavily burdened who give up: in a year as many as were overburdened at a time."""
    return [{"rate": f"{_gives_up(catalogue):.4f}"}]


def _employed(catalogue: Catalogue) -> float:
    """Share of carers who have paid work, if at each age as many as of all."""
    work = catalogue.table("employed_by_age_sex_2023")
    givers = employed = 0.0
    for (age, sex), number in _persons(catalogue).items():
        given = number * given_at(catalogue, age)
        label = next((label for label in work.labels["age"] if int(label[:2]) <= age <= int(label[3:])), "")
        givers += given
        employed += given * work.value(age=label, sex=sex) if label else 0.0
    return employed / givers


RECIPES: dict[str, Callable[[Catalogue], Sequence[Mapping[str, str]]]] = {
    "informal_care_received": received,
    "informal_care_carers": carers,
    "informal_care_neighbours": neighbours,
    "informal_care_hours": hours,
    "informal_care_burden": burden,
    "informal_care_gives_up": gives_up,
}
