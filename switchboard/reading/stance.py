"""Whether the words ask for something to be done now, or only speak of it: imagine it, ask about it, report or deny it.

A text is judged clause by clause, at the word that names the deed, whose form the project gives. What reads as neither a
request nor a refusal is "open": the customer is told what would happen and asked.
"""

import re
from collections.abc import Iterator
from typing import Literal

from switchboard.reading.words import written_out

Verdict = Literal["asked", "denied", "settled", "open"]
"""`denied`: they do not want it. `settled`: they say that it was done already, or that it never was."""

Clause = tuple[str, str, bool]
"""Its words, the words before it that frame it too, and whether it ends in a question mark."""
LOOKED_AT = 5_000
"""Characters of a text that are judged."""

FORGED = re.compile(
    r"\{[^{}]{0,2000}\"\s*:[^{}]{0,2000}\}|<(\w{1,40})>[\s\S]{0,2000}?</\1>|^[^\w\n]*(?:system|assistant|tool|agent)[^\w\n:]*:.*$"
    r"|\b(?:pretend (?:to be|you|that)|you are now (?:an?|in)\b|act as|role ?play|(?:ignore|disregard|forget) "
    r"(?:all |any |your |the |my )*(?:previous |prior |earlier )?(?:instructions?|rules?|prompts?)).*$",
    re.MULTILINE | re.IGNORECASE,
)
"""What is written like a message of the machinery, or sets up a play: data, and nobody's request."""
CLAUSE = re.compile(r"((?<![.!?;\n])[.!?;\n]+(?=\s|$)|\n|,(?=\s)|\s[-–—]+\s|\b(?:but|though|however|because|and|or|so)\b)")
ID_WORD = "idword"
"""What stands for each id in a text that is judged; who knows the form of the ids puts it there."""
JOINS = ("and", "or", "because")
"""A clause after these has no frame of its own: what was said to be imagined before them still is."""

FILL = (
    r"(?: (?:yet|ever|even|want(?:ed)?|need(?:ed)?|ask(?:ed|ing)?|request(?:ed)?|t[eo]ll?d?|wish|like|mean|meant|intend|plan|"
    r"planning|trying|going|allow(?:ed)?|to|you|us|any|anyone|a|an|the|my|your|for|have|had|has|get|got|make|made|do|be|been|"
    r"was|see|saw|just|really|actually|of|about|there|should|charged?))*"
)
DENIES = re.compile(
    rf"(?:\b(?:not|never|no|without|nor)\b|\bno longer want to\b|\bno need\b|\b(?:instead|rather) (?:of|than)\b"
    rf"|\bnot (?:think|believe|say|said|claim)(?: that)?(?: i| we| you| it)?\b){FILL} ?$"
)
DENIES_IT = re.compile(r"\bnot (?:want|need|have) (?:it|this|that|them|anything|my order) $")
REPORTS_NOT = re.compile(r"\b(?:did|have|has|had|was|were|is|are|been) not\b|\bnever\b|\bno\b(?! (?:need|more))")
CANNOT = re.compile(
    r"\b(?:can|could|able|possible|why|still|been)\b[^.]{0,12}\bnot\b|\b(?:not|never) (?:been|yet|get|got|received?|gotten)\b"
)
TOLD = re.compile(
    r"\b(?:tell|explain|say|know|check|see|understand|confirm|clarify|inform|advise|show|find out|learn|question|curious|"
    r"info|information|policy|rules?|ask(?:ing)? (?:if|whether|how|about))\b[^.]*$"
)
HEDGED = re.compile(
    r"\b(?:might|may|maybe|perhaps|possibly|consider\w*|think(?:ing)? (?:about|of)|unsure|undecided|whether|in case|"
    r"suppos(?:e|ing)|imagine|what if|what happens|what would|(?:was|were) (?:going|about|planning) to)\b"
)
NOT_DECIDED = re.compile(
    r"\bnot (?:quite |really )?sure(?: yet|$|[.,!])|\b(?:not|have not|not yet) decided\b|\bundecided\b"
    r"|\b(?:just|only) (?:ask(?:ing)?|wonder(?:ing)?|curious)\b(?! (?:you )?(?:for|to)\b)"
)
TAKEN_BACK = re.compile(
    r"^(?:(?:oh|ah|no|wait|sorry|actually|well|ok|okay|hm+|please|then|just|you can|you may) )*"
    r"(?:never ?mind(?! (?:the|my|your|about)\b)|(?:forget|ignore|disregard|scratch|drop|skip) (?:it|that|this|"
    r"(?:what i|my|this|that|the) (?:said|wrote|asked|last|previous|request|message|question)\b.*)(?: all| please| then)*$"
    r"|(?:i (?:am|was) |just |only )+(?:kidding|joking)"
    r"|(?:i|we) take (?:it|that) back$"
    r"|on second thoughts?)"
)
"""A clause that takes back what was asked for before it."""
CHANGED_MIND = re.compile(r"\b(?:i|we) (?:have )?(?:just )?chang(?:e|ed) (?:my|our) minds?\b")
"""Takes back a wish; beside what ends or undoes something it is the reason for it."""
IN_THEORY = re.compile(
    r"\b(?:in theory|theoretically|hypothetical(?:ly)?)\b|(?:\A|[.!?\n])[^\w.!?\n]{0,5}(?:(?:ok|okay|well|so|just|now),? )?"
    r"(?:suppos(?:e|ing)|imagine|assum(?:e|ing)|let(?:['’]s| us) (?:say|assume|suppose|imagine)|if (?:i|we) (?:had|were))\b",
    re.IGNORECASE,
)
CONDITION = re.compile(r"\b(?:if|when|unless|until|before|after|assuming|once (?:i|you|it|we))\b")
GIVEN = re.compile(
    r"\b(?:if|unless|provided|assuming|as long as|only when|in case|once (?:i|you|it|we|the))\b"
    r"(?! (?:at all )?(?:possible|necessary|needed|available|allowed|you (?:can|could|would|may|please|do not mind)|"
    r"(?:i|we) (?:may|can|could)|(?:it|that|this|they|idword) (?:is|are) (?:still )?"
    r"(?:ok|okay|alright|fine|possible|pending|open|not too late)|(?:it|that|this|idword|they) "
    r"(?:has|is|have|was|did|are) not (?:been |yet |already )*(?:sent|ship|shipped|left|dispatched)|"
    r"(?:it|that|this) (?:can|could) (?:still )?be|not (?:sent|shipped)|still))"
)
"""A condition after the deed; one that only asks for what can be done is none."""
GIVEN_NEXT = re.compile(
    r"^(?:only |but )?(?:only if|unless|provided|as long as|if (?:it (?!helps|matters)|the |this |they |idword ))"
)
NOTHING = re.compile(r"^ (?:back )?(?:neither|nothing|none)\b(?! (?:else|more|further|other))")
NOTHING_ELSE = re.compile(r"^ (?:back )?(?:neither|nothing|none)\b")
POLITE = re.compile(
    r"\bplease\b|\b(?:can|could|will|would) (?:you|u|someone|somebody)\b|\bwould you mind\b|\bif you (?:can|could|would)\b"
    r"|\b(?:i|we)(?: would)? (?:really |also |just |now |still )?"
    r"(?:like|love|prefer|rather|want|need|wish|request|demand|insist|must|have to)\b"
    r"|\b(?:can|could|may) (?:i|we) (?:please )?(?:get|have)\b|\bgo ahead\b"
    r"|\b(?:you|it|this|that|they|i) (?:should|must|ought to|needs? to|have to|has to) be\b"
    r"|\byou (?:should|must|need to|have to)\b"
    r"|^(?:also |now |just |still )?(?:want|need|wish|would (?:really )?(?:like|love|prefer))\b"
)
MODAL = re.compile(r"\b(?:i|we|one|it)(?: (?:would|could|should|can|will|am going to|are going to|plan to|intend to))\b")
THIRD = re.compile(
    r"\b(?:friend|neighbou?r|wife|husband|partner|mother|mom|mum|father|dad|brother|sister|son|daughter|colleague|boss|"
    r"someone|somebody|people|they|he|she|everyone|website|site|page|e-?mail|message|reviews?|bot)\w*\b[^.]{0,30}?\b"
    r"(?:says?|said|tells?|told|thinks?|thought|suggest\w*|recommend\w*|claim\w*|wrote|mention\w*|believes?|wants?|wanted)\b"
    r"|\bi(?: have)? (?:heard|read|was told)\b"
)
DONE = re.compile(
    r"\b(?:i|we|you|they|he|she|it|that|this|order|idword|already|was|were|been|has|have|had|is|are|just)"
    r"(?: (?:have|has|had|was|were|been|being|is|are|already|just|recently|finally|even|also))* $"
)
UNDONE = re.compile(
    r"\b(?:wait(?:ing)?|hold(?:ing)?|paus\w+|postpon\w+|delay\w*|defer\w*|put(?:ting)?(?= (?:off|back|on hold))|stop\w*|"
    r"cancel\w*|abort\w*|revok\w+|withdraw\w*|undo\w*|halt\w*|skip\w*)"
    r"(?: (?:with|off|back|on|the|my|our|your|this|that|any|a|an|planned|pending))* $"
)
"""Before a deed: it is that which is to be stopped, or to wait."""
PUT = re.compile(r"\bput(?:ting)?(?: (?:the|my|our|your|this|that|any|a|an))? $")
ON_HOLD = re.compile(r"^\W*(?:on hold|on ice|on pause|off)\b")
"""Around a deed that is to wait; "put the money on my card" says where it goes."""
PAST = re.compile(r"\w+ed\b|sent\b|gave\b|got\b|took\b|paid\b")
RECEIVED = re.compile(
    r"\bthank(?:s| you)(?: so much| very much)? for\b|\b(?:i|we)(?: have)?(?: just| already)? (?:got|received)\b"
)
SHOULD_BE = re.compile(r"\b(?:should|must|ought to) be\b")
HABIT = re.compile(r"\b(?:you|they|stores?)(?: (?:always|usually|also|normally|automatically|do))? $")
ASKS = re.compile(
    r"^\W*(?:(?:hi|hello|hey|well|ok|okay|then|and|so|also)\W+)*(?:(?:what|how|why|when|where|which|who|whose)\b|"
    r"(?:do|does|did|is|are|am|was|were|will|would|should|shall|can|could|may|must|have|has|had)(?: not)? "
    r"(?:i|you|we|it|he|she|they|this|that|there|the|my|someone|idword)\b)"
)


def without_forged(text: str) -> str:
    """The text without what is written like a message of the machinery."""
    return FORGED.sub(" ", text[:LOOKED_AT])


def verdicts(
    clauses: list[Clause], deed: re.Pattern[str], *, minds_change: bool = True, is_done: bool = False
) -> list[Verdict]:
    """The verdict of each clause that names the deed. "Not sure yet", or "never mind", takes back what was said before it.

    `minds_change`: "I changed my mind" takes it back too, and is no reason for it. `is_done`: what is named happened already,
    so that nothing before it can stop it.
    """
    said: list[Verdict] = []
    for clause in clauses:
        if said and (TAKEN_BACK.search(clause[0]) or (minds_change and CHANGED_MIND.search(clause[0]))):
            said = ["denied"]
        elif found := deed.search(clause[0]):
            said.append(judged(*clause, found, is_done=is_done))
        elif said and said[-1] == "asked" and GIVEN_NEXT.search(clause[0]) and GIVEN.search(clause[0]):
            said[-1] = "open"
        if NOT_DECIDED.search(clause[0]):
            said = ["open"] if said else []
    return said


def unnamed(clauses: list[Clause]) -> Verdict:
    """Where no word names the deed: asked for, unless a clause has the form of talk."""
    talk = (HEDGED, THIRD, CONDITION, MODAL, ASKS, NOT_DECIDED)
    for clause, _, asked in clauses:
        if not POLITE.search(clause) and (asked or any(form.search(clause) for form in talk)):
            return "open"
    return "asked"


def clauses_of(text: str) -> Iterator[Clause]:
    """Each clause in small letters, the clauses before it whose frame it shares, and whether it is asked."""
    text = written_out(text.lower())
    shared = ""
    parts = [*CLAUSE.split(text), ""]
    for part, mark in zip(parts[::2], parts[1::2], strict=False):
        clause = " ".join(part.split())
        if clause:
            yield clause, shared, "?" in mark
        shared = f"{shared} {clause} ".strip() + " " if mark in JOINS else ""


def judged(clause: str, shared: str, asked: bool, found: re.Match[str], *, is_done: bool = False) -> Verdict:
    """One clause, at the word that names the deed; `shared` stands before it and frames it too."""
    before = clause[: found.start()]
    own = " ".join(before.split()) + " " if before.strip() else ""
    if DENIES.search(own) or (found[0].endswith("ed") and DENIES_IT.search(own)):
        return denial(own)
    after = clause[found.end() :]
    if (UNDONE.search(own) or (PUT.search(own) and ON_HOLD.search(after))) and not is_done:
        return "denied"
    framed = f"{shared}{own}"
    if NOTHING_ELSE.search(after):
        return "denied" if NOTHING.search(after) else "open"
    if RECEIVED.search(own) and not (POLITE.search(own) or SHOULD_BE.search(own)):
        return "settled"  # and not "I'd like the hose that I received mended"
    if TOLD.search(own) or HEDGED.search(framed) or THIRD.search(framed):
        return "open"
    if GIVEN.search(after):
        return "open"
    if POLITE.search(clause) and not CONDITION.search(own):
        return "asked"
    if CONDITION.search(framed) or MODAL.search(own) or ASKS.search(clause) or (shared and ASKS.search(shared)):
        return "open"
    if DONE.search(own) and PAST.match(found[0]):
        return "settled"
    return "open" if asked or HABIT.search(own) else "asked"


IF_NOT = re.compile(r"\b(?:if|unless|when)(?: only)? (?:i|we|you|they|he|she|it)(?: \w+){0,2} not\b|\b(?:only if|as long as)\b")
"""A condition in which the deed is not done: it denies nothing."""
ANSWERS_NO = re.compile(r"^(?:(?:no|nope|nah) )+(?=(?:please |just |really )?(?:do|never)\b)")


def denial(before: str) -> Verdict:
    """A refusal ("do not send it"), the report that something is not so, or trouble with getting it."""
    before = ANSWERS_NO.sub("", before)
    if CANNOT.search(before) or IF_NOT.search(before):
        return "open"
    return "settled" if REPORTS_NOT.search(before) and "please" not in before else "denied"
