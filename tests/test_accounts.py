"""Who may work at a desk: passwords, sessions, roles and API tokens, and what is refused, on SQLite and Postgres."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from support.staffed import Clock, Place, places, read_only

from switchboard.accounts.passwords import fits, hashed
from switchboard.accounts.roles import ROLES, may
from switchboard.errors import OperatorError
from switchboard.service import accounts
from switchboard.service.accounts import Person, SignedIn, TooManyTries, WrongPassword
from switchboard.service.accounts.signing_in import IDLE_SECONDS, LASTS_SECONDS, MOST_OF_ADDRESS, MOST_OF_NAME, WINDOW_SECONDS

WORDS = "nine green kettles"
HOME = "192.0.2.7"


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    yield from places(tmp_path, request.param, request)


@pytest.fixture
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A place on SQLite."""
    yield from places(tmp_path, "sqlite", request)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def ines(place: Place, role: str = "operator") -> SignedIn:
    accounts.add_account(place, "Ines", role, WORDS, "root")
    return accounts.sign_in(place, "Ines", WORDS, HOME)


@pytest.mark.slow
def test_who_has_an_account_signs_in_and_out(place: Place) -> None:
    assert not accounts.any_accounts(place)
    signed_in = ines(place)
    assert accounts.any_accounts(place)
    assert signed_in.person == accounts.whose(place, signed_in.token) == Person("Ines", "operator")
    accounts.sign_out(place, signed_in.token)
    assert accounts.whose(place, signed_in.token) is None


@pytest.mark.slow
def test_a_name_is_one_however_it_is_written(place: Place) -> None:
    ines(place)
    assert accounts.sign_in(place, "  INES ", WORDS, HOME).person.name == "Ines"
    with pytest.raises(OperatorError, match="already"):
        accounts.add_account(place, "ines", "admin", WORDS, "root")


@pytest.mark.parametrize("name", ["", "customer", "deadline", "refunds", "Іnes", "x" * 61])
def test_no_account_is_called_like_somebody_else(file: Place, name: str) -> None:
    with pytest.raises(OperatorError, match="cannot be an operator's name"):
        accounts.add_account(
            file, name if name != "refunds" else next(iter(file.environment.teams["desk"].members)), "lead", WORDS, "root"
        )


def test_a_short_password_makes_no_account(file: Place) -> None:
    with pytest.raises(OperatorError, match="10 to 1000"):
        accounts.add_account(file, "Ines", "lead", "kettles", "root")
    assert not accounts.any_accounts(file)


@pytest.mark.slow
def test_no_row_holds_what_opens_a_door(place: Place) -> None:
    signed_in = ines(place, "admin")
    made = accounts.add_token(place, "Ines", "nightly", ["stats:read"], "Ines")
    with place.engine.connect() as connection:
        tables = ("operator_accounts", "operator_sessions", "operator_tokens", "operator_sign_ins", "operator_audit")
        rows = str([connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables])
    assert not [one for one in (WORDS, signed_in.token, made.token) if one in rows]
    assert signed_in.token not in repr(signed_in) and made.token not in repr(made)


@pytest.mark.slow
def test_each_sign_in_has_a_token_and_a_word_for_its_forms_of_its_own(place: Place) -> None:
    first = ines(place)
    second = accounts.sign_in(place, "Ines", WORDS, HOME)
    words = {accounts.csrf_of(place, one.token) for one in (first, second)}
    assert first.token != second.token and len(words) == 2 and "" not in words
    assert accounts.csrf_of(place, "of nobody") == ""


@pytest.mark.slow
def test_nobody_has_the_session_of_a_token_that_was_not_given_out(file: Place) -> None:
    ines(file)
    with file.engine.connect() as connection:
        kept = connection.execute(text("SELECT token FROM operator_sessions")).scalar_one()
    assert [accounts.whose(file, token) for token in ("", kept, "\ud800", "x" * 10_000)] == [None] * 4


@pytest.mark.slow
def test_a_session_ends_twelve_hours_after_it_began(file: Place, clock: Clock) -> None:
    signed_in = ines(file)
    for _ in range(11):
        clock.set_on(LASTS_SECONDS / 12)
        assert accounts.whose(file, signed_in.token)
    clock.set_on(LASTS_SECONDS / 12)
    assert accounts.whose(file, signed_in.token) is None


@pytest.mark.slow
def test_a_session_ends_two_hours_after_it_was_used_last(file: Place, clock: Clock) -> None:
    signed_in = ines(file)
    clock.set_on(IDLE_SECONDS - 60)
    assert accounts.whose(file, signed_in.token)
    clock.set_on(IDLE_SECONDS + 1)
    assert accounts.whose(file, signed_in.token) is None and accounts.csrf_of(file, signed_in.token) == ""


@pytest.mark.slow
def test_another_password_ends_all_sessions_and_the_old_one_opens_nothing(place: Place) -> None:
    signed_in = ines(place)
    accounts.set_password(place, "ines", "ten yellow kettles", "root")
    assert accounts.whose(place, signed_in.token) is None
    with pytest.raises(WrongPassword):
        accounts.sign_in(place, "Ines", WORDS, HOME)
    assert accounts.sign_in(place, "Ines", "ten yellow kettles", HOME)


@pytest.mark.slow
def test_who_is_disabled_is_out_at_once_and_another_password_lets_nobody_in(place: Place) -> None:
    signed_in = ines(place)
    made = accounts.add_token(place, "Ines", "nightly", ["stats:read"], "Ines")
    accounts.disable(place, "Ines", "root")
    accounts.set_password(place, "Ines", "ten yellow kettles", "root")
    assert accounts.whose(place, signed_in.token) is accounts.holder_of(place, made.token) is None
    assert accounts.any_accounts(place)
    with pytest.raises(WrongPassword):
        accounts.sign_in(place, "Ines", "ten yellow kettles", HOME)
    accounts.enable(place, "Ines", "root")
    assert accounts.sign_in(place, "Ines", "ten yellow kettles", HOME)


@pytest.mark.slow
def test_another_role_holds_at_once(place: Place) -> None:
    signed_in = ines(place)
    accounts.set_role(place, "Ines", "viewer", "root")
    assert accounts.whose(place, signed_in.token) == Person("Ines", "viewer")
    with pytest.raises(OperatorError, match="no role 'owner'"):
        accounts.set_role(place, "Ines", "owner", "root")


def wrong(place: Place, name: str = "Ines", address: str = HOME) -> str:
    with pytest.raises(OperatorError) as told:
        accounts.sign_in(place, name, "eight red kettles", address)
    return str(told.value)


@pytest.mark.slow
def test_after_five_wrong_passwords_the_right_one_waits_too(place: Place, clock: Clock) -> None:
    ines(place)
    for _ in range(MOST_OF_NAME):
        assert "wrong" in wrong(place)
    with pytest.raises(TooManyTries) as told:
        accounts.sign_in(place, "ines", WORDS, HOME)
    assert 0 < told.value.seconds <= WINDOW_SECONDS
    assert accounts.sign_in(place, "Ines", WORDS, "192.0.2.8")  # elsewhere they are not locked out by it
    clock.set_on(told.value.seconds + 1)
    assert accounts.sign_in(place, "Ines", WORDS, HOME)


@pytest.mark.slow
def test_who_signs_in_has_all_tries_again(file: Place) -> None:
    ines(file)
    for _ in range(3):
        for _ in range(MOST_OF_NAME - 1):
            wrong(file)
        accounts.sign_in(file, "Ines", WORDS, HOME)


@pytest.mark.slow
def test_an_address_has_a_bound_of_its_own_over_all_names(file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ines(file)
    monkeypatch.setattr("switchboard.service.accounts.signing_in.fits", lambda *_: False)  # which takes long
    for number in range(MOST_OF_ADDRESS):
        assert "wrong" in wrong(file, f"nobody {number}")
    assert "too many" in wrong(file)


@pytest.mark.slow
def test_of_ipv6_a_network_is_one_address(file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ines(file)
    monkeypatch.setattr("switchboard.service.accounts.signing_in.fits", lambda *_: False)
    for number in range(MOST_OF_NAME):
        wrong(file, address=f"2001:db8:1:2::{number}")
    assert "too many" in wrong(file, address="2001:db8:1:2:ffff::1")
    assert "wrong" in wrong(file, address="2001:db8:1:3::1")


@pytest.mark.slow
def test_of_many_tries_at_once_no_more_are_made(place: Place) -> None:
    ines(place)
    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(lambda _: wrong(place), range(12)))
    assert sum("wrong" in one for one in told) == MOST_OF_NAME


@pytest.mark.slow
def test_nobody_learns_who_has_an_account(file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a name that is unknown, or disabled, the same is told, and a password is hashed too."""
    ines(file)
    accounts.add_account(file, "Dana", "lead", WORDS, "root")
    accounts.disable(file, "Dana", "root")
    tried = []

    def watched(password: str, kept: str | None) -> bool:
        tried.append(kept is not None)
        return fits(password, kept)

    monkeypatch.setattr("switchboard.service.accounts.signing_in.fits", watched)
    assert wrong(file) == wrong(file, "Nobody") == wrong(file, "Dana")
    assert tried == [True, False, True]
    assert not fits("anything", None)


@pytest.mark.slow
def test_a_hash_that_is_none_lets_nobody_in() -> None:
    assert [fits(WORDS, kept) for kept in ("", "plain", hashed(WORDS)[:-1])] == [False] * 3
    assert fits(WORDS, hashed(WORDS))


@pytest.mark.slow
def test_a_token_holds_for_its_scopes_and_for_what_its_account_may(place: Place) -> None:
    ines(place, "lead")
    made = accounts.add_token(place, "Ines", "nightly", ["cases:read", "approvals:decide"], "Ines")
    holder = accounts.holder_of(place, made.token)
    assert holder and holder.person == Person("Ines", "lead")
    assert holder.may("approvals:decide") and not holder.may("cases:write")
    accounts.set_role(place, "Ines", "viewer", "root")
    holder = accounts.holder_of(place, made.token)
    assert holder and holder.may("cases:read") and not holder.may("approvals:decide")
    [listed] = accounts.list_tokens(place)
    assert (listed.number, listed.name, listed.revoked, listed.last_used is None) == (made.number, "nightly", False, False)


@pytest.mark.slow
def test_a_token_that_is_revoked_opens_nothing(place: Place) -> None:
    ines(place)
    made = accounts.add_token(place, "Ines", "nightly", ["stats:read"], "Ines")
    accounts.revoke_token(place, made.number, "Ines")
    assert accounts.holder_of(place, made.token) is None
    for number in (made.number, 10**30):
        with pytest.raises(OperatorError, match="no token"):
            accounts.revoke_token(place, number, "Ines")


@pytest.mark.slow
@pytest.mark.parametrize("scopes", [["admin"], ["all"], []])
def test_a_token_is_for_no_more_than_its_account(file: Place, scopes: list[str]) -> None:
    ines(file)
    with pytest.raises(OperatorError):
        accounts.add_token(file, "Ines", "nightly", scopes, "Ines")
    assert accounts.list_tokens(file) == []


@given(st.sampled_from(ROLES), st.sampled_from(ROLES))
def test_each_role_may_what_those_before_it_may(one: str, other: str) -> None:
    assert may(one, other) == (ROLES.index(one) >= ROLES.index(other))
    assert may(one, other) or may(other, one)


@pytest.mark.slow
def test_who_is_signed_in_reads_on_where_nothing_can_be_written(place: Place, clock: Clock, caplog: Any) -> None:
    signed_in = ines(place)
    token = accounts.add_token(place, "Ines", "reports", ["stats:read"], "root").token
    clock.set_on(90.0)
    read_only(place.engine)
    assert accounts.whose(place, signed_in.token) == Person("Ines", "operator")
    assert accounts.holder_of(place, token)
    assert "when a session was used is not kept" in caplog.text and "when a token was used is not kept" in caplog.text


def test_the_name_of_an_account_is_made_of_words(place: Place) -> None:
    for name in ("<b>ann</b>", "ann;", 'an"n', "...", "a|b", "{ann}"):
        with pytest.raises(OperatorError, match="is no name of an account"):
            accounts.add_account(place, name, "operator", WORDS, "root")
    for name in ("Zoë O'Neil-Öz", "ann@example.com", "अंजलि", "ann_2+x"):
        assert accounts.add_account(place, name, "operator", WORDS, "root").name == name
