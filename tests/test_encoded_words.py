"""Words that were pasted as a mail carries them, in base64."""

from base64 import b64encode, encodebytes

import pytest

from switchboard.events.encoded import readable
from switchboard.events.masking import spoken

WROTE = "Bonjour, my lamp has not come yet – order 5550012. Could you have a look? Grüße, Lee"


@pytest.mark.parametrize("coded", [b64encode(WROTE.encode()).decode(), encodebytes(WROTE.encode()).decode()])
def test_a_message_that_is_nothing_but_base64_is_read(coded: str) -> None:
    assert spoken(coded) == WROTE


@pytest.mark.parametrize(
    "words",
    [
        "Pseudopseudohypoparathyroidism",
        "Where is my parcel? " + b64encode(WROTE.encode()).decode(),
        b64encode(bytes(range(60))).decode(),
        b64encode(b"donaudampfschifffahrtsgesellschaft").decode(),
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF",
        "",
    ],
)
def test_every_other_message_stays_as_it_is(words: str) -> None:
    assert readable(words) == words


def test_a_card_number_in_base64_is_kept_nowhere() -> None:
    assert "4111" not in spoken(b64encode(b"Please pay with 4111 1111 1111 1111, thank you").decode())
