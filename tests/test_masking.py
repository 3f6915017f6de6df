"""What a log may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import in_proportion

from switchboard.events.masking import card_numbers, emails, masked, masked_data

# Numbers that payment providers publish for tests: they pass the check and belong to nobody.
CARDS = ["4111 1111 1111 1111", "4111111111111111", "5555-5555-5555-4444", "3782 822463 10005", "6011.1111.1111.1117"]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_is_masked_however_it_is_grouped(card: str) -> None:
    assert masked(f"Please use {card}, it is mine.") == "Please use [card number], it is mine."


def test_of_data_every_text_is_masked_and_the_rest_is_as_it_was() -> None:
    data = {"to": "bo.lind@example.com", "of": [1, None, {"said": ("mail ann@example.com",)}], "hash": "0123456789abcdef"}
    told = {"to": "b...@example.com", "of": [1, None, {"said": ["mail a...@example.com"]}], "hash": "0123456789abcdef"}
    assert masked_data(data) == told


def test_a_card_number_is_found_beside_other_digits() -> None:
    assert masked("4111 1111 1111 1111 12/28 cvv 123") == "[card number] 12/28 cvv 123"
    assert masked("nr 7 4111 1111 1111 1111 90210") == "nr 7 [card number] 90210"


def test_card_numbers_in_digits_of_other_scripts_are_masked() -> None:
    assert masked("４１１１ １１１１ １１１１ １１１１") == "[card number]"


SIGNS = ("/", "_", "\u2009", "\u202f", "\u2013", ", ", "\u00b7", "\n", "\t", "\u200b", "|", "*", "  ", ". ", ":")


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("size", [1, 2, 4, 8])
@pytest.mark.parametrize("zero", ["0", "\uff10", "\u0660", "\u0966"])
def test_a_card_number_is_masked_whatever_stands_between_its_digits(sign: str, size: int, zero: str) -> None:
    digits = "".join(chr(ord(zero) + int(digit)) for digit in "4111111111111111")
    card = sign.join(digits[at : at + size] for at in range(0, 16, size))
    assert masked(f"it is {card}, thanks") == "it is [card number], thanks"


@pytest.mark.parametrize(
    "text",
    [
        "#W1000001 and #W1000002",
        "1000001 1000002 1000003",
        "item 1234567890 for 1234567891",
        "2026-03-04 2026-03-05 10.15.00",
        "call +1 555 010 0199",
        "4111 1111 1111 1112",
        "0000 0000 0000 0000",
        "12345678901234567890123",
        "03/04/26 10:15:07, 03/05/26 11:20:01",
        "20260304 20260312",
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",
    ],
)
def test_numbers_that_are_no_card_stay(text: str) -> None:
    assert masked(text) == text


def test_an_email_address_keeps_its_first_letter_and_its_domain() -> None:
    assert masked("Write to ada.stone@example.com.") == "Write to a...@example.com."
    assert masked(f"{'x' * 500}@mail.example.com") == "x...@mail.example.com"


def test_the_mailbox_of_a_service_is_nobodys_secret() -> None:
    text = "Write to Returns@shop.example.com or privacy@shop.example.com."
    assert masked(text) == text
    assert masked("helping@shop.example.com, help.me@shop.example.com") == "h...@shop.example.com, h...@shop.example.com"


def test_text_without_secrets_is_unchanged() -> None:
    assert masked("") == ""
    assert masked("The lamp @ home costs $42.50.") == "The lamp @ home costs $42.50."


@given(st.text(alphabet="0123456789 -.@ax\u0663", max_size=300))
def test_no_card_number_is_left_after_masking(text: str) -> None:
    assert card_numbers(masked(text)) == []


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", ["1", "1 ", "111 ", "1111-", "a", "a@", "a.", "a@a.", "4111 1111 1111 1111 ", "1,", "11_", "4 1 ", "44444444/"]
)
def test_masking_takes_work_in_proportion_to_the_length(part: str) -> None:
    text = part * (250_000 // len(part))
    with in_proportion():
        masked(text)


@pytest.mark.parametrize("text", ["a..b@example.com", ".a@example.com", "a@example.com@b", f"{'x' * 65}@example.com", "a@b.c1"])
def test_what_only_looks_like_an_address_is_read_as_none_and_masked_all_the_same(text: str) -> None:
    assert list(emails(text)) == []
    assert masked(text).startswith(f"{text[0]}...@")


def test_addresses_are_read_without_what_stands_around_them() -> None:
    text = "Write to <Ada.Stone+shop@mail.example.org>, or to b@example.com."
    assert [match[0] for match in emails(text)] == ["Ada.Stone+shop@mail.example.org", "b@example.com"]


def test_what_binds_a_call_is_no_card_and_a_card_beside_it_is() -> None:
    bound = "a411111111111111"[:12] + "1111"
    assert masked(f"switchboard approve case_1 --for {bound}") == f"switchboard approve case_1 --for {bound}"
    assert "4111" not in masked("a4111111111111111") and "4111" not in masked("4111111111111111")
