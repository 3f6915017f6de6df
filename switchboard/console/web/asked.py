"""What is asked of the pages, and by whom: a request after it was looked at, and routes that say which role they need."""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hmac import compare_digest
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from switchboard.accounts.roles import Role
from switchboard.console.web import who
from switchboard.console.web.desk import Desk
from switchboard.console.web.drawing import drawn
from switchboard.console.web.streams import MOST_OF_ONE, Answered, Audience
from switchboard.errors import OperatorError
from switchboard.service.accounts import Person

COMMAND = re.compile(r"(?:^|(?<=[.!?]) )[^.!?`]*`switchboard [^`]*`[^.!?`]*[.!?]")
"""A sentence of advice that has a command in it, which is for a shell."""
COOKIE, FIELD = "switchboard_form", "form_token"
MOST_FIELDS = 100


@dataclass(frozen=True)
class Asked:
    """A request of a person. `form` has what was sent, `token` what each form must send: that of the session, else one that
    this browser keeps in a cookie.
    """

    request: Request
    desk: Desk
    person: Person
    token: str
    has_session: bool
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_htmx(self) -> bool:
        """Whether a part of a page is asked for."""
        return self.request.headers.get("hx-request") == "true"

    def hears(self) -> Audience:
        """Who asked, as they hear what is new for as long as they may, long after they asked."""
        key = self.request.cookies.get(who.COOKIE, "") if self.has_session else f"at {self._address()}"
        is_let = partial(who.is_still_there, self.desk.place, self.request)
        return Audience({f"account {self.person.name}": MOST_OF_ONE}, key, is_let)

    def _address(self) -> str:
        return who.address_of(self.request, self.desk.project.file.accounts.proxies)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page, which knows who looks at it."""
        values |= {"wrong": on_a_page(values["wrong"])} if values.get("wrong") else {}
        shared = {
            "is_missing": status == 404,
            "person": self.person,
            "token": self.token,
            "has_session": self.has_session,
            "here": self.request.url.path,
        }
        response = drawn(template, status, project=self.desk.project.file.name, **shared, **values)
        if not self.has_session and self.request.cookies.get(COOKIE) != self.token:
            who.keep(response, self.request, COOKIE, self.token)
        return response


Answer = Callable[[Asked], Answered]
Endpoint = Callable[[Request], Awaitable[Answered]]
A = TypeVar("A", bound=Answered)


class Page(Route):
    """A route that says which role it needs: where it says None, whoever asks is answered, and who they are is asked within."""

    def __init__(self, path: str, role: Role | None, endpoint: Endpoint, method: str) -> None:
        super().__init__(path, endpoint, methods=[method])
        self.role = role


def for_all(path: str, endpoint: Endpoint, method: str = "GET") -> Page:
    """What whoever asks is answered."""
    return Page(path, None, endpoint, method)


def shows(path: str, role: Role, answer: Answer) -> Page:
    """A page that somebody with a role may look at."""
    return _route(path, role, answer, "GET")


def does(path: str, role: Role, answer: Answer) -> Page:
    """What somebody with a role may do, by a form of a page of ours."""
    return _route(path, role, answer, "POST")


def _route(path: str, role: Role, answer: Answer, method: str) -> Page:
    async def endpoint(request: Request) -> Answered:
        return await answered(request, role, answer)

    return Page(path, role, endpoint, method)


async def answered(request: Request, role: Role, answer: Callable[[Asked], A]) -> A | Response:
    """The answer to a request, made in a thread, as it waits for the database."""
    asked = await known(request)
    if asked is None:
        return to_sign_in(request)
    if not asked.person.may(role):
        return asked.page("refused.html", 403, why=f"This needs the role {role}, and you are signed in as {asked.person.role}.")
    if request.method == "POST" and not is_same(asked.token, asked.form):
        why = "The form was not one of this page, or its cookie is gone. Nothing was done; go back, reload, and try again."
        return asked.page("refused.html", 403, why=why)
    try:
        return await run_in_threadpool(answer, asked)
    except OperatorError as error:
        return asked.page("refused.html", 404 if request.method == "GET" else 409, why=on_a_page(str(error)))


def on_a_page(text: str) -> str:
    """What went wrong, for somebody in a browser."""
    return COMMAND.sub("", text).strip() or text


async def known(request: Request) -> Asked | None:
    """A request with who makes it; None where nobody has signed in."""
    desk: Desk = request.app.state.desk
    person, of_session = await run_in_threadpool(_who, desk, request)
    if person is None:
        return None
    form = await form_of(request) if request.method == "POST" else {}
    token = of_session or request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    return Asked(request, desk, person, token, bool(of_session), form)


def _who(desk: Desk, request: Request) -> tuple[Person | None, str]:
    """Who asks, and what the forms of their session carry."""
    return who.whose(desk.place, request), who.form_token_of(desk.place, request)


async def form_of(request: Request) -> dict[str, str]:
    """What a form has sent."""
    sent = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def is_same(token: str, form: Mapping[str, str]) -> bool:
    """Whether a form has sent the token that it must send."""
    return bool(token) and compare_digest(token.encode(), form.get(FIELD, "").encode())


def to_sign_in(request: Request) -> Response:
    """Where whoever has not signed in is sent, and comes back from. What asks for a part of a page leads the whole page there,
    and a form that was sent too late is said to be lost.
    """
    case_id = request.path_params.get("case_id")
    back, lost = f"/cases/{quote(case_id)}" if case_id else "/", {}
    if request.headers.get("hx-request") == "true":
        at = urlsplit(request.headers.get("hx-current-url", ""))
        return PlainTextResponse("Sign in.\n", 401, {"hx-redirect": _sign_in_from(f"{at.path or '/'}?{at.query}")})
    if request.method == "POST":
        lost = {"lost": "1"}
    elif request.headers.get("accept") == "text/event-stream":
        return PlainTextResponse("Sign in.\n", 401)
    else:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(_sign_in_from(back, **lost), 303)


def _sign_in_from(back: str, **more: str) -> str:
    return f"/sign-in?{urlencode({'next': back.removesuffix('?'), **more})}"
