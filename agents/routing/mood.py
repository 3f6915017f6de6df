"""How a customer writes, as the desk takes it: urgency, sentiment, anger, whether a human is wanted, and whether there is
anything to go on."""

import re

from agents.requests.deeds import DEEDS
from agents.requests.lexicon import lexicon, words
from agents.requests.reading import read
from agents.routing.gist import gist
from agents.routing.learned import classifier
from agents.routing.plays import play_classifier
from switchboard.reading import mood
from switchboard.reading.facts.details import LOOKED_AT
from switchboard.reading.learning.features import stem
from switchboard.reading.left_alone import CUT, PRAISE
from switchboard.reading.person import asks_for_a_person

A_PERSON = r"(?:human|person|agent|representative|rep|operator|manager|supervisor|advisor|somebody|someone|staff|people)s?"
ONLY_A_PERSON = re.compile(
    r"\W*(?:(?:no|please|pls|just|i|we|want|need|would like|get|give|me|to|an?|the|some|any|real|live|actual|other)\W+)*"
    rf"{A_PERSON}"
    r"(?:\W+(?:please|pls|now|thanks|thank you|being|help|support|here|there))*\W*",
    re.IGNORECASE,
)
THREATENS = re.compile(
    r"\b(?:lawyers?|attorneys?|solicitors?|legal action|(?:will|going to|gonna|['’]ll|shall|want to|have to) sue|sue you|suing|"
    r"see you in court|"
    r"take (?:this|you|it) to court|small claims|trading standards|consumer (?:protection|ombudsman)|ombudsman)\b",
    re.IGNORECASE,
)
SETTLED = re.compile(
    r"\b(?:it|that|this|problems?|issues?|matters?|everything|all|things?|case|questions?|quer(?:y|ies)|doubts?|complaints?|order)"
    r"(?: (?:is|are|was|were|has|have|had|been|got|now|already|finally|just|all|completely|fully|of|mine|itself))*"
    r" (?:solved|resolved|sorted|fixed|settled|cleared?(?: up)?|clarified|answered|taken care of|working (?:again|now|fine))\b"
    r"|\b(?:all|everything) (?:good|fine|ok|okay|sorted|set)\b|\b(?:i|we)(?: have)?(?: already| just)? "
    r"(?:solved|resolved|sorted|fixed|figured)(?: \w+){0,3}? (?:it|out|myself|problem|issue)\b"
    r"|\b(?:forget|ignore|disregard)\b (?:about )?(?:it|that|what (?:i|we) (?:wrote|said|asked)|my (?:last |previous )?"
    r"(?:message|mail|e-?mail|question|request))\b",
    re.IGNORECASE,
)
"""A report that nothing is left to do, or that what was asked for is taken back."""
_RUNS = (
    r"(?:works|worked|runs|ran|connects|syncs|starts|prints|charges|loads|plays|opens|turns|switches on|responds|spins|goes|"
    r"cools|lights|heats|functions|(?:started|began) (?:work|runn|play|charg|print)ing|"
    r"came back(?: on)?|(?:is|are) (?:working|running|back(?: up)?|up|on|online))"
)
_SUBJECT = (
    r"(?:it|that|this|they|both|all|everything|(?:the|my|our)(?: [\w-]+){1,3}?)(?: (?:all|both|now|finally|just|really))?"
)
RUNS_AGAIN = re.compile(
    rf"\b{_SUBJECT} {_RUNS}(?: \w+)? (?:again|now|fine|well|perfectly|properly|normally|as it should)\b"
    rf"|\b{_SUBJECT} came back(?: on)?\b|\b(?:again|now|finally|at last),? {_SUBJECT} {_RUNS}\b"
    r"|^\W*(?:(?:yes|ok|okay|great|perfect|super|nice|cool|wow|hurray|oh|and|so|well)\W+)*"
    r"(?:(?:it|that|this) (?:works|worked|runs|is working|is running|started working|helped|did (?:it|the trick))|"
    r"(?:works|working|runs|running) (?:again|now|fine|well|perfectly))\b",
    re.IGNORECASE,
)
"""A report that something goes again."""
ASKS = re.compile(r"\W*(?:do|does|did|will|is|are|has|have|how|why|what|where|which|who)\b", re.IGNORECASE)
OPEN_STILL = re.compile(
    r"\?|\b(?:not|never|no longer|until|unless|if|when|once|hope|want|need|please (?!forget|ignore|disregard)|should|must|"
    r"would|can|could|but|still|again and again)\b|n['’]t\b",
    re.IGNORECASE,
)
OF_OTHERS = re.compile(
    r"\b(?:you|u|they|he|she|it|nobody|no ?one)(?: (?:do|does|did|will|have|has|could|can|are|is|was|were|still|just))? ?"
    r"(?:not|never|n['’]?t)\b"
    r"|\b(?:you|u|they|he|she|it) (?:don|doesn|didn|won|haven|hasn|can|couldn|aren|isn|wasn)['’]?t\b",
    re.IGNORECASE,
)
"""What others do not do is no deed that the writer takes back."""
MOST_SETTLED = 30
"""Words of a message that says hardly more than that."""
SAYS_HARDLY = 3
"""Telling words of a part of it that says nothing else."""
FEWEST_READ = 4
"""Words from which on it can be told that a text is in none of the words that we know."""
MOSTLY = 0.5
"""The share of its words that must be known."""
_THANKS = re.compile(r"\b(?:thanks?|thank you|thx|cheers|appreciate\w*|grateful|help(?:ed|ful)?)\b", re.IGNORECASE)
THANKS = re.compile(
    r"\W*(?:and )?(?:(?:many |a thousand )?thanks(?! [,.]| but)|thank you|so much|very much|thx|cheers)\b", re.IGNORECASE
)
SHOUTED = 12
"""So many capital letters, and hardly a small one, are shouting; fewer may be a name or a code."""


def urgency(text: str) -> mood.Urgency:
    """`high` for danger, deadlines and "now"; `low` where the customer says that there is time."""
    return read(gist(text)).urgency


def telling(text: str) -> list[str]:
    """The words that say what a text is about; "Can you help me with that?" has none."""
    return mood.telling(text, lexicon())


def wants_human(text: str) -> bool:
    """Whether the customer asks for a person. Asking whether we are one is not that."""
    return asks_for_a_person(gist(text))


def is_furious(text: str) -> bool:
    """Whether somebody threatens with a lawyer, or shouts abuse in capitals: an answer by rules makes that worse."""
    text = text[:LOOKED_AT]
    capitals, small = sum(c.isupper() for c in text), sum(c.islower() for c in text)
    shouts = capitals >= SHOUTED and capitals > 4 * small
    return bool(THREATENS.search(text)) or (shouts and read(text.lower()).sentiment == "negative")


def is_settled(text: str) -> bool:
    """Whether somebody writes that all is well now, and asks for nothing."""
    if len(text.split()) > MOST_SETTLED or OPEN_STILL.search(text):
        return False
    return bool(SETTLED.search(text)) or runs_again(text)


def runs_again(text: str) -> bool:
    """Whether a text tells that something goes again, and beside that thanks at most."""
    if ASKS.match(text):
        return False
    parts = [part for part in CUT.split(text) if part]
    rest = [part for part in parts if not RUNS_AGAIN.search(part)]
    return len(rest) < len(parts) and all(_THANKS.search(part) or len(telling(part)) < SAYS_HARDLY for part in rest)


def is_unclear(text: str) -> bool:
    """Whether nothing in the text could be routed or answered, as in "help", "it does not work" or emoji alone."""
    text = gist(text)
    if wants_human(text):
        return False
    return not any(not w.isascii() or stem(w) in classifier().known or stem(w) in lexicon().concepts for w in telling(text))


MOST_OF_ADDRESS = 200
ADDRESS = re.compile(r"(?:\b\d{1,5}|\b(?:street|avenue|road|lane|drive|st|ave|rd))\b[^\n?]{3,60}\b\d{5,6}\b", re.IGNORECASE)
SAYS_MORE = re.compile(
    r"[?#]|\b(?:i|we|you|want|need|please|can|could|change|changed|new|old|send|sent|deliver\w*|ship\w*|where|when|how|what|orders?|"
    r"ordered|parcels?|packages?|refund|cancel|return|update|moved?|wrong|not|is|was|to)\b",
    re.IGNORECASE,
)


def asks_nothing(text: str) -> bool:
    """Whether a text is unclear, and no deed is asked for in it either, as "cancel everything" does in few words."""
    return is_unclear(text) and read(text).request.kind not in DEEDS


def is_only_an_address(text: str) -> bool:
    """Whether a text is a name and an address, with a number perhaps, and says nothing of what is wanted."""
    return bool(ADDRESS.search(text[:MOST_OF_ADDRESS])) and not SAYS_MORE.search(text) and read(text).request.kind not in DEEDS


def says_little(text: str) -> bool:
    """Whether nobody can tell what is wanted: hardly a word is known, or all of it is an address."""
    return is_garbled(text) or is_only_an_address(text)


def is_garbled(text: str) -> bool:
    """Whether hardly a word of a text is one that customers write: it is in another language, or in none."""
    said = words(gist(text))
    if "num" in said:  # an address, or the measures of a thing
        return False
    return len(said) >= FEWEST_READ and sum(map(_is_known, said)) < MOSTLY * len(said)


def _is_known(word: str) -> bool:
    return stem(word) in lexicon().concepts or any(stem(word) in one().known for one in (classifier, play_classifier))


def praises(text: str) -> bool:
    """Whether a text is glad of something, thanks for it perhaps, and neither asks nor wants anything."""
    parts = [part for part in read(text).parts if telling(part.text) and not THANKS.match(part.text)]
    return bool(parts) and "?" not in text and all(part.left_alone and PRAISE.search(part.text) for part in parts)


NOTHING_YET = re.compile(
    r"\W*(?:(?:but|so|and|please|just|thanks?|ok|for now)\W+){0,5}(?:do not|don['’]?t) "
    r"(?:start|do|process|begin|touch|request|book|send|make) "
    r"(?:anything|something|it|this|that)(?: (?:now|yet|for now|today|at the moment|please|though|before)){0,3}"
    r"(?:\W+i (?:just|only) (?:want(?:ed)? to know|ask(?:ed)?|wonder(?:ed)?))?\W*",
    re.IGNORECASE,
)
"""That nothing is to be done, in as many words."""


def is_nothing_yet(text: str) -> bool:
    """Whether a text says that nothing is to be done for now, and no more."""
    return bool(NOTHING_YET.fullmatch(text[:MOST_OF_ADDRESS]))


def is_denied(text: str) -> bool:
    """Whether a deed is only spoken of to say that it is not to be done, and nothing else is asked: "please cancel nothing"."""
    if OF_OTHERS.search(text):
        return False
    if is_nothing_yet(text):
        return True
    denied = any(read(text).verdict(kind) == "denied" for kind in DEEDS)
    return denied and read(text).request.kind == "unknown" and "?" not in text
