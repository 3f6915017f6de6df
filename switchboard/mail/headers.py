"""The fields of a mail's header, as text: decoded (RFC 2047), on one line, and of a bounded length."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32

from switchboard.mail.charsets import as_text

MOST_HEADER = 8_000
"""Characters of one field; what is longer is cut."""
MOST_WORDS = 1_000
MOST_IDS = 50
MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
ADDRESS = re.compile(r"<\s?([^<>\s]{1,320})\s?>\s*\Z")
BARE_ADDRESS = re.compile(r"\A\s*([^\s<>@,;:\"]{1,64}@[^\s<>@,;:\"]{1,255})\s*(?:\([^()]{0,100}\)\s*)?\Z")


class Fields(Compat32):
    """Python's oldest way to read a header, which leaves it as it came: the newer one reads each field to its end, and fails on
    what is broken. Fields are cut where they are longer than any that is written by honest programs.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MOST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def field(message: Message, name: str) -> str:
    """The first field of this name, as text; "" where there is none."""
    return words_of(raw(message, name))


def raw(message: Message, name: str) -> str:
    """The same as it was written, on one line."""
    try:
        value = message.get(name, "")
    except Exception:  # noqa: BLE001 - the library promises nothing for what is broken
        return ""
    return on_a_line(str(value))


def words_of(value: str) -> str:
    """A field with its encoded words read."""
    text = on_a_line(value[:MOST_WORDS])
    if "=?" in text:
        try:
            parts = decode_header(text)
        except (HeaderParseError, ValueError, LookupError):
            parts = []
        found = [one if isinstance(one, str) else as_text(one, charset or "utf-8") for one, charset in parts]
        text = "".join(found) or text
    return on_a_line(text)


def on_a_line(text: str) -> str:
    """A text with its bytes read that were no ASCII, and each run of blanks as one."""
    return " ".join(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\x00", "").split())


def ids_in(value: str) -> list[str]:
    """Message ids, without their brackets, the newest of a long line first."""
    return list(dict.fromkeys(reversed(MESSAGE_ID.findall(value))))[:MOST_IDS]


def address_in(value: str) -> str:
    """The one address of a field such as From; "" where it holds none, or more than one."""
    found = ADDRESS.search(value) if value.count("<") == 1 else None
    bare = BARE_ADDRESS.match(found[1] if found else value)
    return bare[1] if bare else ""
