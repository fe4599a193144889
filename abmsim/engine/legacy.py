"""What residents who have gone leave: the room of their records, for newcomers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from abmsim.engine.compiled import entry
from abmsim.engine.memory import get_i32, get_i64, put_i32
from abmsim.engine.world import FIRST, POOL, POOL_FREE

if TYPE_CHECKING:
    from abmsim.engine.agenda import Agenda


@dataclass(slots=True)
class Legacy:
    """Hands what the blocks of a town do not use any more to new blocks, block after block in turn.

    Where a record lies changes nothing of what is lived: it only keeps the memory of a town from growing with
    everybody who was ever there.
    """

    agendas: Sequence[Agenda]
    turn: int = 0

    def give(self, heir: Agenda) -> None:
        """Gives a new block about as much room as its residents will need, as far as there is any."""
        wanted = len(heir.block.birth_day) * heir.program.cells // 2
        for _ in range(len(self.agendas)):
            if wanted <= 0:
                return
            giver = self.agendas[self.turn % len(self.agendas)]
            self.turn += 1
            wanted -= hand_over(giver.address, heir.address, len(heir.columns["POOL_FREE"]))


@entry
def hand_over(giver, heir, sizes):
    """Makes all free records of one block, of less than `sizes` cells, those of another; says how many cells."""
    pool = get_i64(heir, POOL)
    free, given = get_i64(heir, POOL_FREE), get_i64(giver, POOL_FREE)
    total = FIRST
    for cells in range(sizes):
        place = get_i32(given, cells)
        if place == 0:
            continue
        first = place
        total += cells
        while get_i32(pool, 2 * place) != 0:
            place = get_i32(pool, 2 * place)
            total += cells
        put_i32(pool, 2 * place, get_i32(free, cells))
        put_i32(free, cells, first)
        put_i32(given, cells, FIRST)
    return total
