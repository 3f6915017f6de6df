"""What programs that speak AG-UI send, as far as it is heard here, within bounds."""

from typing import Annotated

from ag_ui.core import RunAgentInput, TextPart, UserMessage
from pydantic import BaseModel, ConfigDict, Field

from switchboard.console.protocols.bounds import Email, Once, Words
from switchboard.console.protocols.deciding import Decision

MOST_MESSAGES = 2000
APPROVAL, QUESTION = "approval-", "question-"
"""What ids of interrupts begin with: what follows is the hash of the call, or the number of the run that asked."""


class Heard(BaseModel):
    """A request: words of the customer, with the id that makes them count once, or an operator's decision, or neither, where
    an interrupt was given up. `answers` is the interrupt that is answered.
    """

    model_config = ConfigDict(frozen=True)

    thread_id: Once
    run_id: Once
    message_id: Annotated[str, Field(min_length=1, max_length=300)]
    words: Words | None = None
    decision: Decision | None = None
    email: Email = ""
    answers: Annotated[str, Field(max_length=100)] = ""

    @property
    def gives_up(self) -> bool:
        return self.words is None and self.decision is None


class Unheard(ValueError):
    """What cannot be heard here, in a sentence."""


def heard(body: bytes) -> Heard:
    """Raises pydantic's error, or Unheard."""
    given = RunAgentInput.model_validate_json(body)
    props = given.forwarded_props if isinstance(given.forwarded_props, dict) else {}
    about = {"thread_id": given.thread_id, "run_id": given.run_id, "email": props.get("email", "")}
    if given.resume:
        if len(given.resume) > 1:
            raise Unheard("One interrupt is open at a time: resume with one answer.")
        entry = given.resume[0]
        about |= {"message_id": f"resume {entry.interrupt_id}", "answers": entry.interrupt_id}
        if entry.status == "cancelled":
            return Heard.model_validate(about)
        if not entry.interrupt_id.startswith(APPROVAL):
            if not isinstance(entry.payload, str):
                raise Unheard("The payload is what the customer says, as the interrupt's responseSchema has it.")
            return Heard.model_validate({**about, "words": entry.payload})
        if not isinstance(entry.payload, dict):
            raise Unheard("The payload of an approval is an object, as the interrupt's responseSchema says.")
        return Heard.model_validate({**about, "decision": {**entry.payload, "hash": entry.interrupt_id.removeprefix(APPROVAL)}})
    if len(given.messages) > MOST_MESSAGES:
        raise Unheard(f"There are more than {MOST_MESSAGES} messages.")
    last = next((one for one in reversed(given.messages) if isinstance(one, UserMessage)), None)
    if last is None:
        raise Unheard("There is no message of the role `user`.")
    return Heard.model_validate({**about, "message_id": last.id, "words": _words(last)})


def _words(message: UserMessage) -> str:
    if isinstance(message.content, str):
        return message.content
    texts = [part.text for part in message.content if isinstance(part, TextPart)]
    if len(texts) < len(message.content):
        raise Unheard("Of a message only text is understood.")
    return "\n".join(texts)
