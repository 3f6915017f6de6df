"""The fields of other sides' answers that a play names, held against those that are kept of the answers."""

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter

from switchboard.declare.play import RESULT, fields_of
from switchboard.declare.tool import Tool
from switchboard.errors import DeclarationError, Problem, about, did_you_mean
from switchboard.tables.plays import PlayTable, Value
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation
from switchboard.toolsets.schemas import Leaf, is_within, lacks
from switchboard.toolsets.table import CustomerTable


def kept_of(operation: Operation, facts: Facts) -> tuple[str, ...]:
    """The fields that are kept of an answer, as far as its description or the project says them; none where neither does."""
    if not facts.result:
        return operation.declared
    return tuple(
        path for kept in facts.result for path in ([one for one in operation.declared if is_within(one, kept)] or [kept])
    )


def check_fields(table: PlayTable, kept: Mapping[str, Sequence[str]]) -> None:
    """Refuse a field that no answer has: what is not kept is dropped, so it would never be told. Raises DeclarationError."""
    for keys, path in _named(table):
        tool, field = _field(table, path)
        fields = kept.get(tool, ())
        with about(*keys):
            if field and lacks(fields, field):
                there = [f"{path.partition('.')[0]}.{one}" for one in fields]
                raise DeclarationError(f"{keys[0]} names {path!r}, which no answer of {tool} has; {did_you_mean(path, there)}")


def strange_values(table: PlayTable, leaves: Mapping[str, Mapping[str, Leaf]]) -> Iterator[Problem]:
    """The values that a play holds a field against, or has words for, and that the field never has by its description: an
    answer with another value is used for nothing.
    """
    held: list[tuple[tuple[str | int, ...], str, Sequence[Value]]] = [
        (("conditions", number, "values"), one.of, one.values) for number, one in enumerate(table.conditions)
    ]
    held += [(("words", path, value), path, [value]) for path, told in table.words.items() for value in told]
    for keys, path, values in held:
        tool, field = _field(table, path)
        known = leaves.get(tool, {}).get(field, Leaf()).values
        texts = [str(one) for one in known]
        for value in values if known else ():
            if value not in known and not (keys[0] == "words" and value in texts):
                why = f"{path} is never {value!r} by the description of {tool}; {did_you_mean(str(value), texts)}"
                yield Problem(f"{keys[0]}: {why}.", *keys)


def _field(table: PlayTable, path: str) -> tuple[str, str]:
    """The tool and the field of its answer that a play calls so."""
    step, _, field = path.partition(".")
    return table.does.tool if table.does and step == RESULT else step, field


def check_facts(calls: Mapping[str, Facts], operations: Mapping[str, tuple[Operation, object]]) -> None:
    """Refuse a fact that names a field which no answer has, as far as descriptions say: it would stand in the way of each call.

    Raises DeclarationError.
    """
    whole = {name: operation.declared for name, (operation, _) in operations.items()}
    kept = {name: kept_of(operation, calls[name]) for name, (operation, _) in operations.items()}
    for name, facts in calls.items():
        named = [("matches", name, field, whole) for field in facts.matches.values() if field]
        named += [("result", name, field, whole) for field in facts.result]
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


def customers_call(
    asked: CustomerTable, calls: Mapping[str, Facts], tools: Mapping[str, Tool], kept: Mapping[str, Sequence[str]]
) -> Tool:
    """The call that tells of a customer. Raises DeclarationError for one that changes something, needs more than who they are,
    answers everybody alike, or has not the fields.
    """
    with about("call"):
        if asked.call not in tools:
            raise DeclarationError(f"there is no call {asked.call!r}; {did_you_mean(asked.call, tools)}.")
        tool, facts = tools[asked.call], calls[asked.call]
        wanted = [name for name, one in tool.arguments.model_fields.items() if one.is_required()]
        if tool.changes or facts.verifies or not (facts.customer or facts.owner) or wanted:
            needs = f"needs {', '.join(wanted)}" if wanted else "is none"
            raise DeclarationError(f"call names one that reads and takes nothing but its `customer`; {asked.call!r} {needs}.")
    for field in asked.fields:
        with about("fields"):
            if lacks(kept.get(asked.call, ()), field):
                why = f"which no answer of {asked.call} has; {did_you_mean(field, kept.get(asked.call, ()))}"
                raise DeclarationError(f"fields names {field!r}, {why}.")
    return tool


def _named(table: PlayTable) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each field that a play names, behind the keys where it does."""
    yield from ((("told",), name) for name in fields_of(table.told or ""))
    for number, condition in enumerate(table.conditions):
        yield ("conditions", number, "of"), condition.of
        yield from ((("conditions", number, "otherwise"), name) for name in fields_of(condition.otherwise))
    for number, step in enumerate(table.reads):
        yield from ((("reads", number, "arguments", key), name) for key, name in step.arguments.items())
    for key, name in table.does.arguments.items() if table.does else ():
        yield ("does", "arguments", key), name
    for number, slot in enumerate(table.slots):
        if slot.among:
            yield ("slots", number, "key"), f"{slot.among}.{slot.key}"
            yield from ((("slots", number, "label"), f"{slot.among}.{name}") for name in fields_of(slot.label))
    for key, listed in table.lists.items():
        yield from ((("lists", key, "label"), f"{listed.of}.{name}") for name in fields_of(listed.label))
    yield from ((("words", name), name) for name in table.words)
