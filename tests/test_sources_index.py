"""The index of a folder that is kept between runs: what it reads again, what it finds once, and what it says of itself."""

import gc
import os
import sqlite3
from pathlib import Path

import pytest
from support.source_files import pdf

from switchboard.errors import OperatorError
from switchboard.search import folder as folders
from switchboard.search.apart import Apart
from switchboard.search.copies import are_alike, sketch
from switchboard.search.index import Index, index_of

LICENCE = " ".join(f"Whoever bakes bread number {n} may give it away, sell it or eat it with friends." for n in range(30))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "bread.md").write_text("# Bread\n\nBread needs yeast.")
    (folder / "cake.txt").write_text("Cake\n\nCake needs sugar.")
    (folder / "pie.pdf").write_bytes(pdf([[("Pie needs apples.", 11, 700)]]))
    return folder


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    real = Apart.read
    monkeypatch.setattr(Apart, "read", lambda self, kind, name, content: names.append(name) or real(self, kind, name, content))
    return names


def kept(sources: Path) -> Index:
    return Index(sources, sources.parent / "cache")


def test_a_second_run_reads_only_what_changed(sources: Path, reading: list[str]) -> None:
    kept(sources)
    assert sorted(reading) == ["bread.md", "cake.txt", "pie.pdf"]
    reading.clear()
    assert kept(sources).search("apples")[0].citation == "pie.pdf#p1"
    os.utime(sources / "pie.pdf")
    kept(sources)
    assert reading == []
    (sources / "cake.txt").write_text("Cake\n\nCake needs butter.")
    (sources / "tart.md").write_text("# Tart\n\nA tart needs plums.")
    (sources / "bread.md").unlink()
    index = kept(sources)
    assert sorted(reading) == ["cake.txt", "tart.md"]
    assert index.search("butter") and index.search("plums") and not index.search("sugar") and not index.search("yeast")
    assert index.resolve("bread.md#bread") is None and index.coverage.documents == 3


def test_what_is_kept_gives_the_same_as_what_is_made_anew(sources: Path) -> None:
    kept(sources)
    old, new = kept(sources), Index(sources)
    assert old.sections == new.sections and old.texts == new.texts and old.coverage == new.coverage
    assert old.search("what does pie need") == new.search("what does pie need")


def test_a_run_that_is_stopped_keeps_what_it_has_read(sources: Path, reading: list[str]) -> None:
    def stop(done: int, of: int, name: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Index(sources, sources.parent / "cache", stop)
    assert len(reading) == 2
    assert kept(sources).coverage.documents == 3 and len(reading) == 3


def test_progress_tells_how_many_are_done_of_how_many(sources: Path) -> None:
    told: list[tuple[int, int, str]] = []
    Index(sources, progress=lambda *now: told.append(now))
    assert told == [(0, 3, "bread.md"), (1, 3, "cake.txt"), (2, 3, "pie.pdf"), (3, 3, "")]


@pytest.mark.slow
@pytest.mark.parametrize("broken", [b"no database at all, but words" * 100, b""])
def test_a_broken_cache_is_made_anew(sources: Path, broken: bytes) -> None:
    kept(sources)
    gc.collect()  # the file is closed
    [path] = (sources.parent / "cache").glob("*.sqlite")
    path.write_bytes(broken)
    assert kept(sources).search("apples")


def test_a_cache_of_another_format_is_made_anew(sources: Path) -> None:
    kept(sources)
    [path] = (sources.parent / "cache").glob("*.sqlite")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE passage SET text = 'old'")
        database.execute("PRAGMA user_version = 999")
    assert kept(sources).search("apples")


def test_a_cache_that_cannot_be_written_is_the_operators_to_mend(sources: Path) -> None:
    (sources.parent / "cache").write_text("a file")
    with pytest.raises(OperatorError, match="cannot be kept in"):
        kept(sources)


def test_two_can_read_one_cache_at_a_time(sources: Path) -> None:
    first = kept(sources)
    (sources / "tart.md").write_text("# Tart\n\nA tart needs plums.")
    assert kept(sources).search("plums") and first.search("apples")


def test_copies_are_found_once_and_named(sources: Path) -> None:
    (sources / "a.txt").write_text(LICENCE)
    (sources / "b.md").write_text(LICENCE)
    (sources / "c.md").write_text("# Licence\n\n" + LICENCE.replace("with friends", "with  friends\n"))
    index = kept(sources)
    assert index.coverage.copies == {"b.md": "a.txt", "c.md": "a.txt"}
    assert {p.source for p in index.search("bakes bread give it away", 20)} == {"a.txt", "bread.md"}
    (sources / "a.txt").unlink()
    assert kept(sources).coverage.copies == {"c.md": "b.md"}


def test_texts_that_differ_in_a_number_are_no_copies() -> None:
    assert are_alike(sketch(LICENCE), sketch(LICENCE.replace("bakes", "makes", 1)))
    assert not are_alike(sketch(LICENCE), sketch(LICENCE.replace("number 3 ", "number 77 ")))
    assert not are_alike(sketch("too short"), sketch("too short"))


def test_the_same_words_are_found_once(sources: Path) -> None:
    for n in range(4):
        (sources / f"{n}.md").write_text(f"# Notice\n\nKeep the oven closed.\n\n## Day {n}\n\nLoaf {n} was burnt.")
    found = Index(sources).search("keep the oven closed", 5)
    assert sum("Keep the oven closed." in p.text for p in found) == 1


def test_files_of_other_kinds_are_counted(sources: Path) -> None:
    (sources / "photo.JPG").write_bytes(b"x")
    (sources / "song.mp3").write_bytes(b"x")
    (sources / "old.doc").write_bytes(b"x")
    coverage = Index(sources).coverage
    assert coverage.others == {".jpg": 1, ".mp3": 1} and "DOCX" in coverage.skipped["old.doc"]


def test_a_folder_of_more_files_than_are_read_says_so(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_FILES", 2)
    coverage = Index(sources).coverage
    assert coverage.documents == 2 and coverage.note.startswith("The folder holds 3 documents. Only the first 2 ")
    monkeypatch.setattr(folders, "MOST_SEEN", 1)
    assert "more than 1 files" in Index(sources).coverage.note


def test_an_index_in_a_cache_is_kept_in_memory_too(sources: Path) -> None:
    cache = sources.parent / "cache"
    assert index_of(sources, cache) is index_of(sources, cache) is not index_of(sources)


@pytest.mark.slow
def test_a_thousand_documents_are_read_once(sources: Path, reading: list[str]) -> None:
    for n in range(1000):
        (sources / f"{n}.md").write_text(f"# Loaf {n}\n\n" + f"Loaf {n} took {n + 7} minutes. " * 40)
    assert kept(sources).search("how long did loaf 567 take")[0].source == "567.md"
    reading.clear()
    assert kept(sources).coverage.documents == 1003 and reading == []


@pytest.mark.slow
def test_a_hundred_thousand_files_are_bounded_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_FILES", 500)
    for n in range(100_000):
        (tmp_path / f"{n:06}.txt").touch()
    (tmp_path / "000000.txt").write_text("Words.")
    coverage = Index(tmp_path).coverage
    assert "100,000 documents" in coverage.note and len(coverage.skipped) == 499


OATS, RYE = "# Oats\n\nOats were weighed at 61 sacks in Fjellby.\n", "# Rye\n\nRye was weighed at 18 sacks in Nordby.\n"


@pytest.mark.parametrize(
    ("old", "new"), [("ledger.md", "ledger-old.md"), ("ledger.md", "zz.md"), ("m.md", "a.md"), ("a.md", "m.md")]
)
@pytest.mark.parametrize("moved", [True, False])
@pytest.mark.parametrize("text", [OATS, LICENCE])
def test_a_text_under_a_new_name_is_found_whatever_is_written_under_its_old_one(
    sources: Path, old: str, new: str, moved: bool, text: str
) -> None:
    (sources / old).write_text(text)
    kept(sources)
    if moved:
        (sources / old).rename(sources / new)
    else:
        (sources / new).write_text(text.replace("\n", "\n\n"))
    (sources / old).write_text(RYE)
    for index in (kept(sources), kept(sources)):
        query = "Oats weighed Fjellby" if text == OATS else "bakes bread number 7"
        assert index.search(query)[0].source == new
        assert index.search("Rye weighed Nordby")[0].source == old and index.coverage.copies == {}


def test_texts_that_change_places_are_both_found(sources: Path) -> None:
    (sources / "a.md").write_text(OATS)
    (sources / "b.md").write_text(RYE)
    kept(sources)
    (sources / "a.md").write_text(RYE)
    (sources / "b.md").write_text(OATS)
    index = kept(sources)
    assert (index.search("Oats weighed")[0].source, index.search("Rye weighed")[0].source) == ("b.md", "a.md")
    assert index.coverage.copies == {}


@pytest.mark.parametrize("text", [OATS, LICENCE])
def test_a_file_that_is_touched_and_copied_stays_what_the_copy_is_a_copy_of(
    sources: Path, text: str, reading: list[str]
) -> None:
    (sources / "m.md").write_text(text)
    kept(sources)
    reading.clear()
    os.utime(sources / "m.md", (1, 1))
    (sources / "a.md").write_text(text)
    assert kept(sources).coverage.copies == {"a.md": "m.md"} and reading == []


@pytest.mark.parametrize("other", ["c.md", "z.md"])
@pytest.mark.parametrize("text", [OATS, LICENCE])
def test_of_two_that_have_come_to_say_the_same_one_is_a_copy(sources: Path, text: str, other: str) -> None:
    (sources / "m.md").write_text(text)
    (sources / other).write_text(RYE)
    kept(sources)
    os.utime(sources / "m.md", (1, 1))
    (sources / other).write_text(text)
    assert len(kept(sources).coverage.copies) == 1 and len(kept(sources).coverage.copies) == 1


def test_what_is_gone_is_no_longer_named(sources: Path) -> None:
    (sources / "dead.md").symlink_to("nowhere.md")
    (sources / "barn").mkdir()
    (sources / "barn" / "oats.md").write_text(OATS)
    assert list(kept(sources).skipped) == ["dead.md"]
    (sources / "dead.md").unlink()
    (sources / "barn").rename(sources.parent / "elsewhere")
    (sources / "barn").symlink_to(sources.parent / "elsewhere")
    index = kept(sources)
    assert list(index.skipped) == ["barn"] and not index.search("Fjellby") and index.resolve("barn/oats.md#oats") is None
