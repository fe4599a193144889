"""The attributes of a resident that every module may read: one vocabulary with type, unit and Dutch term."""

from __future__ import annotations

from dataclasses import dataclass

from abmsim.days import NEVER, parse_day

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


ORIGINS = ("netherlands", "western", "suriname", "dutch_caribbean", "turkey", "morocco", "other_non_western")
"""Where a resident or a parent was born (migratieachtergrond, definition of 2020), in the classes that CBS publishes
per municipality for 2020: by the resident's own country of birth or, born in the Netherlands, the mother's, or if that
is the Netherlands the father's. `western` holds Indonesia and Japan, as CBS defined it until 2022; `dutch_caribbean`
the former Netherlands Antilles and Aruba."""

EDUCATIONS = ("low", "middle", "high")
"""Highest level that was completed, in the three classes of CBS (laag, middelbaar, hoog)."""

TENURES = ("owner", "renter")

LIMITATIONS = ("none", "some", "severe")
"""Difficulty with daily activities: `some` with running a household (IADL), `severe` with caring for oneself (ADL)."""

WLZ_BASES = ("none", "somatic", "psychogeriatric", "psychiatric", "physical", "intellectual")
"""What makes long-term care needed: the bases of the CIZ, and `none` without an indication."""

NO_YEARS = 999.0
"""Years since what never was."""

CALENDAR, POPULATION, HOUSEHOLD, LIVES, CARE = (
    "the calendar", "the population", "the household", "the life course", "informal care",
)  # fmt: skip
"""Who provides an attribute (its `source`), where no module does."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a module may know of a resident.

    `type` is bool, number or category; a number of the unit `day` is a date. `computed` attributes follow from the date
    and are never stored: those with `since` are the years since that date. `source` says who provides it; the module
    `writer` is the only one that may `set` an attribute of the vocabulary. `lowest` and `highest` are the first and the
    last value of a number for which a statistic by it must have a figure (highest None: it has no end).
    """

    name: str
    type: str
    about: str
    dutch: str = ""
    unit: str = ""
    labels: tuple[str, ...] = ()
    computed: bool = False
    default: float = 0.0
    source: str = HOUSEHOLD
    writer: str = ""
    since: str = ""
    lowest: int | None = None
    highest: int | None = None

    @property
    def is_date(self) -> bool:
        return self.type != "category" and self.unit == "day"


def _computed(name: str, about: str, dutch: str, unit: str, since: str = "") -> Attribute:
    lowest = 0 if since else None
    return Attribute(name, "number", about, dutch, unit, computed=True, source=CALENDAR, since=since, lowest=lowest)


def _count(name: str, about: str, dutch: str, source: str = HOUSEHOLD, lowest: int = 0) -> Attribute:
    return Attribute(name, "number", about, dutch, "persons", source=source, lowest=lowest)


def _date(name: str, about: str, dutch: str) -> Attribute:
    return Attribute(name, "number", about, dutch, "day", default=float(NEVER), source=LIVES)


_CALENDAR = (
    _computed("age", "completed years of age", "leeftijd", "years"),
    _computed("birth_date", "day of birth", "geboortedatum", "day"),
    _computed("today", "the current day", "vandaag", "day"),
    _computed("year", "the current calendar year", "jaar", "year"),
)

_HOUSEHOLD = (
    Attribute("sex", "category", "sex as registered", "geslacht", labels=SEXES, source=POPULATION),
    Attribute("municipality_code", "category", "municipality of residence (division of 2020)", "gemeente"),
    Attribute("neighbourhood_code", "category", "neighbourhood of residence, else the municipality", "buurt"),
    Attribute("position", "category", "position in the household", "positie in het huishouden", labels=POSITIONS),
    _count("household_size", "persons in the private household", "huishoudensgrootte", lowest=1),
    Attribute("lives_alone", "bool", "lives in a one-person household", "alleenstaand"),
    Attribute("has_partner", "bool", "lives with a partner", "woont samen met partner"),
    Attribute("is_parent", "bool", "lives with an own child", "ouder in huishouden"),
    Attribute("single_parent", "bool", "lives with own children and no partner", "alleenstaande ouder"),
    _count("n_children", "children at home in this household", "thuiswonende kinderen"),
    Attribute("in_institution", "bool", "lives in an institutional household", "institutioneel huishouden"),
    Attribute("is_household_head", "bool", "the household's reference person", "referentiepersoon"),
)
"""`sex` is the first stored one: the kernel finds it there."""

_LIVES = (
    Attribute("origin", "category", "where one or one's parents were born", "migratieachtergrond", labels=ORIGINS,
              source=POPULATION),
    Attribute("born_abroad", "bool", "born outside the Netherlands", "in het buitenland geboren", source=POPULATION),
    Attribute("married", "bool", "lives with a spouse or registered partner", "gehuwd samenwonend", source=LIVES),
    _count("parity", "children ever had", "kindertal", source=LIVES),
    _date("union_date", "since when the resident lives with the partner", "begin samenwonen"),
    _date("separation_date", "when the last union ended by separation", "datum uit elkaar"),
    _date("bereavement_date", "when the partner died", "datum overlijden partner"),
    _date("youngest_birth_date", "when the youngest own child was born", "geboortedatum jongste kind"),
    Attribute("parents_separated", "bool", "the resident's parents have parted", "gescheiden ouders", source=LIVES),
    _date("moved_date", "when the resident last moved to another municipality of the run", "datum verhuizing"),
    _computed("years_together", "years lived with the partner", "jaren samen", "years", "union_date"),
    _computed("years_since_separation", "years since the separation", "jaren uit elkaar", "years", "separation_date"),
    _computed("years_since_bereavement", "years a widow or widower", "jaren verweduwd", "years", "bereavement_date"),
)  # fmt: skip
"""Kept by the engine as lives go on."""


def _written(name: str, type_: str, about: str, dutch: str, writer: str, **others) -> Attribute:
    return Attribute(name, type_, about, dutch, source=writer, writer=writer, **others)


_WRITTEN = (
    _written("education", "category", "highest completed level", "opleidingsniveau", "lifecourse/education",
             labels=EDUCATIONS),
    _written("in_education", "bool", "goes to school or studies", "volgt onderwijs", "lifecourse/education"),
    _written("employed", "bool", "has paid work", "werkzaam", "lifecourse/work"),
    _written("income_decile", "number", "income of the household, tenth of all households (1 is the lowest)",
             "inkomensdeciel van het huishouden", "lifecourse/income", default=1.0, lowest=1, highest=10),
    _written("social_assistance", "bool", "has social assistance", "bijstand", "lifecourse/social_assistance"),
    _written("tenure", "category", "the household owns or rents its home", "eigendom woning", "lifecourse/tenure",
             labels=TENURES),
    _written("limitations", "category", "difficulty with running a household (some) or caring for oneself (severe)",
             "beperkingen in het dagelijks leven", "primary_care/limitations", labels=LIMITATIONS),
    _written("wlz_basis", "category", "what makes long-term care needed, of those who are indicated for it",
             "dominante grondslag", "wlz/indication", labels=WLZ_BASES),
    _written("wlz_place_found", "bool", "has a place in an institution by the Wlz, and moves", "plaats toegewezen",
             "wlz/care"),
    _written("needs_care", "bool", "leans on the care of others, whether there is any or not", "mantelzorgbehoefte",
             "wmo/informal_care"),
)  # fmt: skip
"""Each is set by one module of the life course alone, and read by all others without `uses`."""

_CARE = (
    Attribute("care_hours_given", "number", "hours a week of care given to others", "gegeven mantelzorg",
              "hours per week", source=CARE, lowest=0),
    Attribute("care_hours_received", "number", "hours a week of care from others", "ontvangen mantelzorg",
              "hours per week", source=CARE, lowest=0),
    _count("carers", "persons who care for the resident", "mantelzorgers", CARE),
    Attribute("carer_lost_date", "number", "when carers who gave half of the hours or more were last lost",
              "datum wegvallen mantelzorger", "day", default=float(NEVER), source=CARE),
    _computed("years_since_carer_lost", "years since carers were lost", "jaren zonder mantelzorger", "years",
              "carer_lost_date"),
)  # fmt: skip
"""Who cares for whom is decided at the barrier (`engine.caring`)."""

VOCABULARY: dict[str, Attribute] = {
    attribute.name: attribute for attribute in (*_CALENDAR, *_HOUSEHOLD, *_LIVES, *_WRITTEN, *_CARE)
}

RELATIVES = ("partner", "mother", "father")
"""Who can be read as `partner.age`: members of the same household."""
