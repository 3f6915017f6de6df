"""What is asked of the pages, and by whom: a request after it was looked at, and routes that say which role they need."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from switchboard.console.web import who
from switchboard.console.web.desk import Desk
from switchboard.console.web.drawing import drawn
from switchboard.console.web.who import Person, Role
from switchboard.errors import OperatorError

COOKIE, FIELD = "switchboard_form", "form_token"
MOST_FIELDS = 100


@dataclass(frozen=True)
class Asked:
    """A request of a person who may make it. `form` has what was sent, `token` what each form of this browser must send."""

    request: Request
    desk: Desk
    person: Person
    token: str
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_htmx(self) -> bool:
        """Whether a part of a page is asked for."""
        return self.request.headers.get("hx-request") == "true"

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page, which knows who looks at it."""
        shared = {"person": self.person, "token": self.token, "project": self.desk.project.file.name}
        response = drawn(template, status, **shared, **values)
        if self.request.cookies.get(COOKIE) != self.token:
            is_safe = self.request.url.scheme == "https"
            response.set_cookie(COOKIE, self.token, httponly=True, samesite="strict", secure=is_safe, path="/")
        return response


Answer = Callable[[Asked], Response]


def shows(path: str, role: Role, answer: Answer) -> Route:
    """A page that somebody with a role may look at."""
    return _route(path, role, answer, "GET")


def does(path: str, role: Role, answer: Answer) -> Route:
    """What somebody with a role may do, by a form of a page of ours."""
    return _route(path, role, answer, "POST")


def _route(path: str, role: Role, answer: Answer, method: str) -> Route:
    async def endpoint(request: Request) -> Response:
        return await answered(request, role, answer)

    return Route(path, endpoint, methods=[method])


async def answered(request: Request, role: Role, answer: Answer) -> Response:
    """The answer to a request, made in a thread, as it waits for the database."""
    asked = await known(request)
    if asked is None:
        return RedirectResponse("/sign-in", 303)
    if not asked.person.may(role):
        return asked.page("refused.html", 403, why=f"This needs the role {role}, and you are signed in as {asked.person.role}.")
    if request.method == "POST" and not _has_token(asked):
        why = "The form was not one of this page, or its cookie is gone. Nothing was done; go back, reload, and try again."
        return asked.page("refused.html", 403, why=why)
    try:
        return await run_in_threadpool(answer, asked)
    except OperatorError as error:
        return asked.page("refused.html", 404 if request.method == "GET" else 409, why=str(error))


async def known(request: Request) -> Asked | None:
    """A request with who makes it; None where nobody has signed in."""
    desk: Desk = request.app.state.desk
    person = await run_in_threadpool(who.whose, desk.place, request)
    if person is None:
        return None
    form = {}
    if request.method == "POST":
        sent = await request.form(max_files=0, max_fields=MOST_FIELDS)
        form = {name: value for name, value in sent.items() if isinstance(value, str)}
    return Asked(request, desk, person, request.cookies.get(COOKIE) or secrets.token_urlsafe(24), form)


def _has_token(asked: Asked) -> bool:
    kept = asked.request.cookies.get(COOKIE, "")
    return bool(kept) and compare_digest(kept.encode(), asked.form.get(FIELD, "").encode())
