"""What the words say of the deed of a request: that it is asked for, denied, done already, or only spoken of.

How clauses are judged is in `switchboard/reading/stance.py`; here stand the words that name what this shop does.
"""

import re

from agents.requests.numbers import MARKED_ORDER
from switchboard.reading.reading import Reading
from switchboard.reading.stance import ID_WORD, Verdict, unnamed, verdicts
from switchboard.reading.words import written_out

BACK = r"(?:giv|gav|pay|paid|get|got|want|send|sent|need|bring|tak|ship|transfer)\w*\b[^.,!?\n]{0,30}\bback"
REFUND = rf"refund\w*|reimburs\w*|money back|{BACK}"
CHANGE = r"exchang\w*|swap\w*|replac\w*|chang\w*(?! (?:my|our) minds?)|switch\w*|instead(?! of)|convert\w*"
DEEDS: dict[str, str] = {
    "cancel_order": r"cancel\w*|call\w* off|stop (?:the|my|this) order|withdraw\w*",
    "return_items": rf"return\w*|{REFUND}",
    "damaged": rf"return\w*|{REFUND}|{CHANGE}",
    "change_items": CHANGE,
    "exchange_items": CHANGE,
    "change_address": rf"ship\w*|sen[dt]\w*|deliver\w*|redirect\w*|forward\w*|updat\w*|{CHANGE}",
    "user_address": rf"updat\w*|{CHANGE}",
    "change_payment": rf"pay\w*|charge\w*|use|{CHANGE}",
}
"""The words that name the deed of a request; every other request is for money."""
TWICE = (
    r"\b(?:twice|two times|2x|doubl\w*|duplicat\w*|(?:two|second|extra|same|identical) (?:charges?|payments?|debits?)|"
    r"overcharged)\b"
)

ORDER_ID = re.compile(MARKED_ORDER, re.IGNORECASE)
SHOP = re.compile(r"\bshop(s?)\b", re.IGNORECASE)


def verdict(said: Reading, kind: str) -> Verdict:
    """What the first 5,000 characters say of the deed. Of a request and a refusal the later one counts."""
    if said.is_talk:
        return "open"
    deed = re.compile(rf"\b(?:{DEEDS.get(kind, REFUND)})")
    judged = verdicts(said.clauses, deed, minds_change=kind not in DEEDS)
    answers = [one for one in judged if one in ("asked", "denied")]
    if answers:
        return answers[-1]
    if "settled" in judged:
        return "settled"
    if kind in DEEDS:
        return "open" if judged else unnamed(said.clauses)
    twice = verdicts([clause for clause in said.clauses if not deed.search(clause[0])], re.compile(TWICE), is_done=True)
    if not judged and not twice:
        return unnamed(said.clauses)
    return "asked" if "asked" in twice else "settled" if {"denied", "settled"} & {*twice} else "open"


def with_plain_ids(text: str) -> str:
    """A text with every order id as one word, and the shop as the store that it is to the library."""
    return SHOP.sub(r"store\1", ORDER_ID.sub(ID_WORD, text))


def in_plain(text: str) -> str:
    """A text in small letters without contractions, and every order id as one word."""
    return written_out(with_plain_ids(text).lower())
