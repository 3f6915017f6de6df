"""How many matters the words of a message hold, as far as their departments tell them apart."""

import re

from agents.requests.lexicon import lexicon, words
from agents.routing.departments import route
from agents.routing.gist import gist
from agents.routing.mood import telling
from switchboard.events.masking import emails
from switchboard.reading.learning.features import LIMIT, stem

SURE = 0.85  # from here on a sentence names its department by itself
LIKELY = 0.5  # enough where the customer says that something new begins

_ORDER = re.compile(r"#\s?[A-Za-z]*-?\d{3,}|\b[A-Za-z]{1,4}-?\d{3,}\b|(?<=order )\d{3,}|(?<=order number )\d{3,}")
_WHO = re.compile(r"(?i:\bmy (?:full )?(?:name|e-?mail|zip|postcode|phone)\b)|\bI(?:'m| am) [A-Z]\w+ [A-Z]\w+")

_ALSO = (
    r"(?:(?:and|but|oh|then|so),? )?(?:also|additionally|besides|in addition|furthermore|secondly|second|plus|"
    r"separately|another (?:thing|question|matter|issue)|one more thing|on another note)"
)
_ITEM = r"(?:\(?[1-9][.)]|[-*•])"
_ASKS = (
    r"(?:(?:can|could|would|will|may) (?:you|i|we)|please|(?:how|where|when|what|why|which|who)(?:'s)?|"
    r"(?:i|we)(?:'d|'ve|'m| am| was| were| would| have| want| need| wish| got| can'?t| cannot| did(?:n't| not)|"
    r" never| also| forgot| lost)|"
    r"(?:is|are|do|does|did|has) (?:there|it|my|the|you|i)|"
    r"change|cancel|return|exchange|update|close|track|send|reset|check|tell|swap|modify|refund|unblock|upgrade|"
    r"(?:my|the) (?:\w+ ){1,3}?(?:is|was|has|does|do|will|won't|isn't|wasn't|doesn't|hasn't|stopped|keeps|never|came|"
    r"arrived|crash\w*|fail\w*))\b"
)
_LISTED = re.compile(r"(?<!\S)\(?1[.)]\s.{0,600}?\s(?=\(?2[.)]\s)", re.DOTALL)
_NEXT_ITEM = re.compile(r"(?<!\s)\s+(?=\(?[2-9][.)]\s)")
# After the end of a sentence (but not after "2."), at a line, before "also can you", "and can you" and "2) ".
_CUT = re.compile(
    rf"(?i)(?<=[.!?;])(?<!\b\d[.])\s+|\n+|(?<!\b[i])(?<!\bwe)(?<!\byou),?(?<!\s)\s+(?={_ALSO}[,:]?\s+{_ASKS})|"
    rf",?(?<!\s)\s+(?=and {_ASKS})|(?<!\s)\s+(?=\(?[2-9]\)\s)"
)
_OPENS_NEW = re.compile(rf"(?i){_ITEM}|{_ALSO}(?!\w)|(?:and )?(?:(?:i|we)(?:'d| would)?|(?:can|could) you) also\b")
_REQUEST = re.compile(rf"(?i)^\W*(?:{_ITEM}\s+)?(?:{_ALSO}\W+)?(?:(?:and|but|so|then|hi|hello|hey)\W+)?{_ASKS}|\?")
_REMEDY = re.compile(
    r"(?i)\b((?:a|another) (?:new|fresh) (?:one|pair|set)|"
    r"money back|(a|my|full) (full )?refund|refund (me|it|this)|compensation|replacement|(cancel|return|"
    r"exchange|replace|change|fix|send|do|track|close|remove|reverse|explain) (it|this|that|them|one)|human|manager|"
    r"supervisor|representative|real person|call me|help me|thank)\b"
)
_SAME = re.compile(r"(?i)\b((same|that|this|the) (order|purchase|parcel|package)|it|its|them|this|that)\b")


def matters(text: str) -> list[str]:
    """The separate matters of one message, in order, in the customer's words; `[text]` where there is only one.

    A new matter is a request for another department or about another order. A greeting, context and a remedy for what
    was just told ("I want my money back") stay with their neighbour. Every piece is given what says who writes, and
    one that speaks of "the same order" gets that order's id, in brackets. Of a text above
    `LIMIT` characters its gist is looked at.
    """
    if len(text) > LIMIT:
        found = matters(gist(text))
        return found if len(found) > 1 else [text]
    plain = re.sub(r"[^\S\n]+", " ", text.replace("’", "'"))
    if _LISTED.search(plain):
        plain = _NEXT_ITEM.sub("\n", plain)
    parts = [part.strip() for part in _CUT.split(plain) if part.strip()]
    who = [part for part in parts if _WHO.search(part) and not _REQUEST.search(_WHO.sub(" ", part))]
    pieces: list[str] = []
    for part in (part for part in parts if part not in who):
        if pieces and not _is_new(pieces[-1], part):
            pieces[-1] += " " + part
        else:
            pieces.append(part)
    if len(pieces) < 2:
        return [text]
    written = [match[0] for match in emails(text)]
    for i, piece in enumerate(pieces):
        missing = [email for email in written if email not in piece and not any(email in part for part in who)]
        if i and _SAME.search(piece) and not _ORDER.search(piece):
            missing += _ORDER.findall(pieces[i - 1])[-1:]
        pieces[i] = " ".join([*who, piece, *(f"({fact})" for fact in missing)])
    return pieces


def _is_new(before: str, part: str) -> bool:
    """Whether `part` begins a matter of its own after the matter `before`."""
    orders, had = set(_ORDER.findall(part)), set(_ORDER.findall(before))
    about_another = bool(had) and bool(orders - had)
    if not _REQUEST.search(part) or (_REMEDY.search(part) and not about_another):
        return False
    old, new = route(before), route(part)
    if old.department == "general":
        return False
    if about_another and old.confidence >= LIKELY:
        return True
    if old.department == new.department:
        return False
    if new.department == "general" and not _has_subject(part):
        return False
    if _OPENS_NEW.match(part):
        return new.confidence >= LIKELY
    return min(old.confidence, new.confidence) >= SURE and (not _SAME.search(part) or bool(orders))


def _has_subject(part: str) -> bool:
    """Whether a question for nobody in particular is about something: "What can I do?" goes with what was told before."""
    return any(stem(word) in lexicon().concepts for word in telling(part)) or words(part).count("num") > 1
