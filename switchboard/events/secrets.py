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
SCHEMES = re.compile(r"\b(Bearer|Basic|Token|Digest|ApiKey|Negotiate)\s{1,3}[\w.~+/=-]{8,}", re.IGNORECASE)
NAMES = (
    r"pass(?:wor[dt]|wd|phrase|code)|(?<![A-Za-z])(?:pass|pwd?|pin)(?![A-Za-z])|kennwort|geheimnis|mot\s{1,2}de\s{1,2}passe|"
    r"contrase(?:ñ|n|n\u0303)a|secret|secreto|token|api.?key|access.?key|private.?key|authorization|cookie|credential|zugangsdaten|"
    r"session.?id|signature|(?<![A-Za-z])(?:sig|otp|jwt|cv[cv]2?)(?![A-Za-z])"
)
NAMED_SECRET = re.compile(NAMES, re.IGNORECASE)
"""What fields are called that hold one, and what people call it in the languages that are spoken here."""
NAMED = re.compile(
    rf"({NAMES})"
    r"""(["']?\s{0,3}(?:[:=]|\b(?:is|ist|lautet|est|es)\b)\s{0,3})"""
    r"""("(?:[^"\\\n]|\\.){1,400}"?|'(?:[^'\\\n]|\\.){1,400}'?|[^\s"',;&<>]{1,400})""",
    re.IGNORECASE,
)
BESIDE = re.compile(
    r"""\b(pass(?:wor[dt]|wd|code)|kennwort|contraseña|pin|cv[cv]2?|otp|key)((?:\s{1,3}(?:is|ist|lautet|est|es)|\s?[:=])?\s{1,3})"""
    r"""(?=[^\s\d"',;&<>]{0,40}\d)[^\s"',;&<>]{3,400}""",
    re.IGNORECASE,
)
"""One that only stands behind its name, with a digit in it, since words do, too."""
COOKIE = re.compile(r"\b((?:set-)?cookie\s?:\s?)[^\n]{1,4000}", re.IGNORECASE)
IN_URL = re.compile(r"://[^\s/@]{1,200}@")
PEM = re.compile(r"-----BEGIN [A-Z ]{0,40}KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}KEY-----|\Z)")
OTHERWISE = r"[\w.+'-]{1,64}(?:%40|\uff20|&#64;|&commat;| {1,2}@ {1,2}| ?[\[(]at[\])] ?)|\"[^\"\n]{1,64}\"@"
ADDRESS = re.compile(rf"(?<![\w.+'-])(?:{OTHERWISE})[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,8}}\.[A-Za-z]{{2,24}}", re.IGNORECASE)
"""An e-mail address that is not written as most are, so that `masking` does not see it."""
RANDOM = re.compile(r"[A-Za-z0-9+/=]{20,}")
"""A word that long with digits in it is nobody's."""
LONG = 32
"""Characters of one that is none either with a single digit, where it has capitals and others."""


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """The text without what looks like a secret, and without those that are `known`."""
    for secret in known:
        if len(secret) >= SHORTEST_KNOWN:
            text = text.replace(secret, SECRET)
    text = PEM.sub(SECRET, text)
    text = IN_URL.sub(f"://{SECRET}@", text)
    text = ADDRESS.sub(SECRET, text)
    text = COOKIE.sub(rf"\1{SECRET}", text)
    text = SCHEMES.sub(rf"\1 {SECRET}", text)
    text = NAMED.sub(_left_out, text)
    text = BESIDE.sub(rf"\1\2{SECRET}", text)
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
    is_mixed = len(word) >= LONG and word.upper() != word != word.lower()
    return (1 if is_mixed else 2) <= digits < len(word)
