"""Account taken over."""

from switchboard.declare.play import Play

play = Play(
    name="account_taken_over",
    about="Somebody else may be using the customer's account: lock it, and check its orders.",
    says=(
        "I am sorry, that is serious, and a colleague looks at your account first of all. Reset your password now, "
        "and look under Account > Orders for orders that are not yours: while they are pending they can be "
        "cancelled."
    ),
    examples=(
        "someone changed the password of my account and bought things I know nothing about",
        "the phone number on my account was replaced and I did not do it",
        "two purchases that I know nothing about were placed from my account",
        "somebody placed orders in my name",
        "I can see a delivery address that I never entered and orders I did not make",
        "someone hacked my account",
        "there is an order on my account that I did not place",
        "somebody else is using my account",
        "my account was taken over and the e-mail was changed",
        "I see purchases that are not mine",
        "a stranger ordered with my card on your site",
        "my account has been compromised",
        "I did not make this order, it is fraud",
        "somebody logged in to my account from another country",
        "unauthorised order with my credit card",
        "the address in my account was changed and not by me",
        "I got a confirmation for an order I never made",
        "someone stole my account",
        "fraudulent purchase in my name",
        "an unknown person is logged in to my account",
        "somebody got into my account",
        "a hacker has my password",
        "orders appear that I never placed",
        "my login was stolen",
    ),
    unlike=(
        "my credit card was stolen, I need another one",
        "somebody stole my wallet with all my cards",
        "my bank card is gone",
        "I lost my card, who can block it",
        "please order a new bank card for me",
    ),
    of_customer=False,
)
