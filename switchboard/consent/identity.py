"""Who the customer is: an identity is what the channel knows, or what the customer gave, and nobody else's word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from switchboard.characters import is_plain_address, same
from switchboard.consent.spans import stands_in, words_of
from switchboard.declare.moves import Call
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import By, Entry
from switchboard.errors import Refused
from switchboard.mail import phrases
from switchboard.mail.history import MOST_LINE, own_words

Identity = Literal["channel", "typed", "code"]
"""What verifies a customer: what the channel knows of the writer alone, or also what they typed, or also a code that is sent to
the address on file of whom they typed."""
DISPLAYED = re.compile(
    r'(?:"[^"\n]{0,200}"|(?<![^\s<,;])[^\s@<"]{1,64}@[^\s@<"]{1,254})\s{0,3}(?=<[^<>@\s]{1,64}@[^<>\s]{1,190}>)'
)
"""What an address is shown as: anybody can be called like another's address."""
NOT_GIVEN, NOT_OF_CHANNEL = "identity_not_given", "identity_not_from_channel"


def check_identity(
    tool: Tool, arguments: Mapping[str, Any], transcript: Sequence[Entry], known: Mapping[str, str], identity: Identity
) -> None:
    """Let a call of a tool that verifies pass only with what the channel knows or, where that is allowed, with what the
    customer wrote themselves in this case.

    `arguments` are as the agent wrote them. Raises Refused with the code NOT_GIVEN or NOT_OF_CHANNEL.
    """
    typed = [_of_themselves(own_words(text)) for text in words_of(transcript)]
    for name, value in leaves(arguments):
        if _of_channel(value, known):
            continue
        if identity == "channel":
            why = "Here a customer is known by the address that they write from alone, not by what they write."
            raise Refused(f"{tool.name} was not run. {why} Offer a transfer to a human.", code=NOT_OF_CHANNEL)
        if not any(stands_in(value, text) for text in typed):
            why = f"The customer did not write {name} {value[:80]!r} as their own words in this conversation."
            raise Refused(f"{tool.name} was not run. {why} Ask the customer for it.", code=NOT_GIVEN, argument=name)


def needs_code(tool: Tool, call: Call, by: By, known: Mapping[str, str], identity: Identity, customer_id: str | None) -> bool:
    """Whether a call that passed `check_identity` finds a customer who has still to show that they are the one: anybody can
    type who they are, and the channel and operators know.
    """
    if identity != "code" or not tool.verifies or customer_id is not None or by == "human":
        return False
    given = [value for _, value in leaves(call.arguments)]
    return not given or not all(_of_channel(value, known) for value in given)


def _of_themselves(text: str) -> str:
    """A text without lines that say whom another letter is from, and without what addresses are shown as."""
    lines = (line for line in text.split("\n") if not _is_of_letter(line.strip()[:MOST_LINE]))
    return DISPLAYED.sub(" ", "\n".join(lines))


def _is_of_letter(line: str) -> bool:
    return bool(phrases.SENDER.match(line) or (line.endswith((":", "：")) and phrases.WROTE.search(line)))


def _of_channel(value: str, known: Mapping[str, str]) -> bool:
    return any(is_plain_address(one) and same(one, value) for one in known.values())


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number in the arguments of a call, as text, with the name of the argument that it is in."""
    match value:
        case bool() | None:
            return
        case str() | int() | float():
            yield name, str(value)
        case Mapping():
            for key, one in value.items():
                yield from leaves(one, name or str(key))
        case list() | tuple():
            for one in value:
                yield from leaves(one, name)
