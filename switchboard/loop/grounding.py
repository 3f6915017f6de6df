"""Whether what an agent tells a customer is carried by what was done and found in the run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import MessageEntry, ResultEntry, as_json
from switchboard.loop.state import Run, written
from switchboard.money import MONEY, cents, cents_in, first_unfounded, percentages, spelled, stated


@dataclass(frozen=True)
class Deed:
    """How a text says that something was done: participles, infinitives, nouns that are "processed", and participles in
    German, French and Spanish. `evidence` is what a result reads like that tells of it, `about` what it is said of.
    """

    done: str
    to_do: str
    noun: str
    elsewhere: str
    evidence: str
    about: str = ""


NEVER = r"(?!)"
TICKET = r"\b(?:ticket|case|fall|dossier|cas|caso)\b"
DEEDS = {
    "refund": Deed(
        "refunded|reimbursed",
        "refund|reimburse",
        "refund|reimbursement",
        "(?:zurück)?erstattet|zurückgezahlt|remboursée?s?|reembolsad[oa]s?",
        r'"refunds":|"transaction_type":"refund"|refunded',
    ),
    "cancel": Deed("cancell?ed", "cancel", "cancell?ation", "storniert|annulée?s?|(?:cancel|anul)ad[oa]s?", "cancelled"),
    "return": Deed("returned", NEVER, "return", "zurückgegeben|retournée?s?", "return requested|returned"),
    "exchange": Deed(
        r"exchanged|(?:sent|shipped) (?:you |out )?(?:an? |the |your )?(?:\w+ )?replacement",
        "exchange|replace",
        "exchange|replacement",
        "umgetauscht|ausgetauscht|échangée?s?|intercambiad[oa]s?",
        "exchange requested|exchanged",
    ),
    "modif": Deed(
        "changed|updated|modified|corrected",
        "change|update|modify|correct",
        "change|update|address",
        "geändert|aktualisiert|modifiée?s?|changée?s?|mise? à jour|(?:modific|cambi|actualiz)ad[oa]s?",
        "modified|changed",
    ),
    "transfer": Deed("transferred", "transfer", NEVER, "weitergeleitet|transférée?s?|transferid[oa]s?", "transferred"),
    "ticket": Deed(
        "opened|created|raised|filed",
        NEVER,
        NEVER,
        "eröffnet|angelegt|erstellt|créé|ouvert|cread[oa]|abierto",
        "ticket",
        TICKET,
    ),
}
"""By a part of the name of the tools that do it."""

ADVERBS = r"(?:(?:just|now|already|also|successfully|hereby|then|fully) )*"
GAP = r"(?:[^.!?,;]|(?<=\d)[.,](?=\d)){0,60}?"
PROCESSED = (
    rf"(?:is on (?:its|the) way|went (?:out|through)|(?:is|was|(?:has|have) {ADVERBS}been)(?: now)?(?: being)? {ADVERBS}"
    r"(?:issued|processed|sent|shipped|completed?|done|confirmed|saved|initiated)"
    r"|est en (?:route|cours)|a été effectuée?|está en camino|(?:ha sido|fue) procesado|ist unterwegs|(?:ist|wurde) veranlasst)"
)
SET_GOING = "issued|processed|sent|arranged|initiated|completed|made"
NOUNS_ELSEWHERE = {"refund": "|erstattung|rückerstattung|rückzahlung|remboursement|reembolso"}


def says(part: str, deed: Deed) -> re.Pattern[str]:
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
        rf"|\b(?:{deed.noun}{NOUNS_ELSEWHERE.get(part, '')})\b{GAP}\b{PROCESSED}\b",
        re.IGNORECASE,
    )


SAYS = {part: says(part, deed) for part, deed in DEEDS.items()}
ALL_DONE = re.compile(r"^\W*(?:all (?:done|set)|(?:it|that)(?:['’]s| is) (?:all )?done)\b", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?])\s+|[\n;]+")
IDS = re.compile(r"\b(?:T\d{6}|RF\d{6})\b|#W\d{7}\b", re.IGNORECASE)
DENIED = re.compile(
    r"(?:\b(?:nothing|none|no|never|not|nicht|nichts|kein\w*|pas|rien|aucune?|nada|ning[uú]n\w*)\b|\bn['’])[^.!?,;]*$",
    re.IGNORECASE,
)
CONDITION = (
    r"\b(?:if|(?<!at )once|when|whenever|after|before|unless|until|as (?:long|soon) as|would|(?:can|could|will|may|must) be"
    r"|orders? (?:that|which)|wenn|falls|sobald|nachdem|bevor|si|quand|lorsque|dès que|une fois|cuando|una vez)\b"
)
CONDITIONAL = re.compile(CONDITION, re.IGNORECASE)
SAME_CLAUSE = re.compile(rf"{CONDITION}[^,:]*$", re.IGNORECASE)
THEN_CONDITIONAL = re.compile(rf"(?:(?! and )[^,;:]){{0,30}}?(?:{CONDITION}|\bwithin\b)", re.IGNORECASE)
AT_ONCE = re.compile(
    r"\b(?:once|when|if|after|before|unless|until|as soon as|wenn|sobald|nachdem|si|cuando)\s+$", re.IGNORECASE
)
GENERAL = re.compile(
    r"^\W*(?:any|every|each|orders|items|products|pending orders)\b|\b(?:usually|normally|always|generally|typically|only)\b",
    re.IGNORECASE,
)
EARLIER = re.compile(r"\b(?:earlier|previously|ago|last|on \w+ \d|on \d|in \d{4})", re.IGNORECASE)
ONE_PERSON = re.compile(r"(?:i|habe|ai|he)\b", re.IGNORECASE)
TWICE = re.compile(r"\s*(?:\w+ )?(?:twice|two times)\b", re.IGNORECASE)


def unsupported(run: Run, text: str) -> str | None:
    """The first claim in a text that nothing in the run carries: a thing done, a number of a case, or an amount; else None.

    A thing is carried by a call that was done or, unless "I" did it, by a result that mentions it ("the order is
    cancelled"); a number by a result, an argument or the customer's words; an amount by these, or as `made_of` says.
    """
    heard = words_heard(run)
    for claim in (deed_not_done(run, text), refund_of_another_amount(run, text), number_not_given(heard, text)):
        if claim:
            return claim
    counts = {int(n) for n in re.findall(r"(?<![\w.,#$€£])\d{1,2}(?![\w.,]\d|\w)", f"{text} {heard}")}
    amount = first_unfounded(stated(text), known_cents(run), percentages(heard), counts)
    return None if amount is None else f"an amount of {spelled(amount)}"


def deed_not_done(run: Run, text: str) -> str | None:
    """The first thing that a text says was done, or is about to be, without a call or a result that shows it."""
    changed = written(run)
    results = [e for e in run.transcript if e.kind == "result" and e.status == "done"]
    for part, _, claim in claims(text):
        counts = is_confirmed if part == "refund" else bool
        done = " ".join(f"{e.tool} {as_json(e.result)}" for e in changed if counts(e)).lower()
        found = " ".join(as_json(e.result) for e in results if counts(e)).lower()
        by_me = claim["promise"] or (claim["us"] and ONE_PERSON.match(claim[0]))
        if claim["promise"] and "?" in text:
            continue  # it says what it would do, and asks for leave
        if part not in done and (by_me or not re.search(DEEDS[part].evidence, found)):
            return claim[0]
    over = None if changed else ALL_DONE.search(text)
    return over[0] if over else None


def is_confirmed(entry: ResultEntry) -> bool:
    """Whether a result tells of no refund that is only ordered at the payment provider, and not known to be paid."""
    return not _is_requested(entry.result)


def _is_requested(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "requested" in (value.get("state"), value.get("refund_state")) or any(map(_is_requested, value.values()))
    return isinstance(value, list) and any(map(_is_requested, value))


def claims(text: str) -> Iterator[tuple[str, str, re.Match[str]]]:
    """Every claim of a deed, with its part of a tool's name and its sentence; denials, conditions and rules are none."""
    for sentence in SENTENCE.split(text):
        for part, pattern in SAYS.items():
            if re.search(DEEDS[part].about, sentence, re.IGNORECASE):
                yield from ((part, sentence, c) for c in pattern.finditer(sentence) if not _only_said_of(sentence, c))


def _only_said_of(sentence: str, claim: re.Match[str]) -> bool:
    """Whether a claim is denied, hangs on a condition, or tells a rule instead of what happened."""
    before = sentence[: claim.start()]
    if DENIED.search(before[-24:]) or DENIED.search(claim[0]):
        return True
    if claim["us"]:
        return bool(AT_ONCE.search(before))
    if claim["promise"]:
        return bool(CONDITIONAL.search(sentence))
    if claim["now"]:
        rule = GENERAL.search(sentence) or CONDITIONAL.search(before)
        return bool(rule or THEN_CONDITIONAL.match(sentence, claim.end()))
    return bool(SAME_CLAUSE.search(before))


def refund_of_another_amount(run: Run, text: str) -> str | None:
    """An amount that a text says was refunded, where refunds were made in this run and none, nor their total, is of it."""
    paid, others, told = refunds_made(run)
    allowed = {*paid, sum(paid), *others, sum(others), *(sum(paid) + one for one in others), *told}
    if not paid and not others:
        return None
    for part, sentence, claim in claims(text):
        earlier = EARLIER.search(sentence) and not (claim["us"] and ONE_PERSON.match(claim[0]))
        if part != "refund" or claim["promise"] or earlier:
            continue
        said = list(_said_of(sentence, claim))
        if said and not any(amount in allowed for amount in said):
            return f"a refund of {spelled(said[0])}"
    return None


def _said_of(sentence: str, claim: re.Match[str]) -> Iterator[int]:
    """The amounts that a claim may speak of: the one in it or the first one after it, else those before it."""
    found = list(MONEY.finditer(sentence))
    here = [m for m in found if claim.start() <= m.start() < claim.end()]
    after = [m for m in found if m.start() >= claim.end() and not re.search(r"[,;:(]", sentence[claim.end() : m.start()])]
    first = (here or after)[:1]
    before = [] if claim["us"] else [m for m in found if m.end() <= claim.start()]
    for match in first or before:
        yield cents(match) * (2 if TWICE.match(sentence, match.end()) else 1)


def refunds_made(run: Run) -> tuple[list[int], list[int], set[int]]:
    """What refunds of this run paid, what other changes sent back, and the amounts that their results tell it in."""
    paid: list[int] = []
    others: list[int] = []
    told: set[int] = set()
    for entry in written(run):
        tool = run.team.tools.get(entry.tool)
        cause = entry.arguments.get(tool.amount) if tool and tool.amount else None
        if isinstance(cause, int) and "refund" in entry.tool:
            paid.append(cause)
            continue
        sent = entry.result.get("refund_cents") if isinstance(entry.result, Mapping) else None
        if isinstance(sent, int):
            others.append(sent)
            told.update(cents_in("", entry.result))
        elif "refund" in f"{entry.tool} {as_json(entry.result)}":
            others.extend(cents_in("", entry.result))
    return paid, others, told


def number_not_given(heard: str, text: str) -> str | None:
    """The first number of an order, ticket or refund that nobody gave: a result, an argument or the customer."""
    heard = heard.upper()
    return next((n for n in IDS.findall(text) if n.upper().removeprefix("#W") not in heard), None)


def words_heard(run: Run) -> str:
    """All that results, arguments and the customer said, as one text."""
    heard = (e for e in run.transcript if e.kind == "result" or (e.kind == "message" and e.speaker == CUSTOMER))
    return "\n".join(_words(e) for e in heard)


def _words(entry: MessageEntry | ResultEntry) -> str:
    return entry.text if entry.kind == "message" else f"{entry.text} {as_json([entry.arguments, entry.result])}"


def known_cents(run: Run) -> set[int]:
    """Every amount that results, arguments and the customer's words hold."""
    known: set[int] = set()
    for entry in run.transcript:
        if entry.kind == "result":
            known.update(cents_in("", [entry.arguments, entry.result]))
        elif entry.kind == "message" and entry.speaker == CUSTOMER:
            known.update(cents_in("", entry.text))
    return known
