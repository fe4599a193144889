"""Which households a municipality has: type by size, with both published margins exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abmsim.population.draws import key_of, order_of
from abmsim.population.margins import Margins
from abmsim.population.people import POSITIONS
from abmsim.population.rounding import controlled, largest_remainder, on_grid
from abmsim.randomness import keys, name_key
from abmsim.stats.catalogue import Catalogue

ROWS = (
    "partner_unmarried_no_children",
    "partner_married_no_children",
    "partner_unmarried_with_children",
    "partner_married_with_children",
    "single_parent",
    "other_household",
)
"""Types of households of two and more, in the order in which a municipality lists them."""

SMALLEST = np.array([2, 2, 3, 3, 2, 2])
PARENTS = np.array([2, 2, 2, 2, 1, 0])
"""Adults of a household that are neither child nor other member: partners or the single parent."""

FAMILIES = np.array([False, False, True, True, True, False])
OTHERS_ONLY = ~FAMILIES
SIZE_LABELS = np.array([2, 3, 4, 5])
_ALLOWED = SIZE_LABELS[None, :] >= SMALLEST[:, None]


@dataclass(frozen=True, slots=True)
class HouseholdList:
    """The private households of a municipality in their fixed order: single persons, then by ROWS and size.

    `row` int8[m], index into ROWS or -1 for a single person; `size` int32[m].
    """

    row: np.ndarray
    size: np.ndarray


def prior(catalogue: Catalogue, assumed: dict[str, float]) -> np.ndarray:
    """float64[ROWS, 4]: shares of the sizes 2, 3, 4, 5+ before the fit, from the country's numbers of children."""
    children = catalogue.table("households_by_children_2023")
    table = np.zeros((len(ROWS), len(SIZE_LABELS)))
    table[OTHERS_ONLY] = assumed["ratio_of_next_household_size"] ** np.arange(len(SIZE_LABELS))
    for row, name in ((2, "unmarried"), (3, "married")):
        table[row, 1:] = [children.value(household_type=name, children=number) for number in ("1", "2", "3+")]
    single = [children.value(household_type="single_parent", children=number) for number in ("1", "2", "3+")]
    four = assumed["single_parents_with_three_or_more_who_have_four"]
    table[4] = [single[0], single[1], single[2] * (1 - four), single[2] * four]
    return table / table.sum(axis=1, keepdims=True)


def household_tables(margins: Margins, chosen: np.ndarray, seed_table: np.ndarray, outside_share: float) -> np.ndarray:
    """int64[chosen, ROWS, 4]: the households of two and more of the chosen municipalities by type and size.

    Both margins are exact; households without children take about `outside_share` of the other members.
    """
    types = type_counts(margins, chosen)
    sizes = margins.sizes[chosen, 1:]
    others = margins.persons[chosen, :, POSITIONS.index("other_member")].sum(axis=1)
    wanted = np.maximum(outside_share * others, 2.0 * types[:, 5])
    extra = np.where(OTHERS_ONLY[:, None], SIZE_LABELS - SMALLEST[:, None], 0)
    low, high = np.full(len(chosen), -12.0), np.full(len(chosen), 6.0)
    table = np.zeros((len(chosen), len(ROWS), len(SIZE_LABELS)))
    for _ in range(24):
        middle = (low + high) / 2
        table = _fitted(seed_table * 2.0 ** (middle[:, None, None] * extra), types, sizes)
        above = _outside(table) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.stack([_whole(table[i], types[i], sizes[i], int(others[i])) for i in range(len(chosen))])


def household_list(margins: Margins, place: int, table: np.ndarray) -> HouseholdList:
    """The households of one municipality from its table int64[ROWS, 4]; the same for every seed."""
    sizes = margins.sizes[place]
    surplus = int(margins.persons[place, :, :-1].sum()) - int((sizes * np.arange(1, 6)).sum())
    row = np.repeat(np.arange(len(ROWS), dtype=np.int8), table.sum(axis=1))
    size = np.repeat(np.tile(SIZE_LABELS, len(ROWS)), table.ravel()).astype(np.int32)
    _enlarge(row, size, surplus, margins.places[place].code)
    alone = int(sizes[0])
    return HouseholdList(
        np.concatenate([np.full(alone, -1, dtype=np.int8), row]), np.concatenate([np.ones(alone, dtype=np.int32), size])
    )


def type_counts(margins: Margins, chosen: np.ndarray) -> np.ndarray:
    """int64[chosen, ROWS]: couples are half their partners, the rest as published."""
    persons = margins.persons[chosen].sum(axis=1)
    couples = [persons[:, POSITIONS.index(name)] // 2 for name in ROWS[:4]]
    single_parents = persons[:, POSITIONS.index("single_parent")]
    return np.stack([*couples, single_parents, margins.types[chosen, 4]], axis=1)


def _outside(tables: np.ndarray) -> np.ndarray:
    """Other members that households without children take: all of an other household, all beyond a couple."""
    return (tables * ((SIZE_LABELS - PARENTS[:, None]) * OTHERS_ONLY[:, None])).sum(axis=(-2, -1))


def _fitted(tables: np.ndarray, types: np.ndarray, sizes: np.ndarray, rounds: int = 40) -> np.ndarray:
    """Iterative proportional fitting of many tables at once: float64[n, ROWS, 4]."""
    for _ in range(rounds):
        rows = tables.sum(axis=2)
        tables = tables * np.divide(types, rows, out=np.zeros_like(rows), where=rows > 0)[:, :, None]
        columns = tables.sum(axis=1)
        tables *= np.divide(sizes, columns, out=np.zeros_like(columns), where=columns > 0)[:, None, :]
    return on_grid(tables)


def _whole(table: np.ndarray, types: np.ndarray, sizes: np.ndarray, others: int) -> np.ndarray:
    counts = controlled(table, types, sizes, _ALLOWED & (types > 0)[:, None])
    while _outside(counts) > others:
        _move_outsider(counts)
    return counts


def _move_outsider(counts: np.ndarray) -> None:
    """Swap sizes between a household without children and a smaller family: one other member fewer outside."""
    for row in np.flatnonzero(OTHERS_ONLY):
        for column in (1, 2, 3):
            for family in np.flatnonzero(FAMILIES):
                if counts[row, column] > 0 and counts[family, column - 1] > 0:
                    counts[row, [column - 1, column]] += [1, -1]
                    counts[family, [column - 1, column]] += [-1, 1]
                    return
    raise ArithmeticError("more members of other households than the municipality has other members")


def _enlarge(row: np.ndarray, size: np.ndarray, surplus: int, code: str) -> None:
    """Give the persons beyond five to families of five and more, each further one rarer by the same ratio."""
    large = np.flatnonzero((size == 5) & FAMILIES[row])
    if len(large) == 0:
        large = np.flatnonzero(size == 5)
    if surplus == 0:
        return
    ratio = surplus / (len(large) + surplus)
    steps = np.arange(1, max(2, surplus + 1))
    with np.errstate(under="ignore"):
        reaching = largest_remainder(ratio**steps, surplus)
    reaching = np.minimum(np.sort(reaching)[::-1], len(large))
    _place_rest(reaching, surplus - int(reaching.sum()), len(large))
    base = int(key_of(name_key("beyond five"), name_key(code)))
    order = order_of((keys(base, np.arange(len(large))) >> np.uint64(48)).astype(np.uint16))
    for step in range(len(reaching)):
        if reaching[step] == 0:
            break
        size[large[order[: reaching[step]]]] += 1


def _place_rest(reaching: np.ndarray, rest: int, most: int) -> None:
    """Households that reach a step are at most all of them; what is over goes to the next steps."""
    for step in range(len(reaching)):
        added = min(rest, most - int(reaching[step]))
        reaching[step] += added
        rest -= added
        if rest == 0:
            return
