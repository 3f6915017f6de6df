"""Walks the process of a play: what is read, what is asked for, what must be so, what is done, and what is told."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from switchboard.consent.answers import asks_something, stance_of
from switchboard.declare.moves import Call, Calls, Move, Say
from switchboard.declare.play import CUSTOMER_ID, RESULT, Process, Slot, Step
from switchboard.declare.transcript import CallResult, View
from switchboard.errors import OF_THE_CALL
from switchboard.plays.slots import listed_for, said_for, told_in, value_at, value_for
from switchboard.reading.stance import Verdict, clauses_of, verdicts, without_forged

MOST_READ = 2
"""So often one and the same call is read back."""
LEFT = "All right, I leave it as it is."
INSTEAD = "All right, I have not done that. What would you like me to do instead?"
DONE = "That is done."
NOT_LET_PASS = "A colleague has looked at this and said no, so it was not done."
SHALL_I = "Shall I do that for you?"
NO_ANSWER = "All that I know of this stands below. If you want to ask a colleague first, write that you want a person."
AGAIN = ("One thing is still open.", "I am sorry that I have to ask again.")


class NotSettled(Exception):
    """The process cannot go on by itself: a person is needed, and this is why."""


def walk(process: Process, view: View) -> Move:
    """The next move of a process in this case. Raises NotSettled, with a sentence for colleagues, where a person is needed."""
    move = _walked(process, view)
    if not isinstance(move, Say) or not move.asks or not view.questions:
        return move
    if view.questions >= process.most_questions:
        raise NotSettled(f"{process.most_questions} questions did not settle it. Open: {move.text.splitlines()[0]}")
    if move.text == INSTEAD:
        return move
    return Say(f"{AGAIN[min(view.questions, len(AGAIN)) - 1]} {move.text}", asks=True)


def wanted(process: Process, view: View) -> Verdict:
    """What the words say of the deed. A yes to a question of ours asks for it, a no denies it."""
    if view.questions and (stance := stance_of(view.latest)) != "other":
        return "asked" if stance == "yes" else "denied"
    judged = verdicts(list(clauses_of(without_forged(view.text))), process.deed)
    answers = [one for one in judged if one in ("asked", "denied")]
    return answers[-1] if answers else judged[-1] if judged else "asked"


def _walked(process: Process, view: View) -> Move:
    found: dict[str, Any] = {CUSTOMER_ID: view.customer_id}
    made = _made(process, view)
    if made:
        return _told_of(process, view, found, made)
    if process.does:
        want = wanted(process, view)
        if want == "denied":
            return Say(LEFT)
        if want == "settled":
            raise NotSettled("The customer says that this was done already, or that they never wanted it.")
        if want == "open" and not view.questions:
            return Say(SHALL_I, asks=True)
    for step in process.reads:
        move = _step(process, step, view, found)
        if move:
            return move
    for condition in process.conditions:
        if value_at(found, condition.of) not in condition.values:
            return _telling(condition.otherwise, found)
    if not process.does:
        for slot in process.slots:
            if asked := _fill(process, slot.name, view, found):
                return asked
        return _telling(process.told, found)
    call = _call(process, process.does, view, found)
    return call if isinstance(call, Say) else _not_again(view, call)


def _made(process: Process, view: View) -> CallResult | None:
    """What came of the one call that the process does; a refusal of its arguments is asked about, and so not the end."""
    tool = process.does.tool if process.does else ""
    made = [c for c in view.calls if c.tool == tool and (c.done or c.refused_by)]
    another = bool(made) and view.wrote_since and _is_another(process, view, made[-1])
    return made[-1] if made and not another else None


def _is_another(process: Process, view: View, made: CallResult) -> bool:
    """Whether the newest words give something else than a call was made with: another wish of the kind."""
    newest = {slot.name: said_for(slot, view) for slot in process.slots}
    wants = {name: value_at(newest, source) for name, source in process.does.arguments.items()} if process.does else {}
    return any(value is not None and value != made.arguments.get(name) for name, value in wants.items())


def _told_of(process: Process, view: View, found: dict[str, Any], made: CallResult) -> Say:
    if not made.done:
        why = made.data.get("why") if made.operator_said_no else None
        return Say(f"{NOT_LET_PASS} {made.text}" if why else NOT_LET_PASS)
    for step in process.reads:
        read = [c for c in view.calls if c.tool == step.tool and c.done]
        found[step.tool] = read[-1].result if read else None
    for name, source in process.does.arguments.items() if process.does else ():
        found.setdefault(source, made.arguments.get(name))
    found[RESULT] = made.result
    said = told_in(process.told, found) if isinstance(process.told, str) else process.told(found)
    return Say(said or DONE)  # whatever the sentence lacks, it was done


def _telling(told: str | Callable[[Mapping[str, Any]], str], found: dict[str, Any]) -> Say:
    said = told_in(told, found) if isinstance(told, str) else told(found)
    if not said:
        raise NotSettled("What was found does not say what the customer is to be told.")
    return Say(said)


def _step(process: Process, step: Step, view: View, found: dict[str, Any]) -> Move | None:
    """The call of a step that is not made yet, or the question that it needs; else None, with its result in `found`."""
    call = _call(process, step, view, found)
    if isinstance(call, Say):
        return call
    made = _answered(view, call)
    if not made:
        return Calls((call,))
    if made[-1].done:
        found[step.tool] = made[-1].result
        return None
    slot = next((slot for slot in process.slots if slot.name in step.arguments.values()), None)
    if slot is None:
        raise NotSettled(f"{step.tool} did not work: {made[-1].text}")
    return Say(f"I find nothing under {found[slot.name]}. {slot.ask}", asks=True)


def _answered(view: View, call: Call) -> list[CallResult]:
    """What came of this very call. One that was made wrongly, such as before the customer was verified, is made once more."""
    same = [c for c in view.calls if c.tool == call.tool and dict(c.arguments) == dict(call.arguments)]
    return [c for c in same if c.done or c.code not in OF_THE_CALL] or same[1:]


def _call(process: Process, step: Step, view: View, found: dict[str, Any]) -> Call | Say:
    """A step as a call, or the question for what it needs."""
    for source in step.arguments.values():
        if asked := _fill(process, source.split(".")[0], view, found):
            return asked
    given = {name: value_at(found, source) for name, source in step.arguments.items()}
    return Call(step.tool, {name: value for name, value in given.items() if value is not None})


def _fill(process: Process, name: str, view: View, found: dict[str, Any]) -> Say | None:
    """Put the value of a slot into `found`; the question for it where it is not known."""
    slot: Slot | None = next((one for one in process.slots if one.name == name), None)
    if slot is None or name in found:
        return None
    if slot.among and not listed_for(slot, found):
        raise NotSettled(f"{slot.among} holds nothing that it could be.")
    value = value_for(slot, view, found, process.deed)
    refused = _refused_value(process, name, view, value)
    if refused:
        return Say(f"{refused} {slot.ask}", asks=True)
    if isinstance(value, Say):
        return value
    found[name] = value
    return None


def _refused_value(process: Process, name: str, view: View, value: Any) -> str:
    """What is wrong with a value that the last call was refused for, while the customer has given no other; else empty."""
    step = process.does
    failed = [c for c in view.calls if step and c.tool == step.tool and not c.done and not c.refused_by]
    if not step or not failed or isinstance(value, Say):
        return ""
    wrong = [argument for argument in failed[-1].data.get("arguments", ()) if argument in step.arguments]
    of_it = [one for one in wrong if step.arguments[one].split(".")[0] == name]
    again = any(failed[-1].arguments.get(one) == value_at({name: value}, step.arguments[one]) for one in of_it)
    return f"{value} cannot be taken." if again else ""


def _not_again(view: View, call: Call) -> Move:
    """The call; or what to say in place of one that the customer did not say yes to, unless they are to be asked once more."""
    repeated = [c for c in view.unconfirmed if c.tool == call.tool and dict(c.arguments) == dict(call.arguments)]
    failed = [c for c in _answered(view, call) if not c.done]
    if failed:
        raise NotSettled(f"{call.tool} was refused: {failed[-1].text}")
    if len(repeated) < MOST_READ and (not repeated or stance_of(view.latest) == "yes"):
        return Calls((call,))
    if len(repeated) < MOST_READ and asks_something(view.latest):
        return Calls((replace(call, telling=NO_ANSWER),))
    return Say(INSTEAD, asks=True)
