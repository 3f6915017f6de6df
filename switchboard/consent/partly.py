"""A yes with something more in it: another record, a further wish, a question. It is a yes to nothing, and what it agrees to is
asked about again once the rest is settled.

Closed lists of words in English, German, French and Spanish, as for a yes.
"""

from itertools import takewhile

from switchboard.consent.answers import (
    AGREED,
    ASKING,
    NEGATIONS,
    NO,
    POLITE,
    REFUSED,
    UNFINISHED,
    WHY_NOT,
    YES,
    folded,
    stance_of,
)
from switchboard.consent.repeated import WORD
from switchboard.reading.words import words_of

OTHERWISE = NEGATIONS | words_of("lieber statt anstatt plutôt plutot place lieu mejor lugar vez")
"""Words by which an answer asks for something else in place of what was read back; "but" is one, and "but also" is none."""
BUT = words_of("but aber sondern mais pero sino")
ALSO = words_of("also too well additionally plus auch außerdem zusätzlich aussi également également también además")
IF = words_of(
    "if unless when once after before until soon wenn falls sofern sobald bevor erst si quand lorsque avant dès cuando antes"
)
TELL = words_of("""
    tell explain show know check state status sag sage sagen erklär erkläre erklären zeig zeigen wissen stand
    dis dites explique expliquez montre montrez savoir état di diga dígame dime explique muestre saber estado
""")
"""What asks to be told something, and not that it is done."""
AGREEING = YES | POLITE | {word for phrase in AGREED for word in phrase.split()}


def behind_yes(words: str) -> str:
    """What stands behind the plain yes with which an answer begins ("and B-2 as well"), folded; empty where there is none."""
    text = folded(words)
    run = list(takewhile(lambda word: word[0] in AGREEING, WORD.finditer(text)))
    while run and run[-1][0] in UNFINISHED:
        run.pop()
    end = run[-1].end() if run else 0
    is_yes = bool(run) and not text[end:].lstrip().startswith("?") and stance_of(text[:end]) == "yes"
    return text[end:].strip() if is_yes and WORD.search(text, end) else ""


def agrees_and_wants_more(words: str) -> bool:
    """Whether an answer says yes to what was read back and something beside it, which takes nothing of that back."""
    said = {*WORD.findall(behind_yes(words))}
    return bool(said) and not said & (IF | NO | (OTHERWISE - BUT if ALSO & said else OTHERWISE))


def refuses(words: str) -> bool:
    """Whether an answer that is no plain yes or no denies something, or wants it otherwise or only under a condition."""
    text = WHY_NOT.sub(" ", folded(words))
    said = {*WORD.findall(text)}
    return bool(said & (NO | OTHERWISE | IF)) or any(f" {phrase} " in f" {' '.join(WORD.findall(text))} " for phrase in REFUSED)


def wants_otherwise(words: str) -> bool:
    """Whether an answer that is no plain yes or no wants something done in place of what was read back, or beside it."""
    said = {*WORD.findall(folded(words))}
    return not ("?" in words or said & (ASKING | TELL)) and bool(behind_yes(words) or said & OTHERWISE)
