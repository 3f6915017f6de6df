"""The pages that look back: who may see them, that their figures are those of `stats`, and that what anybody wrote is text."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session
from support import toys
from support.many_cases import fill
from support.signed_in import PEOPLE, House, token_of
from support.signed_in import house as house_of
from test_outcomes import kept, speaks, ticket

from switchboard.accounts.audit import audit, record
from switchboard.cases.tables import CaseRow
from switchboard.declare.moves import Say, call
from switchboard.declare.team import Rule
from switchboard.project import Project
from switchboard.service import accounts
from switchboard.service.outcomes.flags import all_flagged, flag
from switchboard.service.outcomes.suggestions import suggestions
from switchboard.service.watching.changes import lines_after
from switchboard.service.watching.page import cells
from switchboard.service.watching.stats import since_when, stats
from switchboard.tables.project_file import read_file
from switchboard.toolsets.built_in.articles import article_search

EVIL = """"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"""
NEEDED = {"/statistics": "viewer", "/evaluations": "operator", "/try": "operator", "/suggestions": "lead", "/audit": "admin"}
ROLES = ("viewer", "operator", "lead", "admin")
TARN = """
name = "Tarn"
articles = "articles"

[budgets.day]
tokens = 1000

[departments.boats]
about = "Boats."
examples = "boats.txt"
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_of(tmp_path_factory.mktemp("house")) as found:
        yield found


@pytest.fixture
def tarn(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project of one's own in place of the sample, for what is written into it."""
    (tmp_path / "switchboard.toml").write_text(TARN, "utf-8")
    (tmp_path / "boats.txt").write_text("What does a boat cost?\n", "utf-8")
    project = Project(tmp_path, read_file(tmp_path / "switchboard.toml"), is_sample=False)
    monkeypatch.setattr(house.place, "project", project)
    return project


@cache
def inside(house: House, name: str) -> httpx.Client:
    """Somebody who has signed in, once."""
    return house.inside(name)


def unanswered(house: House, name: str, words: str) -> str:
    case_id = kept(house.place.engine, name, "escalated", opening=words, handed_over="not_answered")
    ticket(house.place.engine, case_id)
    return case_id


def page(client: httpx.Client, path: str) -> str:
    found = client.get(path)
    assert found.status_code == 200, found.text
    return found.text


def send(client: httpx.Client, at: str, action: str, **form: str) -> httpx.Response:
    """Send the first form of a page that has this action, with what is hidden in it, and what is given."""
    shown = client.get(at)
    form_of = re.search(rf'<form [^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', shown.text, re.DOTALL)
    assert form_of, shown.text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form_of[1]))
    return client.post(action, data={**hidden, **form})


@pytest.mark.slow
def test_pages_with_nothing_in_them_say_so(house: House) -> None:
    client = inside(house, "adam")
    assert "No case began in that time" in page(client, "/statistics?since=2099-01-01")
    assert "Nothing is flagged" in page(client, "/evaluations") and "Nothing is flagged" in page(client, "/evaluations?now=yes")
    assert "came that often" in page(client, "/suggestions")
    assert "Every question was answered" in page(client, "/suggestions?least=1")
    assert "Nothing is recorded of that" in page(client, "/audit?who=nobody")
    assert "What you tried before" not in page(client, "/try")


@pytest.mark.slow
def test_each_page_is_shown_to_its_role_and_to_those_above_it_alone(house: House) -> None:
    for path in (*NEEDED, f"/try/{house.case_id}", f"/try/{house.case_id}/said"):
        found = house.stranger().get(path)
        assert (found.status_code, found.headers["location"][:9]) == (303, "/sign-in?"), path
    for name in ("vera", "otto", "lena", "adam"):
        client = inside(house, name)
        bar = re.search(r'<nav class="pages-of-desk".*?</nav>', page(client, "/"), re.DOTALL)
        assert bar
        for path, needed in NEEDED.items():
            may = ROLES.index(PEOPLE[name]) >= ROLES.index(needed)
            found = client.get(path)
            assert found.status_code == (200 if may else 403), (name, path)
            assert may or f"This needs the role {needed}" in found.text
            assert (f'href="{path}"' in bar[0]) == may, (name, path)


def test_what_is_sent_needs_its_role_and_a_form_of_the_page(house: House) -> None:
    unanswered(house, "csrf", "Is the towpath lit in winter?")
    [one] = suggestions(house.place.engine, 1)
    deeds = {f"/suggestions/{one.number}/aside": "lead", "/try": "operator", f"/try/{house.case_id}": "operator"}
    form = {"why": "No.", "words": "Hello.", "key": "k"}
    for path, needed in deeds.items():
        found = house.stranger().post(path, data=form)
        assert found.status_code == 303 and found.headers["location"].startswith("/sign-in?"), path
        too_small = inside(house, "vera" if needed == "operator" else "otto")
        assert too_small.post(path, data={**form, "form_token": token_of(too_small.get("/"))}).status_code == 403, path
        assert inside(house, "adam").post(path, data={**form, "form_token": "x"}).status_code == 403, path
    assert "put a suggestion aside" not in {row.what for row in accounts.audit(house.place)}
    assert "tried the desk as a customer" not in {row.what for row in accounts.audit(house.place)}
    assert suggestions(house.place.engine, 1) == [one]
    found = send(
        inside(house, "lena"), "/suggestions?least=1", f"/suggestions/{one.number}/aside", why="We do not know either."
    )
    assert found.headers["location"] == "/suggestions?told=aside" and suggestions(house.place.engine, 1) == []
    newest = accounts.audit(house.place, limit=1)[0]
    assert (newest.who, newest.what, newest.data["why"]) == ("lena", "put a suggestion aside", "We do not know either.")


@pytest.mark.slow
def test_the_figures_are_those_of_stats(house: House) -> None:
    fill(house.place.engine, 90)
    client = inside(house, "vera")
    for since in ("", "2026-03-10", "1d"):
        shown = page(client, f"/statistics?since={since}")
        found = stats(house.place, since_when(since))
        rows = re.findall(r'<th scope="row"><span>(.*?)</span>.*?</th>(.*?)</tr>', shown, re.DOTALL)
        told = [(name, tuple(re.findall(r"<td>(.*?)</td>", row))) for name, row in rows]
        groups = (*found.groups["department"], *found.groups["agent"], *found.groups["model"], *reversed(found.groups["day"]))
        assert told == [(one.name, cells(one)) for one in (*groups, found.all)], since
        assert f"<dt>Cases</dt><dd><b>{found.all.cases}</b>" in shown
        for name, count in found.all.outcomes.items():
            assert re.search(rf"<dt>{name.replace('_', ' ')}</dt><dd><b>{count}</b>", shown), name
    assert "little" in page(client, "/statistics?since=") and shown.count('role="img"') >= 1
    for odd in ("soon", "2026-13-01", "0d", "\x00", EVIL):
        assert "That is no day" in client.get("/statistics", params={"since": odd}).text


def test_budgets_stand_with_what_is_used_of_them(house: House, tarn: Project) -> None:
    assert "0 of 1,000 tokens of the day" in page(inside(house, "vera"), "/statistics?since=")


def test_the_audit_log_is_filtered_and_turned_over_and_says_whether_it_holds(house: House) -> None:
    with Session(house.place.engine) as session, session.begin():
        for n in range(120):
            record(session, "petra", "watered the plants", data={"pot": n, "mail": "petra.long@example.com"})
    client = inside(house, "adam")
    first = page(client, "/audit?who=petra&what=watered+the+plants")
    pots = [int(pot) for pot in re.findall(r"<i>pot</i> (\d+)", first)]
    older = re.search(r'rel="next" href="([^"]+)"', first)
    while older:
        then = page(client, older[1].replace("&amp;", "&"))
        pots += [int(pot) for pot in re.findall(r"<i>pot</i> (\d+)", then)]
        older = re.search(r'rel="next" href="([^"]+)"', then)
    assert pots == list(range(119, -1, -1)) and "petra.long@" not in first
    assert "signed in" not in re.sub(r"<option.*?</option>", "", first) and "The chain holds" in first
    for odd in ("before=x", "before=-1", "before=99999999999999", "since=soon", "who=%00", "what=%F0%9F%98%80"):
        assert client.get(f"/audit?{odd}").status_code == 200, odd
    row = accounts.audit(house.place, what="watered the plants", limit=1)[0]
    edit = lambda who: update(audit).where(audit.c.number == row.number).values(who=who)  # noqa: E731
    with house.place.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER operator_audit_update"))
        connection.execute(edit("paula"))
    assert f"broken at row {row.number}" in page(client, "/audit")
    with house.place.engine.begin() as connection:
        connection.execute(edit("petra"))
    assert "The chain holds" in page(client, "/audit")


def test_a_suggestion_is_taken_over_by_a_lead_who_has_seen_all_of_it(house: House, tarn: Project) -> None:
    asked = ("May I take my goat aboard a rowing boat?", "may I take the goat aboard a rowing boat")
    for n, words in enumerate(asked):
        unanswered(house, f"goat{n}", words)
    speaks(house.place.engine, "case_goat0")
    client, lists = inside(house, "lena"), "/suggestions"
    shown, [one] = page(client, lists), suggestions(house.place.engine)
    assert all(words in shown for words in asked) and "I have sent you another one." in shown
    into, token = f"/suggestions/{one.number}/article", token_of(client.get(lists))
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    assert seen
    unanswered(house, "goat2", "May I take my goat aboard the rowing boat, please?")
    form = {"form_token": token, "seen": seen[1], "article": "goats.md", "answer": "Yes, on a lead."}
    late = client.post(into, data=form)
    assert late.status_code == 409 and "More customers have asked" in late.text and "Yes, on a lead." in late.text
    outside = send(client, lists, into, article="../goats.md", answer="Yes, on a lead.")
    assert outside.status_code == 409 and "is no article" in outside.text and "Yes, on a lead." in outside.text
    assert send(client, lists, into, article="goats.md", answer=" ").status_code == 409
    assert send(client, lists, into, article="goats.md", answer="Yes, on a lead.").status_code == 303
    assert "Yes, on a lead." in (tarn.folder / "articles" / "goats.md").read_text("utf-8")
    assert client.post(into, data=form).status_code == 409
    unanswered(house, "skiff", "Which skiff is the widest?")
    [other] = suggestions(house.place.engine, 1)
    at = "/suggestions?least=1"
    assert send(client, at, f"/suggestions/{other.number}/examples", department="boats").status_code == 303
    assert "Which skiff is the widest?" in (tarn.folder / "boats.txt").read_text("utf-8")
    assert suggestions(house.place.engine, 1) == []
    for odd in ("0", "x", "9" * 30, "-1"):
        assert client.post(f"/suggestions/{odd}/aside", data={"form_token": token, "why": "No."}).status_code == 409, odd


def test_flagged_lines_stand_beside_what_is_done_today(house: House) -> None:
    line = next(one for one in lines_after(house.place.engine, house.case_id) if one.entry.kind == "result")
    flag(house.place, house.case_id, line.number, "It looked at another thing.", "otto")
    client = inside(house, "otto")
    before, after = page(client, "/evaluations"), page(client, "/evaluations?now=yes")
    assert "It looked at another thing." in before and "not looked at" in before and "flagged by otto" in before
    assert "It is the same today" in after and "<b>0 of 1</b>" in after and "not looked at" not in after
    assert [one.number for one in all_flagged(house.place)] == [line.number]


@pytest.mark.slow
def test_what_anybody_wrote_is_text_and_nothing_else(house: House) -> None:
    unanswered(house, "evil", f"{EVIL} May I bring my own oars?")
    speaks(house.place.engine, "case_evil")
    with Session(house.place.engine) as session, session.begin():
        row = session.get_one(CaseRow, "case_evil")
        row.department, row.thumb, row.handed_over = EVIL, "up", "not_answered"
        record(session, EVIL, EVIL, data={EVIL: EVIL, "x": [EVIL]})
    entry = next(
        one for one in lines_after(house.place.engine, house.case_id) if one.entry.kind == "message" and one.entry.by != "human"
    )
    flag(house.place, house.case_id, entry.number, EVIL, EVIL)
    client = inside(house, "adam")
    begun = send(client, "/try", "/try", team="desk", words=f"{EVIL} How long is a boat hired for?")
    assert begun.status_code == 303
    paths = (
        *("/statistics?since=", "/evaluations?now=yes", "/suggestions?least=1", "/audit", "/try", begun.headers["location"]),
        *(f"{begun.headers['location']}/said", f"/audit?who={EVIL}", f"/statistics?since={EVIL}", f"/suggestions?told={EVIL}"),
    )
    for path in paths:
        found: Any = client.get(path)
        assert found.status_code == 200, path
        assert "<script>alert" not in found.text and "<img src=x" not in found.text, path
        assert " style=" not in found.text and "<style" not in found.text and " onclick" not in found.text, path
        policy = found.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy, path
    for path in ("/statistics?since=", "/evaluations", "/suggestions?least=1", "/audit", "/try"):
        assert "&lt;script&gt;alert" in client.get(path).text, path
    assert escape("{{ 7*7 }}") in client.get("/audit").text


def test_an_article_is_text_where_an_answer_quotes_it(house: House, tarn: Project) -> None:
    articles = tarn.folder / "articles"
    articles.mkdir()
    held = f"# Oars {EVIL}\n\nYou may bring your own oars. {EVIL}\n"
    (articles / "<img src=x onerror=alert(3)>.md").write_text(held, "utf-8")
    search = article_search(articles)

    def quotes(view: Any) -> Any:
        if not (made := view.last("search_articles")):
            return call("search_articles", query="oars")
        return Say(f"{made.result[0]['text']} [{made.result[0]['citation']}]")

    members = {**toys.team().members, "worker": toys.agent("worker", quotes, search)}
    reads = [Rule("approve", effect=effect) for effect in ("read", "compute", "send")]
    house.place.environment.teams["oars"] = toys.team(name="oars", members=members, approvals=reads)  # type: ignore[index]
    ref = house.worker.open_case("oars", "May I bring my own oars?", known={"email": "ada@example.com"})
    reply = house.worker.work(ref)["reply"]
    assert "onerror=alert(2)" in reply
    unanswered(house, "evil_oars", "Which oars are the longest?")
    speaks(house.place.engine, "case_evil_oars", reply)  # a person sends the same words
    client = inside(house, "lena")
    for path in (f"/cases/{ref.case_id}", "/suggestions?least=1"):
        found = page(client, path)
        assert "&lt;img src=x onerror=alert(2)" in found, path
        assert "<script>alert" not in found and "<img src=x" not in found, path
    assert "<dt>rests on</dt>" in page(client, f"/cases/{ref.case_id}")
    house.place.environment.teams.pop("oars")  # type: ignore[attr-defined]
