"""What an agent does that declares no rules: a person at danger, the play that fits, the article, ask once, hand over."""

import re
from dataclasses import replace
from functools import partial
from typing import Any, get_type_hints

from switchboard.consent.identity import NOT_OF_CHANNEL
from switchboard.declare.agent import AgentSpec, Twin
from switchboard.declare.flow import CUSTOMER, Flow
from switchboard.declare.moves import Call, Calls, HandOff, Move, Note, Say, Unsure
from switchboard.declare.play import Play
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import View
from switchboard.events.masking import EMAIL
from switchboard.events.rendering import cut
from switchboard.plays.process import NotSettled, walk
from switchboard.plays.which import newest_play, of_others, without_others
from switchboard.reading.danger import danger_in
from switchboard.search.index import terms
from switchboard.search.passages import Excerpt

SURE, LEAST_WORDS, AS_LONG = 0.8, 2, 5
"""An article surely fits that holds this share of the telling words, and so many of them in its headings (as far as their
first letters go).

Measured on the sample's 29 articles. Of its 27 questions in tests/test_knowledge.py 14 are answered, all from the right
article. Of 750 messages of CLINC150, Banking77, MultiDoGO, ABCD and Bitext, 123 are about none of its business, and none of
these is answered; of the others 27 are, some 24 of them, as read by eye, from an article on what was asked. At 0.7 one of the
123 is answered, at 0.6 four; with one word in the headings some 15 of the others get a wrong article. Both numbers were chosen
with these messages in sight, so they say how it fits them, and not how it does on others.
"""
MOST_QUERY, MOST_TEXT = 300, 500  # characters
ASK = "Could you tell me more about what you need? Then I can find the answer, or someone who has it."
NOT_SETTLED, NOT_VERIFIED = "not_settled", "not_verified"
"""The reasons of its handoffs, on which another agent's rules may branch."""
WHO = "What is the e-mail address that we know you by?"
HAS_IT = "A colleague takes over from here."
ONE_BY_ONE = "I do one thing at a time. You wrote, too: “{}” Please write that again, and I go on with it."
ALONE = "I am sorry, I have no answer to this, and could not pass it to a colleague. Please write to us again."


def rules_of(spec: AgentSpec, team: TeamSpec) -> Twin:
    """The agent's rules: its own, or what it does without any."""
    return spec.without_model or partial(default_move, spec, team)


def default_move(spec: AgentSpec, team: TeamSpec, view: View) -> Move | Unsure:
    """The next move of an agent without rules. Only a play changes a row, and only that which it declares.

    The one whom customers meet first passes on what is surely a play of another whom it reaches. Sure of a play and of an
    article only; where a model is configured it is asked for all else.
    """
    flow = team.flow
    if spec.name == flow.closer:
        return _note(view)
    handed = view.last(spec.escalation.name) if spec.escalation else None
    if handed:
        return Say(_told(handed.result, view.text, newest_play(spec.plays, view.text)) if handed.done else ALONE)
    if danger := danger_in(view.latest):
        move = _hand_over(spec, flow, view, danger.for_operators)
        came_back = view.reason == NOT_SETTLED and isinstance(move, HandOff)
        return Say(f"{danger.said} {ALONE}") if came_back or isinstance(move, Say) else move
    if play := newest_play(spec.plays, view.latest) or newest_play(spec.plays, view.text):
        return _played(spec, flow, play, view)
    if passed_on := _passed_on(spec, team, view):
        return passed_on
    search = article_search(spec)
    for query in _queries(view) if search else []:
        assert search
        arguments = {next(iter(search.arguments.model_fields)): query}
        found = [c for c in view.calls if c.tool == search.name and dict(c.arguments) == arguments]
        if not found:
            return Calls((Call(search.name, arguments),))
        best = best_fit(query, found[-1].result if found[-1].done else [])
        if best:
            return Say(f"{re.sub(r'[*][*]|__', '', best.text)}\n[{best.citation}]")
    if not view.questions:
        return Unsure(Say(ASK, asks=True))
    return Unsure(_hand_over(spec, flow, view, "No rule and no article settles this."))


def _passed_on(spec: AgentSpec, team: TeamSpec, view: View) -> Move | None:
    """The handoff of the entry agent to whose play the words surely are, once the customer is known where it can find that out;
    None where they are nobody's, or came back.
    """
    others = [team.members[name] for name in team.flow.reaches.get(spec.name, ())] if spec.name == team.flow.entry else []
    plays = {play.name: (play, other) for other in others for play in other.plays}
    found = newest_play([play for play, _ in plays.values()], view.text)
    if found is None or view.reason == NOT_SETTLED:
        return None
    play, other = plays[found.name]
    if play.of_customer and not view.customer_id and any(tool.verifies for tool in spec.tools):
        return _verified_first(spec, team.flow, view)
    return HandOff(other.name, play.about)


def _played(spec: AgentSpec, flow: Flow, play: Play, view: View) -> Move | Unsure:
    """The next move of a play: its process, once the customer is known where it needs that; else a person's."""
    if play.of_customer and not view.customer_id:
        return _verified_first(spec, flow, view)
    if play.process is None:
        return _hand_over(spec, flow, view, play.about)
    own = replace(
        view,
        text=without_others(spec.plays, play, view.text),
        latest=without_others(spec.plays, play, view.latest),
        words=tuple(without_others(spec.plays, play, one) for one in view.words),
    )
    try:
        move = walk(play.process, own)
    except NotSettled as why:
        return _hand_over(spec, flow, view, f"{play.about} {why}")
    more = _more(spec, play, view) if isinstance(move, Say) and not move.asks else ""
    return replace(move, text=f"{move.text} {more}") if isinstance(move, Say) and more else move


def _more(spec: AgentSpec, play: Play, view: View) -> str:
    """What else was asked for, and is not begun: one thing is done at a time, and nothing is forgotten."""
    begun = {call.tool for call in (*view.calls, *view.unconfirmed)}
    others = of_others(spec.plays, play, view.text) if play.process and play.process.does else []
    left = [words for other, words in others if other.process and other.process.does and other.process.does.tool not in begun]
    return ONE_BY_ONE.format(" ".join(left)) if left else ""


def _verified_first(spec: AgentSpec, flow: Flow, view: View) -> Move:
    """Find out who writes, by what the channel knows or the customer gives; else whoever can."""
    tool = next((tool for tool in spec.tools if tool.verifies and len(tool.arguments.model_fields) == 1), None)
    if tool is None:
        return _hand_over(spec, flow, view, "The customer is not verified yet.", NOT_VERIFIED)
    name = next(iter(tool.arguments.model_fields))
    given = [*(found[0] for found in [EMAIL.search(view.latest)] if found), *([view.facts[name]] if name in view.facts else [])]
    tried = [dict(call.arguments) for call in view.calls if call.tool == tool.name]
    new = next(({name: one} for one in given if {name: one} not in tried), None)
    if new:
        return Calls((Call(tool.name, new),))
    closed = any(call.code == NOT_OF_CHANNEL for call in view.calls)  # whatever they type, it verifies nobody here
    if closed or view.questions > 1:
        return _hand_over(spec, flow, view, "The customer could not be verified.", NOT_VERIFIED)
    return Say(WHO if not tried else f"I do not find that. {WHO}", asks=True)


def article_search(spec: AgentSpec) -> Tool | None:
    """The agent's tool that takes a question and gives excerpts of articles, whatever it is called."""
    return next((tool for tool in spec.tools if _searches(tool)), None)


def best_fit(query: str, results: Any) -> Excerpt | None:
    """The excerpt that surely answers, if one does."""
    begun = {word[:AS_LONG] for word in terms(query)}
    for excerpt in map(Excerpt.model_validate, results):
        headings = {word[:AS_LONG] for word in terms(f"{excerpt.title} {excerpt.heading}")}
        if excerpt.score >= SURE and len(begun & headings) >= LEAST_WORDS:
            return excerpt
    return None


def _searches(tool: Tool) -> bool:
    takes = tool.arguments.model_fields.values()
    returns = get_type_hints(tool.function).get("return")
    return tool.effect == "read" and returns == list[Excerpt] and [f.annotation for f in takes if f.is_required()] == [str]


def _queries(view: View) -> list[str]:
    """What is looked up: the newest words, and then all that was written on the matter."""
    texts = (" ".join(text.split())[:MOST_QUERY] for text in (view.latest, view.text))
    return [text for text in dict.fromkeys(texts) if terms(text)]


def _hand_over(spec: AgentSpec, flow: Flow, view: View, why: str, reason: str = NOT_SETTLED) -> Move:
    about = f"{why} They wrote: {cut(' '.join(view.text.split()), MOST_TEXT)}"
    if spec.escalation:
        return Calls((Call(spec.escalation.name, {next(iter(spec.escalation.arguments.model_fields)): about}),))
    reached = flow.reaches.get(spec.name, ())
    to = flow.entry if flow.entry in reached else next(iter(reached), None)
    return HandOff(to, about, reason=reason) if to else Say(ALONE)


def _told(result: Any, text: str, play: Play | None) -> str:
    """What the customer hears of a hand-over: of danger first, else what the play says, where no process was to settle it."""
    said = result if isinstance(result, str) and result else HAS_IT
    if danger := danger_in(text):
        return f"{danger.said} {said}"
    return f"{play.says} {said}" if play and play.process is None else said


def _note(view: View) -> Note:
    done = [line.called for line in view.case if line.kind == "result" and line.status == "done" and line.called]
    wrote = " ".join(word for e in view.case if e.kind == "message" and e.speaker == CUSTOMER for word in e.text.split())
    return Note(f"The customer wrote: {cut(wrote, MOST_TEXT)} Done: {'; '.join(done) or 'nothing was changed'}.")
