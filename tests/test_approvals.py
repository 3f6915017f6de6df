"""Approvals at the command line and below it: what an answer is bound to, who may give it, and what becomes of it."""

import json
import os
import platform
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from support import toys
from support.commands import GRACE, LARGE, WHERE, document, lines, parked, refunds, said, started, switchboard
from support.own_shop import seeded
from support.staffed import Place
from support.terminal import Terminal, plain

from groupchats.desk import team as desk
from switchboard.cases import cases
from switchboard.cases.approvals import WaitingCall, answer, call_that_waits
from switchboard.cases.people.waiting import said_already
from switchboard.cases.runs import Environment
from switchboard.cases.tables import WorkerRow, clock
from switchboard.console.terminal.approvals import show_asked
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Approval, Human, Nobody
from switchboard.declare.moves import Call
from switchboard.declare.team import Rule
from switchboard.declare.tool import Context, tool
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.models.scripted import ScriptedModel, tool_calls
from switchboard.service import approvals

TWO = (Rule("approve", effect="read"), Rule("approve", effect="compute"), Rule("approve", effect="send"))


@pytest.mark.slow
def test_a_call_that_waits_is_shown_whole_and_approved_at_the_keyboard(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    listed = said(switchboard(tmp_path, "approvals"))
    for words in (case_id, bound, "amount_cents=17990 (179.90)", "nobody yet", "then it is a no", LARGE):
        assert words in listed

    screen = Terminal(tmp_path, "approve", case_id[:9], "--as", "dana")
    screen.wait_for("amount_cents=17990 (179.90)")
    screen.answer("Approve as dana? [y/N] ", "y")
    screen.wait_for("I have refunded the duplicate charge")
    assert screen.end() == 0
    found = document(tmp_path, "show", case_id)
    assert (found["end"], refunds(found), found["approvals"]) == ("resolved", [("done", 17990)], [])
    assert ("dana", "approved the refund of order #W1000009, 179.90 USD") in [
        (e["speaker"], e["text"]) for e in found["transcript"]
    ]


@pytest.mark.slow
def test_whatever_is_not_a_yes_does_nothing(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    for typed in ("", "\n", "ok\n"):
        done = switchboard(tmp_path, "approve", case_id, given=typed)
        assert done.returncode == 3
        assert "Nothing was done" in done.stderr
    assert refunds(document(tmp_path, "show", case_id)) == [("waiting", 17990)]


@pytest.mark.slow
def test_ctrl_c_where_a_yes_is_asked_for_says_that_the_call_waits_and_how_to_go_on(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    typed = ["approve", case_id, "--with", json.dumps({"kind": "partial", "reason": "It's half."}), "--as", "dana"]
    screen = Terminal(tmp_path, *typed)
    screen.wait_for("Approve as dana? [y/N] ")
    screen.interrupt()
    assert screen.end() == 1
    told = f"Nothing was approved, refused or done; the call of {case_id} waits on. This shows it again, and asks:"
    assert plain(screen.seen).splitlines()[-3:] == [told, shlex.join(["switchboard", *typed]), "Stopped."]
    assert refunds(document(tmp_path, "show", case_id)) == [("waiting", 17990)]


@pytest.mark.slow
def test_an_answer_is_bound_to_the_call_that_was_meant_and_given_once(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    other = switchboard(tmp_path, "approve", case_id, "--for", "0123456789abcdef")
    assert (other.returncode, said(other)) == (
        2,
        f"{case_id} waits for another call by now. `switchboard approvals` shows it.",
    )
    assert switchboard(tmp_path, "approve", case_id, "--for", bound, "--as", "dana").returncode == 0
    for command in (["approve", case_id], ["approve", case_id, "--for", bound], ["deny", case_id, "--why", "late"]):
        again = switchboard(tmp_path, *command, "--as", "erik")
        assert (again.returncode, said(again)) == (2, f"refund_order of {case_id} was approved already, by dana.")
    assert refunds(document(tmp_path, "show", case_id)) == [("done", 17990)]


@pytest.mark.slow
def test_a_refusal_tells_the_agent_why_and_the_customer_hears_it(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    found = document(tmp_path, "deny", case_id, "--why", "The second charge was a hold that expired.", "--as", "dana")
    assert refunds(found) == [("refused", 17990)]
    said = "did not approve the refund of order #W1000009, 179.90 USD: The second charge was a hold that expired."
    assert said in lines(found, "decision")
    assert "hold that expired" in found["reply"]


@pytest.mark.slow
def test_edited_arguments_are_what_is_done(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    edited = json.dumps({"kind": "partial", "amount_cents": 5000})
    found = document(tmp_path, "approve", case_id, "--with", edited, "--for", bound)
    assert refunds(found) == [("done", 5000)]
    assert "50.00 USD" in found["reply"]
    assert "179.90 USD to your" not in found["reply"]


WRONG = {
    "no JSON": (["--with", "{amount"], "--with is no JSON"),
    "no object": (["--with", "[5000]"], "--with takes one JSON object"),
    "an argument that the tool does not take": (["--with", '{"sum": 5}'], "Nothing was approved. refund_order was not run."),
    "an amount that is none": (["--with", '{"amount_cents": -5}'], "Wrong arguments: amount_cents"),
    "more than can be refunded": (["--with", '{"kind": "partial", "amount_cents": 9900000}'], "Nothing was approved. "),
    "a name that is an agent's": (["--as", "triage"], "'triage' cannot be an operator's name"),
    "a name that is the customer's": (["--as", "customer"], "'customer' cannot be an operator's name"),
}


@pytest.mark.slow
def test_wrong_arguments_and_names_are_told_before_anything_is_stored(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    for options, words in WRONG.values():
        done = switchboard(tmp_path, "approve", case_id, "--for", bound, *options)
        assert (done.returncode, done.stdout) == (2, ""), said(done)
        assert words in said(done)
    empty = switchboard(tmp_path, "deny", case_id, "--why", "  ")
    assert (empty.returncode, said(empty)[:15]) == (2, "--why is empty.")
    assert refunds(document(tmp_path, "show", case_id)) == [("waiting", 17990)]


@pytest.mark.slow
def test_a_card_shows_who_it_is_for_and_what_was_decided_on_the_order_before(tmp_path: Path) -> None:
    first, _ = parked(tmp_path)
    switchboard(tmp_path, "deny", first, "--why", "It was a hold.", "--as", "dana")
    second, _ = parked(tmp_path)
    shown = said(switchboard(tmp_path, "approvals"))
    assert "grace_mbeki_1009" in shown and "refused by dana" in shown and "It was a hold." in shown and first in shown
    assert second in shown


@pytest.mark.slow
def test_a_card_shows_the_rule_that_asks_in_its_own_words(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    (rule,) = (rule for rule in desk.approvals if rule.decision == "ask" and rule.above == 50_00)
    words = f"refund_order above 50.00 USD asks one operator. {rule.because}"
    asks = switchboard(tmp_path, "approve", case_id, given="n\n")
    for shown in (said(switchboard(tmp_path, "approvals")), said(switchboard(tmp_path, "show", case_id)), said(asks)):
        assert words in " ".join(shown.split())
    (listed,) = json.loads(switchboard(tmp_path, "approvals", "--json").stdout)
    assert listed["why"] == words


@pytest.mark.slow
def test_a_deadline_that_passed_while_nothing_ran_is_a_no(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path, SWITCHBOARD_APPROVAL_HOURS="0.0000001")
    late = switchboard(tmp_path, "approve", case_id, "--for", bound, "--as", "dana")
    assert late.returncode == 2
    assert f"refund_order of {case_id} was refused already, by the deadline." in said(late)
    switchboard(tmp_path, "ask", WHERE, *GRACE)  # any command that works goes on with it
    found = document(tmp_path, "show", case_id)
    assert refunds(found) == [("refused", 17990)]
    assert "No operator approved it until" in lines(found, "decision")[-1]
    assert "refunded" not in found["reply"]


@pytest.mark.slow
def test_what_the_customer_writes_while_a_call_waits_is_taken_up_after_it(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    kept = switchboard(tmp_path, "ask", "--run", case_id, WHERE)
    assert kept.returncode == 3
    assert "Your message was kept. The case waits for an approval" in said(kept)
    found = document(tmp_path, "approve", case_id, "--for", bound, "--seen", "1")
    assert refunds(found) == [("done", 17990)]
    assert WHERE in lines(found, "message")
    assert "#W1000009" in found["reply"]
    assert "delivered" in found["reply"]


@pytest.mark.slow
def test_a_yes_typed_before_the_customer_wrote_stop_does_nothing_and_shows_what_they_wrote(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    given = ["approve", case_id, "--for", bound, "--with", '{"reason": "A hold."}', "--as", "dana"]
    switchboard(tmp_path, "ask", "--run", case_id, f"{WHERE} {'It is late. ' * 30}")
    switchboard(tmp_path, "ask", "--run", case_id, "Stop! Do not refund it.")
    for seen in ([], ["--seen", "1"]):
        stale = switchboard(tmp_path, *given, *seen)
        assert (stale.returncode, stale.stdout) == (2, "")
        assert "Nothing was approved: while the call waits, the customer wrote 2 messages" in said(stale)
        assert "Stop! Do not refund it." in said(stale)
    assert refunds(document(tmp_path, "show", case_id)) == [("waiting", 17990)]
    [command] = [line for line in stale.stderr.splitlines() if line.startswith("switchboard approve")]
    assert f"--for {bound} --seen 2" in command and "A hold." in command
    as_json = switchboard(tmp_path, *given, "--json")
    assert (as_json.returncode, as_json.stdout, "Do not refund it." in as_json.stderr) == (2, "", True)
    done = switchboard(tmp_path, *shlex.split(command)[1:], "--as", "dana")
    assert done.returncode == 0, said(done)
    assert refunds(document(tmp_path, "show", case_id)) == [("done", 17990)]


@pytest.mark.slow
def test_all_that_the_customer_wrote_since_stands_above_the_question(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    long = "It is late. " * 60 + "So stop!"
    for words in (long, "And no refund, please!"):
        switchboard(tmp_path, "ask", "--run", case_id, words)
    listed, asked = switchboard(tmp_path, "approvals"), switchboard(tmp_path, "approve", case_id, given="n\n")
    for shown in (said(listed), said(asked)):
        assert long in shown and shown.index("So stop!") < shown.index("And no refund, please!")
    assert f"switchboard approve {case_id} --for {bound} --seen 2\n" in listed.stdout


@pytest.mark.slow
def test_of_two_processes_that_answer_at_once_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    both = [
        started(tmp_path, "approve", case_id, "--for", bound, "--as", "dana"),
        started(tmp_path, "deny", case_id, "--why", "No.", "--for", bound, "--as", "erik"),
    ]
    ended = [(process.communicate(timeout=60), process.returncode) for process in both]
    codes = sorted(code for _, code in ended)
    assert codes in ([0, 2], [2, 3]), ended  # refused, the agent may ask the customer something
    told = next(err for (_, err), code in ended if code == 2)
    assert "was approved already, by dana." in told or "was refused already, by erik." in told
    assert len(refunds(document(tmp_path, "show", case_id))) == 1


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Worker]:
    """A worker on a team whose payments need two operators."""
    toys.PAID.clear()
    engine = seeded(tmp_path)
    team = toys.team(approvals=(*TWO, Rule("ask", tool="pay", operators=2)))
    with Worker(Environment(engine, {"toys": team})) as worker:
        yield worker
    engine.dispose()


def waiting(worker: Worker, human: Human | None = None) -> tuple[str, WaitingCall]:
    ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"}, human=human)
    assert ref
    assert worker.work(ref)["end"] == "awaiting_approval"
    return ref.case_id, call_that_waits(worker.environment.engine, ref.case_id)


def say(worker: Worker, case_id: str, asked: WaitingCall, word: Any, by: str, seen: int | None = None, **options: Any) -> Any:
    approval = Approval(word, by, **options)
    return answer(worker.environment.engine, case_id, asked.hash, approval, worker.workflows.executor, seen)


def test_two_different_operators_must_agree_and_one_refusal_is_enough(bank: Worker) -> None:
    case_id, asked = waiting(bank)
    assert say(bank, case_id, asked, "approve", "dana") is None
    assert call_that_waits(bank.environment.engine, case_id).approved_by == ["dana"]
    with pytest.raises(OperatorError, match="dana has approved this already; a different operator"):
        say(bank, case_id, asked, "approve", "dana")
    with pytest.raises(OperatorError, match="The other operator approved other arguments"):
        say(bank, case_id, asked, "approve", "erik", arguments={"cents": 1})
    assert toys.PAID == []
    assert bank.work(say(bank, case_id, asked, "approve", "erik"))["end"] == "resolved"
    assert [f"{case_id}:call_2"] == toys.PAID

    case_id, asked = waiting(bank)
    assert say(bank, case_id, asked, "approve", "dana") is None
    found = bank.work(say(bank, case_id, asked, "refuse", "erik", reason="Not without a receipt."))
    assert "Not without a receipt." in found["reply"]
    assert len(toys.PAID) == 1


def test_who_approved_at_the_keyboard_cannot_be_the_second_operator_as_well(bank: Worker) -> None:
    class Dana(Nobody):
        def approve(self, agent: str, call: Call, why: str) -> Approval:
            return Approval("approve", "dana")

    case_id, asked = waiting(bank, Dana())
    assert asked.approved_by == ["dana"]
    with pytest.raises(OperatorError, match="dana has approved this already"):
        say(bank, case_id, asked, "approve", "dana")
    assert bank.work(say(bank, case_id, asked, "approve", "erik"))["end"] == "resolved"


@pytest.mark.slow
def test_of_two_operators_only_those_count_who_have_seen_what_the_customer_wrote(bank: Worker) -> None:
    engine = bank.environment.engine
    case_id, asked = waiting(bank)
    assert say(bank, case_id, asked, "approve", "dana", seen=0) is None
    assert cases.hear(engine, case_id, "No! Do not pay me.", None)[0] is None
    waits = call_that_waits(engine, case_id)
    assert (waits.approved_by, waits.asked_again, waits.since) == ([], ["dana"], ["No! Do not pay me."])
    assert say(bank, case_id, asked, "approve", "erik", seen=1) is None and toys.PAID == []
    assert said_already(engine, case_id, asked.hash, "erik", "approve")
    assert not said_already(engine, case_id, asked.hash, "dana", "approve")
    cases.hear(engine, case_id, "Thanks!", None)
    with pytest.raises(OperatorError, match="of which you have seen 1"):
        say(bank, case_id, asked, "approve", "dana", seen=1)
    assert say(bank, case_id, asked, "approve", "erik", seen=2) is None
    assert call_that_waits(engine, case_id).asked_again == ["dana"]
    following = say(bank, case_id, asked, "approve", "dana", seen=2)
    assert following and toys.PAID == []
    bank.work(following)
    assert len(toys.PAID) == 1


@pytest.mark.slow
def test_who_approved_at_the_keyboard_while_the_customer_wrote_is_asked_again(
    bank: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    class Dana(Nobody):
        def approve(self, agent: str, call: Call, why: str) -> Approval:
            [case_id] = bank.environment.humans
            cases.hear(bank.environment.engine, case_id, "No!", None)
            return Approval("approve", "dana")

    case_id, _ = waiting(bank, Dana())
    waits = call_that_waits(bank.environment.engine, case_id)
    assert (waits.approved_by, waits.asked_again, waits.since) == ([], ["dana"], ["No!"])
    show_asked(waits, approvals.Card())
    shown = " ".join(capsys.readouterr().out.split())
    assert "nobody yet (0 of 2)" in shown and "dana: they approved it before the customer wrote more" in shown


@pytest.mark.slow
def test_an_answer_is_left_to_a_worker_where_one_is_alive(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    engine = open_engine(sqlite_url(tmp_path / "data" / "switchboard.db"))
    with Session(engine) as session, session.begin():
        here = {"host": platform.node(), "pid": os.getpid(), "beat_at": clock(session)}
        session.add(WorkerRow(id="a worker", takes_cases=True, **here))
    left = switchboard(tmp_path, "approve", case_id, "--for", bound, "--json")
    assert (left.returncode, "A worker goes on with it." in left.stderr) == (3, True)
    assert "waits for a worker to take it up" in said(switchboard(tmp_path, "show", case_id))
    with Session(engine) as session, session.begin():
        session.delete(session.get_one(WorkerRow, "a worker"))
    engine.dispose()
    assert refunds(document(tmp_path, "resume", case_id)) == [("done", 17990)]


@pytest.mark.slow
def test_a_run_with_a_model_is_left_to_who_has_one(tmp_path: Path) -> None:
    asks = tool_calls([("refund_order", {"order_id": "#W1000009", "kind": "partial", "amount_cents": 6000, "reason": "Late."})])

    def script(request: dict[str, Any]) -> Any:
        tools = sum(message["role"] == "tool" for message in request["messages"])
        listed = tool_calls([("list_charges", {"order_id": "#W1000009"})])
        return [listed, asks, "I have refunded 60.00 USD on order #W1000009."][min(tools, 2)]

    with ScriptedModel(script) as model:
        config = {"OAI_CONFIG_LIST": json.dumps([{"model": "m", "base_url": model.url, "api_key": "x"}])}
        case_id = document(tmp_path, "ask", "Please refund 60.00 USD of #W1000009.", *GRACE, **config)["case_id"]
        switchboard(tmp_path, "ask", "Yes.", "--case", case_id, **config)
        bound = document(tmp_path, "show", case_id, **config)["approvals"][0]["hash"]
        left = switchboard(tmp_path, "approve", case_id, "--for", bound)
        assert (left.returncode, "none is configured here, so it goes on with a worker" in said(left)) == (3, True)
        idle = switchboard(tmp_path, "resume", case_id)
        assert (idle.returncode, f"{case_id} does not go on here." in said(idle)) == (3, True)
        assert refunds(document(tmp_path, "resume", case_id, **config)) == [("done", 6000)]


@pytest.mark.slow
def test_of_many_who_answer_at_once_each_has_one_voice_and_the_call_is_made_once(bank: Worker) -> None:
    case_id, asked = waiting(bank)
    names = ["dana", "erik", "fay", "dana", "gil", "erik"]

    def speak(name: str) -> Any:
        try:
            return say(bank, case_id, asked, "approve", name)
        except OperatorError as error:
            return str(error)

    with ThreadPoolExecutor(len(names)) as threads:
        told = list(threads.map(speak, names))
    refs = [given for given in told if isinstance(given, tuple)]
    assert (len(refs), told.count(None)) == (1, 1), told
    assert bank.work(refs[0])["end"] == "resolved"
    assert [f"{case_id}:call_2"] == toys.PAID


@pytest.mark.slow
def test_the_first_of_two_operators_hears_that_another_one_must_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = replace(desk, approvals=(Rule("ask", tool="refund_order", operators=2), *desk.approvals))
    monkeypatch.setattr("groupchats.desk.team", strict)
    case_id, bound = parked(tmp_path)
    first = switchboard(tmp_path, "approve", case_id, "--for", bound, "--as", "dana")
    assert first.returncode == 3
    assert f"Another operator must approve it too: switchboard approve {case_id} --for {bound}" in said(first)
    assert "dana (1 of 2)" in said(switchboard(tmp_path, "approvals"))
    same = switchboard(tmp_path, "approve", case_id, "--for", bound, "--as", "dana")
    assert (same.returncode, "dana has approved this already" in said(same)) == (2, True)
    found = document(tmp_path, "approve", case_id, "--for", bound, "--as", "erik")
    assert refunds(found) == [("done", 17990)]
    assert "dana and erik" in [line["speaker"] for line in found["transcript"]]


@pytest.mark.slow
def test_a_card_shows_what_the_call_would_do_whether_it_is_owed_and_what_was_looked_up(tmp_path: Path) -> None:
    _, bound = parked(tmp_path)
    shown = said(switchboard(tmp_path, "approvals"))
    assert "it would Refund 179.90 USD of order #W1000009: 179.90 USD to the credit card ending 9999" in shown
    assert "owed yes, the rows bear it out" in shown
    assert "looked up list charges: status delivered, total 179.90 USD" in shown and "duplicate of 1" in shown
    [asked] = json.loads(switchboard(tmp_path, "approvals", "--json").stdout)
    assert (asked["hash"], asked["card"]["is_due"], asked["card"]["refused"]) == (bound, True, "")


@pytest.mark.slow
def test_a_list_names_how_many_more_wait_and_how_they_are_seen(tmp_path: Path) -> None:
    (first, _), (second, _) = parked(tmp_path), parked(tmp_path)
    shown = switchboard(tmp_path, "approvals", "--limit", "1")
    assert first in shown.stdout and second not in shown.stdout
    assert "1 more wait. All of them:" in shown.stderr and "switchboard approvals --limit 2\n" in shown.stderr
    as_json = switchboard(tmp_path, "approvals", "--limit", "1", "--json")
    assert [asked["case_id"] for asked in json.loads(as_json.stdout)] == [first] and "1 more wait" in as_json.stderr
    whole = switchboard(tmp_path, "approvals", "--limit", "2")
    assert second in whole.stdout and "more wait" not in whole.stderr


def test_a_card_says_where_the_rows_refuse_the_call_by_now(tmp_path: Path, shop: Engine) -> None:
    parked(tmp_path)
    with shop.begin() as connection:
        connection.execute(text("DELETE FROM payments WHERE order_id = '#W1000009' AND position = 1"))
    shown = said(switchboard(tmp_path, "approvals"))
    assert "the rows refuse it by now" in shown and "it would" not in shown


@pytest.mark.slow
def test_a_card_whose_check_is_late_says_so(tmp_path: Path) -> None:
    is_late = Event()

    @tool(effect="read", timeout=0.2)
    def balance(ctx: Context, cents: int) -> dict[str, Any]:
        """Read what there is."""
        ctx.session.scalar(select(1))
        sleep(2 * is_late.is_set())
        return {"owed": True}

    @tool(effect="write", amount="cents", check=balance, due="owed")
    def pay(ctx: Context, cents: int) -> dict[str, Any]:
        """Pay an amount in cents."""
        return {"paid": cents}

    members = {**toys.team().members, "worker": toys.agent("worker", toys.worker, pay)}
    engine = seeded(tmp_path)
    rules = (*TWO, Rule("ask", tool="pay"))
    with Worker(Environment(engine, {"toys": toys.team(members=members, approvals=rules)})) as worker:
        _, asked = waiting(worker)
        place = Place(worker.environment)
        assert approvals.card(place, asked).is_due
        is_late.set()
        assert approvals.card(place, asked).refused == "balance did not finish within 0.2 seconds."
        with pytest.raises(OperatorError, match=r"Nothing was approved\. balance did not finish"):
            approvals.edited(place, asked, {"cents": 200})
    engine.dispose()
