"""What a customer wrote, read once: the reading of the library, with what this shop's customers name and ask for."""

import re
from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache

from agents.requests.deeds import verdict, with_plain_ids
from agents.requests.facts import NO_NAMES, Facts, facts_from, ids_in
from agents.requests.lexicon import lexicon
from agents.requests.requests import KINDS, Request, RequestKind, likeliest, scored
from switchboard.reading.reading import Reading, Trade
from switchboard.reading.stance import Verdict

DEEDS = re.compile(r"\b(?:cancel|return|send (?:it|them|this) back|refund|exchange|swap|replace|change)\w*\b", re.IGNORECASE)
TRADE = Trade(ids_in, with_plain_ids, NO_NAMES, DEEDS, lexicon)
MOST_KEPT = 2048
"""Texts whose readings a process keeps: the messages of some hundred cases, with their parts."""


class Message(Reading):
    """A customer's words, or a part of them."""

    @cached_property
    def facts(self) -> Facts:
        """What they name: orders, items, payment methods, and what anybody may name."""
        return facts_from(self.details)

    @cached_property
    def scores(self) -> Mapping[RequestKind, float]:
        """How strongly they speak for each kind of request, or against it."""
        return scored(self.text)

    @cached_property
    def request(self) -> Request:
        """What they ask for."""
        return self.request_among(KINDS)

    def request_among(self, among: Collection[RequestKind]) -> Request:
        """What they ask for, of these kinds."""
        return likeliest(self.scores, self.text, among)

    def verdict(self, kind: str) -> Verdict:
        """What they say of the deed of such a request."""
        return verdict(self, kind)


@lru_cache(MOST_KEPT)
def read(text: str) -> Message:
    """The reading of a text; of the same text it is the same."""
    return Message(text, TRADE)
