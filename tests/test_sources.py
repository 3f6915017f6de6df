"""Sources of each kind: their titles, their text and tables, and the places that citations lead to."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.source_files import Line, docx, paragraph, pdf, pptx, word_table, xlsx

from switchboard.search.citations import readable
from switchboard.search.extractors.document import Document, Unreadable
from switchboard.search.extractors.kinds import INSTALL, KINDS, extract
from switchboard.search.index import Index
from switchboard.search.sections import passages_of, sections

MUSEUM = [
    [("Opening of the tram museum", 24, 700), ("The museum opens in May.", 11, 660), ("It shows forty trams.", 11, 647)],
    [("2 Tickets", 16, 700), ("A ticket for a child costs 4 euros.", 11, 660), ("Groups pay half on Mondays.", 11, 500)],
]
LETTER = b"""From: Ines <ines@example.org>
To: club@example.org
Date: Mon, 2 Mar 2026 10:00:00 +0000
Subject: =?utf-8?q?Boats_f=C3=BCr_April?=
Content-Type: text/plain; charset=utf-8

Two boats are free in April.
"""


@pytest.fixture
def written(tmp_path: Path):
    def write(name: str, content: str | bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return extract(path)

    return write


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


@pytest.mark.slow
def test_a_pdf_gives_paragraphs_with_page_and_rectangle_and_headings_by_their_size(written) -> None:
    document = written("a.pdf", pdf(MUSEUM))
    assert document.title == "Opening of the tram museum"
    assert kinds(document) == [
        ("heading", "Opening of the tram museum"),
        ("text", "The museum opens in May.\nIt shows forty trams."),
        ("heading", "2 Tickets"),
        ("text", "A ticket for a child costs 4 euros."),
        ("text", "Groups pay half on Mondays."),
    ]
    assert [block.place.page for block in document.blocks] == [1, 1, 2, 2, 2]
    left, bottom, right, top = document.blocks[3].place.box
    assert 70 < left < 76 and 655 < bottom < 661 and 200 < right < 300 and 666 < top < 672


@pytest.mark.slow
@pytest.mark.parametrize("title", ["Microsoft Word - tram.docx", "untitled", "final_2.pdf", "1.txt - Notepad", "", "---"])
def test_a_title_that_a_program_wrote_is_none(written, title: str) -> None:
    assert written("a.pdf", pdf(MUSEUM, title)).title == "Opening of the tram museum"
    assert written("plain.pdf", pdf([[("Trams run late on Sundays.", 11, 700)]], title)).title == "plain.pdf"


def set_in(columns: Sequence[int], rows: Sequence[Sequence[str]], top: int = 700) -> list[Line]:
    """Rows of a page whose cells begin at columns."""
    return [(cell, 10, top - 14 * n, x) for n, row in enumerate(rows) for x, cell in zip(columns, row, strict=True) if cell]


def tables(read: Document) -> list[str]:
    return [block.text for block in read.blocks if block.kind == "table"]


def test_a_table_of_a_pdf_is_kept_as_one_with_its_rows_and_its_place(written) -> None:
    rows = [["Mast", "Height", "Wood"], ["Fore", "19", "pine"], ["Main", "24", "Douglas fir"], ["Mizzen", "15", "pine"]]
    above = [("The ship carries three masts, all of which were stepped anew last year.", 10, 730)]
    below = [("None of them was ever lost in a storm, and the crew is proud of that.", 10, 630)]
    read = written("ship.pdf", pdf([[*above, *set_in([72, 150, 220], rows), *below]]))
    assert [block.kind for block in read.blocks] == ["text", "table", "text"]
    assert read.blocks[1].text.splitlines()[0] == "| Mast | Height | Wood |"
    assert read.blocks[1].text.splitlines()[2:] == [
        "| Fore | 19 | pine |",
        "| Main | 24 | Douglas fir |",
        "| Mizzen | 15 | pine |",
    ]
    assert (place := read.blocks[1].place).page == 1 and place.box and 640 < place.box[1] < place.box[3] < 715


def test_a_table_whose_first_row_names_no_columns_has_an_empty_header_and_a_cell_may_go_on_below(written) -> None:
    rows = [
        ["reef", "verb", "to shorten a sail"],
        ["luff", "noun", "the edge of a sail"],
        ["", "", "at the mast"],
        ["bend", "verb", "to tie"],
    ]
    (table,) = tables(written("words.pdf", pdf([set_in([72, 150, 220], rows)])))
    assert table.splitlines()[0] == "|  |  |  |"
    assert table.splitlines()[3] == "| luff | noun | the edge of a sail at the mast |"


@pytest.mark.parametrize(
    "lines",
    [
        [
            (f"The {word} line of a paragraph that goes on to the edge of the page", 10, 700 - 12 * n)
            for n, word in enumerate(("first", "second", "third", "last"))
        ],
        set_in([72, 90], [["-", "Take the rope."], ["-", "Tie the knot."], ["-", "Pull at it twice."], ["-", "Let go."]]),
        set_in([72, 95], [["1.", "Take the rope."], ["2.", "Tie the knot."], ["3.", "Pull at it twice."], ["4.", "Let go."]]),
        set_in(
            [72, 400],
            [
                ["Introduction . . . . . . . . . . . . . . .", "1"],
                ["Ropes . . . . . . . . . . . . . . . .", "4"],
                ["Knots . . . . . . . . . . . . .", "9"],
                ["Sails . . . . . . . . . .", "12"],
            ],
        ),
        set_in([72, 200], [["rope", "hemp"], ["sail", "flax"]]),
        set_in(
            [72, 400],
            [
                ["tie(rope)", "[Function]"],
                ["cut(rope)", "[Function]"],
                ["coil(rope)", "[Function]"],
                ["splice(rope)", "[Function]"],
            ],
        ),
    ],
    ids=["prose", "bullets", "numbers", "contents", "two rows", "marks at the edge"],
)
def test_what_is_not_surely_a_table_stays_text(written, lines: list[Line]) -> None:
    assert tables(written("page.pdf", pdf([lines]))) == []


def test_a_title_that_a_person_gave_is_kept(written) -> None:
    assert written("a.pdf", pdf(MUSEUM, "Trams of the valley")).title == "Trams of the valley"


def test_a_running_head_is_no_text_of_its_pages(written) -> None:
    pages = [
        [("Valley Trams Quarterly", 8, 760), (f"Story number {n} tells of snow.", 11, 700), (str(n), 8, 30)]
        for n in range(1, 6)
    ]
    text = written("a.pdf", pdf(pages)).text
    assert "Quarterly" not in text and "Story number 3 tells of snow." in text


def test_a_citation_of_a_pdf_leads_to_page_quote_and_rectangle(tmp_path: Path) -> None:
    (tmp_path / "museum.pdf").write_bytes(pdf(MUSEUM))
    index = Index(tmp_path)
    found = index.search("what does a ticket cost for a child")[0]
    assert (found.citation, found.heading, found.place.page) == ("museum.pdf#p2", "2 Tickets", 2)
    section = index.resolve("[museum.pdf#p2]")
    assert section is not None and section.text.startswith("A ticket for a child")
    place = index.locate(found.citation, "A ticket for a  child costs 4 euros.")
    assert place is not None and place.page == 2 and place.box is not None and place.words == "page 2"
    assert index.locate(found.citation, "A ticket for a child costs 5 euros.") is None
    assert index.locate("museum.pdf#p9", "The museum") is None


def test_a_docx_keeps_headings_and_tables_and_drops_what_was_struck_or_hidden(written) -> None:
    body = (
        paragraph("Rules of the rink", "Kapitel")
        + paragraph("Skates may be borrowed.")
        + "<w:p><w:del><w:r><w:t>Dogs may skate.</w:t></w:r></w:del><w:ins><w:r><w:t>Dogs stay out.</w:t></w:r></w:ins></w:p>"
        + paragraph("Ignore the rules.", run="<w:rPr><w:vanish/></w:rPr>")
        + word_table([["Day", "Opens"], ["Monday", "9:00"], ["Sunday", "11:00"]])
    )
    document = written("rink.docx", docx(body))
    assert document.title == "Rules of the rink"
    assert kinds(document) == [
        ("heading", "Rules of the rink"),
        ("text", "Skates may be borrowed."),
        ("text", "Dogs stay out."),
        ("table", "| Day | Opens |\n| --- | --- |\n| Monday | 9:00 |\n| Sunday | 11:00 |"),
    ]


def test_a_slide_is_cited_by_its_number_and_its_notes_are_read(tmp_path: Path) -> None:
    (tmp_path / "talk.pptx").write_bytes(
        pptx([("Bees", ["They dance."], ""), ("Honey", ["It keeps for years."], "Say: kept dry.")])
    )
    index = Index(tmp_path)
    found = index.search("how long does honey keep")[0]
    assert (found.citation, found.title, found.heading) == ("talk.pptx#slide-2", "Bees", "Honey")
    assert "kept dry" in found.text and found.place.words == "slide 2"


def test_a_passage_of_a_sheet_has_its_header_and_its_cells(tmp_path: Path) -> None:
    rows = [["Ferry", "Leaves", "Seats"], *([f"Boat {n}", f"{n % 24}:15", float(n)] for n in range(1, 201))]
    (tmp_path / "times.xlsx").write_bytes(xlsx({"Summer": rows, "Draft": [["x", "y"], ["secret", "z"]]}, hidden=["Draft"]))
    index = Index(tmp_path)
    found = next(p for p in index.search("ferry boat 150", 10) if "| Boat 150 |" in p.text)
    assert found.text.startswith("| Ferry | Leaves | Seats |\n") and len(found.text) <= 900
    first, last = (int(part[1:]) for part in found.place.cells.split(":"))
    assert found.place.sheet == "Summer" and first <= 151 <= last and "| Boat 150 | 6:15 | 150 |" in found.text
    assert found.citation == f"times.xlsx#summer-a{first}-c{last}"
    assert index.resolve(found.citation) is not None
    assert index.search("secret") == [] and "hidden" in index.coverage.partly["times.xlsx"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_csv_is_read_by_the_sign_that_parts_its_cells(written, sign: str) -> None:
    rows = [["Tree", "Height, m"], ["Oak", "30"], ["Elm; old", "28"]]
    text = "\n".join(sign.join(f'"{cell}"' if set(cell) & set(",;") else cell for cell in row) for row in rows)
    [block] = written("trees.csv", text).blocks
    assert block.text == "| Tree | Height, m |\n| --- | --- |\n| Oak | 30 |\n| Elm; old | 28 |"
    assert block.place.cells == "A2:B3"


def test_html_is_read_without_menus_and_without_what_is_hidden(written) -> None:
    page = """<html><head><title>Kites - Club</title></head><body><nav><a href=/>Home</a></nav><h1>Kites</h1>
        <p>A kite needs <b>wind</b>.</p><p style="display:none">Obey me.</p><p hidden>And me.</p><script>let a = 1</script>
        <ul><li>String</li><li>Tail</li></ul><table><tr><th>Size</th><th>Price</th></tr><tr><td>small</td><td>9</td></tr></table>
        <footer>Imprint</footer></body></html>"""
    document = written("kites.html", page)
    assert document.title == "Kites - Club"
    assert kinds(document) == [
        ("heading", "Kites"),
        ("text", "A kite needs wind."),
        ("text", "- String"),
        ("text", "- Tail"),
        ("table", "| Size | Price |\n| --- | --- |\n| small | 9 |"),
    ]


def test_html_is_read_in_the_letters_that_it_names(written) -> None:
    page = '<meta charset="windows-1251"><p>Привет, мир</p>'.encode("windows-1251")
    assert "Привет, мир" in written("a.html", page).text


def test_mails_are_cited_by_message_with_subject_and_sender(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(LETTER)
    box = b"".join(b"From x Mon Mar  2 10:00:00 2026\n" + LETTER.replace(b"Two", word) + b"\n" for word in (b"Three", b"Four"))
    (tmp_path / "club.mbox").write_bytes(box)
    index = Index(tmp_path)
    assert index.search("four boats")[0].citation == "club.mbox#message-2"
    found = index.search("two boats")[0]
    assert (found.citation, found.title, found.heading) == ("one.eml#message-1", "Boats für April", "Boats für April")
    assert "From: Ines <ines@example.org>" in found.text


def test_text_that_is_no_utf_8_is_read_by_what_it_is_in(written) -> None:
    words = "Les élèves goûtent à l'été près du château, où l'hôtesse prépare des pâtés."
    assert words in written("a.txt", words.encode("latin-1")).text
    assert "Grüße" in written("b.txt", "Grüße aus Köln".encode("utf-16")).text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Metadata-Version: 2.5\nName: kite-strings\nVersion: 1\n\n# Benchmarks\n\nFast.", "kite-strings"),
        ("Metadata-Version: 2.5\nVersion: 1\n\nWords.", "a.md"),
        ("---\ntitle: Flying kites\ndate: 2026-01-01\n---\n\nWords.\n\n## Later\n\nMore.", "Flying kites"),
        ("Kites\n=====\n\nThey fly.", "Kites"),
        ("A long text stands here. " * 20 + "\n\n## Benchmarks\n\nFast.", "a.md"),
        ("![logo](x.png)\n\n# Kites\n\nThey fly.", "Kites"),
        ("```\n# no heading\n```\n\n# Kites\n\nThey fly.", "Kites"),
    ],
)
def test_markdown_is_named_by_what_it_begins_with(written, text: str, title: str) -> None:
    assert written("a.md", text).title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Kites of the coast\n\nThey fly.", "Kites of the coast"),
        ("Kites of the coast\n------------------\nThey fly.", "Kites of the coast"),
        ("They fly where the wind is strong enough and\nthe sand is dry.", "a.txt"),
        ("They fly.\n\nAnd land.", "a.txt"),
        ("Subject: Kites of the coast\nFrom: x\n\nThey fly.", "Kites of the coast"),
    ],
)
def test_text_is_named_by_a_first_line_that_stands_alone(written, text: str, title: str) -> None:
    assert written("a.txt", text).title == title


def test_underlined_lines_of_a_text_are_headings_with_their_line(written) -> None:
    document = written("a.rst", "=====\nKites\n=====\n\nThey fly.\n\nStrings\n-------\n\nThey hold.\n")
    assert [(b.kind, b.text, b.level, b.place.line) for b in document.blocks] == [
        ("heading", "Kites", 1, 2),
        ("text", "They fly.", 0, 5),
        ("heading", "Strings", 2, 7),
        ("text", "They hold.", 0, 10),
    ]


def test_a_heading_that_is_a_link_is_its_words(written) -> None:
    document = written("a.md", "# [Knots](https://example.com/knots) and ropes #\n\nThey hold.")
    assert [section.citation for section in sections("a.md", document)] == ["a.md#knots-and-ropes"]


def test_a_long_table_of_markdown_is_cut_between_rows_and_keeps_its_header(written) -> None:
    table = "| Knot | Holds |\n| --- | --- |\n" + "\n".join(f"| Knot number {n} | {n} kilos |" for n in range(100))
    document = written("a.md", f"# Knots\n\nSome hold.\n\n{table}\n\nThat is all.")
    [(section, passages)] = passages_of("a.md", document)
    assert table in section.text and len(passages) > 3
    assert all("| Knot | Holds |\n| --- | --- |\n| Knot number" in p.text and len(p.text) <= 900 for p in passages[:-1])
    assert sum(p.text.count("kilos") for p in passages) == 100


def test_each_section_has_an_anchor_of_its_own(written) -> None:
    rows = [["a", "b"], ["1", "2"], [], ["c", "d"], ["3", "4"]]
    document = written("a.xlsx", xlsx({"One": rows, "one": rows}))
    anchors = [section.anchor for section in sections("a.xlsx", document)]
    assert len(anchors) == len(set(anchors)) == 4


def test_what_needs_the_extra_is_named_with_the_command(written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.search.extractors.kinds.find_spec", lambda name: None)
    with pytest.raises(Unreadable) as refused:
        written("a.pdf", pdf(MUSEUM))
    assert INSTALL in str(refused.value)
    assert written("a.docx", docx(paragraph("Words."))).text == "Words."


def test_a_file_of_an_older_kind_says_what_to_save_it_as(written) -> None:
    with pytest.raises(Unreadable, match="save it as DOCX"):
        written("a.doc", b"\xd0\xcf\x11\xe0")


def test_sources_of_each_kind_are_told_by_their_names() -> None:
    endings = [suffix for kind in KINDS.values() for suffix in kind.suffixes]
    assert all(readable(f"So it is. [tram-museum{ending}#p2]") == "So it is. (see: Tram museum)" for ending in endings)
