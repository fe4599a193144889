"""What a state writes: a row's columns, end reasons and new values of attributes, against the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from abmsim.expressions import BOOL, DAY, NUMBER, Expression, Type
from abmsim.lang.changed import changed
from abmsim.lang.check_quantity import Checking, naked_numbers
from abmsim.lang.codes import (
    ENGINE_COLUMN,
    MISSING_COLUMN,
    NAKED_NUMBER,
    NOT_OWN_ATTRIBUTE,
    TOO_MANY,
    UNKNOWN_COLUMN,
    UNKNOWN_LABEL,
    UNKNOWN_NAME,
    UNKNOWN_VERB,
    WRONG_TYPE,
)
from abmsim.lang.limits import MOST_VALUES
from abmsim.lang.module import Closing, ColumnValue, Quantity, Record, Setting, Share
from abmsim.problems import suggestion
from abmsim.schema.schema import Column, Schema, TableSchema
from abmsim.vocabulary import VOCABULARY, Attribute

_TYPES = {"bool": BOOL, "integer": NUMBER, "number": NUMBER, "date": DAY}


@dataclass(frozen=True, slots=True)
class WritingCheck:
    """Checks and resolves what the states of one module write."""

    checking: Checking
    schema: Schema

    def record(self, record: Record) -> Record:
        table = self.schema.verbs.get(record.verb)
        if table is None:
            hint = suggestion(record.verb, self.schema.verbs, "record verbs")
            self.checking.tell(record.spot, UNKNOWN_VERB, f"no table has the verb '{record.verb}'", hint)
            return record
        for column in table.written:
            if column.name not in record.columns and not column.nullable:
                text = f"'{record.verb}' lacks the column '{column.name}'"
                self.checking.tell(record.spot, MISSING_COLUMN, text, f"add `{column.name}: ...`")
        columns = {name: self.column(table, name, value) for name, value in record.columns.items()}
        self.check_limit(record, columns)
        return changed(record, columns=columns)

    def check_limit(self, record: Record, columns: Mapping[str, ColumnValue]) -> None:
        drawn = [value for value in columns.values() if value.kind not in ("label", "duration")]
        if len(drawn) > MOST_VALUES:
            text = f"{len(drawn)} columns of '{record.verb}' are drawn or computed"
            self.checking.tell(drawn[MOST_VALUES].spot, TOO_MANY, text, f"at most {MOST_VALUES}; labels are free")

    def column(self, table: TableSchema, name: str, value: ColumnValue) -> ColumnValue:
        column = next((column for column in table.columns if column.name == name), None)
        if column is None:
            writable = [column.name for column in table.columns if column.written or column.role == "planned_end"]
            hint = suggestion(name, writable, "columns")
            self.checking.tell(value.spot, UNKNOWN_COLUMN, f"'{table.name}' has no column '{name}'", hint)
            return value
        if column.role == "planned_end":
            return self.planned_end(value)
        if not column.written:
            self.checking.tell(value.spot, ENGINE_COLUMN, f"'{name}' is filled in by the engine", "leave it out")
            return value
        return self.value(column, value)

    def planned_end(self, value: ColumnValue) -> ColumnValue:
        """A duration, counted from the row's start."""
        quantity = value.quantity
        if value.expression is not None:
            source = ".".join(value.expression.parts) or "an expression"
            quantity = Quantity("value", (value.expression,), "", source, value.spot)
        if quantity is None:
            self.wrong(value, "a duration")
            return value
        return changed(value, kind="duration", expression=None, quantity=self.checking.quantity(quantity, "duration"))

    def value(self, column: Column, value: ColumnValue) -> ColumnValue:
        codes = self.schema.codes_of(column)
        if value.quantity is not None and value.quantity.kind == "value" and codes is None:
            number = self.checking.quantity(value.quantity, "number").parameters[0]
            return ColumnValue("expression", value.spot, expression=number)
        if codes is not None:
            return self.coded(codes.labels, value)
        if value.expression is None or column.type not in _TYPES:
            self.wrong(value, str(_TYPES.get(column.type, column.type)))
            return value
        if column.type == "number":
            for node in naked_numbers(value.expression):
                hint = "write {is: ..., source: ...}, or name it under `assume` with its why"
                self.checking.tell(value.spot, NAKED_NUMBER, f"{node.value:.10g} is a number without a source", hint)
        resolved = self.checking.resolved(value.expression, _TYPES[column.type])
        return self.expressed(value, resolved)

    def coded(self, labels: tuple[str, ...], value: ColumnValue) -> ColumnValue:
        """A label, shares of labels, a schedule's column or an expression that gives a label of the code list."""
        if value.kind == "shares":
            return changed(value, shares=tuple(self.share(labels, share) for share in value.shares))
        expression = value.expression
        if expression is None:
            self.wrong(value, "a label")
            return value
        if expression.parts[:1] == ("schedule",) or self.is_attribute(expression, labels):
            resolved = self.checking.resolved(expression, None)
            self.check_labels(value, resolved, labels)
            return self.expressed(value, resolved)
        resolved = self.checking.resolved(expression, Type("category", labels))
        if resolved.op == "number" and isinstance(resolved.value, float):
            return ColumnValue("label", value.spot, label=labels[int(resolved.value)])
        return changed(value, expression=resolved)

    def is_attribute(self, expression: Expression, labels: tuple[str, ...]) -> bool:
        parts, scope = expression.parts, self.checking.scope
        last = scope.as_label(expression) or parts[-1] if parts else ""
        return bool(parts) and last not in labels and parts[-1] in scope.attributes

    def check_labels(self, value: ColumnValue, resolved: Expression, labels: tuple[str, ...]) -> None:
        if resolved.type is None:
            return
        if resolved.type.kind != "category":
            self.wrong(value, "a label")
            return
        unknown = [label for label in resolved.type.labels if label not in labels]
        if unknown:
            self.unknown_label(value, unknown[0], labels)
        elif resolved.parts[0] != "schedule" and resolved.type.labels != labels:
            self.wrong(value, "labels of another list than this attribute's")

    def unknown_label(self, value: ColumnValue | Share, label: str, labels: tuple[str, ...]) -> None:
        hint = suggestion(label, labels, "labels")
        self.checking.tell(value.spot, UNKNOWN_LABEL, f"the column has no label '{label}'", hint)

    def expressed(self, value: ColumnValue, resolved: Expression) -> ColumnValue:
        if resolved.parts[:1] == ("schedule",):
            return ColumnValue("schedule", value.spot, schedule_column=resolved.parts[1], expression=resolved)
        return changed(value, expression=resolved)

    def share(self, labels: tuple[str, ...], share: Share) -> Share:
        if share.label not in labels:
            self.unknown_label(share, share.label, labels)
        return share if share.share is None else changed(share, share=self.checking.quantity(share.share, "share"))

    def wrong(self, value: ColumnValue, needed: str) -> None:
        self.checking.tell(value.spot, WRONG_TYPE, f"the column holds {needed}")

    def closing(self, closing: Closing) -> Closing:
        table = self.schema.verbs.get(closing.verb)
        if table is None:
            hint = suggestion(closing.verb, self.schema.verbs, "record verbs")
            self.checking.tell(closing.spot, UNKNOWN_VERB, f"no table has the verb '{closing.verb}'", hint)
            return closing
        if not table.ends:
            self.checking.tell(closing.spot, UNKNOWN_VERB, f"a row of '{closing.verb}' is a moment and never open")
            return closing
        column = table.by_role("end_reason")
        codes = self.schema.codes_of(column) if column else None
        if closing.reason is None:
            if codes:
                hint = suggestion("", codes.labels, "reasons")
                self.checking.tell(closing.spot, MISSING_COLUMN, f"'{closing.verb}' needs a reason to end", hint)
            return closing
        if codes is None:
            text = f"'{table.name}' has no column for a reason"
            self.checking.tell(closing.reason.spot, UNKNOWN_COLUMN, text, f"write end: {closing.verb}")
            return closing
        return changed(closing, reason=self.coded(codes.labels, closing.reason))

    def setting(self, setting: Setting) -> Setting:
        attribute = self.checking.module.attributes.get(setting.attribute) or self.written(setting.attribute)
        if attribute is None:
            self.not_own(setting)
            return setting
        type_ = self.checking.scope.type_of(attribute)
        if setting.expression is not None:
            return changed(setting, expression=self.checking.resolved(setting.expression, type_))
        if setting.distribution is None:
            return setting
        if type_ != NUMBER:
            text = f"a {setting.distribution.kind} draw is a number, '{setting.attribute}' is {type_}"
            self.checking.tell(setting.spot, WRONG_TYPE, text)
        return changed(setting, distribution=self.checking.drawn(setting.distribution))

    def written(self, name: str) -> Attribute | None:
        """An attribute of the vocabulary that this module writes; of a submodule its callers are asked."""
        attribute, module = VOCABULARY.get(name), self.checking.module
        may = attribute is not None and attribute.writer and (attribute.writer == module.name or module.is_submodule)
        return attribute if may else None

    def not_own(self, setting: Setting) -> None:
        name, scope = setting.attribute, self.checking.scope
        if name in VOCABULARY and VOCABULARY[name].writer:
            text, hint = f"'{name}' is set by {VOCABULARY[name].writer} alone", "read it; other modules keep their own"
        elif name in VOCABULARY:
            text, hint = f"'{name}' belongs to the vocabulary", "a module sets its own attributes only"
        elif name in scope.elsewhere or name in scope.attributes:
            text, hint = f"'{name}' belongs to another module", "a module sets its own attributes only"
        else:
            text, hint = f"unknown attribute '{name}'", suggestion(name, self.checking.module.attributes, "attributes")
            self.checking.tell(setting.spot, UNKNOWN_NAME, text, hint)
            return
        self.checking.tell(setting.spot, NOT_OWN_ATTRIBUTE, text, hint)
