"""Which way an amount goes: what the rows know only as money back is no price, and nothing that is due."""

from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.spoken import named
from switchboard.grounding.tongues.tongue import listed
from switchboard.grounding.wording import clauses, words
from switchboard.money import cents, cents_in, money_in

OWED = listed("paid charged deducted debited billed costs")
TO_PAY = listed("pay due owe owed charge charges deduct debit bill")
BACK = listed("back return returned returns")


def turned_round(evidence: Evidence, sentence: str) -> str | None:
    """A clause by which a customer pays what they get back; None where there is none. It is judged in English."""
    if not evidence.changed or "?" in sentence:
        return None
    money = money_in(evidence.vocabulary.currency)
    for clause in clauses(sentence):
        said = words(clause)
        told = [cents(match) for match in money.finditer(clause)]
        if (
            not told
            or not (OWED | TO_PAY) & set(said)
            or BACK & set(said)
            or any(deed.pays for _, deed in named(evidence, said))
        ):
            continue
        parts = [deed.part for deed in evidence.vocabulary.deeds if deed.pays]
        results = evidence.changed if TO_PAY & set(said) else evidence.results  # what was paid once, an older row may tell
        telling = [names for e in results if (names := [n for n, one in _amounts("", e.result) if one in told])]
        if telling and all(any(part in name for name in names for part in parts) for names in telling):
            return clause
    return None


def _amounts(name: str, value: Any) -> Iterator[tuple[str, int]]:
    """Each amount of a result, in cents, with the names of the fields that lead to it."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _amounts(f"{name}.{key}", one)
    elif isinstance(value, list):
        for one in value:
            yield from _amounts(name, one)
    else:
        yield from ((name, amount) for amount in cents_in(name.rpartition(".")[2], value))
