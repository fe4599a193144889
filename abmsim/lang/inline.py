"""Calls of submodules: the states of what is called take their place in the caller, before anything is resolved.

A state `assess` that calls a submodule goes on at once to the submodule's start, `assess.<start>`; the submodule's
final states lead where the call's `next` says. Its attributes become `<caller>_assess_<name>` (`caller` without its
folder), but for shared ones, which keep their names; its assumptions become `assess.<name>`. Every part keeps its place
in the submodule's file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from abmsim.expressions import BOOL, Expression, Type, number
from abmsim.lang.changed import changed
from abmsim.lang.codes import (
    ATTRIBUTE_TWICE,
    CALL_ARGUMENTS,
    CALL_CIRCLE,
    CALL_RESULTS,
    NO_SUBMODULE,
    TOO_MANY,
    UNKNOWN_LABEL,
)
from abmsim.lang.limits import MOST_STATES
from abmsim.lang.module import Argument, Assumption, Branch, Call, Module, Parameter, Quantity, Spot, State
from abmsim.lang.substitute import PARAMETER, Substitution
from abmsim.problems import Problem, suggestion
from abmsim.schema.schema import Schema
from abmsim.vocabulary import Attribute


def expand_calls(
    module: Module, modules: Mapping[str, Module], schema: Schema, problems: list[Problem],
    submodules: Collection[str] = (),
) -> Module:  # fmt: skip
    """The module with the states of all submodules that it calls, and of those that they call; itself if it calls none.

    A call that cannot be expanded is told, and leads on at once to all that its `next` names. With too many states
    the module stays as it was. `submodules` names those that are not among `modules`, as none of these calls them.
    """
    if not any(state.call for state in module.states.values()):
        return module
    expansion = _Expansion(
        module, modules, submodules, schema, problems, {}, dict(module.attributes), dict(module.attribute_spots),
        dict(module.assumptions), dict(zip(module.uses, module.uses_spots, strict=False)),
    )  # fmt: skip
    for state in module.states.values():
        expansion.place(state, (module.name,))
    if expansion.is_full:
        states = {name: changed(state, call=None, exits=()) for name, state in module.states.items()}
        return changed(module, states=states)
    return changed(
        module, states=expansion.states, attributes=expansion.attributes, attribute_spots=expansion.attribute_spots,
        assumptions=expansion.assumptions, uses=tuple(expansion.uses), uses_spots=tuple(expansion.uses.values()),
        renamed=expansion.renamed,
    )  # fmt: skip


def stand_alone(submodule: Module, schema: Schema) -> Module:
    """A submodule with something in the place of each parameter, so that it can be checked by itself."""
    told = {name: _stand_in(parameter, schema) for name, parameter in (submodule.parameters or {}).items()}
    substitution = Substitution("", "", {}, told)
    states = {name: substitution.state(state) for name, state in submodule.states.items()}
    assumed = {name: substitution.assumption(given) for name, given in submodule.assumptions.items()}
    attributes, spots = dict(submodule.attributes), dict(submodule.attribute_spots)
    for parameter in (submodule.parameters or {}).values():
        if parameter.type == "attribute":
            name = f"{PARAMETER}.{parameter.name}"
            attributes[name], spots[name] = Attribute(name, "bool", parameter.about, ""), parameter.spot
    return changed(
        submodule, states=states, assumptions={**assumed, **substitution.literals}, attributes=attributes,
        attribute_spots=spots,
    )  # fmt: skip


def _stand_in(parameter: Parameter, schema: Schema) -> Quantity:
    kind, unit, given = "value", "", number(0.0)
    if parameter.type == "duration":
        kind, unit, given = "exact", "day", number(1.0)
    elif parameter.type == "bool":
        given = number(0.0, type_=BOOL)
    elif parameter.type == "code" and parameter.codes in schema.codes:
        given = number(0.0, type_=Type("category", schema.codes[parameter.codes].labels))
    elif parameter.type == "code":
        given = Expression("broken")
    elif parameter.type == "attribute":
        given = Expression("name", value=(f"{PARAMETER}.{parameter.name}",))
    elif parameter.type == "institution":
        given = Expression("text", value=f"{PARAMETER}.{parameter.name}")
    elif parameter.type in ("rate", "share"):
        unit = {"rate": "rate per person-year", "share": "share"}[parameter.type]
    return Quantity(kind, (given,), unit, f"parameter.{parameter.name}", parameter.spot)


@dataclass(slots=True)
class _Expansion:
    """One caller while it is expanded."""

    caller: Module
    modules: Mapping[str, Module]
    submodules: Collection[str]
    schema: Schema
    problems: list[Problem]
    states: dict[str, State]
    attributes: dict[str, Attribute]
    attribute_spots: dict[str, Spot]
    assumptions: dict[str, Assumption]
    uses: dict[str, Spot]
    shared_by: dict[str, Module] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    is_full: bool = False

    def tell(self, spot: Spot, code: str, text: str, hint: str = "") -> None:
        self.problems.append(self.caller.problem(spot, code, text, hint))

    def place(self, state: State, above: tuple[str, ...]) -> None:
        """Add a state, and behind it what it calls; `above` are the modules that the call stands in."""
        submodule = self.called(state.call, above) if state.call else None
        if state.call is None or submodule is None:
            left = {} if state.call is None else {"call": None, "exits": (), "final": False}
            self.states[state.name] = changed(state, **left)
            return
        arguments = tuple(self.arguments(submodule, state.call))
        start = {"": Branch(state.call.spot, to=f"{state.name}.{submodule.start}")}
        call = changed(state.call, arguments=arguments)
        self.states[state.name] = changed(state, call=call, exits=(), next=start, final=False)
        results = self.results(state, submodule)
        told = {name: _stand_in(parameter, self.schema) for name, parameter in (submodule.parameters or {}).items()}
        told |= {argument.name: argument.quantity for argument in arguments}
        names = self.add_attributes(state, submodule)
        substitution = Substitution(state.name, submodule.file, names, told)
        for inside in submodule.states.values():
            placed = substitution.state(inside)
            if inside.final:
                placed = changed(placed, final=False, exits=(), next={"": results[inside.name]})
            self.place(placed, (*above, submodule.name))
        for name, spot in zip(submodule.uses, submodule.uses_spots, strict=False):
            self.uses.setdefault(name, changed(spot, file=submodule.file))
        for assumption in submodule.assumptions.values():
            self.assumptions[substitution.named(assumption.name)] = substitution.assumption(assumption)
        self.assumptions.update(substitution.literals)

    def called(self, call: Call, above: tuple[str, ...]) -> Module | None:
        """The submodule that is called; None (and told) if there is none that can be."""
        submodule = self.modules.get(call.module)
        if submodule is None or not submodule.is_submodule:
            names = [*self.submodules, *(name for name, module in self.modules.items() if module.is_submodule)]
            text = f"there is no submodule '{call.module}'"
            hint = suggestion(call.module, names, "submodules")
            if submodule is not None:
                text, hint = f"{call.module} is no submodule", "a submodule says `parameters: {}`"
            self.tell(call.spot, NO_SUBMODULE, text, hint)
        elif call.module in above:
            circle = " > ".join((*above[above.index(call.module) :], call.module))
            self.tell(call.spot, CALL_CIRCLE, f"submodules call each other in a circle: {circle}", "leave one call out")
        elif self.is_full:
            return None
        elif len(self.states) + len(submodule.states) > MOST_STATES:
            self.is_full = True
            text = f"with this call, {self.caller.name} has more than {MOST_STATES} states"
            self.tell(call.spot, TOO_MANY, text, "make two modules of it")
        elif submodule.start in submodule.states:
            return submodule
        return None

    def arguments(self, submodule: Module, call: Call):
        """The arguments with the types of their parameters; those that do not fit are told and left out."""
        parameters = submodule.parameters or {}
        given = {argument.name for argument in call.arguments}
        for name in parameters:
            if name not in given:
                text, hint = f"{submodule.name} is not told its parameter '{name}'", f"add `{name}: ...` to `with`"
                self.tell(call.spot, CALL_ARGUMENTS, text, hint)
        for argument in call.arguments:
            parameter = parameters.get(argument.name)
            if parameter is None:
                hint = suggestion(argument.name, parameters, "parameters")
                self.tell(argument.spot, CALL_ARGUMENTS, f"{submodule.name} has no parameter '{argument.name}'", hint)
            elif parameter.type == "attribute":
                yield from self.attribute(argument)
            elif parameter.type == "institution":
                yield from self.institution(argument)
            elif parameter.type != "code":
                yield changed(argument, type=parameter.type)
            elif (coded := self.coded(argument, parameter)) is not None:
                yield coded

    def attribute(self, argument: Argument):
        """An argument that is one of the caller's own attributes, true or false."""
        name = _name(argument)
        attribute = self.attributes.get(name)
        if attribute is not None and attribute.type == "bool":
            yield changed(argument, type="attribute")
        elif name or not _is_broken(argument):
            text = f"'{argument.name}' is an attribute of {self.caller.name} that is true or false"
            own = [own for own, attribute in self.attributes.items() if attribute.type == "bool"]
            self.tell(argument.quantity.spot, CALL_ARGUMENTS, text, suggestion(name, own, "attributes"))

    def institution(self, argument: Argument):
        """An argument that is an institution's name; whether there is one is told where it is awaited."""
        name = _name(argument)
        if name:
            given = changed(argument.quantity.parameters[0], op="text", value=name)
            yield changed(argument, type="institution", quantity=changed(argument.quantity, parameters=(given,)))
        elif not _is_broken(argument):
            text = f"'{argument.name}' is an institution"
            self.tell(argument.quantity.spot, CALL_ARGUMENTS, text, "write its name, such as wmo_desk")

    def coded(self, argument: Argument, parameter: Parameter) -> Argument | None:
        """An argument that is a label of a code list, as its number there."""
        codes = self.schema.codes.get(parameter.codes)
        given = argument.quantity.parameters[0] if argument.quantity.parameters else None
        if codes is None or given is None or given.op == "broken":
            return None
        type_ = Type("category", codes.labels)
        if given.type != type_:
            label = given.parts[0] if len(given.parts) == 1 else str(given.value)
            if label not in codes.labels:
                hint = suggestion(label, codes.labels, "labels")
                self.tell(argument.quantity.spot, UNKNOWN_LABEL, f"{parameter.codes} has no label '{label}'", hint)
                return None
            given = changed(given, op="number", args=(), value=float(codes.labels.index(label)), type=type_)
        return changed(argument, type="code", quantity=changed(argument.quantity, parameters=(given,)))

    def results(self, state: State, submodule: Module) -> dict[str, Branch]:
        """Where each final state of the submodule leads."""
        assert state.call is not None
        finals = [inside.name for inside in submodule.states.values() if inside.final]
        otherwise = state.next.get("")
        for name, branch in state.next.items():
            if name and name not in finals:
                hint = suggestion(name, finals, "final states")
                self.tell(branch.spot, CALL_RESULTS, f"{submodule.name} does not end in '{name}'", hint)
        missing = [name for name in finals if otherwise is None and name not in state.next]
        if missing:
            text = f"`next` does not say where '{state.name}' leads when {submodule.name} ends in '{missing[0]}'"
            self.tell(state.call.spot, CALL_RESULTS, text, f"add `{missing[0]}: name`")
        nowhere = otherwise or Branch(state.call.spot)
        return {name: state.next.get(name, nowhere) for name in finals}

    def add_attributes(self, state: State, submodule: Module) -> dict[str, str]:
        """The submodule's attributes as the caller's; name in the submodule -> name in the caller."""
        prefix = f"{self.caller.name.rpartition('/')[2]}_{state.name.replace('.', '_')}"
        names: dict[str, str] = {}
        for name, attribute in submodule.attributes.items():
            is_shared = name in submodule.shared
            names[name] = name if is_shared else f"{prefix}_{name}"
            if names[name] not in self.attributes:
                self.attributes[names[name]] = changed(attribute, name=names[name])
                self.attribute_spots[names[name]] = changed(submodule.attribute_spots[name], file=submodule.file)
                self.shared_by[names[name]] = submodule
            elif not is_shared or self.shared_by.get(name) is not submodule:
                assert state.call is not None
                text = f"the attribute '{names[name]}' of {submodule.name} is there already"
                self.tell(state.call.spot, ATTRIBUTE_TWICE, text, "choose another name for the state or the attribute")
        self.renamed.update((new, name) for name, new in names.items() if new != name)
        return names


def _name(argument: Argument) -> str:
    """The argument, if it is nothing but a name; that of an institution may have been read before."""
    given = argument.quantity.parameters[0] if argument.quantity.parameters else None
    if given is None or given.op == "text":
        return str(given.value) if given is not None else ""
    return given.parts[0] if len(given.parts) == 1 else ""


def _is_broken(argument: Argument) -> bool:
    return any(given.op == "broken" for given in argument.quantity.parameters)
