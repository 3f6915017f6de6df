"""What a yes may say again of the call that was read back: the words with which it begins, and an id. Nothing from its middle.

"Yes, cancel order #A12" says no more than yes, and neither does the deed in another form of its verb ("oui, annulez-la", of
"Annuler la commande") nor the one amount of the call. "Yes, the door mat" picks a part of it, "Yes, red" the old one of two,
and "Yes, 90 USD" a piece of a number: all of these stand in the question, and none of them is a yes to it.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from switchboard.characters import plain_letters
from switchboard.reading.words import words_of

WORD = re.compile(r"#?\w+(?:['’-]\w+)*(?:[.,]\d+)*|[$€£%]")
"""A word, a number with all of its digits, or a sign that says what a number is."""
AN_ID = re.compile(r"#\w+|[a-z_]+-?\d{4,}")
FILLERS = words_of("the a an my our of all it this that in for der die das le la les el los las un une una")
"""What is left out where a call is named by its deed: "cancel my order" of "Cancel all of order #A12"."""

OBJECTS = words_of("it me us moi le la nous me lo nos sie es ihn mich mir uns")
"""What stands beside a verb that is to be done, of one thing: "cancel it", "remboursez-moi"."""
BEHIND_VERB = ("me", "nos", "lo", "la", "melo")
"""What is written in one with it: "cancélelo"."""
ENDINGS = {"er": "ez e", "re": "ez s", "ar": "e a en", "ieren": "iere iert"}
AT_THE_END = "ieren"
"""How a German verb ends that may stand last, and that is surely one."""
SHORTEST = 4
"""Letters of a verb without its ending."""
UNITS = {"EUR": "eur|euros?|€", "USD": r"usd|dollars?|\$", "GBP": "gbp|pounds?|£", "CHF": "chf|franken|francs?"}
NUMBER, UNIT = r"(?:\d{1,3}(?:[ .,']\d{3}){1,3}|\d{1,9})(?:[.,]\d{2})?", "|".join(UNITS.values())
AMOUNT = re.compile(rf"(?<![\w.,#-])(?:({NUMBER}) ?({UNIT})|({UNIT}) ?({NUMBER}))(?!\w|[.,]\d)")
CENTS = re.compile(r"[.,](\d\d)\Z")


def repeats(said: Sequence[str], text: str) -> bool:
    """Whether words, folded, are the beginning of a call's `text`, or an id that stands in it, or both."""
    of_call = WORD.findall(text)
    before_ids = {word for word, then in itertools.pairwise(of_call) if AN_ID.fullmatch(then)}
    deed, *_ = [word for word in of_call if word not in FILLERS] or [""]
    left_out = FILLERS | before_ids - {deed}
    mine = [_bare(word) for word in said if word not in left_out]
    theirs = [_bare(word) for word in of_call if word not in left_out]
    if not mine:
        return False
    ids = {_bare(word) for word in of_call if AN_ID.fullmatch(word)}
    begins = mine[:-1] if mine[-1] in ids else mine
    return theirs[: len(begins)] == begins


def says_deed(said: Sequence[str], text: str) -> bool:
    """Whether words, folded, are no more than the verb of a call's `text`, as one tells somebody to do it: "remboursez-moi"."""
    of_call = [word for word in WORD.findall(text) if word not in FILLERS]
    last = [word for word in of_call[-1:] if word.endswith(AT_THE_END)]
    verbs = {plain_letters(word) for word in (*of_call[:1], *last) if word.isalpha()}
    verb, *rest = [plain_letters(part) for word in said for part in word.split("-")] or [""]
    forms = {form for one in verbs for form in _told_to(one)}
    if any(word.endswith("é") for word in said):
        return False  # it was done already
    return (verb in forms or any(verb.removesuffix(it) in forms for it in BEHIND_VERB)) and {*rest} <= OBJECTS


def _told_to(verb: str) -> Iterator[str]:
    """A verb, in plain letters, as it stands and as one tells somebody to do it."""
    for ending, others in ENDINGS.items():
        begin = verb.removesuffix(ending)
        if begin != verb and len(begin) >= SHORTEST:
            yield from (f"{begin}{one}" for one in (ending, *others.split()))


def says_amount(said: Sequence[str], text: str) -> bool:
    """Whether words, folded, are the amount that a call's `text` names, in its currency, where it names one and no other."""
    named = {_amount(found) for found in AMOUNT.finditer(text)}
    found = AMOUNT.fullmatch(" ".join(said))
    return found is not None and named == {_amount(found)}


def _amount(found: re.Match[str]) -> tuple[str, str, str]:
    """Its whole units, its cents, and its currency."""
    number, unit = found[1] or found[4], found[2] or found[3]
    cents = CENTS.search(number)
    whole = "".join(c for c in (number[: cents.start()] if cents else number) if c.isdigit())
    return (
        whole.lstrip("0"),
        cents[1] if cents else "00",
        next(code for code, form in UNITS.items() if re.fullmatch(form, unit)),
    )


def _bare(word: str) -> str:
    return word.lstrip("#") or word
