"""What a text says of a thing among those beside it: that it is the cheapest, that all are so, what several cost together."""

from collections.abc import Sequence

from switchboard.grounding.things.reading import BOTH, Group, Reading
from switchboard.grounding.things.records import Fact, Thing
from switchboard.grounding.tongues.tongue import listed
from switchboard.grounding.wording import folded

TOGETHER = listed("together zusammen ensemble juntos")
CHEAPEST = listed("cheapest gunstigste billigste barata barato")


def wrong_among_all(reading: Reading) -> str | None:
    """A superlative of another one, or what some are that all are said to be."""
    said = {folded(token[0]) for token in reading.tokens}
    for group in reading.groups:
        siblings = [one for one in reading.family.things if one.parent and one.parent in {t.parent for t in group.things}]
        lower = _least(siblings) < _least(group.things)
        if CHEAPEST & said and lower and len(reading.groups) == 1 and not reading.tongue.denials & said:
            return "the cheapest"
        if BOTH & _before(reading, group) and group.complement and 0 < len(group.things) < len(siblings):
            return reading.text[group.start : group.end]
    return None


def is_their_total(reading: Reading, fact: Fact, things: Sequence[Thing]) -> bool:
    """Whether an amount that several things are said to cost together is not that of one of them."""
    said = {folded(token[0]) for token in reading.tokens}
    several = len({thing for thing in things if thing.parent}) > 1
    one_alone = any(thing.parent and fact in thing.own for thing in things)
    return not (fact[0] == "cents" and TOGETHER & said and several and one_alone)


def _least(things: Sequence[Thing]) -> int:
    return min((value for thing in things for kind, value in thing.own if kind == "cents"), default=0)


def _before(reading: Reading, group: Group) -> set[str]:
    return {folded(token[0]) for token in reading.tokens if token.end() <= group.start}
