"""What visitors do in the chat: they come without a name, write, and see what a customer may see of their one case."""

from dataclasses import dataclass

from switchboard.accounts.passwords import hash_of, new_token
from switchboard.cases.channels import visitors
from switchboard.cases.intake import Message
from switchboard.cases.standing import standing
from switchboard.declare.flow import CUSTOMER, OPERATOR
from switchboard.declare.transcript import Entry, MessageEntry
from switchboard.errors import SwitchboardError
from switchboard.events.masking import masked
from switchboard.reading.danger import danger_in
from switchboard.search.citations import readable
from switchboard.service.conversations import waiting_words
from switchboard.service.place import Place
from switchboard.service.programs.messages import own_key

MOST_VISITORS = 20_000
"""How many visitors have a token at a time: those who came, or wrote, within a day."""


class TooManyVisitors(SwitchboardError):
    """There are as many visitors as there may be. Later there is room again."""

    who = "client"


@dataclass(frozen=True)
class Visitor:
    """A visitor as rows know them: the hash of their token, and their case, "" where they have not written yet."""

    token: str
    case_id: str


@dataclass(frozen=True)
class View:
    """How a case stands for its customer: whether somebody works on it, what it waits for, what of theirs is not heard yet, and
    what they are to do at once where they wrote of danger. It was so after the entry `upto`.
    """

    upto: int
    working: bool
    waits: str
    waiting: list[str]
    danger: str


@dataclass(frozen=True)
class Said:
    """A line for the customer: theirs, of the agents, or of the operator of a name."""

    who: str
    name: str
    text: str


def come(place: Place, most: int = MOST_VISITORS) -> str:
    """The token of a new visitor, which no row holds. Raises TooManyVisitors."""
    token = new_token()
    if not visitors.add_visitor(place.engine, hash_of(token), most):
        raise TooManyVisitors("There are too many visitors at the moment. Come again later.")
    return token


def visitor_of(place: Place, token: str) -> Visitor | None:
    """Who has a token."""
    found, case_id = visitors.visitor(place.engine, hash_of(token))
    return Visitor(hash_of(token), case_id) if found else None


def write(place: Place, team: str, visitor: Visitor, name: str, words: str) -> str:
    """Keep what a visitor writes, once under the name that their browser gave it. Nobody vouches for who they are. Returns what
    becomes of it where no run begins with it. Raises OtherMessage.
    """
    message = Message(own_key("widget", visitor.token, name), words, {})
    kept = visitors.keep_from_visitor(place.environment, team, visitor.token, message)
    if kept.run:
        with place.worker(kept.case_id) as worker:
            worker.put_on_queue()
    return kept.instead


def view(place: Place, case_id: str) -> View:
    """How a case stands, for its customer."""
    upto, begun, inbox = visitors.not_heard_yet(place.engine, case_id)  # before the rest: what comes between is told once more
    stand = standing(place.engine, case_id)
    waiting, with_people = [*begun, *inbox], visitors.unanswered(place.engine, case_id) if stand.is_with_human else []
    dangers = [danger.said for text in (*with_people, *inbox) if (danger := danger_in(text))]
    return View(
        upto=upto,
        working=stand.end is None,
        waits=masked(waiting_words(stand, _language(place, stand.team))),
        waiting=[masked(text) for text in waiting],
        danger=dangers[-1] if dangers else "",
    )


def _language(place: Place, team: str) -> str:
    """The language of a team; of one that is not there any more, that of the others."""
    teams = place.environment.teams
    return (teams.get(team) or next(iter(teams.values()))).language


def for_customer(entry: Entry) -> Said | None:
    """A line as its customer sees it; None for what is none of theirs: only what was said between them and the desk is."""
    if not isinstance(entry, MessageEntry) or not entry.text.strip():
        return None
    who = "you" if entry.speaker == CUSTOMER else "person" if entry.speaker == OPERATOR else "desk"
    text = entry.text if entry.speaker == CUSTOMER else readable(entry.text)
    return Said(who, entry.operator, masked(text.strip()))
