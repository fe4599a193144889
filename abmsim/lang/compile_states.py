"""States as words: what entering does, how the time in them ends, and where they lead."""

from __future__ import annotations

from abmsim.expressions import Expression
from abmsim.lang import layout
from abmsim.lang.compile_actions import ActionCompiler
from abmsim.lang.compile_expressions import Coder
from abmsim.lang.compile_quantities import compile_duration, shares_words
from abmsim.lang.compile_reads import Reads
from abmsim.lang.compile_tables import constant_hazard, hazard_lookup, years_in
from abmsim.lang.module import Await, Branch, Exit, Spot, State
from abmsim.lang.scope import CompileScope
from abmsim.stats.catalogue import Catalogue

_EXIT_KINDS = {
    "condition": layout.CONDITION, "wait": layout.WAIT, "ends": layout.ENDS, "hazard": layout.HAZARD,
    "schedule": layout.SCHEDULE, "await": layout.AWAIT,
}  # fmt: skip


class StateCompiler:
    """Compiles one state; `reads` says what wakes it."""

    def __init__(self, scope: CompileScope, state: State) -> None:
        self.scope = scope
        self.state = state
        self.reads = Reads()
        self.actions = ActionCompiler(scope, state)
        self.await_slot = self.await_level = -1
        self.does_something = False

    def compile(self, number: int) -> None:
        """Fills the record of state `number`."""
        scope, state = self.scope, self.state
        actions = self.actions.compile()
        self.does_something = actions != 0
        exits = self._exits()
        over = 0
        if state.schedule_over_spot is not None:
            over = self._branch(Branch(state.schedule_over_spot, to=state.schedule_over), "")
        starts = state.name == scope.module.start
        # What happens is read from the log's rows, so a silent state that asks for it has one too.
        unlogged = state.silent and not state.happens
        flags = layout.SILENT * unlogged | layout.FINAL * state.final | layout.STARTS * starts
        flags |= layout.PASSES * self._passes()
        for field, value in (
            (layout.STATE_MODULE, scope.module_number), (layout.STATE_FLAGS, flags), (layout.STATE_ACTIONS, actions),
            (layout.STATE_EXITS, exits), (layout.STATE_EXIT_COUNT, len(self.all_exits())),
            (layout.STATE_SCHEDULE_OVER, over),
            (layout.STATE_OWN, scope.assembler.add_list(sorted(self.reads.own))),
            (layout.STATE_RELATIVES, scope.assembler.add_list(sorted(self.reads.relatives))),
            (layout.STATE_VISITS, scope.record.visits_of(state.name)),
        ):  # fmt: skip
            scope.assembler.set_state(number, field, value)

    def _passes(self) -> bool:
        return not self.state.exits and not self.state.final

    def all_exits(self) -> tuple[Exit, ...]:
        """A state without time leaves at once: as if it waited for what is always true."""
        if not self._passes():
            return self.state.exits
        return (Exit("", "condition", self.state.spot, Expression("number", value=1.0)),)

    def _exits(self) -> int:
        words: list[int] = []
        hazards = waits = 0
        for exit_ in self.all_exits():
            expression = operand = 0
            source = exit_.quantity.source if exit_.quantity is not None else ""
            before = Reads()
            if exit_.expression is not None:
                coder = Coder(self.scope)
                expression, before = coder.condition(exit_.expression), coder.reads
                self.reads.take(before)
            if exit_.kind == "wait":
                assert exit_.quantity is not None
                operand = compile_duration(self.scope, exit_.quantity)
            elif exit_.kind == "ends":
                operand = self.scope.verb(exit_.verb)
            elif exit_.kind == "hazard":
                operand, hazard_reads = self._hazard(exit_, self._wake(before))
                before.take(hazard_reads)
            elif exit_.kind == "schedule":
                operand, source = self.scope.schedules[exit_.schedule].place, f"stats.{exit_.schedule}"
            elif exit_.kind == "await":
                assert exit_.turn is not None
                operand, source = self._await(exit_.turn), f"institutions.{exit_.turn.at}"
                self.await_slot = self.scope.record.first_wait + waits
            wake = self._wake(before)
            branch = self.state.next.get(exit_.name) or self.state.next[""]
            words += [_EXIT_KINDS[exit_.kind], self._branch(branch, source), expression, operand, wake]
            words.append(hazards if exit_.kind == "hazard" else waits)
            hazards += exit_.kind == "hazard"
            waits += exit_.kind in ("wait", "schedule", "await")
        if waits > layout.MOST_WAITS:
            raise ValueError(f"{self.state.name}: more than {layout.MOST_WAITS} waits in one state")
        if hazards > layout.MOST_HAZARDS:
            raise ValueError(f"{self.state.name}: more than {layout.MOST_HAZARDS} hazards in one state")
        return self.scope.assembler.add(words) if words else 0

    def _wake(self, reads: Reads) -> int:
        """Place of what says when time alone can change what is read; 0 if it cannot."""
        if not (reads.ages or reads.flags or reads.days):
            return 0
        ages, days = sorted(reads.ages), [Coder(self.scope).value(day) for day in reads.days]
        return self.scope.assembler.add([reads.flags, len(ages), *ages, len(days), *days])

    def _await(self, turn: Await) -> int:
        """Place of what is asked of an institution; it is asked on entering only, so what it reads wakes nobody."""
        institution = turn.institution
        assert institution is not None
        self.await_level = self.scope.record.await_level
        self.scope.statistics |= institution.statistics
        priority = Coder(self.scope).value(turn.priority or Expression("number", value=0.0))
        crisis = Coder(self.scope).condition(turn.crisis) if turn.crisis is not None else 0
        wait = compile_duration(self.scope, institution.wait)
        number = self.scope.institution_numbers[institution.name]
        return self.scope.assembler.add([wait, priority, crisis, self.await_level, int(institution.acts), number])

    def _hazard(self, exit_: Exit, asked: int) -> tuple[int, Reads]:
        """hazard: lookup of the cumulated rate of the one statistic at its core, what multiplies it, and `asked`, the
        wake of its condition."""
        assert exit_.quantity is not None
        core, factors = split_rate(exit_.quantity.parameters[0], self.scope.catalogue)
        if exit_.times is not None:
            factors.append(exit_.times)
        reads = Reads()
        if core is None:
            table = constant_hazard(self.scope, 1.0)
        else:
            table = hazard_lookup(self.scope, core)
            for dimension in self.scope.catalogue.table(core).by:
                if dimension == "year":
                    reads.note_dimension(dimension, self.scope.catalogue.table(core).labels[dimension])
                elif dimension != "age":
                    reads.own.add(self.scope.stored(dimension)[0])
        times = 0
        if factors:
            product = factors[0]
            for factor in factors[1:]:
                product = Expression("*", (product, factor))
            coder = Coder(self.scope)
            times = coder.value(product)
            reads.take(coder.reads)
        self.reads.take(reads)
        return self.scope.assembler.add([table, times, asked]), reads

    def _target(self, name: str, spot: Spot, source: str) -> list[int]:
        return [self.scope.state_numbers[(self.scope.module.name, name)], self.scope.why(spot, source)]

    def _branch(self, branch: Branch, source: str) -> int:
        if branch.to:
            target, why = self._target(branch.to, branch.spot, source)
            passed_through = not self.state.exits and not source
            return self.scope.assembler.add([layout.DIRECT, target, why | layout.INHERITS * passed_through])
        if branch.shares:
            sources = [share.share.source for share in branch.shares if share.share is not None]
            heads = []
            for share in branch.shares:
                decided_by = share.share.source if share.share is not None else sources[0]
                heads.append(self._target(share.label, share.spot, _decisive(decided_by, source)))
            words = shares_words(self.scope, branch.shares, heads)
            return self.scope.assembler.add([layout.SHARES, *words])
        words = [layout.CONDITIONS, len(branch.conditions)]
        for condition in branch.conditions:
            coder = Coder(self.scope)
            asked = coder.condition(condition.when) if condition.when is not None else 0
            words += [asked, self._branch(condition.to, _decisive(*coder.reads.sources, source))]
        return self.scope.assembler.add(words)


def _decisive(*sources: str) -> str:
    """What a row names as its reason: the first statistic among what decided, else the first assumption."""
    return next((source for source in sources if source.startswith("stats.")), next(filter(None, sources), ""))


def split_rate(expression: Expression, catalogue: Catalogue) -> tuple[str | None, list[Expression]]:
    """A rate as one statistic and the factors that multiply it; without a statistic all is a factor.

    A statistic by years since a date is a factor: no row of rates by age holds while these years go on.
    """
    if expression.parts[:1] == ("stats",) and not years_in(catalogue, expression.parts[1]):
        return expression.parts[1], []
    if expression.op == "*":
        for one, other in (expression.args, expression.args[::-1]):
            core, factors = split_rate(one, catalogue)
            if core is not None:
                return core, [*factors, other]
    return None, [expression]
