"""Bytes as text, by the charset that they are said to be in, or else are in."""

import re

KNOWN_CHARSET = re.compile(
    r"utf-?(?:7|8|16|32)(?:-?[lb]e)?|(?:us-)?ascii|(?:iso[-_]?)?8859[-_]?\d{1,2}|latin-?\d{1,2}|(?:cp|windows-?|ibm)-?\d{3,4}|koi8-?[rut]|"
    r"gb(?:2312|k|18030)|mac-?(?:roman|greek|cyrillic)|big5(?:-hkscs)?|s(?:hift)?[_-]?jis|euc[-_]?(?:jp|kr)|iso-2022-(?:jp|kr)(?:-\d)?|"
    r"ks_c_5601-1987|tis-620",
    re.IGNORECASE,
)
"""Charsets of mails. Python's other codecs read no text, or take more than their share of time."""
SAID_OF_LATIN = re.compile(r"(?:us-)?ascii|iso[-_]?8859[-_]?1|latin-?1", re.IGNORECASE)


def as_text(content: bytes, charset: str) -> str:
    """Bytes as text with \\n at the ends of lines, by the charset that they are said to be in, or else are in."""
    named = charset.strip().strip("\"'")
    tried = [named] if KNOWN_CHARSET.fullmatch(named) and not SAID_OF_LATIN.fullmatch(named) else []
    for name in [*tried, "utf-8"]:
        try:
            text = content.decode(name, "strict")
            break
        except (LookupError, ValueError):
            continue
    else:
        text = content.decode("cp1252", "replace")
    text = text.encode("utf-8", "replace").decode("utf-8")  # UTF-7 may hold halves of surrogate pairs
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").removeprefix("\ufeff")
