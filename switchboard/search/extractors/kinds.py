"""Which extractor reads a file, told by the end of its name; and `extract`, the one way in."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path, PurePath

from switchboard.search.extractors.document import Document, Unreadable
from switchboard.search.extractors.opening import MOST_BYTES, opened

HERE = "switchboard.search.extractors"
INSTALL = "pip install 'switchboard-desk[sources]'"
MOST_TEXT = 10_000_000
BARE = re.compile("README|LICEN[CS]E|COPYING|NOTICE|AUTHORS|CHANGES|CHANGELOG|NEWS|INSTALL|CONTRIBUTING|METADATA|PKG-INFO")
"""Names of texts that have no end."""


@dataclass(frozen=True)
class Kind:
    """`apart`: it is read in a process of its own, since its library is written in C or its files unpack. `needs`: a package of
    the extra `sources`."""

    module: str
    function: str
    suffixes: tuple[str, ...]
    apart: bool = False
    needs: str = ""
    most: int = MOST_BYTES


KINDS = {
    kind.module: kind
    for kind in (
        Kind("markdown", "read_markdown", (".md", ".markdown"), most=MOST_TEXT),
        Kind("plain", "read_plain", (".txt", ".text", ".rst", ".log"), most=MOST_TEXT),
        Kind("html", "read_html", (".html", ".htm", ".xhtml"), True, "resiliparse", MOST_TEXT),
        Kind("pdf", "read_pdf", (".pdf",), True, "pypdfium2"),
        Kind("docx", "read_docx", (".docx", ".docm"), True),
        Kind("pptx", "read_pptx", (".pptx", ".pptm"), True),
        Kind("xlsx", "read_xlsx", (".xlsx", ".xlsm"), True, "python_calamine"),
        Kind("csv", "read_csv", (".csv", ".tsv")),
        Kind("eml", "read_eml", (".eml",)),
        Kind("mbox", "read_mbox", (".mbox",)),
    )
}
OLD = {
    ".doc": "DOCX",
    ".ppt": "PPTX",
    ".xls": "XLSX",
    ".odt": "DOCX",
    ".ods": "XLSX",
    ".rtf": "DOCX",
    ".epub": "HTML",
    ".msg": ".eml",
}
"""Kinds that hold what is asked for and are not read, and what to save them as."""
BY_SUFFIX = {suffix: kind for kind in KINDS.values() for suffix in kind.suffixes}


def kind_of(path: PurePath) -> Kind | None:
    """The kind of a file; None for one that is no document, such as a picture."""
    return KINDS["plain"] if BARE.fullmatch(path.name) else BY_SUFFIX.get(path.suffix.lower())


def is_document(path: PurePath) -> bool:
    """Whether a name is that of a document, also of one that is not read."""
    return kind_of(path) is not None or path.suffix.lower() in OLD


def extract(path: Path, folder: Path | None = None) -> Document:
    """What a file says. Only files below the folder, by default its own, are read. Raises Unreadable, which says why not."""
    from switchboard.search.apart import Apart

    real = Path(os.path.realpath(folder or path.parent))
    kind = readable_kind(path)
    content = opened(path, real, kind.most).content
    with Apart() as apart:
        return apart.read(kind, path.name, content)


def readable_kind(path: PurePath) -> Kind:
    """The kind of a file whose packages are there. Raises Unreadable."""
    kind = kind_of(path)
    if kind is None:
        better = OLD.get(path.suffix.lower())
        raise Unreadable(
            f"files of its kind are not read; save it as {better}" if better else "it is no document of a known kind"
        )
    if kind.needs and find_spec(kind.needs) is None:
        raise Unreadable(f"its kind needs a package that is not installed: {INSTALL}")
    return kind


def read(kind: Kind, name: str, content: bytes) -> Document:
    """What the bytes of a file say, read here and now."""
    where = {"xlsx": "sheets", "csv": "sheets", "eml": "mails", "mbox": "mails"}.get(kind.module, kind.module)
    function: Callable[[str, bytes], Document] = getattr(import_module(f"{HERE}.{where}"), kind.function)
    document = function(name, content)
    if not any(block.text.strip() for block in document.blocks):
        raise Unreadable("it holds no text")
    return document
