"""What customers hear of a change that the shop refused, where another payment method helps or nothing does."""

import re

from agents.money.methods import holds_too_little
from agents.orders.status import METHODS, source_of
from switchboard.declare.moves import Say
from switchboard.declare.transcript import CallResult

OTHER_METHOD = re.compile(
    r"\b(?:to|on|onto|into|with)\b(?: \w+){0,2}? (?:other|another|different|new|second|wife['’]s|husband['’]s)(?: \w+){0,2}? "
    r"(?:card|account|paypal|visa|mastercard|amex)\b",
    re.IGNORECASE,
)
"""Another method than the one that paid, which is none that a return is refunded to."""


def refused(made: CallResult) -> Say | None:
    """The answer to a refusal, with the question that goes on from it; None where it is for a human."""
    order_id = made.arguments["order_id"]
    match made.code:
        case "gift_card_short":
            why = holds_too_little(made)
        case "no_such_method":
            why = "That payment method is not on your account, or not any more."
        case "method_paid_less":
            why = "That payment method did not pay so much of it; a gift card of yours or the one that paid can have the money."
        case "not_original_method":
            return Say(f"I have not requested it yet. {where_back(made.data['payment_method_id'])}", asks=True)
        case "nothing_left":
            back = f"All that was paid for order {order_id} went back already"
            return Say(f"{back}, so a return would bring you no money, and I have not requested one.")
        case _:
            return None
    return Say(f"I could not change order {order_id} yet. {why} Which other payment method shall I use?", asks=True)


def where_back(original: str) -> str:
    """Where the money of a return can go, as a question; `original` is the id of the method that paid."""
    paid = METHODS[source_of(original)]
    closed = ", whose bank passes it on if it was closed" if paid == "credit card" else ""
    return (
        f"The money of a return can only go back to what paid for it, the {paid}{closed}, or to a gift card on your account. "
        "Which of them shall it be?"
    )
