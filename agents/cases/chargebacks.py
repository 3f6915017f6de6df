"""A charge that the customer's bank took back: told from the rows, and read in the customer's words."""

import re
from collections.abc import Mapping
from typing import Any

from switchboard.declare.transcript import View
from switchboard.reading.stance import CLAUSE
from tools.nouns import money

BANK = (
    r"\b(?:bank(?! (?:account|card|transfer))|pay ?pal|visa|mastercard|amex|(?:card|credit) (?:company|issuer|provider|firm)"
    r"|issuer)\b"
)
TAKEN_BACK = re.compile(
    r"\bcharge-?backs?\b|\b(?:fil|start|open|request|initiat|did|do|beg[au]n)\w*(?: \w+){0,2} charge backs?\b"
    r"|\bcharged (?:it|this|that|them|the \w+) back\b"
    r"|\b(?:disput|contest)(?:ed|ing)\b[^.!?\n]{0,60}\b(?:bank|charges?|payments?|card|pay ?pal|transaction)\b"
    rf"|{BANK}(?: \w+){{0,3}}? (?:refunded|reversed|credited|returned|reimbursed|recalled)\b"
    rf"|{BANK}(?: \w+){{0,3}}? (?:gave|given|sent|took|taken|paid|got|put|pulled)\b(?:[^.!?\n]|\.\d){{0,60}}\bback\b",
    re.IGNORECASE,
)
"""What a bank does, or is asked to do, with a charge."""
NOT_YET = re.compile(
    r"\b(?:will|shall|would|could|may|might|can|if|unless|before|else|otherwise|gonna|going to|want to|have to|need to|"
    r"about to|not|never|no|without|what|how|threat\w*)\b|['’]ll\b|n['’]t\b|['’]d\b",
    re.IGNORECASE,
)
"""Words of a clause that is a threat, a question or a denial, and no report."""

A_PERSON_LOOKS = "A person looks at that with the bank's papers, and until then nothing is paid back on top of it."


def bank_took_back(text: str) -> bool:
    """Whether the words report that a bank took a charge back, or that it was asked to: who pays then may pay twice."""
    clauses = CLAUSE.split(text)
    reported = [c for c, end in zip(clauses[::2], [*clauses[1::2], ""], strict=False) if not end.startswith("?")]
    return any(TAKEN_BACK.search(clause) and not NOT_YET.search(clause) for clause in reported)


def taken_back(order: Mapping[str, Any]) -> str:
    """The chargebacks of an order of list_charges, as a sentence; empty where there are none."""
    lines = [f"{line['amount']} that was paid by {line['method']}" for line in order.get("chargebacks", [])]
    return f"Your bank took back {' and '.join(lines)} on order {order['order_id']}. {A_PERSON_LOOKS}" if lines else ""


def told_of_bank(view: View, *, reported: bool) -> str:
    """What customers hear of a chargeback when a person takes over: from the rows, else, if `reported`, from their words."""
    known = [taken_back(c.result) for c in view.calls if c.tool == "list_charges" and c.done]
    known += [
        f"Your bank took back {money(e.data['taken_back_cents'])} of order {e.data['order_id']}. {A_PERSON_LOOKS}"
        for e in view.case
        if e.kind == "result" and e.code == "charged_back"
    ]
    if reported and not any(known) and bank_took_back(view.text):
        return f"You write that your bank took a charge back. {A_PERSON_LOOKS}"
    return next(filter(None, known), "")
