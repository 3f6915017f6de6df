"""What a message leaves alone: its clauses that keep something, praise it or rule it out, so that no deed is about it.

The deeds are a project's: `deeds` is the form of the words that ask for one.
"""

import re
from functools import lru_cache

LOOKED_AT = 5_000
"""Characters of a message that are looked at."""
CUT = re.compile(r"(?<=[.!?;\n])\s|\n|,\s|\s[-–—]\s|\s(?=(?:but|and|though|while|except|so)\s)", re.IGNORECASE)
LEADING = re.compile(r"^\W*(?:(?:and|but|so|though|while|please|just|only|also)\b\W*)*", re.IGNORECASE)
KEEPS = re.compile(
    r"\b(?:keep(?:ing)?|hold(?:ing)? on to|hang(?:ing)? on to)\b(?! \w+ing\b)"
    r"|\bleav(?:e|ing) (?:the|my|it|that|this|order|#\w+)\b[^.]{0,40}?\b(?:alone|as (?:it|they) (?:is|are)|untouched)\b"
    r"|^\W*(?:please |just )?leave (?:the|my) (?:\w+ ){0,2}\w+\W*$",
    re.IGNORECASE,
)
RULED_OUT = re.compile(
    r"^(?:not|except|excluding|apart from|other than)\b (?!sure|yet|now|only|needed|wanted|happy|working)", re.IGNORECASE
)
PRAISE = re.compile(
    r"\b(?:i|we)(?:['’]m| am| are|['’]re)? (?:really |just |absolutely |very |so )?"
    r"(?:love|loved|adore|happy with|pleased with|delighted with|glad about)\b"
    r"|\b(?:is|are|was|were) (?:really |just |absolutely |very |so )?"
    r"(?:great|perfect|lovely|fine|wonderful|excellent|beautiful|okay|ok)\b"
    r"|\bfits? (?:well|perfectly|great|nicely)\b",
    re.IGNORECASE,
)
WISHES = re.compile(r"\b(?:i|we)(?: would|['’]d)? (?:love|like) to\b", re.IGNORECASE)


@lru_cache(512)
def parted(text: str, deeds: re.Pattern[str]) -> tuple[str, str]:
    """The clauses of a text that something may be asked in, and those that leave alone what they speak of."""
    asking, leaving, at = list[str](), list[str](), 0
    text = text[:LOOKED_AT]
    for cut in [*CUT.finditer(text), None]:
        clause, mark = text[at : cut.start() if cut else len(text)], cut[0] if cut else ""
        if leaves_alone(clause, deeds):
            leaving.append(clause.strip())
        else:
            asking.append(clause + mark)
        at = cut.end() if cut else len(text)
    return "".join(asking).strip(), " , ".join(leaving)


def leaves_alone(clause: str, deeds: re.Pattern[str]) -> bool:
    """Whether a clause keeps, praises or rules out what it names. One that asks for something leaves nothing alone."""
    said = LEADING.sub("", clause)
    if RULED_OUT.match(said):
        return not deeds.search(said)
    if WISHES.search(said):
        return False
    return bool(KEEPS.search(said) or PRAISE.search(said)) and not deeds.search(said)
