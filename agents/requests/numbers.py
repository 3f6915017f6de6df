"""How customers write this shop's numbers, as parts of patterns, made of the forms that the shop declares.

A number is a body, as `\\d{7}`, behind the letters of a prefix, as `W`, which may be left out where the words say what it is.
Where a body is no bare number it is known wherever it stands.
"""

import re

from tools.ids import ITEM, ORDER, PAYMENT_METHOD, PRODUCT, plain_groups

NEVER = r"(?!)"
SHORT = 8
"""Digits below which a bare number may be anything: a year, a postcode, a price."""


def _part(form: str) -> str:
    """A form as a part of a pattern."""
    return f"(?:{plain_groups(form)})".replace(r"\d", "[0-9]")


def _without_prefix(form: str, prefix: str) -> str:
    """The form behind its prefix; empty where it does not spell it out."""
    return next((form.removeprefix(one) for one in (prefix, re.escape(prefix)) if form.startswith(one)), "")


_rest = _without_prefix(ORDER.form, ORDER.prefix)
_prefix = ORDER.prefix if _rest and not any(one.isdecimal() for one in ORDER.prefix) else ""  # digits belong to the number
_letters = "".join(one for one in _prefix if one.isalpha())

BODY = _part(_rest if _prefix else ORDER.form)
LETTERS = re.escape(_letters)
"""The letters before an order's number, as `W`; empty where there are none."""
PREFIX = LETTERS + ("[ -]?" if _letters and not _prefix[-1].isalpha() else "")
"""The letters, with the sign that may stand behind them where the prefix ends with one."""
MAYBE = f"(?:{PREFIX})?" if LETTERS else ""
DIGITS = ORDER.example.removeprefix(_prefix)
IS_BARE = DIGITS.isdecimal()
ANY_ORDER = f"{MAYBE}{BODY}"
"""An order's number with its letters or without them."""
MARKED_ORDER = rf"#?\b{PREFIX}{BODY}\b|#{BODY}\b" if LETTERS or not IS_BARE else rf"#{BODY}\b"
"""One that is known for one by itself."""
ORDER_LIKE = r"(?:#w?|\bw)\d{4,}"
"""What looks like one in small letters, with whatever number of digits; as the examples write it, too."""
if LETTERS != "W" or not IS_BARE:
    ORDER_LIKE = rf"(?:{ORDER_LIKE}|(?i:{MARKED_ORDER}))"
_is_long = not IS_BARE or len(DIGITS) >= SHORT - 1
AS_WORD = f"#?{ANY_ORDER}" if _is_long else f"#?{PREFIX}{BODY}|#{BODY}" if LETTERS else f"#{BODY}"
"""One as a single word of a text: a few digits alone may be anything."""
IN_PIECES = re.compile(MARKED_ORDER, re.IGNORECASE) if re.search(r"[^\w#]", ORDER.example) else None
"""Where it is written as several words, what makes one of them."""
ITEM_BODY, PRODUCT_BODY = _part(ITEM.form), _part(PRODUCT.form)
GOODS = f"(?:{ITEM_BODY}|{PRODUCT_BODY})"
IS_SHORT = any(one.example.isdecimal() and len(one.example) < SHORT for one in (ITEM, PRODUCT))
METHOD = NEVER if PAYMENT_METHOD.example.isdecimal() else _part(PAYMENT_METHOD.form)


def order_id(body: str) -> str:
    """The one form of an order's number, from its body as it was written."""
    return ORDER.canonical(body) or f"{_prefix}{body}"


def how_it_looks() -> str:
    """How an order's number can be told by a customer who is asked for it."""
    return f"begins with {_prefix}" if _prefix else f"looks like {ORDER.example}"
