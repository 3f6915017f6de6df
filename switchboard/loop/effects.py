"""The only three places where a run touches the world: a model call, a tool call, a human answer. Branches are made of these.

Everything between them is a pure function of what they returned, so recording these three records the run. Each gives
its outcome to the run's journal, which keeps it as plain JSON data and gives it back on a replay.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from switchboard.consent.record import in_words
from switchboard.database import is_away, patiently
from switchboard.declare.outcomes import (
    HumanAnswer,
    HumanOutcome,
    ModelOutcome,
    Outcome,
    ToolOutcome,
)
from switchboard.declare.tool import Context, Tool
from switchboard.declare.transcript import Status, as_json, digest
from switchboard.errors import GaveUp, NotKnown, Stopped, ToolError
from switchboard.events.stream import BudgetWarned
from switchboard.loop.journal import OUTSIDE, SENT, Amount, Diverged
from switchboard.loop.limits import running_out
from switchboard.loop.looking.moved import counted_for
from switchboard.loop.state import Run
from switchboard.models.money.budgets import Asked
from switchboard.toolsets.functions import BY_HAND, Timed, made_outside, refusal, told

log = logging.getLogger("switchboard")
OTHER_TERMS = "other_terms"
"""The code of a call whose words are others by now than the customer said yes to; its `data` has them as `text`."""
CHANGED = "By now this would be another than the customer said yes to, so nothing was done. Hand over to a human."
MOVED_MEANWHILE = "Another case moved money of this customer meanwhile, so nothing was done. Make the call again."
STOPPED_BEFORE = "An operator stopped the agents before this call was made."


@dataclass(frozen=True)
class ToolReply:
    """What one tool call gave. `text` is the refusal or failure, `code` and `data` what rules know it by; `customer_id` who
    is verified after it; `refused_by` the operator who refused it, if one did.
    """

    status: Status
    result: Any
    seconds: float
    text: str = ""
    customer_id: str | None = None
    unforeseen: bool = False
    refused_by: str = ""
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def model_call(run: Run, agent: str, tag: str, messages: list[dict[str, Any]], **options: Any) -> ModelOutcome:
    """One answer of a model, from the first endpoint that gives one, or why there is none."""
    asked = digest([messages, options.get("tools")])

    def act() -> Outcome:
        run.journal.check()
        started = time.monotonic()
        came, stopped = Asked(None, "No model is configured here."), None
        try:
            if run.is_interrupted():
                raise KeyboardInterrupt
            if run.gateway:
                came = run.gateway.ask_for(run.id, tag, messages, **options)
        except KeyboardInterrupt:
            stopped = BY_HAND
        gave: dict[str, Any] = {name: getattr(came, name) for name in ("answer", "error", "wasted", "day")}
        outcome = ModelOutcome(**gave, asked=asked, seconds=time.monotonic() - started, stopped=stopped)
        for text in (*came.warnings, *running_out(run, outcome.took)):
            log.warning(text)
            run.stream.tell(BudgetWarned(case_id=run.id, text=text))
        if run.gateway and not run.journal.counts:
            run.gateway.settle(run.id, outcome)
        return outcome.as_data()

    outcome = ModelOutcome.from_data(run.journal.step(f"model {agent}", act))
    if outcome.stopped:
        raise Stopped(outcome.stopped)
    run.heard(outcome)
    if outcome.asked != asked:
        run.differences.append((run.journal.newest, f"{agent} would be asked otherwise today"))
    return outcome


def human_answer(run: Run, what: str, ask: Callable[[], HumanAnswer]) -> HumanAnswer:
    """One answer of a human: the next words, a review, or an approval. Raises Stopped."""

    def act() -> Outcome:
        answer, stopped = None, None
        try:
            answer = ask()
        except Stopped as by_hand:
            stopped = str(by_hand) or BY_HAND
        except KeyboardInterrupt:
            stopped = BY_HAND
        return HumanOutcome(answer=answer, stopped=stopped).as_data()

    outcome = HumanOutcome.from_data(run.journal.step(f"human {what}", act))
    if outcome.stopped:
        raise Stopped(outcome.stopped)
    run.heard(outcome)
    return outcome.answer


def tool_call(
    run: Run,
    agent: str,
    call_id: str,
    tool: Tool,
    arguments: Mapping[str, Any],
    case: str = "",
    *,
    rehearsed: bool = False,
    moved: int = 0,
    own: int | None = None,
    agreed: str = "",
) -> ToolReply:
    """Run a tool in one transaction, which commits only if the tool returned in time; then its effect outside.

    One that is `rehearsed` tells what it would give, and its rows are undone. `moved` is what its amount was judged with,
    and `own` that amount. `agreed` are the words that a customer has said yes to, where there are any: the reply of a call that
    would be told in others by now is refused with the code OTHER_TERMS and these in its `data`, and nothing is done.
    """
    made = Making(run, agent, call_id, tool, arguments, case, rehearsed, moved, own, agreed)
    name = f"{call_id} {tool.name}"
    if tool.changes and tool.takes_context and not rehearsed:
        try:
            outcome = ToolOutcome.from_data(run.journal.transaction(name, made.write))
        except GaveUp as late:
            outcome = made.not_done("failed", str(late), "gave_up", tool.timeout)
    else:
        outcome = ToolOutcome.from_data(run.journal.step(name, patiently(made.read)))
    if outcome.asked != made.asked:
        raise Diverged(f"{name} was called with other arguments")
    run.heard(outcome)
    reply = _reply(outcome)
    if reply.status == "done" and tool.outside and not rehearsed:
        reply = _outside(run, name, tool, made.context, reply)
    return reply


class Making:
    """How one call is made, and what its outcome says of it, on rows that its caller commits or undoes."""

    def __init__(
        self,
        run: Run,
        agent: str,
        call_id: str,
        tool: Tool,
        arguments: Mapping[str, Any],
        case: str,
        rehearsed: bool,
        moved: int,
        own: int | None,
        agreed: str,
    ) -> None:
        self._run, self._agent, self._call_id, self._tool, self._arguments = run, agent, call_id, tool, arguments
        self._case, self._rehearsed, self._moved, self._own = case, rehearsed, moved, own
        self._agreed = agreed
        self._tries = count(1)
        self.asked = digest([tool.name, arguments])

    def context(self, session: Session) -> Context:
        run = self._run
        return Context(
            run.id, self._call_id, self._agent, session, run.customer_id, run.folder, run.known, run.services, self._case
        )

    def write(self, session: Session) -> Outcome:
        """Make it where nobody wants the case to stop, and its amount is still what it was judged by."""
        run, tool, moved = self._run, self._tool, self._moved
        wanted = run.journal.wanted(session)
        if wanted:  # nothing is changed any more once an operator has cancelled the case or taken it
            refused = self._named(self.not_done("refused", STOPPED_BEFORE, "stopped"))
            return replace(refused, wanted=wanted).as_data()
        outcome = self._as_agreed(session, self._act(session))
        cents = self._own or tool.moved(self._arguments, outcome.result) if outcome.status == "done" else 0
        if cents or (outcome.status == "done" and tool.remote):  # what was sent is known to other cases, too
            counted = counted_for(run.customer_id or run.id, tool, self._arguments)
            # Asked again where the tool holds its rows: another case of the customer may have been faster.
            if tool.has_amount and run.journal.moved(session, *counted) != moved:
                session.rollback()
                outcome = self._named(self.not_done("refused", MOVED_MEANWHILE, "moved_meanwhile", outcome.seconds))
            else:
                run.journal.note(session, self._call_id, Amount(tool.name, *counted, cents))
        owes = outcome.status == "done" and tool.outside is not None
        return replace(outcome, wanted=run.journal.wanted(session), outside=owes).as_data()

    def _as_agreed(self, session: Session, outcome: ToolOutcome) -> ToolOutcome:
        """What a call gave, where it is told in the words that the customer said yes to; else its rows are undone."""
        if outcome.status != "done" or not self._agreed:
            return outcome
        text = in_words(self._tool, self._arguments, outcome.result, self._run.team.language)
        if text == self._agreed:
            return outcome
        session.rollback()
        refused = self.not_done("refused", CHANGED, OTHER_TERMS, outcome.seconds)
        return self._named(replace(refused, data={"text": text}))

    def read(self) -> Outcome:
        """Make one that changes nothing, or whose rows are undone."""
        run = self._run
        if run.is_interrupted():
            return replace(self.not_done("refused", BY_HAND, "stopped"), stopped=BY_HAND).as_data()
        if not self._tool.asks_rows:  # it may wait for another side, and what was said so far is heard meanwhile
            run.journal.check()
        with Session(run.engine.execution_options(reading=not self._rehearsed)) as session:  # which ends without a commit
            try:
                outcome = self._act(session)
            except GaveUp as late:
                outcome = self.not_done("failed", str(late), "gave_up", self._tool.timeout)
        return outcome.as_data()

    def not_done(self, status: Status, text: str, code: str, seconds: float = 0.0) -> ToolOutcome:
        customer_id = self._run.customer_id
        return ToolOutcome(status=status, text=text, code=code, seconds=seconds, customer_id=customer_id, asked=self.asked)

    def _act(self, session: Session) -> ToolOutcome:
        return self._named(Timed(self._tool, self._arguments, self.context(session)).outcome(next(self._tries)))

    def _named(self, outcome: ToolOutcome) -> ToolOutcome:
        made, name = json.loads(as_json(self._arguments)), f"{self._call_id} {self._tool.name}"
        return replace(outcome, name=name, agent=self._agent, arguments=made, asked=self.asked)


def _reply(gave: ToolOutcome, seconds: float = 0.0) -> ToolReply:
    said = (gave.text, gave.customer_id, gave.unforeseen)
    return ToolReply(gave.status, gave.result, gave.seconds + seconds, *said, code=gave.code, data=gave.data)


def _outside(run: Run, name: str, tool: Tool, context: Callable[[Session], Context], reply: ToolReply) -> ToolReply:
    """The tool's effect on the other side, under the call's key, after its rows are committed. Of a remote one it is recorded
    that the call is sent before it is: who finds that record after a crash knows that it may be done, and does not send it
    again where that side honours no key.
    """
    sent_before = tool.remote and _was_sent(run, name, reply)

    @patiently
    def act() -> Outcome:
        started = time.monotonic()
        status: Status = "done"
        result, stopped = None, None
        why: dict[str, Any] = {}
        with Session(run.engine) as session:
            try:
                result = made_outside(tool, context(session), reply.result, sent_before=sent_before)
            except NotKnown as error:
                status, why = "failed", {**refusal(error), "unforeseen": True}
            except ToolError as error:
                status, why = "refused", refusal(error)
            except Exception as error:
                if is_away(error):
                    raise
                log.exception("case %s: %s failed after it may have been done", run.id, tool.name)
                status, why = "failed", {**refusal(NotKnown(f"{tool.name} failed: {told(error)}")), "unforeseen": True}
            except KeyboardInterrupt:
                status, stopped = "failed", BY_HAND
                why = refusal(NotKnown(f"{tool.name} was cut off by hand, perhaps after it was sent."))
            seconds = time.monotonic() - started
        gave = ToolOutcome(status=status, result=result, seconds=seconds, customer_id=reply.customer_id, **why)
        return replace(gave, stopped=stopped).as_data()

    outcome = ToolOutcome.from_data(run.journal.step(f"{name}{OUTSIDE}", act))
    run.heard(outcome)
    return _reply(outcome, reply.seconds)


def _was_sent(run: Run, name: str, reply: ToolReply) -> bool:
    """Keep that a call is about to be sent; whether that was kept before, so that it may have been."""
    is_new = False

    def send() -> Outcome:
        nonlocal is_new
        is_new = True
        return ToolOutcome(status="done", seconds=0.0, customer_id=reply.customer_id).as_data()

    run.journal.step(f"{name}{SENT}", send)
    return not is_new
