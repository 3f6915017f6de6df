"""What a person does in a case beside a yes or a no: takes it, speaks, gives it back, ends it, and settles its tickets."""

from collections.abc import Callable

from starlette.responses import RedirectResponse, Response

from switchboard.cases.people import drafts
from switchboard.cases.people.escalating import EscalatedAs
from switchboard.console.web.asked import Asked
from switchboard.console.web.pages import case
from switchboard.console.web.pages.deciding import words_of
from switchboard.errors import OperatorError
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.service import cases
from switchboard.service.fork import fork_on_queue
from switchboard.service.operators import suggesting
from switchboard.service.operators.notes import add_note
from switchboard.service.outcomes import flags
from switchboard.service.place import case_here
from switchboard.service.tickets import working


def reply(asked: Asked) -> Response:
    """Speak to the customer; who speaks first takes the case."""

    def spoke(case_id: str) -> str:
        cases.speak(asked.desk, case_id, asked.person.name, said_in(asked, "words", "The reply is empty."), key_of(asked))
        return "replied"

    return _done(asked, spoke)


def note(asked: Asked) -> Response:
    """Write to the other operators, and to nobody else."""

    def noted(case_id: str) -> str:
        add_note(asked.desk, case_id, asked.person.name, asked.form.get("inside", ""))
        return "noted"

    return _done(asked, noted)


def take(asked: Asked) -> Response:
    """Take the case over, from another operator where the form names one."""

    def taken(case_id: str) -> str:
        cases.take(asked.desk, case_id, asked.person.name, asked.form.get("from", ""))
        return "taken"

    return _done(asked, taken)


def hand_back(asked: Asked) -> Response:
    """Give the case back to the agents, with a note that the customer does not see."""

    def handed_back(case_id: str) -> str:
        note = said_in(asked, "note", "The note is empty. Say what you settled and what is left to do.")
        cases.hand_back(asked.desk, case_id, asked.person.name, note)
        return "handed_back"

    return _done(asked, handed_back)


def end(asked: Asked) -> Response:
    def ended(case_id: str) -> str:
        cases.end(asked.desk, case_id, asked.person.name)
        return "ended"

    return _done(asked, ended)


def escalate(asked: Asked) -> Response:
    """Have who is on call look at the case, once, however often it is pressed."""

    def escalated(case_id: str) -> str:
        urgency: EscalatedAs = "critical" if asked.form.get("urgency") == "critical" else "high"
        why = said_in(asked, "matter", "Say why it is escalated.")
        found = cases.escalate(asked.desk, case_id, asked.person.name, urgency, why)
        if not found.is_new:
            return "before"
        return "escalated" if found.is_told else "programs" if found.tells_programs else "untold"

    return _done(asked, escalated)


def reopen(asked: Asked) -> Response:
    """Open a case again that is over."""

    def opened(case_id: str) -> str:
        cases.reopen(asked.desk, case_id, asked.person.name, said_in(asked, "again", "Say why it is opened again."))
        return "opened"

    return _done(asked, opened)


def suggest(asked: Asked) -> Response:
    """Have the agents suggest an answer, beside the page: its live stream shows it once it is there."""

    def prepares(case_id: str) -> str:
        return "suggested" if suggesting.suggest(asked.desk, case_id, asked.person.name).state == "waits" else "prepares"

    return _done(asked, prepares)


def send_draft(asked: Asked) -> Response:
    """Send the answer that waits, as it is or as it was edited: the one that the form was made for, and no other."""

    def sent(case_id: str) -> str:
        words = said_in(asked, "words", "The answer is empty. Drop it instead.")
        waits = drafts.draft_of(asked.desk.engine, case_id)
        is_same = words == waits.text.strip().replace("\r\n", "\n")
        settles = drafts.send_draft(asked.desk.engine, case_id, asked.person.name, _bound(asked), None if is_same else words)
        return "sent" if settles else "replied"

    return _done(asked, sent)


def drop_draft(asked: Asked) -> Response:
    def dropped(case_id: str) -> str:
        drafts.drop_draft(asked.desk.engine, case_id, asked.person.name, _bound(asked), words_of(asked, "why"))
        return "dropped"

    return _done(asked, dropped)


def flag(asked: Asked) -> Response:
    """Keep a line that went wrong, or keep it no longer."""

    def flagged(case_id: str) -> str:
        number = _line(asked)
        if asked.form.get("drop"):
            flags.unflag(asked.desk, case_id, number, asked.person.name)
            return "unflagged"
        flags.flag(asked.desk, case_id, number, said_in(asked, "why", "Say what is wrong with it."), asked.person.name)
        return "flagged"

    return _done(asked, flagged)


def fork(asked: Asked) -> Response:
    """Go on from a line as a new case, and lead to that one."""
    case_id = str(asked.request.path_params["case_id"])
    try:
        case_id = case_here(asked.desk, case_id).case_id
        new = fork_on_queue(asked.desk, case_id, _line(asked), words_of(asked, "instead"), asked.person.name)
    except OperatorError as error:
        return case.page(asked, case_id, wrong=str(error), status=409)
    asked.request.app.state.live.wake()
    return RedirectResponse(f"/cases/{new}?told=forked", 303)


def ticket(asked: Asked) -> Response:
    """Assign a ticket, close it, or open it again."""
    number, what = asked.request.path_params["number"], asked.request.path_params["what"]

    def worked_on(case_id: str) -> str:
        if working.show(asked.desk, number).listed.case_id != cases.show(asked.desk, case_id).standing.case_id:
            raise OperatorError(f"{number[:20]} is no ticket of this case.")
        by = asked.person.name
        match what:
            case "assign":
                working.assign(asked.desk, number, " ".join(words_of(asked, "to").split())[:60] or by, by)
                return "assigned"
            case "close":
                working.close(asked.desk, number, by, said_in(asked, "why", "Say how it was settled."))
                return "closed"
            case "reopen":
                working.reopen(asked.desk, number, by, said_in(asked, "why", "Say why it is opened again."))
                return "reopened"
        raise OperatorError("There is nothing like that to do with a ticket.")

    return _done(asked, worked_on)


def _done(asked: Asked, do: Callable[[str], str]) -> Response:
    """Do it and lead back to the case; where it cannot be done its page says why, and what was typed stands there still."""
    case_id = str(asked.request.path_params["case_id"])
    try:
        case_id = cases.show(asked.desk, case_id).standing.case_id
        then = case.after(asked, case_id)
        told = do(case_id)
    except OperatorError as error:
        return case.page(asked, case_id, wrong=str(error), status=409)
    asked.request.app.state.live.wake()
    return case.leading_on(case_id, told, then)


def said_in(asked: Asked, name: str, otherwise: str) -> str:
    """What was typed into a field that must have something, and not too much. Raises OperatorError."""
    found = words_of(asked, name)
    if not found:
        raise OperatorError(otherwise)
    if len(found) > MOST_WORDS:
        raise OperatorError(f"That has more than {MOST_WORDS:,} characters. Send the part that matters.")
    return found


def key_of(asked: Asked) -> str:
    """What a form is sent once under, however often somebody presses its button."""
    if not (key := asked.form.get("key", "")) or len(key) > 100:
        raise OperatorError("The form does not say which message it is. Nothing was sent; send it again.")
    return key


def _line(asked: Asked) -> int:
    """The number of the line that a form is about."""
    number = asked.form.get("number", "")
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise OperatorError("The form does not say which line it is about.")
    return int(number)


def _bound(asked: Asked) -> str:
    if not (bound := asked.form.get("hash", "")):
        raise OperatorError("The form does not say which answer it is about. Nothing was done.")
    return bound
