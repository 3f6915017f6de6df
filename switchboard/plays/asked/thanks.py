"""Messages that are thanks and nothing else: they want nothing, and open nothing again."""

import re
from functools import cache

from switchboard.characters import plain_letters
from switchboard.reading.languages import languages

WORD = re.compile(r"[^\W_]+|[^\w\s.,;:!¡'’()-]")
"""A word, or a sign that may mean something, such as a face."""
FRIENDLY = "\U0001f44d\U0001f64f❤\ufe0f\U0001f600\U0001f601\U0001f603\U0001f604\U0001f60a\U0001f642"
MOST_WORDS, MOST_CHARACTERS = 20, 400


def only_thanks(text: str) -> bool:
    """Whether a message is thanks, with what is polite beside them, in any language that has words for it, and nothing else."""
    said = WORD.findall(plain_letters(text.lower()).replace("ß", "ss")) if len(text) <= MOST_CHARACTERS else []
    if "?" in text or len(said) > MOST_WORDS:
        return False
    thanks, beside = _words()
    return not thanks.isdisjoint(said) and all(word in thanks or word in beside or word in FRIENDLY for word in said)


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """What gives thanks, and what is polite beside it, in all languages together."""
    known = languages().values()
    return frozenset().union(*(one.thanking for one in known)), frozenset().union(*(one.beside_thanks for one in known))
