"""What a reader of a Markdown document sees. What its page hides, somebody wrote for machines, and no answer rests on it."""

import re
import unicodedata
from bisect import bisect_left
from functools import cached_property

TOKEN = re.compile(
    r"""^[ ]{0,3}(?P<fence>`{3,}|~{3,}).*?(?:^[ ]{0,3}(?P=fence)|\Z)
    |(?<!`)(?P<ticks>`++)[^`\n]{1,500}(?P=ticks)
    |(?P<comment><!--)
    |(?P<link>^[ ]{0,3}\[[^\]\n]{1,200}\]:[ \t]*(?:\#|<>)(?=\s)[^\n]*)
    |<(?P<ends>/?)(?P<name>[A-Za-z][\w-]*)(?P<facts>(?:[^<>"']|"[^"]{0,500}"|'[^']{0,500}')*+)>""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
"""Code, in which tags are text; a comment, also as a link that nobody can follow; a tag."""
HIDES = re.compile(
    r"""(?<![\w-])hidden(?![\w-])
    |(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:font-size|opacity)\s*:\s*0(?![\d.]*[1-9]))""",
    re.IGNORECASE | re.VERBOSE,
)
RAW = {
    "!--": ("<!--", "-->"),
    **{name: (rf"<{name}\b", rf"</{name}\b[^<>]{{0,200}}>") for name in ("script", "style", "title")},
}
"""What holds no tags but its own end: how it begins, and how it ends."""
RESUMES = re.compile(r"\n[ \t]*(?=\n[ ]{0,3}#{1,6}[ \t]+\S)")
"""What stands before a heading."""
NEVER_SHOWN = ("script", "style", "template", "noscript", "head", "title")
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
JOINERS = "\u200c\u200d"
"""Invisible characters that change how the letters beside them are written."""


def seen(text: str, but_for: re.Pattern[str] | None = None) -> str:
    """A document without comments and without elements that are hidden; tags that show something stay as they are, and
    comments that are `but_for` something that is read and never told.

    A script, a style or a comment that nobody closed ends before the next heading. Takes time in proportion to the text.
    """
    kept: list[str] = []
    at, ends = 0, _Ends(text)
    token = TOKEN.search(text)
    while token:
        end = token.end()
        if token["comment"]:
            end = ends.of("!--", end)
            is_read = bool(but_for and but_for.fullmatch(text, token.start(), end))
        else:
            is_read = not (token["link"] or _is_hiding(token))
            end = end if is_read or token["link"] else ends.of(token["name"].lower(), end)
        if not is_read:
            kept.append(text[at : token.start()])
            at = end
        token = TOKEN.search(text, end)
    return "".join([*kept, text[at:]])


def _is_hiding(token: re.Match[str]) -> bool:
    """Whether an element begins that no reader sees."""
    name = (token["name"] or "").lower()
    if not name or token["ends"] or name in VOID:
        return False
    return name in NEVER_SHOWN or bool(HIDES.search(token["facts"]))


class _Ends:
    """Where what is hidden in a text ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, tuple[list[int], list[int], list[int]]] = {}

    def of(self, name: str, begun: int) -> int:
        """The end of an element, or of a comment (`!--`), that has begun there: of one that is not closed the end of the text;
        where it is `RAW`, before the next heading, also where another one begins behind that.
        """
        if name not in RAW:
            return self._of_nested(name, begun)
        begins, closing, closed = self._raw(name)
        n, heading = bisect_left(closing, begun), _next(self._headings, begun)
        if n == len(closing):
            return len(self._text) if heading is None else heading
        another = None if heading is None else _next(begins, heading)
        if heading is not None and another is not None and another < closing[n]:
            return heading
        return closed[n]

    def _raw(self, name: str) -> tuple[list[int], list[int], list[int]]:
        """Where all of them begin, and the places before and behind their ends."""
        if name not in self._found:
            begins, ends = (re.compile(pattern, re.IGNORECASE) for pattern in RAW[name])
            closed = [found.span() for found in ends.finditer(self._text)]
            places = [found.start() for found in begins.finditer(self._text)]
            self._found[name] = places, [start for start, _ in closed], [end for _, end in closed]
        return self._found[name]

    @cached_property
    def _headings(self) -> list[int]:
        return [found.start() for found in RESUMES.finditer(self._text)]

    def _of_nested(self, name: str, begun: int) -> int:
        depth, token = 1, TOKEN.search(self._text, begun)
        while token:
            end = self.of("!--", token.end()) if token["comment"] else token.end()
            depth += ((token["name"] or "").lower() == name) * (-1 if token["ends"] else 1)
            if depth == 0:
                return end
            token = TOKEN.search(self._text, end)
        return len(self._text)


def _next(places: list[int], begun: int) -> int | None:
    n = bisect_left(places, begun)
    return places[n] if n < len(places) else None


def without_invisible(text: str) -> str:
    """A text without characters that nobody sees, but for those that join letters."""
    if text.isascii():
        return text
    return "".join(c for c in text if c in JOINERS or unicodedata.category(c) != "Cf")
