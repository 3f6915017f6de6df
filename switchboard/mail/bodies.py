"""What a MIME message (RFC 2045) says: its text, whatever it is written in, and the names of what hangs on it."""

import re
from collections.abc import Iterator
from email.message import Message
from typing import Any, NamedTuple

from switchboard.mail.charsets import as_text
from switchboard.mail.headers import words_of
from switchboard.mail.html_text import text_of

MOST_PARTS, MOST_DEPTH, MOST_ATTACHMENTS = 100, 20, 20
MOST_TEXT = 200_000
"""Characters of a message's text."""
MOST_PAGE = 2_000_000
"""Of its HTML."""
SUMMARY = re.compile(r"^(SUMMARY|DESCRIPTION|LOCATION)(?:;[^:\n]{0,200})?:([^\n]{0,5000})", re.MULTILINE)
UNFOLD = re.compile(r"\r?\n[ \t]")
LEAST_PLAIN = re.compile(r"\A.{0,200}\b(?:html|view (?:it|this).{0,20}browser)\b.{0,100}\Z", re.IGNORECASE | re.DOTALL)
"""A text that only says that the other one is to be read."""


class Body(NamedTuple):
    """`text` is what was written, its lines ended by newlines; `attached` are names of files, or their types."""

    text: str
    attached: tuple[str, ...] = ()
    calendar: str = ""
    """The method of an invitation (RFC 5546), such as `request` or `reply`."""


def body_of(message: Message) -> Body:
    """The text of a message: of alternatives the plain one, where it says anything, else HTML as text."""
    texts: list[str] = []
    attached: list[str] = []
    calendar, invitation = "", ""
    for part, kind, chosen in _leaves(message):
        if kind == "text/calendar":
            calendar = calendar or _parameter(part, "method").lower()
            invitation = invitation or _invitation(_decoded(part))
        elif chosen and kind in ("text/plain", "text/html") and not _is_attached(part):
            texts.append(_as_text(part, kind))
        elif _is_attached(part) or not kind.startswith("text/"):
            attached.append(_name_of(part, kind))
    written = "\n\n".join(text for text in texts if text.strip())
    return Body((written or invitation)[:MOST_TEXT], tuple(attached[:MOST_ATTACHMENTS]), calendar)


def _leaves(message: Message) -> Iterator[tuple[Message, str, bool]]:
    """The parts that hold something, with their types, and whether their text is the one that is read."""
    left = [(message, True, 0)]
    seen = 0
    while left and seen < MOST_PARTS:
        part, chosen, depth = left.pop()
        seen += 1
        kind = part.get_content_type()
        if not part.is_multipart():  # what else it holds only `_decoded` asks for: a charset may be anything
            yield part, kind, chosen
            continue
        if kind.startswith("message/"):  # a whole mail that hangs on this one
            yield part, kind, False
            continue
        if depth < MOST_DEPTH:
            inside: Any = part.get_payload()
            held = [one for one in inside[:MOST_PARTS] if isinstance(one, Message)]
            wanted = _alternative(held) if kind == "multipart/alternative" else None
            left += [(one, chosen and (wanted is None or one is wanted), depth + 1) for one in reversed(held)]


def _alternative(parts: list[Message]) -> Message | None:
    """The one to be read: a plain text that says something, else the last that holds text."""
    plain = next((one for one in parts if one.get_content_type() == "text/plain"), None)
    others = [one for one in parts if one.get_content_type() == "text/html" or one.is_multipart()]
    if plain is not None:
        text = _decoded(plain).strip()
        if text and not (others and LEAST_PLAIN.match(text[:400]) and len(text) < 400):
            return plain
    return others[-1] if others else plain or (parts[0] if parts else None)


def _as_text(part: Message, kind: str) -> str:
    text = _decoded(part)
    if kind == "text/html":
        return text_of(text[:MOST_PAGE])
    return _unflowed(text) if _parameter(part, "format").lower() == "flowed" else text


def _unflowed(text: str) -> str:
    """The text with the lines joined that format=flowed (RFC 3676) has broken; quoted ones stay as they are."""
    lines: list[str] = []
    open_line = False
    for line in text.split("\n"):
        flows = line.endswith(" ") and line != "-- " and not line.startswith(">")
        line = line[1:] if line.startswith(" ") else line
        if open_line and not line.startswith(">") and line != "-- ":
            lines[-1] += line
        else:
            lines.append(line)
        open_line = flows
    return "\n".join(lines)


def _decoded(part: Message) -> str:
    """The text of a part, by its transfer encoding and its charset, or the one that it is in."""
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - the library promises nothing for what is broken
        content = None
    if not isinstance(content, bytes):
        return ""
    return as_text(content[: 4 * MOST_PAGE], _parameter(part, "charset"))


def _parameter(part: Message, name: str) -> str:
    """A parameter of Content-Type; "" where there is none that can be read."""
    try:
        found = part.get_param(name, "")
    except Exception:  # noqa: BLE001 - the same
        return ""
    found = found[2] if isinstance(found, tuple) else found
    return str(found or "")


def _is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", ""))[:100].strip().lower().startswith("attachment")


def _name_of(part: Message, kind: str) -> str:
    try:
        name = part.get_filename("") or ""
    except Exception:  # noqa: BLE001 - the same
        name = ""
    return words_of(name or kind)[:100].replace("[", "(").replace("]", ")")


def _invitation(text: str) -> str:
    """What an invitation (RFC 5545) is to, where, and what is written with it."""
    lines = [found[2] for found in SUMMARY.finditer(UNFOLD.sub("", text[:MOST_PAGE]))]
    return "\n".join(line.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").strip() for line in lines)
