"""What account does without a model."""

import pytest
from sqlalchemy import Engine, text
from support.department import ask, calls_of

from agents.desk.account import agent

EMMA = "emma.lindqvist@example.com"
NEW = "9 Birch Road, Minneapolis, MN 55403"


def street(shop: Engine) -> str:
    with shop.connect() as connection:
        return str(connection.execute(text("SELECT address1 FROM customers WHERE email = :e"), {"e": EMMA}).scalar())


@pytest.mark.slow
def test_a_complete_address_is_written_into_the_account(shop: Engine) -> None:
    run = ask(agent, shop, f"I moved, please change my default address to {NEW}", email=EMMA)
    assert street(shop) == "9 Birch Road" and NEW in run["reply"] and "Orders that were already placed" in run["reply"]


@pytest.mark.slow
def test_a_missing_address_is_asked_for(shop: Engine) -> None:
    first = ask(agent, shop, "I have moved and need to update my home address", email=EMMA)
    assert "full new address" in first["reply"] and first["end"] == "awaiting_customer"
    ask(agent, shop, "I have moved and need to update my home address", NEW, email=EMMA)
    assert street(shop) == "9 Birch Road"


def test_who_asks_how_their_address_is_changed_is_offered_it_and_asked_for_it(shop: Engine) -> None:
    run = ask(agent, shop, "I need to modify my wretched address, how can I do it?", email=EMMA)
    assert run["reply"].startswith("I can do that for you. What is the full new address")
    ask(agent, shop, "I need to modify my wretched address, how can I do it?", NEW, email=EMMA)
    assert street(shop) == "9 Birch Road"


def test_an_address_that_stays_unclear_goes_to_a_human(shop: Engine) -> None:
    run = ask(agent, shop, "Please update my home address", "the new one", "you know it", email=EMMA)
    assert run["end"] == "escalated" and street(shop) == "646 Mill Lane"


def test_the_address_of_an_order_is_not_the_accounts_matter(shop: Engine) -> None:
    run = ask(agent, shop, f"Change the address of order #W1000019 to {NEW}", email=EMMA)
    assert "Handed back" in run["reply"] and "modify_user_address" not in calls_of(run)


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("I forgot my password", "password-reset.md#forgot-your-password"),
        ("The password reset link has expired", "password-reset.md#the-link-says-it-has-expired"),
        ("I can't log in", "account-locked.md#i-cannot-log-in-at-all"),
        ("My account is locked", "account-locked.md#why-accounts-are-locked"),
        (
            "I never get the verification code for two factor sign in",
            "two-factor-sign-in.md#the-verification-code-does",
        ),
        ("I lost my phone with the authenticator", "two-factor-sign-in.md#new-or-lost-phone"),
        ("Please change my email address", "change-address.md#change-e-mail-or-phone-number"),
        ("How do I delete my account?", "close-account.md#how-to-close-the-account"),
        ("How can I cancel my Fernhill Plus subscription?", "cancel-fernhill-plus.md#how-to-cancel"),
    ],
)
def test_the_section_that_answers_is_quoted_with_its_citation(shop: Engine, words: str, anchor: str) -> None:
    run = ask(agent, shop, words, email=EMMA)
    assert f"[{anchor}" in run["reply"] and run["end"] == "resolved"


def test_sign_in_trouble_is_answered_before_anybody_is_verified(shop: Engine) -> None:
    run = ask(agent, shop, "I forgot my password")
    assert "Forgot password?" in run["reply"] and set(calls_of(run)) == {"search_articles"}


def test_closing_an_account_goes_to_a_human_and_the_customer_hears_what_to_do_before(shop: Engine) -> None:
    run = ask(agent, shop, "Please delete my account", email=EMMA)
    assert run["end"] == "escalated" and "[close-account.md#before-you-close-it]" in run["reply"]


def test_a_stranger_in_the_account_goes_to_a_human_at_once(shop: Engine) -> None:
    run = ask(agent, shop, "Someone else is using my account, I was hacked!", email=EMMA)
    assert run["end"] == "escalated" and "Reset your password at once" in run["reply"]


def test_steps_that_did_not_help_are_not_told_a_second_time(shop: Engine) -> None:
    run = ask(agent, shop, "I forgot my password", "still does not work", email=EMMA)
    assert run["reply"].count("password-reset.md") == 0 or run["end"] == "escalated"


@pytest.mark.parametrize(
    ("words", "told", "kept"),
    [
        ("Which e-mail address do you have on file for me?", EMMA, "Mill Lane"),
        ("What address is in my account?", "646 Mill Lane", EMMA),
        ("Which payment methods do you have on file?", "ending 1111", "Mill Lane"),
        ("What subscriptions are on my account?", "Coffee Beans Monthly at 18.00 USD a month, active", "Mill Lane"),
    ],
)
def test_only_what_is_asked_for_is_read_out(shop: Engine, words: str, told: str, kept: str) -> None:
    reply = ask(agent, shop, words, email=EMMA)["reply"]
    assert told in reply and kept not in reply


def test_what_is_on_file_is_told_to_nobody_unverified(shop: Engine) -> None:
    run = ask(agent, shop, "What address is in my account?")
    assert "Handed back" in run["reply"] and calls_of(run) == []


def test_a_question_that_no_article_answers_goes_to_a_human(shop: Engine) -> None:
    run = ask(agent, shop, "Can you turn my profile picture into a cat?", email=EMMA)
    assert run["end"] == "escalated" and calls_of(run)[-1] == "transfer_to_human_agents"


def test_a_customer_who_asks_for_a_person_gets_one(shop: Engine) -> None:
    assert ask(agent, shop, "I want to talk to a person about my login", email=EMMA)["end"] == "escalated"


def test_the_default_address_can_be_taken_from_an_order(shop: Engine) -> None:
    with shop.begin() as connection:
        connection.execute(text("UPDATE orders SET address1 = '4 Larch Close' WHERE id = '#W1000019'"))
    ask(agent, shop, "I have to update my default address.", "The same as the one of order #W1000019.", email=EMMA)
    assert street(shop) == "4 Larch Close"
