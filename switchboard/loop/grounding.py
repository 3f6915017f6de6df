"""Whether what an agent tells a customer is carried by what was done and found in the run."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import Entry, ResultEntry, as_json
from switchboard.declare.vocabulary import Deed, Vocabulary
from switchboard.loop.state import Run, written
from switchboard.money import cents, cents_in, first_unfounded, money_in, percentages, spelled, stated

ADVERBS = r"(?:(?:just|now|already|also|successfully|hereby|then|fully) )*"
GAP = r"(?:[^.!?,;]|(?<=\d)[.,](?=\d)){0,60}?"
PROCESSED = (
    rf"(?:is on (?:its|the) way|went (?:out|through)|(?:is|was|(?:has|have) {ADVERBS}been)(?: now)?(?: being)? {ADVERBS}"
    r"(?:issued|processed|sent|shipped|completed?|done|confirmed|saved|initiated)"
    r"|est en (?:route|cours)|a été effectuée?|está en camino|(?:ha sido|fue) procesado|ist unterwegs|(?:ist|wurde) veranlasst)"
)
SET_GOING = "issued|processed|sent|arranged|initiated|completed|made"


@lru_cache
def says(deed: Deed) -> re.Pattern[str]:
    """What claims a deed. `promise`, `us` and `now` (which may also be a general rule) are judged each in its way."""
    other = rf"(?:{deed.elsewhere})\b(?! werden)"
    ours = rf"{deed.done}|(?:{SET_GOING}) (?:you )?(?:an?|the|your|this|that) (?:[\w$.]+ ){{0,2}}(?:{deed.noun})"
    return re.compile(
        rf"(?P<promise>\bi(?:['’]ll| will| am going to|['’]m going to) {ADVERBS}(?:{deed.to_do})\b)"
        rf"|(?P<us>\b(?:i|we)(?:['’]ve| have| had)? {ADVERBS}(?:gone ahead and |went ahead and )?(?:{ours})\b"
        rf"|\b(?:habe|haben|ai|avons|he|hemos)\b {GAP}{other}|\b(?:{deed.elsewhere}) (?:habe|haben)\b)"
        rf"|(?P<now>(?:\b(?:is|are)|['’]s) {ADVERBS}(?:{deed.done})\b)"
        rf"|(?:\b(?:is|are) {ADVERBS}being|\b(?:was|were)|(?:\b(?:has|have)|['’]s) {ADVERBS}been) {ADVERBS}(?:{deed.done})\b"
        rf"|\b(?:wurden?|ist|sind|est|sont|été|ha sido|han sido|está|están|fue|fueron)\b {GAP}{other}"
        rf"|\b(?:{deed.elsewhere}) wurden?\b"
        rf"|\b(?:{deed.noun}|{deed.nouns_elsewhere})\b{GAP}\b{PROCESSED}\b",
        re.IGNORECASE,
    )


ALL_DONE = re.compile(r"^\W*(?:all (?:done|set)|(?:it|that)(?:['’]s| is) (?:all )?done)\b", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?])\s+|[\n;]+")
DENIED = re.compile(
    r"(?:\b(?:nothing|none|no|never|not|nicht|nichts|kein\w*|pas|rien|aucune?|nada|ning[uú]n\w*)\b|\bn['’])[^.!?,;]*$",
    re.IGNORECASE,
)
AT_ONCE = re.compile(
    r"\b(?:once|when|if|after|before|unless|until|as soon as|wenn|sobald|nachdem|si|cuando)\s+$", re.IGNORECASE
)
EARLIER = re.compile(r"\b(?:earlier|previously|ago|last|on \w+ \d|on \d|in \d{4})", re.IGNORECASE)
ONE_PERSON = re.compile(r"(?:i|habe|ai|he)\b", re.IGNORECASE)
TWICE = re.compile(r"\s*(?:\w+ )?(?:twice|two times)\b", re.IGNORECASE)


class Hedges(NamedTuple):
    """What makes a sentence no claim: a condition in it, in the clause before, or right behind; or that it tells a rule."""

    conditional: re.Pattern[str]
    same_clause: re.Pattern[str]
    then_conditional: re.Pattern[str]
    general: re.Pattern[str]


@lru_cache
def hedges(vocabulary: Vocabulary) -> Hedges:
    condition = (
        r"\b(?:if|(?<!at )once|when|whenever|after|before|unless|until|as (?:long|soon) as|would|(?:can|could|will|may|must) be"
        rf"|{vocabulary.conditions}|wenn|falls|sobald|nachdem|bevor|si|quand|lorsque|dès que|une fois|cuando|una vez)\b"
    )
    rule = rf"^\W*(?:any|every|each|{vocabulary.rules})\b|\b(?:usually|normally|always|generally|typically|only)\b"
    then = rf"(?:(?! and )[^,;:]){{0,30}}?(?:{condition}|\bwithin\b)"
    return Hedges(*(re.compile(text, re.IGNORECASE) for text in (condition, rf"{condition}[^,:]*$", then, rule)))


def unsupported(run: Run, text: str) -> str | None:
    """The first claim in a text that nothing in the run carries: a thing done, a number of a case, or an amount; else None.

    A thing is carried by a call that was done or, unless "I" did it, by a result that mentions it ("it is
    cancelled"); a number by a result, an argument or the customer's words; an amount by these, or as `made_of` says.
    """
    heard, vocabulary = words_heard(run), run.team.vocabulary
    for claim in (deed_not_done(run, text), paid_another_amount(run, text), vocabulary.first_unknown_id(text, heard)):
        if claim:
            return claim
    counts = {int(n) for n in re.findall(r"(?<![\w.,#$€£])\d{1,2}(?![\w.,]\d|\w)", f"{text} {heard}")}
    amount = first_unfounded(stated(text, money_in(vocabulary.currency)), known_cents(run), percentages(heard), counts)
    return None if amount is None else f"an amount of {spelled(amount)}"


def deed_not_done(run: Run, text: str) -> str | None:
    """The first thing that a text says was done, or is about to be, without a call or a result that shows it."""
    changed = written(run)
    results = [e for e in run.transcript if e.kind == "result" and e.status == "done"]
    in_branches = [e.text for e in run.transcript if e.kind == "branch"]  # each was held against its own results
    for deed, _, claim in claims(run.team.vocabulary, text):
        done = " ".join(f"{e.tool} {as_json(e.result)}" for e in changed if is_confirmed(deed, e)).lower()
        found = " ".join([*(as_json(e.result) for e in results if is_confirmed(deed, e)), *in_branches]).lower()
        by_me = claim["promise"] or (claim["us"] and ONE_PERSON.match(claim[0]))
        if claim["promise"] and "?" in text:
            continue  # it says what it would do, and asks for leave
        if deed.part not in done and (by_me or not re.search(deed.evidence, found)):
            return claim[0]
    over = None if changed else ALL_DONE.search(text)
    return over[0] if over else None


def is_confirmed(deed: Deed, entry: ResultEntry) -> bool:
    """Whether a result tells of no such deed that is only set going, and not known to be done."""
    return not _holds(entry.result, deed.unconfirmed)


def _holds(value: Any, marks: Collection[tuple[str, str]]) -> bool:
    """Whether a result has one of these fields with that value, however deep."""
    if isinstance(value, Mapping):
        return any(mark in marks for mark in value.items()) or any(_holds(one, marks) for one in value.values())
    return isinstance(value, list) and any(_holds(one, marks) for one in value)


def claims(vocabulary: Vocabulary, text: str) -> Iterator[tuple[Deed, str, re.Match[str]]]:
    """Every claim of a deed, with its sentence; denials, conditions and rules are none."""
    for sentence in SENTENCE.split(text):
        for deed in vocabulary.deeds:
            if re.search(deed.about, sentence, re.IGNORECASE):
                found = says(deed).finditer(sentence)
                yield from ((deed, sentence, c) for c in found if not _only_said_of(hedges(vocabulary), sentence, c))


def _only_said_of(hedged: Hedges, sentence: str, claim: re.Match[str]) -> bool:
    """Whether a claim is denied, hangs on a condition, or tells a rule instead of what happened."""
    before = sentence[: claim.start()]
    if DENIED.search(before[-24:]) or DENIED.search(claim[0]):
        return True
    if claim["us"]:
        return bool(AT_ONCE.search(before))
    if claim["promise"]:
        return bool(hedged.conditional.search(sentence))
    if claim["now"]:
        rule = hedged.general.search(sentence) or hedged.conditional.search(before)
        return bool(rule or hedged.then_conditional.match(sentence, claim.end()))
    return bool(hedged.same_clause.search(before))


def paid_another_amount(run: Run, text: str) -> str | None:
    """An amount that a text says was paid by a deed, where such calls paid in this run and none, nor their total, is of it."""
    for deed, sentence, claim in claims(run.team.vocabulary, text):
        paid, others, told = paid_by(run, deed) if deed.pays else ([], [], set())
        allowed = {*paid, sum(paid), *others, sum(others), *(sum(paid) + one for one in others), *told}
        earlier = EARLIER.search(sentence) and not (claim["us"] and ONE_PERSON.match(claim[0]))
        if not (paid or others) or claim["promise"] or earlier:
            continue
        said = list(_said_of(sentence, claim, money_in(run.team.vocabulary.currency)))
        if said and not any(amount in allowed for amount in said):
            return f"a {deed.part} of {spelled(said[0])}"
    return None


def _said_of(sentence: str, claim: re.Match[str], money: re.Pattern[str]) -> Iterator[int]:
    """The amounts that a claim may speak of: the one in it or the first one after it, else those before it."""
    found = list(money.finditer(sentence))
    here = [m for m in found if claim.start() <= m.start() < claim.end()]
    after = [m for m in found if m.start() >= claim.end() and not re.search(r"[,;:(]", sentence[claim.end() : m.start()])]
    first = (here or after)[:1]
    before = [] if claim["us"] else [m for m in found if m.end() <= claim.start()]
    for match in first or before:
        yield cents(match) * (2 if TWICE.match(sentence, match.end()) else 1)


def paid_by(run: Run, deed: Deed) -> tuple[list[int], list[int], set[int]]:
    """What calls of such a deed paid in this run, what other changes paid, and the amounts that their results tell it in."""
    paid: list[int] = []
    others: list[int] = []
    told: set[int] = set()
    for entry in written(run):
        tool = run.team.tools.get(entry.tool)
        amount = entry.arguments.get(tool.amount) if tool and tool.amount else None
        if isinstance(amount, int) and deed.part in entry.tool:
            paid.append(amount)
            continue
        in_words = cents_in("", entry.result, money_in(run.team.vocabulary.currency))
        sent = entry.result.get(f"{deed.part}_cents") if isinstance(entry.result, Mapping) else None
        if isinstance(sent, int):
            others.append(sent)
            told.update(in_words)
        elif deed.part in f"{entry.tool} {as_json(entry.result)}":
            others.extend(in_words)
    return paid, others, told


def words_heard(run: Run) -> str:
    """All that results, arguments, branches and the customer said, as one text."""
    heard = (e for e in run.transcript if e.kind in ("result", "branch") or (e.kind == "message" and e.speaker == CUSTOMER))
    return "\n".join(_words(e) for e in heard)


def _words(entry: Entry) -> str:
    return f"{entry.text} {as_json([entry.arguments, entry.result])}" if entry.kind == "result" else entry.text


def known_cents(run: Run) -> set[int]:
    """Every amount that results, arguments, branches and the customer's words hold."""
    known: set[int] = set()
    money = money_in(run.team.vocabulary.currency)
    for entry in run.transcript:
        if entry.kind == "result":
            known.update(cents_in("", [entry.arguments, entry.result], money))
        elif entry.kind == "branch" or (entry.kind == "message" and entry.speaker == CUSTOMER):
            known.update(cents_in("", entry.text, money))
    return known
