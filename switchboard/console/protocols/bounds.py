"""Bounds on what programs write, whatever the protocol."""

from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue

from switchboard.cases.people.inside import MOST_WHY
from switchboard.errors import OperatorError
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.service.conversations import MOST_ADDRESS, known

MOST_ARGUMENTS = 50
MOST_SEEN = 10_000


def _spoken(text: str) -> str:
    if "\x00" in text:
        raise ValueError("it holds a NUL character")
    if not text.strip():
        raise ValueError("it says nothing")
    return text


def _address(text: str) -> str:
    try:
        known(text)
    except OperatorError as error:
        raise ValueError(str(error)) from None
    return text


Words = Annotated[str, Field(min_length=1, max_length=MOST_WORDS), AfterValidator(_spoken)]
Reason = Annotated[str, Field(min_length=1, max_length=MOST_WHY), AfterValidator(_spoken)]
Email = Annotated[str, Field(max_length=MOST_ADDRESS), AfterValidator(_address)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Changes = Annotated[dict[Annotated[str, Field(max_length=100)], JsonValue], Field(max_length=MOST_ARGUMENTS)]
SeenSince = Annotated[
    int,
    Field(
        ge=0,
        le=MOST_SEEN,
        description="How many messages of the call's `since`, which the customer wrote while it waits, were seen. A yes that "
        "has not seen all of them is refused.",
    ),
]
Once = Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
