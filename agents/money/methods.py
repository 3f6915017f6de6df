"""Payment methods in words, and which of them the customer's words name.

Methods are those of get_user_details, by id: `source`, and of a card `brand` and `last_four`.
"""

import re
from collections.abc import Mapping
from typing import Any

from tools.nouns import money

SOURCES = {
    "gift_card": re.compile(r"\bgift ?cards?\b|\bvouchers?\b", re.IGNORECASE),
    "paypal": re.compile(r"\bpay ?pal\b", re.IGNORECASE),
    "credit_card": re.compile(r"\b(?:credit|debit|bank) ?cards?\b|\b(?<!gift )card\b", re.IGNORECASE),
}


def method(row: Mapping[str, Any]) -> str:
    """A payment method in words; of a card only the brand and the last four digits are known."""
    if row["source"] == "gift_card":
        return f"gift card with {money(round(row.get('balance', 0) * 100))}"
    if "last_four" in row:
        return f"{row.get('brand', '')} card ending {row['last_four']}".strip()
    return "PayPal account" if row["source"] == "paypal" else str(row["source"]).replace("_", " ")


def methods_named(text: str, methods: Mapping[str, Any]) -> list[str]:
    """The ids that the text means: by last digits, by brand, or by kind; several where it does not tell them apart."""
    words = text.lower()
    by_digits = [name for name, row in methods.items() if row.get("last_four", "----") in words]
    by_brand = [name for name, row in methods.items() if row.get("brand") and re.search(rf"\b{row['brand'].lower()}\b", words)]
    by_source = [name for name, row in methods.items() if row["source"] in SOURCES and SOURCES[row["source"]].search(text)]
    return by_digits or by_brand or by_source


def holds_too_little(refusal: Mapping[str, Any]) -> str:
    """What a customer hears of a gift card that does not cover what is due."""
    held, due = refusal["balance_cents"], refusal["due_cents"]
    return f"The gift card holds {money(held)}, but {money(due)} is due."
