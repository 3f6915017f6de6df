"""Tries to sign in are counted for where they come from, which a proxy of ours says, and nobody else."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select
from starlette.datastructures import Headers
from starlette.requests import Request
from support.toy_desk import WORDS, House, form_token, house

from switchboard.accounts.rows import sign_ins
from switchboard.accounts.table import AccountsTable
from switchboard.console.web.who import address_of
from switchboard.service.accounts.signing_in import MOST_OF_ADDRESS, MOST_OF_NAME

PROXIES = ("10.0.0.0/8", "127.0.0.1", "2001:db8:1::/48")


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("203.0.113.9",), "192.0.2.1"),
        ("10.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("198.51.100.1, 203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("198.51.100.1", "203.0.113.9"), "203.0.113.9"),
        ("127.0.0.1", ("203.0.113.9, 10.1.1.1",), "203.0.113.9"),
        ("10.0.0.1", ("10.0.0.7, 10.0.0.8",), "10.0.0.7"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("",), "10.0.0.1"),
        ("10.0.0.1", ("203.0.113.9, unknown",), "10.0.0.1"),
        ("10.0.0.1", ("203.0.113.9:4711",), "203.0.113.9"),
        ("2001:db8:1::5", ("[2001:db8:2::7]:443",), "2001:db8:2::7"),
        ("::ffff:10.0.0.1", ("::ffff:203.0.113.9",), "203.0.113.9"),
        ("", ("203.0.113.9",), ""),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_counts(peer: str, said: tuple[str, ...], found: str) -> None:
    headers = Headers(raw=[(b"x-forwarded-for", one.encode()) for one in said])
    request = Request({"type": "http", "headers": headers.raw, "client": (peer, 1) if peer else None})
    assert address_of(request, PROXIES) == found
    assert address_of(request, ()) == peer.removeprefix("::ffff:")


def test_what_holds_every_address_is_no_proxy() -> None:
    for wrong in ("0.0.0.0/0", "::/0", "10.0.0.1/8", "proxy.example", ""):
        with pytest.raises(ValueError, match="it "):
            AccountsTable(proxies=[wrong])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("desk"), accounts=AccountsTable(proxies=["10.0.0.0/8"])) as found:
        yield found


def tries(desk: House, name: str, words: str, peer: str, said: str = "") -> httpx.Response:
    client = desk.browser(peer, **({"x-forwarded-for": said} if said else {}))
    page = client.get("/sign-in")
    return client.post("/sign-in", data={"form_token": form_token(page.text), "name": name, "password": words})


@pytest.mark.slow
def test_who_guesses_for_a_name_waits_where_they_are_and_others_behind_the_proxy_do_not(desk: House) -> None:
    for number in range(MOST_OF_NAME):
        assert tries(desk, "otto", "a guess", "10.0.0.1", f"198.51.100.{number}, 203.0.113.9").status_code == 403
    assert tries(desk, "otto", WORDS, "10.0.0.2", "203.0.113.9").status_code == 429
    assert tries(desk, "otto", WORDS, "10.0.0.1", "203.0.113.10").status_code == 303
    with desk.desk.engine.connect() as connection:
        assert set(connection.scalars(select(sign_ins.c.address))) == {"203.0.113.9"}
    for number in range(MOST_OF_NAME):
        assert tries(desk, "lena", "a guess", "192.0.2.66", f"198.51.100.{number}").status_code == 403
    assert tries(desk, "lena", WORDS, "192.0.2.66", "198.51.100.99").status_code == 429  # it is no proxy of ours


@pytest.mark.slow
def test_who_guesses_for_many_names_waits_too(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.service.accounts.signing_in.fits", lambda password, kept: False)
    for number in range(MOST_OF_ADDRESS):
        assert tries(desk, f"name {number}", "a guess", "203.0.113.77").status_code == 403
    monkeypatch.undo()
    assert tries(desk, "adam", WORDS, "203.0.113.77").status_code == 429
    assert tries(desk, "adam", WORDS, "203.0.113.78").status_code == 303
