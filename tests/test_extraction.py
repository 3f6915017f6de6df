"""Facts from free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.effort import in_proportion

from agents.requests.facts import Facts, facts_in
from switchboard.reading.facts.details import LOOKED_AT
from switchboard.reading.facts.people import Address, Name
from switchboard.reading.facts.quantities import Amount, Shape


@pytest.mark.parametrize(
    "text",
    [
        "Where is #W1000001?",
        "where is w1000001",
        "order 1000001 please",
        "Order no. 1000001",
        "my order number: 1000001",
        "My order number is #1000001.",
        "(order: W-1000001)",
        "Which one?\n1000001",
        "It's 1000001",
    ],
)
def test_an_order_id_is_found_however_it_is_written(text: str) -> None:
    assert facts_in(text).order_ids == ("#W1000001",)


def test_several_orders_in_a_row_are_all_found() -> None:
    text = "Orders 1000001, 1000002 and W1000003 are late, order #W1000004 too, and again W1000001."
    assert facts_in(text).order_ids == ("#W1000001", "#W1000002", "#W1000003", "#W1000004")


def test_the_places_of_orders_split_a_message_with_two_matters() -> None:
    text = "Refund W1000001 please. Cancel order 1000002."
    first, second = facts_in(text).order_places
    assert text[first.start : first.end] == "W1000001"
    assert text[second.start : second.end] == "1000002"


@pytest.mark.parametrize(
    "text", ["W12345678", "order 123456", "call me at 5550100", "ticket #1000001", "tracking number is 1000001"]
)
def test_other_numbers_are_no_order_ids(text: str) -> None:
    assert facts_in(text).order_ids == ()


def test_emails_are_found_in_small_letters_and_without_the_full_stop() -> None:
    assert facts_in("I am Ada.Stone+shop@Example.com. Or <b@mail.example.org>").emails == (
        "ada.stone+shop@example.com",
        "b@mail.example.org",
    )
    assert facts_in("a@b, @home, lamp@").emails == ()


@pytest.mark.parametrize(
    "text",
    [
        "My name is Ada Stone and I need help",
        "my name is ada stone, zip 80279",
        "MY NAME IS ADA STONE",
        "Hello, I'm Ada Stone.",
        "I’m Ada Stone from Denver",
        "This is Ada Stone, where is my parcel?",
        "Name: Ada Stone",
        "Ada Stone here, good morning",
        "It never came.\n\nKind regards,\nAda Stone",
        "It never came. Thanks, Ada Stone",
        "ada stone 80279",
        "Ada Stone\n80279",
        "The order is under the name Ada Stone",
        "Name's Ada Stone, zip is 80279.",
        "Ada Stone, Denver, 80279.",
        "Take the card. Ada Stone, 80279.",
        "ada stone, denver, 80279",
        "Ada Stone, Denver, CO 80279",
        "Ada Stone from Fort Collins 80279, and I want my money back",
        "I'm Ada Stone in Denver, 80279.",
    ],
)
def test_a_name_is_found_where_it_is_given_as_one(text: str) -> None:
    assert facts_in(text).names == (Name("Ada", "Stone"),)


@pytest.mark.parametrize(
    "text",
    [
        "I'm very angry",
        "I'm Very Angry",
        "I AM VERY ANGRY",
        "This is My Third Message",
        "I'm Contacting You about W1000001",
        "my name is spelled wrong",
        "My name is not on the parcel",
        "Thanks, Fernhill Supply",
        "this is unacceptable",
        "Thanks,\nit works now",
        "Gift Card",
        "Send it to 5 Reed Lane, New York, NY 10001.",
        "Send it to 5 Reed Lane, North Dakota, ND 58001.",
    ],
)
def test_other_words_are_no_names(text: str) -> None:
    assert facts_in(text).names == ()


def test_names_with_particles_accents_and_initials_are_whole() -> None:
    assert facts_in("I'm Jean-Luc de Vries.").names == (Name("Jean-Luc", "de Vries"),)
    assert facts_in("my name is Zoë O'Neil").names == (Name("Zoë", "O'Neil"),)
    assert facts_in("My name is Will M. Stone.").names == (Name("Will", "Stone"),)


@pytest.mark.parametrize(
    "text",
    [
        "zip 80279",
        "My zip code is 80279-1234.",
        "80279 is my postcode",
        "I live in Denver, 80279",
        "Denver, CO 80279",
        "80279",
        "Ada Stone, 80279. I do not know the address.",
        "ada stone, fort collins, 80279",
        "I'm Ada Stone in Denver, 80279",
        "Ada Stone here, 80279.",
    ],
)
def test_a_zip_code_is_found_where_the_text_says_so(text: str) -> None:
    assert facts_in(text).zips == ("80279",)


@pytest.mark.parametrize(
    "text", ["order 80279", "you owe me 80279", "It costs 80279 dollars", "#W1080279", "zip 8027", "item 8027912345"]
)
def test_other_numbers_are_no_zip_codes(text: str) -> None:
    assert facts_in(text).zips == ()


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Call me at (555) 010-0199.", "(555) 010-0199"),
        ("my phone number is 5550100", "5550100"),
        ("+1 555 010 0199 in the evening", "+1 555 010 0199"),
        ("555-0100", "555-0100"),
    ],
)
def test_phone_numbers_are_kept_as_they_are_written(text: str, phone: str) -> None:
    assert facts_in(text).phones == (phone,)


@pytest.mark.parametrize(
    ("text", "cents", "currency"),
    [
        ("$42.50", 4250, "USD"),
        ("42.50 USD", 4250, "USD"),
        ("42,50 €", 4250, "EUR"),
        ("180 dollars", 18000, "USD"),
        ("$1,234.00", 123400, "USD"),
        ("1.234,50 EUR", 123450, "EUR"),
        ("£7", 700, "GBP"),
        ("I paid $19.99.", 1999, "USD"),
        ("99 cents", 99, "USD"),
        ("US$ 5.5", 550, "USD"),
    ],
)
def test_amounts_are_whole_cents(text: str, cents: int, currency: str) -> None:
    assert facts_in(text).amounts == (Amount(cents, currency),)


@pytest.mark.parametrize(
    "text", ["20% off", "March 4", "2026-03-04", "3 lamps", "$", "order 1000001", "1.234 USD", "$ 12345678901"]
)
def test_percentages_dates_and_ambiguous_numbers_are_no_amounts(text: str) -> None:
    assert facts_in(text).amounts == ()


def test_item_product_and_payment_ids_are_told_apart() -> None:
    facts = facts_in("Swap item 1234567890 for 1234567891 (product id 2345678901), pay with gift_card_1234567.")
    assert facts.item_ids == ("1234567890", "1234567891")
    assert facts.product_ids == ("2345678901",)
    assert facts.payment_method_ids == ("gift_card_1234567",)


@pytest.mark.parametrize(
    "text",
    [
        "Send it to 12 Main Street, Apt 4, Denver, CO 80279, USA please",
        "12 Main Street\nApt 4\nDenver, Colorado 80279",
        "12 Main Street Apt 4, Denver CO 80279-1234",
    ],
)
def test_an_address_is_read_into_its_parts(text: str) -> None:
    assert facts_in(text).addresses == (Address("12 Main Street", "Apt 4", "Denver", "CO", "USA", "80279"),)


def test_an_incomplete_address_is_none() -> None:
    assert facts_in("Send it to 12 Main Street, Denver").addresses == ()


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("a 10.5 by 4 metre rectangle", Shape("rectangle", {"length": 10.5, "width": 4}, "m")),
        ("rug of 10ft x 4ft", Shape("rectangle", {"length": 10, "width": 4}, "ft")),
        ("a room 4 m wide and 10,5 m long", Shape("rectangle", {"length": 10.5, "width": 4}, "m")),
        ("circle with a radius of 3 m", Shape("circle", {"radius": 3}, "m")),
        ("a round rug, diameter 3 in the hall", Shape("circle", {"radius": 1.5}, None)),
        ("triangle base 6 and height 4", Shape("triangle", {"base": 6, "height": 4}, None)),
        ("a square with sides of 4 cm", Shape("rectangle", {"length": 4, "width": 4}, "cm")),
        ("a rectangle of -3 by 4 m", Shape("rectangle", {"length": -3, "width": 4}, "m")),
    ],
)
def test_a_shape_is_read_with_its_measures_and_unit(text: str, shape: Shape) -> None:
    assert facts_in(text).shape == shape


@pytest.mark.parametrize("text", ["10 ft by 4 m rectangle", "2 x 4 lamps", "a circle", "one by one"])
def test_a_shape_without_clear_measures_is_none(text: str) -> None:
    assert facts_in(text).shape is None


def test_error_codes_are_found_and_bulb_sockets_are_not() -> None:
    assert facts_in("The display shows e23? It says E23, then error code: 404.").error_codes == ("E23", "404")
    assert facts_in("Do you have an E27 bulb?").error_codes == ()
    assert facts_in("ERR_TIMEOUT again").error_codes == ("ERR_TIMEOUT",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I no longer need it", "no longer needed"),
        ("I changed my mind", "no longer needed"),
        ("don't want it anymore", "no longer needed"),
        ("I ordered it by mistake", "ordered by mistake"),
        ("I accidentally clicked twice", "ordered by mistake"),
        ("By mistake.", "ordered by mistake"),
        ("I did not order it by mistake", None),
        ("You charged me by mistake", None),
        ("I found it cheaper elsewhere", None),
    ],
)
def test_the_reason_of_a_cancellation_is_taken_only_from_words_that_say_it(text: str, reason: str | None) -> None:
    assert facts_in(text).reason == reason


def test_card_numbers_are_never_kept() -> None:
    assert facts_in("Use 4111 1111 1111 1111, phone 4111111111111111") == Facts()


def test_a_card_number_across_the_end_of_what_is_read_is_not_kept_in_part() -> None:
    text = "item " + "x" * (LOOKED_AT - 16) + " 4111111111111111"
    assert facts_in(text) == Facts()


def test_only_the_beginning_of_a_very_long_message_is_read() -> None:
    assert facts_in("x " * LOOKED_AT + "W1000001").order_ids == ()


PARTS = [
    "#W1000001", "order ", "no. ", "1000001", " and ", "12 Main Street", ", Denver, CO ", "80279", "$", "42.50", " by ",
    "m ", "radius ", "my name is ", "Ada ", "Stone", "\n", "Thanks,", "a@example.com", "4111 1111 1111 1111", "error ",
    "E23", " not ", "by mistake", "31 ", "February ", "２", "٣", "’", "\u202e", "\0", "🙂", "-", "(", "call ", "+1 555",
]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS), max_size=40).map("".join)))
def test_any_text_gives_facts_that_are_always_the_same(text: str) -> None:
    facts = facts_in(text)
    assert facts_in(text) == facts
    for place in facts.order_places:
        assert place.value[2:] == "".join(c for c in text[place.start : place.end] if c.isdecimal())


@pytest.mark.parametrize(
    "part", [*PARTS, "1 Aa ", "W1000001, ", "a b ", "1-", "not want ", "I'm Aa Bb ", "length 1", " ", "1,111 "]
)
def test_a_megabyte_of_anything_is_read_in_one_go(part: str) -> None:
    text = (part * (1_000_000 // len(part) + 1))[:1_000_000]
    with in_proportion():
        facts_in(text)
