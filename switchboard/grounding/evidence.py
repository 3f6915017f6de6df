"""What an answer can rest on: results, arguments, passages, the policy and the customer's own words."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from switchboard.consent.identity import leaves
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import Entry, ResultEntry, as_json
from switchboard.declare.vocabulary import Deed, Vocabulary
from switchboard.errors import OF_THE_CALL
from switchboard.grounding.figures import values_in
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.policy.denials import Told, told_in
from switchboard.grounding.wording import COURTESY, begun, clauses, folded, plain, sentences, words
from switchboard.money import cents_in, money_in

HEDGES = frozenset[str]().union(*(one.hedges | one.conditions for one in JUDGED.values()))
PARTS = re.compile(r"[\s_/|]+")
NAME = re.compile(r"(?<=[^\W_] )([A-Z][a-z]{3,})\b")
DAY_FIELD = re.compile(r'"(\w+)":\s?"\d{4}-\d{2}-\d{2}"')
LEAST_ID = 4
"""Digits of what is known as an id, or characters of a line such as a street's."""
SMALL = frozenset(("0", "1", "2", "3"))
PASSAGE = frozenset(("citation", "title", "heading", "text"))


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known in a case, for one answer in it.

    `ruled` is what the rules would say in its place, if they would; `policy` and `instructions` what the agents were told;
    `changes` the names of the tools that change something, `public` of those that answer anybody, `computes` of those that
    calculate; `rests_on` the call ids and citations that the answer names; `speaker` whose it is; `prose` what they hold.
    """

    transcript: Sequence[Entry]
    vocabulary: Vocabulary
    changes: Collection[str] = ()
    public: Collection[str] = ()
    computes: Collection[str] = ()
    ruled: str = ""
    policy: str = ""
    instructions: Sequence[str] = ()
    known: str = ""
    rests_on: Collection[str] = ()
    closer: str = ""
    speaker: str = ""
    prose: Sequence[str] = ()

    @cached_property
    def results(self) -> list[ResultEntry]:
        """What was done; only that which the answer rests on, where it names any of it. A change is always told of."""
        done = [e for e in self.transcript if e.kind == "result" and e.status == "done"]
        named = [e for e in done if self._is_named(e)]
        return [e for e in done if e in named or e in self.changed] if named else done

    def _is_named(self, entry: ResultEntry) -> bool:
        cited = [one.get("citation") for one in passages_of(entry.result)]
        return entry.call_id in self.rests_on or any(citation in self.rests_on for citation in cited)

    @cached_property
    def changed(self) -> list[ResultEntry]:
        """The calls that changed something for the customer."""
        done = [e for e in self.transcript if e.kind == "result" and e.status == "done" and e.to != self.closer]
        return [e for e in done if e.tool in self.changes]

    @cached_property
    def rows(self) -> str:
        """What results and arguments tell of this case, and no article does: the only evidence of a deed."""
        not_done = [e for e in self.transcript if e.kind == "result" and e.status != "done"]
        refused = [f"{as_json(e.data)} {'' if e.code in OF_THE_CALL else e.text}" for e in not_done]
        return "\n".join([self.results_in_words, *refused])

    @cached_property
    def results_in_words(self) -> str:
        """The same without the sentences of refusals, which are written for agents, and by whose words nothing is so."""
        told = [f"{given(e)} {as_json(e.result)}" for e in self.results if not passages_of(e.result)]
        not_done = [given(e) for e in self.transcript if e.kind == "result" and e.status != "done"]
        return "\n".join([*told, *not_done, *(e.text for e in self.transcript if e.kind == "branch")])

    @cached_property
    def passages(self) -> list[str]:
        return [f"{p.get('heading', '')} {p['text']}" for e in self.results for p in passages_of(e.result)]

    @property
    def is_about_rows(self) -> bool:
        """Whether a result tells of this customer's own, and not only what an article or a list for everybody says."""
        own = any(e.tool not in self.public and not passages_of(e.result) for e in self.results)
        return own or any(e.kind == "branch" for e in self.transcript)

    @cached_property
    def told_to_all(self) -> list[str]:
        """The texts that hold for every customer: passages, and lines of the policy."""
        return [*self.passages, *self.policy.splitlines()]

    @cached_property
    def listed(self) -> list[str]:
        """What public tools have found beside passages, such as products."""
        found = [e.result for e in self.results if e.tool in self.public and not passages_of(e.result)]
        return [PARTS.sub(" ", as_json(one)) for one in found if not isinstance(one, str)]

    @cached_property
    def said_by_customer(self) -> str:
        return "\n".join(e.text for e in self.transcript if e.kind == "message" and e.speaker == CUSTOMER)

    @property
    def said_last(self) -> str:
        """What the customer wrote last."""
        said = (e.text for e in reversed(self.transcript) if e.kind == "message" and e.speaker == CUSTOMER)
        return next(said, "")

    @cached_property
    def asked_words(self) -> frozenset[str]:
        return frozenset(words(self.said_last))

    @property
    def customer(self) -> str:
        """The customer's words, and what is known of who wrote them."""
        return f"{self.said_by_customer}\n{self.known}"

    @cached_property
    def everything(self) -> str:
        """All of it as one text, in the form in which texts are compared."""
        cited = as_json([p for e in self.results for p in passages_of(e.result)])
        return plain("\n".join([self.rows, cited, *self.passages, self.policy, self.customer, self.ruled]))

    @cached_property
    def told_words(self) -> frozenset[str]:
        """How the words begin that results, passages and the rules' own answer hold."""
        held = "\n".join([self.results_in_words, *self.passages, self.told_by_rules])
        return frozenset(map(begun, words(PARTS.sub(" ", plain(held)))))

    @property
    def told_by_rules(self) -> str:
        """What the rules would say, without the paragraph that only asks whether it helped."""
        return "\n\n".join(part for part in self.ruled.split("\n\n") if not COURTESY.search(folded(part)))

    @cached_property
    def row_words(self) -> frozenset[str]:
        """The same of this case's rows alone, with what the rules say that is so: not what could be, or is not."""
        said = [clause for sentence in sentences(plain(self.ruled)) for clause in clauses(sentence)]
        so = [clause for clause in said if not HEDGES & set(words(clause))]
        return frozenset(map(begun, words(PARTS.sub(" ", plain("\n".join([self.results_in_words, *so]))))))

    def is_state(self, word: str) -> bool:
        """Whether a word says, in a way that the vocabulary knows, what a row of this case says."""
        states = (
            row
            for row, forms in self.vocabulary.states
            if word.startswith(tuple(forms.split())) or word in map(begun, forms.split())
        )
        return any(begun(row) in self.row_words for row in states)

    @cached_property
    def clauses(self) -> list[Told]:
        """Each clause of passages, with the headings above it, of the rules' answer and of refusals, and what it denies."""
        passages = [one for e in self.results for one in passages_of(e.result)]
        refused = [e.text for e in self.transcript if e.kind == "result" and e.status != "done"]
        under = [(f"{one['title']} {one['heading']}", f"{one['heading']} {one['text']}") for one in passages]
        return [one for head, text in (*under, *(("", text) for text in (self.ruled, *refused))) for one in told_in(head, text)]

    @cached_property
    def words_of_headings(self) -> frozenset[str]:
        """How the words begin that stand in the titles and headings of passages, which tell nothing by themselves."""
        heads = [f"{one['title']} {one['heading']}" for e in self.results for one in passages_of(e.result)]
        return frozenset(map(begun, words(plain(" ".join(heads)))))

    @property
    def denials(self) -> list[frozenset[str]]:
        """The words of each clause that says that something is not so."""
        return [one.beginnings for one in self.clauses if one.denied]

    @cached_property
    def names_of_fields(self) -> frozenset[str]:
        """The words by which results call their fields, and no value: they stand in every case, and carry nothing."""
        names, values, queue = list[str](), list[str](), [e.result for e in self.results]
        while queue:
            value = queue.pop()
            if isinstance(value, Mapping):
                names.extend(map(str, value))
                queue.extend(value.values())
                values.extend(name for name, one in value.items() if one is True)
            elif isinstance(value, list):
                queue.extend(value)
            else:
                values.append(str(value))
        called, held = (frozenset(map(begun, words(PARTS.sub(" ", " ".join(one))))) for one in (names, values))
        return called - held

    @cached_property
    def names_of_days(self) -> frozenset[str]:
        """How the fields are called that hold a date."""
        held = "\n".join(as_json(e.result) for e in self.results)
        return frozenset(begun(word) for name in DAY_FIELD.findall(held) for word in words(name.replace("_", " ")))

    @cached_property
    def customer_words(self) -> frozenset[str]:
        return frozenset(map(begun, words(plain(self.customer))))

    @cached_property
    def words_of_speakers(self) -> frozenset[str]:
        """How the words begin that name who speaks, and the customer."""
        return frozenset(map(begun, words(plain(f"{self.known} {self.speaker}"))))

    @cached_property
    def names_of_customer(self) -> frozenset[str]:
        """The names that the customer wrote inside of their sentences, of which no passage and no list speaks."""
        held = frozenset(words(plain("\n".join([*self.told_to_all, *self.listed, self.ruled, self.known]))))
        found = {m[1] for one in sentences(plain(self.said_by_customer)) for m in NAME.finditer(one)}
        return frozenset(words(" ".join(found))) - held

    @cached_property
    def cents(self) -> set[int]:
        """Every amount that is known of this case."""
        return self._cents(counts=True)

    @cached_property
    def sums(self) -> set[int]:
        """Those that others may follow from: of a small whole number, such as a place in a list, none does."""
        return self._cents(counts=False)

    def _cents(self, *, counts: bool) -> set[int]:
        money, known = money_in(self.vocabulary.currency), set[int]()
        for entry in self.results:
            known.update(cents_in("", [entry.arguments, entry.result], money, counts=counts))
        for text in (self.customer, self.ruled, *self._refused, *self._branches):
            known.update(cents_in("", text, money))
        return known

    @cached_property
    def values(self) -> frozenset[str]:
        """Every number that is known, as `value_of` writes it."""
        return values_in(self.everything, self.cents)

    @property
    def _refused(self) -> Iterator[str]:
        return (given(e) for e in self.transcript if e.kind == "result" and e.status != "done")

    @property
    def _branches(self) -> Iterator[str]:
        return (e.text for e in self.transcript if e.kind == "branch")

    @cached_property
    def done(self) -> frozenset[Deed]:
        """What calls did in this case."""
        told = [(e, f"{e.tool} {as_json(e.result)}".lower()) for e in self.changed]
        deeds = self.vocabulary.deeds
        return frozenset(deed for deed in deeds if any(deed.part in one and is_confirmed(deed, e) for e, one in told))

    @cached_property
    def shown(self) -> frozenset[Deed]:
        """What results tell of, whoever did it."""
        seen = [(e, as_json(e.result).lower()) for e in self.results if not passages_of(e.result)]
        branches = "\n".join(self._branches).lower()

        def is_told(deed: Deed) -> bool:
            text = "\n".join([*(one for e, one in seen if is_confirmed(deed, e)), branches])
            return any(mark.lower() in text for mark in deed.shown)

        return self.done | frozenset(deed for deed in self.vocabulary.deeds if is_told(deed))


def given(entry: ResultEntry) -> str:
    """The ids and numbers that a call was made with. Its other words are an agent's own, and carry nothing that it says."""
    values = [str(value) for _, value in leaves(entry.arguments)]
    return " ".join(value for value in values if any(c.isdigit() for c in value) and not any(c.isspace() for c in value))


def tells_of(text: str, entry: ResultEntry) -> bool:
    """Whether a text names what a call changed: an id or a line of its arguments, or its amount; any number of it where it has
    none of these. That "5 to 7 days" stands in both says nothing.
    """
    cents = {c for value in (entry.arguments, entry.result) for c in cents_in("", value)}
    lines = [plain(value) for _, value in leaves(entry.arguments) if any(c.isdigit() for c in value)]
    telling = {value for value in values_in(as_json(entry.arguments), ()) if len(value) >= LEAST_ID} | values_in("", cents)
    telling = telling or {*values_in(as_json([entry.arguments, entry.result]), cents)}
    said = plain(text)
    if not telling or cents & {*cents_in("", said)} or any(one in said for one in lines if len(one) > LEAST_ID):
        return True
    return bool(telling & (values_in(said, ()) - SMALL))


def passages_of(result: Any) -> list[Mapping[str, Any]]:
    """The excerpts of a search's result; none of any other."""
    items = result if isinstance(result, list) else []
    return [one for one in items if isinstance(one, Mapping) and one.keys() >= PASSAGE]


def is_confirmed(deed: Deed, entry: ResultEntry) -> bool:
    """Whether a result tells of no such deed that is only set going, and not known to be done."""
    return not _holds(entry.result, deed.unconfirmed)


def _holds(value: Any, marks: Iterable[tuple[str, str]]) -> bool:
    if isinstance(value, Mapping):
        return any(mark in tuple(marks) for mark in value.items()) or any(_holds(one, marks) for one in value.values())
    return isinstance(value, list) and any(_holds(one, marks) for one in value)
