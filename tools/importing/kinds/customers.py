"""Customers from a file: a line for each, or for each of their payment methods."""

from collections.abc import Sequence

from tools.importing.kinds.records import ADDRESS, Record, check_needed, grouped, same_throughout
from tools.importing.reading.fields import Field, Found, Values
from tools.importing.reading.problems import Problems
from tools.importing.reading.values import amount, day, of_type, text
from tools.nouns import CustomerId, EMail, PaymentMethodId
from tools.vocabulary import vocabulary

NESTED = "payment_methods"
SOURCES = ("credit_card", "paypal", "gift_card")


def source(value: object) -> str:
    found = str(value).strip().lower().replace(" ", "_")
    if found not in SOURCES:
        raise ValueError(f"{str(value)[:40]!r} is none of {', '.join(SOURCES)}")
    return found


def last_four(value: object) -> str:
    found = str(value).strip().rjust(4, "0")  # a spreadsheet drops zeros
    if not (found.isascii() and found.isdecimal() and len(found) == 4):
        raise ValueError("it is the last four digits of a card, and nothing more of it")
    return found


FIELDS = (
    Field("customer_id", of_type(CustomerId), needed=True, also=("customer", "customer number", "customer no")),
    Field("first_name", text, needed=True, also=("given name", "forename")),
    Field("last_name", text, needed=True, also=("surname", "family name")),
    Field("email", of_type(EMail), needed=True, also=("email address",)),
    Field("address1", text, also=("street", "address")),
    Field("address2", text),
    Field("city", text, also=("town",)),
    Field("state", text, also=("province", "region")),
    Field("zip", text, also=("zip code", "postcode", "postal code")),
    Field("country", text),
    Field("payment_method_id", of_type(PaymentMethodId)),
    Field("payment_source", source, also=("source",)),
    Field("brand", text),
    Field("last_four", last_four),
    Field("balance", amount(vocabulary.currency), money=True),
    Field("removed_on", day),
)
OF_CUSTOMER = ("first_name", "last_name", "email", *ADDRESS)
OF_METHOD = {
    "payment_source": "source",
    "brand": "brand",
    "last_four": "last_four",
    "balance": "balance_cents",
    "removed_on": "removed_on",
}


def records(lines: Sequence[Values], found: Found, problems: Problems) -> list[Record]:
    """The customers of a file, each followed by their payment methods."""
    made: list[Record] = []
    seen: dict[str, int] = {}
    for customer_id, own in grouped(check_needed(lines, ("customer_id",), problems), "customer_id").items():
        first = own[0].line
        value = same_throughout(own, OF_CUSTOMER, f"customer {customer_id}", problems)
        for name in ("first_name", "last_name", "email"):
            if name not in value:
                problems.add(first, f"{name} is empty")
        value |= {name: "" for name in ADDRESS if found.has(name) and name not in value}
        made.append(Record("customer", customer_id, value, first))
        with_method = [one for one in own if "payment_method_id" in one.values]
        for one in own if len(own) > 1 else ():
            if one not in with_method and one is not own[0]:
                problems.add(one.line, f"customer {customer_id} stands in line {first} already")
        for one in with_method:
            made += _method(customer_id, one, found, seen, problems)
        for one in own:
            given = [name for name in OF_METHOD if name in one.values]
            if given and one not in with_method:
                problems.add(one.line, f"{given[0]} is given without a payment_method_id")
    return made


def _method(customer_id: str, one: Values, found: Found, seen: dict[str, int], problems: Problems) -> list[Record]:
    method_id = one.values["payment_method_id"]
    if method_id in seen:
        problems.add(one.line, f"payment method {method_id} stands in line {seen[method_id]} already")
        return []
    seen[method_id] = one.line
    value = {ours: one.get(name) for name, ours in OF_METHOD.items() if found.has(name)}
    wanting = {"credit_card": "last_four", "gift_card": "balance_cents"}.get(value.get("source") or "")
    if not value.get("source"):
        problems.add(one.line, "payment_source is empty")
    elif wanting and value.get(wanting) is None:
        problems.add(one.line, f"a {value['source']} needs its {wanting.removesuffix('_cents')}")
    elif value["source"] != "gift_card" and value.get("balance_cents") is not None:
        problems.add(one.line, f"a {value['source']} has no balance")
    return [Record("payment_method", method_id, value, one.line, customer_id)]
