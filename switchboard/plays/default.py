"""What an agent does that declares no rules: a person at danger, the play that fits, the article, ask once, hand over."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import Any

from switchboard.consent.admitted import few
from switchboard.declare.agent import AgentSpec, Twin
from switchboard.declare.flow import CUSTOMER, Flow
from switchboard.declare.moves import Call, Calls, HandOff, HandOffs, Move, Note, Say, Unsure
from switchboard.declare.play import Play
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import CallResult, View
from switchboard.events.rendering import cut
from switchboard.flows.matters import since_hand_back
from switchboard.plays.articles import article_search, beside_play, from_articles
from switchboard.plays.asked.several import Share, matters_in
from switchboard.plays.asked.thanks import only_thanks
from switchboard.plays.process import NotSettled, answers_it, walk
from switchboard.plays.tickets import ticket_told
from switchboard.plays.verifying import verified_by, verifying_tool
from switchboard.plays.which import newest_play, of_others, play_of_record, without_others
from switchboard.reading.danger import Danger, danger_in
from switchboard.reading.languages import SPOKEN, language_told
from switchboard.reading.languages import said as said_in
from switchboard.reading.person import asks_for_a_person
from switchboard.reading.spelling import hours_spelled
from switchboard.tickets.rows import numbered

MOST_TEXT = 500  # characters
NOT_SETTLED, NOT_VERIFIED = "not_settled", "not_verified"
"""The reasons of its handoffs, on which another agent's rules may branch."""
NO_WORDS = "The customer writes a language that we have no words in."
WANTS_A_PERSON = "The customer asks for a person."
OTHER_LANGUAGE = "The customer does not write the language of the team."


def rules_of(spec: AgentSpec, team: TeamSpec) -> Twin:
    """The agent's rules: its own, or what it does without any."""
    return spec.without_model or partial(default_move, spec, team)


def default_move(spec: AgentSpec, team: TeamSpec, view: View) -> Move | Unsure:
    """The next move of an agent without rules; where it answers beside a call that was read back and got neither a yes nor a
    no, it says that this is not done. Where a person takes over, the end of the run says so.
    """
    move = _next_move(spec, team, view)
    is_handed_over = spec.endings and view.last(*spec.endings)
    if not isinstance(move, Say) or move.asks or is_handed_over or spec.name == team.flow.closer:
        return move
    done = {_called(spec, call) for call in (*view.calls, *view.read_again) if call.done or call in view.read_again}
    calls = dict.fromkeys(name for call in view.unconfirmed if (name := _called(spec, call)) and name not in done)
    return (
        replace(move, text=f"{move.text} {said_in('case.not_done', view.language, calls='; '.join(calls))}") if calls else move
    )


def _called(spec: AgentSpec, call: CallResult) -> str:
    tool = spec.tool(call.tool)
    return tool.named(call.arguments) if tool and tool.called else ""


def _next_move(spec: AgentSpec, team: TeamSpec, view: View) -> Move | Unsure:
    """The next move of an agent without rules. Only a play changes a row, and only that which it declares.

    The one whom customers meet first passes on what is surely a play of another whom it reaches. Sure of a play and of an
    article only; where a model is configured it is asked for all else. Who writes a language that nothing here is said in goes
    to a person, and so does another than the team's where no play and no article answers it.
    """
    flow = team.flow
    if spec.name == flow.closer:
        return _note(view)
    handed = view.last(*spec.endings) if spec.endings else None
    if handed:
        return Say(
            told_of_hand_over(handed.result, team, view, newest_play(spec.plays, view.text, view.language))
            if handed.done
            else alone(view)
        )
    if only_thanks(view.latest) and len(view.words) == 1 and not any(view.answering):
        return Say(said_in("thanks", view.language))
    if danger := danger_in(view.latest):
        return _at_once(spec, flow, view, danger.for_operators, f"{_first_said(danger, view)} ")
    if language_told(view.latest, view.team_language) not in ("", *SPOKEN):
        return _at_once(spec, flow, view, NO_WORDS)
    if asks_for_a_person(view.latest, view.language):
        return _at_once(spec, flow, view, WANTS_A_PERSON)
    if stands := ticket_told(spec, view):
        return stands
    if play := _play(spec, view):
        return _played(spec, flow, play, view)
    if passed_on := _passed_on(spec, team, view):
        return passed_on
    if told := from_articles(article_search(spec), view):
        return told
    if view.language != view.team_language:
        return Unsure(_at_once(spec, flow, view, OTHER_LANGUAGE))
    if not view.questions:
        return Unsure(Say(said_in("play.ask", view.language), asks=True))
    return Unsure(_hand_over(spec, flow, view, "No rule and no article settles this."))


def alone(view: View) -> str:
    """What the customer hears where nobody can be given the case."""
    return said_in("play.alone", view.language)


def _at_once(spec: AgentSpec, flow: Flow, view: View, why: str, first: str = "") -> Move:
    """The hand-over to a person; where there is nobody, or it came back, what the customer hears: `first`, and that."""
    move = _hand_over(spec, flow, view, why)
    came_back = view.reason == NOT_SETTLED and isinstance(move, HandOff)
    return Say(f"{first}{alone(view)}") if came_back or isinstance(move, Say) else move


def _play(spec: AgentSpec, view: View) -> Play | None:
    """The agent's play that the newest words are which surely are one, or else all of them; where something was just done, that
    which did it. Who answers the question of a play goes on with it, whatever they sound like, unless the words ask for what
    another does.
    """
    search = article_search(spec)
    done = [] if view.wrote_since else [call.tool for call in view.calls if not search or call.tool != search.name]
    did = [one for one in spec.plays if done and one.process and one.process.does and one.process.does.tool == done[-1]]
    if len(did) == 1:
        return did[0]  # what was just done is told before all else
    asked_for = _asked_for(spec.plays, view)
    if not did or asked_for in did:
        return asked_for
    return newest_play(did, view.text, view.language) or did[0]


def _asked_for(plays: Sequence[Play], view: View) -> Play | None:
    """The play that the words begin, message by message, and go on with."""
    begun: Play | None = None
    for words, asked in zip_longest(view.words or (view.latest,), view.answering, fillvalue=""):
        newest = newest_play(plays, words, view.language)
        asks_only = newest and not (newest.process and newest.process.does)
        # who loses something beside it tells a person, and not the play that was begun
        beside = bool(newest and newest.process)
        if not (asks_only and begun and begun.process and answers_it(begun.process, view, words, asked, otherwise=beside)):
            begun = newest or begun
    return begun or newest_play(plays, view.text, view.language) or play_of_record(plays, view.text, view.language)


def _passed_on(spec: AgentSpec, team: TeamSpec, view: View) -> Move | None:
    """The handoff of the entry agent to whose play the words surely are, once the customer is known where it can find that out;
    None where they are nobody's, or came back.
    """
    others = _reached(spec, team)
    plays = {play.name: (play, other) for other in others for play in other.plays}
    if view.reason == NOT_SETTLED:
        return None
    if matters := _matters(spec, others, view):
        if any(one.play and one.play.of_customer for one in matters) and (first := _unverified(spec, team, view)):
            return first
        about = {other.name: other.description for other in others}
        return HandOffs(few(tuple(HandOff(m.to, m.play.about if m.play else about[m.to], request=m.words) for m in matters)))
    found = newest_play([play for play, _ in plays.values()], view.text, view.language)
    whose = "" if found or not spec.routes else spec.routes(view.latest) or spec.routes(view.text)
    found = found or (None if whose else play_of_record([play for play, _ in plays.values()], view.text, view.language))
    if found is None:
        return HandOff(whose, team.members[whose].description, facts=view.facts) if whose else None
    play, other = plays[found.name]
    return (_unverified(spec, team, view) if play.of_customer else None) or HandOff(other.name, play.about)


def _reached(spec: AgentSpec, team: TeamSpec) -> list[AgentSpec]:
    return [team.members[name] for name in team.flow.reaches.get(spec.name, ())] if spec.name == team.flow.entry else []


def _matters(spec: AgentSpec, others: Sequence[AgentSpec], view: View) -> list[Share]:
    return matters_in(view.text, {other.name: other.plays for other in others}, spec.routes, view.language)


def _unverified(spec: AgentSpec, team: TeamSpec, view: View) -> Move | None:
    """What finds out who writes, where that is not known and the agent can."""
    can = not view.customer_id and any(tool.verifies for tool in spec.tools)
    return _verified_first(spec, team.flow, view) if can else None


def departments_for(spec: AgentSpec, team: TeamSpec, view: View) -> list[str]:
    """Those whom the entry agent reaches whose matter the words surely are, by a play of theirs or by their examples."""
    if spec.name != team.flow.entry or view.reason == NOT_SETTLED:
        return []
    others = _reached(spec, team)
    if matters := _matters(spec, others, view):
        return [one.to for one in matters]
    found = [other.name for other in others if newest_play(other.plays, view.text, view.language)]
    routed = [spec.routes(text) for text in (view.latest, view.text)] if spec.routes else []
    return [*dict.fromkeys(name for name in (*found, *routed) if name)]


def looks_up(spec: AgentSpec, move: Move | Unsure) -> bool:
    """Whether a move of its rules is to look for an article, which tells no more than what may be said of the matter."""
    search = article_search(spec) if spec.without_model is None else None
    return search is not None and isinstance(move, Calls) and all(call.tool == search.name for call in move.calls)


def _played(spec: AgentSpec, flow: Flow, play: Play, view: View) -> Move | Unsure:
    """The next move of a play: its process, once the customer is known where it needs that; else a person's."""
    if play.of_customer and not view.customer_id:
        return _verified_first(spec, flow, view)
    if play.process is None:
        return _hand_over(spec, flow, view, play.about)
    own = replace(
        view,
        text=without_others(spec.plays, play, view.text, view.language),
        latest=without_others(spec.plays, play, view.latest, view.language),
        words=tuple(without_others(spec.plays, play, one, view.language) for one in view.words),
    )
    try:
        move = walk(play.process, own)
    except NotSettled as why:
        return _hand_over(spec, flow, view, f"{play.about} {why}")
    return move if not isinstance(move, Say) or move.asks else _with_more(spec, play, view, move)


def _with_more(spec: AgentSpec, play: Play, view: View, move: Say) -> Move:
    """What a play tells, with what else was asked beside it: what articles say to it, or that it be written again."""
    beside = beside_play(spec, play, view)
    if isinstance(beside, Calls):
        return beside
    told, unknown, sure = beside
    wishes = _not_begun(spec, play, view)
    left = [*wishes, *(one for one in unknown if not any(one in wish for wish in wishes))]
    more = said_in("play.one_by_one", view.language, words=" ".join(left)) if left else ""
    text = (f"{move.text}\n\n{told}" if told else move.text) + (f" {more}" if more else "")
    return replace(move, text=text, confidence=sure if told else move.confidence)


def _not_begun(spec: AgentSpec, play: Play, view: View) -> list[str]:
    """What else was asked for, and is not begun: one thing is done at a time, and nothing is forgotten."""
    begun = {call.tool for call in (*view.calls, *view.unconfirmed)}
    others = of_others(spec.plays, play, view.text, view.language) if play.process and play.process.does else []
    return [words for other, words in others if other.process and other.process.does and other.process.does.tool not in begun]


def _verified_first(spec: AgentSpec, flow: Flow, view: View) -> Move:
    """Find out who writes, by what the channel knows or the customer gives; else whoever can."""
    tool = verifying_tool(spec)
    if tool is None:
        return _hand_over(spec, flow, view, "The customer is not verified yet.", NOT_VERIFIED)
    move = verified_by(tool, view)
    return _hand_over(spec, flow, view, move, NOT_VERIFIED) if isinstance(move, str) else move


def _hand_over(spec: AgentSpec, flow: Flow, view: View, why: str, reason: str = NOT_SETTLED) -> Move:
    about = f"{why} They wrote: {cut(' '.join(view.text.split()), MOST_TEXT)}"
    if spec.escalation:
        return Calls((Call(spec.escalation.name, {next(iter(spec.escalation.arguments.model_fields)): about}),))
    reached = flow.reaches.get(spec.name, ())
    to = flow.entry if flow.entry in reached else next(iter(reached), None)
    return HandOff(to, about, reason=reason) if to else Say(alone(view))


def told_of_hand_over(result: Any, team: TeamSpec, view: View, play: Play | None) -> str:
    """What the customer hears of a hand-over: of danger first, else what the play says, where no process was to settle it."""
    has_it = said_in("play.has_it", view.language)
    said = result if isinstance(result, str) and result else has_it
    if numbered(said) is not None:  # the library's own ticket
        said = f"{has_it} {said_in('ticket.number', view.language, ticket_id=said)}"
    elif view.language != view.team_language and said != has_it:  # what the tool says is in the team's language
        said = f"{has_it} {said}"
    if team.hours:
        said += f" {said_in('hours', view.language, hours=hours_spelled(team.hours, team.time_zone, view.language))}"
    if danger := danger_in(view.text):
        return f"{_first_said(danger, view)} {said}"
    return f"{play.says} {said}" if play and play.process is None else said


def _first_said(danger: Danger, view: View) -> str:
    """What is said first of a danger: in the language of the words that tell it, or in the customer's where those are English,
    since they may stand in a text of any.
    """
    return danger.said if danger.language else said_in(f"danger.{danger.kind}", view.language)


def _note(view: View) -> Note:
    done = [line.called for line in view.case if line.kind == "result" and line.status == "done" and line.called]
    wrote = " ".join(word for e in view.case if e.kind == "message" and e.speaker == CUSTOMER for word in e.text.split())
    unclear = [line for line in view.case if line.kind == "result" and line.is_not_known]
    latest = since_hand_back(view.case)  # whoever gave the case back has found out
    open_ones = [line.called or line.tool for line in unclear if line in latest]
    unknown = f"Not known whether done, look before you do it: {'; '.join(open_ones)}." if open_ones else ""
    changed = "; ".join(done) or ("" if unclear else "nothing was changed")
    told = (f"The customer wrote: {cut(wrote, MOST_TEXT)}", changed and f"Done: {changed}.", unknown)
    return Note(" ".join(part for part in told if part))
