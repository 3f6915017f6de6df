"""Which of an agent's plays a message surely is: the one whose examples it is nearest to, of all plays and of small talk."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise

from switchboard.declare.play import Play, Slot
from switchboard.plays.asked.questions import NO_DEED
from switchboard.plays.slots import telling, values_in
from switchboard.reading.languages import OURS, SPOKEN, languages
from switchboard.reading.learning.features import Lexicon, stem
from switchboard.reading.left_alone import LEADING, parts_of, without_leading
from switchboard.reading.meant import verdicts_in
from switchboard.reading.stance import Verdict
from switchboard.reading.tongues import folded, folded_form, letters, tongue_of, with_verbs
from switchboard.search.nearest import Sentences, sentences_of
from switchboard.search.words import terms

NONE = ""
SURE, AGREED = 0.45, 0.5
"""How near the nearest example must be, and which share of the vote of the nearest ones must be of that play."""
NEAR = 0.3
"""How near it must be where the text names a record of the one play that tells of such."""
SMALL_WORD, PAIR = 0.4, 0.3
"""What a word without a meaning of its own, and two words side by side, weigh against one that tells."""
MOST_SENTENCES, SHORT = 12, 2
"""Sentences of a text that are read, and letters of a word that tells nothing by itself."""
REASON = re.compile(r"(?:because|since|as)\b", re.IGNORECASE)
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
"""Messages that are no request of any play, unless its own examples say so; those of the other languages are in their files."""


def play_of(plays: Sequence[Play], text: str, language: str = "en") -> Play | None:
    """The play that a message surely is; the one that it is nearest to where it is several. Each sentence is looked at."""
    best, found = SURE, None
    parts = [part.text for part in parts_of(text, NO_DEED, language) if not part.left_alone and terms(part.text)]
    for sentence in (*parts[:MOST_SENTENCES], text) if plays else ():
        named = [play for play in plays if _is_named(play, sentence, language)]
        near = _sentences(tuple((play.name, play.examples, play.unlike) for play in named), language).nearest(sentence)
        if near and near.label != NONE and near.likeness >= best and near.share >= AGREED:
            best, found = near.likeness, next(play for play in named if play.name == near.label)
    return found


def newest_play(plays: Sequence[Play], text: str, language: str = "en") -> Play | None:
    """The play of the newest line that surely is one, so that an answer below it goes on with it; else that of all of it."""
    found = (play for line in reversed(text.splitlines()) if (play := play_of(plays, line, language)))
    return next(found, None) or play_of(plays, text, language)


def play_of_record(plays: Sequence[Play], text: str, language: str = "en") -> Play | None:
    """The play of a text that names a record by its form, and is not surely like an example: the only one about such records
    whose deed is named, where it is asked for; else, where no deed is named, the only one that tells of them, where no small
    talk is nearer.
    """
    about = [play for play in plays if any(slot.form and slot.ask and _has_form(slot, text, language) for slot in _slots(play))]
    named = [
        (play, verdict) for play in plays if play.process and play.process.does and (verdict := _verdict(play, text, language))
    ]
    if named:
        asked = [play for play, verdict in named if verdict == "asked" and play in about and _is_named(play, text, language)]
        return asked[0] if len(named) == 1 and asked else None
    tell = [play for play in about if play.process and not play.process.does]
    if len(tell) != 1 or not _is_named(tell[0], text, language):
        return None
    near = _sentences(((tell[0].name, tell[0].examples, tell[0].unlike),), language).nearest(text)
    return tell[0] if near and near.label == tell[0].name and near.likeness >= NEAR and near.share >= AGREED else None


def _slots(play: Play) -> Sequence[Slot]:
    return play.process.slots if play.process else ()


def _has_form(slot: Slot, text: str, language: str) -> bool:
    return any(True for _ in values_in(slot, text, (), language, loosely=False))


def without_others(plays: Sequence[Play], play: Play, text: str, language: str = "en") -> str:
    """A text without the clauses that ask for the deed of another play, and not for that of this one."""
    parts = parts_of(text, NO_DEED, language)
    return "".join(part.text + part.mark for part in parts if not _other(plays, play, part.text, language))


def of_others(plays: Sequence[Play], play: Play, text: str, language: str = "en") -> list[tuple[Play, str]]:
    """The clauses of a text that ask for what another play does: surely such a request, or with a value that it takes."""
    parts = [_led(part.text, language) for part in parts_of(text, NO_DEED, language) if not part.left_alone]
    found = [(one, other) for one in parts if not _is_reason(one, language) and (other := _other(plays, play, one, language))]
    asked = [(other, one) for one, other in found if _verdict(other, one, language) == "asked"]
    return [(other, one) for other, one in asked if gives_a_value(other, one, language) or play_of([other], one, language)]


def _led(part: str, language: str) -> str:
    """A clause without the words that lead into it."""
    tongue, read = tongue_of(language), folded(part, language)
    if tongue is None:
        return LEADING.sub("", part).strip()
    return part[read.places[len(read.text) - len(without_leading(read.text, tongue))] :].strip()


def _is_reason(part: str, language: str) -> bool:
    tongue = tongue_of(language)
    return bool(tongue.reason.match(letters(part, language)) if tongue else REASON.match(part))


def _is_named(play: Play, sentence: str, language: str) -> bool:
    """Whether a sentence names what a play is about, in folded letters where its language has them."""
    if tongue_of(language) is None:
        return play.is_named(sentence)
    read = with_verbs(letters(sentence, language), language)
    if play.process and play.process.does and not folded_form(play.process.deed.pattern, language).search(read):
        return False
    names = tuple(letters(name, language) for name in play.names)
    return not names or any(word.startswith(names) for word in re.findall(r"\w+", read))


def is_of(play: Play, part: str, language: str = "en") -> bool:
    """Whether a part of a message is surely of a play, or gives a value that it takes."""
    return gives_a_value(play, part, language) or play_of([play], part, language) is not None


def asks_for_it(play: Play, question: str, rest: str, language: str = "en") -> bool:
    """Whether a question beside a play's deed is the wish for it, and no other one: it asks for the deed, or speaks of it where
    the rest of the words does not ask for it; gives a value that the rest does not; or tells nothing ("is that possible?").
    """
    said = telling(question, language) - languages()[language if language in SPOKEN else OURS].of_it
    if not any(word.isalpha() and len(word) > SHORT for word in said):
        return True
    if verdict := _verdict(play, question, language):
        return verdict == "asked" or _verdict(play, rest, language) != "asked"
    return any(
        any(True for _ in values_in(slot, question, (), language))
        and not any(True for _ in values_in(slot, rest, (), language))
        for slot in _slots(play)
    )


def gives_a_value(play: Play, part: str, language: str) -> bool:
    """Whether a part of a message gives a value that a play takes."""
    return any(True for slot in _slots(play) for _ in values_in(slot, part, (), language))


def is_ruled_out(play: Play, part: str, language: str = "en") -> bool:
    """Whether a part of a message says that what a play does is not to be done, or was, or only gives a reason."""
    return _is_reason(part, language) or _verdict(play, part, language) in ("denied", "settled")


def _other(plays: Sequence[Play], play: Play, part: str, language: str) -> Play | None:
    others = [one for one in plays if one != play and one.process and one.process.does and _is_named(one, part, language)]
    return None if not others or _is_named(play, part, language) else others[0]


def _verdict(play: Play, part: str, language: str) -> Verdict | None:
    judged = verdicts_in(part, play.process.deed, language) if play.process else []
    return judged[-1] if judged else None


def small_talk_rows(language: str) -> list[tuple[str, str]]:
    """Messages that are no request, as (sentence, NONE) rows."""
    tongue = tongue_of(language)
    return [(sentence, NONE) for sentence in (tongue.small_talk if tongue else SMALL_TALK)]


@lru_cache(64)
def _sentences(plays: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...], language: str) -> Sentences:
    features = partial(features_of, language)
    rows = [(sentence, name) for name, examples, _ in plays for sentence in examples]
    known = sentences_of(rows, features)
    for name, _, unlike in plays:  # what is not for one play may be for another, whose examples count
        nears = [(sentence, known.nearest(sentence)) for sentence in unlike]
        rows += [(sentence, NONE) for sentence, near in nears if not near or near.label == name or near.likeness < SURE]
    return sentences_of([*small_talk_rows(language), *rows], features)


def features_of(language: str, text: str) -> Mapping[str, float]:
    """The words of a text, by how they begin, and each two of them that stand side by side. Numbers are all one."""
    words, tongue = Lexicon({}, (), language).words(text), tongue_of(language)
    words = [word for word in words if not tongue.negation.fullmatch(word)] if tongue else words
    telling = {*terms(" ".join(words))} - (tongue.small if tongue else frozenset())
    found = {stem(word, language): 1.0 if word in telling else SMALL_WORD for word in words}
    return found | {f"{stem(one, language)} {stem(two, language)}": PAIR for one, two in pairwise(words)}
