"""Office files, which are XML in a zip: unpacked within bounds, and read without entities and what they fetch."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from switchboard.search.extractors.document import Unreadable

MOST_UNPACKED, MOST_RATIO, MOST_PARTS = 200_000_000, 200, 20_000
"""Bytes of all that is unpacked; how much larger it is than the file, from a megabyte on; and parts of one file."""
MOST_ELEMENTS, MOST_DEPTH = 3_000_000, 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Package:
    """An office file. Raises Unreadable for what is none, is encrypted, or would unpack to more than is read."""

    def __init__(self, content: bytes) -> None:
        if content.startswith(OLE):
            raise Unreadable("it is encrypted with a password, or in the format before 2007")
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
            parts = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
            raise Unreadable("it is broken: it is no zip, as office files are") from error
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable("it is encrypted and asks for a password")
        self._left = MOST_UNPACKED if len(content) * MOST_RATIO > MOST_UNPACKED else max(1_000_000, len(content) * MOST_RATIO)
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > self._left:
            raise Unreadable(f"it would unpack to far more than it is (a zip bomb?): more than {self._left // 1_000_000} MB")
        self.names = {part.filename for part in parts}

    def part(self, name: str) -> bytes:
        """One part's bytes; what its header says of its size is not believed."""
        try:
            with self._zip.open(name) as file:
                content = file.read(self._left + 1)
        except KeyError:
            raise Unreadable(f"it is broken: its part {name[:80]} is missing") from None
        except Exception as error:
            raise Unreadable(f"it is broken: its part {name[:80]} cannot be unpacked") from error
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable("it unpacks to far more than it says (a zip bomb?)")
        return content

    def check(self) -> None:
        """Unpacks all, for a library that reads the file by itself."""
        for name in self.names:
            self.part(name)

    def tree(self, name: str) -> Element:
        return tree_of(self.part(name))

    def optional(self, name: str) -> Element:
        """The same, and an empty element where there is none."""
        return self.tree(name) if name in self.names else Element("none")

    def links(self, name: str) -> dict[str, str]:
        """Relation id to the part that it leads to, of a part; none leads out of the file."""
        folder, _, file = name.rpartition("/")
        found = self.optional(f"{folder}/_rels/{file}.rels").iter("Relationship")
        return {
            one.get("Id", ""): normpath(join(dirname(name), one.get("Target", ""))).lstrip("/")
            for one in found
            if one.get("TargetMode") != "External"
        }

    @property
    def title(self) -> str:
        return "".join(next(self.optional("docProps/core.xml").iter("title"), Element("none")).itertext())


def tree_of(content: bytes) -> Element:
    """XML as a tree of names without namespaces."""
    builder, left, depth = TreeBuilder(), MOST_ELEMENTS, 0
    parser = expat.ParserCreate(namespace_separator="}")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal left, depth
        left -= 1
        depth += 1
        if left < 0 or depth > MOST_DEPTH:
            raise Unreadable("it holds more elements, or deeper nested ones, than are read")
        builder.start(name.rpartition("}")[2], {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name.rpartition("}")[2])

    def refuse(*_: Any) -> None:
        raise Unreadable("its XML declares entities, which honest office files do not")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Unreadable("it is broken: its XML ends in the middle, or is none") from error
    return builder.close()


def children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if child.tag in names)
