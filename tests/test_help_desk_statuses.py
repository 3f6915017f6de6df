"""A conversation that people close at the help desk has its tickets closed here, and the other way round; none comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.help_desks import FAKES, LEA, LEFT, OPEN, STRANGER, AtDesk, at_desk
from support.programs import hall as paying_hall

from switchboard.cases.approvals import answer, open_approvals
from switchboard.cases.cases import hand_back, speak, take
from switchboard.cases.channels.noticed import claim
from switchboard.cases.channels.rows import AnswerRow
from switchboard.cases.people.drafts import drafts, send_draft
from switchboard.cases.people.reopening import reopen
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Approval
from switchboard.declare.team import Rule
from switchboard.mail import outbox
from switchboard.migrations import migrate_cases
from switchboard.service.channels import help_desk
from switchboard.service.channels.conversation import By, Conversation, Post
from switchboard.service.channels.help_desk import SILENT, HelpDeskChannel
from switchboard.service.channels.traffic import send_out, take_in
from switchboard.service.tickets import working
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.rows import opened

PERSON = "I want a person."
TICKETS = "SELECT status, reopened FROM tickets ORDER BY id"
NOTES = "SELECT text FROM operator_notes"
STATUS = "SELECT json_extract(place, '$.status') FROM channel_threads"
MARKS = "SELECT state FROM channel_answers WHERE n < 0 ORDER BY n DESC"


@pytest.fixture(params=sorted(FAKES))
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[AtDesk]:
    with at_desk(tmp_path, request.param) as found:
        yield found


@pytest.fixture
def zendesk(tmp_path: Path) -> Iterator[AtDesk]:
    """One of them, for what is alike in all."""
    with at_desk(tmp_path, "zendesk") as found:
        yield found


def place_of(desk: AtDesk) -> Any:
    return SimpleNamespace(engine=desk.engine, project=SimpleNamespace(file=ProjectFile(name="Hall")))


def closes(desk: AtDesk) -> str:
    """An operator closes the ticket here, and what becomes of it."""
    working.close(place_of(desk), "T000001", "dana", "They came by.")
    return desk.turn()


def is_closed_there(desk: AtDesk) -> str:
    """Somebody closes the conversation at the help desk, and what becomes of it."""
    desk.fake.status = desk.fake.solved
    desk.tell()
    return desk.turn()


def case_of(desk: AtDesk) -> str:
    return str(desk.rows("SELECT id FROM cases")[0])


@pytest.mark.slow
def test_what_is_closed_at_the_help_desk_is_closed_here_by_the_help_desk_and_nothing_is_said(desk: AtDesk) -> None:
    desk.says(PERSON)
    desk.fake.assignee = LEA
    desk.fake.write("I have sent a plumber.", LEA)
    assert is_closed_there(desk) == is_closed_there(desk) == ""
    assert (desk.rows(TICKETS), desk.fake.said(), desk.fake.marked) == ([("closed", 0)], [LEFT], [])
    by = f"help desk {desk.channel.name}"
    assert desk.rows("SELECT who, what FROM operator_audit") == [(by, "closed a ticket")]
    [resolution] = desk.rows("SELECT resolution FROM tickets")
    assert resolution == f"It was closed at the help desk ({desk.channel.name})."
    assert desk.rows("SELECT count(*) FROM entries WHERE kind = 'message'") == [2]


@pytest.mark.slow
def test_what_a_customer_writes_in_a_closed_conversation_opens_the_ticket_and_the_conversation(desk: AtDesk) -> None:
    desk.says(PERSON)
    is_closed_there(desk)
    desk.says("It is still broken.")  # which this help desk leaves closed
    assert (desk.rows(TICKETS), desk.fake.marked, desk.fake.said()) == ([("open", 1)], ["open"], [LEFT])
    desk.tell()
    desk.turn()
    assert (desk.rows(TICKETS), desk.fake.marked) == ([("open", 1)], ["open"])
    is_closed_there(desk)
    assert (desk.rows(TICKETS), desk.fake.marked) == ([("closed", 1)], ["open"])


@pytest.mark.slow
def test_what_was_written_before_a_closing_that_is_read_with_it_is_worked_on(zendesk: AtDesk) -> None:
    zendesk.says("When is the hall open?")
    zendesk.fake.write("And on Sundays, when is it open?")
    is_closed_there(zendesk)
    assert zendesk.fake.said() == [OPEN, OPEN]
    zendesk.tell()
    zendesk.turn()
    assert zendesk.fake.said() == [OPEN, OPEN]


@pytest.mark.slow
def test_thanks_in_a_closed_conversation_open_nothing(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    is_closed_there(zendesk)
    zendesk.fake.status = "open"  # as the help desk opens it for any word
    zendesk.says("Thank you!")
    zendesk.tell()
    zendesk.turn()
    assert (zendesk.rows(TICKETS), zendesk.fake.marked, zendesk.fake.said()) == ([("closed", 0)], [], [LEFT])


@pytest.mark.slow
def test_an_answer_on_its_way_to_a_conversation_that_is_closed_there_is_not_posted(zendesk: AtDesk) -> None:
    zendesk.fake.fault = "busy"
    assert "503" in zendesk.says("When is the hall open?")
    zendesk.fake.fault, zendesk.fake.status = "", zendesk.fake.solved
    assert zendesk.turn() == ""
    assert (zendesk.fake.said(), zendesk.rows("SELECT state FROM channel_answers")) == ([], ["overtaken"])


@contextmanager
def paying(folder: Path, **facts: Any) -> Iterator[AtDesk]:
    """A team at a help desk that pays a customer who says that they want all of it."""
    with at_desk(folder, "zendesk", writer="contact") as desk:
        desk.environment.teams["toys"] = paying_hall(**facts)  # type: ignore[index]
        desk.says("Please pay me.")
        yield desk


PAYS = (Rule("approve", effect="read"), Rule("approve", effect="send"), Rule("approve", tool="pay"))
PAID = "It is paid.\n\nWhat was done: pay 70.00 USD."


@pytest.mark.slow
def test_what_an_approval_did_is_told_in_a_conversation_that_was_closed_there_meanwhile(tmp_path: Path) -> None:
    with paying(tmp_path) as desk:
        desk.says("All of it.")
        is_closed_there(desk)
        [waiting] = open_approvals(desk.engine)
        answer(desk.engine, waiting.case_id, waiting.hash, Approval("approve", "dana"), None)
        desk.turn()
        assert desk.fake.said()[-1] == "It is paid."


@pytest.mark.slow
@pytest.mark.parametrize("happens", ["closed", "taken", "answered"])
def test_the_news_of_a_deed_is_not_lost_where_people_were_faster(tmp_path: Path, happens: str) -> None:
    with paying(tmp_path, approvals=PAYS) as desk:
        desk.fake.fault = "busy"
        assert "503" in desk.says("All of it.")
        desk.fake.fault = ""
        if happens == "closed":
            desk.fake.status = desk.fake.solved
        elif happens == "taken":
            desk.fake.assignee = LEA
        else:
            desk.fake.write("I look after this.", LEA)
        assert desk.turn() == ""
        subjects = desk.rows("SELECT subject FROM tickets")
        if happens == "closed":
            assert (desk.fake.said()[-1], subjects) == (PAID, [])
        else:
            told = (desk.fake.said(public=False), PAID in desk.fake.said(), subjects)
            assert told == ([PAID], False, ["An answer to the customer is an internal note at the help desk"])
        assert desk.rows("SELECT state FROM channel_answers ORDER BY n DESC LIMIT 1") == ["sent"]


@pytest.mark.slow
def test_an_answer_for_which_something_was_only_looked_up_is_not_posted_in_a_closed_conversation(tmp_path: Path) -> None:
    with at_desk(tmp_path, "zendesk", writer="contact") as desk:
        desk.environment.teams["toys"] = paying_hall()  # type: ignore[index]
        desk.fake.fault = "busy"
        desk.says("Please pay me.")
        assert desk.rows("SELECT count(*) FROM entries WHERE kind = 'result' AND data LIKE '%find_customer%'") == [1]
        desk.fake.fault, desk.fake.status = "", desk.fake.solved
        desk.turn()
        assert (desk.fake.said(), desk.rows("SELECT state FROM channel_answers")) == ([], ["overtaken"])


@pytest.mark.slow
def test_a_note_without_an_answer_is_left_once_and_a_person_hears_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SETTLES", timedelta(0))
    with paying(tmp_path, approvals=PAYS) as desk:
        desk.fake.fault = "busy"
        desk.says("All of it.")
        desk.fake.fault, desk.fake.assignee = "cut", LEA
        desk.turn()
        desk.fake.fault = ""
        desk.turn()
        desk.turn()
        assert desk.fake.said(public=False) == [PAID]
        assert desk.rows("SELECT state FROM channel_answers ORDER BY n DESC LIMIT 1") == ["not_known"]


@pytest.mark.slow
def test_what_the_agents_say_after_a_hand_back_is_said_in_a_closed_conversation(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    is_closed_there(zendesk)
    hand_back(zendesk.engine, case_of(zendesk), "dana", "Ask them for the room.", None)
    zendesk.turn()
    left, answered = zendesk.fake.said()
    assert (left, "given your case back to me" in answered) == (LEFT, True)
    zendesk.fake.assignee = LEA
    take(zendesk.engine, case_of(zendesk), "dana")
    speak(zendesk.engine, case_of(zendesk), "dana", "It is mended.")
    zendesk.turn()
    assert (zendesk.fake.said(), zendesk.fake.said(public=False)) == ([left, answered], ["It is mended."])


@pytest.mark.slow
def test_what_waited_for_the_agents_when_the_conversation_was_closed_is_answered(zendesk: AtDesk) -> None:
    zendesk.says("When is the hall open?")
    zendesk.fake.write("And on Sundays, when is it open?")
    zendesk.tell()
    take_in(zendesk.environment, zendesk.channel, "toys")  # it is kept, and nobody works on it yet
    zendesk.fake.status = zendesk.fake.solved
    zendesk.turn()
    assert zendesk.fake.said() == [OPEN]  # people have seen it when they closed it
    zendesk.says("And the attic, when is it open?")
    assert zendesk.fake.said() == [OPEN, OPEN]


@pytest.mark.slow
def test_what_an_operator_says_goes_to_a_closed_conversation(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    is_closed_there(zendesk)
    speak(zendesk.engine, case_of(zendesk), "dana", "It is mended.")
    zendesk.turn()
    assert zendesk.fake.said() == [LEFT, "It is mended."]


@pytest.mark.slow
def test_what_is_closed_here_is_closed_at_the_help_desk_once(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    assert closes(zendesk) == ""
    assert (zendesk.fake.marked, zendesk.rows(MARKS)) == ([zendesk.fake.solved], ["sent"])
    zendesk.fake.status = "open"  # somebody there opens it again: it is theirs
    zendesk.tell()
    assert zendesk.turn() == zendesk.turn() == ""
    assert (zendesk.fake.marked, zendesk.rows(TICKETS)) == ([zendesk.fake.solved], [("closed", 0)])


@pytest.mark.slow
def test_what_is_opened_here_is_opened_there_and_closed_again_each_time(desk: AtDesk) -> None:
    desk.says(PERSON)
    closes(desk)
    reopen(desk.engine, case_of(desk), "dana", "They rang.")
    desk.tell()  # of the closing, which comes late
    desk.turn()
    assert (desk.rows(TICKETS), desk.fake.marked) == ([("open", 1)], [desk.fake.solved, "open"])
    desk.tell()
    desk.turn()
    closes(desk)
    assert (desk.rows(TICKETS), desk.fake.marked) == ([("closed", 1)], [desk.fake.solved, "open", desk.fake.solved])


@pytest.mark.slow
def test_a_ticket_opened_here_that_was_closed_there_opens_the_conversation(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    is_closed_there(zendesk)
    working.reopen(place_of(zendesk), "T000001", "dana", "They rang.")
    zendesk.tell()
    zendesk.turn()
    assert (zendesk.rows(TICKETS), zendesk.fake.marked) == ([("open", 1)], ["open"])


@pytest.mark.slow
def test_a_status_that_is_not_taken_is_tried_again_and_one_without_an_answer_is_looked_up(
    zendesk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SETTLES", timedelta(0))
    zendesk.says(PERSON)
    zendesk.fake.fault = "busy"
    assert "503" in closes(zendesk)
    zendesk.fake.fault = "cut"
    zendesk.turn()
    assert zendesk.rows(MARKS) == ["sending"]
    zendesk.fake.fault = ""
    zendesk.turn()
    assert (zendesk.fake.marked, zendesk.rows(MARKS)) == ([zendesk.fake.solved], ["sent"])


@pytest.mark.slow
def test_a_status_without_an_answer_is_not_asked_for_again_where_it_is_another_one(
    zendesk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SETTLES", timedelta(0))
    zendesk.says(PERSON)
    zendesk.fake.fault = "cut"
    closes(zendesk)
    zendesk.fake.fault, zendesk.fake.status = "", "open"  # somebody there has opened it again
    zendesk.turn()
    zendesk.turn()
    assert (zendesk.fake.marked, zendesk.rows(MARKS)) == ([zendesk.fake.solved], ["not_known"])


@pytest.mark.slow
def test_a_conversation_that_somebody_there_has_is_not_closed(desk: AtDesk) -> None:
    desk.says(PERSON)
    desk.fake.assignee = LEA
    closes(desk)
    assert (desk.fake.marked, desk.rows(MARKS)) == ([], ["overtaken"])


@pytest.mark.slow
def test_a_conversation_is_not_closed_where_the_customer_wrote_last(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    zendesk.fake.write("And one thing more.")
    working.close(place_of(zendesk), "T000001", "dana", "They came by.")
    send_out(zendesk.engine, zendesk.channel, {})
    assert (zendesk.fake.marked, zendesk.rows(MARKS)) == ([], ["overtaken"])
    zendesk.tell()
    zendesk.turn()
    assert (zendesk.fake.marked, zendesk.rows(TICKETS)) == ([], [("open", 1)])


@pytest.mark.slow
def test_a_conversation_is_not_closed_where_the_newest_message_that_was_taken_up_is_unanswered(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    zendesk.says("And my heater leaks.")  # goes to the person, and nobody has answered
    closes(zendesk)
    assert (zendesk.fake.marked, zendesk.rows(MARKS)) == ([], ["overtaken"])


@pytest.mark.parametrize(
    ("posts", "waits"),
    [
        ("c1 u2 c3", True),
        ("c1 u2 c3 u4", False),
        ("c1 u2 c3 p4", False),
        ("c1 u2 c3 c5", True),
        ("c1 u2 c3 c5 u6", True),  # which may be an answer to the third alone
        ("c1 u2 c3 c5 p6", False),
        ("c1 u2 c3 o5", True),
        ("c1 u2 t3", False),
        ("c1 t3", True),
        ("c1 u2", True),  # the third is gone, and so nobody knows
        ("c1 p2", False),
    ],
)
def test_what_waits_for_an_answer(posts: str, waits: bool) -> None:
    who: dict[str, By] = {"c": "customer", "t": "customer", "u": "us", "p": "person", "o": "other"}
    said = (Post(int(n), who[by], "Thank you!" if by == "t" else "It leaks.") for by, n in posts.split())
    assert Conversation(tuple(said)).waits_since(3) == waits


@pytest.mark.slow
def test_a_conversation_that_people_close_while_it_is_to_be_opened_stays_closed(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    closes(zendesk)
    zendesk.fake.status = "open"
    zendesk.tell()
    zendesk.turn()
    zendesk.fake.fault = "busy"
    reopen(zendesk.engine, case_of(zendesk), "dana", "They rang.")
    zendesk.fake.status = zendesk.fake.solved
    zendesk.turn()
    zendesk.fake.fault = ""
    zendesk.turn()
    zendesk.turn()
    assert (zendesk.fake.marked, zendesk.rows(TICKETS)) == ([zendesk.fake.solved], [("open", 1)])


@pytest.mark.slow
def test_a_ticket_that_was_opened_again_is_not_closed_by_what_may_be_an_older_closing(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    closes(zendesk)
    zendesk.fake.status = "open"
    zendesk.tell()
    zendesk.turn()
    zendesk.fake.status = zendesk.fake.solved  # which the help desk tells of too late
    reopen(zendesk.engine, case_of(zendesk), "dana", "They rang.")
    for _ in range(2):
        zendesk.tell()
        zendesk.turn()
    assert (zendesk.fake.marked, zendesk.rows(TICKETS)) == ([zendesk.fake.solved], [("open", 1)])
    note = "It was closed at the help desk (zendesk). T000001 stays open, as it was opened again here at about the same time."
    assert zendesk.rows(NOTES) == [note]
    zendesk.fake.status = "open"
    zendesk.tell()
    zendesk.turn()
    is_closed_there(zendesk)
    assert (zendesk.fake.marked, zendesk.rows(TICKETS)) == ([zendesk.fake.solved], [("closed", 1)])


@pytest.mark.slow
def test_a_ticket_that_was_opened_again_is_closed_once_its_conversation_was_opened(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    closes(zendesk)
    reopen(zendesk.engine, case_of(zendesk), "dana", "They rang.")
    zendesk.turn()
    is_closed_there(zendesk)
    assert (zendesk.fake.marked, zendesk.rows(TICKETS)) == ([zendesk.fake.solved, "open"], [("closed", 1)])


@pytest.mark.slow
def test_the_ticket_of_a_case_that_an_operator_has_stays_open_with_a_note(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    take(zendesk.engine, case_of(zendesk), "dana")
    is_closed_there(zendesk)  # as an automation does it after some days
    is_closed_there(zendesk)
    note = "It was closed at the help desk (zendesk). T000001 stays open, as dana has the case."
    assert (zendesk.rows(TICKETS), zendesk.rows(NOTES)) == ([("open", 0)], [note])
    closes(zendesk)
    assert (zendesk.rows(TICKETS), zendesk.fake.marked) == ([("closed", 0)], [])


@pytest.mark.slow
def test_a_conversation_whose_ticket_was_closed_here_before_stays_closed_by_people(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    with Session(zendesk.engine) as session, session.begin():
        opened(session, "second", case_of(zendesk), {"department": "-", "priority": "low", "subject": "-", "summary": "-"})
    closes(zendesk)
    is_closed_there(zendesk)
    zendesk.turn()
    assert (zendesk.rows(TICKETS), zendesk.fake.marked) == ([("closed", 0), ("closed", 0)], [])
    assert zendesk.rows(STATUS) == ["settled"]


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["nowhere", "here", "there"])
@pytest.mark.parametrize("assignee", [None, LEA])
def test_what_was_before_statuses_were_kept_is_left_as_it_is(tmp_path: Path, closed: str, assignee: int | None) -> None:
    with at_desk(tmp_path, "zendesk") as desk:
        desk.says(PERSON)
        keeps_none = "UPDATE channel_threads SET place = json_remove(place, '$.status', '$.seen', '$.since')"
        with desk.engine.begin() as connection:
            connection.exec_driver_sql(keeps_none)
        desk.fake.assignee = assignee
        if closed == "here":
            closes(desk)
        desk.fake.status = desk.fake.solved if closed == "there" else "open"
        desk.tell()
        desk.turn()
        desk.turn()
        known = "closed" if closed == "there" else "open"
        assert (desk.fake.marked, desk.rows(STATUS)) == ([], [known])
        assert desk.rows(TICKETS) == [("closed" if closed == "here" else "open", 0)]
        if closed == "here":
            reopen(desk.engine, case_of(desk), "dana", "They rang.")
            desk.turn()
        desk.fake.status, desk.fake.assignee = "open", None
        desk.tell()
        desk.turn()
        closes(desk)
        assert desk.fake.marked == [desk.fake.solved]


@pytest.mark.slow
def test_words_of_an_operator_who_closes_the_ticket_come_before_the_closing(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    take(zendesk.engine, case_of(zendesk), "dana")
    zendesk.fake.fault = "busy"
    speak(zendesk.engine, case_of(zendesk), "dana", "Come by at nine.")
    assert "503" in closes(zendesk)
    zendesk.fake.fault = ""
    zendesk.turn()
    zendesk.turn()
    assert (zendesk.fake.said(), zendesk.fake.marked) == ([LEFT, "Come by at nine."], [zendesk.fake.solved])


@pytest.mark.slow
def test_a_draft_that_an_operator_sends_is_said_before_the_conversation_is_closed(tmp_path: Path) -> None:
    with at_desk(tmp_path, "chatwoot", drafts="all") as desk:
        desk.says("When is the hall open?")
        [draft] = drafts(desk.engine)
        send_draft(desk.engine, draft.case_id, "dana", draft.hash)
        desk.turn()
        assert (desk.fake.said()[1:], desk.fake.marked) == ([OPEN], [])
        desk.turn()
        assert (desk.fake.said()[1:], desk.fake.marked) == ([OPEN], ["resolved"])


@pytest.mark.slow
def test_citations_of_a_draft_and_of_what_an_operator_says_are_read_as_names(tmp_path: Path) -> None:
    with at_desk(tmp_path, "chatwoot", drafts="all") as desk:
        desk.says("When is the hall open?")
        [draft] = drafts(desk.engine)
        send_draft(desk.engine, draft.case_id, "dana", draft.hash, "From nine. [hall-hours.md#days]")
        desk.turn()
        assert desk.fake.said()[1:] == ["From nine. (see: Hall hours)"]


@pytest.mark.slow
def test_a_ticket_beside_a_case_that_the_agents_go_on_with_closes_no_conversation(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    hand_back(zendesk.engine, case_of(zendesk), "dana", "Ask them for the room.", None)
    zendesk.turn()
    closes(zendesk)
    assert (zendesk.rows('SELECT "end" FROM cases'), zendesk.fake.marked) == (["awaiting_customer"], [])


@pytest.mark.slow
def test_a_conversation_of_chatwoot_that_is_pending_is_opened_once_the_case_waits_for_a_person(tmp_path: Path) -> None:
    with at_desk(tmp_path, "chatwoot") as desk:
        desk.fake.status = "pending"
        desk.says("When is the hall open?")
        assert (desk.fake.said(), desk.fake.marked) == ([OPEN], [])
        desk.says(PERSON)
        desk.turn()
        assert (desk.fake.said(), desk.fake.marked, desk.fake.status) == ([OPEN, LEFT], ["open"], "open")


@pytest.mark.slow
def test_an_opening_that_was_not_made_is_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "SETTLES", timedelta(0))
    with at_desk(tmp_path, "chatwoot") as desk:
        desk.fake.status = "pending"
        desk.says("When is the hall open?")
        desk.says(PERSON)
        desk.fake.fault = "cut"
        desk.turn()
        desk.fake.fault, desk.fake.status = "", "pending"  # as if it had never come there
        desk.turn()
        desk.turn()
        assert (desk.fake.status, desk.rows(MARKS)) == ("open", ["sent"])


@pytest.mark.slow
def test_words_of_an_operator_that_an_older_version_queued_go_to_a_closed_conversation(zendesk: AtDesk) -> None:
    zendesk.says(PERSON)
    speak(zendesk.engine, case_of(zendesk), "dana", "It is mended.")
    zendesk.fake.fault = "busy"
    zendesk.turn()
    with Session(zendesk.engine) as session, session.begin():
        (queued,) = session.scalars(select(AnswerRow).where(AnswerRow.n > 0, AnswerRow.state == "queued")).all()
        place = {name: value for name, value in queued.place.items() if name != "owed"}
        queued.place = {**place, "operator": True}
    zendesk.fake.fault, zendesk.fake.status = "", zendesk.fake.solved
    zendesk.turn()
    assert zendesk.fake.said() == [LEFT, "It is mended."]


@pytest.mark.slow
def test_a_conversation_of_chatwoot_is_opened_each_time_that_its_case_is_handed_over(tmp_path: Path) -> None:
    with at_desk(tmp_path, "chatwoot") as desk:
        desk.fake.status = "pending"
        desk.says(PERSON)
        desk.turn()
        assert desk.fake.marked == ["open"]
        desk.fake.status = "pending"  # they give it to the desk again, and the case
        hand_back(desk.engine, case_of(desk), "dana", "Ask them for the room.", None)
        desk.tell()
        desk.turn()
        assert desk.fake.marked == ["open"]
        desk.says(PERSON)
        desk.tell()
        desk.turn()
        assert (desk.fake.marked, desk.rows(TICKETS)) == (["open", "open"], [("open", 0)])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["zammad", "zendesk"])
def test_all_that_means_closed_is_closed(tmp_path: Path, name: str) -> None:
    with at_desk(tmp_path, name) as desk:
        desk.says(PERSON)
        for status in ("pending reminder", "merged") if name == "zammad" else ("pending", "hold"):
            desk.fake.status = status
            desk.tell()
            desk.turn()
        assert desk.rows(TICKETS) == [("open", 0)]
        desk.fake.status = "done by phone" if name == "zammad" else "closed"
        desk.tell()
        desk.turn()
        assert desk.rows(TICKETS) == [("closed", 0)]


@pytest.mark.slow
def test_what_was_asked_for_counts_for_none_of_the_answers_of_an_hour(tmp_path: Path) -> None:
    with at_desk(tmp_path, "zendesk") as desk:
        desk.channel.most_answers = 2
        desk.says(PERSON)
        for _ in range(3):
            closes(desk)
            reopen(desk.engine, case_of(desk), "dana", "They rang.")
            desk.turn()
        speak(desk.engine, case_of(desk), "dana", "It is mended.")
        desk.turn()
        assert (desk.fake.said(), len(desk.fake.marked)) == ([LEFT, "It is mended."], 6)


@pytest.mark.slow
def test_a_conversation_that_is_closed_gets_no_note_that_the_desk_is_silent(zendesk: AtDesk) -> None:
    zendesk.fake.write("When is the hall open?", STRANGER)
    is_closed_there(zendesk)
    assert zendesk.fake.said(public=False) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["chatwoot", "zammad"])  # Zendesk takes none where the ticket has changed
def test_two_processes_leave_one_note(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_desk, "PAUSE", 0.0)
    with at_desk(tmp_path, name) as desk:
        other = HelpDeskChannel(desk.engine, desk.fake.desk(), 30)
        read, is_first = desk.channel.desk.read, True

        def reads(conversation: str) -> Conversation | None:
            """The other one reads, and writes, between a look of this one and its note; then it is told of once more."""
            nonlocal is_first
            found = read(conversation)
            if is_first:
                is_first = False
                take_in(desk.environment, other, "toys")
                desk.tell()
            return found

        desk.channel.desk.read = reads  # type: ignore[method-assign]
        desk.fake.write("When is the hall open?", STRANGER)
        desk.tell()
        for _ in range(3):
            desk.turn()
        assert desk.fake.said(public=False) == [SILENT]


def test_who_claims_a_note_first_has_it_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(sqlite_url(tmp_path / "desk.db"))
    migrate_cases(engine)
    assert [claim(engine, "zendesk", one) for one in ("5", "5", "6")] == [True, False, True]
    monkeypatch.setattr("switchboard.cases.channels.noticed.SETTLES", timedelta(0))
    assert claim(engine, "zendesk", "5")
    engine.dispose()
