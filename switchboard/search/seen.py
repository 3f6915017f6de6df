"""What a reader of a Markdown document sees. What its page hides, somebody wrote for machines, and no answer rests on it."""

import re
import unicodedata

TOKEN = re.compile(
    r"""^[ ]{0,3}(?P<fence>`{3,}|~{3,}).*?(?:^[ ]{0,3}(?P=fence)|\Z)
    |(?P<ticks>`++)[^`\n]{1,500}(?P=ticks)
    |(?P<comment><!--.*?(?:-->|\Z)|^[ ]{0,3}\[[^\]\n]{1,200}\]:[ \t]*(?:\#|<>)(?=\s)[^\n]*)
    |<(?P<ends>/?)(?P<name>[A-Za-z][\w-]*)(?P<facts>(?:[^<>"']|"[^"]{0,500}"|'[^']{0,500}')*+)>""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
"""Code, in which tags are text; a comment, also as a link that nobody can follow; a tag."""
HIDES = re.compile(
    r"""(?<![\w-])hidden(?![\w-])
    |(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:font-size|opacity)\s*:\s*0(?![\d.]*[1-9]))""",
    re.IGNORECASE | re.VERBOSE,
)
NEVER_SHOWN = ("script", "style", "template", "noscript", "head", "title")
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
JOINERS = "\u200c\u200d"
"""Invisible characters that change how the letters beside them are written."""


def seen(text: str, but_for: re.Pattern[str] | None = None) -> str:
    """A document without comments and without elements that are hidden; tags that show something stay as they are, and
    comments that are `but_for` something that is read and never told.

    Takes time in proportion to the text.
    """
    kept: list[str] = []
    at = depth = 0
    hides = ""  # the element that hides what is in it
    for token in TOKEN.finditer(text):
        name = (token["name"] or "").lower()
        if hides:
            depth += (name == hides) * (-1 if token["ends"] else 1)
            if depth == 0:
                hides, at = "", token.end()
        elif token["comment"]:
            if but_for and but_for.fullmatch(token["comment"]):
                continue
            kept.append(text[at : token.start()])
            at = token.end()
        elif name and not token["ends"] and name not in VOID and (name in NEVER_SHOWN or HIDES.search(token["facts"])):
            kept.append(text[at : token.start()])
            hides, depth = name, 1
    return "".join([*kept, "" if hides else text[at:]])


def without_invisible(text: str) -> str:
    """A text without characters that nobody sees, but for those that join letters."""
    if text.isascii():
        return text
    return "".join(c for c in text if c in JOINERS or unicodedata.category(c) != "Cf")
