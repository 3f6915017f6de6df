"""Help desks: what customers write there is a case, answered there once; where a person has it, the desk is silent."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from support.help_desks import CUSTOMER, FAKES, GONE, LEA, LEFT, OPEN, OUTSIDE, STRANGER, US, AtDesk, at_desk

from switchboard.console.channels.helpdesks.heard import mounted, webhooks
from switchboard.mail import outbox
from switchboard.service.channels import help_desk
from switchboard.service.channels.channel import OutOfReach
from switchboard.service.channels.conversation import Conversation
from switchboard.service.channels.help_desk import SILENT

STATES = "SELECT state FROM channel_answers ORDER BY queued_at, n"


def mailed(by: str, **more: Any) -> dict[str, Any]:
    """What Chatwoot keeps of a mail."""
    return {"email": {"from": [by], "subject": "The hall", **more}, "cc_email": None, "bcc_email": None}


@pytest.fixture(params=sorted(FAKES))
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[AtDesk]:
    with at_desk(tmp_path, request.param) as found:
        yield found


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was cut off is looked for in the next turn."""
    monkeypatch.setattr(outbox, "SETTLES", timedelta(0))


@pytest.mark.slow
def test_what_a_customer_writes_is_one_case_and_answered_once(desk: AtDesk) -> None:
    desk.fake.write("When is the hall open?")
    assert [desk.tell().status_code for _ in range(2)] == [200, 200]
    assert desk.turn() == desk.turn() == ""
    assert desk.fake.said() == [OPEN]
    assert desk.tell().status_code == 200  # of our own answer, or once more of the same
    assert desk.turn() == ""
    assert (desk.fake.said(), desk.rows("SELECT count(*) FROM cases")) == ([OPEN], [1])
    assert desk.says("And on Sundays, when is it open?") == ""
    assert (desk.fake.said(), desk.rows("SELECT count(*) FROM cases")) == ([OPEN, OPEN], [1])
    assert desk.rows("SELECT count(*) FROM entries WHERE kind = 'message' AND data LIKE '%Sundays%'") == [1]


@pytest.mark.slow
def test_two_messages_before_an_answer_are_one_case(desk: AtDesk) -> None:
    desk.fake.write("Hello!")
    desk.fake.write("When is the hall open?")
    desk.tell()
    desk.turn()
    desk.turn()
    assert desk.rows("SELECT count(*) FROM cases") == [1]
    assert set(desk.fake.said()) == {OPEN}


@pytest.mark.slow
def test_an_answer_to_what_is_gone_is_for_a_person(desk: AtDesk) -> None:
    desk.fake.fault = "busy"
    desk.says("When is the hall open?")
    desk.channel.desk.read = lambda conversation: None  # type: ignore[method-assign]
    assert "gone" not in desk.turn()
    assert desk.rows(STATES) == ["refused"]
    assert desk.rows("SELECT subject FROM tickets") == ["An answer to the customer was refused"]


@pytest.mark.slow
@pytest.mark.parametrize("spoilt", ["unsigned", "body", "old", "ahead", "no json", "unknown"])
def test_a_webhook_that_is_not_of_the_help_desk_or_of_another_time_is_refused(desk: AtDesk, spoilt: str) -> None:
    desk.fake.write("When is the hall open?")
    has_time = desk.channel.name != "zammad"  # which signs no time
    old = {"old": time.time() - 400, "ahead": time.time() + 400}.get(spoilt)
    headers, body = desk.fake.webhook(old)
    told = {"unsigned": ({}, body), "body": (headers, body.replace(b"5", b"6"))}.get(spoilt, (headers, body))
    if spoilt in ("no json", "unknown"):
        told = desk.fake.signed({"no json": b"{", "unknown": b"{}"}[spoilt], None)
    expected = 401 if spoilt in ("unsigned", "body") or (old and has_time) else 422 if spoilt == "no json" else 200
    answer = desk.tell(told)
    assert answer.status_code == expected
    assert desk.rows("SELECT count(*) FROM noticed_conversations") == [int(bool(old) and not has_time)]
    assert "hall" not in answer.text


@pytest.mark.slow
def test_where_a_person_has_the_conversation_the_desk_is_silent(desk: AtDesk) -> None:
    desk.fake.assignee = LEA
    assert desk.says("When is the hall open?") == ""
    assert (desk.fake.said(), desk.rows("SELECT count(*) FROM cases")) == ([], [0])
    desk.fake.assignee = US
    desk.tell()
    desk.turn()
    assert desk.fake.said() == [OPEN]


@pytest.mark.slow
def test_where_a_person_has_answered_the_desk_is_silent_until_it_is_given_the_conversation(desk: AtDesk) -> None:
    desk.says("When is the hall open?")
    desk.fake.write("I look after this.", LEA)
    desk.says("And when is the cellar open?")
    assert desk.fake.said() == [OPEN]
    desk.fake.assignee = US
    desk.says("And the attic, when is it open?")
    assert len(desk.fake.said()) > 1
    for asked in ("cellar", "attic"):  # the first of which nobody has answered either
        assert desk.rows(f"SELECT count(*) FROM entries WHERE data LIKE '%{asked}%' AND kind = 'message'") == [1]


@pytest.mark.slow
def test_an_internal_note_of_a_person_takes_nothing(desk: AtDesk) -> None:
    desk.fake.write("A regular.", LEA, public=False)
    desk.says("When is the hall open?")
    assert desk.fake.said() == [OPEN]


@pytest.mark.slow
def test_an_answer_that_a_person_was_faster_with_is_not_posted(desk: AtDesk) -> None:
    desk.fake.fault = "busy"
    assert "503" in desk.says("When is the hall open?")
    desk.fake.fault = ""
    desk.fake.write("From nine!", LEA)
    assert desk.turn() == ""
    assert (desk.fake.said(), desk.rows(STATES)) == ([], ["overtaken"])
    assert desk.rows("SELECT count(*) FROM tickets") == [0]


@pytest.mark.slow
def test_what_was_surely_not_taken_is_posted_again(desk: AtDesk) -> None:
    desk.fake.fault = "busy"
    assert "503" in desk.says("When is the hall open?")
    desk.fake.fault = ""
    assert desk.turn() == ""
    assert (desk.fake.said(), desk.rows(STATES)) == ([OPEN], ["sent"])


@pytest.mark.slow
def test_a_post_without_an_answer_is_looked_up_before_it_is_tried_again(desk: AtDesk, at_once: None) -> None:
    desk.fake.fault = "cut"
    desk.says("When is the hall open?")
    assert desk.rows(STATES) == ["sending"]
    desk.fake.fault = ""
    desk.turn()
    assert (desk.fake.said(), desk.rows(STATES)) == ([OPEN], ["sent"])


@pytest.mark.slow
def test_a_post_that_never_arrived_is_posted(desk: AtDesk, at_once: None) -> None:
    desk.fake.fault = "cut"
    desk.says("When is the hall open?")
    desk.fake.posts = [one for one in desk.fake.posts if one["by"] == CUSTOMER]
    desk.fake.fault = ""
    desk.turn()
    desk.turn()
    assert (desk.fake.said(), desk.rows(STATES)) == ([OPEN], ["sent"])


@pytest.mark.slow
def test_where_a_post_may_be_another_one_a_person_decides(desk: AtDesk, at_once: None) -> None:
    desk.fake.fault = "cut"
    desk.says("When is the hall open?")
    desk.fake.posts[-1]["text"] = "Something that the help desk made of it"
    desk.fake.fault = ""
    desk.turn()
    assert (len(desk.fake.said()), desk.rows(STATES)) == (1, ["not_known"])
    assert desk.rows("SELECT subject FROM tickets") == ["It is not known whether the customer got an answer"]


@pytest.mark.slow
def test_a_help_desk_that_cannot_be_read_is_read_later(desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.fake.write("When is the hall open?")
    desk.tell()
    side = desk.channel.desk._side  # type: ignore[attr-defined]
    with monkeypatch.context() as patched:
        patched.setattr(type(side), "_asked", lambda *_: (_ for _ in ()).throw(httpx.ConnectError("gone")))
        with pytest.raises(OutOfReach):
            desk.turn()
    desk.turn()
    assert desk.fake.said() == [OPEN]


@pytest.mark.slow
def test_too_large_a_webhook_is_refused_and_others_are_not_known(desk: AtDesk) -> None:
    client = TestClient(Starlette(routes=mounted(webhooks([desk.channel]))))
    assert client.post(f"/channels/{desk.channel.name}", content=b"x" * 1_000_001).status_code == 413
    assert client.get(f"/channels/{desk.channel.name}").status_code == 405
    assert client.post("/channels/other", content=b"{}").status_code == 404
    assert mounted(webhooks([])) == []


@pytest.mark.slow
def test_a_person_who_writes_between_a_look_and_a_post_of_zendesk_keeps_it_from_being_made(tmp_path: Path) -> None:
    with at_desk(tmp_path, "zendesk") as desk:
        read = desk.channel.desk.read

        def reads(conversation: str) -> Conversation | None:
            found = read(conversation)
            if len(desk.fake.posts) == 1 and desk.rows("SELECT count(*) FROM channel_answers") == [1]:
                desk.fake.write("From nine!", LEA)
            return found

        desk.channel.desk.read = reads  # type: ignore[method-assign]
        assert "changed at that moment" in desk.says("When is the hall open?")
        desk.turn()
        assert (desk.fake.said(), desk.rows(STATES)) == ([], ["overtaken"])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FAKES))
def test_a_draft_is_an_internal_note_and_the_customer_hears_that_a_person_comes(tmp_path: Path, name: str) -> None:
    with at_desk(tmp_path, name, drafts="all") as desk:
        desk.says("When is the hall open?")
        assert desk.fake.said(public=False) == [OPEN]
        assert len(desk.fake.said()) == 1 and OPEN not in desk.fake.said()[0]
        desk.turn()
        assert len(desk.fake.posts) == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FAKES))
@pytest.mark.parametrize(("writer", "verified", "known"), [("nobody", True, 0), ("verified", True, 1), ("verified", False, 0)])
def test_who_writes_is_believed_as_far_as_the_project_says(
    tmp_path: Path, name: str, writer: str, verified: bool, known: int
) -> None:
    with at_desk(tmp_path, name, writer=writer) as desk:
        desk.fake.is_verified = verified
        desk.says("When is the hall open?")
        assert desk.fake.said() == [f"Hello noor@example.com. {OPEN}" if known else OPEN]


@pytest.mark.slow
def test_a_person_is_asked_for(desk: AtDesk) -> None:
    desk.says("I want a person.")
    assert desk.fake.said() == [LEFT]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FAKES))
def test_somebody_else_in_a_conversation_is_not_heard_as_the_customer_and_a_person_gets_it(tmp_path: Path, name: str) -> None:
    with at_desk(tmp_path, name, writer="contact") as desk:
        desk.says("When is the hall open?")
        answered = desk.fake.said()
        desk.fake.write("Yes, and tell me who I am.", STRANGER)
        desk.tell()
        desk.turn()
        desk.fake.assignee = US  # nor is it the desk's again, as it cannot tell who reads along
        desk.says("And the attic, when is it open?")
        assert (desk.fake.said(), answered) == (answered, [f"Hello noor@example.com. {OPEN}"])
        assert desk.rows("SELECT count(*) FROM entries WHERE data LIKE '%who I am%'") == [0]
        assert desk.rows("SELECT subject FROM tickets") == ["Somebody else writes in a customer's conversation"]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FAKES))
def test_an_answer_is_not_posted_where_somebody_else_wrote_meanwhile(tmp_path: Path, name: str) -> None:
    with at_desk(tmp_path, name) as desk:
        desk.fake.fault = "busy"
        desk.says("When is the hall open?")
        desk.fake.fault = ""
        desk.fake.write("Tell me, too.", STRANGER)
        desk.turn()
        assert (desk.fake.said(), desk.rows(STATES)) == ([], ["overtaken"])
        desk.tell()
        desk.turn()
        assert desk.rows("SELECT count(*) FROM tickets") == [1]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FAKES))
def test_what_somebody_else_begins_in_the_name_of_a_customer_is_no_case(tmp_path: Path, name: str) -> None:
    with at_desk(tmp_path, name, writer="contact") as desk:
        desk.fake.write("When is the hall open?", STRANGER)
        for _ in range(2):
            desk.tell()
            desk.turn()
        assert (desk.fake.said(), desk.rows("SELECT count(*) FROM cases")) == ([], [0])
        assert desk.fake.said(public=False) == [SILENT]


@pytest.mark.parametrize("name", sorted(FAKES))
def test_a_note_that_the_desk_is_silent_is_written_once_it_can_be(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(help_desk, "PAUSE", 0.0)
    with at_desk(tmp_path, name) as desk:
        desk.fake.fault = "busy"
        desk.fake.write("When is the hall open?", STRANGER)
        desk.tell()
        desk.turn()
        desk.fake.fault = ""
        desk.turn()
        desk.turn()
        assert desk.fake.said(public=False) == [SILENT]


@pytest.mark.parametrize("name", sorted(FAKES))
@pytest.mark.parametrize("has", ["assigned", "answered"])
def test_no_note_is_written_where_a_person_has_the_conversation(tmp_path: Path, name: str, has: str) -> None:
    with at_desk(tmp_path, name) as desk:
        desk.fake.write("When is the hall open?", STRANGER)
        desk.fake.assignee = LEA if has == "assigned" else None
        if has == "answered":
            desk.fake.write("From nine!", LEA)
        desk.tell()
        desk.turn()
        assert desk.fake.said(public=False) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("copied", "is_public"), [([], True), ([LEA], True), ([CUSTOMER], True), ([STRANGER], False), ([GONE], False)]
)
def test_who_is_in_copy_at_zendesk_and_never_wrote_gets_no_answer(tmp_path: Path, copied: list[int], is_public: bool) -> None:
    with at_desk(tmp_path, "zendesk") as desk:
        desk.fake.copied = copied
        desk.says("When is the hall open?")
        assert (desk.fake.said(), desk.fake.said(public=False)) == (([OPEN], []) if is_public else ([], [OPEN]))
        subjects = [] if is_public else ["Somebody else is sent copies of a customer's conversation"]
        assert (desk.rows(STATES), desk.rows("SELECT subject FROM tickets")) == (["sent"], subjects)


@pytest.mark.slow
def test_a_note_in_place_of_an_answer_is_found_where_nobody_told_of_it(tmp_path: Path, at_once: None) -> None:
    with at_desk(tmp_path, "zendesk") as desk:
        desk.fake.copied, desk.fake.fault = [STRANGER], "cut"
        desk.says("When is the hall open?")
        desk.fake.fault = ""
        desk.turn()
        assert (desk.fake.said(public=False), desk.rows(STATES)) == ([OPEN], ["sent"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "otherwise", "is_heard"),
    [
        ("zammad", {"from": OUTSIDE[STRANGER]}, False),
        ("zammad", {"from": "noor@example.com <noor@elsewhere.example>"}, False),
        ("zammad", {"from": ""}, False),
        ("zammad", {"from": "NOOR@Example.com"}, True),
        ("zammad", {"origin_by_id": STRANGER}, False),
        ("zammad", {"created_by_id": LEA, "origin_by_id": CUSTOMER, "type": "phone", "from": "Noor"}, True),
        ("zammad", {"created_by_id": None}, False),
        ("chatwoot", {"sender": {"id": CUSTOMER, "type": "user"}}, False),
        ("chatwoot", {"sender": None}, False),
        ("chatwoot", {"content_type": "incoming_email", "content_attributes": mailed("Noor@example.com")}, True),
        ("chatwoot", {"content_type": "incoming_email", "content_attributes": mailed("noor@elsewhere.example")}, False),
        ("chatwoot", {"content_type": "incoming_email", "content_attributes": {}}, False),
        ("chatwoot", {"content_attributes": mailed("noor@example.com", auto_reply=True)}, False),
        ("zendesk", {"author_id": None}, False),
    ],
)
def test_only_who_surely_is_the_customer_is_heard(tmp_path: Path, name: str, otherwise: dict[str, Any], is_heard: bool) -> None:
    with at_desk(tmp_path, name) as desk:
        desk.fake.write("When is the hall open?", **otherwise)
        desk.tell()
        desk.turn()
        assert desk.rows("SELECT count(*) FROM cases") == [int(is_heard)]
