"""The attributes of a resident that every module may read: one vocabulary with type, unit and Dutch term."""

from __future__ import annotations

from dataclasses import dataclass

from abmsim.days import parse_day

BASE_DATE = parse_day("2020-01-01")
"""The population is that of this day; live years run forward from it."""

SEXES = ("female", "male")

POSITIONS = (
    "child_at_home",
    "single",
    "partner_unmarried_no_children",
    "partner_married_no_children",
    "partner_unmarried_with_children",
    "partner_married_with_children",
    "single_parent",
    "other_member",
    "institution",
)
"""Household positions under the names of CBS table 71488ned, and `institution` for institutional households."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a module may know of a resident.

    `type` is bool, number or category; `computed` attributes follow from the date and are never stored.
    """

    name: str
    type: str
    about: str
    dutch: str = ""
    unit: str = ""
    labels: tuple[str, ...] = ()
    computed: bool = False
    default: float = 0.0


VOCABULARY: dict[str, Attribute] = {
    attribute.name: attribute
    for attribute in (
        Attribute("age", "number", "completed years of age", "leeftijd", "years", computed=True),
        Attribute("birth_date", "number", "day of birth", "geboortedatum", "day", computed=True),
        Attribute("today", "number", "the current day", "vandaag", "day", computed=True),
        Attribute("year", "number", "the current calendar year", "jaar", "year", computed=True),
        Attribute("sex", "category", "sex as registered", "geslacht", labels=SEXES),
        Attribute("municipality_code", "category", "municipality of residence (division of 2020)", "gemeente"),
        Attribute("neighbourhood_code", "category", "neighbourhood of residence, else the municipality", "buurt"),
        Attribute("position", "category", "position in the household", "positie in het huishouden", labels=POSITIONS),
        Attribute("household_size", "number", "persons in the private household", "huishoudensgrootte", "persons"),
        Attribute("lives_alone", "bool", "lives in a one-person household", "alleenstaand"),
        Attribute("has_partner", "bool", "lives with a partner", "woont samen met partner"),
        Attribute("is_parent", "bool", "lives with an own child", "ouder in huishouden"),
        Attribute("single_parent", "bool", "lives with own children and no partner", "alleenstaande ouder"),
        Attribute("n_children", "number", "children at home in this household", "thuiswonende kinderen", "persons"),
        Attribute("in_institution", "bool", "lives in an institutional household", "institutioneel huishouden"),
        Attribute("is_household_head", "bool", "the household's reference person", "referentiepersoon"),
    )
}

RELATIVES = ("partner", "mother", "father")
"""Who can be read as `partner.age`: members of the same household."""
