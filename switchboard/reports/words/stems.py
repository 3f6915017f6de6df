"""Words without their endings, so that what is asked meets what is said."""

from switchboard.search.words import terms

ENDINGS = (
    "ational", "ization", "fulness", "iveness", "ations", "ation", "ities", "ments", "ings", "ency", "ence", "ance", "ment",
    "ants", "ents", "ing", "ity", "ent", "ant", "ers", "ies", "ied", "ion", "ive", "er", "ed", "es", "al", "ly", "s", "e", "y",
)  # fmt: skip


def stem(word: str) -> str:
    """A word without its ending, so that "efficient" meets "efficiency", and "license" "licence"."""
    ending = next((one for one in ENDINGS if word.endswith(one) and len(word) - len(one) >= 4), "")
    short = word.removesuffix(ending)
    return f"{short[:-1]}s" if short.endswith("nc") else short


def stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in terms(text, most=400))
