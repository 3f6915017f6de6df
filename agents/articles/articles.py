"""From search results to an answer: the passage that fits the question best, and the part of it that answers, cited."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agents.requests.numbers import ANY_ORDER, MAYBE
from agents.requests.reading import read
from agents.routing.elsewhere import not_offered
from switchboard.declare.moves import Call
from switchboard.declare.transcript import CallResult, View
from switchboard.reading.facts.details import LOOKED_AT
from switchboard.search.index import STRONG
from switchboard.search.passages import Excerpt
from switchboard.search.words import terms

SEARCH = "search_articles"
MOST_QUERY_WORDS = 12
MOST_STEPS = 8
FEW_POINTS = 4
"""Points of a list that are told together, whichever of them was asked for."""
AROUND_A_QUESTION = """
    ago already bought dear evening guys last latest month months morning ordered purchased question questions recently
    restarted since still suddenly team today tonight tomorrow twice week weeks yesterday bit lot right something seems
    shop store wondering curious hope kindly anymore longer properly correctly currently actually basically happens
    happened happening fernhill sell selling sold offer tell long show shows showing hey hi policy policies rule rules possible
    allowed"""
CHATTER = frozenset(AROUND_A_QUESTION.split())
"""Words that no article is about: each of them would make a good match look weak."""
CALLED = {
    "espresso": "coffee", "bulb": "lamp", "bulbs": "lamp", "bicycle": "bike", "ebike": "bike", "loudspeaker": "speaker",
    "wlan": "wifi", "coupon": "promo", "coupons": "promo", "voucher": "promo", "canada": "abroad",
    "europe": "abroad", "uk": "abroad", "mexico": "abroad", "overseas": "abroad", "internationally": "abroad",
}  # fmt: skip
"""What customers call otherwise than the articles do."""
SOMETHING_IS_WRONG = """
    work works working worked broken broke break problem problems issue issues trouble wrong help fix repair defective
    faulty fault device product item thing support error errors stopped stop fails failed failing malfunction bad"""
VAGUE = frozenset(SOMETHING_IS_WRONG.split())
NEGATED = re.compile(
    r"\b(?:not|no|never|cannot|cant|wont|doesnt|fail(?:s|ed|ing)?|stopped|unable|unreachable|without|dead|short|lost)\b|n['’]t\b",
    re.IGNORECASE,
)
STEP = re.compile(r"\d{1,2}\. ")
PRICE = re.compile(
    r"\b(?:how much|prices?|costs?|fees?|expensive|cheap\w*|charges? for|(?:do|will|would|does) (?:you|they) charge)\b",
    re.IGNORECASE,
)
PRICE_WORDS = frozenset(["price", "prices", "cost", "costs", "fee", "fees", "charge", "charges", "expensive"])
HOW_LONG = re.compile(r"\bhow (?:long|soon|many days|fast|late)\b|\bwhen do(?:es)?\b|\bby when\b", re.IGNORECASE)
SAYS_HOW_LONG = re.compile(r"\b\d+ (?:(?:to|-) \d+ )?(?:business )?(?:minute|hour|day|week|month|year)s?\b|\b\d+-year\b", re.I)
SAYS_PRICE = re.compile(r"[$%]|\b(?:free|prices?|costs?|fees?)\b", re.IGNORECASE)
HOW_TO = re.compile(r"\bhow (?:do|can|to|should|does)\b|\bsteps\b|\binstructions\b", re.IGNORECASE)
POINTER = re.compile(r"\bsee the (?:article|list)\b[^.]{0,200}\.\s*$", re.IGNORECASE)
BULLET = re.compile(r"[-*] ")


@dataclass(frozen=True)
class Article:
    """A passage that answers. `match` is 0.5 or more; not `sure` where customers ask for another one in such words."""

    excerpt: Excerpt
    match: float
    sure: bool = True

    @property
    def cited(self) -> str:
        return f"[{self.excerpt.citation}]"


def query_of(text: str) -> str:
    """The words of a message that say what it is about, for the search: without chatter, names, ids and addresses."""
    return read(text).once(_query)


def _query(text: str) -> str:
    facts = read(text).facts
    names = [part for name in facts.names for part in (name.first, name.last) if part]
    known = [*facts.emails, *facts.phones, *facts.item_ids, *names]
    text = text[:LOOKED_AT]
    if known:
        text = re.sub("|".join(map(re.escape, known)), " ", text, flags=re.IGNORECASE)
    text = re.sub(rf"(?:\border\s+)?(?:#\s?{MAYBE}\d+|\b{ANY_ORDER}\b)", " ", text, flags=re.IGNORECASE)
    codes = {code.lower() for code in facts.error_codes}
    words = [CALLED.get(w, w) for w in terms(text) if w not in CHATTER and (not w.isdecimal() or w in codes)]
    if PRICE.search(text):  # what it is the price of finds the article; the price within it is looked for afterwards
        words = [word for word in words if word not in PRICE_WORDS] or words
    telling = [word for word in words if word not in VAGUE] or words
    return " ".join(dict.fromkeys(telling[:MOST_QUERY_WORDS]))


def search(text: str) -> Call:
    """The search for a customer's words."""
    return Call(SEARCH, {"query": query_of(text) or "help"})


def search_remedy(text: str) -> Call:
    """The search for what helps against what is described: sections on remedies hold these words beside the symptom."""
    return Call(SEARCH, {"query": f"{query_of(text)} work reset first steps"})


def searches_for(text: str) -> list[Call]:
    """The searches that a question needs: a second one where something fails, where steps, a time or a price are asked for."""
    asked = (
        (NEGATED.search(text), "work reset first steps"),
        (HOW_TO.search(text), "open choose steps"),
        (HOW_LONG.search(text), "days"),
        (PRICE.search(text), "prices"),
    )
    further = [Call(SEARCH, {"query": f"{query_of(text)} {words}"}) for found, words in asked if found]
    return [search(text), *further]


def asked_in(view: View) -> str:
    """The words to answer: the newest message where it is a new question, else all that was written on this matter."""
    newest = view.latest
    if view.questions or not view.text.endswith(newest) or read(newest).facts.emails or read(newest).facts.zips:
        return view.text
    telling = set(query_of(newest).split()) - VAGUE
    is_new = len(telling) > 1 or (telling and read(newest).request.kind != "unknown") or read(newest).facts.shape
    return newest if is_new else view.text


def not_made(view: View, *calls: Call) -> tuple[Call, ...]:
    """Those of the calls that this agent has not made yet."""
    made = [(c.tool, dict(c.arguments)) for c in view.calls]
    return tuple(c for c in calls if (c.tool, dict(c.arguments)) not in made)


def answers_to(view: View, *calls: Call) -> list[CallResult]:
    """The results of these calls, in the order of the calls."""
    return [c for asked in calls for c in view.calls if (c.tool, dict(c.arguments)) == (asked.tool, dict(asked.arguments))]


def is_vague(text: str, results: Iterable[CallResult] = ()) -> bool:
    """Whether the words name no symptom: nothing beside a device that an article is about, and that it does not work."""
    if read(text).facts.error_codes or not (NEGATED.search(text) or VAGUE.intersection(words_of(text))):
        return False
    titles = (e["title"].split(":")[0] for call in results if call.done for e in call.result)
    about = stems(" ".join(title for title in titles if not NEGATED.search(title)))
    return not {stem(word) for word in query_of(text).split() if word not in VAGUE} - about


def article_for(results: Iterable[CallResult], question: str) -> Article | None:
    """The passage that fits best; None where every match is weak.

    The first search decides how good an article matches; later ones add further sections of articles that match well.
    """
    codes = read(question).facts.error_codes
    found: dict[str, Excerpt] = {}
    strength: dict[str, float] = {}
    for number, call in enumerate(c for c in results if c.tool == SEARCH and c.done):
        for excerpt in map(Excerpt.model_validate, call.result):
            if number == 0:
                strength[excerpt.title] = max(strength.get(excerpt.title, 0.0), excerpt.score)
            score = excerpt.score if number == 0 else strength.get(excerpt.title, 0.0)
            known = found.get(excerpt.citation)
            found[excerpt.citation] = excerpt.model_copy(update={"score": max(score, known.score if known else 0.0)})
    ours = (e for cited, e in found.items() if cited not in not_offered())  # which triage finds by itself
    answering = [e for e in ours if not PRICE.search(question) or SAYS_PRICE.search(f"{e.title} {e.text}")]
    ranked = [Article(e, strength_of(e, codes)) for e in answering]
    good = [replace(a, match=a.match + fit(a.excerpt, question)) for a in ranked if a.match >= STRONG]
    return max(good, key=lambda a: a.match) if good else None


SUBJECT = re.compile(
    r"\b(?:my|our|the|an?)\s+((?:[\w-]+\s+){0,2}?[\w-]+?)(?:['’]s)?(?:\s(?:from|of|in|on) [^.,;!?\n]{0,40}?)?\s+(?:does|do|did|"
    r"is|are|was|has|have|can|cannot|can['’]?t|won['’]?t|"
    r"will|keeps?|makes?|shows?|displays?|stopped|refuses|fails|lost|never|not)(?:n['’]?t)?\b",
    re.IGNORECASE,
)


def of_other_device(excerpt: Excerpt, question: str) -> bool:
    """Whether a question is about another device than the article: "my router" finds the speaker that needs one.

    Articles on one device name it before the colon of their title.
    """
    device, colon, _ = excerpt.title.partition(":")
    subject = SUBJECT.search(question[:LOOKED_AT])
    about = stems(subject[1]) - {stem(word) for word in VAGUE} if subject else set()
    if not colon or not about or about & stems(f"{excerpt.title} {excerpt.heading}"):
        return False
    return not stems(device.split()[-1]) & stems(question)


def strength_of(excerpt: Excerpt, codes: Sequence[str]) -> float:
    """How well a passage matches: a code decides where one is named, because another code's remedy is no help."""
    if not codes:
        return excerpt.score
    if any(names_code(excerpt.heading, code) for code in codes):
        return 1.0
    return max(excerpt.score, STRONG) if any(names_code(excerpt.text, code) for code in codes) else 0.0


def names_code(text: str, code: str) -> bool:
    """Whether a text names an error code; a bare number counts only where it is called one."""
    called = r"(?:error|code)\s" if code.isdecimal() else ""
    return bool(re.search(rf"\b{called}{re.escape(code)}\b", text, re.IGNORECASE))


def fit(excerpt: Excerpt, question: str) -> float:
    """How much better a passage is than another of equal score: it says itself what is asked for, a fault or not."""
    asked, heading = stems(query_of(question)), stems(excerpt.heading)
    whole = max(len(asked), 1)
    points = 0.4 * len(heading & asked) / max(len(heading), 1) + 0.2 * len(stems(excerpt.title) & asked) / whole
    points += 0.3 * len(stems(f"{excerpt.heading} {excerpt.text}") & asked) / whole
    points += 0.3 * bool(PRICE.search(question) and "$" in excerpt.text)
    if HOW_LONG.search(question):
        points += 0.3 * bool(SAYS_HOW_LONG.search(excerpt.text)) + 0.4 * bool(HOW_LONG.search(excerpt.heading))
    points += 0.5 * bool(HOW_TO.search(question) and STEP.search(excerpt.text))
    points -= 0.5 * bool(POINTER.search(excerpt.text))
    if NEGATED.search(question):
        return points + 0.4 * bool(NEGATED.search(excerpt.heading)) + 0.3 * (excerpt.heading == "First steps")
    return points - 0.2 * bool(NEGATED.search(excerpt.heading))


def quoted(article: Article, question: str, most: int = 3) -> str:
    """What the passage says to the question: its steps, the points that concern it, or `most` sentences; then the citation."""
    lines = [plain(line) for line in article.excerpt.text.splitlines() if line.strip()]
    steps = [line for line in lines if STEP.match(line)]
    points = [line for line in lines if BULLET.match(line)]
    asked = stems(query_of(question)) - stems(article.excerpt.title)
    if steps:
        around = [line for line in lines if line not in steps and not BULLET.match(line)]
        body = [*steps[:MOST_STEPS], *around[:2]]
    elif any(line.startswith("|") for line in lines):
        body = [*rows(lines), *(line for line in lines if not line.startswith("|"))][:6]
    elif points:
        told = [point for point in points if asked & stems(point)] if len(points) > FEW_POINTS else []
        body = told[:most] if told else lines[:6]
    else:
        body = [" ".join(telling(" ".join(lines), asked, most))]
    return "\n".join([*body, article.cited])


def telling(text: str, asked: set[str], most: int) -> list[str]:
    """At most `most` sentences in their order: those with the words that are asked for, else the first ones."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z\"0-9])", text)
    if len(sentences) <= most:
        return sentences
    first = max(range(len(sentences)), key=lambda i: (len(asked & stems(sentences[i])), -i))
    start = min(first, len(sentences) - most)
    return sentences[start : start + most]


def rows(lines: Sequence[str]) -> list[str]:
    """The rows of a Markdown table as points, without its head."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [f"- {row[0]}: {', '.join(row[1:])}" for row in cells[1:] if not set("".join(row)) <= set("-: ")]


def plain(line: str) -> str:
    """A line without Markdown emphasis, which a chat does not show."""
    return re.sub(r"\*\*(.+?)\*\*|(?<!\w)\*(\w[^*]*)\*", lambda m: m[1] or m[2], line.strip())


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def stems(text: str) -> set[str]:
    """What the telling words of a text have in common with their other forms."""
    return {stem(CALLED.get(word, word)) for word in terms(text)}


def stem(word: str) -> str:
    """A word without its ending, where enough is left: connects, connected and connecting are one."""
    return re.sub(r"(?:ings?|ed|es|s|e|y|ies|ion)$", "", word) if len(word) > 4 else word
