"""What programs that speak OpenAI's protocol send, as far as it is heard here, and what they are told."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from switchboard.loop.recording.words import MOST_WORDS
from switchboard.service.programs.messages import Told

MOST_MESSAGES, MOST_PARTS, MOST_METADATA = 2000, 100, 16
Text = Annotated[str, Field(max_length=MOST_WORDS)]
Short = Annotated[str, Field(max_length=512)]


class Heard(BaseModel):
    """What else a request holds, such as a temperature, changes nothing here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Part(Heard):
    type: Literal["text"]
    text: Text


class Message(Heard):
    role: Literal["user"]
    content: Text | Annotated[list[Part], Field(max_length=MOST_PARTS)]

    @property
    def words(self) -> str:
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content)


class Other(Heard):
    """A message of anybody else: what was said before stands in the case, and is not read again. What the assistant said
    tells how far the user has read.
    """

    role: Literal["system", "developer", "assistant", "tool", "function"]
    content: Any = None

    @property
    def words(self) -> str:
        parts = self.content if isinstance(self.content, list) else [{"text": self.content}]
        texts = [part.get("text") for part in parts if isinstance(part, dict)]
        return "\n".join(text for text in texts if isinstance(text, str)).strip()


def _one(value: Any) -> Any:
    if value not in (None, 1):
        raise ValueError("one answer is given; leave it out")
    return value


def _none(value: Any) -> Any:
    if value:
        raise ValueError("the desk calls its own tools and takes no others; leave it out")
    return value


class Asked(Heard):
    """A request for an answer. `model` is a team's name; of `messages` only the last one of the user is new."""

    model: Annotated[str, Field(max_length=100)]
    messages: Annotated[
        list[Annotated[Message | Other, Field(discriminator="role")]], Field(min_length=1, max_length=MOST_MESSAGES)
    ]
    stream: bool = False
    metadata: Annotated[dict[Short, Short], Field(max_length=MOST_METADATA)] | None = None
    n: Annotated[int | None, AfterValidator(_one)] = None
    tools: Annotated[list[Any] | None, AfterValidator(_none)] = None
    functions: Annotated[list[Any] | None, AfterValidator(_none)] = None

    @property
    def words(self) -> str:
        """The user's message, which is the last one; "" where another one is."""
        return last.words if isinstance(last := self.messages[-1], Message) else ""

    @property
    def talk(self) -> list[tuple[str, str]]:
        """Who said what: the user and the assistant. What else a list holds, such as the hour, may be another each time."""
        said = [(one.role, one.words) for one in self.messages]
        return [(role, words) for role, words in said if role in ("user", "assistant") and words]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The talk up to the last answer that the user was shown; empty where the list holds none."""
        talk = self.talk
        while talk and talk[-1][0] != "assistant":
            talk.pop()
        return talk


def about(told: Told) -> dict[str, str]:
    """What the answers say of the case beside the text."""
    document = told.document
    return {"case_id": document["case_id"], "end": document["end"] or "working", "waits_for": told.waits_for}


def completion(name: str, model: str, created: int, text: str, metadata: dict[str, str]) -> dict[str, Any]:
    """A whole answer."""
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    head = {"id": name, "object": "chat.completion", "created": created, "model": model}
    return {**head, "choices": [choice], "metadata": metadata}


def chunk(
    name: str, model: str, created: int, delta: dict[str, str], metadata: dict[str, str], *, is_last: bool = False
) -> dict[str, Any]:
    """A piece of an answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": "stop" if is_last else None}
    head = {"id": name, "object": "chat.completion.chunk", "created": created, "model": model}
    return {**head, "choices": [choice], "metadata": metadata}
