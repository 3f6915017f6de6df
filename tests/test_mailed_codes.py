"""Who is verified by a code that is sent to their address on file: only who writes it back, whatever rules or models say."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.mail_server import MailServer

from groupchats.desk import team
from switchboard.cases.cases import RunRef, hear
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.consent.codes import Codes
from switchboard.consent.typed_codes import HIDDEN, Hiding, mark_of
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Prepared
from switchboard.declare.moves import Say, Unsure, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.engine.worker import Worker
from switchboard.flows.hub import hub
from switchboard.loop.drive import RunResult, run_team
from switchboard.mail.smtp import Smtp
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel, tool_calls
from tools.identity import find_user_id_by_email
from tools.orders import get_order_details
from tools.tickets import transfer_to_human_agents

PRIYA, EMMA, NOBODY = "priya.raman@example.com", "emma.lindqvist@example.com", "nobody@example.com"
WHERE = "Where is my order #W1000011?"
Words = str | Callable[[], str]


@dataclass
class Customer(Prepared):
    """Writes in this order; what is written after a letter is looked up in it at that moment."""

    later: Sequence[Words] = ()
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.live = bool(self.later)
        self._left = list(self.later)

    def next_words(self, question: str) -> str | None:
        self.asked.append(question)
        said = self._left.pop(0) if self._left else None
        return said() if callable(said) else said


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def codes_by(mail: MailServer, key: bytes = b"k" * 32) -> Codes:
    return Codes(key, Smtp("127.0.0.1", mail.port, "desk@example.com", "Fernhill Supply", "none", seconds=5), "Fernhill Supply")


def write(
    shop: Engine, mail: MailServer, *words: Words, who: TeamSpec = team, replies: Sequence[Reply] = (), email: str = ""
) -> RunResult:
    human = Customer(later=words[1:])
    given: dict[str, Any] = {"engine": shop, "human": human, "identity": "code", "codes": codes_by(mail)}
    given["known"] = {"email": email} if email else {}
    if not replies:
        return run_team(who, str(words[0]), **given)
    with ScriptedModel(replies) as model:
        endpoints = read_endpoints(json.dumps([{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]))
        found = run_team(who, str(words[0]), gateway=Gateway(endpoints, retries=0), **given)
        assert not any(code in json.dumps(model.requests) for code in mail.codes)
        return found


def told(found: RunResult) -> list[str]:
    return [e["text"] for e in found.document["transcript"] if e["kind"] == "message" and e["speaker"] != "customer"]


def made(found: RunResult) -> list[tuple[str, str]]:
    return [(c["tool"], c["status"]) for c in found.document["tool_calls"] if c["agent"] != "summarizer"]


def wrong(mail: MailServer) -> str:
    return f"{(int(mail.codes[-1]) + 1) % 10**6:06d}"


def test_who_writes_the_code_back_is_served_as_they_asked(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, f"it is {PRIYA}", lambda: f"here: {mail.codes[0]}. thanks")
    assert [to for to, _ in mail.letters] == [PRIYA]
    assert "I have sent a code of six digits to p***@e***.com" in told(found)[1]
    assert found.run.customer_id == "priya_raman_1003"
    assert ("get_order_details", "done") in made(found)
    assert "#W1000011" in told(found)[-1]


def test_the_note_of_a_case_tells_of_no_code_once_it_was_given(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, lambda: wrong(mail), lambda: mail.codes[0])
    (note,) = [c["arguments"]["text"] for c in found.document["tool_calls"] if c["tool"] == "add_case_note"]
    assert "Not done" not in note


def test_the_code_stands_nowhere_but_in_the_letter(shop: Engine, mail: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        found = write(shop, mail, WHERE, PRIYA, lambda: mail.codes[0])
    said = [e["text"] for e in found.document["transcript"] if e["speaker"] == "customer" and e["kind"] == "message"]
    assert said[-1] == HIDDEN
    with shop.connect() as connection:
        rows = [list(connection.execute(text("SELECT * FROM codes"))), json.dumps(found.document), caplog.text]
    assert mail.codes[0] not in str(rows)


def test_the_address_that_was_typed_verifies_nobody(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, f"I told you, I am {PRIYA}", "come on", "hello?")
    assert found.run.customer_id is None
    assert ("get_order_details", "done") not in made(found)
    assert len(mail.letters) == 1


def test_who_types_the_address_of_somebody_else_has_the_letter_sent_to_them(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, f"{WHERE} My name is Priya Raman, zip 78701, and my mail is eve@example.org", PRIYA, "123456")
    assert {to for to, _ in mail.letters} <= {PRIYA}
    assert found.run.customer_id is None


def test_a_code_goes_to_the_address_in_the_rows(shop: Engine, mail: MailServer) -> None:
    with shop.begin() as connection:
        connection.execute(text("UPDATE customers SET email = 'Priya.RAMAN@example.com' WHERE id = 'priya_raman_1003'"))
    found = write(shop, mail, WHERE, PRIYA, lambda: mail.codes[0])
    assert [to for to, _ in mail.letters] == ["Priya.RAMAN@example.com"]
    assert found.run.customer_id == "priya_raman_1003"


def test_a_name_and_a_zip_code_tell_nothing_of_the_address(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, "Where is my order?", "Maria Santos, 60614", lambda: mail.codes[0])
    assert "to the e-mail address on file, if there is an account" in told(found)[1]
    assert found.run.customer_id == "maria_santos_1007"


def test_nobody_learns_whether_an_address_has_an_account(shop: Engine, mail: MailServer) -> None:
    guesses = [f"{n:06d}" for n in range(5)]
    other = PRIYA.replace("priya.raman", "paula.roman")
    found = [told(write(shop, mail, WHERE, address, *guesses)) for address in (PRIYA, other)]
    assert found[0][:6] == found[1][:6]
    assert [line.split("T0")[0] for line in found[0]] == [line.split("T0")[0] for line in found[1]]
    assert [to for to, _ in mail.letters] == [PRIYA]
    assert mail.visits == 2


def test_a_wrong_code_is_told_and_the_right_one_counts_still(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, lambda: wrong(mail), lambda: f"{mail.codes[0][:3]} {mail.codes[0][3:]}")
    assert "That is not the code. Please look once more: it is in the newest mail. You have 4 tries left." in told(found)
    assert found.run.customer_id == "priya_raman_1003"


def test_after_five_wrong_codes_the_right_one_counts_no_more(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, *[lambda: wrong(mail)] * 5, lambda: mail.codes[0])
    assert (found.run.customer_id, found.end) == (None, "escalated")
    assert ("transfer_to_human_agents", "done") in made(found)


def test_many_codes_in_one_message_are_as_many_tries(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, lambda: " or ".join([*(f"10000{n}" for n in range(5)), mail.codes[0]]))
    assert (found.run.customer_id, found.end) == (None, "escalated")


def test_a_late_code_is_void_and_a_new_one_is_sent(shop: Engine, mail: MailServer) -> None:
    def late() -> str:
        with shop.begin() as connection:
            connection.execute(text("UPDATE codes SET made_at = made_at - 601"))
        return mail.codes[0]

    found = write(shop, mail, WHERE, PRIYA, late, lambda: mail.codes[0], lambda: mail.codes[1])
    assert len(set(mail.codes)) == 2
    assert "another code of six digits" in told(found)[2]
    assert "not the code" in told(found)[3]
    assert found.run.customer_id == "priya_raman_1003"


def test_a_code_counts_once_and_in_its_own_case_alone(shop: Engine, mail: MailServer) -> None:
    write(shop, mail, WHERE, PRIYA, lambda: mail.codes[0])
    again = write(shop, mail, WHERE, PRIYA, lambda: mail.codes[0])
    assert len(mail.codes) == 2 and again.run.customer_id is None


def test_a_code_made_with_another_key_is_another(shop: Engine, mail: MailServer) -> None:
    write(shop, mail, WHERE, PRIYA)
    with shop.connect() as connection:
        row = connection.execute(text("SELECT * FROM codes")).one()
    assert codes_by(mail).code(row) == mail.codes[0] != codes_by(mail, b"j" * 32).code(row)
    assert codes_by(mail).code(row) != codes_by(mail).code(replace_row(row, customer_id="emma_lindqvist_1001"))


def replace_row(row: Any, **given: str) -> Any:
    return type("Row", (), {**row._mapping, **given})


def test_a_code_that_did_not_arrive_is_sent_anew_twice(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, "it did not arrive", "please send it again", "nothing again", "nothing")
    assert len(mail.letters) == 3
    assert (found.run.customer_id, found.end) == (None, "escalated")


@pytest.mark.parametrize("address", [PRIYA, NOBODY])
def test_for_one_customer_there_are_only_so_many_codes_a_day(shop: Engine, mail: MailServer, address: str) -> None:
    ends = [write(shop, mail, WHERE, address).end for _ in range(8)]
    assert ends == ["awaiting_customer"] * 6 + ["escalated"] * 2
    assert len(mail.letters) == (6 if address == PRIYA else 0)


@pytest.mark.parametrize("address", [PRIYA, NOBODY])
def test_where_no_code_can_be_sent_a_person_helps(shop: Engine, caplog: pytest.LogCaptureFixture, address: str) -> None:
    with MailServer(answers={"EHLO": "421 No", "HELO": "421 No"}) as mail:
        found = write(shop, mail, WHERE, address)
    assert (found.run.customer_id, found.end) == (None, "escalated")
    assert "`switchboard check` tells more" in caplog.text and address not in caplog.text


def test_an_address_that_takes_no_letters_is_told_to_operators_alone(shop: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with MailServer(refuses=(PRIYA,)) as mail:
        found = write(shop, mail, WHERE, PRIYA)
    assert "I have sent a code" in told(found)[-1]
    assert "Correct the address on file" in caplog.text and PRIYA not in caplog.text


def test_the_address_of_the_channel_needs_no_code(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, email=PRIYA)
    assert found.run.customer_id == "priya_raman_1003"
    assert not mail.letters


def test_numbers_are_kept_where_no_code_is_asked_for(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, f"{WHERE} My reference is 123456.", email=PRIYA)
    assert "123456" in found.document["transcript"][0]["text"]


def test_the_words_around_a_code_are_no_matter_of_their_own(shop: Engine, mail: MailServer) -> None:
    words = [
        f"I am {PRIYA}, please cancel my order #W1000011",
        lambda: f"my code is {mail.codes[0]}",
        "no longer needed",
        "yes",
    ]
    found = write(shop, mail, *words)
    handed = [(e["to"], e["request"]) for e in found.document["transcript"] if e["kind"] == "handoff"]
    assert [to for to, _ in handed] == ["orders"] and HIDDEN not in handed[0][1]


def test_who_never_writes_the_code_gets_a_person(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, "what code?", "hm", "no idea")
    assert (found.run.customer_id, found.end, len(mail.letters)) == (None, "escalated", 1)


# Models


def waits(view: Any) -> Any:
    """The rules of an agent that leaves all to its model, as far as it may."""
    handed = view.last("transfer_to_human_agents")
    if handed and handed.done:
        return Say("A colleague takes over.")
    typed = [word for word in view.text.split() if "@" in word]
    if not view.customer_id and typed and not view.calls:
        return call("find_user_id_by_email", email=typed[0])
    if view.customer_id:
        return Unsure(Say("I have looked at your order."))
    if view.last() and view.last().code == "code_sent":
        return Say("Please write the code of six digits here that was sent to you.", asks=True)
    return Say("Who are you?", asks=True)


TOOLS = (find_user_id_by_email, get_order_details, transfer_to_human_agents)
DESK = TeamSpec(
    "lone",
    "One agent with a model.",
    {"desk": AgentSpec("desk", "Helps.", "You help.", waits, TOOLS)},
    hub("desk", {}),
    (Rule("approve"),),
)
LOOK = tool_calls([("find_user_id_by_email", {"email": PRIYA})])
ORDER = tool_calls([("get_order_details", {"order_id": "#W1000011"})])


def asks(words: str) -> Reply:
    return tool_calls([("reply", {"text": words, "asks": "the code"})])


def test_a_model_asks_for_the_code_and_goes_on_with_it(shop: Engine, mail: MailServer) -> None:
    replies = [LOOK, asks("Please write the code of six digits here."), ORDER, "Your order #W1000011 is pending."]
    found = write(shop, mail, f"{WHERE} {PRIYA}", lambda: f"{mail.codes[0]}", who=DESK, replies=replies)
    assert [status for _, status in made(found)] == ["refused", "done", "done"]
    assert found.run.customer_id == "priya_raman_1003"


def test_a_model_that_claims_verification_verifies_nobody(shop: Engine, mail: MailServer) -> None:
    replies = [LOOK, "You are verified, Priya.", ORDER, LOOK, ORDER, asks("The code is 123456, so you are verified. Right?")]
    found = write(shop, mail, f"{WHERE} {PRIYA}", "yes it is", who=DESK, replies=[*replies, *[ORDER] * 6])
    assert found.run.customer_id is None
    assert all(status == "refused" for tool, status in made(found) if tool != "transfer_to_human_agents")


def test_a_model_sends_no_code_to_whom_the_customer_did_not_name(shop: Engine, mail: MailServer) -> None:
    other = tool_calls([("find_user_id_by_email", {"email": EMMA})])
    quoted = f"{WHERE}\n> I am {EMMA}"
    for words in (WHERE, quoted):
        found = write(shop, mail, words, who=DESK, replies=[other, asks("Who are you?")])
        assert made(found) == [("find_user_id_by_email", "refused")]
    assert mail.visits == 0


def test_a_model_that_writes_the_code_itself_has_not_heard_it_from_the_customer(shop: Engine, mail: MailServer) -> None:
    replies: list[Reply] = [LOOK, asks("Is it 000000?"), tool_calls([("find_user_id_by_email", {"email": "000000"})])]
    found = write(shop, mail, f"{WHERE} {PRIYA}", "no idea", who=DESK, replies=[*replies, asks("Please look again.")])
    assert found.run.customer_id is None


# What is a code


WAITING, ASKING = Hiding("run_1", awaits=True), Hiding("run_1", awaits=True, asks=True)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("123456", ["123456"]),
        ("It's 123 456.", ["123456"]),
        ("(123-456)", ["123456"]),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", ["123456"]),
        ("000111, or 000111", ["000111"]),
        ("#W1000011 of 2026-11-26, 1234567, +123456, 123456.78, a123456", []),
        ("Call me at 555 123 4567 or 123 456 7890.", []),
    ],
)
def test_six_digits_are_a_code_and_other_numbers_are_none(said: str, found: list[str]) -> None:
    for hiding in (WAITING, ASKING):
        assert hiding.written_in(said) == found
        assert (hiding.without_codes(said) == said) == (not found)
    assert Hiding("run_1").written_in(said) == [] and Hiding("run_1").without_codes(said) == said


@pytest.mark.parametrize(
    ("said", "found", "kept"),
    [
        ("1234567", ["1234567"], HIDDEN),
        ("it's 12345, thanks!", ["12345"], f"it's {HIDDEN}, thanks!"),
        ("0123456", ["0123456"], HIDDEN),
        ("12 34 56", ["123456"], HIDDEN),
        ("1-2-3-4-5-6", ["123456"], HIDDEN),
        ("123.456", ["123456"], HIDDEN),
        ("Der Code ist 12345", ["12345"], f"Der Code ist {HIDDEN}"),
        ("My code is 1234567. Where is order 1000011?", ["1234567"], f"My code is {HIDDEN}. Where is order 1000011?"),
        ("Code: 12 34 56, and my order is #W1000011", ["123456"], f"Code: {HIDDEN}, and my order is #W1000011"),
        ("the code is 123456, 2 minutes old", ["123456"], f"the code is {HIDDEN}, 2 minutes old"),
        ("my order is 1000011", [], ""),
        ("#1000011", [], ""),
        ("W1000011", [], ""),
        ("Priya Raman, 78701", [], ""),
        ("the zip code is 78701", [], ""),
        ("my error code 12345", [], ""),
        ("555 123 4567", [], ""),
        ("$1234", [], ""),
        ("1234567 or 7654321", [], ""),
    ],
)
def test_an_answer_to_the_question_for_the_code_is_one(said: str, found: list[str], kept: str) -> None:
    assert ASKING.written_in(said) == found
    assert ASKING.without_codes(said) == (kept or said)
    sure = [digits for digits in found if digits in said]
    assert WAITING.written_in(said) == [digits for digits in sure if len(digits) == 6]


def test_codes_that_count_no_more_are_known_by_their_marks() -> None:
    spent = Hiding("run_1", spent=(mark_of("run_1", "123456"),))
    said = "My code was 123456, or 12 34 56? I am in 654321."
    assert spent.written_in(said) == []
    assert spent.without_codes(said) == f"My code was {HIDDEN}, or 12 34 56? I am in 654321."
    assert spent.without_codes("123 456") == spent.without_codes("12-34-56") == HIDDEN
    assert Hiding("run_2", spent=spent.spent).without_codes(said) == said


@pytest.mark.parametrize("slip", [lambda code: code + "7", lambda code: code[:-1], lambda code: f"the code is {code}0"])
def test_a_code_with_a_digit_amiss_is_a_wrong_one_and_no_order(
    shop: Engine, mail: MailServer, slip: Callable[[str], str]
) -> None:
    found = write(shop, mail, WHERE, PRIYA, lambda: slip(mail.codes[0]), lambda: mail.codes[0])
    assert "That is not the code. Please look once more: it is in the newest mail. You have 4 tries left." in told(found)
    assert found.run.customer_id == "priya_raman_1003"
    assert mail.codes[0][:-1] not in json.dumps(found.document)
    assert [c["arguments"] for c in found.document["tool_calls"] if c["tool"] == "get_order_details"] == [
        {"order_id": "#W1000011"}
    ]


@pytest.mark.parametrize(
    "spaced", [lambda c: f"{c[:2]} {c[2:4]} {c[4:]}", lambda c: "-".join(c), lambda c: f"ok, here it is:\n{c}\n\n> the code?"]
)
def test_a_code_may_be_written_with_gaps_or_above_a_quoted_mail(
    shop: Engine, mail: MailServer, spaced: Callable[[str], str]
) -> None:
    assert write(shop, mail, WHERE, PRIYA, lambda: spaced(mail.codes[0])).run.customer_id == "priya_raman_1003"


def test_a_code_in_a_quoted_mail_verifies_nobody_and_is_hidden(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, lambda: f"What is this?\n\n> Your code for us is {mail.codes[0]}.")
    assert found.run.customer_id is None
    assert mail.codes[0] not in json.dumps(found.document)


def test_a_code_that_was_used_stays_hidden_and_other_numbers_do_not(shop: Engine, mail: MailServer) -> None:
    again = "{1} was the code, wasn't it? And {0} the first. My reference is 002200.\n> {1}"
    written = [lambda: mail.codes[1], lambda: again.format(*mail.codes), lambda: mail.codes[1]]
    found = write(shop, mail, WHERE, PRIYA, "it did not arrive", *written)
    assert found.run.customer_id == "priya_raman_1003"
    assert not any(code in json.dumps(found.document) for code in mail.codes)
    assert "My reference is 002200." in json.dumps(found.document)


@pytest.mark.slow
def test_it_does_in_a_later_run_of_its_case(shop: Engine, mail: MailServer) -> None:
    environment = Environment(shop, {"desk": team}, identity="code", codes=codes_by(mail))
    with Worker(environment) as worker:
        ref: Any = worker.open_case("desk", f"{WHERE} I am {PRIYA}", known={})
        worker.work(ref)
        for words in (f"It is {mail.codes[0]}", f"And {mail.codes[0]} was my code, where is it?", f"{mail.codes[0]}!"):
            following, _ = hear(shop, ref.case_id, words, worker.workflows.executor)
            assert following and worker.work(following)["end"] in ("resolved", "awaiting_customer")
    again = rebuild(environment, ref.case_id)
    assert (again.differences, again.complete) == ((), True)
    with shop.connect() as connection:
        rows = [
            connection.execute(text(f"SELECT * FROM {table}")).all() for table in ("entries", "cases", "case_notes", "codes")
        ]
        assert connection.execute(text("SELECT count(*) FROM runs WHERE start LIKE '%spent_codes%'")).scalar() == 2
    assert mail.codes[0] not in str(rows)


@pytest.mark.parametrize("further", ["{}", "sorry, the code is {}", "{}!"])
def test_further_codes_of_who_is_verified_change_nothing_and_stand_nowhere(
    shop: Engine, mail: MailServer, further: str
) -> None:
    found = write(shop, mail, WHERE, PRIYA, lambda: mail.codes[0], lambda: further.format(wrong(mail)), "Thank you!")
    assert told(found)[3] == "I know already who you are, and need no further code."
    assert (found.run.customer_id, found.end) == ("priya_raman_1003", "resolved")
    assert wrong(mail) not in json.dumps(found.document)


def test_a_further_code_leaves_what_was_read_back_to_the_customers_yes(shop: Engine, mail: MailServer) -> None:
    later = ["cancel it, no longer needed", lambda: f"it is {wrong(mail)}", lambda: wrong(mail), "yes"]
    found = write(shop, mail, WHERE, PRIYA, lambda: mail.codes[0], *later)
    assert ("cancel_pending_order", "done") in made(found)
    assert sum("could not read that as a yes or a no" in line for line in told(found)) == 2


def test_six_digits_are_no_code_where_something_else_was_asked_for() -> None:
    spent = Hiding("run_1", spent=(mark_of("run_1", "123456"),))
    assert spent.without_codes("654321") == HIDDEN
    for kept in ("12345", "1000012", "my zip is 560001", "560001 or 560002"):
        assert spent.without_codes(kept) == kept
    asks_else = Hiding("run_1", spent=spent.spent, asks_else=True)
    assert (asks_else.without_codes("654321"), asks_else.without_codes("123456")) == ("654321", HIDDEN)


@pytest.mark.parametrize("is_right_first", [True, False])
def test_codes_that_are_written_while_an_earlier_one_is_tried_are_taken_up_after_it(
    shop: Engine, mail: MailServer, is_right_first: bool
) -> None:
    environment = Environment(shop, {"desk": team}, identity="code", codes=codes_by(mail))
    with Worker(environment) as worker:
        ref: Any = worker.open_case("desk", f"{WHERE} I am {PRIYA}", known={})
        worker.work(ref)
        both = [mail.codes[0], wrong(mail)] if is_right_first else [wrong(mail), mail.codes[0]]
        following, _ = hear(shop, ref.case_id, both[0], worker.workflows.executor)
        assert following and hear(shop, ref.case_id, both[1], worker.workflows.executor)[0] is None
        worker.work(following)
        found = worker.work(RunRef(ref.case_id, following.number + 1))
    assert found["end"] == "resolved"
    assert ("get_order_details", "done") in [(c["tool"], c["status"]) for c in found["tool_calls"]]
    assert not any(code in json.dumps(found) for code in both)
    again = rebuild(environment, ref.case_id)
    assert (again.differences, again.complete) == ((), True)


def test_an_order_number_counts_where_another_question_is_open(shop: Engine, mail: MailServer) -> None:
    found = write(shop, mail, WHERE, PRIYA, lambda: mail.codes[0], "Where is another order of mine?", "1000012")
    assert "1000012" in [e["text"] for e in found.document["transcript"] if e["kind"] == "message"]
