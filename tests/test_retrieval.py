"""The full-text index: what it finds, what it cites, and what it never reads."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.errors import OperatorError, ToolError
from switchboard.search.folder import cited_as
from switchboard.search.index import Index, index_of
from switchboard.search.passages import split_text
from switchboard.search.sections import sections_of
from switchboard.search.words import MOST_TERMS, terms

KETTLE = """# Kettle

A kettle boils water.

## Limescale

Limescale is removed with descaler. Leave it for 30 minutes.

```
# not a heading
```

## Care

Dry it with a cloth.

## Care

Never put it under water.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kettle.md").write_text(KETTLE)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "toaster.txt").write_text("Toaster\n\nCrumbs collect in the tray. Empty the Wi-Fi toaster weekly.")
    return tmp_path


def test_a_natural_question_finds_the_section_that_answers_it(folder: Path) -> None:
    best = Index(folder).search("How can I get the limescale out of my kettle, please?")[0]
    assert (best.citation, best.title, best.heading) == ("kettle.md#limescale", "Kettle", "Limescale")
    assert "descaler" in best.text and best.score == 1.0


def test_words_are_found_in_their_other_forms_and_spellings(folder: Path) -> None:
    assert Index(folder).search("emptying")[0].source == "parts/toaster.txt"
    assert Index(folder).search("wifi")[0].citation == "parts/toaster.txt#part-1"


def test_the_score_says_how_much_of_the_question_was_found(folder: Path) -> None:
    weak = Index(folder).search("submarine periscope kettle")[0]
    assert 0 < weak.score < 0.5


@pytest.mark.parametrize("query", ["", "   ", "the of and", "🫖", '"', "*", "zzzz", "\ud800", "\0"])
def test_a_query_without_a_known_word_finds_nothing(folder: Path, query: str) -> None:
    assert Index(folder).search(query) == []


@pytest.mark.parametrize(
    "query", ['kettle" OR "', "NEAR(kettle water)", "heading:kettle", "kettle*", "kettle AND NOT", "^kettle -"]
)
def test_operators_of_the_search_engine_are_only_words(folder: Path, query: str) -> None:
    assert Index(folder).search(query)[0].source == "kettle.md"


@settings(deadline=None)
@given(st.text() | st.text(alphabet="\"'*^:()-+ ANDORNOTnear{}kettle", max_size=60))
def test_no_query_breaks_the_index(query: str) -> None:
    index = index_of(Path(__file__).parents[1] / "tools" / "sources")
    assert all(0 < p.score <= 1 for p in index.search(query, 3))
    assert index.resolve(query) is None
    assert len(terms(query)) <= MOST_TERMS


@settings(deadline=None)
@given(st.text(alphabet="ab .!?\n#`-|é🫖", max_size=400))
def test_any_text_is_cut_without_losing_words(text: str) -> None:
    assert all(0 < len(piece) <= 20 for piece in split_text(text, 20))
    assert "".join("".join(split_text(text, 20)).split()) == "".join(text.split())
    citations = [section.citation for section in sections_of("a.md", text)]
    assert len(citations) == len(set(citations))


def test_headings_in_code_are_text_and_equal_headings_get_anchors_of_their_own(folder: Path) -> None:
    index = Index(folder)
    anchors = [s.anchor for s in index.sections.values() if s.source == "kettle.md"]
    assert anchors == ["kettle", "limescale", "care", "care-1"]


def test_a_citation_resolves_to_its_whole_section(folder: Path) -> None:
    (folder / "long.md").write_text("# Long\n\n" + "\n\n".join(f"Paragraph {n} " + "word " * 80 for n in range(9)))
    index = Index(folder)
    found = index.search("paragraph", 20)
    assert len(found) > 1 and all(len(p.text) <= 900 for p in found)
    section = index.resolve("[long.md#long]")
    assert section is not None and "Paragraph 0" in section.text and "Paragraph 8" in section.text
    assert index.resolve("long.md") is None and index.resolve("long.md#other") is None


def test_only_files_below_the_folder_can_be_read(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("secret")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop.txt").symlink_to("loop.txt")
    index = Index(folder)
    assert "outside" in index.skipped["link.txt"]
    assert "not a regular file" in index.skipped["loop.txt"]
    for name in ("link.txt", f"../{outside.parent.name}/secret.txt", str(outside), "..", "", "kettle.md/../link.txt"):
        with pytest.raises(ToolError, match=r"The documents are: kettle\.md, parts/toaster\.txt"):
            index.document(name)
    assert index.document("kettle.md") == index.document("[kettle.md#care]") == KETTLE


def test_files_that_hold_no_usable_text_are_skipped_and_listed(folder: Path) -> None:
    (folder / "huge.txt").write_bytes(b"a" * 10_000_001)
    (folder / "binary.md").write_bytes(b"\0\1\2")
    (folder / "latin.txt").write_bytes("café".encode("latin-1"))
    (folder / "odd#name.md").write_text("text")
    (folder / "picture.png").write_bytes(b"png")
    index = Index(folder)
    assert sorted(index.skipped) == ["binary.md", "huge.txt"]
    assert sorted(index.texts) == ["kettle.md", "latin.txt", cited_as("odd#name.md"), "parts/toaster.txt"]
    assert index.coverage.others == {".png": 1}


def test_a_folder_without_text_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"Put documents there, or name another folder"):
        Index(tmp_path)
    with pytest.raises(OperatorError, match=r"There is no folder .*nowhere"):
        index_of(tmp_path / "nowhere")


def test_an_index_is_kept_until_a_file_changes(folder: Path) -> None:
    first = index_of(folder)
    assert index_of(folder) is first
    (folder / "new.md").write_text("# Blender\n\nA blender blends.")
    assert index_of(folder).search("blender")[0].source == "new.md"
