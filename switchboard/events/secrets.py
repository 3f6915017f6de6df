"""Keys, tokens and passwords in a text that leaves this machine: what looks like one is left out, rather once too often."""

import re
from collections.abc import Iterable

SECRET = "[secret]"
SHORTEST_KNOWN = 8
"""Characters of a secret that is known as such: a shorter one stands in every other word."""
PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:sk|pk|rk|gsk|whsec|hf|npm|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[a-z]|r8|dop_v1|shpat|pplx|xai|nvapi)[-_]"
    r"|AKIA|ASIA|AIza|ya29\.|eyJ|SG\.)[\w.-]{8,}"
)
"""As those who give out keys begin them, so that they are found."""
SCHEMES = re.compile(r"\b(Bearer|Basic|Token)\s{1,3}[\w.~+/=-]{8,}", re.IGNORECASE)
NAMES = (
    r"pass(?:wor[dt]|wd|phrase|code)|(?<![A-Za-z])(?:pass|pwd?|pin)(?![A-Za-z])|kennwort|geheimnis|mot\s{1,2}de\s{1,2}passe|"
    r"contrase(?:ñ|n|n\u0303)a|secret|secreto|token|api.?key|access.?key|private.?key|authorization|cookie|credential|zugangsdaten"
)
NAMED_SECRET = re.compile(NAMES, re.IGNORECASE)
"""What fields are called that hold one, and what people call it in the languages that are spoken here."""
NAMED = re.compile(
    rf"({NAMES})"
    r"""(["']?\s{0,3}(?:[:=]|\b(?:is|ist|lautet|est|es)\b)\s{0,3})"""
    r"""("(?:[^"\\\n]|\\.){1,400}"?|'(?:[^'\\\n]|\\.){1,400}'?|[^\s"',;&<>]{1,400})""",
    re.IGNORECASE,
)
IN_URL = re.compile(r"://[^\s/@]{1,200}@")
PEM = re.compile(r"-----BEGIN [A-Z ]{0,40}KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}KEY-----|\Z)")
RANDOM = re.compile(r"[A-Za-z0-9+/=]{20,}")
"""A word that long with digits in it is nobody's."""


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """The text without what looks like a secret, and without those that are `known`."""
    for secret in known:
        if len(secret) >= SHORTEST_KNOWN:
            text = text.replace(secret, SECRET)
    text = PEM.sub(SECRET, text)
    text = IN_URL.sub(f"://{SECRET}@", text)
    text = SCHEMES.sub(rf"\1 {SECRET}", text)
    text = NAMED.sub(_left_out, text)
    text = PREFIXED.sub(SECRET, text)
    return RANDOM.sub(lambda word: SECRET if is_random(word[0]) else word[0], text)


def _left_out(found: re.Match[str]) -> str:
    """The name of a secret, and in its place, between the same signs, none."""
    value = found[3]
    begins = value[0] if value[0] in "\"'" else ""
    ends = begins if value[1:].endswith(begins) else ""
    return f"{found[1]}{found[2]}{begins}{SECRET}{ends}"


def is_random(word: str) -> bool:
    digits = sum(character.isdigit() for character in word)
    return 2 <= digits < len(word)
