"""Whether a model's answer is sent: its words are true, and the matter's process is where an answer, or a question, is due."""

import re
from collections.abc import Collection

from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import CUSTOMER, EXECUTOR
from switchboard.declare.moves import Call, Calls, HandOff, HandOffs, Move, Say, Unsure, otherwise
from switchboard.declare.transcript import By, ResultEntry, View, as_json
from switchboard.flows.matters import since_last_words
from switchboard.grounding.asking import is_open, tells_beside
from switchboard.grounding.asking import requests as asks
from switchboard.grounding.carried import by_passages, is_of_no_case, telling, unfound
from switchboard.grounding.deeds import not_done
from switchboard.grounding.echoes import told_of_us
from switchboard.grounding.evidence import Evidence, tells_of
from switchboard.grounding.facts import first_unknown
from switchboard.grounding.judge import spoken_by, why_not_carried, why_untrue
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.policy.prose import without_prose, without_quotations
from switchboard.grounding.spoken import clauses_of, named
from switchboard.grounding.wording import begun, hides_something, plain, sentences, words
from switchboard.loop.prompts.instructions import policy_text, system_text
from switchboard.loop.state import Run, written
from switchboard.models.answers.placeholders import placeholder_in
from switchboard.plays.default import departments_for
from switchboard.search.citations import CITATION, citations_in
from switchboard.tickets.confidence import CERTAIN, FOUND, NOTHING

MOST_ANSWER = 8_000
DATA = re.compile(r'[{\[]"|":|",\s?"|"[}\]]')
MOST_SMALL_TALK = 3
"""Telling words of a text that says nothing of a case, such as "You are welcome"."""
MOST_QUOTED = 300  # characters of a result


def why_not_sent(run: Run, spec: AgentSpec, view: View, move: Move | None, ruled: Move | Unsure) -> str | None:
    """Why a model's answer, or handoff, must not be; None when it may be, and for every other move."""
    if isinstance(move, HandOff | HandOffs) and spec.output is None and spec.read is None:
        return _strays(run, spec, view, move, ruled)
    if isinstance(move, HandOff) and spec.suggests:
        return _suggests_more(run, spec, ruled, spec.suggests(move))
    if not isinstance(move, Say) or (spec.read is not None and not move.asks):  # who reads for others gives no answer, but asks
        return None
    if len(move.text) > MOST_ANSWER:
        return f"it has {len(move.text):,} characters"
    if blank := unfilled(run, move.text):
        return f"{blank!r} was left to be filled in"
    evidence = evidence_of(run, move, ruled, spec.name)
    if is_data(move.text) or move.text in evidence.rows:
        return "it is data, not an answer"
    if run.parent:  # what is told to a colleague, who joins it, is held to its facts when it is told on
        return why_untrue(evidence, move.text, run.team.members)
    if spec.read is not None:
        return why_untrue(evidence, move.text, run.team.members) or _states(evidence, move.text)
    return (
        _out_of_turn(run, view, move, ruled)
        or why_untrue(evidence, move.text, run.team.members)
        or _answers_nothing(run, evidence, move, ruled)
    )


def _suggests_more(run: Run, spec: AgentSpec, ruled: Move | Unsure, said: Say | None) -> str | None:
    """Why an answer that is handed on within a structure must not be: its passages alone carry it, and no other result."""
    if said is None:
        return None
    evidence = evidence_of(run, said, ruled, spec.name)
    if not said.rests_on:
        return "it names no passage that it rests on"
    if unknown := unfound(evidence, said.rests_on):
        return f"no search has found {unknown[0][:MOST_QUOTED]!r}"
    if blank := unfilled(run, said.text):
        return f"{blank!r} was left to be filled in"
    if is_data(said.text):
        return "it is data, not an answer"
    evidence = by_passages(evidence, said.rests_on)
    return why_untrue(evidence, said.text, run.team.members) or why_not_carried(evidence, said.text)


def is_surer(run: Run, spec: AgentSpec, move: Move, by: By, rules: Move | Unsure) -> bool:
    """Whether an answer goes out where those wait that are less sure than a number. `rules` is what these say in its place."""
    return isinstance(spec.drafts, int) and _how_sure(run, spec, move, by, rules) >= spec.drafts


def _how_sure(run: Run, spec: AgentSpec, move: Move, by: By, rules: Move | Unsure) -> int:
    """How sure an answer is, of 100: as the rules say of theirs, which tell rows or what an article has; that of a model as the
    rules' own where the same passages carry it, and else not at all.
    """
    ruled = otherwise(rules) if by == "model" else move
    text = ruled.text if isinstance(ruled, Say) else told_before(ruled)
    known = ruled.confidence if isinstance(ruled, Say) else None
    sure = known if known is not None else FOUND if CITATION.search(text) else CERTAIN
    if by != "model":
        return sure
    cited = {*citations_in(text)}
    if not cited or not isinstance(move, Say) or {*citations_in(move.text)} - cited:
        return NOTHING
    evidence = by_passages(evidence_of(run, move, ruled, spec.name), cited)
    return NOTHING if why_untrue(evidence, move.text) or why_not_carried(evidence, move.text) else sure


def unfilled(run: Run, text: str) -> str:
    """What a model left to be filled in, such as "[Your Name]", where it is in nobody else's words: the customer may write so,
    and an article may show how a label is filled in.
    """
    found = placeholder_in(text)
    heard = (e for e in run.transcript if e.speaker in (CUSTOMER, EXECUTOR)) if found else ()
    return placeholder_in(text, " ".join(f"{e.text} {as_json(getattr(e, 'result', ''))}" for e in heard)) if found else ""


def evidence_of(run: Run, move: Say, ruled: Move | Unsure, speaker: str = "") -> Evidence:
    """What an answer may rest on here."""
    theirs = otherwise(ruled)
    policy = policy_text(run.team.policy) if run.team.policy else ""
    transcript, prose = without_prose(run.transcript, {name for name, tool in run.team.tools.items() if tool.remote})
    return Evidence(
        transcript,
        run.team.vocabulary,
        changes={name for name, tool in run.team.tools.items() if tool.effect in ("write", "send")},
        public={name for name, tool in run.team.tools.items() if tool.public},
        computes={name for name, tool in run.team.tools.items() if tool.effect == "compute"},
        ruled=without_quotations(prose, theirs.text if isinstance(theirs, Say) else told_before(theirs)),
        policy=policy,
        instructions=tuple(system_text(run.team, member) for member in run.team.members.values()),
        known=" ".join([*run.known.values(), (run.customer_id or "").replace("_", " ")]),
        rests_on=move.rests_on,
        closer=run.team.flow.closer or "",
        speaker=speaker,
        prose=prose,
    )


def _out_of_turn(run: Run, view: View, move: Say, ruled: Move | Unsure) -> str | None:
    """What the process of the matter has next instead of this answer. It needs no reading, whatever the answer's language.

    Where the rules are sure, theirs is what is open: a call, another agent, a question. Where they are not, a model may
    answer from what it found, and ask what they would ask.
    """
    following, sure = otherwise(ruled), not isinstance(ruled, Unsure)
    found = {call.tool for call in view.calls if call.done}
    match following:
        case Calls() if told_before(following) and not move.asks:
            return None  # it answers what was asked in place of a yes, and the call is read back again behind it
        case Calls(calls):
            tools = [tool for call in calls if (tool := run.team.tools.get(call.tool))]
            changes = any(tool.changes or tool.ends for tool in tools)
            looked = {tool.name for tool in tools} <= found and all(tool.public for tool in tools)  # in words of its own
            if move.asks or not found or (sure and (changes or not looked)):
                return f"{tools[0].name if tools else 'a call'} was not done yet"
        case HandOff() | HandOffs():
            if sure or move.asks:
                return "the matter is for a colleague: hand it off"
        case Say(_, asks):
            if sure and asks and not move.asks:
                return "it asks nothing, and something must be asked before the matter can be settled"
            if sure and move.asks and not asks:
                return "it asks something, and nothing is left to ask"
    return None


def told_before(move: Move) -> str:
    """What the customer is told before the calls of a move are read back to them again; empty of any other move."""
    return "\n".join(call.telling for call in move.calls if call.telling) if isinstance(move, Calls) else ""


def _strays(run: Run, spec: AgentSpec, view: View, move: HandOff | HandOffs, ruled: Move | Unsure) -> str | None:
    """Why a matter stays with its agent: where the rules are sure of the answer, or of what to look up, no model passes it on.

    Where they would ask, or give it to a human, a colleague may know better. Whose it surely is gets it, and nobody else; that
    the customer is known first is theirs to see to, where they can.
    """
    whose = departments_for(spec, run.team, view) if spec.without_model is None else []
    to = [move.to] if isinstance(move, HandOff) else [one.to for one in move.items]
    if whose and not set(to) & set(whose):
        return f"the matter is for {' or '.join(whose)}"
    match ruled:
        case Calls((Call(tool=name), *_)) if (tool := run.team.tools.get(name)) and not tool.ends:
            theirs = tool.verifies and whose and all(run.team.members[one].tool(name) for one in to)
            return None if theirs else f"the matter is yours, and {name} is what it needs next"
        case Say(_, asks) if not asks:
            return "the matter is yours, and what was found answers it"
    return None


def _answers_nothing(run: Run, evidence: Evidence, move: Say, ruled: Move | Unsure) -> str | None:
    """Why an answer that is true does not settle the matter, or a question is not the one that is open."""
    untold = untold_changes(run, move.text)
    if untold:
        return f"it does not tell that this was done: {untold[0].tool}, {as_json(untold[0].result)[:MOST_QUOTED]}"
    refused = untold_refusals(run, evidence, move.text)
    if refused:
        return (
            f"it does not tell that an operator refused this: {refused[0].tool}, {as_json(refused[0].arguments)[:MOST_QUOTED]}"
        )
    theirs = otherwise(ruled)
    if isinstance(theirs, Say) and theirs.asks and move.asks:
        return None if is_open(evidence, move.text, spoken_by(evidence)) else "it asks for what nobody needs"
    small = isinstance(theirs, Say) and not move.asks and not evidence.results
    if small and _is_small_talk(evidence, move.text, run.team.members):
        return None
    return why_not_carried(evidence, move.text)


def _states(evidence: Evidence, text: str) -> str | None:
    """What is said beside a question by who has found nothing yet, and can know nothing."""
    stated = _beside_a_question(evidence, text)
    return f"it says {stated[:MOST_QUOTED]!r} before anything was looked up; ask, and say nothing else" if stated else None


def _beside_a_question(evidence: Evidence, text: str) -> str:
    """The first sentence of a text that states something, and does not ask; "" where it only asks."""
    tongue = JUDGED.get(spoken_by(evidence), JUDGED["en"])
    return next((one for one in sentences(plain(text)) if "?" not in one and len(telling(plain(one), tongue)) > 1), "")


def _is_small_talk(evidence: Evidence, text: str, members: Collection[str]) -> bool:
    """Whether the rules would say nothing of a case, no number and no id, and the text says next to nothing either."""
    said = telling(plain(text), JUDGED.get(spoken_by(evidence), JUDGED["en"]))
    if {*members} & {*words(plain(text))}:  # a customer knows no agents
        return False
    return not any(char.isdigit() for char in evidence.ruled) and len(said) <= MOST_SMALL_TALK


def untold_changes(run: Run, text: str) -> list[ResultEntry]:
    """The changes since the customer's last words of which a text names nothing: no id, no number, no amount."""
    changed = written(run)
    made = [e for e in since_last_words(run.transcript) if e.kind == "result" and e in changed and not e.ends]
    said = "\n".join([text, *(e.text for e in since_last_words(run.transcript) if e.kind == "message")])
    return [entry for entry in made if not (tells_of(said, entry) or (len(made) == 1 and _names_it(run, entry, said)))]


def untold_refusals(run: Run, evidence: Evidence, text: str) -> list[ResultEntry]:
    """What operators refused since the customer's last words, which a text does not name, or of which it does not say so."""
    refused = [e for e in since_last_words(run.transcript) if e.kind == "result" and e.operator_said_no]
    named = [tells_of(text, entry) or (len(refused) == 1 and _names_it(run, entry, text)) for entry in refused]
    return [
        one for one, is_named in zip(refused, named, strict=True) if not (is_named and _says_refused(run, evidence, one, text))
    ]


def _names_it(run: Run, entry: ResultEntry, text: str) -> bool:
    """Whether a text has a word of the call's name that is not what it does it to, such as the address of an order."""
    return bool(_things(run, entry) & {*map(begun, words(plain(text)))})


def _things(run: Run, entry: ResultEntry) -> set[str]:
    tool = run.team.tools.get(entry.tool)
    about = {begun(word) for word in words(tool.about.replace("_", " "))} if tool and tool.about else set[str]()
    return {begun(word) for word in words(entry.tool.replace("_", " "))} - about


def _says_refused(run: Run, evidence: Evidence, entry: ResultEntry, text: str) -> bool:
    """Whether a clause says that what a call was to do was refused: in such a word, or by a no to it or to a yes."""
    tongue, things = JUDGED.get(spoken_by(evidence), JUDGED["en"]), _things(run, entry)
    for clause in clauses_of(plain(text), tongue):
        said = {*clause.words} if "?" not in clause.sentence else set[str]()
        if any(word.startswith(tongue.refusals) for word in said):
            return True
        let_pass = any(word.startswith(tongue.consents) for word in said)
        deed = any(one.part in entry.tool for _, one in named(evidence, clause.words))
        if tongue.denials & said and (let_pass or deed or things & set(map(begun, said))):
            return True
    return False


def why_no_note(run: Run, text: str) -> str | None:
    """Why a model's case note is not kept: it holds instructions, goes round in circles, or tells what is of no case."""
    evidence, said = evidence_of(run, Say(text), Say("")), plain(text)
    if hides_something(text):
        return "letters of several scripts"
    if unfilled(run, text):
        return "a text to be filled in"
    return (
        told_of_us(evidence, said, JUDGED["en"], ())
        or first_unknown(evidence, said, "en", names=False)
        or not_done(evidence, said, "en")
        or is_of_no_case(evidence, said)
    )


def is_data(text: str) -> bool:
    """Whether a text is JSON, or a piece of it, and no answer."""
    return text.startswith("{") or bool(DATA.search(text))


def only_asks(run: Run, spec: AgentSpec, move: Say, ruled: Move | Unsure) -> bool:
    """Whether a model's question tells the customer nothing: they, the rules, or a question of the agent's plays, said its
    words, or an argument of its tools is called so.
    """
    evidence = evidence_of(run, move, ruled, spec.name)
    slots = [slot.ask for play in spec.plays for slot in (play.process.slots if play.process else ())]
    called = [name.replace("_", " ") for tool in spec.tools for name in tool.arguments.model_fields]
    said = (evidence.said_by_customer, evidence.ruled, *slots, *called)
    return not tells_beside(move.text, spoken_by(evidence), " ".join(said))


def requests(run: Run, text: str) -> bool:
    """Whether a model's text asks the customer for something, with a mark or without one."""
    return asks(text, spoken_by(evidence_of(run, Say(text), Say(""))))
