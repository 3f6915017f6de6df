"""Words that are glad and words that are not."""

import re

GLAD = re.compile(
    r"\b(?:good|great|glad|happy|happi\w+|love[ds]?|lovely|excellent|thank\w*|quick\w*|friendly|perfect\w*|pleas(?:ed|ant)\w*|"
    r"recommend\w*|wonderful\w*|amazing\w*|awesome|nice\w*|beautiful\w*|brilliant\w*|fantastic\w*|delight\w*|enjoy\w*|"
    r"helpful\w*|impress(?:ed|ive)\w*|delicious|best|better|superb|like[ds])\b",
    re.I,
)
SORRY = re.compile(
    r"\b(?:bad(?:ly)?|poor(?:ly)?|late|slow\w*|broken?|broke|sad(?:ly)?|angry|hate[ds]?|terribl\w*|awful\w*|disappoint\w*|rude|"
    r"fail\w*|horribl\w*|nasty|worst|worse|useless|boring|dirty|annoy\w*|frustrat\w*|upset\w*|unhapp\w*|unfriendly|wrong|"
    r"disgusting|dreadful\w*|lousy|waste[ds]?)\b",
    re.I,
)
NOT = {"not", "no", "never", "hardly", "nothing", "without"}
FILLING = {"so", "very", "really", "too", "that", "at", "all", "a", "an", "the", "any"}


def is_denied(before: str) -> bool:
    """Whether the words before another one deny it: "not very", "isn't a"."""
    words = re.findall(r"[\w'’]+", before.lower())
    while words and words[-1] in FILLING:
        words.pop()
    return bool(words) and (words[-1] in NOT or words[-1].replace("’", "'").endswith("n't"))
