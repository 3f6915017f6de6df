"""Files that are broken, locked, huge, or made to harm who reads them: each is named with its reason, the others are read."""

import os
import signal
import struct
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.source_files import W, docx, packed, paragraph, pdf, pptx, xlsx

from switchboard.search import apart
from switchboard.search.apart import Apart
from switchboard.search.extractors import opening, sheets
from switchboard.search.extractors.document import Unreadable
from switchboard.search.extractors.html import read_html
from switchboard.search.extractors.kinds import KINDS, extract, read
from switchboard.search.extractors.pdf import Line, _blocks
from switchboard.search.index import Index

PAGE = [[("A page about lighthouses.", 11, 700)]]
GOOD = "# Lighthouses\n\nThey shine.\n"
LAUGHS = "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12)) + "]>"
FETCHES = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def why(folder: Path, name: str, content: bytes) -> str:
    """Why a file is left out beside a good one, which is read."""
    (folder / "good.md").write_text(GOOD)
    (folder / name).write_bytes(content)
    index = Index(folder)
    assert index.search("lighthouses")[0].source == "good.md"
    return index.skipped[name]


def bomb(megabytes: int = 300) -> bytes:
    return packed({"word/document.xml": b"<w>" + b" " * (megabytes * 1_000_000), "xl/workbook.xml": b"<x/>"})


def lying_bomb() -> bytes:
    """One whose header says that it is small."""
    content = bytearray(bomb(60))
    with zipfile.ZipFile(BytesIO(content)) as file:
        part = file.getinfo("word/document.xml")
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        begun = content.find(mark)
        content[begun + at : begun + at + 4] = struct.pack("<I", 500)
    assert part.file_size > 500
    return bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["docx", "pptx", "xlsx"])
@pytest.mark.parametrize("made", [bomb, lying_bomb])
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, ending: str, made) -> None:
    began = time.monotonic()
    reason = why(tmp_path, f"a.{ending}", made())
    assert "bomb" in reason or "broken" in reason
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("opened", [LAUGHS, FETCHES])
def test_entities_of_xml_are_refused(tmp_path: Path, opened: str) -> None:
    assert "entities" in why(tmp_path, "a.docx", docx(paragraph("Words."), opening=opened))
    assert "entities" in why(tmp_path, "b.docx", docx("", {"word/document.xml": opened.encode("utf-16")}))


def test_xml_that_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    deep = f"<w:document {W}><w:body>" + "<w:sdt>" * 10_000 + "</w:sdt>" * 10_000 + "</w:body></w:document>"
    assert "deeper" in why(tmp_path, "a.docx", packed({"word/document.xml": deep}))
    assert "no text" in why(tmp_path, "a.html", b"<div>" * 50_000 + b"<p>Words.</p>")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"no PDF", "broken"),
        ("a.pdf", pdf(PAGE)[:200], "broken"),
        ("a.docx", b"no zip", "broken"),
        ("a.docx", docx("")[:100], "broken"),
        ("a.docx", packed({"x": b"y"}), "broken"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted"),
        ("a.xlsx", xlsx({"A": [["a", "b"]]})[:300], "broken"),
        ("a.xlsx", packed({"x": b"y"}), "broken"),
        ("a.pptx", pptx([("a", ["b"], "")])[:300], "broken"),
        ("a.eml", b"Words without a header.", "no mail"),
        ("a.mbox", b"Words without a mail.", "no mailbox"),
        ("a.csv", b"a,b\0\xff\xfe", "binary"),
        ("a.txt", b"", "empty"),
        ("a.md", b"   \n\n ", "no text"),
        ("a.html", b"<script>1</script>", "no text"),
        ("a.pdf", pdf([[]]), "no text"),
        ("a.docx", docx(""), "no text"),
    ],
    ids=range(17),  # the bytes of a packed file hold the time it was made at, and all workers must find the same names
)
def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert reason in why(tmp_path, name, content)


def test_an_encrypted_pdf_and_zip_are_named_as_such(tmp_path: Path) -> None:
    key = "<" + "00" * 32 + ">"
    locked = pdf(PAGE).replace(
        b"/Root 1 0 R",
        f"/Root 1 0 R /ID [{key} {key}] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O {key} /U {key} >>".encode(),
    )
    assert "encrypted" in why(tmp_path, "a.pdf", locked)
    content = bytearray(docx(paragraph("Words.")))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in why(tmp_path, "a.docx", bytes(content))


def test_pipes_devices_sockets_and_links_are_not_opened(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text("# Secret\n\nA word.")
    (tmp_path / "good.md").write_text(GOOD)
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "out.md").symlink_to(outside / "secret.md")
    (tmp_path / "folder").symlink_to(outside)
    (tmp_path / "inside.md").symlink_to("good.md")
    (tmp_path / "sub.txt").mkdir()
    index = Index(tmp_path)
    assert "not a regular file" in index.skipped["pipe.txt"]
    assert "outside" in index.skipped["zero.txt"] and "outside" in index.skipped["out.md"]
    assert index.skipped["folder"] == "it is a link to a folder, which is not followed"
    assert index.search("secret") == [] and index.coverage.copies == {"inside.md": "good.md"}


def test_a_huge_file_is_named_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    with (tmp_path / "huge.pdf").open("wb") as file:
        file.truncate(100_000_001)
    assert Index(tmp_path).skipped["huge.pdf"] == "it is larger than 50 MB"


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_text(GOOD)
    real = os.fstat

    def grown(handle: int) -> os.stat_result:
        facts = real(handle)
        with path.open("a") as file:
            file.write("More.")
        return facts

    monkeypatch.setattr(opening.os, "fstat", grown)
    with pytest.raises(Unreadable, match="changed while it was read"):
        extract(path)


@pytest.mark.parametrize(
    "name",
    ["new\nline.md", "escape\x1b[31mred.md", "a[1]#b,c;d.md", "turn\u202eed.md", "x" * 240 + ".md", "<b>`bold`.md", " .md"],
)
def test_odd_names_are_cited_safely_and_lead_back(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD)
    (tmp_path / "broken.pdf").write_text("x")
    index = Index(tmp_path)
    [found] = index.search("lighthouses shine")
    assert found.source.isprintable() and not set(found.source) & set("[]#,;<>`\u202e") and len(found.source) < 250
    assert index.resolve(f"[{found.citation}]") is not None and index.document(found.source) == GOOD


def test_two_odd_names_stay_two_and_a_skipped_one_is_shown_safely(tmp_path: Path) -> None:
    for n, name in enumerate((b"a#.md", b"a;.md", b"a-.md", b"\xff\xfe.md")):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(f"# Number {n}\n\nWords of {n}.")
    (tmp_path / "bad\x1b[2J.pdf").write_text("x")
    index = Index(tmp_path)
    assert len(index.texts) == 4 and all(name.isprintable() for name in (*index.texts, *index.skipped))


@pytest.mark.slow
def test_what_hangs_is_ended_and_what_follows_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with Apart(seconds=1) as reader:
        assert reader.read(KINDS["pdf"], "a.pdf", pdf(PAGE)).title == "a.pdf"
        os.kill(reader._process.pid, signal.SIGSTOP)
        with pytest.raises(Unreadable, match="more than 1 seconds"):
            reader.read(KINDS["pdf"], "a.pdf", pdf(PAGE))
        assert reader.read(KINDS["pdf"], "a.pdf", pdf(PAGE)).title == "a.pdf"


def test_what_crashes_takes_nothing_with_it() -> None:
    with Apart() as reader:
        reader.read(KINDS["pdf"], "a.pdf", pdf(PAGE))
        os.kill(reader._process.pid, signal.SIGSEGV)
        with pytest.raises(Unreadable, match="crashes what reads it"):
            reader.read(KINDS["pdf"], "a.pdf", pdf(PAGE))
        assert reader.read(KINDS["pdf"], "a.pdf", pdf(PAGE)).title == "a.pdf"


def test_what_reads_apart_has_no_secrets_and_no_memory_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    with Apart() as reader:
        reader.read(KINDS["pdf"], "a.pdf", pdf(PAGE))
        own = Path(f"/proc/{reader._process.pid}")
        assert b"secret" not in (own / "environ").read_bytes()
        limits = (own / "limits").read_text()
        assert f"{apart.MOST_MEMORY}" in limits
    assert reader._process is None and not own.exists()


def test_a_sheet_with_two_far_cells_is_bounded(tmp_path: Path) -> None:
    content = xlsx({"A": [["a", "b"]]})
    with zipfile.ZipFile(BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>'
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", far)
    began = time.monotonic()
    assert why(tmp_path, "a.xlsx", packed(parts))
    assert time.monotonic() - began < 30


def test_more_cells_pages_and_characters_than_are_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 10)
    (tmp_path / "a.csv").write_text("a,b\n" + "1,2\n" * 100)
    assert "only its first 10 cells" in Index(tmp_path).coverage.partly["a.csv"]
    monkeypatch.setattr("switchboard.search.extractors.pdf.MOST_PAGES", 2)
    assert "first 2 of 3 pages" in read(KINDS["pdf"], "a.pdf", pdf(PAGE * 3)).note
    monkeypatch.setattr("switchboard.search.extractors.document.MOST_CHARACTERS", 50)
    document = read(KINDS["plain"], "a.txt", b"Words of a text.\n\n" * 20)
    assert "first 50 characters" in document.note


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=400) | st.text(max_size=300).map(str.encode), st.integers(0, 400))
def test_no_bytes_break_an_extractor(kind: str, content: bytes, at: int) -> None:
    starts = {
        "pdf": pdf(PAGE),
        "docx": docx(paragraph("Words.")),
        "pptx": pptx([("a", ["b"], "c")]),
        "xlsx": xlsx({"A": [["a"]]}),
    }
    start = starts.get(kind, GOOD.encode())
    for one in (content, start[:at] + content + start[at:], start[:at] + content + start[at + len(content) :]):
        try:
            assert SHARED.read(KINDS[kind], "a", one).blocks
        except Unreadable as error:
            assert "crash" not in str(error) and "seconds" not in str(error)


SHARED = Apart()
STARTS = {
    "pdf": pdf(PAGE),
    "docx": docx(paragraph("Words.")),
    "pptx": pptx([("a", ["b"], "c")]),
    "xlsx": xlsx({"A": [["a"]]}),
}


@pytest.fixture(scope="module", autouse=True)
def ended():
    yield
    SHARED.__exit__(None, None, None)


@pytest.mark.slow
def test_a_page_of_very_many_lines_is_read_in_proportion() -> None:
    began = time.monotonic()
    found = read_html("lines.html", b"<body><p>" + b"A line.<br>" * 40_000)
    assert time.monotonic() - began < 10 and found.blocks[0].text.count("A line.") == 40_000


def test_lines_that_look_like_a_table_to_the_last_cost_little() -> None:
    """Each of them begins what is no table after all: its last column is empty in every other row."""

    def line(number: int) -> Line:
        words = [(40.0 + 150 * n + 20 * k, 58.0 + 150 * n + 20 * k, "oats") for n in range(3) for k in range(5)]
        kept = tuple(words[: 10 if number % 2 else 15])
        return Line("oats", (40.0, 800.0 - 12 * number, 500.0, 810.0 - 12 * number), 10.0, False, kept)

    begun = time.process_time()
    assert {block.kind for block in _blocks([line(number) for number in range(300)], 1, 10.0)} == {"text"}
    assert time.process_time() - begun < 4  # 17 seconds, where all lines are sorted for each of them
