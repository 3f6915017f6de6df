"""Cases over the REST API: lists, one of them, and what customers and operators do with it."""

from functools import partial
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Response

from switchboard.cases.intake import Kept
from switchboard.console.protocols.rest.asking import Asker, Reads, Writes
from switchboard.console.protocols.rest.values import (
    CaseId,
    CaseNow,
    Cases,
    Cursor,
    Escalate,
    EscalatedNow,
    Filter,
    Further,
    Key,
    Limit,
    NewCase,
    Reopen,
    Sought,
    SuggestionNow,
    Wait,
)
from switchboard.console.protocols.waiting import until_over
from switchboard.events.masking import masked_data
from switchboard.service import cases, recovery
from switchboard.service.operators.suggesting import suggest, suggestion_of
from switchboard.service.place import case_here
from switchboard.service.programs import messages
from switchboard.service.programs.pages import Wanted, page_of_cases

router = APIRouter(prefix="/v1/cases", tags=["cases"])
WAIT = 30.0


@router.get("", response_model=Cases)
def list_cases(
    by: Reads,
    team: Filter = "",
    end: Annotated[Filter, Query(description="How they stand; `working` where somebody works on them.")] = "",
    department: Filter = "",
    held_by: Filter = "",
    search: Sought = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The newest cases, newest first, a page at a time."""
    found, following = page_of_cases(by.place, Wanted(team, end, department, held_by, search), limit, cursor)
    return {"cases": masked_data([vars(one) for one in found]), "next": following or None}


@router.post("", response_model=CaseNow, status_code=201, responses={200: {"model": CaseNow}, 202: {"model": CaseNow}})
async def begin_case(by: Writes, key: Key, given: NewCase, response: Response, wait: Wait = WAIT) -> dict[str, Any]:
    """Begin a case with a customer's message, and wait for the answer: 201 with it, 202 while the agents still work on it. The
    same key again is the same case (200).
    """

    def keep() -> Kept:
        team = by.place.project.team_name(given.team)
        return messages.begin(by.place, team, given.message, given.email, messages.own_key("api", by.name, key), by=by.name)

    return await _after(by, await run_sync(keep), wait, response, 201)


@router.get("/{case_id}", response_model=CaseNow)
def show_case(by: Reads, case_id: CaseId) -> dict[str, Any]:
    """A case as it is now, with its transcript."""
    return case_now(by, case_id)


@router.post("/{case_id}/messages", response_model=CaseNow, responses={202: {"model": CaseNow}})
async def say_more(
    by: Writes, case_id: CaseId, key: Key, given: Further, response: Response, wait: Wait = WAIT
) -> dict[str, Any]:
    """A further message of the case's customer: 200 with the answer, 202 while the agents still work on it."""
    arguments = (by.place, case_id, given.message, given.email, messages.own_key("api", by.name, key))
    return await _after(by, await run_sync(partial(messages.say_more, by=by.name), *arguments), wait, response, 200)


@router.post("/{case_id}/cancel", response_model=CaseNow)
async def cancel_case(by: Writes, case_id: CaseId, wait: Wait = WAIT) -> dict[str, Any]:
    """End a case. Its customer hears what was and what was not done."""
    ended = await run_sync(recovery.cancel, by.place, case_id, by.name)
    await until_over(by.place, ended["case_id"], wait)
    return await run_sync(case_now, by, ended["case_id"])


@router.post("/{case_id}/escalate", response_model=EscalatedNow)
def escalate_case(by: Writes, case_id: CaseId, given: Escalate) -> dict[str, Any]:
    """Have who is on call look at a case. Its customer hears nothing of it; the same once more notifies nobody."""
    return vars(cases.escalate(by.place, case_id, by.name, given.urgency, given.why))


@router.post("/{case_id}/reopen", response_model=CaseNow)
def reopen_case(by: Writes, case_id: CaseId, given: Reopen) -> dict[str, Any]:
    """Open a case again that is over: it waits for a person, with a ticket. Nothing of it is done again."""
    cases.reopen(by.place, case_id, by.name, given.why)
    return case_now(by, case_id)


@router.post("/{case_id}/suggestion", response_model=SuggestionNow, responses={202: {"model": SuggestionNow}})
async def suggest_answer(by: Writes, case_id: CaseId, response: Response, wait: Wait = WAIT) -> dict[str, Any]:
    """Have the agents suggest an answer to the customer of a case that a person has, and wait for it: 202 while they do. Its
    customer hears nothing of it, nothing is changed, and an operator sends it or not. Asked for twice it is one.
    """
    found = await run_sync(suggest, by.place, case_id, by.name)
    if found.state == "prepared":
        await until_over(by.place, found.prepared_in, wait)
        found = await run_sync(suggestion_of, by.place, found.case_id)
    response.status_code = 202 if found.state == "prepared" else 200
    draft = {"text": found.draft.text, "hash": found.draft.hash, "ticket": found.draft.ticket} if found.draft else {}
    return {"case_id": found.case_id, "state": found.state, "why": found.told, **masked_data(draft)}


def case_now(by: Asker, case_id: str, instead: str = "") -> dict[str, Any]:
    """A case as it is told to programs."""
    found = messages.told(by.place, case_here(by.place, case_id).case_id, instead)
    return {"case": masked_data(found.document), "reply": masked_data(found.reply), "waits_for": found.waits_for}


async def _after(by: Asker, kept: Kept, wait: float, response: Response, new: int) -> dict[str, Any]:
    """A case after a message, once its agents have answered or so many seconds are over."""
    is_over = bool(kept.instead) or await until_over(by.place, kept.case_id, wait)
    response.status_code = 202 if not is_over else new if kept.is_new else 200
    if not kept.is_new:
        response.headers["Idempotent-Replayed"] = "true"
    return await run_sync(case_now, by, kept.case_id, kept.instead)
