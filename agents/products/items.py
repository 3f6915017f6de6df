"""Which items of an order the customer's words name.

An item is a line of get_order_details: item_id, product_id, name, options, price.
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.products.options import mentions
from agents.products.spoken import LOOKED_AT, WEAK, spoken_words, tokens
from agents.requests.reading import read

Item = Mapping[str, Any]
EVERYTHING = re.compile(
    r"\beverything\b|\b(?:whole|entire|complete|full) (?:order|purchase|thing|lot|delivery)\b"
    r"|\ball (?:of )?(?:the |my )?items\b|\b(?:every|each)(?: single)? (?:item|product|article|thing|one)\b",
    re.IGNORECASE,
)
ALL = re.compile(
    r"\bboth\b|(?<!that's )(?<!that’s )(?<!that is )(?<!at )(?<!after )\ball\b(?! the best| good| right)"
    r"|\b(?:return|send back|exchange)(?: the| my| this)? order\b",
    re.IGNORECASE,
)
"""Words for everything that may also belong to one name, as in both kettles."""
EXCEPT = re.compile(
    r"(?:\b(?:except|but not|but keep|apart from|other than|not the|excluding|excepting|with the exception of|without the|"
    r"(?:(?<=everything )|(?<=everything, )|(?<=all )|(?<=all of it )|(?<=all items )|(?<=items )|(?<=order ))but)\b|"
    r"\bkeep(?:ing)?\b)[^.;,\n]*",
    re.IGNORECASE,
)
ALL_BUT = re.compile(
    r"\b(?:except|apart from|other than|excluding|with the exception of|without the|the (?:other|rest|remaining))\b", re.I
)
"""What leaves something out of an order, and so speaks of all else in it."""
HOW_MANY = {"both": 2, "two": 2, "2": 2, "three": 3, "3": 3}
ONE_OF = re.compile(r"\b(?:one of|only one|just one|a single one)\b", re.IGNORECASE)


CAME_WITH = re.compile(
    r"\b(?:came|come|arrived|received|got|bought|ordered|delivered|sent|shipped)(?: it| them| that)?(?: together| along"
    r"| in one order| in the same (?:order|parcel|package|box))? (?:with|as)\b[^.;,!?\n]*?(?=\band\b|\bfor\b|[.;,!?\n]|$)",
    re.IGNORECASE,
)
"""In "the lamp that came with the rug" what stands behind it: it tells the order, and nothing is asked for it."""


@dataclass(frozen=True)
class Named:
    """`items` are meant for sure; of `unclear` ones the words fit several, so that only a question helps."""

    items: tuple[Item, ...] = ()
    unclear: tuple[Item, ...] = ()


def named_items(text: str, items: Sequence[Item]) -> Named:
    """The items that the text names by id or name, "everything except the kettle" too. Empty where it names none."""
    said = read(text[:LOOKED_AT])
    asked, left = said.asking, said.left_alone
    wanted = without_company(EXCEPT.sub(" ", asked or said.text), items)
    found = found_in(wanted, items)
    kept = found_in(" ".join([left, *(m[0] for m in EXCEPT.finditer(asked))]), items)
    left_out = kept and ALL_BUT.search(f"{left} {asked}")
    if EVERYTHING.search(wanted) or ((ALL.search(wanted) or left_out) and not found):
        return Named(tuple(item for item in items if item not in kept))
    return sorted_out(wanted, found)


def without_company(text: str, items: Sequence[Item]) -> str:
    """The text without the items that others only came with; as it is where it names no others."""
    left = CAME_WITH.sub(" ", text)
    return left if left != text and found_in(left, items) else text


def found_in(text: str, items: Sequence[Item]) -> list[Item]:
    """Every item whose id, product id or name occurs, unless another one fits all of its words and more."""
    ids = [item for item in items if item["item_id"] in text or item.get("product_id", item["item_id"]) in text]
    if ids:
        return ids
    names = [tokens(item["name"]) for item in items]
    spoken = spoken_words(text, (word for name in names for word in name))
    known = {*spoken, *(a + b for a, b in itertools.pairwise(spoken))}
    matched = [name_words(name, known) for name in names]
    return [item for item, own in zip(items, matched, strict=True) if own and not any(own < other for other in matched)]


def name_words(name: Sequence[str], spoken: set[str]) -> frozenset[str]:
    """The words of a name that were spoken; "powerbank" speaks both words of a power bank."""
    found = {word for word in name if word in spoken}
    for first, second in itertools.pairwise(name):
        if first + second in spoken:
            found |= {first, second}
    telling = {word for word in found if len(word) > 1} - WEAK  # the "t" of "don't" names no T-shirt
    return frozenset(found) if telling else frozenset()


def sorted_out(text: str, found: Sequence[Item]) -> Named:
    """Of several pieces of one name, those that the options in the text describe; a plural means all of them."""
    sure: list[Item] = []
    unclear: list[Item] = []
    for name in dict.fromkeys(item["name"] for item in found):
        pieces = [item for item in found if item["name"] == name]
        end = cheaper_or_dearer(text)
        if end and len(pieces) > 1 and all("price" in item for item in pieces):
            pieces = [item for item in pieces if item["price"] == end(one["price"] for one in pieces)]
        else:
            pieces = described(text, pieces) or pieces
        alike = all(item["item_id"] == pieces[0]["item_id"] for item in pieces)
        many = how_many(text, name)
        if many and many < len(pieces):
            (sure if alike else unclear).extend(pieces[:many] if alike else pieces)
        elif len(pieces) > 1 and (ONE_OF.search(text) or not is_plural(text, name)):
            (sure if alike else unclear).extend(pieces[:1] if alike else pieces)
        else:
            sure += pieces
    return Named(tuple(sure), tuple(unclear))


def described(text: str, pieces: Sequence[Item]) -> list[Item]:
    """The pieces of which a text names most options; empty where it names none of any."""
    scores = [sum(mentions(text, k, v, ()) for k, v in item["options"].items()) for item in pieces]
    most = max(scores, default=0)
    return [item for item, score in zip(pieces, scores, strict=True) if score == most] if most else []


DEARER = re.compile(r"\bthe (?:more expensive|most expensive|priciest|pricier|costlier|dearer|dearest)\b", re.IGNORECASE)
CHEAPER = re.compile(
    r"\bthe (?:cheaper|cheapest|less expensive|least expensive)\b(?! (?:option|version|variant))", re.IGNORECASE
)


def cheaper_or_dearer(text: str) -> Callable[..., Any] | None:
    """What finds the price of the piece that a text means by it: `max` for "the pricier one", `min` for "the cheaper one"."""
    return max if DEARER.search(text) else min if CHEAPER.search(text) else None


def how_many(text: str, name: str) -> int | None:
    """So many pieces of that name are spoken of, where a number stands before it: "both plain plugs"."""
    last = re.escape(name.split()[-1].lower())
    found = re.search(rf"\b(both|two|2|three|3)\b(?: (?!and\b)\w+){{0,3}}? {last}e?s\b", text, re.IGNORECASE)
    return HOW_MANY[found[1].lower()] if found else None


def is_plural(text: str, name: str) -> bool:
    last = name.split()[-1].lower()
    return bool(re.search(rf"\b(?:both|all|two|2|three|3)\b|\b{re.escape(last)}e?s\b", text, re.IGNORECASE))


OF_EACH = re.compile(r"\b(?:their|them|both|each|all)\b", re.IGNORECASE)
"""Words of a clause that speaks of all items named up to it: "the kettle and the mat, both in blue"."""


def clauses_for(text: str, items: Sequence[Item]) -> list[str]:
    """For each item the part of the text that speaks of it; all of the text where there is only one item."""
    if len(items) < 2:
        return [text for _ in items]
    parts: list[list[str]] = [[] for _ in items]
    speaking: list[int] = []
    named: list[int] = []
    for clause in re.split(r"[,;.\n]\s|\band\b(?! dust)", text):
        here = [i for i, item in enumerate(items) if found_in(clause, [item])]
        named += [i for i in here if i not in named]
        speaking = here or speaking
        everybody = list(range(len(items))) if EVERYTHING.search(clause) else named if OF_EACH.search(clause) else []
        for i in everybody or speaking:
            parts[i].append(clause)
    return [" , ".join(part) for part in parts]
