"""Payment methods in words, and which of them the customer's words name.

Methods are those of get_user_details, by id: `source`, and of a card `brand` and `last_four`.
"""

import re
from collections.abc import Mapping
from typing import Any

SOURCES = {
    "gift_card": re.compile(r"\bgift ?cards?\b|\bvouchers?\b", re.IGNORECASE),
    "paypal": re.compile(r"\bpay ?pal\b", re.IGNORECASE),
    "credit_card": re.compile(r"\b(?:credit|debit|bank) ?cards?\b|\b(?<!gift )card\b", re.IGNORECASE),
}
FOR_AGENTS = re.compile(r"(?:(?<=\.)\s+|;\s*)(?:Ask|Name|Offer|Hand|hand|a human|get_\w+)\b.*$", re.DOTALL)


def method(row: Mapping[str, Any]) -> str:
    """A payment method in words; of a card only the brand and the last four digits are known."""
    if row["source"] == "gift_card":
        return f"gift card with {row.get('balance', 0):.2f} USD"
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


def plainly(refusal: str) -> str:
    """A tool's refusal without what it tells the agent to do."""
    return FOR_AGENTS.sub("", refusal).rstrip(" ;.") + "."
