"""What a file of a stranger may cost: no more than its length, and where a library takes more, no more than its own process."""

import os
import threading
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from support.source_files import pdf

from switchboard.search import apart
from switchboard.search.apart import Apart
from switchboard.search.citations import readable
from switchboard.search.extractors import document
from switchboard.search.extractors.document import Unreadable, bounded
from switchboard.search.extractors.html import read_html
from switchboard.search.extractors.kinds import KINDS, read
from switchboard.search.extractors.opening import opened
from switchboard.search.extractors.plain import paragraphs
from switchboard.search.index import Index

GOOD = "# Windmills\n\nA windmill grinds barley.\n"


@pytest.mark.slow
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


def test_folders_whose_names_are_longer_than_a_path_stop_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    for n in range(25):
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
        for name in ("e" * 240 + ".bin", "f" * 240 + ".md"):
            Path(name).write_text(f"# Sails\n\nSails are of linen, of {n} threads.\n")
        Path("g" * 240).symlink_to("/")
    index = Index(tmp_path)
    assert index.search("windmill")[0].source == "good.md"
    assert any("too long" in why for why in index.skipped.values())


def test_folders_that_may_be_listed_and_not_entered_stop_nothing(tmp_path: Path) -> None:
    """Root may enter each, so this is asked of a normal user."""
    (tmp_path / "good.md").write_text(GOOD)
    shut = tmp_path / "shut"
    (shut / "below").mkdir(parents=True)
    for name in ("a.bin", "b.md"):
        (shut / name).write_text("x")
    shut.chmod(0o444)
    for folder in (tmp_path, *(one for one in tmp_path.parents if "pytest" in str(one))):
        folder.chmod(0o755)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                Index(tmp_path)  # what is imported late lies where root alone may look
                os.setgroups([])
                os.setgid(65_534)
                os.setuid(65_534)
            index = Index(tmp_path)
            os.write(writing, f"{sorted(index.skipped)} {index.coverage.documents}".encode())
        except BaseException as error:  # noqa: BLE001 - it must not go on as a second run of the tests
            os.write(writing, repr(error).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    shut.chmod(0o755)
    assert os.read(reading, 10_000).decode() == "['shut/b.md', 'shut/below'] 1"
    os.close(reading)
    os.close(writing)


def test_a_pdf_whose_title_is_no_text_is_read() -> None:
    content = pdf([[("A windmill grinds barley.", 11, 700)]], title="\xfe\xff\xd8\x00\x00A\xd8\x00")
    found = read(KINDS["pdf"], "mills.pdf", content)
    assert "windmill" in found.text and found.title == "mills.pdf"


@pytest.mark.slow
def test_no_file_is_read_through_a_folder_that_becomes_a_link(tmp_path: Path) -> None:
    """Nor does anything else come of it than that the file is left out."""
    folder, outside, over = tmp_path / "in", tmp_path / "out", threading.Event()
    (folder / "a").mkdir(parents=True)
    outside.mkdir()
    (folder / "a" / "b.md").write_text("within")
    (outside / "b.md").write_text("without")

    def swap() -> None:
        while not over.is_set():
            (folder / "a").rename(folder / "c")
            (folder / "a").symlink_to(outside)
            (folder / "a").unlink()
            (folder / "c").rename(folder / "a")

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        found, end = set[bytes](), time.monotonic() + 1.5
        while time.monotonic() < end:
            with suppress(Unreadable):
                found.add(opened(folder / "a" / "b.md", folder.resolve()).content)
    finally:
        over.set()
        swapping.join()
    assert found <= {b"within"}
