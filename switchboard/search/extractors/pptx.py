"""PPTX: each slide with its title, its texts and tables, and what the speaker notes."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from switchboard.search.extractors.document import Block, Document, Place, bounded, table_text, title_of
from switchboard.search.extractors.packed import Package, children

MAIN = "ppt/presentation.xml"
TITLES = ("title", "ctrTitle")
OF_THE_LAYOUT = ("dt", "ftr", "sldNum", "sldImg", "hdr")
"""Placeholders that every slide has: date, footer, number."""


def read_pptx(name: str, content: bytes) -> Document:
    package = Package(content)
    links = package.links(MAIN)
    parts = [links.get(one.get("id", ""), "") for one in package.tree(MAIN).iter("sldId")]  # the last id is the relation's
    parts = [part for part in parts if part in package.names]
    blocks, note = bounded(
        block for number, part in enumerate(parts, 1) for block in _slide(package, part, Place(slide=number))
    )
    first = next((block.text for block in blocks if block.kind == "heading"), "")
    return Document(title_of(name, package.title, first), blocks, note)


def _slide(package: Package, part: str, place: Place) -> Iterator[Block]:
    slide = package.tree(part)
    if slide.get("show") == "0":
        return
    texts: list[Block] = []
    for kind, text in _shapes(slide):
        if kind in TITLES:
            yield Block("heading", " ".join(text.split()), place, 2)
        else:
            texts.append(Block("table" if kind == "table" else "text", text, place))
    yield from texts
    for notes in (one for one in package.links(part).values() if "notesSlides/" in one and one in package.names):
        yield from (Block("text", text, place) for _, text in _shapes(package.tree(notes)))


def _shapes(slide: Element) -> Iterator[tuple[str, str]]:
    """What a slide's shapes are (a placeholder's type, `table` or "") and say, in the order in which they are kept."""
    left = [slide]
    while left:
        shape = left.pop()
        if shape.tag == "Fallback" or any(one.get("hidden") == "1" for box in shape for one in children(box, "cNvPr")):
            continue
        if shape.tag == "tbl":
            yield "table", table_text([_text(cell) for cell in children(row, "tc")] for row in children(shape, "tr"))
        elif shape.tag == "sp":
            kind = next((one.get("type", "") for one in shape.iter("ph")), "")
            if kind not in OF_THE_LAYOUT and (text := _text(shape)):
                yield kind, text
        else:
            left += reversed(shape)


def _text(element: Element) -> str:
    lines = []
    for paragraph in element.iter("p"):
        pieces = (("\n" if one.tag == "br" else one.text or "") for one in paragraph.iter() if one.tag in ("t", "br"))
        lines.append("".join(pieces).strip())
    return "\n".join(line for line in lines if line)
