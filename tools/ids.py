"""The forms of this shop's numbers and its currency, as its `switchboard.toml` declares them, else the sample's."""

import re
import tomllib
from pathlib import Path
from typing import Any

from switchboard.ids import IdForm

FILE = Path(__file__).parent.parent / "switchboard.toml"
SAMPLE = {
    "order": IdForm(r"#W\d{7}", "#W0000000", "#W"),
    "item": IdForm(r"\d{10}", "3000000000"),
    "product": IdForm(r"\d{10}", "2000000000"),
    "customer": IdForm(r"[\w#][\w#./:-]{0,79}", "sara_doe_496"),
    "payment_method": IdForm(r"(?:credit_card|paypal|gift_card)_\d{1,12}", "credit_card_0000000"),
}
GROUP = re.compile(r"(?<!\\)\((?!\?)")
"""Where a group of a pattern begins that is counted."""
DIGITS = re.compile(r"\\d\{(\d+)\}")
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _declared() -> dict[str, Any]:
    try:
        return tomllib.loads(FILE.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # what is wrong with it says the program, which reads it first
        return {}


_file = _declared()
_ids = {name: IdForm(**one) for name, one in _file.get("ids", {}).items()}
ORDER, ITEM, PRODUCT, CUSTOMER, PAYMENT_METHOD = ({**SAMPLE, **_ids}[name] for name in SAMPLE)
CURRENCY: str = _file.get("currency", "USD")


def described(form: IdForm) -> str:
    """What such an id is, in words: "#W and seven digits", or "written like" its example where it is not as plain as that."""
    spelled = next((one for one in (form.prefix, re.escape(form.prefix)) if form.form.startswith(one)), "")
    digits = DIGITS.fullmatch(form.form.removeprefix(spelled))
    if not digits or int(digits[1]) >= len(COUNTED):
        return f"written like {form.example}"
    return f"{form.prefix} and {COUNTED[int(digits[1])]} digits" if spelled else f"{COUNTED[int(digits[1])]} digits"


def plain_groups(form: str) -> str:
    """A form whose groups are counted by no pattern that it becomes a part of."""
    return GROUP.sub("(?:", form)


def in_text(form: IdForm) -> str:
    """A pattern of such ids in our own words; where they begin with a prefix, what follows it is enough to be known."""
    inner = plain_groups(form.form)
    spelled = next((one for one in (form.prefix, re.escape(form.prefix)) if one and inner.startswith(one)), "")
    return rf"(?<!\w){re.escape(form.prefix)}({inner.removeprefix(spelled)})\b" if spelled else rf"(?<!\w){inner}\b"
