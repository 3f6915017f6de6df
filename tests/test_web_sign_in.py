"""Signing in: who has an account is let in, to what their role may, for as long as their session lasts; nobody else is."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.own_shop import data_folder
from support.ports import free_port
from support.served import listening
from support.signed_in import SESSION, WORDS, House, token_of
from support.signed_in import house as house_of
from test_web_live import Listening

from switchboard.console.app import Workplace
from switchboard.console.protocols.seam import FORWARDED
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import Desk
from switchboard.console.web.pages.signing_in import local
from switchboard.service import accounts
from switchboard.service.accounts.signing_in import MOST_OF_NAME

DEEDS = (
    *("approve", "refuse", "edit", "reply", "take", "hand-back", "end", "suggest", "draft/send", "draft/drop", "flag"),
    *(f"tickets/T000001/{what}" for what in ("assign", "close", "reopen")),
)
LOOKS = ("/", "/?state=all", "/cases/{}", "/cases/{}/trace", "/cases/{}/part/head", "/nowhere")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_of(tmp_path_factory.mktemp("house")) as found:
        yield found


@pytest.mark.slow
def test_each_page_sends_a_stranger_to_sign_in_and_back_to_it(house: House) -> None:
    for path in LOOKS:
        asked = path.format(house.case_id)
        found = house.stranger().get(asked)
        assert found.status_code == 303 and found.headers["location"].startswith("/sign-in?next="), asked
        assert house.case_id not in found.text
        client = house.stranger()
        entered = house.enter(client, "vera", next=httpx.URL(found.headers["location"]).params["next"])
        assert (entered.status_code, entered.headers["location"]) == (303, asked)
    for path in ("/events", f"/cases/{house.case_id}/events?after=0"):
        assert house.stranger().get(path, headers={"accept": "text/event-stream"}).status_code == 401
    part = {"hx-request": "true", "hx-current-url": f"{house.url}/cases/{house.case_id}?told=taken"}
    found = house.stranger().get(f"/cases/{house.case_id}/part/act", headers=part)
    assert found.status_code == 401
    assert httpx.URL(found.headers["hx-redirect"]).params["next"] == f"/cases/{house.case_id}?told=taken"
    assert house.stranger().get("/health").text == "ok\n"


@pytest.mark.slow
def test_nothing_is_done_for_a_stranger_who_is_told_so(house: House) -> None:
    for what in DEEDS:
        client = house.stranger()
        client.cookies.set("switchboard_form", "known")
        client.cookies.set(SESSION, "known")
        found = client.post(f"/cases/{house.case_id}/{what}", data={"form_token": "known", "hash": "0"})
        assert found.status_code == 303 and found.headers["location"].startswith("/sign-in?"), what
        assert "was not done" in client.get(found.headers["location"]).text
    assert house.worker.document(house.case_id)["end"] == "awaiting_approval"


@pytest.mark.slow
def test_a_role_that_is_too_small_is_named(house: House) -> None:
    viewer = house.inside("vera")
    page = viewer.get(f"/cases/{house.case_id}")
    assert "vera" in page.text and "/approve" not in page.text
    for what in DEEDS:
        found = viewer.post(f"/cases/{house.case_id}/{what}", data={"form_token": token_of(page)})
        assert found.status_code == 403 and "needs the role operator, and you are signed in as viewer" in found.text, what
    for name in ("otto", "lena", "adam"):
        assert "/approve" in house.inside(name).get(f"/cases/{house.case_id}").text
    assert house.worker.document(house.case_id)["end"] == "awaiting_approval"


@pytest.mark.slow
def test_a_role_that_was_taken_away_holds_no_more_from_the_next_request_on(house: House) -> None:
    client = house.inside("theo")
    page = client.get(f"/cases/{house.case_id}")
    accounts.set_role(house.place, "theo", "viewer", "root")
    assert client.post(f"/cases/{house.case_id}/take", data={"form_token": token_of(page)}).status_code == 403
    accounts.disable(house.place, "theo", "root")
    assert client.get("/").status_code == 303
    assert "The name or the password is wrong." in house.enter(house.stranger(), "theo").text


@pytest.mark.slow
def test_what_one_has_before_signing_in_is_worth_nothing_after_it(house: House) -> None:
    client = house.stranger()
    client.cookies.set(SESSION, "planted")
    client.cookies.set("switchboard_form", "planted")
    page = client.get("/sign-in")
    entered = client.post("/sign-in", data={"form_token": token_of(page), "name": "otto", "password": WORDS})
    cookies = [one for one in entered.headers.get_list("set-cookie") if one.startswith("switchboard_session=")]
    assert len(cookies) == 1 and "HttpOnly" in cookies[0] and "SameSite=lax" in cookies[0] and "Path=/" in cookies[0]
    assert "planted" not in cookies[0] and "Secure" not in cookies[0] and "Domain" not in cookies[0]
    first = cookies[0].partition("=")[2].partition(";")[0]
    mine = httpx.Client(base_url=house.url, cookies={SESSION: first}, timeout=60)
    assert mine.get("/").status_code == 200
    form = {"form_token": "planted"}
    with_planted = httpx.Client(base_url=house.url, cookies={SESSION: first, "switchboard_form": "planted"}, timeout=60)
    assert with_planted.post(f"/cases/{house.case_id}/take", data=form).status_code == 403
    again = house.stranger()
    again.cookies.set(SESSION, first)
    again.cookies.set("switchboard_form", "x")
    entered = again.post("/sign-in", data={"form_token": "x", "name": "otto", "password": WORDS})
    assert entered.status_code == 303 and first not in entered.headers["set-cookie"]
    assert mine.get("/").status_code == 303  # who signs in anew leaves no session behind
    token = token_of(house.inside("otto").get(f"/cases/{house.case_id}"))
    assert house.inside("lena").post(f"/cases/{house.case_id}/take", data={"form_token": token}).status_code == 403


def test_the_cookie_stays_on_tls_where_it_came_by_it(house: House) -> None:
    client = house.stranger()
    client.headers["x-forwarded-proto"] = "https"
    page = client.get("/sign-in")
    form = {"form_token": token_of(page), "name": "otto", "password": WORDS}
    sent = client.post("/sign-in", data=form, headers={"cookie": page.headers["set-cookie"].partition(";")[0]})
    assert "Secure" in page.headers["set-cookie"] and "Secure" in sent.headers["set-cookie"]


def test_another_site_signs_nobody_in(house: House) -> None:
    client = house.stranger()
    form = {"form_token": token_of(client.get("/sign-in")), "name": "otto", "password": WORDS}
    assert client.post("/sign-in", data=form, headers={"origin": "http://evil.example"}).status_code == 403
    assert house.stranger().post("/sign-in", data=form).status_code == 403
    assert house.stranger().post("/sign-in", data={**form, "form_token": ""}).status_code == 403
    refused = house.stranger().post("/sign-in", data={"name": "<b>otto"})
    assert "Try again" in refused.text and "<b>otto" not in refused.text and WORDS not in refused.text


@pytest.mark.slow
def test_signing_out_ends_the_session_wherever_its_token_is(house: House) -> None:
    client = house.inside("lena")
    copy = httpx.Client(base_url=house.url, cookies=dict(client.cookies), timeout=60)
    page = Listening(
        house.url, "/events?mark=", headers={"cookie": f"switchboard_session={copy.cookies['switchboard_session']}"}
    )
    assert page.has("event: queue")
    form = {"form_token": token_of(client.get("/"))}
    assert client.post("/sign-out", data={"form_token": "x"}).status_code == 403 and copy.get("/").status_code == 200
    assert client.post("/sign-out", data=form).headers["location"] == "/sign-in"
    assert SESSION not in client.cookies
    assert client.get("/").status_code == copy.get("/").status_code == 303
    assert page.is_over()
    what = [deed.what for deed in accounts.audit(house.place, who="lena")]
    assert what[0] == "signed out" and "signed in" in what


@pytest.mark.slow
def test_who_tries_passwords_is_made_to_wait_and_told_for_how_long(house: House) -> None:
    accounts.add_account(house.place, "mira", "viewer", WORDS, "root")
    client = house.stranger()
    for _ in range(MOST_OF_NAME):
        found = house.enter(client, "mira", "a guess of mine")
        assert found.status_code == 403 and "The name or the password is wrong." in found.text
        assert 'value="mira"' in found.text and "a guess of mine" not in found.text
    found = house.enter(client, "mira")
    assert found.status_code == 429 and "too many tries" in found.text and int(found.headers["retry-after"]) > 0
    assert SESSION not in client.cookies
    elsewhere = {"x-forwarded-for": "203.0.113.9"}  # that one comes from elsewhere anybody may write
    page = client.get("/sign-in")
    form = {"form_token": token_of(page), "name": "mira", "password": WORDS}
    assert client.post("/sign-in", data=form, headers=elsewhere).status_code == 429


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "evil",
        "",
        "/\t/evil.example",
        "\\/x",
        "/" * 3,
        "/" + "x" * 2001,
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(house: House, path: str) -> None:
    assert local(path) == "/"
    assert house.enter(house.stranger(), "adam", next=path).headers["location"] == "/"


@pytest.mark.slow
def test_who_is_signed_in_needs_no_form(house: House) -> None:
    found = house.inside("vera").get("/sign-in", params={"next": "/?state=all"})
    assert (found.status_code, found.headers["location"]) == (303, "/?state=all")


@pytest.mark.slow
def test_without_accounts_only_who_sits_here_is_let_in(house: House, tmp_path: Path) -> None:
    place = Workplace(data_folder(tmp_path))
    with listening(make_app(Desk(place, house.worker), {"127.0.0.1", "desk.example"}), free_port()) as url:
        assert httpx.get(url, timeout=60).status_code == 200
        assert "Nobody has an account here" not in httpx.get(f"{url}/sign-in", follow_redirects=True, timeout=60).text
        for headers in ({"host": "desk.example"}, *({name: "x"} for name in FORWARDED)):
            assert httpx.get(url, headers=headers, timeout=60).status_code == 303
            found = httpx.get(f"{url}/sign-in", headers=headers, timeout=60)
            assert "Nobody has an account here" in found.text and "password" not in found.text
        accounts.add_account(place, "otto", "operator", WORDS, "root")
        assert httpx.get(url, timeout=60).status_code == 303
        accounts.disable(place, "otto", "root")
        assert httpx.get(url, timeout=60).status_code == 303  # the desk is not opened by letting its last operator go
    place.engine.dispose()
