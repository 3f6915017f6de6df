"""Talking to the desk as a customer does, beside what its agents do meanwhile: a real case, begun by a person of the desk."""

import secrets
from typing import Any

from starlette.responses import RedirectResponse, Response

from switchboard.cases.standing import Standing
from switchboard.console.web.asked import Asked
from switchboard.console.web.live import marks
from switchboard.console.web.pages.lines import Shown, grouped, shown
from switchboard.console.web.pages.taking_part import key_of, said_in
from switchboard.declare.transcript import MessageEntry
from switchboard.errors import OperatorError
from switchboard.service.programs.messages import told
from switchboard.service.programs.trying import begin_trying, cases_tried, is_known_by_typing, tried_case, try_more
from switchboard.service.watching.changes import LineAt, lines_after

EMPTY = "Write what the customer says."


def begin(asked: Asked) -> Response:
    """The form that begins a case."""
    return _form(asked)


def begun(asked: Asked) -> Response:
    """Begin a case with the words of the form, and lead to it."""
    try:
        team = asked.desk.project.team_name(asked.form.get("team") or None)
        words, email = said_in(asked, "words", EMPTY), asked.form.get("email", "")
        kept = begin_trying(asked.desk, team, words, email, asked.person.name, key_of(asked))
    except OperatorError as error:
        return _form(asked, 409, str(error))
    return _on(asked, kept.case_id)


def show(asked: Asked) -> Response:
    """The talk, and beside it what the agents do."""
    return _page(asked)


def said(asked: Asked) -> Response:
    """What the customer has seen by now, drawn anew."""
    stand = _mine(asked)
    return asked.page("trying/said.html", **_talk(asked, stand, lines_after(asked.desk.engine, stand.case_id)))


def say(asked: Asked) -> Response:
    """The customer's next words."""
    try:
        words, case_id = said_in(asked, "words", EMPTY), str(asked.request.path_params["case_id"])
        kept = try_more(asked.desk, case_id, words, asked.person.name, key_of(asked))
    except OperatorError as error:
        return _page(asked, 409, str(error))
    return _on(asked, kept.case_id)


def _form(asked: Asked, status: int = 200, wrong: str = "") -> Response:
    place, teams = asked.desk, list(asked.desk.environment.teams)
    return asked.page(
        "trying/begin.html",
        status,
        teams=teams,
        team=given if (given := asked.form.get("team", "")) in teams else place.project.team_name(),
        typed=asked.form,
        wrong=wrong,
        is_known=is_known_by_typing(place),
        key=secrets.token_urlsafe(18),
        earlier=cases_tried(place, asked.person.name),
    )


def _page(asked: Asked, status: int = 200, wrong: str = "") -> Response:
    stand = _mine(asked)
    mark = marks(asked.desk, [stand.case_id])[stand.case_id]  # before the lines are read: what comes between is told once more
    lines = lines_after(asked.desk.engine, stand.case_id)
    return asked.page(
        "trying/case.html",
        status,
        lines=grouped([shown(line) for line in lines]),
        newest=lines[-1].number if lines else 0,
        mark=mark,
        wrong=wrong,
        typed=asked.form if wrong else {},
        key=secrets.token_urlsafe(18),
        **_talk(asked, stand, lines),
    )


def _talk(asked: Asked, stand: Standing, lines: list[LineAt]) -> dict[str, Any]:
    """What the customer sees: what they and the desk said, and whom the case waits for."""
    heard: list[Shown] = [shown(line) for line in lines if isinstance(line.entry, MessageEntry)]
    return {"stand": stand, "heard": heard, "waits_for": told(asked.desk, stand.case_id).waits_for}


def _mine(asked: Asked) -> Standing:
    return tried_case(asked.desk, str(asked.request.path_params["case_id"]), asked.person.name)


def _on(asked: Asked, case_id: str) -> Response:
    asked.request.app.state.live.wake()
    return RedirectResponse(f"/try/{case_id}", 303)
