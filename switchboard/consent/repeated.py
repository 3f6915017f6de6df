"""What a yes may say again of the call that was read back: the words with which it begins, and an id. Nothing from its middle.

"Yes, cancel order #A12" says no more than yes. "Yes, the door mat" picks a part of it, "Yes, red" the old one of two, and
"Yes, 90 USD" a piece of a number: all of these stand in the question, and none of them is a yes to it.
"""

import itertools
import re
from collections.abc import Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORD = re.compile(r"#?\w+(?:['’-]\w+)*(?:[.,]\d+)*|[$€£%]")
"""A word, a number with all of its digits, or a sign that says what a number is."""
AN_ID = re.compile(r"#\w+|[a-z_]+-?\d{4,}")
FILLERS = _words("the a an my our of all it this that in for der die das le la les el los las un une una")
"""What is left out where a call is named by its deed: "cancel my order" of "Cancel all of order #A12"."""


def repeats(said: Sequence[str], text: str) -> bool:
    """Whether words, folded, are the beginning of a call's `text`, or an id that stands in it, or both."""
    of_call = WORD.findall(text)
    before_ids = {word for word, then in itertools.pairwise(of_call) if AN_ID.fullmatch(then)}
    deed, *_ = [word for word in of_call if word not in FILLERS] or [""]
    left_out = FILLERS | before_ids - {deed}
    mine = [_bare(word) for word in said if word not in left_out]
    theirs = [_bare(word) for word in of_call if word not in left_out]
    if not mine:
        return False
    ids = {_bare(word) for word in of_call if AN_ID.fullmatch(word)}
    begins = mine[:-1] if mine[-1] in ids else mine
    return theirs[: len(begins)] == begins


def _bare(word: str) -> str:
    return word.lstrip("#") or word
