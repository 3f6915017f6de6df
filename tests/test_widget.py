"""The chat on a shop's pages: one conversation of a visitor's token, each message once, and no more than a customer may see."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.routing import Route
from support.chatting import SHOP, Visitor, chatting
from support.served import Served

from switchboard.accounts.passwords import hash_of
from switchboard.accounts.table import AccountsTable
from switchboard.cases.cases import hand_back, speak, take
from switchboard.cases.channels.visitors import VisitorRow
from switchboard.cases.tables import CaseRow
from switchboard.console.channels.widget.app import MOST_CHARACTERS, OF_VISITOR, widget_routes
from switchboard.console.channels.widget.limits import Pace, address
from switchboard.declare.transcript import CallEntry, HandoffEntry, MessageEntry
from switchboard.errors import NotThere
from switchboard.service.channels.table import ChannelsTable, WidgetTable
from switchboard.service.channels.visitors import TooManyVisitors, come, for_customer

PERSON = "Please let me speak to a human being."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: Any) -> Iterator[Served]:
    with chatting(tmp_path_factory.mktemp("desk"), proxies=["127.0.0.1"]) as found:
        yield found


def visitor(desk: Served, token: str = "") -> Visitor:
    return Visitor(desk.url, token)


def case_of(desk: Served, one: Visitor) -> CaseRow:
    with Session(desk.place.engine) as session:
        return session.get_one(CaseRow, session.get_one(VisitorRow, hash_of(one.token)).case_id)


def test_a_citation_is_read_as_the_name_of_its_source_and_what_the_visitor_wrote_as_it_is() -> None:
    text = "You may return it within 30 days. [returns-policy.md#how-long] [returns-policy.md#costs]"
    desk_says, visitor_says = (for_customer(MessageEntry(who, text)) for who in ("orders", "customer"))
    assert desk_says and desk_says.text == "You may return it within 30 days. (see: Returns policy)"
    assert visitor_says and visitor_says.text == text


@pytest.mark.slow
def test_a_visitor_is_answered_and_finds_the_talk_again(desk: Served) -> None:
    one = visitor(desk)
    assert one.client.get("/widget/events", headers={"x-visitor": one.token}).status_code == 409  # nothing is said yet
    found = one.write("Which payment methods do you take?")
    assert found.status_code == 200 and found.json()["working"] in (True, False)
    one.follow()
    assert one.hears("you", "Which payment methods") and one.hears("desk")
    again = visitor(desk, one.token)
    again.follow()
    assert again.hears("desk")
    assert again.lines == one.lines and len({number for number, _ in one.lines}) == len(one.lines)
    later = visitor(desk, one.token)
    later.follow(last=one.lines[0][0])
    assert later.hears("desk") and later.lines == one.lines[1:]


@pytest.mark.slow
def test_a_message_that_is_sent_twice_counts_once_even_where_it_begins_the_case(desk: Served) -> None:
    one = visitor(desk)
    with ThreadPoolExecutor(6) as pool:
        sent = list(pool.map(lambda n: one.write(PERSON if n % 2 else "Hello?", f"message-{n % 2}"), range(6)))
    assert {found.status_code for found in sent} == {200}
    with Session(desk.place.engine) as session:
        cases = session.scalar(select(func.count()).where(CaseRow.opening.in_((PERSON, "Hello?"))))
    assert cases == 1
    desk.settled(case_of(desk, one).id)
    one.follow()
    assert one.hears("you", PERSON) and one.hears("you", "Hello?")
    assert len([line for _, line in one.lines if line["who"] == "you"]) == 2
    assert one.write("Other words.", "message-1").status_code == 422


@pytest.mark.slow
def test_operators_are_heard_and_their_notes_are_not(desk: Served) -> None:
    one = visitor(desk)
    one.write(PERSON)
    case_id = case_of(desk, one).id
    desk.settled(case_id)
    one.follow()
    take(desk.place.engine, case_id, "dana")
    speak(desk.place.engine, case_id, "dana", "This is Dana. What is it about?")
    assert one.hears("person", "This is Dana") and next(x for _, x in one.lines if x["who"] == "person")["name"] == "dana"
    assert one.write("I was burned by it.", "message-2").json()["danger"]
    hand_back(desk.place.engine, case_id, "dana", "They sound angry, be kind.", None)
    desk.worker.put_on_queue()
    desk.settled(case_id)
    assert "be kind" not in str(one.lines) and {line["who"] for _, line in one.lines} == {"you", "desk", "person"}


def test_a_token_opens_its_own_conversation_alone(desk: Served) -> None:
    one, other = visitor(desk), visitor(desk)
    one.write("A word of mine alone.")
    other.write("Hello.", "message-1")  # the same name of another browser
    assert case_of(desk, one).id != case_of(desk, other).id
    for token in ("", "x" * 43, one.token[:-1], hash_of(one.token)):
        assert one.client.get("/widget/events", headers={"x-visitor": token}).status_code == 401
        assert one.write("Hello.", **{"x-visitor": token}).status_code == 401
    row = case_of(desk, one)
    assert row.state and row.state["known"] == {} and not row.state["customer_id"]
    with Session(desk.place.engine) as session:
        assert one.token not in str(session.execute(select(VisitorRow.token)).all())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "message-9", "text": ""}, 422),
        ({"id": "message-9", "text": "x" * (MOST_CHARACTERS + 1)}, 422),
        ({"id": "message-9", "text": "x" * 50_000}, 413),
        ({"id": "m", "text": "Hello."}, 422),
        ({"id": "message-9", "text": "\x00"}, 422),
        ({"id": "message-9", "text": "Hello.", "email": "emma.lindqvist@example.com"}, 422),
        (["Hello."], 422),
    ],
)
def test_what_is_no_message_is_refused(desk: Served, body: Any, status: int) -> None:
    one = visitor(desk)
    assert one.client.post("/widget/messages", json=body, headers={"x-visitor": one.token}).status_code == status


def test_other_sites_may_show_the_chat_where_the_file_says_so_and_ask_nothing(desk: Served) -> None:
    one = visitor(desk)
    frame, script = one.client.get("/widget/frame"), one.client.get("/widget.js")
    assert f"frame-ancestors {SHOP};" in frame.headers["content-security-policy"] + ";"
    assert "x-frame-options" not in frame.headers and "unsafe" not in frame.headers["content-security-policy"]
    assert script.headers["cross-origin-resource-policy"] == "cross-origin" and "x-of-a-frame" not in script.headers
    page = one.client.get("/")
    assert page.headers["x-frame-options"] == "DENY" and "frame-ancestors 'none'" in page.headers["content-security-policy"]
    asked = one.client.get("/widget/frame", headers={"origin": SHOP})
    assert not [name for name in asked.headers if name.startswith("access-control")]
    assert one.write("Hello.", origin=SHOP).status_code == 403
    assert one.write("Hello.", **{"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.slow
def test_who_writes_too_fast_or_comes_too_often_is_told_when_to_go_on(desk: Served) -> None:
    one = visitor(desk)
    found = [one.write("Hello?", f"message-{n}", **{"x-forwarded-for": "203.0.113.9"}) for n in range(21)]
    assert found[-1].status_code == 429 and int(found[-1].headers["retry-after"]) > 0 and found[-2].status_code == 200
    from_one = {"x-forwarded-for": "198.51.100.7, 203.0.113.8"}
    came = [one.client.post("/widget/visitors", json={}, headers=from_one).status_code for _ in range(21)]
    assert came[:20] == [201] * 20 and came[20] == 429


def test_a_visitor_has_so_many_live_windows(desk: Served) -> None:
    one = visitor(desk)
    one.write("Hello.")
    windows = [visitor(desk, one.token) for _ in range(OF_VISITOR)]
    for window in windows:
        window.follow()
    assert all(window.hears("you") for window in windows)
    found = one.client.get("/widget/events", headers={"x-visitor": one.token})
    assert found.status_code == 429 and found.headers["retry-after"]


def test_there_are_so_many_visitors(desk: Served) -> None:
    with pytest.raises(TooManyVisitors):
        come(desk.place, most=1)


def test_a_customer_sees_what_was_said_to_them() -> None:
    assert for_customer(HandoffEntry("reception", by="rules", text="Card trouble.", to="billing")) is None
    assert for_customer(CallEntry("billing", by="rules", tool="look_up", arguments={}, call_id="call_1")) is None
    told = for_customer(MessageEntry("billing", "Your card 4111 1111 1111 1111 is fine.", "model"))
    assert told and told.who == "desk" and "4111" not in told.text


def test_a_pace_counts_each_name_for_itself() -> None:
    pace = Pace(2, 60)
    assert [pace.wait("a"), pace.wait("a"), pace.wait("b")] == [0, 0, 0] and 58 <= pace.wait("a") <= 60


@pytest.mark.parametrize(
    ("forwarded", "proxies", "whose"),
    [
        ("198.51.100.7", [], "192.0.2.1"),
        ("198.51.100.7, 203.0.113.8", ["192.0.2.1"], "203.0.113.8"),
        ("nobody", ["192.0.2.1"], "192.0.2.1"),
        ("2001:db8::7:1", ["192.0.2.1"], "2001:db8::/56"),
        ("", ["192.0.2.1"], "192.0.2.1"),
    ],
)
def test_whose_address_counts(forwarded: str, proxies: list[str], whose: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    request = Request({"type": "http", "client": ("192.0.2.1", 1), "headers": headers})
    assert address(request, proxies) == whose


@pytest.mark.parametrize("one", ["http://shop.example.com", "https://shop.example.com/", "*", "https://*.example.com", "null"])
def test_what_is_no_origin_is_refused(one: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        WidgetTable(origins=[one])


def test_no_chat_is_served_where_the_file_has_none(desk: Served) -> None:
    def paths(table: WidgetTable | None) -> list[str]:
        project = SimpleNamespace(
            file=SimpleNamespace(channels=ChannelsTable(widget=table), accounts=AccountsTable()), team_name=lambda team: team
        )
        live: Any = SimpleNamespace(desk=SimpleNamespace(project=project, environment=desk.place.environment))
        return [route.path for route in widget_routes(live) if isinstance(route, Route)]

    assert paths(None) == [] and "/widget.js" in paths(WidgetTable(origins=[SHOP], team="desk"))
    with pytest.raises(NotThere):
        desk.place.project.team_name("nobody")
