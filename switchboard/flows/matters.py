"""What the flows share whose work are matters: which are open, what an agent sees, and whose turn the newest line makes it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from switchboard.declare.flow import CUSTOMER, Matter, Next, Over, Sight, Speaker, ToCustomer, ToExecutor, flatten
from switchboard.declare.transcript import DecisionEntry, Entry, HandoffEntry, MessageEntry, ResultEntry


@dataclass(frozen=True)
class Matters:
    """A flow in which `entry` opens matters by handing off, and whoever has a matter speaks until it is answered.

    What a flow adds to it is `next`.
    """

    entry: str
    reaches: Mapping[str, tuple[str, ...]]
    closer: str | None = None

    @property
    def members(self) -> tuple[str, ...]:
        ends = (self.closer,) if self.closer else ()
        return tuple(dict.fromkeys([self.entry, *self.reaches, *flatten(self.reaches.values()), *ends]))

    def open_matters(self, transcript: Sequence[Entry]) -> list[Matter]:
        return open_matters(transcript, self.entry)

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        """Its matter, the customer's words on it, and its own turns and the customer's since it has the matter; without one,
        all that came after the last answer.
        """
        matters = self.open_matters(transcript)
        mine = matters[0] if matters and matters[0].agent == agent else None
        begun = after_last_answer(transcript)  # a matter that waited begins where the one before it was answered
        since = max(mine.since, begun) if mine else begun
        request, said_from = [], 0 if mine else since
        if mine and mine.request:
            request, said_from = [(-1, mine.request)], mine.opened
        places = list(enumerate(transcript))
        said = [(i, e.text) for i, e in places[said_from:] if e.kind == "message" and e.speaker == CUSTOMER]
        words = [(i, text) for i, text in said if not is_anothers_yes(agent, transcript, i, begun)]
        lines = [(i, e) for i, e in places[since:] if concerns(agent, e)]
        whole = mine is None or agent in (self.entry, self.closer)
        return Sight(mine, (*request, *words), tuple(lines), whole)


def open_matters(transcript: Sequence[Entry], entry: str) -> list[Matter]:
    """The matters that are not answered yet, in order; the first is the one being worked on.

    A handoff by the entry agent opens a matter, a later handoff moves it, a text that asks nothing answers it.
    """
    matters: list[Matter] = []
    for index, line in enumerate(transcript):
        if line.kind == "handoff":
            if line.speaker != entry:
                held = matters.pop(0) if matters else Matter(line.speaker)
                matters.insert(0, held.moved(line, index))
                continue
            # A matter that came back to the entry agent is the one it now hands on; a new one waits its turn.
            came_back = bool(matters) and matters[0].agent == entry
            held = matters.pop(0) if came_back else Matter(entry)
            matters.insert(0 if came_back else len(matters), held.moved(line, index))
        elif line.kind == "message" and line.speaker != CUSTOMER and not line.asks and not line.meanwhile and matters:
            matters.pop(0)
    return matters


def after_last_answer(transcript: Sequence[Entry]) -> int:
    """The place behind the last text of an agent that answered something."""
    spoken = [(i, e) for i, e in enumerate(transcript) if e.kind == "message" and e.speaker != CUSTOMER]
    return max((i + 1 for i, e in spoken if not e.asks and not e.meanwhile), default=0)


def concerns(agent: str, line: Entry) -> bool:
    """Whether a line is said by the agent or the customer, or is to the agent."""
    to_it = isinstance(line, HandoffEntry | ResultEntry | DecisionEntry) and line.to == agent
    return to_it or line.speaker in (agent, CUSTOMER)


def is_anothers_yes(agent: str, transcript: Sequence[Entry], place: int, begun: int) -> bool:
    """Whether a message of the customer is the plain yes or no to what another agent had read back to them, or the same one
    before the matter had `begun`.
    """
    consents = takewhile(lambda line: line.kind == "consent", transcript[place + 1 :])
    if not any(line.stance != "other" for line in consents if line.kind == "consent"):
        return False
    asked = [line for line in transcript[:place] if line.kind == "message" and line.confirms]
    return bool(asked) and (asked[-1].speaker != agent or place < begun)


def latest(transcript: Sequence[Entry]) -> Entry:
    """The newest line that says whose turn it is; what only informs, or notes a decision for the record, does not."""
    return next(line for line in reversed(transcript) if not _informs(line))


def _informs(line: Entry) -> bool:
    match line:
        case MessageEntry():
            return line.meanwhile
        case DecisionEntry():
            return line.speaker != CUSTOMER and not line.to
        case _:
            return False


def since_last_words(transcript: Sequence[Entry]) -> list[Entry]:
    """What came after the customer's last message: a new message is a new chance, not another round."""
    last = max((i for i, e in enumerate(transcript) if e.kind == "message" and e.speaker == CUSTOMER), default=-1)
    return list(transcript[last + 1 :])


def since_hand_back(transcript: Iterable[Entry]) -> list[Entry]:
    """What came after an operator last gave the case back to the agents; all of it where none did."""
    lines = list(transcript)
    return lines[max((i + 1 for i, line in enumerate(lines) if line.kind == "decision" and line.handed_back), default=0) :]


def is_with_a_human(transcript: Iterable[Entry]) -> bool:
    """Whether the case was handed to a human, or opened again by one, and not handed back since."""
    lines = since_hand_back(transcript)
    return any((line.kind == "result" and line.ends) or (line.kind == "decision" and line.reopened) for line in lines)


def is_just_handed_back(transcript: Sequence[Entry]) -> bool:
    """Whether an operator gave the case back, and nobody has done anything since."""
    return bool(transcript) and not since_hand_back(transcript)


def after_hand_back(transcript: Sequence[Entry], holder: str | None, entry: str) -> Next:
    """Who goes on after an operator gave the case back: the `holder` of a matter that was cut off, else `entry` with words
    that nobody has answered. A question that stands open waits for its answer.
    """
    spoken = [line for line in transcript if line.kind == "message" and not line.meanwhile]
    if spoken and spoken[-1].asks:
        return Over()
    to = holder or (entry if spoken and spoken[-1].speaker == CUSTOMER else None)
    return Speaker(to) if to else Over()


def next_in_turn(transcript: Sequence[Entry], live: bool) -> Next | None:
    """What holds in every flow: calls go to the executor, results back to the caller, questions to the customer."""
    last = latest(transcript)
    if last.kind in ("call", "consent"):
        return ToExecutor()
    if last.kind == "result":
        return Over() if last.status == "waiting" else Speaker(last.to)
    if last.kind == "decision" and last.to:
        return Speaker(last.to)
    if last.kind == "message" and last.asks:
        return ToCustomer() if live else Over()
    if last.kind == "message" and last.speaker == CUSTOMER:
        asked = [line for line in transcript if line.kind == "message" and line.speaker != CUSTOMER and not line.meanwhile]
        if asked and asked[-1].asks:
            return Speaker(asked[-1].speaker)
    return None
