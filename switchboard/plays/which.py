"""Which of an agent's plays a message surely is: the one whose examples it is nearest to, of all plays and of small talk."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from switchboard.declare.play import Play
from switchboard.plays.slots import NO_DEED, values_in
from switchboard.reading.learning.features import Lexicon, stem
from switchboard.reading.left_alone import LEADING, parts_of
from switchboard.reading.stance import Verdict, clauses_of, verdicts, without_forged
from switchboard.search.index import terms
from switchboard.search.nearest import Sentences, sentences_of

NONE = ""
SURE, AGREED = 0.45, 0.5
"""How near the nearest example must be, and which share of the vote of the nearest ones must be of that play."""
SMALL_WORD, PAIR = 0.4, 0.3
"""What a word without a meaning of its own, and two words side by side, weigh against one that tells."""
MOST_SENTENCES = 12
REASON = re.compile(r"(?:because|since|as)\b", re.IGNORECASE)
PLAIN = Lexicon({}, ())
SMALL_TALK = (
    "hello", "good morning", "hi there, how are you", "thank you very much", "thanks, that is all", "who are you", "bye",
    "are you a robot", "can I talk to a person", "I want to speak to somebody", "what can you do", "tell me a joke",
    "who won the match yesterday", "what is the weather like tomorrow", "set an alarm for six", "how old is the universe",
    "translate this for me", "play some music", "I have a question", "I need help", "it does not work", "nobody answers me",
    "this is ridiculous", "you are wonderful", "where are you located", "when are you open", "how do I sign in",
    "what does it cost", "how long does it take", "is it free", "what is your phone number", "can you send me a receipt",
    "my name is on the list", "I am writing for a friend", "please call me back", "why is it so slow", "I want to complain",
    "do you have a job for me", "what is the capital of that country", "how do I cook rice",
)  # fmt: skip
"""Messages that are no request of any play, unless its own examples say so."""


def play_of(plays: Sequence[Play], text: str) -> Play | None:
    """The play that a message surely is; the one that it is nearest to where it is several. Each sentence is looked at."""
    best, found = SURE, None
    parts = [part.text for part in parts_of(text, NO_DEED) if not part.left_alone and terms(part.text)]
    for sentence in (*parts[:MOST_SENTENCES], text) if plays else ():
        named = [play for play in plays if play.is_named(sentence)]
        near = _sentences(tuple((play.name, play.examples, play.unlike) for play in named)).nearest(sentence)
        if near and near.label != NONE and near.likeness >= best and near.share >= AGREED:
            best, found = near.likeness, next(play for play in named if play.name == near.label)
    return found


def newest_play(plays: Sequence[Play], text: str) -> Play | None:
    """The play of the newest line that surely is one, so that an answer below it goes on with it; else that of all of it."""
    found = (play for line in reversed(text.splitlines()) if (play := play_of(plays, line)))
    return next(found, None) or play_of(plays, text)


def without_others(plays: Sequence[Play], play: Play, text: str) -> str:
    """A text without the clauses that ask for the deed of another play, and not for that of this one."""
    return "".join(part.text + part.mark for part in parts_of(text, NO_DEED) if not _other(plays, play, part.text))


def of_others(plays: Sequence[Play], play: Play, text: str) -> list[tuple[Play, str]]:
    """The clauses of a text that ask for what another play does: surely such a request, or with a value that it takes."""
    parts = [LEADING.sub("", part.text).strip() for part in parts_of(text, NO_DEED) if not part.left_alone]
    found = [(part, other) for part in parts if not REASON.match(part) and (other := _other(plays, play, part))]
    asked = [(other, part) for part, other in found if _verdict(other, part) == "asked"]
    return [(other, part) for other, part in asked if _gives_a_value(other, part) or play_of([other], part)]


def _gives_a_value(play: Play, part: str) -> bool:
    return any(True for slot in (play.process.slots if play.process else ()) for _ in values_in(slot, part, ()))


def _other(plays: Sequence[Play], play: Play, part: str) -> Play | None:
    others = [one for one in plays if one != play and one.process and one.process.does and one.is_named(part)]
    return None if not others or play.is_named(part) else others[0]


def _verdict(play: Play, part: str) -> Verdict | None:
    judged = verdicts(list(clauses_of(without_forged(part))), play.process.deed) if play.process else []
    return judged[-1] if judged else None


@lru_cache(64)
def _sentences(plays: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]) -> Sentences:
    rows = [(sentence, NONE) for sentence in SMALL_TALK]
    for name, examples, unlike in plays:
        rows += [*((sentence, name) for sentence in examples), *((sentence, NONE) for sentence in unlike)]
    return sentences_of(rows, _features)


def _features(text: str) -> Mapping[str, float]:
    """The words of a text, by how they begin, and each two of them that stand side by side. Numbers are all one."""
    words = PLAIN.words(text)
    telling = {*terms(" ".join(words))}
    found = {stem(word): 1.0 if word in telling else SMALL_WORD for word in words}
    return found | {f"{stem(one)} {stem(two)}": PAIR for one, two in pairwise(words)}
