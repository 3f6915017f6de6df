"""Each page and each endpoint that is served: what it needs is written here, and without it nothing is shown and nothing done.

What stands in no table fails: whoever adds a route says here whom it is for. CSRF is tried at each form in the same way.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from support.toy_desk import NAMES, House, form_token, house

from switchboard.accounts.roles import NEEDED, ROLES, SCOPES, Role, Scope, may
from switchboard.cases.cases import hear
from switchboard.console.protocols.mounted import Imported
from switchboard.console.web.asked import Page
from switchboard.service import accounts

SESSION = "switchboard_session"
CASE = "/cases/{case_id}"
PAGES: Mapping[tuple[str, str], Role | None] = {
    **dict.fromkeys(("GET", path) for path in ("/health", "/ready", "/sign-in", "/sign-in/provider", "/sign-in/provider/back")),
    ("POST", "/sign-in"): None,
    **dict.fromkeys((("GET", path) for path in ("/", "/events", "/bulk", "/statistics")), "viewer"),
    **dict.fromkeys((("POST", f"/views/{what}") for what in ("keep", "drop")), "viewer"),
    **dict.fromkeys((("GET", CASE + path) for path in ("", "/trace", "/part/{part}", "/events")), "viewer"),
    ("POST", "/sign-out"): "viewer",
    **dict.fromkeys((("POST", f"{CASE}/{what}") for what in ("approve", "refuse", "edit")), "operator"),
    **dict.fromkeys(
        (
            ("POST", f"{CASE}/{what}")
            for what in ("reply", "note", "take", "hand-back", "end", "escalate", "reopen", "flag", "fork", "suggest")
        ),
        "operator",
    ),
    **dict.fromkeys((("POST", f"{CASE}/draft/{what}") for what in ("send", "drop")), "operator"),
    ("POST", CASE + "/tickets/{number}/{what}"): "operator",
    **dict.fromkeys((("POST", f"/bulk/{what}") for what in ("confirm", "answer")), "operator"),
    **dict.fromkeys((("GET", path) for path in ("/evaluations", "/try", "/try/{case_id}", "/try/{case_id}/said")), "operator"),
    **dict.fromkeys((("POST", path) for path in ("/try", "/try/{case_id}")), "operator"),
    ("GET", "/suggestions"): "lead",
    ("POST", "/suggestions/{number}/{what}"): "lead",
    ("GET", "/audit"): "admin",
}
READS = (
    "/api/v1/cases",
    "/api/v1/cases/{case_id}",
    "/api/v1/tickets",
    "/api/v1/tickets/{number}",
    "/api/v1/webhooks/deliveries",
    "/v1/models",
    "/v1/models/{name}",
)
WRITES = (
    *("/v1/chat/completions", "/api/v1/cases", "/api/v1/cases/{case_id}/messages", "/api/v1/cases/{case_id}/cancel"),
    *(f"/api/v1/cases/{{case_id}}/{what}" for what in ("escalate", "reopen", "suggestion")),
    *(f"/api/v1/tickets/{{number}}/{what}" for what in ("assign", "close", "reopen")),
)
ENDPOINTS: Mapping[tuple[str, str], Scope | None] = {
    **dict.fromkeys(("GET", path) for path in ("/api/openapi.json", "/api/v1/health")),
    **dict.fromkeys((("GET", path) for path in READS), "cases:read"),
    **dict.fromkeys((("POST", path) for path in WRITES), "cases:write"),
    ("GET", "/api/v1/approvals"): "approvals:decide",
    **dict.fromkeys((("POST", f"/api/v1/approvals/{{case_id}}/{what}") for what in ("approve", "refuse")), "approvals:decide"),
    ("GET", "/api/v1/stats"): "stats:read",
    ("GET", "/.well-known/agent-card.json"): None,
    **dict.fromkeys((("POST", path) for path in ("/a2a", "/ag-ui")), "cases:write"),
    **dict.fromkeys(((method, "/mcp") for method in ("GET", "POST", "DELETE")), "cases:read"),
}
METHODS = {"/mcp": ("GET", "POST", "DELETE"), "/.well-known/agent-card.json": ("GET",), "/a2a": ("POST",), "/ag-ui": ("POST",)}
"""By which methods programs ask what takes in any of them itself."""
MOUNTS = {"/api", "/v1", "/static"}
"""`/static` has files of ours alone, which tell nobody anything."""
ENDLESS = re.compile(r"/events$")
JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
CALLS = {
    "/mcp": b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}',
    "/a2a": b'{"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {"message": '
    b'{"role": "user", "messageId": "m1", "parts": [{"kind": "text", "text": "Please pay me."}]}}}',
}


class Asking:
    """One client of the whole application, which is at work; whose request it is, each says anew."""

    def __init__(self, desk: House, client: TestClient, case_id: str) -> None:
        self.desk, self._client = desk, client
        self.case_id = case_id
        self.sessions = {role: desk.inside(role).cookies[SESSION] for role in ROLES}
        self.form = form_token(self.page("GET", "/", self.sessions["viewer"]).text)

    def filled(self, path: str) -> str:
        known = {"case_id": self.case_id, "number": "T000001", "part": "head", "what": "close", "name": "toys"}
        return re.sub(r"\{([a-z_]+)\}", lambda match: known[match[1]], path)

    def page(self, method: str, path: str, session: str = "", form: str = "planted", **headers: str) -> Any:
        self._client.cookies.clear()
        cookies = f"switchboard_form=planted; {SESSION}={session}"
        data = {"form_token": form, "hash": "0"} if method == "POST" else None
        return self._client.request(method, self.filled(path), data=data, headers={"cookie": cookies, **headers})

    def endpoint(self, method: str, path: str, **headers: str) -> Any:
        self._client.cookies.clear()
        body = CALLS.get(path, b"{}") if method == "POST" else None
        return self._client.request(method, self.filled(path), content=body, headers={**JSON, **headers})


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with house(tmp_path_factory.mktemp("desk")) as desk, desk.browser() as client:
        worker = desk.desk.at_work
        ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
        worker.work(ref)
        following, _ = hear(desk.desk.engine, ref.case_id, "Seventy.", worker.workflows.executor)
        assert following and worker.work(following)["end"] == "awaiting_approval"
        yield Asking(desk, client, ref.case_id)


def routes(desk: House) -> Iterator[tuple[str, str, Any]]:
    """All that is mounted, by method and path, with the role that it says it needs, `...` where that is a scope."""
    for route in desk.app.routes:
        if isinstance(route, Page):
            for method in route.methods - {"HEAD"}:
                yield method, route.path, route.role
            continue
        app = route.app.made() if isinstance(route, Mount) and isinstance(route.app, Imported) else route.app
        if isinstance(app, FastAPI):
            yield "GET", f"{route.path}{app.openapi_url}", ...
            for path, operations in app.openapi()["paths"].items():
                yield from ((method.upper(), f"{route.path}{path}", ...) for method in operations)
        elif isinstance(route, Mount):
            assert route.path in MOUNTS, f"say in this test whom {route.path} is for"
            for one in getattr(app, "routes", ()):
                yield from ((method, f"{route.path}{one.path}", ...) for method in one.methods - {"HEAD"})
        else:
            assert isinstance(route, Route) and route.path in METHODS, f"say in this test whom {route} is for"
            yield from ((method, route.path, ...) for method in METHODS[route.path])


@pytest.mark.slow
def test_each_route_is_known_here_with_what_it_needs(asking: Asking) -> None:
    found = list(routes(asking.desk))
    assert {(method, path): role for method, path, role in found if role is not ...} == PAGES
    assert {(method, path) for method, path, role in found if role is ...} == set(ENDPOINTS)
    assert {route.path for route in asking.desk.app.routes if isinstance(route, Mount)} == MOUNTS


@pytest.mark.slow
def test_each_page_wants_a_session_and_its_role_and_else_does_nothing(asking: Asking) -> None:
    before = asking.desk.rows()
    for (method, path), role in PAGES.items():
        if role is None:
            continue
        for session in ("", "wrong", "planted; x"):
            found = asking.page(method, path, session)
            assert (found.status_code, found.headers["location"][:9]) == (303, "/sign-in?"), (method, path)
            assert asking.case_id not in found.text
            part = asking.page(method, path, session, **{"hx-request": "true"})
            assert part.status_code == 401 and asking.case_id not in part.text, (method, path)
        for smaller in (one for one in ROLES if not may(one, role)):
            found = asking.page(method, path, asking.sessions[smaller])
            assert found.status_code == 403 and f"needs the role {role}" in found.text, (method, path, smaller)
            assert asking.case_id not in found.text
    assert asking.desk.rows() == before


@pytest.mark.slow
def test_each_page_is_answered_from_its_role_on(asking: Asking) -> None:
    for (method, path), role in PAGES.items():
        if method == "GET" and role and not ENDLESS.search(path):
            status = 404 if path.startswith("/try/{") else 200  # it is a customer's case, and no try of theirs
            for larger in (one for one in ROLES if may(one, role)):
                assert asking.page(method, path, asking.sessions[larger]).status_code == status, (path, larger)


@pytest.mark.slow
def test_no_form_is_taken_that_no_page_of_this_session_made(asking: Asking) -> None:
    before = asking.desk.rows()
    ours = {"origin": "http://desk.example", "sec-fetch-site": "same-origin"}
    elsewhere: tuple[dict[str, str], ...] = (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://desk.example.evil.example"},
        {"origin": "http://desk.example:81"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    )
    admin = asking.sessions["admin"]
    own = form_token(asking.page("GET", "/", admin).text)
    assert own != asking.form
    for method, path in PAGES:
        if method != "POST":
            continue
        for headers in elsewhere:
            assert asking.page(method, path, admin, own, **headers).status_code == 403, (path, headers)
        if path == "/sign-in":  # nobody has a session there: it has the cookie's token
            assert asking.page(method, path, "", own, **ours).status_code == 403
            continue
        for wrong in ("", "planted", asking.form, own[:-1], own + "x", "ä"):
            found = asking.page(method, path, admin, wrong, **ours)
            assert found.status_code == 403 and "was not one of this page" in found.text, (path, wrong)
    assert asking.desk.rows() == before


@pytest.mark.slow
def test_only_what_is_meant_to_change_something_is_taken_by_another_method(asking: Asking) -> None:
    before = asking.desk.rows()
    for path in {path for _, path in PAGES}:
        for method in ("PUT", "DELETE", "PATCH"):
            assert asking.page(method, path, asking.sessions["admin"]).status_code == 405, path
        if ("GET", path) not in PAGES:
            assert asking.page("GET", path, asking.sessions["admin"]).status_code in (404, 405), path
    assert asking.desk.rows() == before


@pytest.mark.slow
def test_each_endpoint_wants_a_token_with_its_scope_and_its_role_and_else_does_nothing(asking: Asking) -> None:
    place = asking.desk.desk
    others = {scope: _token(place, "adam", *(one for one in SCOPES if one != scope)) for scope in SCOPES}
    of_viewer = _token(place, "lena", *(one for one in SCOPES if one != "admin"))
    accounts.set_role(place, "lena", "viewer", "root")
    session, before = asking.sessions["admin"], asking.desk.rows()
    as_page = {"cookie": f"{SESSION}={session}"}
    nobodys = ({}, {"authorization": "Bearer swb_wrong"}, {"authorization": f"Bearer {session}"}, as_page)
    for (method, path), scope in ENDPOINTS.items():
        if scope is None:
            assert asking.endpoint(method, path).status_code == 200
            continue
        for wrong in nobodys:
            assert asking.endpoint(method, path, **wrong).status_code == 401, (method, path, wrong)
        found = asking.endpoint(method, path, authorization=f"Bearer {others[scope]}")
        assert found.status_code == 403, (method, path)
        if not may("viewer", NEEDED[scope]):
            assert asking.endpoint(method, path, authorization=f"Bearer {of_viewer}").status_code == 403, (method, path)
    assert asking.desk.rows() == before
    accounts.set_role(place, NAMES["lead"], "lead", "root")


def _token(place: Any, name: str, *scopes: str) -> str:
    return accounts.add_token(place, name, "for a test", scopes, "root").token


def test_files_of_ours_are_all_that_static_gives(asking: Asking) -> None:
    assert asking.endpoint("GET", "/static/desk.css").status_code in (200, 404)
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/"):
        assert asking.endpoint("GET", path).status_code in (303, 404), path
