"""Programs that ask `serve`: each endpoint by a token with its scope and its account's role, and by nothing else."""

import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import AuthenticationError, OpenAI, PermissionDeniedError
from support.commands import switchboard
from support.own_shop import data_folder
from support.signed_in import GRACE, LARGE, SESSION, WORDS, House, token_of
from support.signed_in import house as house_of
from support.terminal import PLAIN, environment

from switchboard.console.protocols.mounted import Imported
from switchboard.service import accounts

ALL = ("cases:read", "cases:write", "approvals:decide", "stats:read")
EXCHANGE = {"model": "desk", "messages": [{"role": "user", "content": "When are you open?"}]}
LIST_TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
OF_READERS = ("/mcp", "/a2a")
"""What is asked there says by itself what it needs a token for."""
MCP = {"accept": "application/json, text/event-stream"}


def test_two_first_requests_make_one_application() -> None:
    made: list[object] = []

    def make() -> Any:
        time.sleep(0.02)
        made.append(object())
        return made[-1]

    imported = Imported(make)
    with ThreadPoolExecutor(4) as pool:
        assert {*pool.map(lambda _: imported.made(), range(4))} == {*made} and len(made) == 1


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_of(tmp_path_factory.mktemp("house")) as found:
        yield found


def endpoints(house: House) -> Iterator[tuple[str, str]]:
    """All that wants a token, by method and path."""
    described = httpx.get(f"{house.url}/api/openapi.json", timeout=60).json()
    for path, operations in described["paths"].items():
        for method in operations:
            if path != "/v1/health":
                yield method.upper(), "/api" + re.sub(r"\{[a-z_]+\}", "nothing", path)
    yield from (("GET", "/v1/models"), ("GET", "/v1/models/desk"), ("POST", "/v1/chat/completions"), ("POST", "/ag-ui"))
    yield from (("POST", path) for path in OF_READERS)


def answers(house: House, client: httpx.Client) -> dict[tuple[str, str], int]:
    """How each endpoint answers, a form that it would not understand included."""
    found = {}
    for method, path in endpoints(house):
        body = {"content": b"{}", "headers": {"content-type": "application/json", **MCP}} if method == "POST" else {}
        found[method, path] = client.request(method, path, **body).status_code  # type: ignore[arg-type]
    assert len(found) > 15
    return found


@pytest.mark.slow
def test_each_endpoint_refuses_who_shows_no_token_or_a_wrong_one(house: House) -> None:
    token = house.token("otto", *ALL)
    revoked = house.token("otto", *ALL)
    accounts.revoke_token(house.place, accounts.list_tokens(house.place)[-1].number, "root")
    inside = house.inside("adam")
    wrong = [house.stranger(), inside, *(house.program(one) for one in ("swb_none", revoked, inside.cookies[SESSION], WORDS))]
    for client in wrong:
        assert set(answers(house, client).values()) == {401}
    basic = httpx.Client(base_url=house.url, headers={"authorization": f"Basic {token}"}, timeout=60)
    assert set(answers(house, basic).values()) == {401}
    assert 401 not in answers(house, house.program(token)).values()
    assert httpx.get(f"{house.url}/api/v1/health", timeout=60).json()["status"] == "ready"
    assert httpx.get(f"{house.url}/health", timeout=60).text == "ok\n"


@pytest.mark.slow
def test_a_scope_that_a_token_does_not_have_opens_nothing(house: House) -> None:
    figures = answers(house, house.program(house.token("otto", "stats:read")))
    assert {path for (_, path), status in figures.items() if status != 403} == {"/api/v1/stats"}
    reads = answers(house, house.program(house.token("otto", "cases:read")))
    assert {status for (method, path), status in reads.items() if method == "POST" and path not in OF_READERS} == {403}
    assert reads["GET", "/v1/models"] == reads["GET", "/api/v1/cases"] == 200 and reads["GET", "/api/v1/stats"] == 403
    writes = answers(house, house.program(house.token("otto", "cases:write")))
    assert writes["POST", "/api/v1/approvals/nothing/approve"] == writes["GET", "/api/v1/cases"] == 403
    assert writes["POST", "/v1/chat/completions"] == 400


@pytest.mark.slow
def test_a_token_may_never_more_than_whom_it_belongs_to(house: House) -> None:
    program = house.program(house.token("theo", *ALL))
    before = answers(house, program)
    assert 403 not in before.values()
    accounts.set_role(house.place, "theo", "viewer", "root")
    after = answers(house, program)
    assert after["GET", "/api/v1/cases"] == 200
    assert after["POST", "/api/v1/cases"] == after["POST", "/v1/chat/completions"] == 403
    assert after["POST", "/api/v1/approvals/nothing/approve"] == 403
    accounts.disable(house.place, "theo", "root")
    assert set(answers(house, program).values()) == {401}
    accounts.enable(house.place, "theo", "root")


def test_a_token_of_programs_opens_no_page(house: House) -> None:
    token = house.token("adam", *ALL, "admin")
    assert house.program(token).get("/").status_code == 303
    client = house.stranger()
    client.cookies.set(SESSION, token)
    client.cookies.set("switchboard_form", "known")
    assert client.get("/").status_code == 303
    assert client.post(f"/cases/{house.case_id}/take", data={"form_token": "known"}).status_code == 303
    assert house.worker.document(house.case_id)["end"] == "awaiting_approval"


@pytest.mark.slow
def test_what_guards_forms_stands_before_no_program_but_the_name_must_be_ours(house: House) -> None:
    program = house.program(house.token("otto", *ALL))
    form = {"origin": "https://shop.example", "sec-fetch-site": "cross-site", "idempotency-key": "from-a-shop-page"}
    found = program.post("/api/v1/cases", json={"message": "When are you open?"}, headers=form)
    assert found.status_code == 201 and "nosniff" in found.headers["x-content-type-options"]
    pieces = (b'{"message": "When are ', b'you open?"}')
    of_pieces = {"content-type": "application/json", "idempotency-key": "in-pieces"}
    assert program.post("/api/v1/cases", content=iter(pieces), headers=of_pieces).status_code == 201
    assert program.post("/v1/chat/completions", content=b"x" * 1_000_001).status_code == 413
    for method, path in endpoints(house):
        assert program.request(method, path, headers={"host": "evil.example"}).status_code == 421
        assert program.request(method, path, headers={"host": "desk.example"}).status_code != 421
    for path in ("/apis", "/v1.html", "/mcpx", "/a2a.json", "/cases/api/take"):
        assert program.post(path, content=b"", headers={"origin": "https://shop.example"}).status_code == 403


def test_mcp_is_spoken_with_a_token(house: House) -> None:
    program = house.program(house.token("otto", "cases:read"))
    found = program.post("/mcp", json=LIST_TOOLS, headers=MCP)
    assert found.status_code == 200 and "ask" in found.text


def test_the_card_of_the_agent_is_shown_to_anybody_under_the_name_that_was_asked(house: House) -> None:
    found = house.stranger().get("/.well-known/agent-card.json", headers={"host": "desk.example"})
    assert found.json()["supportedInterfaces"][0]["url"] == "http://desk.example/a2a"


@pytest.mark.slow
def test_who_approves_by_a_token_is_who_it_belongs_to(house: House) -> None:
    program = house.program(house.token("lena", *ALL))
    listed = [one["call"] for one in program.get("/api/v1/approvals").json()["approvals"]]
    waiting = next(one for one in listed if one["case_id"] == house.case_id)
    assert program.post(f"/api/v1/approvals/{house.case_id}/approve", json={"hash": waiting["hash"]}).status_code == 200
    deed = accounts.audit(house.place, case_id=house.case_id)[0]
    assert (deed.who, deed.what) == ("lena", "approved a call")
    page = house.inside("vera").get(f"/cases/{house.case_id}")
    assert "lena" in page.text


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """The command itself; its address."""
    command = [*PLAIN, "serve", "--port", "0", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder, env=environment(folder), text=True
    )
    try:
        assert process.stdout
        said = process.stdout.readline()
        port = re.search(r":(\d+) - ", said)
        assert port, said
        yield f"http://127.0.0.1:{port[1]}"
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout and "Traceback" not in process.stdout.read()


@pytest.mark.slow
def test_the_command_serves_programs_with_a_token_and_people_with_a_password(tmp_path: Path) -> None:
    data_folder(tmp_path)
    made = switchboard(tmp_path, "users", "add", "otto", "--role", "admin", "--as", "root", given=f"{WORDS}\n")
    assert made.returncode == 0, made.stdout + made.stderr
    scopes = [word for scope in ALL for word in ("--scope", scope)]
    said = switchboard(
        tmp_path, "tokens", "add", "otto", "--called", "shop", *scopes, "--as", "otto", given=f"{WORDS}\n"
    ).stdout
    token = re.search(r"swb_[\w-]+", said)
    assert token, said
    with serving(tmp_path, "--host", "0.0.0.0") as address:
        for key in ("swb_wrong", "none"):
            with OpenAI(base_url=f"{address}/v1", api_key=key, timeout=60) as client, pytest.raises(AuthenticationError):
                client.models.list()
        with OpenAI(base_url=f"{address}/v1", api_key=token[0], timeout=60) as client:
            assert "desk" in [one.id for one in client.models.list()]
            asked = client.chat.completions.create(
                model="desk", messages=[{"role": "user", "content": LARGE}], metadata={"email": GRACE}
            )
            assert asked.choices[0].message.content
            case_id = asked.metadata["case_id"]  # type: ignore[attr-defined]
        programs = httpx.Client(base_url=f"{address}/api", headers={"authorization": f"Bearer {token[0]}"}, timeout=60)
        assert programs.get(f"/v1/cases/{case_id}").json()["case"]["end"] == "awaiting_approval"
        hash_ = programs.get("/v1/approvals").json()["approvals"][0]["call"]["hash"]
        people = httpx.Client(base_url=address, timeout=30)
        form = {"name": "otto", "password": WORDS, "form_token": token_of(people.get("/sign-in"))}
        assert people.post("/sign-in", data=form).status_code == 303
        page = people.get(f"/cases/{case_id}")
        assert hash_ in page.text
        yes = {"hash": hash_, "form_token": token_of(page)}
        assert people.post(f"/cases/{case_id}/approve", data=yes).headers["location"] == f"/cases/{case_id}?told=approved"


@pytest.mark.slow
def test_without_accounts_programs_here_are_heard_and_pages_of_browsers_are_not(tmp_path: Path) -> None:
    data_folder(tmp_path)
    with serving(tmp_path) as address:
        with OpenAI(base_url=f"{address}/v1", api_key="anything", timeout=60) as client:
            assert client.models.list()
        for origin in ("https://evil.example", "null", address):
            found = httpx.post(f"{address}/v1/chat/completions", json=EXCHANGE, headers={"origin": origin}, timeout=60)
            assert found.status_code == 401, origin
            assert (
                httpx.post(f"{address}/mcp", json=LIST_TOOLS, headers={"origin": origin, **MCP}, timeout=60).status_code == 401
            )
        add = ["users", "add", "--as", "root"]
        assert switchboard(tmp_path, *add, "root", "--role", "admin", given=f"{WORDS}\n").returncode == 0
        assert (
            httpx.post(f"{address}/v1/chat/completions", json=EXCHANGE, timeout=60).status_code == 401
        )  # from then on, without a restart
        assert httpx.get(address, timeout=60).status_code == 303
        assert switchboard(tmp_path, *add, "vera", "--role", "viewer", given=f"{WORDS}\n{WORDS}\n").returncode == 0
        token_add = ["tokens", "add", "vera", "--called", "x", "--scope", "cases:read", "--as", "root"]
        said = switchboard(tmp_path, *token_add, given=f"{WORDS}\n").stdout
        token = re.search(r"swb_[\w-]+", said)
        assert token
        with OpenAI(base_url=f"{address}/v1", api_key=token[0]) as client, pytest.raises(PermissionDeniedError):
            client.chat.completions.create(model="desk", messages=[{"role": "user", "content": "Hello"}])
