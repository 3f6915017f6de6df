"""What the clauses of a text say of how many there are, of the state they are in, and of what can be done with them."""

from collections.abc import Sequence

from switchboard.grounding.things.counts import another_alternative, another_count, too_many
from switchboard.grounding.things.possible import possible_or_not
from switchboard.grounding.things.reading import BOUNDARY, EARLIER, OTHER, Group, Reading
from switchboard.grounding.things.records import Thing
from switchboard.grounding.wording import words


def wrong_of_a_clause(reading: Reading) -> str | None:
    """What is wrong with the first clause of which something is."""
    spoken, place = reading.before, 0
    for part in [*BOUNDARY.split(reading.text)]:
        start = reading.text.index(part, place)
        place = start + len(part)
        inside = [g for g in reading.groups if start <= g.start < place]
        heads = [g for g in inside if not g.complement] or inside
        spoken = heads[-1].things if heads else spoken
        if not inside and reading.text[place : place + 1] == ":":  # "Pending: number 7"
            spoken = next((g.things for g in reading.groups if g.start > place), spoken)
        if not inside and OTHER & set(words(part)):
            spoken = reading.others()
        said = words(part)
        wrong = (
            another_count(reading.evidence, said, spoken, reading.tongue)
            or next((reading.text[g.start : g.end] for g in inside if _counts_too_many(reading, g)), None)
            or another_alternative(reading.evidence, said, spoken, reading.tongue, before=bool(EARLIER & set(said)))
            or _not_of_each(reading, said, spoken)
            or next((f"only {reading.text[g.start : g.end]}" for g in inside if _is_only_a_part(reading, g, said)), None)
            or possible_or_not(reading.evidence, said, spoken, reading.language)
        )
        if wrong:
            return wrong
    return None


def _not_of_each(reading: Reading, said: Sequence[str], spoken: Sequence[Thing]) -> str | None:
    """The one state that several things are said to be in that are named by their ids, where the rows have another for one."""
    tongue, low = reading.tongue, reading.text.lower()
    if (tongue.hedges | tongue.conditions | tongue.denials | tongue.shall | EARLIER) & set(said):
        return None
    tops = {one.top() for one in spoken}
    named = [one for one in tops if any(name in low for name in one.called)]
    for group in reading.evidence.vocabulary.alternatives[:1] if len(named) > 1 else ():
        states = [one for one in group if one in said]
        theirs = [[n for n, one in enumerate(group) if ("word", one) in thing.own] for thing in named]
        if len(states) == 1 and any(own and group.index(states[0]) not in own for own in theirs):
            return states[0]
        for place, state in enumerate(group if not states else ()):
            forms = {
                form for row, forms in reading.evidence.vocabulary.states if state.startswith(row) for form in forms.split()
            }
            if forms & set(said) and any(own and max(own) < place for own in theirs):
                return state
    return None


def _is_only_a_part(reading: Reading, group: Group, said: Sequence[str]) -> bool:
    """Whether one part alone is said to be in a state, which is that of the whole."""
    alone = "only" in words(reading.text[: group.start])[-2:] and any(
        one.parent and len(one.parent.parts) > 1 for one in group.things
    )
    states = {word for group in reading.evidence.vocabulary.alternatives for word in group}
    deeds = any(word in states or reading.evidence.vocabulary.speaks_of(word) for word in said if len(word) > 3)
    return alone and deeds and not reading.tongue.denials & set(said)


def _counts_too_many(reading: Reading, group: Group) -> bool:
    before = [*words(reading.text[: group.start]), ""]
    several = {one.top() for one in group.things}
    return too_many(before, len(before) - 1, group.first if len(several) < 2 else group.things)
