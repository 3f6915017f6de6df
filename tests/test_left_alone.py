"""What a message keeps, praises or rules out is left alone, and what it asks for beside that is done."""

from pathlib import Path

import pytest
from support.told_answers import told

from agents.requests.left_alone import asked_in, left_in

JONAS, ANIKA, PRIYA = "jonas.okafor@example.com", "anika.desai@example.com", "priya.raman@example.com"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Cancel #W1000103, not #W1000063", "not #W1000063"),
        ("I love the hamper. Return the poles please", "I love the hamper."),
        ("Keep the mat and cancel the router", "Keep the mat"),
        ("The kettle is perfect, the bottle leaks, send it back", "The kettle is perfect"),
        ("It keeps dropping the connection", ""),
        ("I would love to return the lamp", ""),
        ("Keep getting error 12", ""),
        ("I am not sure which one", ""),
        ("Do not cancel it", ""),
    ],
)
def test_clauses_that_leave_something_alone_are_told_apart(text: str, left: str) -> None:
    assert left_in(text) == left
    assert asked_in(text)


@pytest.mark.parametrize(
    ("words", "email", "is_meant", "stays"),
    [
        ("Cancel #W1000103 but leave #W1000063 as it is, I ordered it by mistake.", JONAS, "#W1000103", "#W1000063"),
        ("Please cancel #W1000135, not #W1000095. I no longer need it.", ANIKA, "#W1000135", "#W1000095"),
        ("I want to keep the router. Please cancel the sleeping bag order, no longer needed.", ANIKA, "#W1000135", "#W1000095"),
        ("I am happy with my kettle. Cancel my other order that is pending, it was a mistake.", PRIYA, "", "#W1000011"),
    ],
)
def test_an_order_that_is_to_be_kept_is_not_asked_about(
    words: str, email: str, is_meant: str, stays: str, tmp_path: Path
) -> None:
    said = told(tmp_path, words, email).said.text
    assert f"Cancel all of order {stays}" not in said
    assert f"Cancel all of order {is_meant}" in said if is_meant else "order" in said
