"""HTML as its reader sees it: headings, text and tables, without menus, scripts and what is hidden.

The page is parsed as browsers do (resiliparse, lexbor). What of it is the article is told by its elements alone: guesses by
where links and words stand (resiliparse's `main_content`, trafilatura) lost half of the text of short pages and of manuals.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

from switchboard.search.extractors.document import Block, Document, bounded, opening_heading, table_text, title_of
from switchboard.search.seen import HIDES, without_invisible

Node = Any
"""A node of the tree. The types that come with the library know no element's methods."""
UNSEEN = re.compile(
    "script|style|template|noscript|head|title|nav|aside|footer|form|select|button|iframe|object|svg|math|dialog"
)
BLOCKS = re.compile(
    "address|article|blockquote|body|center|d[dlt]|details|div|fieldset|figcaption|figure|header|hr|li|main|[ou]l|p|section|"
    "summary|table|tbody|t[dhr]|tfoot|thead"
)
HEADING = re.compile(r"h[1-6]\Z")
ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "menu", "menubar"))
BESIDE = re.compile(
    r"(?:^|\s)(?:nav|navbar|nav-panel|breadcrumbs?|sidebar|menu|toc|footer|skip-link|cookies?|headerlink)(?:\s|$)",
    re.IGNORECASE,
)
"""Classes of what leads elsewhere."""
CHARSET = re.compile(r"<meta\s[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w-]{2,30})", re.IGNORECASE | re.ASCII)
PARTS = ("thead", "tbody", "tfoot")
MOST_DEPTH = 300
LEAST_MAIN = 0.4
"""Of a page's text its `main` holds at least so much, or it is not what the page is about."""


def read_html(name: str, content: bytes) -> Document:
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    from resiliparse.parse.html import HTMLTree

    marked = content.startswith(BOM_UTF8)  # which comes before what the page says
    declared = None if marked else CHARSET.search(content[:4096].decode("latin-1"))
    charset = (
        declared[1] if declared else "utf-8" if marked else detect_encoding(content, max_len=200_000, html5_compatible=True)
    )
    tree = HTMLTree.parse(bytes_to_str(content, charset or "utf-8"))
    body: Node = tree.body
    if body is None:
        return Document(title_of(name), ())
    main = body.query_selector_all("main, [role=main]")
    only = main[0] if len(main) == 1 and len(main[0].text) >= LEAST_MAIN * len(body.text) else body
    blocks, note = bounded(_Page().blocks(only))
    return Document(title_of(name, without_invisible(tree.title or "").strip(), opening_heading(blocks)), blocks, note)


class _Page:
    """The paragraph that is being read; none is longer than what stands between two elements that begin a line."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def blocks(self, root: Node) -> Iterator[Block]:
        left: list[tuple[Node | str, int]] = [(root, 0)]
        while left:
            node, depth = left.pop()
            if isinstance(node, str):  # an element that begins a line ends here
                yield from self._ended()
                continue
            if node.type == 3:
                self._pieces.append(node.text)
                continue
            name = (node.tag or "").lower()
            if node.type != 1 or _is_unseen(node, name) or depth > MOST_DEPTH:
                continue
            if HEADING.match(name):
                yield from self._ended()
                yield Block("heading", _words(node), level=int(name[1]))
            elif name == "table" and _is_of_data(node):
                yield from self._ended()
                yield Block("table", table_text(_rows(node)))
            elif name == "pre":
                yield from self._ended()
                yield Block("text", without_invisible(node.text).strip("\n"))
            else:
                if name == "br":
                    self._pieces.append("\n")
                if BLOCKS.fullmatch(name):
                    yield from self._ended()
                    left.append(("", depth))
                if name == "li":
                    self._pieces.append("- ")
                left += [(child, depth + 1) for child in reversed(_children(node))]
        yield from self._ended()

    def _ended(self) -> Iterator[Block]:
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n\n"))
        text = "\n".join(line for line in lines if line).removesuffix("¶").rstrip()
        self._pieces = []
        if text and text != "-":
            yield Block("text", without_invisible(text))


def _children(node: Node) -> list[Node]:
    """From one to the next: the library's `child_nodes` counts from the first for each of them."""
    found, child = list[Node](), node.first_child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _is_unseen(node: Node, name: str) -> bool:
    if UNSEEN.fullmatch(name):
        return True
    facts = " ".join(f"{attr}: {node.getattr(attr)}" for attr in node.attrs if attr in ("style", "hidden"))
    beside = node.getattr("role") in ROLES or bool(BESIDE.search(node.getattr("class") or ""))
    return beside or bool(facts and HIDES.search(facts)) or node.getattr("aria-hidden") == "true"


def _words(node: Node) -> str:
    """What is seen of an element, on one line."""
    pieces: list[str] = []
    left = [node]
    while left:
        one = left.pop()
        if one.type == 3:
            pieces.append(one.text)
        elif one.type == 1 and not _is_unseen(one, (one.tag or "").lower()):
            pieces.append(" " if one.tag == "br" else "")
            left += reversed(_children(one))
    return without_invisible(" ".join("".join(pieces).split())).strip("¶# ")


def _is_of_data(table: Node) -> bool:
    """Whether it holds rows of cells, and does not lay a page out."""
    return not table.query_selector("table, h1, h2, h3, p + p, ul, pre") and bool(
        table.query_selector("td + td, th + td, th + th")
    )


def _rows(table: Node) -> Iterator[list[str]]:
    caption = table.query_selector("caption")
    if caption is not None and (words := _words(caption)):
        yield [words]
    # Not by a selector: what the library finds with one it looks for anew for each of it.
    for part in _children(table):
        for row in [part] if part.tag == "tr" else _children(part) if part.tag in PARTS else []:
            if row.tag == "tr" and not _is_unseen(row, "tr"):
                yield [_words(cell) for cell in _children(row) if cell.tag in ("td", "th")]
