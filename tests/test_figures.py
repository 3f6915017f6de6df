"""A figure stands in a report where its quotes compare numbers of one unit, and nowhere else; each bar leads to its quote."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from support.source_files import xlsx

from groupchats.research import team
from switchboard.loop.drive import run_team
from switchboard.reports.comparing import figures_of, measured
from switchboard.reports.figures import to_svg
from switchboard.reports.markdown import to_markdown
from switchboard.reports.page import to_html
from switchboard.reports.report import Figure, Reference, Report

COOLERS = """\
| Cooler | Draws (W) | Weighs | Year |
| --- | --- | --- | --- |
| Chest | 45 | 31 kg | 2019 |
| Drawer | 70 | 12 kg | 2021 |
| Walk-in | 900 | 210 kg | 2018 |
"""


def quoted(*quotes: str) -> list[Reference]:
    return [Reference(number=n, citation="a.md#1", title="A", quote=quote) for n, quote in enumerate(quotes, 1)]


def drawn(question: str, *quotes: str, source: str = COOLERS) -> list[tuple[str, str, list[tuple[str, float, int]]]]:
    found = figures_of(question, quoted(*quotes), lambda _: source)
    return [(one.title, one.unit, [(bar.label, bar.value, bar.reference) for bar in one.bars]) for one in found]


UNITS = "kg t s ms h kWh EUR °C m² km/h % €/kWh GB MWh/a mm tonnes percent Tonnen USD"
CHEST, DRAWER, WALK_IN = (" ".join(line.split()) for line in COOLERS.splitlines()[2:])


def test_rows_of_a_table_are_compared_by_the_column_that_is_asked_for() -> None:
    bars = [("Chest", 45.0, 1), ("Walk-in", 900.0, 2)]
    assert drawn("Which cooler draws how much?", CHEST, WALK_IN) == [("Draws (W)", "W", bars)]
    assert drawn("What weighs each cooler?", CHEST, DRAWER) == [("Weighs", "kg", [("Chest", 31.0, 1), ("Drawer", 12.0, 2)])]


def test_a_figure_of_a_part_of_a_table_says_so() -> None:
    (part,) = figures_of("What do coolers weigh?", quoted(CHEST, DRAWER), lambda _: COOLERS)
    (whole,) = figures_of("What do coolers weigh?", quoted(CHEST, DRAWER, WALK_IN), lambda _: COOLERS)
    assert (part.note, whole.note) == ("2 of the 3 rows of this table", "")


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which cooler is the best?", (CHEST, DRAWER)),  # two columns, and neither is asked for
        ("In which year was each cooler built?", (CHEST, DRAWER)),
        ("What weighs a chest?", (CHEST,)),
    ],
)
def test_what_is_not_asked_for_or_stands_alone_is_not_drawn(question: str, rows: tuple[str, ...]) -> None:
    assert drawn(question, *rows) == []


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Weight", ("3 kg", "4 lb")),
        ("Weight", ("3 kg", "unknown")),
        ("Weight", ("3 kg", "2-4 kg")),
        ("Weight", ("1.250 kg", "900 kg")),  # can be read in two ways
        ("Weight (kg)", ("5", "5")),  # nothing to be seen
        ("Built", ("1998", "2004")),
        ("Version", ("1.2", "1.9")),
        ("Id", ("17", "24")),
        ("Cost", ("$7 million", "$450 thousand")),
        ("Cost", ("€7 m", "€9 m")),
        ("Weight", ("0,700 kg", "0,350 kg")),
    ],
)
def test_what_cannot_be_compared_is_not_drawn(head: str, cells: tuple[str, str]) -> None:
    source = f"| Raft | {head} |\n| --- | --- |\n| Ash | {cells[0]} |\n| Elm | {cells[1]} |"
    assert drawn(f"What {head} has each raft?", f"| Ash | {cells[0]} |", f"| Elm | {cells[1]} |", source=source) == []


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        *((f"Catch ({unit})", unit) for unit in UNITS.split()),
        ("Catch in tonnes", "tonnes"),
        ("Catch of fish(s)", ""),
        ("Catch in GB", "GB"),
        ("Catch [in kg]", "kg"),
        ("Catch (thousand tonnes)", "thousand tonnes"),
        ("Catch (Mio. EUR)", "Mio. EUR"),
        *(
            (f"Catch {told}", "")
            for told in ("in 2023", "(2023)", "in Europe", "(Q3)", "(North Sea)", "(a)", "(s)/day", "in May", "in total")
        ),
        *((f"Catch {told}", "") for told in ("(USA)", "in NATO", "(ISO 9001)", "(see Note)", "(average)", "[1]", "in it")),
    ],
)
def test_a_unit_in_a_heading_is_one(head: str, unit: str) -> None:
    source = f"| Boat | {head} |\n| --- | --- |\n| Ash | 12 |\n| Elm | 15 |"
    (found,) = drawn("What did each boat catch?", "| Ash | 12 |", "| Elm | 15 |", source=source)
    assert found[:2] == (head, unit)


def test_sentences_with_millions_are_compared_in_millions() -> None:
    quotes = ("The port of Ash takes 4 million tonnes a year.", "The port of Elm takes 9 million tonnes a year.")
    (found,) = drawn("How much?", *quotes, source="")
    assert found[1:] == ("million tonnes", [("Ash", 4.0, 1), ("Elm", 9.0, 2)])


def test_sentences_that_differ_in_what_they_are_about_are_compared() -> None:
    quotes = (
        "The kiln by the river reaches 900 degrees.",
        "The old kiln in the yard is red.",
        "The kiln by the mill reaches 1,100 degrees.",
    )
    (found,) = drawn("How hot?", *quotes)
    assert found[1:] == ("degrees", [("river", 900.0, 1), ("mill", 1100.0, 3)])
    assert found[0] == "The kiln by the … reaches … degrees"


@pytest.mark.parametrize(
    "quotes",
    [
        ("The red boat carries 40 people.", "The blue boat carries 40 boxes of fish."),
        ("The red boat carries 40 people.", "The blue boat sank after 3 hours at sea."),
        ("The red boat carries 40 people.", "The blue boat carries 10 to 20 people."),
        ("The red boat was built in 1931.", "The blue boat was built in 1987."),
        ("Section 4 of the red book says so.", "Section 9 of the blue book says so."),
        ("The red boat costs €40.", "The blue boat costs $30."),
        ("The red boat carries 40 people.",),
        ("The red boat cost $4 million to build.", "The blue boat cost $9 million to build."),
        ("The pier takes 4 million tonnes of freight.", "The pier takes 9 million crates of freight."),
        ("The red boat holds 0,900 kg of fish.", "The blue boat holds 0,700 kg of fish."),
    ],
)
def test_sentences_that_say_something_else_or_in_other_units_are_not(quotes: tuple[str, ...]) -> None:
    assert drawn("How many?", *quotes, source="") == []


def test_numbers_are_read_as_they_are_written() -> None:
    read = {
        text: found[:2] if (found := measured(text)) else None
        for text in ("12,500 EUR", "€3.50", "-4 °C", "0.125", "7 %", "x86", "5 h 3")
    }
    assert read == {
        "12,500 EUR": (12500.0, "EUR"),
        "€3.50": (3.5, "€"),
        "-4 °C": (-4.0, "°C"),
        "0.125": (0.125, ""),
        "7 %": (7.0, "%"),
        "x86": None,
        "5 h 3": None,
    }


@pytest.fixture
def report(tmp_path: Path) -> Report:
    fares = [["Harbour", "Toll in crowns"], ["Ullsholm", 480.0], ["Varnes", 260.0], ["Ey", 75.0]]
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "tolls.xlsx").write_bytes(xlsx({"Tolls": fares}))
    ran = run_team(
        team, "What is the toll in each harbour?", engine=create_engine(f"sqlite:///{tmp_path}/rows.db"), folder=folder
    )
    (made,) = [line.result for line in ran.run.transcript if line.kind == "result" and line.tool == "make_report"]
    return Report.model_validate(made["report"])


def test_a_report_on_a_sheet_has_its_figure_in_each_form(report: Report) -> None:
    (figure,) = report.figures
    quotes = {one.number: one.quote for one in report.references}
    assert {bar.label for bar in figure.bars} == {"Ullsholm", "Varnes", "Ey"}
    assert all(f"| {bar.label} | {bar.written} |" == quotes[bar.reference] for bar in figure.bars)
    assert "| Ullsholm | 480 crowns" in to_markdown(report)
    assert len(report.answer) == 3 and to_markdown(report).splitlines()[2].startswith("- Harbour: ")
    page = to_html(report)
    for bar in figure.bars:
        told = f'aria-label="{bar.label}: {bar.written} crowns, reference {bar.reference}"'
        assert f'<a href="#r{bar.reference}" {told}>' in page and f'id="r{bar.reference}"' in page


def test_a_bar_is_as_long_as_its_number() -> None:
    (figure,) = figures_of("What do coolers draw?", quoted(CHEST, WALK_IN), lambda _: COOLERS)
    chest, walk_in = (float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)%"', to_svg(figure)))
    assert (chest, walk_in) == (5.0, 100.0)
    below = Figure.model_validate({"title": "t", "bars": [{"label": x, "value": x, "reference": 1} for x in ("-1", "3")]})
    assert re.findall(r'<rect x="([\d.]+)%"[^>]*width="([\d.]+)%"', to_svg(below)) == [("0.00", "25.00"), ("25.00", "75.00")]
