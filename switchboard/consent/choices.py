"""Which of several calls that were read back as a numbered list an answer chooses: "only 1", "the first one", "both".

Closed lists of words in English, German, French and Spanish, as for a yes: an answer with any word beside them chooses nothing.
"""

from collections.abc import Mapping, Sequence

from switchboard.reading.words import words_of

PLACES = tuple(
    words_of(forms)
    for forms in (
        "first 1st erste ersten erster erstes premier première primero primera primer",
        "second 2nd zweite zweiten zweiter zweites deuxième seconde segundo segunda",
        "third 3rd dritte dritten dritter drittes troisième tercero tercera tercer",
        "fourth 4th vierte vierten vierter viertes quatrième cuarto cuarta",
        "fifth 5th fünfte fünften fünfter fünftes cinquième quinto quinta",
    )
)
"""How a place in the list is named, beside its number."""
ONLY = words_of("only just nur bloß lediglich seulement uniquement juste solo sólo solamente únicamente")
BESIDE = words_of("""
    the one ones number please thanks thank you and
    der die das den dem nummer nr bitte danke und
    le la les numéro s'il vous plaît plait merci et
    el los las número por favor gracias y
""")
"""What may stand beside a place and changes nothing."""
OF_TIME = words_of("second seconde segundo segunda")
ITS_PLACE = words_of("the la le el die das der den dem only solo sólo")
"""What must stand before a place that is a moment, too: "one second" chooses nothing."""
TWO = words_of("both beide beides ambos ambas")
TWO_OF_THEM = ("les deux", "los dos", "las dos")
ALL_OF_THEM = ("all of them", "all of it", "all of these")
AND = words_of("and und et y")
TO_ALL = BESIDE | words_of("of them these tous toutes")


def chosen(said: Sequence[str], agreed: frozenset[str], texts: Sequence[frozenset[str]]) -> frozenset[int] | None:
    """The places, from 1, that the words of an answer choose; None where they choose nothing, or it is not plain what.

    `agreed` are the words that may stand beside a choice because the answer also says yes. `texts` are the words of each
    call: a word that chooses one call and stands in the text of another chooses nothing.
    """
    if everything := _everything(said, agreed, len(texts)):
        return everything
    named = {word: place for word in said if (place := _place(word))}
    rest = {*said} - named.keys() - ONLY - BESIDE - agreed
    if rest or not named or _says_more(said, named) or max(named.values()) > len(texts):
        return None
    if any(word in text for word, place in named.items() for n, text in enumerate(texts, start=1) if n != place):
        return None
    return frozenset(named.values())


def _says_more(said: Sequence[str], named: Mapping[str, int]) -> bool:
    """Whether words for places are a moment, a range, an order or a share: "one second", "1 to 2", "2 first", "1 of 2"."""
    digits = [word.isdecimal() for word in said if word in named]
    at = next((n for n, word in enumerate(said) if word in named), 0)
    between = {*said[at:]} & {"to", "of", "de"} or (sum(not one for one in digits) > 1 and not AND & {*said[at:]})
    is_moment = any(word in OF_TIME and not {*said[max(0, n - 1) : n]} & ITS_PLACE for n, word in enumerate(said))
    return bool(between) or is_moment or len({*digits}) > 1


def _everything(said: Sequence[str], agreed: frozenset[str], calls: int) -> frozenset[int] | None:
    text = " ".join(said)
    two = calls == 2 and (bool(TWO & {*said}) or any(phrase in text for phrase in TWO_OF_THEM))
    if not two and not any(phrase in text for phrase in ALL_OF_THEM):
        return None
    rest = {*said} - TWO - TO_ALL - agreed - {word for phrase in (*TWO_OF_THEM, *ALL_OF_THEM) for word in phrase.split()}
    return None if rest else frozenset(range(1, calls + 1))


def _place(word: str) -> int | None:
    if word.isascii() and word.isdecimal() and len(word) <= 2:
        return int(word) or None
    return next((n for n, forms in enumerate(PLACES, start=1) if word in forms), None)
