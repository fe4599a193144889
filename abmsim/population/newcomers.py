"""Households that arrive, put together one by one from their own draws: adults, children, ages, sexes, origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.days import civil_date, civil_day
from abmsim.population.ages import AGES, CHILD, SINGLE, SINGLE_PARENT
from abmsim.population.arrival_patterns import ABROAD, ADULT, FORMS, ArrivalPatterns
from abmsim.population.draws import key_of
from abmsim.population.sexes import FEMALE, MALE
from abmsim.randomness import mix, name_key, uniform
from abmsim.vocabulary import ORIGINS

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""2**64 / golden ratio: numbers stepping by it are spread evenly, whatever their number."""

_POSITION = np.array([position for position, _ in FORMS], dtype=np.int8)
_CHILDREN = np.array([children for _, children in FORMS], dtype=np.int64)
_MOST_CHILDREN = int(_CHILDREN.max())
_DUTCH = ORIGINS.index("netherlands")


@dataclass(frozen=True, slots=True)
class _Adults:
    """The one or two adults of h households: `age` int16[h, 2], `sex` int8[h, 2], head first; `couple` bool[h];
    `mother_age` int16[h]: of the mother, or that a mother would have."""

    age: np.ndarray
    sex: np.ndarray
    couple: np.ndarray
    mother_age: np.ndarray


def compose(
    household_key: np.ndarray, kind: np.ndarray, place: np.ndarray, ordinal: np.ndarray, form_offset: np.ndarray,
    day: int, patterns: ArrivalPatterns, seed: int,
) -> dict[str, np.ndarray]:  # fmt: skip
    """The columns of persons: household, partner, mother, father, position, sex, birth_day, key, origin, born_abroad.

    One household for each `household_key` uint64[h]; `kind` int8[h]; `place` int64[h], row in the patterns; `ordinal`
    int64[h] and `form_offset` uint64[h] give its form: forms of one place and month are spread evenly.
    """
    form = _forms(kind, form_offset + ordinal.astype(np.uint64) * _GOLDEN, patterns)
    position = _POSITION[form]
    words = _words(household_key, seed, "who arrives")
    adults = _adults(kind, form, position, words, patterns)
    ages = _child_ages(form, adults.mother_age, _words(household_key, seed, "children who arrive"), patterns)
    number = (ages >= 0).sum(axis=1)
    size = 1 + adults.couple + number
    first = np.cumsum(size) - size
    household = np.repeat(np.arange(len(size)), size)
    member = np.arange(len(household)) - first[household]
    key = mix(household_key[household], member.astype(np.uint64))
    is_child = member > adults.couple[household]
    rank = np.where(is_child, member - 1 - adults.couple[household], 0)
    seat = np.minimum(member, 1)
    draw = uniform(mix(np.full(len(key), key_of(name_key("sex of an arrival"), seed), dtype=np.uint64), key))
    boy = np.where(draw < patterns.boys, MALE, FEMALE)
    age = np.where(is_child, ages[household, rank], adults.age[household, seat]).astype(np.int64)
    sex = np.where(is_child, boy, adults.sex[household, seat]).astype(np.int8)
    mother, father = _parents(adults, ages, first, household, is_child, patterns)
    origin, born_abroad = _origins(kind, place, household, is_child, _words(household_key, seed, "origin"), patterns)
    partner = np.where(adults.couple[household] & ~is_child, first[household] + 1 - member, -1).astype(np.int32)
    return {
        "household": household.astype(np.int32),
        "partner": partner,
        "mother": mother,
        "father": father,
        "position": np.where(is_child, CHILD, position[household]).astype(np.int8),
        "sex": sex,
        "birth_day": _birth_days(key, age, household, is_child, day, patterns, seed),
        "key": key,
        "origin": origin,
        "born_abroad": born_abroad,
    }


def _words(key: np.ndarray, seed: int, topic: str) -> np.ndarray:
    """uint16[h, 4]: four draws a household."""
    base = np.full(len(key), key_of(name_key(topic), seed), dtype=np.uint64)
    return mix(base, key).astype("<u8").view("<u2").reshape(len(key), 4)


def _unit(words: np.ndarray) -> np.ndarray:
    return (words.astype(np.float64) + 0.5) / 65536


def _forms(kind: np.ndarray, word: np.ndarray, patterns: ArrivalPatterns) -> np.ndarray:
    cumulated = (patterns.forms + np.arange(len(patterns.forms))[:, None]).ravel()
    found = np.searchsorted(cumulated, kind + uniform(word)) - kind.astype(np.int64) * len(FORMS)
    return np.clip(found, 0, len(FORMS) - 1)


def _adults(
    kind: np.ndarray, form: np.ndarray, position: np.ndarray, words: np.ndarray, patterns: ArrivalPatterns
) -> _Adults:
    """The drawn age is that of somebody in this form; partners stand half the drawn gap on each side of it."""
    country = patterns.country
    drawn = patterns.age[kind, form, words[:, 0] >> 6].astype(np.int16)
    couple = (position != SINGLE) & (position != SINGLE_PARENT)
    gap = np.where(couple, country.gap_quantiles[words[:, 1]], 0).astype(np.int16)
    woman = drawn - (gap + (words[:, 2] & 1).astype(np.int16)) // 2
    # Nobody has minors who were born after the age at which mothers bear.
    woman = np.where(_CHILDREN[form] > 0, np.minimum(woman, patterns.oldest_mother + ADULT - 1), woman)
    age = np.stack([woman + gap, woman], axis=1).clip(ADULT, AGES - 1)
    same = couple & (_unit(words[:, 2]) < country.same_sex[position])
    women = same & (_unit(words[:, 3]) < country.same_sex_women[position])
    lone_parents, alone = country.female[SINGLE_PARENT, age[:, 0]], patterns.female[kind, age[:, 0]]
    share = np.where(position == SINGLE_PARENT, lone_parents, alone)
    head = np.where(women | (~couple & (_unit(words[:, 3]) < share)), FEMALE, MALE)
    other = np.where(same & ~women, MALE, FEMALE)
    turned = same & (age[:, 1] > age[:, 0])
    age[turned] = age[turned, ::-1]
    lone_father = ~couple & (head == MALE)
    mother_age = np.where(lone_father, age[:, 0] - country.fathers_older_years, age[:, 0])
    mother_age = np.where(couple, age[:, 1], mother_age)
    mother_age = mother_age.clip(patterns.youngest_parent, patterns.oldest_mother + ADULT - 1)
    return _Adults(age, np.stack([head, other], axis=1).astype(np.int8), couple, mother_age.astype(np.int16))


def _child_ages(form: np.ndarray, mother_age: np.ndarray, words: np.ndarray, patterns: ArrivalPatterns) -> np.ndarray:
    """int16[h, 3]: ages of the children, the oldest first, -1 for none.

    One child has an age that fits the mother's, the others follow at the usual distances; a youngest whom the mother
    would bear too late, or who is not born yet because the oldest is a minor, is left out.
    """
    ages = np.full((len(form), _MOST_CHILDREN), -1, dtype=np.int16)
    families = np.flatnonzero(_CHILDREN[form] > 0)
    number, mother, words = _CHILDREN[form[families]], mother_age[families], words[families]
    one = patterns.child[mother, words[:, 0] >> 8].astype(np.int64)
    spacing = patterns.country.spacing[words[:, 1:_MOST_CHILDREN]].astype(np.int64)
    below = np.concatenate([np.zeros((len(families), 1), dtype=np.int64), np.cumsum(spacing, axis=1)], axis=1)
    last = np.take_along_axis(below, (number - 1)[:, None], 1)[:, 0]
    # The drawn child is any of them: the oldest is older by up to the whole distance, but has to be a minor.
    oldest_allowed = np.minimum(ADULT - 1, mother - patterns.youngest_parent)
    rank = (words[:, 3].astype(np.int64) * number) >> 16
    oldest = one + np.take_along_axis(below, rank[:, None], 1)[:, 0]
    youngest_allowed = np.maximum(mother.astype(np.int64) - patterns.oldest_mother, 0)
    oldest = np.minimum(np.maximum(oldest, youngest_allowed + last), oldest_allowed)
    found = oldest[:, None] - below
    found[(np.arange(_MOST_CHILDREN) >= number[:, None]) | (found < youngest_allowed[:, None])] = -1
    ages[families] = found
    return ages


def _parents(
    adults: _Adults, ages: np.ndarray, first: np.ndarray, household: np.ndarray, is_child: np.ndarray,
    patterns: ArrivalPatterns,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(mother, father) int32[n]: an adult too near in age to the oldest child is a step-parent.

    Of two women or two men the younger counts as the parent, as among the residents of the base date.
    """
    oldest = ages[:, 0]
    links = []
    for of_sex in (FEMALE, MALE):
        link = np.full(len(first), -1, dtype=np.int64)
        for seat in (0, 1):
            fits = (adults.sex[:, seat] == of_sex) & (adults.age[:, seat] - oldest >= patterns.youngest_parent)
            fits &= adults.couple if seat else True
            link[fits] = first[fits] + seat
        links.append(np.where(is_child, link[household], -1).astype(np.int32))
    return links[0], links[1]


def _origins(
    kind: np.ndarray, place: np.ndarray, household: np.ndarray, is_child: np.ndarray, words: np.ndarray,
    patterns: ArrivalPatterns,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(origin int8[n], born_abroad bool[n]); adults of a household share theirs.

    Children who immigrate have what their parents have; children of those who move inside the country were born
    here, and are of Dutch origin if their parents were born here too.
    """
    draw = _unit(words[:, 0])
    both = np.searchsorted(patterns.immigrant_origin, draw)
    inside = (draw[:, None] > patterns.origin[place]).sum(axis=1)
    from_abroad = kind == ABROAD
    origin = np.where(from_abroad, both % len(ORIGINS), inside)
    abroad = np.where(from_abroad, both >= len(ORIGINS), _unit(words[:, 1]) < patterns.born_abroad[origin])
    born_here = is_child & ~from_abroad[household]
    found = np.where(born_here & ~abroad[household], _DUTCH, origin[household])
    return found.astype(np.int8), abroad[household] & ~born_here


def _birth_days(
    key: np.ndarray, age: np.ndarray, household: np.ndarray, is_child: np.ndarray, day: int,
    patterns: ArrivalPatterns, seed: int,
) -> np.ndarray:  # fmt: skip
    """int32[n]: a day in the year of age; brothers and sisters of one age are twins, others keep distance."""
    year, month, of_month = civil_date(day)
    ends = np.array([civil_day(year - completed, month, of_month) for completed in range(AGES + 1)])
    draw = uniform(mix(np.full(len(key), key_of(name_key("birth day"), seed), dtype=np.uint64), key))
    first, last = ends[age + 1] + 1, ends[age]
    born = first + np.floor(draw * (last - first + 1)).astype(np.int64)
    interval = int(patterns.country.assumed["days_between_births"])
    follows = np.zeros(len(key), dtype=bool)
    follows[1:] = is_child[1:] & is_child[:-1] & (household[1:] == household[:-1])
    # One child after the other: whether the second may stay where it is depends on where the first came to be.
    rows = np.flatnonzero(follows)
    for turn in (False, True):
        here = rows[follows[rows - 1] == turn]
        twin = age[here] == age[here - 1]
        earliest = np.maximum(first[here], born[here - 1] + interval)
        apart = earliest + np.floor(draw[here] * (last[here] - earliest + 1)).astype(np.int64)
        born[here] = np.where(twin, born[here - 1], np.where(born[here] < earliest, apart, born[here]))
    return born.astype(np.int32)
