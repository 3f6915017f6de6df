"""A report opens with its answer, each sentence leads to a quote that stands in its source, and is text wherever it is seen."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from switchboard.reports.making import Draft, Finding, made
from switchboard.reports.markdown import to_markdown
from switchboard.reports.page import to_html
from switchboard.reports.report import Bar, Figure, Reference, Report, Searched, Section, Skipped, Statement, checked
from switchboard.search.extractors.document import Place
from switchboard.search.index import Coverage
from switchboard.search.passages import Passage

SOURCES = {
    "kilns.md#firing": "A bisque firing takes ten hours.\nThe glaze firing takes eight.",
    "clay.pdf#p3": "Stoneware matures at 1,240 degrees.",
}
BISQUE = "A bisque firing takes ten hours."
REPORT = Report(
    question="How long does a firing take?",
    answer=(Statement(text="A bisque firing takes ten hours.", references=(1,)),),
    sections=(
        Section(heading="Times", statements=(Statement(text="The glaze firing takes eight.", references=(2,)),)),
        Section(heading="Heat", statements=(Statement(text="Stoneware matures at 1,240 degrees.", references=(3,)),)),
    ),
    figures=(
        Figure(
            title="Hours", unit="h", bars=(Bar(label="bisque", value=10, reference=1), Bar(label="glaze", value=8, reference=2))
        ),
    ),
    references=(
        Reference(number=1, citation="kilns.md#firing", title="Kilns", place="line 1", quote=BISQUE),
        Reference(number=2, citation="kilns.md#firing", title="Kilns", place="line 2", quote="The glaze firing takes eight."),
        Reference(number=3, citation="clay.pdf#p3", title="Clay", place="page 3", quote="Stoneware matures at 1,240 degrees."),
    ),
    searched=(Searched(query="bisque firing", passages=4), Searched(query="raku", passages=0)),
    not_found=("raku",),
    skipped=(Skipped(name="old.pdf", why="it is encrypted"),),
    documents=2,
)


def test_the_answer_comes_first_and_each_sentence_leads_to_its_quote() -> None:
    text = to_markdown(REPORT)
    lines = text.splitlines()
    assert lines[:3] == ["# How long does a firing take?", "", "A bisque firing takes ten hours. [1]"]
    assert "3. Clay, clay.pdf, page 3: “Stoneware matures at 1,240 degrees.” (clay.pdf#p3)" in lines
    assert "Nothing was found on: raku." in lines
    assert "- old.pdf: it is encrypted" in lines


def test_a_sentence_whose_quote_stands_nowhere_is_left_out() -> None:
    wrong = REPORT.references[1].model_copy(update={"quote": "The glaze firing takes seven."})
    gone = REPORT.references[2].model_copy(update={"citation": "clay.pdf#p9"})
    found = checked(REPORT.model_copy(update={"references": (REPORT.references[0], wrong, gone)}), SOURCES.get)
    assert found.left_out == ["The glaze firing takes eight.", "Stoneware matures at 1,240 degrees."]
    assert [one.number for one in found.report.references] == [1]
    assert (found.report.sections, found.report.figures) == ((), ())  # a bar of the figure stood in what is left out
    assert checked(REPORT, SOURCES.get) == (REPORT, [])


def test_references_are_numbered_anew_where_one_is_left_out() -> None:
    first = REPORT.references[0].model_copy(update={"quote": "Nobody says this."})
    report = checked(REPORT.model_copy(update={"references": (first, *REPORT.references[1:])}), SOURCES.get).report
    assert [one.references for one in report.statements] == [(1,), (2,)]
    assert (report.found, report.figures) == (False, ())
    assert "Not found in these sources" in to_markdown(report) and "Not found in these sources" in to_html(report)


def test_a_sentence_that_is_marked_stays_and_says_so() -> None:
    marked = Statement(text="It is said to be beautiful.", supported=False)
    report = REPORT.model_copy(update={"sections": (Section(heading="Looks", statements=(marked,)),)})
    assert "It is said to be beautiful. (no source found)" in to_markdown(checked(report, SOURCES.get).report)


class Page(HTMLParser):
    """What a browser would make of it: the tags, the anchors, the links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.marks: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        facts = dict(attrs)
        self.marks |= {str(facts["id"])} if "id" in facts else set()
        self.links |= {str(facts["href"])} if "href" in facts else set()
        assert not any(name.startswith("on") or name == "src" for name in facts)


def test_the_page_needs_nothing_from_elsewhere_and_its_links_lead_somewhere() -> None:
    page = Page(to_html(REPORT))
    assert {"script", "link", "img", "iframe"} & set(page.tags) == set()
    assert page.links == {link for link in page.links if link[1:] in page.marks and link.startswith("#")}
    assert {"#r1", "#r2", "#r3", "#references", "#searched", "#s1", "#f1"} <= page.links
    assert page.tags.count("rect") == 2


HOSTILE = st.text(min_size=1, max_size=60) | st.sampled_from(
    (
        "<script>alert(1)</script>",
        "](javascript:alert(1))",
        "![x](http://x)",
        "# Heading",
        "- [ ] item",
        "</style><img src=x>",
        "[9]",
    )
)


@given(HOSTILE)
def test_what_a_source_says_becomes_no_markup(text: str) -> None:
    shown = text if text.strip() else "x"
    report = Report(
        question=shown,
        answer=(Statement(text=shown, references=(1,)),),
        sections=(Section(heading=shown, statements=(Statement(text=shown, references=(1,)),)),),
        references=(Reference(number=1, citation=f"{shown}#1", title=shown, place=shown, quote=shown),),
        searched=(Searched(query=shown, passages=1),),
        skipped=(Skipped(name=shown, why=shown),),
    )
    plain, page = Page(to_html(REPORT)), Page(to_html(report))
    assert set(page.tags) <= set(plain.tags) and page.links <= plain.links | {"#s1"}
    lines = to_markdown(report).splitlines()
    assert sum(line.startswith("#") for line in lines) == 4
    assert not re.search(r"(?<!\\)(?:\\\\)*\]\(", "\n".join(lines))


def test_numbers_below_zero_and_a_single_one_are_drawn_and_refused() -> None:
    below = Figure(title="Change", unit="%", bars=(Bar(label="a", value=-5, reference=1), Bar(label="b", value=5, reference=1)))
    assert to_html(REPORT.model_copy(update={"figures": (below,)})).count("<rect") == 2
    for values in ((1.0,), (1.0, float("inf"))):
        with pytest.raises(ValidationError):
            Figure(title="Change", bars=tuple(Bar(label="a", value=value, reference=1) for value in values))


class Held:
    """Sources of some sections, by their citations."""

    coverage = Coverage(1, 1, {}, {}, {})

    def __init__(self, **texts: str) -> None:
        self.texts = {f"{name}.md#a": text for name, text in texts.items()}

    def resolve(self, citation: str) -> Passage | None:
        source, _, anchor = citation.partition("#")
        return Passage(source, "Title", "Heading", anchor, self.texts[citation]) if citation in self.texts else None

    def locate(self, citation: str, quote: str) -> Place | None:
        return None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Dogs may not swim in the lake of Fjellby.", "Dogs may swim in the lake of Fjellby."),
        ("Dogs may swim in the lake of Fjellby.", "Dogs may not swim in the lake of Fjellby."),
        ("Dogs may swim in the lake of Fjellby.", "Dogs can't swim in the lake of Fjellby."),
        ("Dogs swim in the lake of Fjellby.", "No Dogs swim in the lake of Fjellby."),
        ("the lake of Fjellby is open to dogs", "It is never true that the lake of Fjellby is open to dogs."),
        ("The lake of Fjellby is open to dogs", "Walk on. The lake of Fjellby is open to dogs without a fence by nobody."),
        ("Hunde baden im See von Fjellby.", "Hunde baden nicht im See von Fjellby."),
    ],
)
def test_a_sentence_and_its_opposite_do_not_bear_each_other_out(text: str, source: str) -> None:
    draft = Draft(question="q", answer=(Finding(text=text, citations=("lake.md#a",)),))
    found = made(draft, Held(lake=source))
    assert (found.found, found.left_out) == (False, (text,))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Dogs may not swim in the lake.", "In summer dogs are never let to swim in the lake. They may walk."),
        ("Dogs may swim in the lake. They swim well.", "No boats. Dogs may swim in the lake. They swim well. Cats do not."),
        ("Dogs swim in the lake in May.", "It is cold. Dogs swim in the lake in May, and in June. Cats do not swim."),
    ],
)
def test_a_sentence_that_denies_what_its_source_denies_stands(text: str, source: str) -> None:
    draft = Draft(question="q", answer=(Finding(text=text, citations=("lake.md#a", "sea.md#a")),))
    found = made(draft, Held(lake=source, sea="Dogs swim and do not swim in the lake in May."))
    assert found.found and found.report.references[0].quote in source


@pytest.mark.parametrize("line", ["| Valley {} | {}7 |\n", "Valley number {} gave {}7 sacks of oats in the autumn.\n\n"])
def test_a_long_section_is_compared_in_proportion(line: str) -> None:
    def seconds(lines: int) -> float:
        source = "| Name | Sacks |\n| --- | --- |\n" + "".join(line.format(n, n) for n in range(lines))
        begun = time.process_time()
        made(Draft(question="q", answer=(Finding(text="Oats of Valley 3 came.", citations=("a.md#a",)),)), Held(a=source))
        return time.process_time() - begun

    seconds(100)
    assert seconds(4_000) < 8 * seconds(1_000) + 0.1
