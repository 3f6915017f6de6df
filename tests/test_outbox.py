"""The outbox of letters when several work on it, and when an operator puts a letter right."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from groupchats.outreach import team
from switchboard.cases.approvals import answer, open_approvals
from switchboard.cases.runs import Environment
from switchboard.declare.human import Approval
from switchboard.engine.worker import Worker
from switchboard.mail.letters import Letter, NotSent
from switchboard.mail.outbox import EXPIRES, SETTLES
from tools.outreach.outbox import settle_outbox
from tools.outreach.rows import OutreachLetter
from tools.shop import Ticket, now

OHIO = "Find makers of garden tools in Ohio, and write to the best two."
ELSEWHERE = "press@other-mill.example.com"


@dataclass
class Slow:
    """A mail server that takes a letter once it is told to."""

    fails: bool = False
    go: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    sent: list[str] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.begun.set()
        assert self.go.wait(10)
        if self.fails:
            raise NotSent("it does not answer")
        self.sent.append(letter.to)


def waiting(shop: Engine, count: int = 1, age: timedelta = 2 * SETTLES) -> None:
    with Session(shop) as session:
        for n in range(count):
            to, then = f"hello@mill-{n}.example.com", now() - age
            letter = OutreachLetter(address=to, key=f"k{n}", case_id="case_1", recipient=to, subject="Hello", text="Hello.")
            letter.state, letter.why, letter.queued_at, letter.changed_at = "queued", "", then, then
            session.add(letter)
        session.commit()


def now_is(shop: Engine) -> tuple[list[str], int]:
    with Session(shop) as session:
        states = [one.state for one in session.scalars(select(OutreachLetter).order_by(OutreachLetter.key))]
        tickets = [one for one in session.scalars(select(Ticket)) if "not known whether the letter" in one.subject]
        return states, len(tickets)


def settled_by_two(shop: Engine, sender: Slow) -> None:
    """One is at its first letter when another begins, which has seen the same ones."""
    first = threading.Thread(target=settle_outbox, args=(shop, sender))
    first.start()
    assert sender.begun.wait(10)
    second = threading.Thread(target=settle_outbox, args=(shop, sender))
    second.start()
    sender.go.set()
    first.join()
    second.join()


def test_a_letter_that_another_process_is_sending_is_not_given_up(shop: Engine) -> None:
    waiting(shop, 2)
    sender = Slow()
    settled_by_two(shop, sender)
    assert sorted(sender.sent) == ["hello@mill-0.example.com", "hello@mill-1.example.com"]
    assert now_is(shop) == (["sent", "sent"], 0)


def test_a_letter_that_was_given_up_while_it_was_sent_is_not_queued_again(shop: Engine) -> None:
    waiting(shop)
    sender = Slow(fails=True)
    sending = threading.Thread(target=settle_outbox, args=(shop, sender))
    sending.start()
    assert sender.begun.wait(10)
    with Session(shop) as session:  # it is long at it: whoever looks next takes it for cut off
        session.scalars(select(OutreachLetter)).one().changed_at = now() - 2 * SETTLES
        session.commit()
    settle_outbox(shop, None)
    sender.go.set()
    sending.join()
    assert now_is(shop) == (["not_known"], 1)


def test_one_that_has_waited_too_long_is_withdrawn_and_a_fresh_one_is_not(shop: Engine) -> None:
    waiting(shop, age=2 * EXPIRES)
    settle_outbox(shop, None)
    assert now_is(shop) == (["withdrawn"], 0)


def test_a_letter_whose_address_or_words_an_operator_put_right_is_asked_for_once(shop: Engine) -> None:
    sender = Slow()
    sender.go.set()
    edits = iter([{"to": ELSEWHERE}, {"subject": "Hello from us"}])
    with Worker(Environment(shop, {"outreach": team}, services={"mail": sender})) as worker:
        ref = worker.open_case("outreach", OHIO)
        worker.work(ref)
        while asked := open_approvals(shop):
            waits = asked[0]
            approval = Approval("approve", "anna", arguments={**waits.arguments, **next(edits)})
            ref = answer(shop, ref.case_id, waits.hash, approval, worker.workflows.executor)
            document = worker.work(ref)
    assert len(sender.sent) == 2 and ELSEWHERE in sender.sent
    assert f"to {ELSEWHERE}: sent" in document["reply"]
