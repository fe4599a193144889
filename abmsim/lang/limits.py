"""What one state of a module can hold: the kernel has fixed room for it (`layout` has the same numbers)."""

MOST_HAZARDS = 4
"""Competing hazards in one state."""

MOST_WAITS = 4
"""Competing waits in one state, a schedule and a turn at an institution among them."""

MOST_VALUES = 4
"""Columns of one record that are drawn or computed; labels that are always the same need no room."""

MOST_STATES = 10_000
"""States of one module, with those of the submodules that it calls."""
