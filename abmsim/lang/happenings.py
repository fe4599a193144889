"""What a state can ask of the household: `happens: KIND`, carried out at the end of the month for the whole town."""

from __future__ import annotations

HAPPENINGS: dict[str, tuple[str, str]] = {
    "birth": ("the resident has a child; who the father is and whether it is twins, the engine decides", "geboorte"),
    "leaves_home": ("a child at home starts a household of its own", "uit huis gaan"),
    "seeks_partner": ("the resident looks for a partner, until there is one", "zoekt een partner"),
    "marries": ("the resident and the partner marry or register; it holds for both", "huwelijk of partnerschap"),
    "separates": ("the couple parts: one of the two leaves, with or without the children", "uit elkaar gaan"),
    "moves_house": ("the household moves inside its municipality", "verhuizing binnen de gemeente"),
    "moves_away": (
        "the household moves to another municipality; a child at home or another member goes alone",
        "verhuizing tussen gemeenten",
    ),
    "emigrates": ("the household leaves the country; a child at home or another member goes alone", "emigratie"),
    "enters_institution": ("the resident moves to an institution", "opname in een instelling"),
    "changes_parent": (
        "a child of separated parents goes to live with the other parent, if that one lives in the run",
        "bij de andere ouder gaan wonen",
    ),
    "seeks_carer": (
        "somebody is sought to care for the resident: partner, child, parent, housemate or neighbour",
        "zoekt een mantelzorger",
    ),
    "stops_caring": ("the resident cares for nobody any more", "stopt met mantelzorg"),
}
"""Kind -> (what it is, the Dutch term)."""
