"""What was paid back, in this case or before it, and whether a clause tells of another amount, or that nothing was."""

import re

from switchboard.declare.transcript import ResultEntry
from switchboard.declare.vocabulary import Deed
from switchboard.grounding.evidence import Evidence, is_confirmed
from switchboard.grounding.spoken import Clause, named
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.money import cents, cents_in, money_in


def another_amount(evidence: Evidence, clause: Clause, tongue: Tongue) -> str | None:
    """An amount that a clause says was paid, where such calls paid in this case and none, nor their total, is of it."""
    said = [cents(match) for match in money_in(evidence.vocabulary.currency).finditer(clause.text)][:1]
    before = set() if evidence.changed else _moved_before(evidence)
    back = any(deed.pays for _, deed in named(evidence, clause.words)) or {"got", "back"} <= set(clause.words)
    sure = not (tongue.hedges | tongue.conditions | tongue.shall) & set(clause.words)
    if said and before and back and sure and (tongue.perfect | {"got"}) & set(clause.words):
        return None if said[0] in before | {sum(before)} else f"{clause.text[:120]!r}, and another amount was paid"
    if not said or not evidence.changed or (tongue.hedges & set(clause.words)) - {"to", "only"}:
        return None
    for deed in {deed for _, deed in named(evidence, clause.words) if deed.pays}:
        allowed = _paid_by(evidence, deed)
        if allowed and said[0] not in allowed and said[0] * (2 if "twice" in clause.words else 1) not in allowed:
            return f"{clause.text[:120]!r}, and another amount was paid"
    return None


def _paid_by(evidence: Evidence, deed: Deed) -> set[int]:
    """What calls of such a deed moved in this case, and what results tell of it; with their totals."""
    paid, told = list[int](), set[int]()
    money = money_in(evidence.vocabulary.currency)
    for entry in evidence.changed:
        if deed.part in f"{entry.tool} {entry.result}".lower():
            amounts = set(cents_in("", entry.result, money))
            told |= amounts
            paid.append(max(amounts, default=0))
    if not paid:
        return set()
    for entry in evidence.results:
        told |= _told_of(entry, deed)
    return {*told, sum(paid), *paid}


def _told_of(entry: ResultEntry, deed: Deed) -> set[int]:
    """The amounts that stand beside such a deed in a result, such as earlier ones."""
    if not is_confirmed(deed, entry) or not isinstance(entry.result, dict):
        return set()
    return {
        c
        for name, value in entry.result.items()
        if re.search(rf"^{deed.part}(?:s|ed)?(?:_|$)", name)
        for c in cents_in(name, value)
    }


def denies_what_is(evidence: Evidence, clause: Clause, tongue: Tongue) -> bool:
    """Whether a clause says that money is not back yet, where the rows of the one thing that was looked at have it."""
    said = set(clause.words)
    denied = tongue.denials & said and (tongue.perfect | tongue.present) & said
    if not (denied or {"outstanding"} & said) or not _moved_before(evidence) or evidence.changed:
        return False
    ids = set(evidence.vocabulary.references(evidence.results_in_words))
    return len(ids) <= 1 and any(deed.pays for _, deed in named(evidence, clause.words)) and not (tongue.conditions & said)


def is_money_back(evidence: Evidence, clause: Clause) -> bool:
    """Whether all amounts that a clause tells went back before, as the rows have it, such as an earlier one."""
    told = {cents(match) for match in money_in(evidence.vocabulary.currency).finditer(clause.text)}
    return bool(told) and told <= {*_moved_before(evidence), *_paid_in(evidence)} and bool(told & _moved_before(evidence))


def _paid_in(evidence: Evidence) -> set[int]:
    return {c for entry in evidence.results for c in cents_in("", entry.result)}


def _moved_before(evidence: Evidence) -> set[int]:
    """The amounts of the rows' own entries of a deed that pays, as in a history of payments."""
    found, queue = set[int](), [e.result for e in evidence.results]
    parts = [deed.part for deed in evidence.vocabulary.deeds if deed.pays]
    while queue:
        value = queue.pop()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            queue.extend(value.values())
            if any(isinstance(one, str) and one in parts for one in value.values()):
                found |= {c for name, one in value.items() for c in cents_in(name, one)}
    return found
