"""What a text says of a calculation: whether it is so, and whether it is called what was calculated."""

import re
from collections.abc import Iterator

from switchboard.declare.transcript import as_json
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import NUMBER, value_of
from switchboard.grounding.tongues.tongue import Tongue, listed
from switchboard.grounding.wording import begun, plain, words

SIGNS = {
    "+": "plus added+to and mas",
    "-": "minus less menos moins",
    "*": "times x × mal fois por multiplied multiplying multipliziert multiplie multiplicado product",
    "/": "divided ÷ dividing geteilt divise dividido entre",
}
SIGN = {
    word.replace("+to", " to") if "+to" in word else word: sign
    for sign, names in SIGNS.items()
    for word in (sign, *names.split())
}
NUMERAL = rf"(?<![\w.,])(?:[$€£]\s?)?({NUMBER.pattern})"
UNIT = r"\s{0,2}(?:[^\W\d_]{1,7}[²³]?|[$€£%])?\s{0,2}"
BY = r"(?:\s?(?:by|durch|par|por|to|a)\b)?\s{0,2}"
INFIX = "|".join(
    re.escape(one) for one in sorted(SIGN, key=len, reverse=True) if one not in ("and", "product", "multiplying", "dividing")
)
IS = r"(?:=|is|are|equals?|makes?|gives?|comes? to|ist|sind|ergibt|ergeben|macht|est|font|fait|es|son|da)\s{0,2}"
STATED = re.compile(rf"{NUMERAL}{UNIT}({INFIX}){BY}{NUMERAL}{UNIT},?\s{{0,2}}{IS}{NUMERAL}", re.IGNORECASE)
TURNED = re.compile(rf"{NUMERAL}{UNIT}{IS}{NUMERAL}{UNIT}({INFIX}){BY}{NUMERAL}", re.IGNORECASE)
OF_ONE = re.compile(rf"\b(half|double|twice) (?:of )?{NUMERAL}{UNIT}{IS}{NUMERAL}", re.IGNORECASE)
OF_TWO = re.compile(
    rf"\b(sum|product|difference|average|mean|quotient) (?:of|between) {NUMERAL}{UNIT}and {NUMERAL}{UNIT}{IS}{NUMERAL}",
    re.IGNORECASE,
)
DOES = {"multiplying": "*", "dividing": "/", "adding": "+", "multiply": "*", "divide": "/", "add": "+"}
DOING = re.compile(
    rf"\b({'|'.join(DOES)}) {NUMERAL}{UNIT}(?:by|and|to|with) {NUMERAL}{UNIT},?\s{{0,2}}(?:and you get |to get |{IS}){NUMERAL}",
    re.IGNORECASE,
)
OF = {"sum": "+", "product": "*", "difference": "-", "quotient": "/"}
CALLED = re.compile(
    r"\b(?:the|its|die|der|das|la|le|el) ([^\W\d_]{3,30})(?: of [^.=]{0,60}?)? (?:is|are|equals|ist|est|es|=)", re.IGNORECASE
)
"""What a number is said to be."""
IN_SUMS = listed(
    "pay paid buy sum product total result times multiply multiplied multiplying divide divided dividing plus minus add added "
    "adding subtract make makes give gives equal equals come comes cost costs each per unit named took length width answer "
    "calculation works dollars dollar usd square cubic"
)
"""Words that say how something was calculated, and not what it is."""


def wrong_sum(text: str) -> str | None:
    """The first calculation in a text that does not come out."""
    for match, one, sign, other, result in _calculations(plain(text)):
        left, right, said = (float(value_of(number)) for number in (one, other, result))
        exact = {"+": left + right, "-": left - right, "*": left * right, "m": (left + right) / 2}.get(sign)
        exact = (left / right if right else None) if exact is None else exact
        decimals = len(value_of(result).partition(".")[2])
        if exact is None or abs(abs(exact) - said) > 0.51 * 10**-decimals:
            return match[0][:80]
    return None


def _calculations(text: str) -> Iterator[tuple[re.Match[str], str, str, str, str]]:
    for match in STATED.finditer(text):
        if not re.search(r"[\d)]\s?[-+*/x×÷]\s?$", text[: match.start()]):
            yield match, match[1], SIGN[match[2].lower()], match[3], match[4]
    for match in TURNED.finditer(text):
        if not re.match(r"\s?[-+*/x×÷]\s?\d", text[match.end() :]):
            yield match, match[2], SIGN[match[3].lower()], match[4], match[1]
    for match in DOING.finditer(text):
        yield match, match[2], DOES[match[1].lower()], match[3], match[4]
    for match in OF_ONE.finditer(text):
        yield match, match[2], "/" if match[1].lower() == "half" else "*", "2", match[3]
    for match in OF_TWO.finditer(text):
        yield match, match[2], OF.get(match[1].lower(), "m"), match[3], match[4]


def calls_it_otherwise(evidence: Evidence, sentence: str, tongue: Tongue) -> str | None:
    """What a sentence calls a number that was calculated, and neither the call nor the customer does."""
    if not tells_a_sum(evidence, sentence):
        return None
    calls = [e for e in evidence.results if e.tool in evidence.computes]
    known = {
        begun(w) for e in calls for w in words(plain(f"{e.tool} {as_json(e.arguments)} {as_json(e.result)}".replace("_", " ")))
    }
    known |= evidence.customer_words | evidence.told_words | set(map(begun, tongue.polite | tongue.light | IN_SUMS))
    said = (begun(match[1].lower()) for match in CALLED.finditer(plain(sentence)))
    return next((word for word in said if word not in known), None)


def tells_a_sum(evidence: Evidence, sentence: str) -> bool:
    """Whether a sentence tells a number that was calculated in this case, and nobody gave."""
    found = {
        n for e in evidence.results if e.tool in evidence.computes for n in map(value_of, NUMBER.findall(as_json(e.result)))
    }
    given = {n for e in evidence.results for n in map(value_of, NUMBER.findall(as_json(e.arguments)))}
    return bool((found - given) & {value_of(n) for n in NUMBER.findall(plain(sentence))})
