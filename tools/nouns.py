"""The argument types of the tools: their constraints, and the words the model reads about them; and how tools tell amounts."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from switchboard.characters import is_plain_address
from switchboard.events.masking import emails
from switchboard.ids import IdForm
from tools.ids import CUSTOMER, ITEM, ORDER, PAYMENT_METHOD, PRODUCT, described
from tools.vocabulary import vocabulary


def _as_text(value: object) -> object:
    """Models write ids as numbers now and then; stray spaces mean nothing; Postgres holds no NUL character."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def _as_order_id(value: object) -> object:
    """Where "#W1234567" is the form, "W1234567", "1234567" and "w1234567 " all mean that."""
    text = _as_text(value)
    found = ORDER.canonical(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"an order number is {described(ORDER)}, such as {ORDER.example}; ask the customer for it")
    return found


def _as_email(value: object) -> object:
    text = _as_text(value)
    return text.lower() if isinstance(text, str) and is_plain_address(text) else text


def _is_email(text: str) -> str:
    if [match[0] for match in emails(text)] != [text] or not is_plain_address(text):
        raise ValueError("an e-mail address is needed, such as ada@example.com; ask the customer for it")
    return text


money = vocabulary.money


def amount_of(name: str, cents: int) -> dict[str, int | str]:
    """An amount as a result tells it: cents for who works with it, words for who reads it."""
    return {f"{name}_cents": cents, name: money(cents)}


def goes_to(name: str, cents: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    """An amount and the methods that it goes to, as a result tells them; `cents` are label and cents by method id."""
    parts = [{"method_id": key, "method": label, **amount_of("amount", part)} for key, (label, part) in cents.items()]
    return {**amount_of(name, sum(part for _, part in cents.values())), "to": parts}


def going_back(amount: str, to: Sequence[Mapping[str, Any]]) -> str:
    """An amount that goes back, and where to, in words to the customer."""
    ways = [f"{part['amount']} to your {part['method']}" for part in to]
    return f"{amount} goes back to your {to[0]['method']}" if len(to) == 1 else f"{amount} goes back, {' and '.join(ways)}"


def address_in_words(fields: Mapping[str, Any]) -> str:
    """An address on one line."""
    parts = (fields["address1"], fields["address2"], fields["city"], f"{fields['state']} {fields['zip']}", fields["country"])
    return ", ".join(str(part) for part in parts if part)


def in_words(options: Mapping[str, str], *name: str) -> str:
    """An item with its options, or the options alone."""
    return ", ".join([*name, *options.values()])


Trim = BeforeValidator(_as_text)


def _id(form: IdForm, not_another: str = "") -> Any:
    return Field(pattern=f"^(?:{form.form})$", max_length=80, description=f"Such as '{form.example}'{not_another}.")


OrderId = Annotated[str, _id(ORDER), BeforeValidator(_as_order_id)]
ItemId = Annotated[str, _id(ITEM, "; not the product id"), Trim]
ProductId = Annotated[str, _id(PRODUCT, "; not the item id"), Trim]
CustomerId = Annotated[str, _id(CUSTOMER), Trim]
PaymentMethodId = Annotated[str, _id(PAYMENT_METHOD, ", from the customer's or order's details"), Trim]
ItemIds = Annotated[list[ItemId], Field(min_length=1, max_length=50, description="Repeat an id for each piece of it.")]
NewItemIds = Annotated[
    list[ItemId],
    Field(min_length=1, max_length=50, description="One per old item, in the same order, of the same product."),
]

EMail = Annotated[str, Field(max_length=254), BeforeValidator(_as_email), AfterValidator(_is_email)]
Name = Annotated[str, Field(min_length=1, max_length=80), Trim]
Phone = Annotated[str, Field(pattern=r"^[+()\d][-+()./\d ]{4,24}$"), Trim]
Zip = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{2,9}$"), Trim]
AddressLine = Annotated[str, Field(min_length=1, max_length=120), Trim]
AddressLine2 = Annotated[str, Field(max_length=120, description="May be ''."), Trim]

Cents = Annotated[int, Field(gt=0, le=100_000_000, description=f"Cents: {money(4999)} is 4999.")]
RefundKind = Literal["full", "partial", "duplicate_charge"]
CancelReason = Literal["no longer needed", "ordered by mistake"]

Line = Annotated[str, Field(min_length=1, max_length=200), Trim]
Prose = Annotated[str, Field(min_length=1, max_length=8000), Trim]
Department = Literal["billing", "orders", "support", "sales", "account", "general"]
Priority = Literal["low", "normal", "high", "urgent"]
