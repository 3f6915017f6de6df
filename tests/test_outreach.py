"""Letters to companies: who fits, why, what a model may word, and that each goes out once, with a way to want no more."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support.commands import switchboard
from support.mail_server import MailServer
from support.postgres import Fresh, with_driver
from support.sample import prepared

from agents.outreach.letter import borne_out, letter_to
from agents.outreach.profile import profile_of, wants_no_more
from agents.outreach.scoring import ranked
from groupchats.outreach import team
from groupchats.setup import setup
from switchboard.cases.approvals import answer, open_approvals
from switchboard.cases.cases import RunRef
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Approval, Prepared
from switchboard.declare.tool import Context
from switchboard.engine.worker import Worker
from switchboard.errors import ToolError
from switchboard.loop.drive import RunResult, run_team
from switchboard.mail.letters import Letter, MayBeSent, NotSent
from switchboard.mail.outbox import EXPIRES, SETTLES
from switchboard.mail.smtp import Smtp
from tools.outreach.companies import find_companies
from tools.outreach.file import companies_in
from tools.outreach.letters import UNSUBSCRIBE, keep_off, send_letter
from tools.outreach.outbox import settle_outbox
from tools.outreach.rows import OutreachLetter, folded
from tools.shop import now

OHIO = "Find makers of garden tools in Ohio, and write to the best two."
TO = ["hello@fern-makers.example.com", "hello@cedar-mill.example.com"]


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def smtp(mail: MailServer, **given: Any) -> Smtp:
    return Smtp("127.0.0.1", mail.port, "desk@example.com", "Fernhill Supply", "none", **given)


def asked(shop: Engine, words: str, approvals: Sequence[bool] = (), sender: Any = None, **given: Any) -> RunResult:
    turns = given.pop("turns", ())
    human = Prepared(turns, approvals, live=bool(turns))
    return run_team(team, words, engine=shop, human=human, services={"mail": sender, **given.pop("services", {})}, **given)


def states(shop: Engine) -> dict[str, str]:
    with shop.connect() as rows:
        return {row[0]: row[1] for row in rows.execute(text("SELECT recipient, state FROM outreach_letters"))}


@pytest.mark.parametrize(
    ("words", "search", "keep", "about"),
    [
        ("Find makers of clay pots in Vermont", {"words": "of clay pots in Vermont", "most": 50}, 5, ""),
        (
            "Find 20 companies in Ontario with 10 to 80 employees and mail the top 3 about a fair in May.",
            {"words": "in Ontario", "most": 20, "least_employees": 10, "most_employees": 80},
            3,
            "a fair in May",
        ),
        (
            "Find firms that make rugs with more than 30 people founded before 1990. Write to the best seven",
            {"words": "rugs", "most": 50, "least_employees": 31, "founded_until": 1989},
            7,
            "",
        ),
        ("Top 99 lamps, under 12 staff, since 2001", {"words": "lamps, ,", "most": 50, "most_employees": 11}, 10, ""),
    ],
)
def test_a_request_is_read_for_whom_how_many_and_what_about(words: str, search: Any, keep: int, about: str) -> None:
    found = profile_of(words)
    assert {name: value for name, value in found.search.items() if name in search} == search
    assert (found.keep, found.about) == (keep, about)


@pytest.mark.parametrize(
    ("words", "is_meant"),
    [
        ("unsubscribe", True),
        ("Please take us off your list.", True),
        ("Do not write to me again!", True),
        ("Find makers of lamps in Ohio and write to the best two", False),
        (
            "Thank you for your letter. " + "We have suppliers. " * 20 + "Please do not write to us again.",
            True,
        ),
        ("Find 5 makers of rugs and write to the best two. Do not write to Acme.", False),
        ("Find 5 makers of rugs. They must not unsubscribe.", False),
    ],
)
def test_who_wants_no_more_letters_is_understood(words: str, is_meant: bool) -> None:
    assert wants_no_more(words) is is_meant


def test_companies_are_ranked_by_points_whose_reasons_stand_in_their_rows() -> None:
    plain = {"name": "Plain", "email": "a@example.com", "products": "rugs", "makes": ["rug"], "places": []}
    full = {**plain, "name": "Full", "contact": "Ines Walden", "employees": 9, "founded": 1990, "places": ["Ohio"]}
    first, second = ranked([plain, full], ["rug", "wool"], ["Ohio"])
    assert (first.company["name"], first.score, second.score) == ("Full", 25 + 20 + 15 + 10 + 5, 25)
    assert first.reasons == ("makes rugs (1 of 2 words)", "is in Ohio", "Ines Walden is named there", "9 people", "since 1990")
    assert "names nobody to write to" in second.reasons


COMPANY = {
    "name": "Rowan Mill",
    "email": "a@example.com",
    "products": "wool rugs, door mats",
    "region": "Maine",
    "founded": 1971,
}


@pytest.mark.parametrize(
    ("paragraph", "is_so"),
    [
        ("Your wool rugs and door mats would suit our shop.", True),
        ("Your wool rugs from Maine have been made since 1971.", True),
        ("Your wool rugs won 3 prizes.", False),
        ("Your wool rugs hang in the Louvre.", False),
        ("Your rugs are loved by astronauts, emperors and poets everywhere.", False),
        ("Your wool rugs would suit our shop. Send samples to buyer@example.org.", False),
        ("Your wool rugs: see https://example.org", False),
        ("", False),
        ("Your wool rugs and door mats would suit our shop. " * 13, False),
    ],
)
def test_a_model_words_no_more_than_the_row_says(paragraph: str, is_so: bool) -> None:
    assert borne_out(paragraph, COMPANY) is is_so


def test_each_letter_that_is_approved_goes_out_once_with_a_way_to_want_no_more(shop: Engine, mail: MailServer) -> None:
    result = asked(shop, OHIO, (True, True), smtp(mail))
    assert (result.end, [to for to, _ in mail.letters]) == ("resolved", TO)
    for to, letter in mail.letters:
        assert letter["List-Unsubscribe"] == "<mailto:desk@example.com?subject=unsubscribe>"
        assert letter.get_content().rstrip().endswith(UNSUBSCRIBE)
        assert f"{to}: sent" not in result.document["reply"]
    assert result.document["reply"].count(": sent") == 2
    again = asked(shop, OHIO, (True, True), smtp(mail))
    assert len(mail.letters) == 4, "the next two of the four that fit"
    assert "left out: 2 written before" in again.document["reply"]
    assert len({to for to, _ in mail.letters}) == 4
    none = asked(shop, OHIO, (True, True), smtp(mail))
    assert (none.end, len(mail.letters)) == ("awaiting_customer", 4)


def test_an_operator_approves_the_very_letter_that_is_sent(shop: Engine, mail: MailServer) -> None:
    with Worker(Environment(shop, {"outreach": team}, services={"mail": smtp(mail)})) as worker:
        ref: RunRef | None = worker.open_case("outreach", OHIO)
        assert ref
        assert worker.work(ref)["end"] == "awaiting_approval"
        (waits,) = open_approvals(shop)
        assert mail.letters == []
        edited = {**waits.arguments, "text": waits.arguments["text"].replace("Kind regards", "With kind regards")}
        ref = answer(shop, ref.case_id, waits.hash, Approval("approve", "anna", arguments=edited), worker.workflows.executor)
        assert ref
        worker.work(ref)
        (other,) = open_approvals(shop)
        without = {**other.arguments, "text": "Buy our things."}
        ref = answer(shop, ref.case_id, other.hash, Approval("approve", "anna", arguments=without), worker.workflows.executor)
        assert ref
        document = worker.work(ref)
    ((to, letter),) = mail.letters
    assert (to, "With kind regards" in letter.get_content()) == (TO[0], True)
    assert "The letter must end with this line" in document["reply"]
    assert states(shop) == {TO[0]: "sent"}


def test_who_has_unsubscribed_gets_none_whatever_the_case_of_the_address(shop: Engine, mail: MailServer) -> None:
    assert asked(shop, "Please unsubscribe", known={"email": TO[0].upper()}).end == "resolved"
    result = asked(shop, OHIO, (True, True), smtp(mail))
    assert TO[0] not in {to for to, _ in mail.letters}
    assert "1 unsubscribed" in result.document["reply"]
    with shop.connect() as rows:
        assert rows.execute(text("SELECT address FROM unsubscribed")).scalars().all() == [TO[0]]


def test_who_asks_for_no_more_letters_and_names_no_address_is_asked_for_it(shop: Engine) -> None:
    result = asked(shop, "Please take me off your list", turns=("It is Mill@Example.com",))
    assert "Which e-mail address should get no more letters?" in str(result.document["transcript"])
    with shop.connect() as rows:
        assert rows.execute(text("SELECT address FROM unsubscribed")).scalars().all() == ["mill@example.com"]


def test_who_unsubscribes_while_their_letter_waits_does_not_get_it(shop: Engine, mail: MailServer) -> None:
    asked(shop, OHIO, (True, True))
    with Session(shop) as session:
        assert keep_off(session, TO[0].title()) and not keep_off(session, TO[0])
        session.commit()
    aged(shop, SETTLES)
    assert settle_outbox(shop, smtp(mail)) == 1
    assert states(shop) == {TO[0]: "withdrawn", TO[1]: "sent"}


def aged(shop: Engine, by: timedelta, name: str = "changed_at") -> None:
    with Session(shop) as session:
        for row in session.query(OutreachLetter):
            setattr(row, name, now() - by - timedelta(minutes=1))
        session.commit()


def test_what_waits_for_a_mail_server_goes_out_once_there_is_one_and_not_after_three_days(
    shop: Engine, mail: MailServer
) -> None:
    result = asked(shop, OHIO, (True, True))
    assert result.document["reply"].count(": handed in, waits to be sent: No mail server is configured") == 2
    assert set(states(shop).values()) == {"queued"}
    assert setup.chore is not None
    services = {"payments": None, "mail": smtp(mail)}
    assert setup.chore(shop, services) == "", "who works on it now is left alone"
    aged(shop, SETTLES)
    assert setup.chore(shop, services) == "Letters that waited were sent: 2."
    assert setup.chore(shop, services) == ""
    assert [to for to, _ in mail.letters] == TO
    asked(shop, OHIO, (True, True))
    aged(shop, SETTLES)
    aged(shop, EXPIRES, "queued_at")
    assert settle_outbox(shop, smtp(mail)) == 0
    assert sorted(states(shop).values()) == ["sent", "sent", "withdrawn", "withdrawn"]
    assert "2 written before" in asked(shop, OHIO, (True, True), smtp(mail)).document["reply"]
    assert len(mail.letters) == 4, "what never went out may be written again"


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"MAIL": "451 Later"}, "queued"),
        ({"RCPT": "550 Nobody here"}, "refused"),
        ({"DATA": "554 No"}, "refused"),
        ({"DATA": "gibberish"}, "not_known"),
    ],
)
def test_what_a_mail_server_says_is_what_is_told(shop: Engine, answers: dict[str, str], state: str) -> None:
    with MailServer(answers=answers) as mail:
        result = asked(shop, OHIO, (True,), smtp(mail, seconds=5))
    assert states(shop)[TO[0]] == state
    assert "1. Fern Makers" in result.document["reply"] or result.end == "awaiting_approval"


def test_a_report_and_the_list_of_letters_give_one_reason_and_it_is_the_true_one(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("name,email,products\nOdd,bö@zäh.example,lanterns\nWrong,no@wrong.example,lanterns\n")
    shop = prepared(sqlite_url(tmp_path / "switchboard.db"))
    with MailServer(refuses=("no@wrong.example",)) as mail:
        words, services = "Find makers of lanterns, and write to the best two.", {"companies": tmp_path / "firms.csv"}
        result = asked(shop, words, (True, True), smtp(mail), services=services)
        assert mail.letters == []
    listed = switchboard(tmp_path, "outreach", "letters", "--json", SWITCHBOARD_DATA=str(tmp_path))
    why = {one["to"]: one["why"] for one in json.loads(listed.stdout)["letters"]}
    assert all(f"not sent: {one.rstrip('.')}" in result.document["reply"] for one in why.values())
    assert "mail server" not in why["bö@zäh.example"], "none was asked"
    assert "(550)" in why["no@wrong.example"]
    table = switchboard(tmp_path, "outreach", "letters", SWITCHBOARD_DATA=str(tmp_path)).stdout
    assert "refused" not in table and "not sent" in table
    shop.dispose()


def test_a_mail_server_that_falls_silent_once_it_has_begun_may_have_taken_the_letter() -> None:
    letter = Letter(TO[0], "Hello", "Hello.", "a:b", unsubscribe=True)
    with MailServer(silent_at="DATA") as mail, pytest.raises(MayBeSent):
        smtp(mail, seconds=0.3).send(letter)
    gone = Smtp("127.0.0.1", mail.port, "desk@example.com", tls="none")
    with pytest.raises(NotSent) as refused:
        gone.send(letter)
    assert not isinstance(refused.value, MayBeSent)


def test_of_two_cases_at_once_one_writes_to_an_address(shop: Engine) -> None:
    letter = letter_to(COMPANY)
    for case_id, to, is_first in (("case_1", "ada@münchen.example", True), ("case_2", "Ada@XN--MNCHEN-3YA.example", False)):
        with Session(shop) as session:
            made = Context(case_id, "call_1", "postman", session)
            if is_first:
                assert send_letter(made, **{**letter, "to": to})["state"] == "queued"
                assert send_letter(made, **{**letter, "to": to})["state"] == "queued", "the same call is the same letter"
            else:
                with pytest.raises(ToolError, match="was written before"):
                    send_letter(made, **{**letter, "to": to})
            session.commit()
    assert folded("Ada@München.Example") == "ada@xn--mnchen-3ya.example"


def found_in(shop: Engine, folder: Path, name: str, content: str, **search: Any) -> Any:
    (folder / name).write_text(content, encoding="utf-8")
    with Session(shop) as session:
        ctx = Context("case_1", "call_1", "scout", session, services={"companies": folder / name})
        return find_companies(ctx, **search)


def test_a_file_of_ones_own_is_read_whatever_its_columns_are_called(shop: Engine, tmp_path: Path) -> None:
    rows = "Company;E-Mail;Goods;Town;Staff;Colour\nMoor & Sons;MOOR@example.com;slate tiles;Leeds;1,2\nNone;;slate;Leeds;3\n"
    found = found_in(shop, tmp_path, "ours.csv", rows.replace("1,2", "12;red").replace(";3\n", ";3;\n"), words="slate in Leeds")
    assert [(one.name, one.email, one.employees, one.city) for one in found.companies] == [
        ("Moor & Sons", "moor@example.com", 12, "Leeds")
    ]
    assert (found.candidates, found.faults) == (2, ["line 3: None has no e-mail address"])
    odd = "name,email,products\nA,Bo Lind <bo@lind.example>,sinks\nB,none yet,sinks\nC,<x@c.example> <y@c.example>,sinks\n"
    odd += 'D,"x@d.example, y@d.example",sinks\nE,"z@e.example\nCc: y@e.example",sinks\nF, ,sinks\n'
    found = found_in(shop, tmp_path, "odd.csv", odd, words="sinks")
    assert [one.email for one in found.companies] == ["bo@lind.example"]
    assert [one.partition(": ")[2].endswith("is no single e-mail address") for one in found.faults] == [True] * 4 + [False]
    assert found.faults[-1].endswith("F has no e-mail address")
    lines = [{"name": f"Kiln {n}", "email": f"Kiln{n % 2}@example.com", "products": "bricks " * 60} for n in range(60)]
    found = found_in(shop, tmp_path, "more.jsonl", "\n".join(map(json.dumps, lines)), words="bricks")
    assert (found.fits, found.left_out) == (2, {"same_address": 58})


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.csv", "name,products\nA,b\n", "has no column email"),
        ("odd.txt", "name,email\n", "ends in neither .csv nor .jsonl"),
        ("empty.csv", "", "is empty"),
    ],
)
def test_a_file_that_is_none_is_said_to_be_none(shop: Engine, tmp_path: Path, name: str, content: str, why: str) -> None:
    with pytest.raises(ToolError, match=why):
        found_in(shop, tmp_path, name, content, words="tiles")
    told = asked(shop, OHIO, services={"companies": tmp_path / name})
    assert "No companies could be looked at" in told.document["reply"]
    with pytest.raises(ToolError, match="cannot be read"):
        companies_in(tmp_path / "gone.csv")


def test_the_seed_is_plainly_fictional() -> None:
    rows = (Path(setup.sources or "").parent / "seed" / "companies.csv").read_text("utf-8").splitlines()[1:]
    assert len(rows) == 120
    assert all("example.com" in row or ",," in row for row in rows) and all("+1 555 0" in row for row in rows)


def test_a_letter_without_the_fact_has_no_list_header(mail: MailServer) -> None:
    smtp(mail).send(Letter(TO[0], "Your code", "123456", "a:b"))
    letter: EmailMessage = mail.letters[0][1]
    assert letter["List-Unsubscribe"] is None


def test_what_is_said_to_a_question_counts_beside_the_request(shop: Engine) -> None:
    words = "Find makers of submarines in Peru, and write to the best two."
    result = asked(shop, words, (True, True), turns=("Then garden tools in Ohio.",))
    assert "No company of the file says anything of peru, submarin." in str(result.document["transcript"])
    assert set(states(shop)) == set(TO)


def test_of_two_cases_in_the_same_moment_one_writes_on_postgres(fresh: Fresh) -> None:
    engine = open_engine(with_driver(fresh.shop()))
    letter = letter_to(COMPANY)
    told: list[str] = []

    def write(case_id: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        with Session(engine) as session:
            try:
                send_letter(Context(case_id, "call_1", "postman", session), **letter)
            except ToolError as error:
                told.append(error.code)
            meanwhile()
            session.commit()

    other = threading.Thread(target=write, args=("case_2",))

    def begin_other() -> None:
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it waits for the first one"

    write("case_1", begin_other)
    other.join(20)
    assert (told, states(engine)) == (["written_before"], {"a@example.com": "queued"})
    engine.dispose()
