"""Messages that are nothing but thanks, in four languages; whatever wants something beside them is none."""

import pytest

from switchboard.plays.asked.thanks import only_thanks


@pytest.mark.parametrize(
    "text",
    [
        *("Thanks!", "thank you so much, that helped a lot. Have a nice day!", "ty 👍", "Great, it's perfect, cheers"),
        *("Danke schön, liebe Grüße", "Merci beaucoup pour votre réponse", "¡Muchas gracias por su ayuda!"),
    ],
)
def test_thanks_and_what_is_polite_beside_them_want_nothing(text: str) -> None:
    assert only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Thanks, it did not help.",
            "Thank you?",
            "Thanks 😡",
            "thanks, and 2 of them",
            "ok",
            "",
            "Danke, aber er ist kaputt.",
        ),
        *("Thanks, Paul", "Merci, mais non", "Gracias, todavía no", "Thanks " * 21, "thank you " + "so " * 9_000),
    ],
)
def test_whatever_may_want_something_is_no_thanks(text: str) -> None:
    assert not only_thanks(text)
