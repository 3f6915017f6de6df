"""Arithmetic in words and signs, as an expression for the calculator."""

import re

LOOKED_AT = 2000
"""Characters of a message in which a sum is looked for."""
NUMBER = r"\d{1,3}(?:,\d{3}){1,9}(?:\.\d{1,30})?|\d{1,30}(?:\.\d{1,30})?"
WORDS = (
    (r"\bdivided by\b|\bover\b(?=\s*\d)", "/"),
    (r"\b(?:multiplied by|times)\b", "*"),
    (r"\bplus\b|\badded to\b", "+"),
    (r"\bminus\b", "-"),
    (r"\bto the power of\b|\^", "**"),
    (r"\bsquared\b", "** 2"),
    (r"\bcubed\b", "** 3"),
    (r"(?<=\d)\s*[x×]\s*(?=[\d(])", " * "),
    (r"÷", "/"),
)
PERCENT = re.compile(rf"(?<!\d)({NUMBER})\s{{0,9}}(?:%|percent|per cent)\s+of\s+[$€£]?({NUMBER})", re.IGNORECASE)
LISTED = re.compile(
    rf"\b(?:sum of|add(?: up)?|total of)\b\D{{0,12}}((?:{NUMBER})(?:(?:\s*,\s+(?:and\s+)?|\s+and\s+)(?:{NUMBER}))+)",
    re.I,
)
SPLIT = re.compile(
    rf"\b(?:split|share|divide)\s+[$€£]?({NUMBER})\D{{0,30}}?\b(?:between|among|by|into)\s+({NUMBER})", re.IGNORECASE
)
SIGNED = re.compile(r"(?:-|(?<![(\s]))[(\s]*\d[\d.,]{0,40}(?:[\s()]*(?:\*\*|[-+*/])[\s(]*(?:-\s*)?\d[\d.,]{0,40})+[\s)]*")
MORE = re.compile(
    r"\d|%|(?<!\w)[-+*/^=]\s*(?=\w)|\*\*|\b(?:half|halved?|thirds?|quarters?|double|twice|triple|root|percent|per|each|off|average|"
    r"mean|median|then|less|more|discount|tax|vat|round(?:ed)?|modulo|remainder|factorial|log(?:arithm)?|sine?|cosine?)\b",
    re.IGNORECASE,
)
"""What belongs to a sum, or may, and stands beside what was understood of it."""
NOT_ARITHMETIC = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\b\d{3}-\d{3,4}(?:-\d{4})?\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\+\d{6,}|#\S+")


def expression_in(text: str) -> str:
    """The sum that a text asks for, such as "3 + 4 * 2"; empty where there is none, and where the text says more of it than is
    understood ("half of 30 plus 2"). Dates and phones are none.
    """
    text = NOT_ARITHMETIC.sub(" ", " ".join(text[:LOOKED_AT].split()))
    text = PERCENT.sub(lambda found: f" ({plain(found[1])} / 100 * {plain(found[2])}) ", text)
    text = SPLIT.sub(lambda found: f" ({plain(found[1])} / {plain(found[2])}) ", text)
    text = LISTED.sub(lambda found: f" ({' + '.join(plain(number) for number in re.findall(NUMBER, found[1]))}) ", text)
    for pattern, sign in WORDS:
        text = re.sub(pattern, f" {sign} ", text, flags=re.IGNORECASE)
    text = re.sub(r"[$€£]", "", text)
    match = SIGNED.search(text)
    if match is None or MORE.search(f"{text[: match.start()]} {text[match.end() :]}"):
        return ""
    return bare(balanced(" ".join(match[0].split()).rstrip(".,")))


def bare(expression: str) -> str:
    """The expression without brackets around the whole of it, and without blanks inside of brackets."""
    expression = expression.replace("( ", "(").replace(" )", ")")
    whole = expression.startswith("(") and expression.find(")") == len(expression) - 1
    return expression[1:-1].strip() if whole else expression


def plain(number: str) -> str:
    return number.replace(",", "")


def balanced(expression: str) -> str:
    """The expression without a bracket that the sentence around it opened or closed."""
    if expression.count("(") > expression.count(")") and expression.startswith("("):
        return expression[1:].strip()
    if expression.count(")") > expression.count("(") and expression.endswith(")"):
        return expression[:-1].strip()
    return expression
