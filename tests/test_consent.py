"""Nothing that must be confirmed is done without the customer's plain yes to the very call."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from support import toys

from switchboard.cases import cases
from switchboard.cases.approvals import answer, open_approvals
from switchboard.cases.cases import RunRef
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.consent.answers import NEGATIONS, NO, POLITE, YES, ReadBack, answers_to, stance_of
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Approval, Nobody, Prepared, Review
from switchboard.declare.moves import Call, Calls, Move, Say
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError, Refused
from switchboard.loop.drive import run_team
from switchboard.migrations import migrate_cases
from switchboard.reading.languages import language_in, said


@tool(effect="write", read_back=lambda given, result: f"Room {given['room']} is booked; it costs {result['price']}.")
def book(ctx: Context, room: int) -> dict[str, Any]:
    """Book a room."""
    if room > 100:
        raise Refused("There is no such room.", code="no_such_room")
    ctx.session.execute(text("INSERT INTO bookings VALUES (:room)"), {"room": room})
    return {"room": room, "price": f"{room * 10}.00 USD"}


def booking(*rooms: int) -> Any:
    """Rules that book these rooms at once where the customer writes "book", and then say what became of it."""

    def does(view: Any) -> Move:
        done = [c.result["room"] for c in view.calls if c.done]
        refused = [c.text for c in view.calls if not c.done]
        if done or refused:
            return Say(f"Booked: {done}. {' '.join(refused)}")
        if "book" in view.latest:
            return Calls(tuple(Call("book", {"room": room}) for room in rooms))
        return Say(f"I hear: {view.latest}")

    return does


def hotel(does: Any, *rules: Rule) -> TeamSpec:
    members = {**toys.team().members, "worker": toys.agent("worker", does, book)}
    approvals = (Rule("confirm", tool="book"), *rules, Rule("approve"))
    return toys.team(members=members, approvals=approvals)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "hotel.db"))
    migrate_cases(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bookings (room INTEGER)"))
    yield engine
    engine.dispose()


def booked(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT room FROM bookings ORDER BY room")).scalars())


def talk(engine: Engine, spec: TeamSpec, *messages: str) -> list[tuple[str, str]]:
    """Each message of a recorded case with what the customer heard, and how the run ended."""
    heard = []
    with Worker(Environment(engine, {"toys": spec})) as worker:
        ref: RunRef | None = worker.open_case("toys", messages[0], known={"email": "ada@example.com"})
        for words in messages[1:]:
            assert ref
            heard.append(worker.work(ref))
            ref, _ = cases.hear(engine, ref.case_id, words, worker.workflows.executor)
        assert ref
        heard.append(worker.work(ref))
        assert rebuild(worker.environment, ref.case_id).complete
    return [(document["reply"], str(document["end"])) for document in heard]


def test_a_call_is_read_back_and_made_after_a_plain_yes(rows: Engine) -> None:
    (question, waits), (told, end) = talk(rows, hotel(booking(7)), "Please book it.", "Yes, please.")
    assert "Room 7 is booked; it costs 70.00 USD." in question and waits == "awaiting_customer"
    assert (told, end, booked(rows)) == ("Booked: [7].", "resolved", [7])


def test_a_rehearsal_leaves_no_row_behind(rows: Engine) -> None:
    talk(rows, hotel(booking(7)), "Please book it.")
    assert booked(rows) == []


def test_what_the_rows_refuse_the_customer_is_not_asked(rows: Engine) -> None:
    assert talk(rows, hotel(booking(107)), "Please book it.") == [("Booked: []. There is no such room.", "resolved")]


def test_after_a_no_nothing_is_done_and_that_is_said(rows: Engine) -> None:
    _, (told, end) = talk(rows, hotel(booking(7)), "Please book it.", "No, thanks.")
    assert (told, end, booked(rows)) == ("All right, I have not done that, and leave it as it is.", "resolved", [])


@pytest.mark.parametrize("words", ["Yes, but room 8.", "Not before I know more?", "sure, though not today", "pass"])
def test_other_words_are_new_words_and_no_yes(rows: Engine, words: str) -> None:
    _, (told, _) = talk(rows, hotel(booking(7)), "Please book it.", words)
    assert (told, booked(rows)) == (f"I hear: {words}", [])


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", ["How much is breakfast?", "yes?", "Was kostet das Frühstück", "¿Cuánto cuesta?", "Combien ?"]
)
def test_a_question_is_answered_and_the_call_is_read_back_once_more(rows: Engine, words: str) -> None:
    (first, _), (second, waits), (told, _) = talk(rows, hotel(booking(7)), "Please book it.", words, "Yes.")
    assert (second, waits) == (f"I hear: {words}\n\n{first}", "awaiting_customer")
    assert (told, booked(rows)) == ("Booked: [7].", [7])


def test_a_call_is_not_read_back_for_ever(rows: Engine) -> None:
    *_, (told, end) = talk(rows, hotel(booking(7)), "Please book it.", "Is it warm?", "Is it really?", "yes")
    assert (told, end, booked(rows)) == ("I hear: yes", "resolved", [])


def test_who_answers_a_question_with_a_question_reads_nothing_back(rows: Engine) -> None:
    def asks_back(view: Any) -> Move:
        return booking(7)(view) if "book" in view.latest else Say("Do you mean the season?", asks=True)

    assert talk(rows, hotel(asks_back), "Please book it.", "Is it warm?")[-1] == (
        "Do you mean the season?",
        "awaiting_customer",
    )
    assert booked(rows) == []


def test_in_a_chat_with_reviews_the_answer_and_the_call_are_let_pass_together(rows: Engine) -> None:
    seen: list[Move] = []

    class Watching(Passing):
        live = True

        def next_words(self, question: str) -> str | None:
            return "Is it warm?" if "I hear" not in question else "Yes."

        def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
            seen.append(move)
            return super().review(agent, move, effects)

    known = {"email": "ada@example.com"}
    result = run_team(hotel(booking(7)), "Please book it.", engine=rows, human=Watching(), known=known)
    assert booked(rows) == [7] and result.run.asking == []
    told = [call.telling for move in seen if isinstance(move, Calls) for call in move.calls]
    assert [text for text in told if text] == ["I hear: Is it warm?"]


@pytest.mark.parametrize("words", ["p", "y", "y e s", "...", "\U0001f44d", "> Before I do this, please check it"])
def test_an_answer_that_says_nothing_is_neither_a_yes_nor_a_lost_turn(rows: Engine, words: str) -> None:
    _, (told, waits), (last, end) = talk(rows, hotel(booking(7)), "Please book it.", words, "Yes, please.")
    assert (told, waits) == (said("read_back.again", ""), "awaiting_customer")
    assert (last, end, booked(rows)) == ("Booked: [7].", "resolved", [7])


def test_a_question_is_not_asked_again_for_ever(rows: Engine) -> None:
    *_, third, last = talk(rows, hotel(booking(7)), "Please book it.", "p", "p", "p", "yes")
    assert third == ("I hear: p", "resolved")
    assert (last, booked(rows)) == (("I hear: yes", "resolved"), [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "asks", "again", "left", "yes"),
    [
        ("Bitte book das Zimmer für mich.", "Soll ich das tun?", "weder ein Ja", "lasse es, wie es ist", "Ja, bitte."),
        ("Bonjour, je voudrais book une chambre.", "Dois-je le faire ?", "ni oui ni non", "tout tel quel", "Oui."),
        ("Hola, quiero book una habitación.", "¿Lo hago?", "ni un sí ni un no", "lo dejo como está", "Sí, gracias."),
    ],
)
def test_a_call_is_read_back_in_the_customers_language(
    rows: Engine, words: str, asks: str, again: str, left: str, yes: str
) -> None:
    (question, _), (more, _), (told, end) = talk(rows, hotel(booking(7)), words, "p", yes)
    assert asks in question and "Shall I" not in question and again in more
    assert (told, end, booked(rows)) == ("Booked: [7].", "resolved", [7])
    _, (no, _) = talk(rows, hotel(booking(7)), words, "No" if yes.startswith("S") else "Nein" if yes[0] == "J" else "Non")
    assert left in no and booked(rows) == [7]


def test_the_language_is_that_of_the_newest_words_that_tell_it() -> None:
    german = "Ich möchte bitte meine Bestellung zurückgeben."
    assert language_in(["ok", german]) == language_in(["#W1000001", "Danke!", german]) == "de"
    assert language_in(["Sorry, I can write in English too.", german]) == language_in(["yes", "where is it"]) == ""


def test_a_yes_holds_for_one_call_alone(rows: Engine) -> None:
    heard = talk(rows, hotel(booking(7)), "Please book it.", "yes", "Please book it again.", "no")
    assert [end for _, end in heard] == ["awaiting_customer", "resolved", "awaiting_customer", "resolved"] or booked(rows) == [
        7
    ]
    assert booked(rows) == [7]


def test_a_yes_to_another_question_lets_nothing_pass(rows: Engine) -> None:
    def asks_first(view: Any) -> Move:
        return booking(7)(view) if "book" in view.latest else Say("Is it warm there?", asks=True)

    assert talk(rows, hotel(asks_first), "Hello.", "Yes, please.")[-1][1] == "awaiting_customer"
    assert booked(rows) == []


@pytest.mark.parametrize(
    ("words", "rooms"),
    [("Yes", [7, 8]), ("yes to 2", [8]), ("Yes, room 7 please.", [7]), ("no", []), ("only 7", []), ("yes, 9", [])],
)
def test_several_calls_are_answered_together_or_one_by_one(rows: Engine, words: str, rooms: list[int]) -> None:
    (question, _), *_ = talk(rows, hotel(booking(7, 8)), "Please book them.", words)
    assert "1. Room 7" in question and "2. Room 8" in question
    assert booked(rows) == rooms


def test_in_a_chat_the_answer_comes_within_the_run(rows: Engine) -> None:
    known = {"email": "ada@example.com"}
    for words, rooms in (("yes", [7]), ("no", [7]), ("maybe", [7])):
        result = run_team(hotel(booking(7)), "Please book it.", engine=rows, human=Prepared([words]), known=known)
        assert result.end == "resolved" or words == "maybe"
        assert booked(rows) == rooms


def test_after_the_yes_operators_are_asked_where_a_rule_says_so(rows: Engine) -> None:
    spec = hotel(booking(7), Rule("ask", tool="book"))
    assert [end for _, end in talk(rows, spec, "Please book it.", "yes")] == ["awaiting_customer", "awaiting_approval"]
    assert booked(rows) == []


def test_an_operators_edit_is_another_call_that_the_customer_must_confirm(rows: Engine) -> None:
    spec = hotel(booking(7), Rule("ask", tool="book"))
    with Worker(Environment(rows, {"toys": spec})) as worker:
        ref = worker.open_case("toys", "Please book it.", known={"email": "ada@example.com"})
        worker.work(ref)
        ref, _ = cases.hear(rows, ref.case_id, "yes", worker.workflows.executor)  # type: ignore[assignment]
        worker.work(ref)
        asked = open_approvals(rows)[0]
        edited = Approval("approve", "ines", arguments={"room": 9})
        ref = answer(rows, ref.case_id, asked.hash, edited, worker.workflows.executor)  # type: ignore[assignment]
        found = worker.work(ref)
        assert "Room 9" in found["reply"] and found["end"] == "awaiting_customer" and booked(rows) == []
        ref, _ = cases.hear(rows, ref.case_id, "Yes.", worker.workflows.executor)  # type: ignore[assignment]
        assert worker.work(ref)["end"] == "resolved"
    assert booked(rows) == [9]


def test_a_yes_that_was_written_before_the_question_is_no_yes_to_it(rows: Engine) -> None:
    with Worker(Environment(rows, {"toys": hotel(booking(7))})) as worker:
        ref = worker.open_case("toys", "Please book it.", known={"email": "ada@example.com"})
        assert cases.hear(rows, ref.case_id, "Yes.", None)[0] is None, "the case is worked on"
        worker.work(ref)
        found = worker.work(RunRef(ref.case_id, 2))
        assert "Room 7 is booked" in found["reply"] and found["end"] == "awaiting_customer" and booked(rows) == []
        ref, _ = cases.hear(rows, ref.case_id, "Yes.", worker.workflows.executor)  # type: ignore[assignment]
        assert worker.work(ref)["end"] == "resolved"
        assert rebuild(worker.environment, ref.case_id).complete
    assert booked(rows) == [7]


@pytest.mark.slow
def test_a_yes_that_was_written_before_an_operators_edit_is_no_yes_to_that(rows: Engine) -> None:
    with Worker(Environment(rows, {"toys": hotel(booking(7), Rule("ask", tool="book"))})) as worker:
        ref = worker.open_case("toys", "Please book it.", known={"email": "ada@example.com"})
        worker.work(ref)
        ref, _ = cases.hear(rows, ref.case_id, "yes", worker.workflows.executor)  # type: ignore[assignment]
        worker.work(ref)
        assert cases.hear(rows, ref.case_id, "Yes.", None)[0] is None, "the case waits for an operator"
        asked = open_approvals(rows)[0]
        edited = Approval("approve", "ines", arguments={"room": 9})
        ref = answer(rows, ref.case_id, asked.hash, edited, worker.workflows.executor)  # type: ignore[assignment]
        worker.work(ref)
        found = worker.work(RunRef(ref.case_id, ref.number + 1))
        assert "Room 9" in found["reply"] and found["end"] == "awaiting_customer" and booked(rows) == []


def test_a_no_counts_whenever_it_was_written(rows: Engine) -> None:
    with Worker(Environment(rows, {"toys": hotel(booking(7))})) as worker:
        ref = worker.open_case("toys", "Please book it.", known={"email": "ada@example.com"})
        cases.hear(rows, ref.case_id, "No.", None)
        worker.work(ref)
        assert "I have not done that" in worker.work(RunRef(ref.case_id, 2))["reply"]
        assert rebuild(worker.environment, ref.case_id).complete
    assert booked(rows) == []


@pytest.mark.slow
def test_the_voices_of_two_operators_who_edited_a_call_count_after_the_customers_yes_to_it(rows: Engine) -> None:
    spec = hotel(booking(7), Rule("ask", tool="book", operators=2))
    with Worker(Environment(rows, {"toys": spec})) as worker:
        ref = worker.open_case("toys", "Please book it.", known={"email": "ada@example.com"})
        worker.work(ref)
        ref, _ = cases.hear(rows, ref.case_id, "yes", worker.workflows.executor)  # type: ignore[assignment]
        worker.work(ref)
        asked = open_approvals(rows)[0]
        said = [
            answer(rows, ref.case_id, asked.hash, Approval("approve", name, arguments={"room": 9}), worker.workflows.executor)
            for name in ("ines", "joe")
        ]
        assert said[0] is None and said[1]
        assert "Room 9" in worker.work(said[1])["reply"] and booked(rows) == []
        ref, _ = cases.hear(rows, ref.case_id, "Yes.", worker.workflows.executor)  # type: ignore[assignment]
        assert worker.work(ref)["end"] == "resolved" and open_approvals(rows) == []
        assert rebuild(worker.environment, ref.case_id).complete
    assert booked(rows) == [9]


class Passing(Nobody):
    """An operator who lets each call pass."""

    reviews = True

    def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
        if isinstance(move, Calls):
            passed = tuple(replace(call, approved=True, by="ines") for call in move.calls)
            return Review("replace", Calls(passed))
        return Review()


def test_who_lets_a_call_pass_has_one_voice_of_those_that_a_rule_wants(tmp_path: Path) -> None:
    rules = (Rule("ask", tool="pay", operators=2), Rule("approve"))
    result = toys.run(tmp_path, toys.team(approvals=rules), human=Passing())
    assert (result.end, toys.PAID, len(result.run.asking)) == ("awaiting_approval", [], 1)
    assert [approval.by for approval in result.run.asking[0].said] == ["ines"]


def test_where_an_operator_was_to_see_each_step_a_write_that_none_has_seen_waits_for_one(rows: Engine) -> None:
    spec = hotel(booking(7), Rule("approve"))
    with Worker(Environment(rows, {"toys": spec})) as worker:
        ref = worker.open_case("toys", "Please book it.", known={"email": "ada@example.com"}, human=Passing())
        worker.environment.humans.clear()  # as after a kill of the process in which the operator sat
        worker.work(ref)
        ref, _ = cases.hear(rows, ref.case_id, "yes", worker.workflows.executor)  # type: ignore[assignment]
        assert worker.work(ref)["end"] == "awaiting_approval" and booked(rows) == []
        asked = open_approvals(rows)[0]
        ref = answer(rows, ref.case_id, asked.hash, Approval("approve", "ines"), worker.workflows.executor)  # type: ignore[assignment]
        assert worker.work(ref)["end"] == "resolved"
    assert booked(rows) == [7]


PLAIN = {
    "yes": """
        Yes|yes please|OK, do it.|Go ahead!|Ja, bitte.|Jawohl|In Ordnung|Oui, merci|D’accord.|Sí, por favor|De acuerdo
    """,
    "no": "No|No thanks.|Nein, danke|Non merci|no, gracias|please don't|Leave it",
    "other": """
        |Yes, but later|yes and cancel the other one|Ja, aber erst morgen|oui mais non|sí, pero no hoy|why?|y\u200bes|\u0443es|
        yes no|not yes|nicht ja|maybe
    """,
}


@pytest.mark.parametrize(
    ("stance", "words"), [(stance, words.strip()) for stance, some in PLAIN.items() for words in some.split("|")]
)
def test_a_plain_answer_is_known_in_four_languages(stance: str, words: str) -> None:
    assert stance_of(words) == stance


KNOWN = YES | NO | POLITE | NEGATIONS


@given(st.lists(st.sampled_from(sorted(YES | POLITE)), max_size=4), st.from_regex(r"[a-zäéñ]{2,12}", fullmatch=True))
def test_one_word_more_than_yes_is_no_yes(some: Sequence[str], more: str) -> None:
    if more not in KNOWN:
        assert stance_of(" ".join([*some, more])) != "yes"


def test_words_that_the_question_said_change_no_yes_unless_they_negate() -> None:
    question = "Cancel order #A12; it does not come back."
    assert stance_of("Yes, cancel order #A12", question) == "yes"
    assert stance_of("Yes, do not cancel order #A12", question) != "yes"
    assert stance_of("Yes, cancel order #A13", question) == "other"


def test_a_yes_that_names_one_of_two_calls_is_no_yes_to_the_other() -> None:
    calls = [ReadBack("call_1", "a", "Cancel order #A12."), ReadBack("call_2", "b", "Cancel order #A13.")]
    assert answers_to("Yes, #A13", calls) == {"call_1": "other", "call_2": "yes"}


@pytest.mark.slow
def test_a_yes_to_a_call_is_none_to_the_same_one_that_is_asked_for_anew(rows: Engine) -> None:
    stubborn = toys.agent("worker", lambda view: Calls((Call("book", {"room": 7}),)), book)
    members, rules = {**toys.team().members, "worker": stubborn}, (Rule("ask", tool="book"), Rule("approve"))
    with Worker(Environment(rows, {"toys": toys.team(members=members, approvals=rules)})) as worker:
        ref = worker.open_case("toys", "Please book it.", known={"email": "ada@example.com"})
        worker.work(ref)
        seen = open_approvals(rows)[0].hash
        cases.take(rows, ref.case_id, "erik")
        ref = cases.hand_back(rows, ref.case_id, "erik", "Leave it, please.", worker.workflows.executor)
        worker.work(ref)
        asked = open_approvals(rows)
        with pytest.raises(OperatorError, match="waits for another call"):
            answer(rows, ref.case_id, seen, Approval("approve", "dana"), worker.workflows.executor)
    assert booked(rows) == [] and [one.arguments for one in asked] == [{"room": 7}]
