"""Whether what a text says was done with the parts of something is of just those that it was done with."""

from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.consent.identity import leaves
from switchboard.declare.vocabulary import Deed
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.spoken import named
from switchboard.grounding.things.reading import Reading
from switchboard.grounding.things.records import families_of
from switchboard.grounding.wording import sentences, words


def not_of_the_deed(evidence: Evidence, text: str, language: str) -> str | None:
    """The first sentence that names a part, such as an item, for a deed that is of other parts; None where none does."""
    rows = next((family for family in families_of(evidence) if family.of_rows), None)
    if rows is None:
        return None
    tongue = JUDGED[language]
    for sentence in (one for one in sentences(text) if "?" not in one):
        said = words(sentence)
        if (tongue.denials | tongue.hedges | tongue.conditions) & set(said):
            continue
        called = {one for one in evidence.vocabulary.deeds if any(word.startswith(one.part) for word in said)}
        for deed in called | {deed for _, deed in named(evidence, said)}:
            ids = set(_ids_of(evidence, deed))
            of_it = {thing for thing in rows.things if thing.parent and thing.called & ids}
            beside = {one for thing in of_it for one in (thing.parent.parts if thing.parent else ())} - of_it
            groups = Reading(evidence, rows, language, sentence, [], named=False).groups if beside else []
            wrong = next((one for group in groups for one in group.things if one in beside), None)
            if wrong and not any(one in of_it and one.called & wrong.called for one in rows.things):
                return sentence
    return None


def _ids_of(evidence: Evidence, deed: Deed) -> Iterator[str]:
    """The texts of calls that did the deed in this case, and of the fields of results that are called like it."""
    for entry in evidence.changed:
        if deed.part in entry.tool:
            yield from (one.lower() for _, one in leaves(entry.arguments))
    for entry in evidence.results:
        yield from _under(entry.result, deed.part)


def _under(value: Any, part: str) -> Iterator[str]:
    """The texts in the fields of a result whose name has this part."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from (text.lower() for _, text in leaves(one)) if part in name else _under(one, part)
    elif isinstance(value, list):
        for one in value:
            yield from _under(one, part)
