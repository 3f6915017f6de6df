"""DOCX: headings by their styles, text, tables and notes, as they are once what was struck out is gone."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from switchboard.search.extractors.document import Block, Document, bounded, opening_heading, table_text, title_of
from switchboard.search.extractors.packed import Package, children

MAIN = "word/document.xml"
HEADING = re.compile(r"(?:heading|überschrift|titre|título)\s?([1-6])\Z", re.IGNORECASE)
UNSEEN = frozenset(("del", "moveFrom", "instrText", "Fallback", "sdtPr", "pPr", "rPr", "delText", "commentReference"))


def read_docx(name: str, content: bytes) -> Document:
    package = Package(content)
    styles = dict(_levels(package.optional("word/styles.xml")))
    body = next(package.tree(MAIN).iter("body"), Element("body"))
    notes = (note for part in ("word/footnotes.xml", "word/endnotes.xml") for note in package.optional(part))
    blocks, note = bounded([*_blocks(body, styles), *(block for one in notes for block in _blocks(one, styles))])
    titled = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), "")
    return Document(title_of(name, package.title, opening_heading(blocks), titled), blocks, note)


def _levels(styles: Element) -> Iterator[tuple[str, int]]:
    """Id of a style to the level of the headings that are in it."""
    for style in styles.iter("style"):
        named = next((one.get("val", "") for one in style.iter("name")), "")
        outline = next((one.get("val", "") for one in style.iter("outlineLvl")), "")
        if found := HEADING.match(named):
            yield style.get("styleId", ""), int(found[1])
        elif named.lower() == "title":
            yield style.get("styleId", ""), 1
        elif outline.isdigit() and int(outline) < 6:
            yield style.get("styleId", ""), int(outline) + 1


def _blocks(body: Element, styles: dict[str, int]) -> Iterator[Block]:
    for element in body:
        if element.tag == "p":
            text = _text(element)
            level = _level(element, styles)
            yield Block("heading" if level and text.strip() else "text", text.strip(), level=level if text.strip() else 0)
        elif element.tag == "tbl":
            yield Block("table", table_text(_rows(element)))
        elif element.tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _blocks(element, styles)


def _level(paragraph: Element, styles: dict[str, int]) -> int:
    for facts in children(paragraph, "pPr"):
        for one in facts:
            if one.tag == "pStyle":
                return styles.get(one.get("val", ""), 0)
            if one.tag == "outlineLvl" and one.get("val", "").isdigit() and int(one.get("val", "")) < 6:
                return int(one.get("val", "")) + 1
    return 0


def _text(element: Element) -> str:
    pieces: list[str] = []
    left = [element]
    while left:
        one = left.pop()
        if one.tag in UNSEEN or (one.tag == "r" and _is_hidden(one)):
            continue
        if one.tag == "t":
            pieces.append(one.text or "")
        elif one.tag in ("tab", "br", "cr"):
            pieces.append("\t" if one.tag == "tab" else "\n")
        elif one.tag == "noBreakHyphen":
            pieces.append("-")
        elif one.tag == "p" and one is not element:
            pieces.append("\n")
        left += reversed(one)
    return "".join(pieces)


def _is_hidden(run: Element) -> bool:
    return any(
        one.tag == "vanish" and one.get("val", "1") not in ("0", "false") for facts in children(run, "rPr") for one in facts
    )


def _rows(table: Element) -> Iterator[list[str]]:
    for row in children(table, "tr", "sdt", "ins"):
        yield [_text(cell) for cell in row.iter("tc")]
