"""What a message names beside the items that a call takes: other items of the customer, and things that are none of theirs.

An item is a line of get_order_details. Whatever is named is in the call or told to the customer, who may take it for done.
"""

import itertools
import re
from collections.abc import Sequence

from agents.products.items import EXCEPT, Item, found_in, name_words, without_company
from agents.products.spoken import LOOKED_AT, tokens
from agents.requests.reading import read

SENTENCE_ENDS = re.compile(r"[.!?;:\n]")
LINKS = re.compile(r",|&|\b(?:and|plus|as well as)\b", re.IGNORECASE)
"""What joins the things of a list."""
THING = re.compile(
    r"(?:^|\b(?:return|exchange|swap|replace|change|refund|back|want|need|have) )"
    r"(?:also |both |just )?(?:the|my|our) ((?:[^\W\d_]{2,20}[ -]){0,2}[^\W\d_]{3,20})$",
    re.IGNORECASE,
)
"""A part of a list that is nothing but a thing, with the verb before the first one."""
NO_THINGS = frozenset(
    tokens(
        "order parcel package delivery purchase shipment goods stuff content "
        "rest other others remainder money refund difference price cost payment balance card "
        "gift paypal visa mastercard amex account address one same item thing product receipt invoice tracking number size "
        "colour type model version option style material lot whole everything cheapest same name email zip code first second "
        "last new old usual default home present box label warranty reason time day week today that them it this which what who"
    )
)
"""Words of what is no thing that could have been ordered."""
LONGEST_PART = 80
WISHED = re.compile(
    r"\b(?:return|exchange|swap|replace|change|refund|send back) (?:the|my|our|an?) "
    r"((?:[^\W\d_]{2,20}[ -]){0,2}?[^\W\d_]{3,20})"
    r"(?=\s(?:in|from|of|for|to|that|which|because|as|with|i|it|they|please)\b|[.,!?;\n]|\s?#|\s*$)",
    re.IGNORECASE,
)
"""One thing for which a deed is asked."""


def beside(text: str, every: Sequence[Item], taken: Sequence[Item]) -> list[Item]:
    """The items that the words ask something for and that are not taken; none of those whose name a taken one shares."""
    said = read(text[:LOOKED_AT])
    wanted = without_company(EXCEPT.sub(" ", said.asking or said.text), every)
    left = found_in(said.left_alone, every)
    spoken = set(tokens(wanted))  # as they are written: "make" is put right to a maker only where nothing else is meant
    spoken |= {a + b for a, b in itertools.pairwise(tokens(wanted))}
    heard = frozenset[str]().union(*(name_words(tokens(item["name"]), spoken) for item in taken))
    mine = {item["name"] for item in (*taken, *left)}
    return [i for i in found_in(wanted, every) if i["name"] not in mine and name_words(tokens(i["name"]), spoken) - heard]


def missing(text: str, every: Sequence[Item]) -> list[str]:
    """What a list names beside items of the customer and is none of them: the trumpet of "the kettle and the trumpet"."""
    said = read(text[:LOOKED_AT])
    options = {word for item in every for pair in item["options"].items() for one in pair for word in tokens(one)}
    found: list[str] = []
    for sentence in SENTENCE_ENDS.split(EXCEPT.sub(" ", said.asking or said.text)):
        parts = [part.strip()[:LONGEST_PART] for part in LINKS.split(sentence)]
        if len(parts) > 1 and any(found_in(part, every) for part in parts):
            found += [thing for part in parts if (thing := thing_in(part, every, options))]
    return list(dict.fromkeys(found))


def not_there(text: str, every: Sequence[Item]) -> str:
    """The one thing for which a deed is asked and that is none of these items, in the customer's words; else empty."""
    wished = WISHED.search(text[:LOOKED_AT])
    if not wished or found_in(text, every):
        return ""
    options = {word for item in every for pair in item["options"].items() for one in pair for word in tokens(one)}
    return thing_in(f"the {wished[1]}", every, options)


def thing_in(part: str, every: Sequence[Item], options: set[str]) -> str:
    """The thing that a part of a list is, in the customer's words; empty where it is an item of theirs, or no thing."""
    named = THING.search(part)
    if not named or found_in(part, every) or {*NO_THINGS, *options}.intersection(tokens(named[1])):
        return ""
    return named[1].lower()
