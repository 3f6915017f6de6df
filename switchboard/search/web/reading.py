"""What a fetched page says: its bytes in the letters that its server names, read as a file of its kind is."""

import codecs
from pathlib import PurePath

from switchboard.errors import Refused
from switchboard.mail.charsets import KNOWN_CHARSET
from switchboard.search.apart import Apart
from switchboard.search.extractors.document import Document, Unreadable
from switchboard.search.extractors.kinds import readable_kind
from switchboard.search.web.fetching import Fetched

SECONDS = 20.0


def document_of(page: Fetched) -> Document:
    """The page as a document. Raises Refused for what cannot be read."""
    try:
        kind = readable_kind(PurePath(page.name))
        with Apart(SECONDS) as apart:
            return apart.read(kind, page.name, _in_utf8(page) if kind.module != "pdf" else page.content)
    except Unreadable as error:
        raise Refused(str(error), code="unreadable") from None


def _in_utf8(page: Fetched) -> bytes:
    """The bytes with a mark that they are UTF-8, where they are in letters that the server names and people write, which comes
    before what the page says of itself; else as they came.
    """
    try:
        codec = codecs.lookup(page.charset).name if page.charset else ""
        if not KNOWN_CHARSET.fullmatch(page.charset) and not KNOWN_CHARSET.fullmatch(codec):
            return page.content
        return codecs.BOM_UTF8 + page.content.decode(codec).removeprefix("\ufeff").encode()
    except (LookupError, UnicodeError, ValueError):
        return page.content
