"""The fields of other sides' answers that a play names, held against those that are kept of the answers."""

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter

from switchboard.declare.play import RESULT, fields_of
from switchboard.errors import DeclarationError, about, did_you_mean
from switchboard.tables.plays import PlayTable
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation
from switchboard.toolsets.schemas import is_within, lacks


def kept_of(operation: Operation, facts: Facts) -> tuple[str, ...]:
    """The fields that are kept of an answer, as far as its description or the project says them; none where neither does."""
    if not facts.result:
        return operation.declared
    return tuple(
        path for kept in facts.result for path in ([one for one in operation.declared if is_within(one, kept)] or [kept])
    )


def check_fields(table: PlayTable, kept: Mapping[str, Sequence[str]]) -> None:
    """Refuse a field that no answer has: what is not kept is dropped, so it would never be told. Raises DeclarationError."""
    for where, path in _named(table):
        step, _, field = path.partition(".")
        tool = table.does.tool if table.does and step == RESULT else step
        fields = kept.get(tool, ())
        if field and lacks(fields, field):
            raise DeclarationError(f"{where} names {path!r}, which no answer of {tool} has; {did_you_mean(field, fields)}")


def check_facts(calls: Mapping[str, Facts], operations: Mapping[str, tuple[Operation, object]]) -> None:
    """Refuse a fact that names a field which no answer has, as far as descriptions say: it would stand in the way of each call.

    Raises DeclarationError.
    """
    whole = {name: operation.declared for name, (operation, _) in operations.items()}
    kept = {name: kept_of(operation, calls[name]) for name, (operation, _) in operations.items()}
    for name, facts in calls.items():
        named = [("matches", name, field, whole) for field in facts.matches.values() if field]
        reader, _, field = (facts.amount or "").partition(".")
        named += [("amount", reader, field, kept)] if field else []
        asked = [one for _, one, _, _ in Formatter().parse(facts.read_back or "") if one and one.startswith("check.")]
        named += [("read_back", facts.check, one.removeprefix("check."), kept) for one in asked if facts.check]
        for fact, tool, field, fields in named:
            there = fields.get(tool, ())
            with about("calls", name, fact):
                if lacks(there, field):
                    why = f"which no answer of {tool} has; {did_you_mean(field, there)}"
                    raise DeclarationError(f"calls.{name}: {fact} names {field!r}, {why}.")


def _named(table: PlayTable) -> Iterator[tuple[str, str]]:
    """Each field that a play names, and where it does."""
    yield from (("told", name) for name in fields_of(table.told or ""))
    for condition in table.conditions:
        yield "conditions", condition.of
        yield from (("conditions", name) for name in fields_of(condition.otherwise))
    for step in (*table.reads, *([table.does] if table.does else ())):
        yield from (("arguments", name) for name in step.arguments.values())
    for slot in table.slots:
        if slot.among:
            yield from (("slots", f"{slot.among}.{name}") for name in (slot.key, *fields_of(slot.label)))
    for listed in table.lists.values():
        yield from (("lists", f"{listed.of}.{name}") for name in fields_of(listed.label))
    yield from (("words", name) for name in table.words)
