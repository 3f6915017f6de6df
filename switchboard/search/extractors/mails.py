"""Mails: an .eml is one, an .mbox a row of them. Their text is what `switchboard.mail` reads of a letter, whole."""

import re
from collections.abc import Iterator

from switchboard.mail.bodies import body_of
from switchboard.mail.headers import field
from switchboard.mail.received import NotAMail, parsed
from switchboard.search.extractors.document import Block, Document, Place, Unreadable, bounded, title_of
from switchboard.search.seen import without_invisible

MOST_MESSAGES = 10_000
BEGINS = re.compile(r"^From [^\n]{0,300}\n(?=[A-Za-z-]{2,40}:)", re.MULTILINE)
QUOTED = re.compile(r"^>(?=>{0,50}From )", re.MULTILINE)
"""What programs put before a line of a message that would begin another."""
TELLING = ("From", "To", "Date")


def read_eml(name: str, content: bytes) -> Document:
    blocks, note = bounded(_message(content, Place(message=1)))
    subject = next((block.text for block in blocks if block.kind == "heading"), "")
    return Document(title_of(name, subject), blocks, note)


def read_mbox(name: str, content: bytes) -> Document:
    text = content.replace(b"\r\n", b"\n").decode("latin-1")  # a letter for each byte
    starts = [found.span() for found in BEGINS.finditer(text)]
    if not starts:
        raise Unreadable('it is no mailbox: no line of it begins with "From "')
    ends = [begun for begun, _ in starts[1:]] + [len(text)]
    notes = [f"only its first {MOST_MESSAGES:,} of {len(starts):,} messages are read"] if len(starts) > MOST_MESSAGES else []
    blocks: list[Block] = []
    broken = 0
    for number, ((_, begun), end) in enumerate(zip(starts, ends, strict=True), 1):
        if number > MOST_MESSAGES:
            break
        try:
            blocks += _message(QUOTED.sub("", text[begun:end]).encode("latin-1"), Place(message=number))
        except Unreadable:
            broken += 1
    if broken:
        notes.append(f"{broken} of its messages cannot be read")
    kept, cut = bounded(blocks)
    return Document(title_of(name), kept, "; ".join(filter(None, [*notes, cut])))


def _message(content: bytes, place: Place) -> Iterator[Block]:
    try:
        message = parsed(content)
    except NotAMail as error:
        raise Unreadable("it is no mail: it begins with no header, is broken, or holds more than is read") from error
    subject = field(message, "Subject") or "(no subject)"
    yield Block("heading", _clean(subject)[:300], place, 2)
    known = (f"{name}: {_clean(value)[:300]}" for name in TELLING if (value := field(message, name)))
    yield Block("text", "\n".join(known), place)
    body = body_of(message)
    yield Block("text", _clean(body.text).strip("\n"), place)
    if body.attached:
        yield Block("text", f"Attached, and not read: {', '.join(map(_clean, body.attached))}", place)


def _clean(text: str) -> str:
    return without_invisible(text)
