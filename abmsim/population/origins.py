"""Where a resident or a parent of theirs was born, in the classes that CBS publishes per municipality for 2020."""

from __future__ import annotations

ORIGINS = ("netherlands", "western", "suriname", "dutch_caribbean", "turkey", "morocco", "other_non_western")
"""Labels of the attribute `origin` (migratieachtergrond, definition of 2020): by the resident's own country of birth or,
born in the Netherlands, the mother's, or if that is the Netherlands the father's. `western` holds Indonesia and Japan,
as CBS defined it until 2022; `dutch_caribbean` the former Netherlands Antilles and Aruba."""
