"""What a file of a stranger may cost: no more than its length, and where a library takes more, no more than its own process."""

import time
from hashlib import sha256
from pathlib import Path

import pytest

from switchboard.search import apart
from switchboard.search.apart import Apart
from switchboard.search.citations import readable
from switchboard.search.extractors import document
from switchboard.search.extractors.document import bounded
from switchboard.search.extractors.html import read_html
from switchboard.search.extractors.kinds import KINDS
from switchboard.search.extractors.plain import paragraphs
from switchboard.search.index import Index

GOOD = "# Windmills\n\nA windmill grinds barley.\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("titles.csv", "a\n" * 60_000 + "b,c\n"),
        ("ticks.md", "x" + "`" * 300_000),
        ("headings.csv", "a,\n" * 60_000 + "b,c\n" + "\n,d\n" * 1_000),
    ],
)
def test_a_file_is_read_in_proportion_to_its_length(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / name).write_text(content)
    began = time.process_time()
    assert Index(tmp_path).search("windmill")[0].source == "good.md"
    assert time.process_time() - began < 10  # more than a minute, where each line is held against all


def test_a_long_table_of_a_page_is_read_in_proportion() -> None:
    rows = "".join(f"<tr><td>mill {n}<td>{n}" for n in range(4_000))
    began = time.process_time()
    [block] = read_html(
        "mills.html", f"<table><caption>Mills<thead><tr><th>name<th>sails</thead>{rows}</table>".encode()
    ).blocks
    assert time.process_time() - began < 10  # a minute, where each row is looked for among all
    assert block.text.split("\n")[0] == "| Mills |  |" and block.text.endswith("| mill 3999 | 3999 |")
    assert len(block.text.split("\n")) == 4_003


@pytest.mark.parametrize("kind", ["markdown", "plain", "csv", "mbox"])
def test_a_large_file_is_read_apart_whatever_its_kind(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(apart, "MOST_HERE", 2_000)
    content = b"From a\nSubject: b\n\n" + b"Barley, and oats.\n" * 200
    with Apart() as reader:
        small = reader.read(KINDS[kind], "a", content[:1_000])
        assert reader._process is None
        large = reader.read(KINDS[kind], "a", content)
        assert reader._process is not None
    assert small.blocks and len(large.text) > len(small.text)


def test_no_more_blocks_of_a_file_are_read_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_BLOCKS", 10)
    assert bounded(paragraphs("a\n\n" * 10))[1] == ""
    blocks, note = bounded(paragraphs("a\n\n" * 11))
    assert (len(blocks), note) == (10, "only its first 10 paragraphs and headings are read")


@pytest.mark.parametrize("length", [6, 12, 16, 32])
def test_a_file_cannot_take_the_name_by_which_another_is_cited(tmp_path: Path, length: int) -> None:
    """Nor stop the others from being read."""
    odd = "mill [old].md"
    (tmp_path / odd).write_text(GOOD)
    (tmp_path / f"mill -old--{sha256(odd.encode()).hexdigest()[:length]}.md").write_text("# Sails\n\nSails are of linen.\n")
    index = Index(tmp_path)
    first, second = index.search("windmill barley")[0], index.search("sails linen")[0]
    assert first.source != second.source
    assert [index.resolve(found.citation) is not None for found in (first, second)] == [True, True]


def test_what_a_source_wrote_like_a_citation_is_not_shown_as_one() -> None:
    text = r"They are of linen \[good.md#sails\], it says [sails.md#cloth]."
    assert readable(text) == r"They are of linen \[good.md#sails\], it says (see: Sails)."
