"""The states of one module with every name and unit resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from abmsim.expressions import BOOL, NUMBER, Expression
from abmsim.lang.changed import changed
from abmsim.lang.check_quantity import Checking
from abmsim.lang.check_record import WritingCheck
from abmsim.lang.codes import (
    HAPPENS_IN_HISTORY,
    SILENT_REQUEST,
    TERM_WITHOUT_ROW,
    TOO_MANY,
    TWO_TURNS,
    UNKNOWN_ASSUMPTION,
    UNKNOWN_INSTITUTION,
    UNKNOWN_STATISTIC,
    UNKNOWN_VERB,
    WRONG_UNIT,
)
from abmsim.lang.limits import MOST_HAZARDS, MOST_WAITS
from abmsim.lang.module import Assumption, Await, Branch, Call, Condition, Exit, Module, Quantity, State, place_of
from abmsim.lang.substitute import PARAMETER
from abmsim.problems import suggestion
from abmsim.schema.schema import Schema


def resolve_module(checking: Checking, schema: Schema) -> Module:
    """The module with all of its expressions and quantities resolved; problems go to `checking`."""
    checking = resolve_assumptions(checking)
    resolving = _States(checking, WritingCheck(checking, schema), schema)
    return changed(
        checking.module, states={name: resolving.state(state) for name, state in checking.module.states.items()}
    )


def resolve_assumptions(checking: Checking) -> Checking:
    """The same with the assumptions of the module resolved."""
    assumptions = {name: _assumption(checking, given) for name, given in checking.module.assumptions.items()}
    return changed(checking, module=changed(checking.module, assumptions=assumptions))


def _assumption(checking: Checking, assumption: Assumption) -> Assumption:
    parameters = tuple(_assumed(checking, parameter) for parameter in assumption.quantity.parameters)
    quantity = changed(assumption.quantity, parameters=parameters)
    if any(parameter.op == "broken" for parameter in parameters):
        return changed(assumption, quantity=changed(quantity, kind="value"))
    if quantity.kind == "empirical":
        return changed(assumption, quantity=checking.empirical(quantity))
    return changed(assumption, quantity=checking.as_rate(quantity, is_assumed=True))


def _assumed(checking: Checking, parameter: Expression) -> Expression:
    """A resolved parameter of an assumption; none rests on another, or they could rest on each other."""
    for node in parameter.walk():
        if node.parts[:1] == ("assume",):
            text = f"an assumption rests on another one, {'.'.join(node.parts)}"
            checking.tell(place_of(node), UNKNOWN_ASSUMPTION, text, "name both where they are used")
            return changed(parameter, op="broken", args=(), value=None, type=None)
    return parameter if parameter.op in ("number", "broken") else checking.resolved(parameter, NUMBER)


WAITING = ("wait", "schedule", "await")
"""Kinds of exits of which the kernel keeps the end."""


@dataclass(frozen=True, slots=True)
class _States:
    checking: Checking
    writing: WritingCheck
    schema: Schema

    def state(self, state: State) -> State:
        self.check_term(state)
        self.check_limits(state)
        self.check_happening(state)
        self.check_turns(state)
        return changed(
            state,
            closings=tuple(self.writing.closing(closing) for closing in state.closings),
            record=self.writing.record(state.record) if state.record else None,
            settings=tuple(self.writing.setting(setting) for setting in state.settings),
            exits=tuple(self.exit(exit_) for exit_ in state.exits),
            term=self.checking.quantity(state.term, "duration") if state.term else None,
            next=self.branches(state.next),
            call=self.call(state.call) if state.call else None,
        )

    def call(self, call: Call) -> Call:
        """A call with its arguments as their parameters need them; codes are resolved already."""
        arguments, before = [], len(self.checking.problems)
        for argument in call.arguments:
            if argument.type in ("bool", "attribute"):
                parameters = tuple(self.checking.resolved(given, BOOL) for given in argument.quantity.parameters)
                argument = changed(argument, quantity=changed(argument.quantity, parameters=parameters))
            elif argument.type not in ("code", "institution"):
                argument = changed(argument, quantity=self.checking.quantity(argument.quantity, argument.type))
            arguments.append(argument)
        self.checking.of_arguments.extend(self.checking.problems[before:])
        return changed(call, arguments=tuple(arguments))

    def check_term(self, state: State) -> None:
        """A term marks the row that the state opens."""
        table = self.schema.verbs.get(state.record.verb) if state.record else None
        if state.term and state.record is None:
            text, hint = "a term without a row to mark on time or late", "write the record verb in this state"
            self.checking.tell(state.term.spot, TERM_WITHOUT_ROW, text, hint)
        elif state.term and table and not table.by_role("on_time"):
            text = f"a row of '{table.name}' is not marked on time or late"
            self.checking.tell(state.term.spot, TERM_WITHOUT_ROW, text, "leave the term out")

    def check_limits(self, state: State) -> None:
        """What the kernel has room for."""
        for kinds, what, most in ((("hazard",), "hazards", MOST_HAZARDS), (WAITING, "waits", MOST_WAITS)):
            exits = [exit_ for exit_ in state.exits if exit_.kind in kinds]
            if len(exits) > most:
                text = f"{len(exits)} {what} compete in state '{state.name}'"
                self.checking.tell(exits[most].spot, TOO_MANY, text, f"at most {most}")

    def check_happening(self, state: State) -> None:
        """The past of a household is told beforehand; only a module of the live years can change it."""
        module = self.checking.module
        if state.happens_spot and module.begins != "base_date" and not module.is_submodule:
            text = f"'{state.name}' asks for '{state.happens}' in a module that begins at birth: the past is scripted"
            self.checking.tell(state.happens_spot, HAPPENS_IN_HISTORY, text, "write `begins: base_date` in the module")

    def check_turns(self, state: State) -> None:
        """Who waits for their turn stands in one queue, and the log tells it."""
        turns = [exit_.turn for exit_ in state.exits if exit_.turn is not None]
        for turn in turns[1:]:
            text = f"'{state.name}' awaits {turns[0].at} and {turn.at}: a resident stands in one queue at a time"
            self.checking.tell(turn.spot, TWO_TURNS, text, "await one of them in a state of its own")
        if turns and state.silent:
            text = f"'{state.name}' is silent and awaits {turns[0].at}: a request is a row of the log"
            self.checking.tell(turns[0].spot, SILENT_REQUEST, text, "drop `silent`")

    def turn(self, turn: Await) -> Await:
        """What is asked of an institution, resolved; a priority is a rank, so its figures need no source."""
        known = self.checking.institutions
        if turn.at and turn.at not in known and not self.is_told(turn.at):
            hint = suggestion(turn.at, known, "institutions")
            self.checking.tell(turn.spot, UNKNOWN_INSTITUTION, f"there is no institution '{turn.at}'", hint)
        return changed(
            turn,
            priority=self.checking.resolved(turn.priority, NUMBER) if turn.priority else None,
            crisis=self.checking.resolved(turn.crisis, BOOL) if turn.crisis else None,
            institution=known.get(turn.at),
        )

    def is_told(self, at: str) -> bool:
        """Whether it is the institution that a submodule is told, in the submodule by itself."""
        parameters = self.checking.module.parameters or {}
        return any(at == f"{PARAMETER}.{name}" and told.type == "institution" for name, told in parameters.items())

    def exit(self, exit_: Exit) -> Exit:
        if exit_.kind == "ends":
            self.check_ends(exit_)
        elif exit_.kind == "schedule":
            self.check_schedule(exit_)
        return changed(
            exit_,
            expression=self.checking.resolved(exit_.expression, BOOL) if exit_.expression else None,
            quantity=self.time(exit_.quantity, exit_.kind) if exit_.quantity else None,
            times=self.checking.sourced(exit_.times) if exit_.times else None,
            turn=self.turn(exit_.turn) if exit_.turn else None,
        )

    def time(self, quantity: Quantity, kind: str) -> Quantity:
        if kind == "wait":
            self.checking.not_from_law(quantity)
        return self.checking.quantity(quantity, "rate" if kind == "hazard" else "duration")

    def check_ends(self, exit_: Exit) -> None:
        table = self.schema.verbs.get(exit_.verb)
        if table is None:
            hint = suggestion(exit_.verb, self.schema.verbs, "record verbs")
            self.checking.tell(exit_.spot, UNKNOWN_VERB, f"no table has the verb '{exit_.verb}'", hint)
        elif table.by_role("planned_end") is None:
            self.checking.tell(exit_.spot, UNKNOWN_VERB, f"'{exit_.verb}' has no planned end")

    def check_schedule(self, exit_: Exit) -> None:
        cards = self.checking.catalogue.cards
        if exit_.schedule not in cards:
            schedules = [name for name, card in cards.items() if card.unit == "schedule"]
            hint = suggestion(exit_.schedule, schedules, "schedules") if schedules else "no card has `unit: schedule`"
            self.checking.tell(exit_.spot, UNKNOWN_STATISTIC, f"unknown statistic '{exit_.schedule}'", hint)
        elif cards[exit_.schedule].unit != "schedule":
            text = f"stats.{exit_.schedule} is of unit '{cards[exit_.schedule].unit}', where a schedule is needed"
            self.checking.tell(exit_.spot, WRONG_UNIT, text)

    def branches(self, branches: Mapping[str, Branch]) -> dict[str, Branch]:
        return {name: self.branch(branch) for name, branch in branches.items()}

    def branch(self, branch: Branch) -> Branch:
        if not branch.shares and not branch.conditions:
            return branch
        shares = tuple(
            share if share.share is None else changed(share, share=self.checking.quantity(share.share, "share"))
            for share in branch.shares
        )
        return changed(branch, shares=shares, conditions=tuple(map(self.condition, branch.conditions)))

    def condition(self, condition: Condition) -> Condition:
        when = self.checking.resolved(condition.when, BOOL) if condition.when else None
        return changed(condition, when=when, to=self.branch(condition.to))
