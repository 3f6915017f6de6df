"""Text that was pasted as a mail carries it: base64 (RFC 2045) in place of the words."""

import re
from base64 import b64decode
from binascii import Error

LEAST, MOST = 24, 400_000
"""Characters of a text that may be base64; a shorter one may as well be a word."""
ENCODED = re.compile(r"[A-Za-z0-9+/\r\n]+={0,2}")
"""It has no spaces, and what is read from it has: so nothing is read from that once more."""
LEAST_READABLE = 0.97
"""The share of letters, digits, spaces and common marks in what is text."""
COMMON = frozenset(" \n\r\t.,;:!?'\"()-/#@&$€%+’“”–")


def readable(text: str) -> str:
    """The text that a message holds in base64 and nothing beside it; every other message as it is."""
    text = text.strip()
    written = "".join(text.split()) if LEAST <= len(text) <= MOST and ENCODED.fullmatch(text) else ""
    if not written or len(written) % 4 or any(len(line) < LEAST for line in text.split()[:-1]):
        return text
    try:
        said = b64decode(written, validate=True).decode()
    except (Error, UnicodeDecodeError):
        return text
    plain = sum(character.isalnum() or character in COMMON for character in said)
    return said if " " in said.strip() and plain >= LEAST_READABLE * len(said) else text
