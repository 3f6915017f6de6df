"""What the flows share in which agents hand each other what they came to: a board that all read, and an end of their own."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from switchboard.declare.flow import CUSTOMER, Matter, Next, Over, Sight, Speaker
from switchboard.declare.transcript import Entry, HandoffEntry
from switchboard.errors import DeclarationError
from switchboard.flows.matters import (
    Matters,
    after_hand_back,
    after_last_answer,
    concerns,
    is_anothers_yes,
    is_just_handed_back,
    is_with_a_human,
    latest,
    next_in_turn,
)


@dataclass(frozen=True)
class Board(Matters):
    """A flow whose handoffs are no matters that change hands, but contributions: `following` says from those since the last
    answer who is next, or `Over` with a named end where it counts no further. A text that asks nothing answers the customer.

    What could not be settled goes to the agent `unsettled`, where there is one, who leaves it to a person: answered by it alone
    it is not resolved. How often two agents hand to each other is the flow's to count, and no limit of the team's.
    """

    unsettled: str | None = field(default=None, kw_only=True)

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*super().members, *((self.unsettled,) if self.unsettled else ())]))

    @abstractmethod
    def following(self, lines: Sequence[Entry]) -> Next:
        """Who is next after these lines, the newest of which is the customer's, a handoff, or what a branch came to."""

    def shows(self, agent: str, line: HandoffEntry) -> bool:
        """Whether an agent reads a contribution."""
        return True

    def next(self, transcript: Sequence[Entry], live: bool) -> Next:
        if is_just_handed_back(transcript):
            holder = self._holder(transcript)
            return after_hand_back(transcript, holder, holder or self.entry)
        forced = next_in_turn(transcript, live)
        if forced:
            return forced
        last = latest(transcript)
        if last.kind in ("note", "decision"):  # the customer has left
            return Over()
        if last.kind == "message" and last.speaker != CUSTOMER:
            return Over() if is_with_a_human(transcript) else self.after_answer(last.speaker, _before(transcript, last))
        return self._due(transcript)

    def after_answer(self, speaker: str, lines: Sequence[Entry]) -> Over:
        """How the run ends with a text of an agent to the customer; `lines` are those before it."""
        following = self.following(lines) if speaker == self.unsettled else Over()
        return following if isinstance(following, Over) else Over()

    def open_matters(self, transcript: Sequence[Entry]) -> list[Matter]:
        """The one that is on the board, with whoever is next."""
        holder = self._holder(transcript)
        return [Matter(holder)] if holder else []

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        """All that came after the last answer: the customer's words, its own turns, and the board."""
        begun = after_last_answer(transcript)
        places = list(enumerate(transcript))[begun:]
        said = [(i, e.text) for i, e in places if e.kind == "message" and e.speaker == CUSTOMER]
        words = tuple((i, text) for i, text in said if not is_anothers_yes(agent, transcript, i, begun))
        lines = tuple((i, e) for i, e in places if concerns(agent, e) or (e.kind == "branch" and agent == self.entry))
        board = tuple((i, e) for i, e in places if e.kind == "handoff" and self.shows(agent, e))
        return Sight(None, words, lines, agent in (self.entry, self.closer), board)

    def _due(self, transcript: Sequence[Entry]) -> Next:
        following = self.following(transcript[after_last_answer(transcript) :])
        return Speaker(self.unsettled) if isinstance(following, Over) and self.unsettled else following

    def _holder(self, transcript: Sequence[Entry]) -> str | None:
        """Who goes on with what lies on the board; nobody where nothing does."""
        if not handed(transcript[after_last_answer(transcript) :]):
            return None
        due = self._due(transcript)
        return due.name if isinstance(due, Speaker) else self.entry


def handed(lines: Sequence[Entry]) -> list[HandoffEntry]:
    """What lies on the board."""
    return [line for line in lines if line.kind == "handoff"]


def check_names(flow: str, *names: str | None) -> None:
    """Refuse a flow in which somebody is named twice. None is nobody."""
    given = [name for name in names if name is not None]
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice:
        raise DeclarationError(f"Flow {flow}: {twice!r} is named twice.")


def check_count(flow: str, what: str, number: int, least: int = 1) -> None:
    if number < least:
        raise DeclarationError(f"Flow {flow}: {number} {what}; {least} is the least.")


def _before(transcript: Sequence[Entry], last: Entry) -> Sequence[Entry]:
    """What came since the answer before the newest one."""
    place = max(i for i, line in enumerate(transcript) if line is last)
    return transcript[after_last_answer(transcript[:place]) : place]
