"""Leave a mailing list."""

from switchboard.declare.play import Play

play = Play(
    name="unsubscribe",
    about="The customer wants no more mails of a list or newsletter.",
    says=("A colleague takes you off the list. Until then each newsletter has a link at its end that does the same at once."),
    examples=(
        "Take me off your newsletter",
        "please unsubscribe me from your mails",
        "stop sending me advertising",
        "remove my address from the mailing list",
        "I do not want your promotional e-mails any more",
        "how often do I have to unsubscribe, stop the newsletter",
        "no more marketing mails please",
        "unsubscribe",
        "cancel the newsletter",
        "please stop spamming me with offers",
        "I did not sign up for these mails, remove me",
        "end the e-mail advertising",
    ),
    unlike=(
        "I want to subscribe to the newsletter",
        "do you have a newsletter",
        "cancel my subscription to coffee beans",
        "I did not get the confirmation mail",
    ),
    names=("newsletter", "mail", "e-mail", "email", "list", "unsubscrib", "advert", "market", "spam", "promotion", "offers"),
    of_customer=False,
)
