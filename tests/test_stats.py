"""How cases went, in figures: the same on SQLite and on Postgres, as a table, as data and as a page."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine
from support.commands import document, said, switchboard
from support.many_cases import fill
from support.postgres import running_server, with_driver

from switchboard.cases.statistics.figures import Figures, Percentiles, Stats
from switchboard.cases.statistics.queries import stats_of
from switchboard.database import open_engine, sqlite_url
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.service.watching.page import to_html
from switchboard.service.watching.stats import since_when

CASES = 120


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    with running_server() as fresh:
        urls = {"sqlite": sqlite_url(tmp_path_factory.mktemp("rows") / "cases.db"), "postgres": with_driver(fresh())}
        found = {kind: open_engine(url) for kind, url in urls.items()}
        for engine in found.values():
            migrate_cases(engine)
            fill(engine, CASES)
        yield found
        for engine in found.values():
            engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_cases_are_counted_by_how_they_ended_and_who_had_them(engines: dict[str, Engine], kind: str) -> None:
    found = stats_of(engines[kind])
    assert found.all.ends == {"resolved": 72, "escalated": 24, "awaiting_customer": 24}
    assert (found.all.cases, found.all.over, found.all.escalated, found.all.deflected) == (CASES, 96, 24, 72)
    assert found.all.deflection == 0.75
    departments = {one.name: one for one in found.groups["department"]}
    assert list(departments) == ["hire", "repairs", "sales"] and sum(one.cases for one in departments.values()) == CASES
    days = found.groups["day"]
    assert len(days) == 20 and days[0].name == "2026-03-02" and sum(one.cases for one in days) == CASES


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_money_is_known_only_where_every_price_is(engines: dict[str, Engine], kind: str) -> None:
    found = stats_of(engines[kind])
    calls = sum(n % 4 for n in range(CASES))
    assert found.all.model_calls == calls and found.all.tokens == 130 * calls
    assert found.all.cost_usd is None and found.all.unpriced == len([n for n in range(CASES) if n % 7 == 0 and n % 4])
    assert found.all.known_usd == pytest.approx(0.01 * sum(n % 4 for n in range(CASES) if n % 7))
    agents = found.groups["agent"]
    assert sum(one.model_calls for one in agents) == calls and all(one.cost_usd is None for one in agents)
    assert sum(one.known_usd for one in agents) == pytest.approx(found.all.known_usd)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_models_are_counted_by_their_calls(engines: dict[str, Engine], kind: str) -> None:
    found = stats_of(engines[kind], by=("model",))
    [model] = found.groups["model"]
    asked = [n for n in range(CASES) if n % 4]
    assert (model.name, model.cases, model.model_calls) == ("little", len(asked), found.all.model_calls)
    assert model.escalated == len([n for n in asked if n % 5 == 2]) and model.model_call == found.all.model_call
    assert (model.tokens, model.known_usd) == (found.all.tokens, pytest.approx(found.all.known_usd))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_latencies_are_told_by_nearest_rank(engines: dict[str, Engine], kind: str) -> None:
    found = stats_of(engines[kind]).all
    seconds = sorted((n % 100) / 100 for n in range(CASES) for _ in range(n % 4))
    assert found.model_call.p50 == pytest.approx(seconds[-(-len(seconds) * 50 // 100) - 1])
    assert found.model_call.p95 == pytest.approx(seconds[-(-len(seconds) * 95 // 100) - 1])
    firsts = sorted((5 + n % 4) * (1 + n % 10) for n in range(CASES))
    assert found.first_answer.p50 == pytest.approx(firsts[59], abs=0.01)
    assert found.first_answer.p95 == pytest.approx(firsts[113], abs=0.01)


def test_sqlite_and_postgres_count_alike(engines: dict[str, Engine]) -> None:
    since = datetime(2026, 3, 10, tzinfo=UTC)
    one, other = (rounded(stats_of(engines[kind], since)) for kind in ("sqlite", "postgres"))
    assert one == other
    assert json.loads(one)["all"]["cases"] == 72 and json.loads(one)["since"] == "2026-03-10"


def rounded(stats: Stats) -> str:
    return re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]):.3f}", json.dumps(stats.as_data(), sort_keys=True))


def test_a_person_who_had_to_do_with_a_case_makes_it_none_that_was_deflected(tmp_path: Path) -> None:
    opening = "I was charged twice for order #W1000009, please refund the second charge."
    case_id = document(tmp_path, "ask", opening, "--email", "grace.mbeki@example.com")["case_id"]
    document(tmp_path, "approve", case_id, "--for", document(tmp_path, "approvals")[0]["hash"])
    found = document(tmp_path, "stats")["all"]
    assert found["ends"] == {"resolved": 1} and found["deflected"] == 0


@pytest.mark.slow
def test_the_command_tells_figures_as_a_table_as_data_and_as_a_page(tmp_path: Path) -> None:
    assert "No cases yet" in said(switchboard(tmp_path, "stats"))
    switchboard(tmp_path, "ask", "Where is my order #W1000009?", "--email", "grace.mbeki@example.com")
    for by in ("day", "agent", "department", "model"):
        assert "1 case" in said(switchboard(tmp_path, "stats", "--by", by))
    found = document(tmp_path, "stats", "--since", "1d")
    assert found["all"]["cases"] == 1 and set(found["by"]) == {"day", "agent", "department", "model"}
    switchboard(tmp_path, "stats", "--html", "page.html")
    assert "<h2" in (tmp_path / "page.html").read_text("utf-8")
    assert "is no day" in said(switchboard(tmp_path, "stats", "--since", "yesterday"))


def test_the_page_needs_nothing_else_and_each_bar_leads_to_its_row(engines: dict[str, Engine]) -> None:
    page = to_html(stats_of(engines["sqlite"]), "Tent <hire>")
    assert "<script" not in page and "Tent &lt;hire&gt;" in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    charts = re.findall(r"<svg.*?</svg>", page)
    assert len(charts) > 6
    for chart in charts:
        ElementTree.fromstring(chart)
    leads, rows = (set(re.findall(form, page)) for form in (r'href="#(r\d+)"', r'id="(r\d+)"'))
    assert len(leads) > 20 and leads <= rows


def test_a_name_with_markup_stays_text_in_the_page() -> None:
    odd = Figures("<b>\x1b[31m", {"resolved": 2}, model_calls=1, unpriced=1, first_answer=Percentiles(1.0, 2.0))
    page = to_html(Stats(None, odd, {"agent": (odd, odd)}), "x")
    assert "<b>" not in page and "\x1b" not in page and "unknown" in page


def test_since_is_a_day_or_so_many_days() -> None:
    today = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)
    assert since_when("7d", today) == datetime(2026, 3, 4, tzinfo=UTC)
    assert since_when("2026-03-01") == datetime(2026, 3, 1, tzinfo=UTC)
    assert since_when("") is None
    for wrong in ("d", "0d", "-1d", "2026-13-01", "٣d", "99999999999d"):
        with pytest.raises(OperatorError, match="is no day"):
            since_when(wrong)
