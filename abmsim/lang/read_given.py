"""`given:` of a test: a resident and the household, from the few words that a test says about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abmsim.areas import municipality_of, neighbourhood_codes, open_labels
from abmsim.days import NEVER, birthday, civil_date, civil_day, day_date
from abmsim.lang.cases import HOUSEMATES, OTHERS, Given, Resident
from abmsim.lang.codes import OUT_OF_RANGE, UNKNOWN_LABEL, UNKNOWN_NAME, WRONG_KIND
from abmsim.problems import suggestion
from abmsim.vocabulary import BASE_DATE, POSITIONS, VOCABULARY, Attribute
from abmsim.yamlfile import Node

OLDEST = 120
"""Years of age; the population has nobody older."""

_BIRTHDAY = (7, 1)
"""Month and day on which residents of whom a test says the age only have their birthday: the middle of the year, so
that nobody has it on the base date."""

_ADULT = 18


@dataclass(frozen=True, slots=True)
class Known:
    """The attributes that a test may speak of, and the labels of the municipalities."""

    attributes: Mapping[str, Attribute]
    municipality_codes: Sequence[str]

    def labels(self, attribute: Attribute) -> Sequence[str]:
        return attribute.labels or open_labels(attribute.name, self.municipality_codes)


def read_given(nodes: Sequence[Node], known: Known) -> Given:
    """The resident and the others; of several maps (of a table and of its line) the later say more or otherwise."""
    fields = _merged(nodes, known)
    others = [(role, fields.pop(role)) for role in OTHERS if role in fields]
    housemates = fields.pop(HOUSEMATES, None)
    if housemates is not None:
        others += [(HOUSEMATES, node) for node in housemates.listed("housemates")]
    size = 1 + len(others)
    resident = _resident(fields, known, _usual(fields, size, {role for role, _ in others}))
    read = tuple((role, _other(role, node, known, size, resident)) for role, node in others)
    return Given(resident, read)


def _merged(nodes: Sequence[Node], known: Known) -> dict[str, Node]:
    stored = [name for name, attribute in known.attributes.items() if not attribute.computed]
    options = [*stored, "age", "birth_date", *OTHERS, HOUSEMATES]
    fields: dict[str, Node] = {}
    for node in nodes:
        if node.expect("mapping", "'given'", "given: {age: 80, sex: female}"):
            said = {key.text: value for key, value in node.entries}
            if {"age", "birth_date"} & said.keys():
                fields = {name: value for name, value in fields.items() if name not in ("age", "birth_date")}
            fields |= {name: value for name, value in said.items() if name in options}
            for key, _ in node.entries:
                if key.text not in options:
                    hint = _instead(key.text) or suggestion(key.text, options)
                    key.tell(UNKNOWN_NAME, f"a resident has no '{key.text}'", hint)
    return fields


def _instead(name: str) -> str:
    """What to give for years that follow from a date."""
    since = VOCABULARY[name].since if name in VOCABULARY else ""
    return f"they follow from the day: `{since}: 2019-05-01`" if since else ""


def _usual(fields: Mapping[str, Node], size: int, roles: set[str]) -> dict[str, float]:
    """What follows for the household attributes if a test does not say otherwise."""
    institution = "in_institution" in fields and fields["in_institution"].text == "true"
    child = bool({"mother", "father"} & roles)
    position = "institution" if institution else "child_at_home" if child else "single" if size == 1 else "other_member"
    if "partner" in roles:
        position = "partner_married_no_children"
    return {
        "position": float(POSITIONS.index(position)),
        "household_size": 0.0 if institution else float(size),
        "lives_alone": float(size == 1 and not institution),
        "has_partner": float("partner" in roles),
        "married": float("partner" in roles),
        "n_children": float(child),
        "in_institution": float(institution),
        "is_household_head": float(not institution and not child),
    }


def _other(role: str, node: Node, known: Known, size: int, resident: Resident) -> Resident:
    """Somebody else of the household; of the other sex than the resident if it is a partner, and as old."""
    fields = _merged([node], known)
    parent = role in ("mother", "father")
    position = {"partner": "partner_married_no_children", HOUSEMATES: "other_member"}.get(role, "single_parent")
    usual = {
        "position": float(POSITIONS.index(position)), "household_size": float(size),
        "has_partner": float(role == "partner"), "married": float(role == "partner"),
        "is_parent": float(parent), "is_household_head": float(parent),
        "sex": 1.0 - resident.values.get("sex", 0.0) if role == "partner" else float(role == "father"),
    }  # fmt: skip
    return _resident(fields, known, usual, default_birth=resident.birth_day)


def _resident(
    fields: Mapping[str, Node], known: Known, usual: Mapping[str, float], default_birth: int | None = None
) -> Resident:
    values = dict(usual)
    birth = default_birth if default_birth is not None else birth_of_age(_ADULT)
    for name, node in fields.items():
        if name == "age":
            birth = _birth_of(node, birth)
        elif name == "birth_date":
            day = node.day("birth_date")
            birth = birth if day is None else day
        elif name in known.attributes:
            values[name] = read_value(node, known.attributes[name], known)
    return Resident(birth, values | _place(values, known))


def _place(values: Mapping[str, float], known: Known) -> dict[str, float]:
    """The municipality of a neighbourhood, and the municipality as its own neighbourhood, where one of them is said."""
    municipality, neighbourhood = values.get("municipality_code"), values.get("neighbourhood_code")
    if municipality is None and neighbourhood is not None:
        code = municipality_of(neighbourhood_codes()[int(neighbourhood)])
        codes = list(known.municipality_codes)
        return {"municipality_code": float(codes.index(code))} if code in codes else {}
    if neighbourhood is None and municipality is not None and "neighbourhood_code" in known.attributes:
        code = known.municipality_codes[int(municipality)]
        return {"neighbourhood_code": float(neighbourhood_codes().index(code))}
    return {}


def _birth_of(node: Node, otherwise: int) -> int:
    age = node.number("age")
    if age != int(age) or not 0 <= age <= OLDEST:
        node.tell(OUT_OF_RANGE, f"an age is a whole number from 0 to {OLDEST}")
        return otherwise
    return birth_of_age(int(age))


def birth_of_age(age: int) -> int:
    """The day of birth of somebody of that age on the base date, half-way to the next birthday."""
    year, _, _ = civil_date(BASE_DATE)
    day = civil_day(year - age - 1, *_BIRTHDAY)
    assert birthday(day, age) <= BASE_DATE < birthday(day, age + 1)
    return day


def read_value(node: Node, attribute: Attribute, known: Known) -> float:
    """The value of an attribute as its column holds it."""
    what = f"'{attribute.name}'"
    if attribute.type == "bool":
        return float(node.flag(what))
    if attribute.is_date:
        return _read_date(node, what)
    if attribute.type == "number":
        return node.number(what)
    if node.kind != "scalar":
        node.tell(WRONG_KIND, f"{what} is one label")
        return 0.0
    labels = known.labels(attribute)
    if node.text not in labels:
        node.tell(UNKNOWN_LABEL, f"{what} is never '{node.text}'", suggestion(node.text, labels, "labels"))
        return 0.0
    return float(list(labels).index(node.text))


def value_text(value: float, attribute: Attribute, labels: Sequence[str]) -> str:
    """The same as people write it; an empty date is `none`."""
    if attribute.type == "bool":
        return "true" if value else "false"
    if attribute.type == "category":
        return labels[int(value)]
    if attribute.is_date:
        return str(day_date(int(value))) if value < NEVER // 2 else "none"
    return f"{value:.6g}"


def _read_date(node: Node, what: str) -> float:
    """`2019-05-01`, or `none` for a day that never was."""
    if node.kind == "scalar" and node.text == "none":
        return float(NEVER)
    day = node.day(what)
    return float(NEVER if day is None else day)
