"""Walks the process of a play: what is read, what is asked for, what must be so, what is done, and what is told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from switchboard.consent.answers import stance_of
from switchboard.consent.partly import wants_otherwise
from switchboard.consent.record import reads_back
from switchboard.declare.moves import Call, Calls, HandOff, HandOffs, Move, Note, Say, Unsure
from switchboard.declare.play import CUSTOMER_ID, REFUSAL, RESULT, Found, Process, Slot, Step, Told
from switchboard.declare.transcript import CallResult, View
from switchboard.errors import NOT_ANSWERED, OF_THE_CALL
from switchboard.plays.read_back import FEW_WORDS, asks_what_instead, read_back
from switchboard.plays.slots import OfRecord, all_of, in_words, listed_for, said_for, told_in, value_at, value_for
from switchboard.reading.languages import said as said_in
from switchboard.reading.meant import languages_of, meant
from switchboard.reading.stance import Verdict

AGAIN = ("play.again", "play.once_more")
NOTHING: Found = {}


class NotSettled(Exception):
    """The process cannot go on by itself: a person is needed, and this is why."""


def walk(process: Process, view: View) -> Move | Unsure:
    """The next move of a process in this case. Raises NotSettled, with a sentence for colleagues, where a person is needed."""
    move = step_of(process, view)
    if not isinstance(move, Say) or not move.asks or not view.questions:
        return move
    if view.questions >= process.most_questions:
        raise NotSettled(f"{process.most_questions} questions did not settle it. Open: {move.text.splitlines()[0]}")
    if asks_what_instead(move.text):
        return move
    return Say(f"{said_in(AGAIN[min(view.questions, len(AGAIN)) - 1], view.language)} {move.text}", asks=True)


def wanted(process: Process, view: View) -> Verdict | Move:
    """What the words say of the deed. A yes to a question of ours asks for it, a no denies it."""
    if not isinstance(process.deeds, str):
        return process.deeds(view)
    if view.questions and (stance := stance_of(view.latest)) != "other":
        return "asked" if stance == "yes" else "denied"
    languages = languages_of(view.text, view.language, view.team_language)
    return meant(view.text, process.deed, languages) or "asked"


def step_of(process: Process, view: View, known: Found = NOTHING) -> Move | Unsure:
    """The next move of one of several walks, whose questions its caller counts: that for what is `known`, slot -> value, such
    as one of two bookings. What was called for another is none of it; it is done once for each. Raises NotSettled as `walk`.
    """
    found = _known(process, view, known)
    made = _made(process, view, found, known)
    if made and not (process.does and process.does.each and made.done):
        return _told_of(process, view, _known(process, view, known, made), made)
    found = {CUSTOMER_ID: view.customer_id, **known}
    if process.does and not made and (move := _unwanted(process, view)):
        return move
    for step in process.reads:
        if move := _step(process, step, view, found):
            return move
    for condition in () if made else process.conditions:
        holds = value_at(found, condition.of) if isinstance(condition.of, str) else condition.of(view, found)
        if holds not in condition.values:
            return _said(process, condition.otherwise, view, found)
    if not process.does:
        for slot in process.slots:
            if asked := _fill(process, slot.name, view, found):
                return asked
        return _said(process, process.told, view, found)
    calls = _calls(process, process.does, view, found)
    if not isinstance(calls, tuple):
        return calls
    left = [call for call in calls if not any(one.done for one in _answered(view, call))]
    if not left and made:
        return _told_of(process, view, found, made)
    if not calls:
        raise NotSettled(f"Nothing was found for which {process.does.tool} can be called.")
    return _not_again(process, view, found, (left or calls)[0])


def _unwanted(process: Process, view: View) -> Move | None:
    """What is said instead of doing what the words do not ask for; None where they do."""
    match wanted(process, view):
        case "denied":
            return left_as_it_is(view)
        case "settled":
            raise NotSettled("The customer says that this was done already, or that they never wanted it.")
        case "open" if not view.questions:
            return Say(_offer(process, view), asks=True)
        case "open" | "asked":
            return None
        case move:
            return move


def answers_it(process: Process, view: View, words: str, question: str, *, otherwise: bool = True) -> bool:
    """Whether words of the customer give what a question asks for: the value of a slot. To a call that was read back it is an
    answer, too, that something is to be done `otherwise`, or hardly more than such a value.
    """
    read = {step.tool: call.result for step in process.reads if (call := view.last(step.tool)) and call.done}
    came = [day for one, day in zip(view.words, view.days, strict=False) if one == words]
    alone = replace(view, text=words, latest=words, words=(words,), days=tuple(came[-1:]))
    again = process.does is not None and reads_back(question)
    if again and otherwise and wants_otherwise(words):
        return True
    asked = [
        slot for slot in process.slots if slot.ask and (slot.ask in question or (again and len(words.split()) <= FEW_WORDS))
    ]
    return any(said_for(slot, alone, read) is not None for slot in asked)


def left_as_it_is(view: View) -> Say:
    return Say(said_in("play.left", view.language))


def _offer(process: Process, view: View) -> str:
    """The offer to do it; where the words say nothing of what it is to be done with, with the question for that."""
    slots = [slot for slot in process.slots if slot.ask]
    known = any(said_for(slot, view, {CUSTOMER_ID: view.customer_id}) is not None for slot in slots)
    if known or not slots or slots[0].among:
        return said_in("play.shall_i", view.language)
    return f"{said_in('play.i_can', view.language)} {slots[0].ask}"


def _known(process: Process, view: View, known: Found, made: CallResult | None = None) -> dict[str, Any]:
    """What its reads have found so far; where a call was made, before it, if they were done by then."""
    before = view.calls[: view.calls.index(made)] if made else view.calls
    found: dict[str, Any] = {CUSTOMER_ID: view.customer_id, **known}
    for step in process.reads:
        done = [c for c in view.calls if _is_of(step, c, known) and c.done]
        read = [c.result for c in [c for c in done if c in before] or done]
        found[step.tool] = read if step.each else read[-1] if read else None
    return found


def _is_of(step: Step, call: CallResult, known: Found) -> bool:
    """Whether a call is one that the step makes, for what is known."""
    own = {name: known[source] for name, source in step.arguments.items() if source in known}
    return call.tool == step.tool and own.items() <= call.arguments.items()


def _made(process: Process, view: View, found: Found, known: Found) -> CallResult | None:
    """What came of the newest call that the process does; a refusal of its arguments is asked about, and so not the end."""
    step = process.does
    made = [c for c in view.calls if step and _is_of(step, c, known) and (c.done or c.operator_said_no)]
    another = bool(made) and not known and view.wrote_since and _is_another(process, view, found, made[-1])
    return made[-1] if made and not another else None


def _is_another(process: Process, view: View, found: Mapping[str, Any], made: CallResult) -> bool:
    """Whether the newest words give something else than a call was made with: another wish of the kind."""
    newest = {slot.name: said_for(slot, view, found) for slot in process.slots}
    wants = {name: value_at(newest, source) for name, source in process.does.arguments.items()} if process.does else {}
    return any(value is not None and value != made.arguments.get(name) for name, value in wants.items())


def _told_of(process: Process, view: View, found: dict[str, Any], made: CallResult) -> Move | Unsure:
    if not made.done:
        refusal = process.refused.get(made.code, _let_no_pass(made, view.language))
        return _said(process, refusal, view, {**found, REFUSAL: made.data})
    for name, source in process.does.arguments.items() if process.does else ():
        found.setdefault(source, made.arguments.get(name))
    said = told_by(process, process.told, view, {**found, RESULT: made.result})
    return (
        Say(said or said_in("play.done", view.language)) if isinstance(said, str) else said
    )  # whatever the sentence lacks, it was done


def _let_no_pass(refused: CallResult, language: str) -> str:
    told = said_in("play.not_let_pass", language)
    return f"{told} {refused.text}" if refused.data.get("why") else told


def told_by(process: Process, told: Told, view: View, found: Mapping[str, Any]) -> str | Move | Unsure:
    if not isinstance(told, str):
        return told(view, found)
    found = in_words({**found, **_of_records(process, found)}, process.words)
    lists = {name: all_of(one, found, view.team_language, view.currency) for name, one in process.lists.items()}
    return told_in(told, {**found, **lists}, view.team_language, view.currency)


def _of_records(process: Process, found: Mapping[str, Any]) -> dict[str, Any]:
    """The values of slots that are out of a list that was read."""
    names = [slot.name for slot in process.slots if slot.among]
    return {name: OfRecord(value) for name in names if isinstance(value := found.get(name), str)}


def _said(process: Process, told: Told, view: View, found: Mapping[str, Any]) -> Move | Unsure:
    said = told_by(process, told, view, found)
    if not said:
        raise NotSettled("Nothing was found that answers it.")
    return Say(said) if isinstance(said, str) else said


def _step(process: Process, step: Step, view: View, found: dict[str, Any]) -> Move | None:
    """The calls of a step that are not made yet, or the question that it needs; else None, with its result in `found`."""
    calls = _calls(process, step, view, found)
    if not isinstance(calls, tuple):
        return calls
    made = [(call, _answered(view, call)) for call in calls]
    if missing := tuple(call for call, answers in made if not answers):
        return Calls(missing)
    results = [answers[-1].result for _, answers in made if answers[-1].done]
    if step.each or results:
        found[step.tool] = results if step.each else results[0]
        return None
    slot = next((slot for slot in process.slots if slot.name in step.arguments.values()), None)
    if slot is None or not slot.ask or made[0][1][-1].code in NOT_ANSWERED:
        raise NotSettled(f"{step.tool} did not work: {made[0][1][-1].text}")
    return Say(f"{said_in('play.nothing_under', view.language, value=str(found[slot.name]))} {slot.ask}", asks=True)


def _answered(view: View, call: Call) -> list[CallResult]:
    """What came of this very call. One that was made wrongly, such as before the customer was verified, is made once more."""
    same = [c for c in view.calls if c.tool == call.tool and dict(c.arguments) == dict(call.arguments)]
    return [c for c in same if c.done or c.code not in OF_THE_CALL] or same[1:]


def _calls(process: Process, step: Step, view: View, found: dict[str, Any]) -> tuple[Call, ...] | Move:
    """A step as the calls that it is, or the question for what it needs."""
    for source in (*([step.each] if step.each else []), *step.arguments.values()):
        if asked := _fill(process, source.split(".")[0], view, found):
            return asked
    rows = [{**found, step.each: one} for one in found[step.each]] if step.each else [found]
    given = [{name: value_at(row, source) for name, source in step.arguments.items()} for row in rows]
    return tuple(Call(step.tool, {name: value for name, value in one.items() if value is not None}) for one in given)


def _fill(process: Process, name: str, view: View, found: dict[str, Any]) -> Move | None:
    """Put the value of a slot into `found`; the question for it where it is not known."""
    slot: Slot | None = next((one for one in process.slots if one.name == name), None)
    if slot is None or name in found:
        return None
    if slot.among and not listed_for(slot, found):
        raise NotSettled(f"{slot.among} holds nothing that it could be.")
    others = [one.ask for one in process.slots if one.ask and one.name != name]
    alone = sum(bool(one.date) for one in process.slots) == 1
    value = value_for(slot, view, found, process.deed, others, alone=alone)
    if isinstance(value, Call | Say | Calls | HandOff | HandOffs | Note):
        return Calls((value,)) if isinstance(value, Call) else value
    if slot.ask and (refused := _refused_value(process, name, view, value)):
        return Say(f"{refused} {slot.ask}", asks=True)
    found[name] = value
    return None


def _refused_value(process: Process, name: str, view: View, value: Any) -> str:
    """What is wrong with a value that the last call was refused for, while the customer has given no other; else empty."""
    step = process.does
    failed = [c for c in view.calls if step and c.tool == step.tool and not c.done and not c.refused_by]
    if not step or not failed:
        return ""
    wrong = [argument for argument in failed[-1].data.get("arguments", ()) if argument in step.arguments]
    of_it = [one for one in wrong if step.arguments[one].split(".")[0] == name]
    again = any(failed[-1].arguments.get(one) == value_at({name: value}, step.arguments[one]) for one in of_it)
    return said_in("play.not_taken", view.language, value=str(value)) if again else ""


def _not_again(process: Process, view: View, found: Mapping[str, Any], call: Call) -> Move | Unsure:
    """The call; or what is told of its refusal, or in place of one that the customer did not say yes to."""
    failed = [c for c in _answered(view, call) if not c.done]
    if failed and failed[-1].code in process.refused and not failed[-1].refused_by:  # a deadline is no operator's no
        return _said(process, process.refused[failed[-1].code], view, {**found, REFUSAL: failed[-1].data})
    if failed:
        raise NotSettled(f"{call.tool} was refused: {failed[-1].text}")
    step = (process.again or read_back)(view, call)
    return step if isinstance(step, Say) else Calls((step,))
