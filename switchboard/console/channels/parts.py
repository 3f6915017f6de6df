"""A mail that is too large to be fetched whole: its header and its text, and of what hangs on it the header alone.

How it is made up says BODYSTRUCTURE (RFC 9051, section 7.5.2), from which the mail is put together again without the bytes of
its attachments, so that what reads mails reads it as any other.
"""

import re
from collections.abc import Callable, Sequence
from email import message_from_bytes
from itertools import takewhile
from typing import TypeAlias

from switchboard.mail.bodies import MOST_DEPTH, MOST_PARTS
from switchboard.mail.headers import Fields

Node: TypeAlias = "list[Node] | str"
Get = Callable[[str, int], bytes]
"""A section of a mail, such as `1.MIME`, and how many of its bytes, to these bytes."""
TOKEN = re.compile(r'[()]|"(?:[^"\\]|\\.?)*(?:"|\Z)|[^\s()"]+', re.DOTALL)
"""A string without an end goes to the end of all, so that it is read once."""
MOST_STRUCTURE, MOST_HEAD, MOST_TEXT_BYTES = 200_000, 100_000, 1_000_000
LITERAL = re.compile(r"\{\d{1,20}\}\Z")
TEXTS = ("plain", "html", "calendar")
HANGS = re.compile(r"^content-disposition:\s{0,20}attachment", re.IGNORECASE | re.MULTILINE)


def structure_in(told: Sequence[object]) -> Node:
    """The structure in what a server answers, whose literals come apart from its lines."""
    text = ""
    for one in told:
        if isinstance(one, tuple):
            line, literal = (part.decode("latin-1") for part in one)
            text += LITERAL.sub("", line) + '"' + literal.replace("\\", "\\\\").replace('"', '\\"') + '"'
        elif isinstance(one, bytes):
            text += one.decode("latin-1")
    return _nested(text[text.upper().find("BODYSTRUCTURE") + len("BODYSTRUCTURE") :][:MOST_STRUCTURE])


def _nested(text: str) -> Node:
    """The first list in a text."""
    open_lists: list[list[Node]] = [[]]
    for token in TOKEN.findall(text):
        if token == "(":
            open_lists.append([])
        elif token == ")":
            if len(open_lists) == 1:
                break
            closed = open_lists.pop()
            open_lists[-1].append(closed)
            if len(open_lists) == 1:
                break
        else:
            open_lists[-1].append(token.strip('"'))
    return open_lists[0][0] if open_lists[0] else []


def without_attachments(structure: Node, get: Get) -> bytes:
    """The mail of a structure, put together of its sections but for what hangs on it."""
    head = get("HEADER", MOST_HEAD)
    left = [MOST_PARTS]
    return head + _body(structure, "", head, get, left, 0)


def _body(node: Node, section: str, head: bytes, get: Get, left: list[int], depth: int) -> bytes:
    """What stands below the header of a part, which is at a section; `left` counts how many parts are read still."""
    if not isinstance(node, list) or not node or depth > MOST_DEPTH:
        return b""
    if not isinstance(node[0], list):
        return _text(node, section or "1", head, get)
    boundary = (message_from_bytes(head, policy=Fields()).get_boundary() or "").encode("ascii", "replace")
    found = b""
    for number, child in enumerate(takewhile(lambda one: isinstance(one, list), node), start=1):
        left[0] -= 1
        if left[0] < 0:
            break
        at = f"{section}.{number}" if section else str(number)
        its = get(f"{at}.MIME", MOST_HEAD)
        found += (
            b"--"
            + boundary
            + b"\r\n"
            + its.rstrip(b"\r\n")
            + b"\r\n\r\n"
            + _body(child, at, its, get, left, depth + 1)
            + b"\r\n"
        )
    return found + b"--" + boundary + b"--\r\n"


def _text(node: list[Node], section: str, head: bytes, get: Get) -> bytes:
    """The text of a part, or nothing of one that hangs on the mail."""
    kind = [one.lower() for one in node[:2] if isinstance(one, str)]
    hangs = HANGS.search(head.decode("latin-1"))
    return get(section, MOST_TEXT_BYTES) if kind[:1] == ["text"] and kind[1:] and kind[1] in TEXTS and not hangs else b""
