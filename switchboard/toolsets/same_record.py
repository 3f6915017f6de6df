"""Whether an answer is on the record that was asked for: another one, as a cache or a search may give it, is told to nobody."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from switchboard.money import amounts, decimals_of, is_number, money_in
from switchboard.toolsets.facts import Facts

if TYPE_CHECKING:
    from switchboard.toolsets.remote import Operation

NUMBERS = frozenset(["id", "uuid", "guid", "number", "no", "nr", "ref", "reference"])
"""Last words of names of what names a record; alone they name it where the answer is one record."""
NO_RECORDS = frozenset(
    [
        "phone",
        "telephone",
        "mobile",
        "fax",
        "card",
        "zip",
        "postcode",
        "date",
        "day",
        "time",
        "page",
        "limit",
        "size",
        "count",
        "quantity",
        "amount",
        "price",
    ]
)
"""Words for what names no record, or what an answer may write in another way."""
ENVELOPES = frozenset(
    ["data", "result", "results", "item", "items", "record", "records", "rows", "content", "value", "response"]
)
"""Fields that hold the records of an answer."""
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
LIKE_AN_ID = re.compile(r"(?!\d{4}-\d\d)(?=\D{0,40}\d)[\w#./:-]{1,80}")
"""A value that is read as the number of something: with a digit, without a blank, and no date."""
DEEPEST = 4
LONGEST_AMOUNT = 60
"""Characters of a text that is read as an amount."""
How = Literal["", "one", "each"]


def another(operation: "Operation", facts: Facts, given: Mapping[str, Any], answer: Any, currency: str = "") -> str:
    """The argument whose value an answer does not hold where it must; "" where it is what was asked for, or nothing.

    A field that is there and null is on no record, so not on that one. One that is left out shows nothing, but for what
    `matches` names: many sides do not repeat what they were asked for.
    """
    if answer is None or answer in ({}, [], ""):
        return ""
    for argument, value in given.items():
        wanted = [one for one in (value if isinstance(value, list) else [value]) if _is_plain(one)]
        if not wanted:
            continue
        if argument == facts.amount and facts.changes:
            if other_amount(facts, given, answer, currency):
                return argument
            continue
        if path := facts.matches.get(argument):
            found = list(_at(answer, path.split(".")))
        else:
            how = _by_itself(operation, facts, argument, value)
            found = _namesakes(answer, _names(facts, argument), how) if how else []
        if any(not any(same(one, other) for other in wanted) for one in found):
            return argument
    return ""


def other_amount(facts: Facts, given: Mapping[str, Any], answer: Any, currency: str) -> bool:
    """Whether an answer to a change has another amount than was agreed to, or one that cannot be read: in the field that
    `matches` names, else in one that is called like the argument. One that is left out, or null, shows nothing.
    """
    amount = facts.amount or ""
    path = facts.matches.get(amount)
    if not facts.changes or path is False or amount not in given:
        return False
    found = list(_at(answer, path.split("."))) if path else _namesakes(answer, _names(facts, amount), "one")
    agreed = given[amount]
    return agreed is not None and not all(one is None or _is_amount(facts, one, agreed, currency) for one in found)


def _is_amount(facts: Facts, told: Any, agreed: Any, currency: str) -> bool:
    """Whether an amount is the same: as a number that counts as the argument does, or in a text such as "77,00 EUR"."""
    if is_number(told):
        return Decimal(str(told)) == Decimal(str(agreed))
    per_unit = 10 ** decimals_of(currency) if facts.unit == "units" else 1
    return isinstance(told, str) and [*amounts(told[:LONGEST_AMOUNT], money_in(currency))] == [Decimal(str(agreed)) * per_unit]


def untied(operation: "Operation", facts: Facts) -> list[str]:
    """The arguments that name a record, and that no field of the answer is known to go together with."""
    hidden = {*facts.fixed, facts.customer, *facts.matches, *([facts.pages.argument] if facts.pages else [])}
    wanted = operation.parameters.get("required", ())
    return [
        one
        for one in operation.parameters.get("properties", {})
        if one not in hidden and one in wanted and (one in operation.path or _names_a_record(facts, one))
        if not (_by_itself(operation, facts, one, None) and _is_declared(operation.declared, _names(facts, one)))
    ]


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same id, as a number or a text, in small or capital letters."""
    if not (_is_plain(one) and _is_plain(other)):
        return False
    told, asked = _text(one), _text(other)
    is_number = isinstance(one, str) != isinstance(other, str) and told.isdecimal() and asked.isdecimal()
    return told == asked or (is_number and int(told) == int(asked))


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    return str(value).strip().lstrip("#").casefold()


def _by_itself(operation: "Operation", facts: Facts, argument: str, value: Any) -> How:
    """Whether an argument goes together with a field that is called like it: in each record, or in an answer that is one."""
    if argument in facts.matches or argument == facts.amount:
        return ""
    if argument == operation.record:
        return "each"
    if _plain(_theirs(facts, argument)) in NUMBERS:  # below a path's `{id}`, and of a change, an answer has an id of its own
        return "" if facts.changes or argument in operation.path else "one"
    if _names_a_record(facts, argument) or argument in (facts.of, facts.customer):
        return "each"
    if NO_RECORDS & set(_words(facts, argument)):
        return ""
    wanted = argument in operation.parameters.get("required", ())
    return "one" if wanted and not facts.changes and (value is None or LIKE_AN_ID.fullmatch(str(value))) else ""


def _names_a_record(facts: Facts, argument: str) -> bool:
    words = _words(facts, argument)
    return bool(words) and words[-1] in NUMBERS and (words[-1] == "id" or not NO_RECORDS & set(words))


def _words(facts: Facts, argument: str) -> list[str]:
    return [word.lower() for word in WORD.findall(_theirs(facts, argument))]


def _theirs(facts: Facts, argument: str) -> str:
    """What the other side calls an argument, without where it stands."""
    return facts.names.get(argument, argument).rpartition(".")[2]


def _names(facts: Facts, argument: str) -> set[str]:
    return {_plain(argument), _plain(_theirs(facts, argument))}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """What stands at a path in each element of the lists on the way; None where nothing does."""
    if isinstance(value, list):
        for one in value:
            yield from _at(one, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping):
        yield from _at(value.get(path[0]), path[1:])
    else:
        yield None


def _namesakes(answer: Any, names: set[str], how: How) -> list[Any]:
    """The values of the fields that are called so, of the record that an answer is or holds, or of each of several."""
    for _ in range(DEEPEST):
        if isinstance(answer, list):
            records = [one for one in answer if isinstance(one, Mapping)]
            if len(records) > 1:
                return [value for one in records for value in _own(one, names)] if how == "each" else []
            answer = records[0] if records else None
        if not isinstance(answer, Mapping):
            return []
        if own := _own(answer, names):
            return own
        inner = [one for name, one in answer.items() if len(answer) == 1 or _plain(str(name)) in ENVELOPES]
        answer = inner[0] if len(inner) == 1 else None
    return []


def _own(record: Mapping[str, Any], names: set[str]) -> list[Any]:
    return [value for name, value in record.items() if _plain(str(name)) in names and not isinstance(value, Mapping | list)]


def _is_declared(declared: tuple[str, ...], names: set[str]) -> bool:
    tops = {path.partition(".")[0] for path in declared}
    for path in declared:
        *above, last = path.split(".")
        if _plain(last) in names and (not above or (len(above) == 1 and (len(tops) == 1 or _plain(above[0]) in ENVELOPES))):
            return True
    return False
