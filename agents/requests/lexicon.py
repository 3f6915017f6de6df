"""The words of this shop: what they stand for, and how its numbers are read."""

from functools import cache
from pathlib import Path

from agents.requests.numbers import ORDER_LIKE
from switchboard.reading.learning.features import Lexicon, lexicon_of

CONCEPTS = Path(__file__).with_name("concepts.txt")
# An order's number says "order" whether or not the customer does.
ORDER_NUMBER = (rf"(?:\border (?:number |no\.? |id )?)?{ORDER_LIKE}\b", " order num ")
# "Somebody else's parcel" and "somebody else has my parcel" are the same words, and not the same at all.
OF_ANOTHER = (
    r"\b(?:(?:some|any)(?:one|body) else|another (?:customer|person|buyer|family|man|woman)|other (?:people|customer)|"
    r"(?:a |my )?stranger|(?:a |my |the )?neighbou?r)s?['’]? ?s?"
    r"\s(?=(?:parcel|package|box|order|delivery|stuff|things|goods)s?\b)",
    " strangersown ",
)


@cache
def lexicon() -> Lexicon:
    return lexicon_of(CONCEPTS, (ORDER_NUMBER, OF_ANOTHER))


def words(text: str) -> list[str]:
    """The words of a text, in small letters, numbers as `num`."""
    return lexicon().words(text)


def features(text: str) -> dict[str, float]:
    """What is seen of a text, and how strongly, where it is compared with sentences."""
    return lexicon().features(text, frozenset())
