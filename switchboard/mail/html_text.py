"""HTML as the text that its reader sees: one line for each line of theirs, quoted letters marked with ">".

A tokenizer of our own, since `html.parser` needs more than its share of time for markup that is broken on purpose.
"""

import re
from collections.abc import Iterator
from html import unescape

TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:]{0,20})")
BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|d[dlt]|div|fieldset|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|"
    "section|table|tr|ul"
)
UNSEEN = re.compile("head|script|style|title|template|noscript|object|svg")
EMPTY = re.compile("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
"""Elements that begin a line, that no reader sees, and that hold nothing."""
HIDDEN = re.compile(
    r"display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0(?:px|pt|em|%)?\s?(?:[;'\"]|\Z)|(?<!:)\shidden(?:[\s=/]|\Z)",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"(?:class|id)\s?=\s?[\"']?(?:gmail_signature\b|moz-signature|signature[\"' ]|ms-outlook-mobile-signature|"
    r"x_gmail_signature|protonmail_signature_block)",
    re.IGNORECASE,
)
"""Elements that mail programs write a signature into."""
ALT = re.compile(r"\balt\s?=\s?(?:\"([^\"]{1,200})\"|'([^']{1,200})')", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
MOST_DEPTH = 200
MOST_TAG = 2_000
QUOTE = "> "


def text_of(html: str) -> str:
    """The text of a page. It never raises, and takes time in proportion to the page."""
    page = _Page()
    for kind, piece in _tokens(html):
        page.text(piece) if kind == "text" else page.tag(piece)
    return page.whole()


def _tokens(html: str) -> Iterator[tuple[str, str]]:
    """Texts and tags, without comments and what declares something."""
    at, no_more = 0, len(html)
    ends = {"-->": no_more, ">": no_more}
    while at < len(html):
        opened = html.find("<", at)
        opened = no_more if opened < 0 else opened
        if opened > at:
            yield "text", html[at:opened]
        if opened == no_more:
            return
        comment = html.startswith("<!--", opened)
        if not comment and not TAG.match(html, opened) and not html.startswith(("<!", "<?"), opened):
            yield "text", "<"
            at = opened + 1
            continue
        end = "-->" if comment else ">"
        closed = html.find(end, opened) if ends[end] else -1
        if closed < 0:  # it is never closed, so nothing is seen of the rest
            return
        if TAG.match(html, opened):
            yield "tag", html[opened : min(closed, opened + MOST_TAG)]
        at = closed + len(end)


class _Page:
    """The lines so far, and the elements that are open: of each, whether it is unseen, quoted, or a signature."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._open: list[tuple[str, bool, str]] = []
        self._unseen, self._marks = 0, list[str]()

    def text(self, text: str) -> None:
        if self._unseen:
            return
        text = SPACES.sub(" ", unescape(text))
        if self._line or text.strip():
            self._line.append(text)

    def tag(self, tag: str) -> None:
        found = TAG.match(tag)
        assert found is not None
        name, closes = found[1].lower(), tag[1] == "/"
        if name == "br":
            self._end_line(always=True)
        if BLOCK.fullmatch(name):
            self._end_line(always=name == "p" and bool(self._lines and self._lines[-1].strip(QUOTE)))
        if closes:
            self._close(name)
        elif EMPTY.fullmatch(name):
            self._stand_alone(name, tag)
        else:
            self._begin(name, tag)

    def _stand_alone(self, name: str, tag: str) -> None:
        if self._unseen:
            return
        if name == "img" and (alt := ALT.search(tag)):
            self._line.append(f"[image: {SPACES.sub(' ', unescape(alt[1] or alt[2]))}]")
        if name == "hr":
            self._lines.append("".join(self._marks) + "_" * 32)

    def _begin(self, name: str, tag: str) -> None:
        if len(self._open) >= MOST_DEPTH:
            return
        unseen = bool(UNSEEN.fullmatch(name)) or bool(HIDDEN.search(tag))
        mark = QUOTE if name == "blockquote" else "| " if SIGNATURE.search(tag) else ""
        if mark:
            self._end_line()
            self._marks.append(mark)
        self._open.append((name, unseen, mark))
        self._unseen += unseen
        if name == "li":
            self.text("- ")

    def _close(self, name: str) -> None:
        if not any(opened[0] == name for opened in self._open):
            return
        while self._open:
            closed, unseen, mark = self._open.pop()
            if mark:
                self._end_line()
                self._marks.pop()
            self._unseen -= unseen
            if closed == name:
                break
        if name in ("td", "th"):
            self.text(" ")

    def _end_line(self, *, always: bool = False) -> None:
        if self._unseen:
            return
        line = "".join(self._line).strip()
        if line or always:
            self._lines.append("".join(self._marks) + line)
        self._line = []

    def whole(self) -> str:
        self._end_line()
        return "\n".join(line.rstrip() if line.strip(QUOTE) else line.strip() for line in self._lines).strip("\n")
