"""Text without markup, in whatever letters it is written: its paragraphs, with the line each begins at."""

import re
from collections.abc import Iterator

from switchboard.search.extractors.document import Block, Document, Place, Unreadable, bounded, opening_heading, title_of
from switchboard.search.seen import seen, without_invisible

SAMPLE = 200_000
"""Bytes by which a charset is told."""
FIELD = re.compile(r"([A-Za-z][A-Za-z-]{1,40}):[ \t](.{0,200})")
NAMING = ("title", "subject", "name")
LONGEST_HEADING = 120
UNDERLINE = re.compile(r"[=\-~*#^]{3,}\s*")


def decoded(content: bytes) -> str:
    """Bytes as text. Raises Unreadable for what is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    else:
        if b"\0" in content:
            raise Unreadable("it is binary")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode(_charset(content), "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _charset(content: bytes) -> str:
    try:
        from charset_normalizer import from_bytes
    except ImportError:  # it comes with `sources`, and nearly all of what is no UTF-8 is this
        return "cp1252"
    found = from_bytes(content[:SAMPLE])
    best = found.best()
    if best is None:
        raise Unreadable("it is not text in any letters that are known")
    as_good = (one for one in found if (one.chaos, one.coherence) == (best.chaos, best.coherence))
    western = any("cp1252" in one.could_be_from_charset for one in as_good)  # of those that fit alike, what most are in
    return "cp1252" if western else best.encoding


def read_plain(name: str, content: bytes) -> Document:
    text = decoded(content)
    shown = without_invisible(seen(text))
    blocks, note = bounded(paragraphs(shown))
    return Document(title_of(name, *naming(shown), opening_heading(blocks)), blocks, note, shown)


def paragraphs(text: str) -> Iterator[Block]:
    """Paragraphs, and the headings that are underlined, as in reStructuredText and many texts of old."""
    begun, lines, levels = 0, list[str](), list[str]()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip() and not (lines and _underlines(line, lines[-1])):
            begun = begun or number
            lines.append(line.rstrip())
            continue
        heading = lines.pop() if lines and line.strip() else ""
        if heading and lines and UNDERLINE.fullmatch(lines[-1]):  # a line above it too
            lines.pop()
        if lines:
            yield Block("text", "\n".join(lines), Place(line=begun))
        if heading:
            sign = line[0]
            levels += [sign] if sign not in levels else []
            yield Block("heading", heading.strip(), Place(line=number - 1), min(levels.index(sign) + 1, 6))
        begun, lines = 0, []


def _underlines(line: str, above: str) -> bool:
    is_long = len(line.rstrip()) >= 0.8 * len(above) and len(above) <= LONGEST_HEADING
    return is_long and bool(UNDERLINE.fullmatch(line)) and any(c.isalpha() for c in above) and above[0].strip() != ""


def naming(text: str) -> Iterator[str]:
    """What may name a text: a field such as Title, where it begins with a header; else its first line, where that stands alone,
    is short and no sentence.
    """
    lines = [line.strip() for line in text[:20_000].strip().split("\n")]
    header = [found for line in lines[:40] if (found := FIELD.fullmatch(line))]
    if FIELD.match(lines[0]):
        yield from (found[2] for wanted in NAMING for found in header if found[1].lower() == wanted)
        return
    if UNDERLINE.fullmatch(lines[0]):
        lines = lines[1:]
    if not lines:
        return
    first, second = lines[0], next(iter(lines[1:]), "")
    stands_alone = not second or bool(UNDERLINE.fullmatch(second))
    if stands_alone and len(first) <= 80 and first[-1:] not in ".,;:" and any(c.isalpha() for c in first):
        yield first
