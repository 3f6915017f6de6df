"""Which variant of a product the customer wishes for: by its options, its price, or its place in the list that they were shown.

What is said later mends what was said before it. Variants are those of get_product_details, by item id.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.products.degrees import Degree, by_degrees, degrees_in, without_degrees
from agents.products.items import Item, clauses_for, found_in
from agents.products.options import BIGGER, SMALLER, Wish, mentions, one_step, options_spoken, rank, wish_for
from agents.products.preferences import preferences, preferred
from agents.products.spoken import tokens
from agents.requests.clauses import words_on
from switchboard.declare.transcript import View

INFINITIVE = "".join(
    rf"(?<!\b{word} )"
    for word in (
        "like", "want", "wants", "wanted", "need", "needs", "wish", "love", "prefer", "hoping", "hope", "able", "going", "you",
        "me", "us", "possible", "try", "trying", "have", "how", "about", "decided", "happy", "best", "got",
    )
)  # fmt: skip
"""Not behind these words: in "I want to dim the lamp" the "to" begins no wish."""
TO_WISH = (
    rf"(?:\b(?:for|into|against)|{INFINITIVE}\bto)\b"
    r"(?!\s+(?:exchange|change|swap|replace|switch|trade|get|have|return|be|do|my (?:account|order)|order|#))"
)
WISH_PART = re.compile(rf"{TO_WISH}((?:[^.!?;,\n]|(?<=\d)[.,](?=\d))*?)(?=\band\b|[,.!?;\n]|$)", re.IGNORECASE)
"""In "exchange the plug for one with meter" what stands after "for": it names no item of the order."""
WISH_SENTENCE = re.compile(rf"{TO_WISH}((?:[^.!?\n]|(?<=\d)\.(?=\d))*)", re.IGNORECASE)
"""The same to the end of its sentence, with what stands behind a comma: "for a size L, in ochre"."""
AFTER_ALL = re.compile(r"\b(?:no|not|after all|rather|instead|actually|keep|same|stays?|sorry|prefer)\b", re.IGNORECASE)
NO_MATTER = re.compile(
    r"\bany\b|\bwhatever\b|\bwhichever\b|\beither way\b|\bor not\b|\bno preference\b"
    r"|(?:n['’]t|\bnot|\bnever) (?:really |much )?(?:care|mind|matter)\b"
    r"|\ball the same\b|\b(?:is|are) (?:all )?(?:fine|ok|okay) (?:either way|too)\b",
    re.IGNORECASE,
)
"""A clause in which an option is said to be of no matter."""
CLAUSES = re.compile(r"[,;.!?\n]\s|\s(?:but|and)\s|\s[-–—]\s", re.IGNORECASE)
CHEAPEST = re.compile(r"\b(?:cheapest|least expensive|most affordable|lowest[- ]pric(?:ed?|ing)|lowest cost)\b", re.IGNORECASE)
DEAREST = re.compile(r"\b(?:most expensive|priciest|dearest|highest[- ]pric(?:ed?|ing))\b", re.IGNORECASE)
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
PLACE = re.compile(
    rf"\b(?:(?P<word>{'|'.join(PLACES)}|last)|(?:option|number|no\.?|nr\.?|#) ?(?P<number>\d{{1,2}}))\b(?!:)", re.IGNORECASE
)
SHORT = 10
"""Words of an answer that may be a place in a list and nothing else."""


def wishes_in(
    view: View, order_id: str, chosen: Sequence[Item], variants: Sequence[Mapping[str, Any]], *, same: bool
) -> list[Wish]:
    """The wish for each of the items of an order. An answer that names none of them is about the first that is still open."""
    opening, *answers = said(view)
    parts = [[clause] for clause in clauses_for(words_on(opening, order_id), chosen)]
    for answer in answers:
        named = [clauses_for(answer, chosen) if found_in(answer, [item]) else [] for item in chosen] if len(chosen) > 1 else []
        if any(named):
            for part, clause in zip(parts, clauses_for(answer, chosen), strict=True):
                part += [clause] if clause else []
            continue
        places = list(zip(parts, chosen, variants, strict=True))
        still_open = [place for place in places if wished(place[0], *place[1:], same=same).is_open]
        spoken_of = [place for place in places if speaks_of(answer, place[1]["options"], place[2])]
        meant = [place for place in still_open if place in spoken_of]
        if not meant:
            meant = spoken_of if len(spoken_of) == 1 else still_open
        (meant[0][0] if meant else parts[0]).append(answer)
    return [wished(part, item, options, same=same) for part, item, options in zip(parts, chosen, variants, strict=True)]


def speaks_of(answer: str, current: Mapping[str, str], variants: Mapping[str, Any]) -> bool:
    """Whether an answer names values of the options of an item, its own or others."""
    return options_spoken(answer, current, variants) != {} or bool(named_again(answer, current, variants))


def said(view: View) -> list[str]:
    """What the matter began with, and each answer to a question of this agent; an answer of several lines may be cut."""
    if not view.questions or not view.latest or view.text == view.latest:
        return [view.text]
    lines = view.text.removesuffix(view.latest).rstrip("\n").split("\n")
    first = max(1, len(lines) - (view.questions - 1))
    return ["\n".join(lines[:first]), *lines[first:], view.latest]


def wished(texts: Sequence[str], item: Item, variants: Mapping[str, Any], *, same: bool = False) -> Wish:
    """The variant that is wished for instead of an item, in what was said of it: an opening, and the answers after it."""
    current = item["options"]
    by_id = [key for text in texts for key in variants if key in text and key != item["item_id"]]
    if by_id:
        return Wish(by_id[-1]) if variants[by_id[-1]]["available"] else Wish(sold_out=True)
    asked = asked_in(texts, current, variants)
    if asked is None:
        return Wish()
    spoken, kept = asked.spoken, asked.kept
    had = {key: variant for key, variant in variants.items() if variant["available"] and key != item["item_id"]}
    fitting = {k: v for k, v in had.items() if all(v["options"].get(key) == value for key, value in {**kept, **spoken}.items())}
    if asked.degrees:
        fitting = by_degrees(asked.degrees, current, fitting)
    answer = texts[-1] if len(texts) > 1 else ""
    if not (spoken or asked.degrees) and is_best_already(texts[-1], item, fitting, variants):
        return Wish(stays=True)
    by_name = by_price(texts, preferred(asked.best, fitting)) or (by_place(answer, had) if answer and not spoken else "")
    if by_name:
        return Wish(by_name)
    if asked.degrees or asked.best:
        return of_degree(asked, current, fitting, in_answer=bool(answer))
    has_size = any(rank(value) is not None and rank(current[key]) is not None for key, value in spoken.items())
    if spoken and not has_size and any(BIGGER.search(text) or SMALLER.search(text) for text in texts):
        return one_step(" , ".join(texts), {**current, **spoken}, had)
    if not spoken and answer and AFTER_ALL.search(answer) and named_again(answer, current, variants):
        return Wish(stays=True)  # "no, the red one after all" is the one that they have
    if not spoken:
        return wish_for(" , ".join(map(without_free, texts)), current, variants, same=same)
    return nearest(current, spoken, asked.free, variants, fitting if answer else {})


@dataclass(frozen=True)
class Asked:
    """What is said of the options of an item, by option: values `spoken` of, the item's own to be `kept`, `degrees`, the
    values that are `best` in their order, and the options that are `free`, of no matter.
    """

    spoken: Mapping[str, str]
    kept: Mapping[str, str]
    degrees: Mapping[str, Degree]
    best: Mapping[str, Sequence[str]]
    free: frozenset[str]


def asked_in(texts: Sequence[str], current: Mapping[str, str], variants: Mapping[str, Any]) -> Asked | None:
    """What the texts say of the options, the later ones instead of the earlier; None where one names several values."""
    spoken, kept, degrees, best = dict[str, str](), dict[str, str](), dict[str, Degree](), dict[str, Sequence[str]]()
    several = False
    free = frozenset(key for text in texts for key in current if is_free(text, key))
    for number, text in enumerate(map(without_free, texts)):
        degrees_here = degrees_in(text, current, variants)
        text = without_degrees(text)
        best_here = preferences(text, current, variants)
        others = {key: value for key, value in current.items() if key not in best_here}
        here = spoken_in(text, others, variants)
        several = here is None or (several and not (here or best_here or degrees_here))
        own = {key for key in others if says_same(text, key)}
        again = named_again(text, others, variants) if number else set()
        says_which = (
            number == 1 and len(again) > 1 and not AFTER_ALL.search(text)
        )  # "the 15-inch one with 32 GB" is what they have
        own |= again - spoken.keys() if says_which else again
        kept |= {key: current[key] for key in own - (here or {}).keys()}
        degrees_here = {key: d for key, d in degrees_here.items() if key not in {**(here or {}), **best_here}}
        for key in (*(here or ()), *own, *degrees_here, *best_here):
            for before in (spoken, degrees, best):
                before.pop(key, None)
        for key in (*(here or ()), *degrees_here, *best_here):
            kept.pop(key, None)
        spoken, degrees, best = spoken | (here or {}), degrees | degrees_here, best | best_here
    return None if several else Asked(spoken, kept, degrees, best, free)


def of_degree(asked: Asked, current: Mapping[str, str], fitting: Mapping[str, Any], *, in_answer: bool) -> Wish:
    """The one variant of those `fitting` that is the same in all that is not spoken of; in an answer to the list of all that
    there is, the only one that is wished for.
    """
    said = {*asked.spoken, *asked.degrees, *asked.best, *asked.free}
    same = {
        k: v for k, v in fitting.items() if all(v["options"].get(key) == own for key, own in current.items() if key not in said)
    }
    for pool in (same, fitting if in_answer else {}):
        found = list(preferred(asked.best, pool))
        if len(found) == 1:
            return Wish(found[0])
    return Wish()


def is_best_already(text: str, item: Item, fitting: Mapping[str, Any], variants: Mapping[str, Any]) -> bool:
    """Whether an item is the cheapest or dearest already, where that is what the newest words on it want."""
    cheap, dear = CHEAPEST.search(text), DEAREST.search(text)
    own = item.get("price", variants.get(item["item_id"], {}).get("price"))
    prices = [v["price"] for v in fitting.values()]
    return (
        own is not None
        and bool(cheap) != bool(dear)
        and (own <= min(prices, default=own) if cheap else own >= max(prices, default=own))
    )


LONGEST_NAME = 60
"""Characters of the name of an option that are looked at."""
STAYS = r" (?:as it is|stays?(?: the same)?|(?:to )?(?:be|remain|stay)s?(?: the)? same|unchanged)\b"


def says_same(text: str, key: str) -> bool:
    """Whether the option is to stay as it is: "the same size", "keep the colour", "with the size unchanged"."""
    words = key[:LONGEST_NAME].split()
    name = "|".join(re.escape(word) for word in (" ".join(words), *words[:1], *words[-1:]))
    return bool(
        re.search(rf"\b(?:same|keep(?:ing)?(?: the| my| its)?)(?: \w+)? (?:{name})s?\b|\b(?:{name}){STAYS}", text, re.I)
    )


def nearest(
    current: Mapping[str, str],
    spoken: Mapping[str, str],
    free: Iterable[str],
    variants: Mapping[str, Any],
    fitting: Mapping[str, Any],
) -> Wish:
    """The variant that differs as it was said and in nothing else, but for what is of no matter; in an answer to the list of
    all that there is (`fitting`), the only one that fits what was said.
    """
    kept = {**current, **spoken}
    exact = [key for key, v in variants.items() if v["options"] == kept]
    available = [key for key in exact if variants[key]["available"]]
    if available:
        return Wish(available[0]) if len(available) == 1 else Wish()
    bound = {key: value for key, value in kept.items() if key not in free or key in spoken}
    loose = [
        key for key, v in variants.items() if v["available"] and all(v["options"].get(k) == value for k, value in bound.items())
    ]
    for found in (loose if len(bound) < len(kept) else [], list(fitting)):
        if len(found) == 1:
            return Wish(found[0])
    return Wish(sold_out=bool(exact))


def spoken_in(text: str, current: Mapping[str, str], variants: Mapping[str, Any]) -> dict[str, str] | None:
    """The options that a text names as wished for: what stands after "for" or "to" says it best. None where it
    names several."""
    every = options_spoken(text, current, variants)
    for part in (WISH_SENTENCE, WISH_PART):
        after = " , ".join(part.findall(text))
        if after.strip() and (found := options_spoken(after, current, variants)):
            return found
    return every


def named_again(text: str, current: Mapping[str, str], variants: Mapping[str, Any]) -> set[str]:
    """The options of which a text names the item's own: "the red one after all"."""
    values = {key: [v["options"].get(key, "") for v in variants.values()] for key in current}
    return {key for key in current if mentions(text, key, current[key], values[key])}


def is_free(text: str, key: str) -> bool:
    """Whether a clause says that this option is of no matter: "any colour", "waterproof or not"."""
    names = {*tokens(key), "option", "spec", "feature", "detail", "rest"}
    return any(NO_MATTER.search(clause) and names & set(tokens(clause)) for clause in CLAUSES.split(text))


def without_free(text: str) -> str:
    """A text without the clauses that say what is of no matter."""
    clauses = [clause for clause in CLAUSES.split(text) if NO_MATTER.search(clause)]
    for clause in clauses:
        text = text.replace(clause, " ")
    return text


def by_price(texts: Sequence[str], had: Mapping[str, Any]) -> str:
    """The id of the cheapest or dearest variant, where the newest of the texts that speak of that want it, or of the one whose
    price an answer names; empty where there is no such one.
    """
    for text in texts[1:][-1:]:
        named = [key for key, v in had.items() if re.search(rf"(?<![\d.,]){v['price']:.2f}(?!\d)", text.replace(",", ""))]
        if len(named) == 1:
            return named[0]
    for text in reversed(texts):
        cheap, dear = CHEAPEST.search(text), DEAREST.search(text)
        if had and bool(cheap) != bool(dear):
            end = (min if cheap else max)(v["price"] for v in had.values())
            found = [key for key, v in had.items() if v["price"] == end]
            return found[0] if len(found) == 1 else ""
    return ""


def by_place(answer: str, had: Mapping[str, Any]) -> str:
    """The id of the variant at the place in the list that an answer names; empty where it names none, or several."""
    found = list(PLACE.finditer(answer))
    if len(found) != 1 or len(answer.split()) > SHORT:
        return ""
    word, keys = (found[0]["word"] or "").lower(), list(had)
    place = int(found[0]["number"]) - 1 if found[0]["number"] else len(keys) - 1 if word == "last" else PLACES.index(word)
    return keys[place] if 0 <= place < len(keys) else ""
