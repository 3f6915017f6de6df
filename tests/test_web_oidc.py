"""Signing in by a provider: whom it names is let in, as who they are bound to; what is forged, old or used opens nothing."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.testclient import TestClient
from support.oidc_provider import CLIENT, SECRET, OidcProvider, oidc_provider
from support.toy_desk import House, house

from switchboard.accounts.rows import accounts as account_rows
from switchboard.accounts.rows import sign_ins
from switchboard.accounts.table import AccountsTable, OidcTable
from switchboard.console.web.app import make_app
from switchboard.errors import OperatorError
from switchboard.service import accounts
from switchboard.tables.project_file import ProjectFile

SESSION = "switchboard_session"
BEGINS = "/sign-in/provider"
BELA = {"sub": "s-b", "preferred_username": "bela"}


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with oidc_provider() as found:
        yield found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("desk")) as found:
        accounts.add_account(found.desk, "ines", "operator", None, "root")
        yield found


@pytest.fixture(autouse=True)
def at_first(provider: OidcProvider, desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that does as it should, and a desk that knows it anew."""
    provider.alg, provider.answer, provider.claims, provider.described = "RS256", None, {}, {}
    provider.asked.clear()
    monkeypatch.setenv("THEIR_SECRET", SECRET)
    with desk.desk.engine.begin() as connection:
        connection.execute(sign_ins.delete())
    knows(desk, provider)


def knows(desk: House, provider: OidcProvider, **more: Any) -> None:
    table = OidcTable(issuer=provider.issuer, client_id=CLIENT, secret="${THEIR_SECRET}", **more)
    desk.desk.project.file = ProjectFile(name="Toys", accounts=AccountsTable(oidc=table))
    desk.app = make_app(desk.desk, {"desk.example"})  # type: ignore[arg-type]


def back(desk: House, provider: OidcProvider, client: TestClient, next_page: str = "/", **who: Any) -> httpx.Response:
    """Somebody goes there, is let in, and comes back."""
    sent = client.get(BEGINS, params={"next": next_page})
    assert sent.status_code == 303
    return client.get(provider.let_in(sent.headers["location"], **{"sub": "s-1", "preferred_username": "ines", **who}))


def refused(response: httpx.Response, words: str, status: int = 403) -> None:
    assert response.status_code == status and words in response.text, response.text
    assert not any(one.startswith(f"{SESSION}=") for one in response.headers.get_list("set-cookie"))


@pytest.mark.slow
def test_who_has_an_account_is_let_in_and_bound_to_it_whatever_they_are_called_later(
    desk: House, provider: OidcProvider
) -> None:
    client = desk.browser()
    assert 'href="/sign-in/provider?next=/' in client.get("/sign-in").text
    refused(back(desk, provider, client, **BELA), "bela has no account here")
    accounts.add_account(desk.desk, "Bela", "operator", None, "root")
    entered = back(desk, provider, client, "/?state=all", **BELA)
    assert (entered.status_code, entered.headers["location"]) == (303, "/?state=all")
    cookie = next(one for one in entered.headers.get_list("set-cookie") if one.startswith(SESSION))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert "Bela" in client.get("/").text
    assert back(desk, provider, other := desk.browser(), sub="s-b", preferred_username="bela-maria").status_code == 303
    assert "Bela" in other.get("/").text
    refused(back(desk, provider, desk.browser(), sub="s-2", preferred_username="bela"), "is another")
    assert accounts.audit(desk.desk, who="Bela")[0].data["provider"] == provider.issuer
    accounts.disable(desk.desk, "Bela", "root")
    assert client.get("/").status_code == 303
    refused(back(desk, provider, desk.browser(), **BELA), "disabled")
    accounts.enable(desk.desk, "Bela", "root")


@pytest.mark.slow
def test_nobody_comes_by_the_provider_into_an_account_with_a_password_or_by_a_password_into_its(
    desk: House, provider: OidcProvider
) -> None:
    for name in ("adam", "ADAM", "vera"):
        refused(back(desk, provider, desk.browser(), sub=f"of-{name}", preferred_username=name), "has a password")
    accounts.add_account(desk.desk, "paul", "operator", None, "root")
    for words in ("", "oidc:", "oidc:paul and more"):
        with pytest.raises(OperatorError, match="is wrong"):
            accounts.sign_in(desk.desk, "paul", words, "192.0.2.9")
    accounts.set_password(desk.desk, "paul", "words of his own", "root")
    refused(back(desk, provider, desk.browser(), sub="of-paul", preferred_username="paul"), "has a password")


@pytest.mark.slow
def test_a_role_follows_what_the_provider_says_and_nobody_is_admin_but_by_name(desk: House, provider: OidcProvider) -> None:
    knows(desk, provider, roles={"desk": "operator", "leads": "lead"})
    who = {"sub": "s-7", "preferred_username": "kofi"}
    for groups in ([], ["admin", "admins"], "other", None, [["desk"]], {"desk": 1}):
        refused(back(desk, provider, desk.browser(), groups=groups, **who), "gives you no role")
    assert "kofi" not in [one.name for one in accounts.list_accounts(desk.desk)]
    for groups, role in ((["desk"], "operator"), (["desk", "leads", "x"], "lead"), ("desk", "operator")):
        client = desk.browser()
        assert back(desk, provider, client, groups=groups, **who).status_code == 303
        assert {one.name: one.role for one in accounts.list_accounts(desk.desk)}["kofi"] == role
    token = accounts.add_token(desk.desk, "kofi", "nightly", ["cases:read"], "kofi").token
    assert client.get("/").status_code == 200 and accounts.holder_of(desk.desk, token)
    refused(back(desk, provider, desk.browser(), groups=[], **who), "gives you no role")
    assert client.get("/").status_code == 303 and not accounts.holder_of(desk.desk, token), "what was open is closed"
    knows(desk, provider, name="email", roles={"desk": "operator"})
    who = {"sub": "s-8", "groups": "desk", "email": "ada@desk.example"}
    refused(back(desk, provider, desk.browser(), **who), "not verified")
    assert back(desk, provider, desk.browser(), **who, email_verified=True).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another desk"},
        {"aud": [CLIENT, "another desk"]},
        {"aud": {"a": 1}},
        {"iss": "https://evil.example"},
        {"exp": 1_700_000_000},
        {"exp": "soon"},
        {"exp": None},
        {"sub": ""},
        {"sub": 7},
        {"nbf": 99_999_999_999},
        {"preferred_username": ["ines"]},
        {"preferred_username": " "},
        {"preferred_username": "triage"},
    ],
)
def test_what_a_token_says_wrongly_opens_nothing(desk: House, provider: OidcProvider, wrong: dict[str, Any]) -> None:
    provider.claims = wrong
    before = desk.rows()
    response = back(desk, provider, desk.browser(), sub="s-1")
    assert response.status_code == 403 and SESSION not in response.cookies
    after = desk.rows()
    del before["operator_sign_ins"], after["operator_sign_ins"]
    assert after == before


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_that_no_key_of_the_provider_signed_opens_nothing(desk: House, provider: OidcProvider, alg: str) -> None:
    provider.alg = alg
    refused(back(desk, provider, desk.browser()), "not signed")


def test_a_new_key_of_the_provider_is_asked_for_and_one_that_it_does_not_have_is_not_believed(
    desk: House, provider: OidcProvider
) -> None:
    from joserfc.jwk import RSAKey

    assert back(desk, provider, desk.browser()).status_code == 303
    old, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "first"})
    refused(back(desk, provider, desk.browser()), "not signed")  # the same name, and another key: not the one that is known
    provider.key = old


def test_codes_and_states_are_used_once_and_in_the_browser_that_began(desk: House, provider: OidcProvider) -> None:
    client = desk.browser()
    sent = client.get(BEGINS)
    begun = client.cookies["switchboard_provider"]
    url = provider.let_in(sent.headers["location"], sub="s-1", preferred_username="ines")
    refused(desk.browser().get(url), "not begun in this browser")
    stranger = desk.browser()
    stranger.get(BEGINS)
    refused(stranger.get(url), "not begun in this browser")
    assert client.get(url).status_code == 303 and "switchboard_provider" not in client.cookies
    refused(client.get(url), "not begun in this browser")
    again = desk.browser()
    again.cookies.set("switchboard_provider", begun)
    refused(again.get(url), "used before")
    third = desk.browser()
    sent = third.get(BEGINS)
    fresh = provider.let_in(sent.headers["location"], sub="s-1", preferred_username="ines")
    code = httpx.URL(url).params["code"]
    refused(third.get(httpx.URL(fresh).copy_set_param("code", code).raw_path.decode()), "took back its word")
    for cookie in ("", "a", "a.b.c.d.e", "...", "none was begun...", "x.y.z.%2F%2Fevil.example"):
        planted = desk.browser()
        planted.cookies.set("switchboard_provider", cookie)
        assert planted.get("/sign-in/provider/back?state=none+was+begun&code=1").status_code == 403


@pytest.mark.slow
def test_another_providers_answer_and_one_that_refuses_open_nothing(desk: House, provider: OidcProvider) -> None:
    for more in ({"iss": "https://evil.example"}, {"error": "access_denied"}, {"code": ""}):
        client = desk.browser()
        url = httpx.URL(provider.let_in(client.get(BEGINS).headers["location"], sub="s-1", preferred_username="ines"))
        found = client.get(str(url.copy_merge_params(more)))
        assert found.status_code == 403 and "evil" not in found.text
    assert "/token" not in provider.asked


def test_a_session_that_was_planted_before_is_worth_nothing_after(desk: House, provider: OidcProvider) -> None:
    planted = desk.inside("viewer")
    token = planted.cookies[SESSION]
    client = desk.browser()
    client.cookies.set(SESSION, token, domain="desk.example")
    entered = back(desk, provider, client)
    assert entered.status_code == 303 and token not in str(entered.headers)
    assert planted.get("/").status_code == 303


@pytest.mark.parametrize("path", ["/?q=ann%40desk.example", "/cases/case_ab.1-2", "/audit?who=j.doe&since="])
def test_who_signs_in_comes_back_to_where_they_were(desk: House, provider: OidcProvider, path: str) -> None:
    assert back(desk, provider, desk.browser(), path).headers["location"] == path


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"])
def test_nobody_is_led_elsewhere(desk: House, provider: OidcProvider, path: str) -> None:
    assert back(desk, provider, desk.browser(), path).headers["location"] == "/"


def test_a_provider_that_is_away_or_answers_anything_is_told(desk: House, provider: OidcProvider) -> None:
    for answer in (
        PlainTextResponse("no", 500),
        PlainTextResponse("[]"),
        PlainTextResponse("x" * 400_000),
        PlainTextResponse("[" * 100_000),
        RedirectResponse("/keys"),
    ):
        provider.answer = answer
        refused(desk.browser().get(BEGINS), "does not answer as it should", 503)
    provider.answer = None
    for described in ({"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": 7}):
        provider.described = described
        refused(desk.browser().get(BEGINS), "does not answer as it should", 503)
    absent = OidcProvider()
    absent.issuer = "http://127.0.0.1:1"
    knows(desk, absent)
    page = desk.browser().get(BEGINS)
    refused(page, "Try again in a while", 503)
    assert 'name="password"' in page.text  # with a password one signs in as before


def test_a_provider_that_is_away_costs_nobody_a_try(desk: House, provider: OidcProvider) -> None:
    client = desk.browser("198.51.100.7")
    let_in = provider.let_in(client.get(BEGINS, params={"next": "/"}).headers["location"], sub="s-1", preferred_username="ines")
    provider.answer = PlainTextResponse("no", 500)
    refused(client.get(let_in), "does not answer as it should", 503)
    with desk.desk.engine.connect() as connection:
        assert connection.execute(sign_ins.select()).all() == []


def test_without_a_provider_there_is_none(desk: House, provider: OidcProvider) -> None:
    desk.desk.project.file = ProjectFile(name="Toys")
    desk.app = make_app(desk.desk, {"desk.example"})  # type: ignore[arg-type]
    assert BEGINS not in desk.browser().get("/sign-in").text
    for path in (BEGINS, f"{BEGINS}/back?code=1&state=1"):
        refused(desk.browser().get(path), "Nobody signs in by a provider here", 404)


def test_the_secret_is_a_variable_that_is_set(desk: House, provider: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THEIR_SECRET")
    with pytest.raises(OperatorError, match="THEIR_SECRET"):
        knows(desk, provider)
    for wrong in ({"secret": "s3cret"}, {"issuer": "http://login.example.com"}, {"issuer": "https://a:b@login.example.com"}):
        with pytest.raises(ValueError, match=r"stands in no file|no address"):
            OidcTable(**{"issuer": provider.issuer, "client_id": CLIENT, **wrong})


@pytest.mark.slow
def test_who_comes_back_wrongly_too_often_is_made_to_wait(desk: House, provider: OidcProvider) -> None:
    found = [back(desk, provider, desk.browser("198.51.100.4"), sub="nobody", preferred_username="nn") for _ in range(51)]
    assert found[-1].status_code == 429 and found[-2].status_code == 403
    assert back(desk, provider, desk.browser()).status_code == 303


def test_no_row_says_whom_the_provider_knows(desk: House, provider: OidcProvider) -> None:
    assert back(desk, provider, desk.browser()).status_code == 303
    with desk.desk.engine.connect() as connection:
        kept = [row.password for row in connection.execute(account_rows.select()) if row.name == "ines"]
    assert len(kept) == 1 and kept[0].startswith("oidc:") and "s-1" not in kept[0]
