"""What a message leaves alone: its clauses that keep something, praise it or rule it out, so that no deed is about it.

The deeds are a project's: `deeds` is the form of the words that ask for one.
"""

import re
from dataclasses import dataclass, replace

from switchboard.reading.tongues import MONTH, Tongue, folded, folded_form, tongue_of, with_verbs

LOOKED_AT = 5_000
"""Characters of a message that are looked at."""
CUT = re.compile(
    r"(?<=[.!?;\n])\s|\n|,\s|\s[-–—]\s|\s(?=(?:but|and|though|while|except|so|apart from|other than|excluding)\s)",
    re.IGNORECASE,
)
LEADING = re.compile(r"^\W*(?:(?:and|but|so|though|while|please|just|only|also)\b\W*)*", re.IGNORECASE)
KEEPS = re.compile(
    r"\b(?:keep(?:ing)?|hold(?:ing)? on to|hang(?:ing)? on to)\b(?! \w+ing\b)"
    r"|\bstay(?:s|ing)? (?:with (?:me|us)|here|where (?:it is|they are))\b"
    r"|\bleav(?:e|ing) (?:the|my|it|that|this|order|#\w+)\b[^.]{0,40}?\b(?:alone|as (?:it|they) (?:is|are)|untouched)\b"
    r"|^\W*(?:please |just )?leave (?:the|my) (?:\w+ ){0,2}\w+\W*$",
    re.IGNORECASE,
)
RULED_OUT = re.compile(
    r"^(?:not|except|excluding|apart from|other than)\b (?!sure|yet|now|only|needed|wanted|happy|working)", re.IGNORECASE
)
ALL = re.compile(r"\b(?:every(?:thing| one)?|all|both|each|anything|the rest|nothing)\b[^.!?]{0,30}$", re.IGNORECASE)
SAID_OF_THE_REST = re.compile(
    r"\s(?=(?:should|must|shall|can|could|may|might|will|would|is|are|has|have|needs?|goes|go)\b(?! (?:i|you|we)\b))",
    re.IGNORECASE,
)
"""Where "everything except the lamp" ends, and goes on with what is said of everything."""
PRAISE = re.compile(
    r"\b(?:i|we)(?:['’]m| am| are|['’]re)? (?:really |just |absolutely |very |so )?"
    r"(?:love|loved|adore|happy with|pleased with|delighted with|glad about)\b"
    r"|\b(?:is|are|was|were) (?:really |just |absolutely |very |so )?"
    r"(?:great|perfect|lovely|fine|wonderful|excellent|beautiful|okay|ok)\b"
    r"|\bfits? (?:well|perfectly|great|nicely)\b",
    re.IGNORECASE,
)
GOES_ON = re.compile(r"^\W*(?:and\W+)?(?:(?:it|they|that|which|this) )?(?:stays?|keeps?|is|are|fits?)\b", re.IGNORECASE)
"""A clause on what the one before it names: "the lamp is new, and stays with me"."""
WISHES = re.compile(r"\b(?:i|we)(?: would|['’]d)? (?:love|like) to\b", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A clause, text[start:end], and `mark`, what stands between it and the next one."""

    text: str
    start: int
    mark: str
    left_alone: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def parts_of(text: str, deeds: re.Pattern[str], language: str = "en") -> tuple[Part, ...]:
    """The clauses of a text, those in which something may be asked and those that leave alone what they speak of."""
    found, at = list[Part](), 0
    text = text[:LOOKED_AT]
    if tongue := tongue_of(language):
        return _parts_in(text, deeds, language, tongue)
    for cut in [*CUT.finditer(text), None]:
        clause, mark = text[at : cut.start() if cut else len(text)], cut[0] if cut else ""
        of_all = bool(found) and ALL.search(found[-1].text) and RULED_OUT.match(LEADING.sub("", clause))
        goes_on = SAID_OF_THE_REST.search(clause) if of_all else None
        if goes_on:
            found.append(Part(clause[: goes_on.start()], at, " ", True))
            clause, at = clause[goes_on.end() :], at + goes_on.end()
        alone = leaves_alone(clause, deeds)
        if alone and found and GOES_ON.match(clause) and not deeds.search(found[-1].text):
            found[-1] = replace(found[-1], left_alone=True)
        found.append(Part(clause, at, mark, alone))
        at = cut.end() if cut else len(text)
    return tuple(found)


def leaves_alone(clause: str, deeds: re.Pattern[str]) -> bool:
    """Whether a clause keeps, praises or rules out what it names. One that asks for something leaves nothing alone."""
    said = LEADING.sub("", clause)
    if RULED_OUT.match(said):
        return not deeds.search(said)
    if WISHES.search(said):
        return False
    return bool(KEEPS.search(said) or PRAISE.search(said)) and not deeds.search(said)


def _parts_in(text: str, deeds: re.Pattern[str], language: str, tongue: Tongue) -> tuple[Part, ...]:
    """The same in another language than English, by its closed lists."""
    read, at, found = folded(text, language), 0, list[Part]()
    cuts = re.finditer(rf"(?<=[.!?;\n])\s(?!(?<=\d\.\s){MONTH})|\n|,\s|\s[-–—]\s|\s(?={tongue.cut.pattern})", read.text)
    for cut in [*cuts, None]:
        start, end = (cut.start(), cut.end()) if cut else (len(read.text), len(read.text))
        first = read.places[at] if found else 0  # what is no letter may stand before the first that is read
        last, then = read.places[start], read.places[end]
        alone = _leaves_alone(read.text[at:start], folded_form(deeds.pattern, language), language, tongue)
        found.append(Part(text[first:last], first, text[last:then], alone))
        at = end
    return tuple(found)


def _leaves_alone(clause: str, deeds: re.Pattern[str], language: str, tongue: Tongue) -> bool:
    said = without_leading(clause, tongue)
    names = deeds.search(with_verbs(said, language))
    if tongue.ruled_out.match(said):
        return not names
    return bool(tongue.keeps.search(said) or tongue.praise.search(said)) and not names


def without_leading(clause: str, tongue: Tongue) -> str:
    """A clause in folded letters without the words that lead into it."""
    said = clause.lstrip(" ¿¡,.-")
    while found := tongue.leading.match(said):
        said = said[found.end() :].lstrip(" ,")
    return said
