"""Whether the customer asked for a refund that a model calls: what their words do not ask for is not paid.

`allowed` is `AgentSpec.allows` of who refunds, and answers with the sentence for the model, or None. What the customer
confirms needs no such check: they say yes to the very call.
"""

import re
from collections.abc import Mapping
from typing import Any

from agents.cases.answers import says_no, says_yes, wanted
from agents.cases.case import kind_of
from agents.cases.chargebacks import bank_took_back
from agents.requests.clauses import words_on
from agents.requests.deeds import REFUND, TWICE, in_plain
from agents.requests.facts import facts_in
from agents.requests.requests import request_in
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.moves import Call
from switchboard.declare.transcript import View
from switchboard.reading.stance import CLAUSE

NOT_ASKED = "The customer did not ask for this. Say what it would mean and ask for a yes first."
NOT_NAMED = "The customer did not name this order, and nothing shows that they mean it. Ask which order it is about."
DISPUTED = (
    "The customer says that their bank took a charge back: paying now may pay twice. hand_off to human with what they say."
)
TOO_MUCH = "This is more than the customer asked for. Refund at most what they named."

KINDS = ("refund_full", "refund_partial", "refund_duplicate")
"""The requests that a refund answers."""
SHARE = re.compile(r"\b(half)\b|(?<![\d.,])(\d{1,2}(?:[.,]\d)?)\s?(?:%|per ?cent\b)", re.IGNORECASE)
"""A part of the price that is asked for."""
PAID = re.compile(r"\b(?:paid|pay|charged?|costs?|price|worth|bought|ordered)\b", re.IGNORECASE)
"""What speaks of the price, and not of what is asked for."""
ALIKE = re.compile(r"\b(?:same|too|also|as well|likewise|both|another|other)\b", re.IGNORECASE)
"""What asks for an order as for the one before it."""


def allowed(view: View, call: Call) -> str | None:
    """Why the refund may not be made yet, as a sentence for the model; None where the customer asked for it."""
    if call.tool != "refund_order":
        return None
    order = str(call.arguments["order_id"])
    if not is_meant(view, order, call.arguments):
        return NOT_NAMED
    if bank_took_back(view.text):
        return DISPUTED
    words = words_on(view.text, order)
    if says_no(view) or not asked(view, call, words):
        return NOT_ASKED
    most = most_asked(view, words, order)
    if call.arguments["kind"] != "duplicate_charge" and most is not None and call.arguments["amount_cents"] > most:
        return TOO_MUCH
    return None


def is_meant(view: View, order: str, arguments: Mapping[str, Any]) -> bool:
    """Whether the customer named the order on this matter, else in the case; else whether only it can be meant.

    Only it can be meant where it is the only one that they have, or the only one of those that were looked at whose rows
    bear out what is asked.
    """
    for named in (facts_in(view.text).order_ids, facts_in(words_of_case(view)).order_ids):
        if named:
            return order in named
    looked = [c.result for c in view.calls if c.tool == "list_charges" and c.done]
    mine = next((one for one in looked if one["order_id"] == order), None)
    if mine is None:
        return False
    if arguments["kind"] == "duplicate_charge":
        return has_double(mine)
    known = view.facts.get("order_ids", ())
    if list(known) == [order]:  # the account has no other
        return True
    fitting = [one["order_id"] for one in looked if one["status"] == "cancelled" and one["refundable_cents"]]
    return fitting == [order] and {*known} <= {one["order_id"] for one in looked}


def has_double(order: Mapping[str, Any]) -> bool:
    return any("duplicate_of" in charge for charge in order["charges"])


def words_of_case(view: View) -> str:
    """All that the customer wrote, on this matter and on others."""
    return "\n".join(e.text for e in view.case if e.kind == "message" and e.speaker == CUSTOMER)


def asked(view: View, call: Call, words: str) -> bool:
    """Whether the words on the call's order ask for money back, or agree to a question about it."""
    kind = "refund_duplicate" if call.arguments.get("kind") == "duplicate_charge" else "refund_full"
    if wanted(view, kind, words) == "asked":
        return spoken_of(view, words, kind)
    return kind_of(view) in KINDS and wanted(view, kind_of(view), words) == "asked"


def spoken_of(view: View, words: str, kind: str) -> bool:
    """Whether money back is named, agreed to, or what is asked for: words that say nothing of it ask for nothing."""
    also = {view.facts.get("agreed"), kind_of(view), request_in(words).kind}
    named = re.search(rf"\b(?:{REFUND})|{TWICE}", in_plain(words))
    if not named and words != view.text:  # of several orders that are named, this one may be named for anything
        return says_yes(view) or view.facts.get("agreed") in KINDS or bool(ALIKE.search(words))
    return bool(named) or bool(also & {*KINDS}) or wanted(view, kind, "") == "asked"


def most_asked(view: View, words: str, order: str) -> int | None:
    """The cents that the customer asks for of an order at most; None where they say nothing of how much.

    The amounts that stand with the word for a refund count, else those that were not paid, else all: "I paid 50.00, please
    refund 10.00" asks for 10.00. Who was charged twice asks for the second charge.
    """
    found = [c.result for c in view.calls if c.tool == "list_charges" and c.done and c.arguments["order_id"] == order]
    if re.search(TWICE, words, re.IGNORECASE):
        double = [charge["amount_cents"] for one in found[:1] for charge in one["charges"] if "duplicate_of" in charge]
        return sum(double) if found and kind_of(view) == "refund_duplicate" else None
    clauses = CLAUSE.split(words)
    with_word = [clause for clause in clauses if re.search(rf"\b(?:{REFUND})", clause, re.IGNORECASE)]
    for chosen in (with_word, [clause for clause in clauses if not PAID.search(clause)], clauses):
        if amounts := [amount.cents for clause in chosen for amount in facts_in(clause).amounts]:
            return max(amounts)
    share = SHARE.search(words)
    if not share or not found:
        return None
    return int(found[0]["total_cents"] * (0.5 if share[1] else float(share[2].replace(",", ".")) / 100) + 0.5)
