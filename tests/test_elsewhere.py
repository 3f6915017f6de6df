"""What is none of the shop's is said to be, and nothing of the shop's ever is; every sentence was written for this file."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from agents.routing.elsewhere import LEARNED, elsewhere, elsewhere_made_from, names, not_offered
from groupchats.desk import team
from switchboard.loop.drive import run_team

PRODUCTS = Path(__file__).parent.parent / "tools" / "seed" / "products.json"
OURS = """
My bank refuses to pay you for #W1000001
I see your charge two times on my Visa statement
Which debit cards can I use at your checkout?
My new bank card should pay for Plus from now on
The bank card that pays my membership was stolen, how do I take it off?
Will the refund land on my bank card or in the account?
Do you give the money back to a credit card that is closed?
Somebody paid in your shop with my credit card
I do not recognise a payment to Fernhill on my card
Your checkout says that my mastercard is refused
How do I see what is left on a gift card?
My gift card never came by e-mail
Is the e-bike insured while the carrier has it?
Does the price of delivery include insurance?
How much tax was on my last invoice?
We are a university and exempt from tax, can you take it off the order?
My robot vacuum loses the wireless network every night
The mesh router has a red light and no internet
The app for my lamp crashes on my tablet
Can I run the lamp app on an old iphone?
The speaker is not seen by my laptop
Does the smart plug work with my voice assistant?
Where do I update the firmware of the speaker?
I get no e-mail from you, my inbox is empty
The e-mail for a new password is not in my gmail
May I take the power bank on a plane?
Is the folding kayak good for a holiday at sea?
Which tent do you have for a trip with two children?
Do you deliver to a hotel if I give the room number?
I am away on vacation, please let the parcel wait
Is the travel mug tight?
The daypack for my flight has a broken zip
The parcel went to the flat next door
We move house on Friday, where do I change my address?
Can a school get a discount for forty chairs?
I am a student, what do I save?
Are there jobs at your warehouse?
At what hour do you open on Saturday?
Is somebody there today although it is a holiday?
What is the temperature of the espresso machine?
How long may bread stay in the cast iron pan?
Is the enamel kettle free of lead?
Which pan is best for pancakes?
Is the rain jacket warm enough for snow?
Does the headlamp have a timer?
The blanket smells of smoke
What size is the linen bed set for a bed of two metres?
Do the towels shrink in the dryer?
Does the office chair help a sore back?
How many books can the oak shelf carry?
The desk is too low for my computer
Are the earbuds fine for running in rain?
The music stops when I walk away from the speaker
How do I turn off the light of the monitor?
Remind me what I ordered in May
What time will the driver come?
The driver left my parcel in the rain
I was told to call the police about my stolen parcel, what do you need?
My sofa blanket has a hole
I would like to write a review of the picnic hamper
Can I sign in with my phone?
I want to turn off the codes by text message
Please unlock my account
Take my name out of your newsletter
Who is your manager?
My phone holder came with a crack
Have you got protectors for a screen?
The display of my air monitor is scratched
The seat of the desk chair is loose
I make a claim under the warranty of the grinder
My phone does not see the speaker
My laptop was broken by your courier, who delivered a parcel
Can you send the ticket to your technical team?
Send me a person, not a robot
There is smoke coming out of the battery of my e-bike
The kettle burned my daughter and she is in hospital
I cannot pay at your website
My basket is empty each time I come back
I forgot to use my promo code
Do you match the price of another store?
Can I bring it back to a store?
What is the difference between Plus Monthly and Plus Family?
""".strip().splitlines()
THEIRS = """
bank-accounts-cards-and-loans: Can you raise the limit of my savings account?
bank-accounts-cards-and-loans: I need a loan for a kitchen
bank-accounts-cards-and-loans: my visa card is lost, please stop it
bank-accounts-cards-and-loans: what is my routing number
insurance-and-taxes: What does it cost to insure a car with you?
insurance-and-taxes: my insurance has to pay for my broken window
internet-phone-and-television: Which broadband plans are there in my street?
internet-phone-and-television: sign me up for cable tv
internet-phone-and-television: my sim is blocked
programs-and-apps-of-others: Photoshop closes by itself
programs-and-apps-of-others: my antivirus shows a warning
programs-and-apps-of-others: excel says that the file is damaged
advice-on-health-and-food: which vitamins are good for my hair
advice-on-health-and-food: how much creatine shall I take
advice-on-health-and-food: what helps against a headache
sell-with-us: I would like to become a distributor for your brand
flights-hotels-and-travel: Book me two seats on a flight to Lisbon
flights-hotels-and-travel: my hotel reservation must be moved
flights-hotels-and-travel: claim my travel expenses
concerts-cinema-and-events: get me seats for the concert on Sunday
restaurants-groceries-and-rides: order a pizza with cheese
restaurants-groceries-and-rides: which restaurant is open now near the harbour
houses-cars-and-craftsmen: My landlord raises the rent
houses-cars-and-craftsmen: send a plumber to my house
public-offices-law-school-and-work: when must I hand in my homework
public-offices-law-school-and-work: how do I vote by letter
errands-on-your-devices: wake me with an alarm at seven
errands-on-your-devices: add milk to my shopping list
questions-beside-our-goods: How tall is the tallest planet?
questions-beside-our-goods: tell me a riddle
questions-beside-our-goods: will it rain on Monday
beds-mattresses-and-large-furniture: what is the price of a foam mattress
beds-mattresses-and-large-furniture: do you have a sofa for three
clothes-shoes-and-jewellery: I am looking for a red dress
clothes-shoes-and-jewellery: do you sell sneakers
food-toys-books-and-other-goods: have you got toys for a baby
food-toys-books-and-other-goods: I need a new refrigerator
repairs-of-other-devices: what do you take for a new screen on a mobile phone
repairs-of-other-devices: my notebook will not boot, can you mend it
repairs-of-other-devices: our dishwasher leaks
flights-hotels-and-travel: how long before the departure does the boarding begin
flights-hotels-and-travel: two tickets from Oslo to Bergen please
flights-hotels-and-travel: I need a ticket to Denver
flights-hotels-and-travel: put my wife on the seat beside mine
insurance-and-taxes: what papers does a claim for my car accident need
bank-accounts-cards-and-loans: shut down my savings account
programs-and-apps-of-others: which operating system is on this tablet
internet-phone-and-television: I would like to buy cable and internet
bills-of-other-companies: what do I owe on my plumbing bill
bank-accounts-cards-and-loans: the new card is nowhere to be seen, has it been sent
advice-on-health-and-food: is melatonin fine for grandmothers
programs-and-apps-of-others: skype loses every second word, please look into it
""".strip().splitlines()


def answered(folder: Path, text: str, email: str = "") -> Any:
    return run_team(team, text, engine=seeded(folder), known={"email": email} if email else {}).document


@pytest.mark.parametrize(
    "text",
    [
        "transfer the refund for my broken kettle to my bank",
        "Could you pay my refund out to another bank account?",
        "my doctor forbids me to lift things, can the courier carry it up?",
        "The insurance asks: did your courier drop it?",
    ],
)
def test_a_refund_of_ours_or_a_courier_beside_what_others_do_is_ours(text: str) -> None:
    assert not elsewhere(text)


@pytest.mark.parametrize("text", OURS)
def test_what_the_shop_does_is_never_said_to_be_anothers(text: str) -> None:
    assert not elsewhere(text)


@pytest.mark.parametrize("line", THEIRS)
def test_what_others_do_finds_the_passage_that_says_so(line: str) -> None:
    anchor, _, text = line.partition(": ")
    assert elsewhere(text).partition("#")[2] == anchor


def test_every_passage_on_what_is_not_offered_has_words_that_name_it() -> None:
    assert {cited.partition("#")[2] for cited in not_offered()} == {line.partition(":")[0] for line in THEIRS}
    assert all(names()[cited] for cited in not_offered())


@pytest.mark.parametrize("name", sorted(product["name"] for product in json.loads(PRODUCTS.read_text("utf-8")).values()))
@pytest.mark.parametrize("frame", ["{}", "How much is the {}?", "Is the {} in stock?", "my {} is broken", "do you sell a {}"])
def test_no_product_of_the_catalogue_is_anothers(name: str, frame: str) -> None:
    assert not elsewhere(frame.format(name.lower()))


@pytest.mark.parametrize(
    "text", ["", "?", "hello", "thank you", "yes", "12345", "Wo ist meine Bestellung?", "क्या बोलता भाई", ":)"]
)
def test_what_says_nothing_is_not_anothers(text: str) -> None:
    assert not elsewhere(text)


@pytest.mark.parametrize(
    "text", ["my hotel and #W1000001", "a flight with item 3000000101", "the insurance of #W1000002 please"]
)
def test_a_message_that_names_an_order_or_item_is_ours(text: str) -> None:
    assert not elsewhere(text)


def test_the_shipped_file_is_that_of_the_present_examples() -> None:
    shipped = LEARNED.read_text("utf-8")
    assert shipped.startswith(f'{{"made_from":"{elsewhere_made_from()}"'), "run `python -m agents.learn`"
    assert len(shipped.encode()) < 500_000


@pytest.mark.parametrize("email", ["", "emma.lindqvist@example.com"])
def test_nobody_is_asked_who_they_are_or_which_order_for_what_others_do(email: str, tmp_path: Path) -> None:
    document = answered(tmp_path, "I need the money back for a cancelled flight to Rome", email)
    assert document["end"] == "resolved" and "We book no travel" in document["reply"]
    assert "If it is about an order or a product of ours after all" in document["reply"]
    assert not [c for c in document["tool_calls"] if c["tool"] == "open_ticket"]


def test_two_sentences_on_what_others_do_are_answered_once(tmp_path: Path) -> None:
    reply = answered(tmp_path, "My credit card is lost. Can you send me another one?")["reply"]
    assert reply.count("we issue no bank or credit cards") == 1 and "e-mail address of your account" not in reply


def test_what_is_ours_beside_what_is_not_is_still_looked_at(tmp_path: Path) -> None:
    reply = answered(tmp_path, "Where is my order #W1000019? And do you sell sofas?", "emma.lindqvist@example.com")["reply"]
    assert "#W1000019" in reply and "sofas" in reply
