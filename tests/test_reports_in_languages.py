"""A report is in the language of its question, where that surely is one that is spoken here; its quotes stay as they are."""

import json
from pathlib import Path

import pytest
from support.commands import said, switchboard

from switchboard.reading.languages import languages
from switchboard.reports.markdown import to_markdown
from switchboard.reports.page import to_html
from switchboard.reports.report import Bar, Computed, Figure, Reference, Report, Searched, Section, Skipped, Statement
from switchboard.reports.words.language import language_of_question

QUESTIONS = (
    ("de", "Was kostet eine Wallbox?"),
    ("de", "Wie lange hält ein Akku?"),
    ("de", "Erkläre die Regeln für Balkonkraftwerke"),
    ("fr", "Combien de temps dure la garantie ?"),
    ("fr", "Que couvre l'assurance d'un vélo ?"),
    ("es", "¿Cuánto cuesta un seguro?"),
    ("es", "¿Qué cubre la póliza?"),
    ("en", "What was die casting used for?"),
    ("en", "Which batteries last longest?"),
    ("en", "What does the phrase 'pour la vie' mean?"),
)
UNSURE = ("Akku Garantie", "licence MIT", "Quanto costa una batteria?", "Wat kost een batterij?", "电池多少钱", "", "?")
QUOTE = "The battery lasts ten years."
STATEMENT = Statement(text=QUOTE, references=(1,))
BARS = (Bar(label="Oak", value=1.0, reference=1), Bar(label="Elm", value=2.0, reference=1))


def report(language: str) -> Report:
    """One with all that a report can have."""
    return Report(
        question="?",
        language=language,
        answer=(STATEMENT, Statement(text="So it is.", supported=False)),
        disagreements=((STATEMENT, STATEMENT),),
        sections=(Section(heading="H", statements=(STATEMENT,)),),
        computed=(Computed(text="7", files=("a.svg",)),),
        figures=(Figure(title="T", bars=BARS),),
        references=(Reference(number=1, citation="a.pdf#p3", title="A", place="page 3", quote=QUOTE, url="u", fetched="2026"),),
        searched=tuple(Searched(query="q", passages=n, where=place) for n in (0, 1, 2) for place in ("", "the web")),
        not_found=("elms",),
        skipped=(Skipped(name="b.pdf", why="it is locked"),),
        documents=2,
        by_extraction=True,
    )


@pytest.mark.parametrize(("language", "question"), QUESTIONS)
def test_a_question_that_surely_is_in_a_language_is_answered_in_it(language: str, question: str) -> None:
    assert {language_of_question(question, ours) for ours in ("en", "de", "fr", "es")} == {language}


@pytest.mark.parametrize("question", UNSURE)
def test_a_question_in_no_sure_language_is_answered_in_that_of_the_project(question: str) -> None:
    assert [language_of_question(question, ours) for ours in ("en", "fr")] == ["en", "fr"]


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_no_heading_or_sentence_of_a_report_is_in_another_language(language: str) -> None:
    english, own = languages()["en"].says, languages()[language].says
    written, page = to_markdown(report(language)), to_html(report(language))
    for text in (written, page.partition("<body>")[2]):
        for name in (name for name in english if name.startswith("report.") and english[name] != own[name]):
            words = english[name].partition("{")[0].strip() or english[name].partition("}")[2].strip()
            assert f" {words}" not in text and f">{words}" not in text, name
        assert QUOTE in text and own["report.searched"] in text and own["report.references"] in text
    assert f'<html lang="{language}">' in page
    assert own["report.nothing"] in to_markdown(Report(question="?", language=language))


@pytest.mark.slow
def test_a_german_question_gets_a_german_report_with_the_quotes_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "akku.md").write_text("# Akku\n\nDer Akku hält bei guter Pflege zehn Jahre.\n", "utf-8")
    asked = ("--sources", "shelf", "--out")
    done = switchboard(tmp_path, "research", "Wie lange hält ein Akku?", *asked, "a.md")
    assert done.returncode == 0, said(done)
    text = (tmp_path / "a.md").read_text("utf-8")
    assert (
        "Der Akku hält bei guter Pflege zehn Jahre. [1]" in text and "## Quellen" in text and "## Was durchsucht wurde" in text
    )
    assert "Kein Sprachmodell" not in text and "Diesen Bericht hat kein Sprachmodell geschrieben" in text
    both = "Wie lange hält ein Akku und wie lange hält ein Kühlschrank?"
    switchboard(tmp_path, "research", both, *asked, "c.md")
    assert "Nichts gefunden wurde zu: wie lange hält ein Kühlschrank." in (tmp_path / "c.md").read_text("utf-8")
    switchboard(tmp_path, "research", "Wie lange hält ein Kühlschrank?", *asked, "b.json")
    found = json.loads((tmp_path / "b.json").read_text("utf-8"))
    assert (found["language"], found["answer"]) == ("de", [])
