"""The human at the terminal: speaks as the customer, and as the operator sees each move before it takes effect."""

from collections.abc import Callable
from dataclasses import replace

from switchboard.console.terminal.live.keyboard import BrokenOff, keyboard, read_line, read_text
from switchboard.console.terminal.screen import move_in_words, say
from switchboard.declare.human import Approval, Review
from switchboard.declare.moves import Call, Calls, Move, Say, parsed_json
from switchboard.declare.transcript import as_json
from switchboard.errors import Stopped
from switchboard.events.masking import spoken
from switchboard.loop.recording.words import MOST_WORDS

FOR_A_MOVE = "[p]ass, [a]nswer in its place, [r]efuse with a reason, [s]top (Enter: pass) > "
FOR_A_CALL = "[p]ass, [a]nswer in its place, [e]dit, [r]efuse with a reason, [s]top (Enter: {default}) > "
YOU = "You (empty line to end): "
TYPED_EARLY = "What you typed before this was shown was not sent, as it could be no answer to it. If you mean it, type it now."


class AtTerminal:
    """AutoGen's human input modes: `never`, `terminate` (asked before a case is closed), `always` (at each turn).

    An empty line never runs a write; the end of input stops the run where a decision is due. `still_may` says whether the
    operator may decide by now, `is_called_away` that another one has the case, and `left` whether the customer has left.
    """

    live = True

    def __init__(self, mode: str = "never", operator: str = "operator", still_may: Callable[[], bool] = lambda: True) -> None:
        self._mode, self._operator, self._still_may = mode, operator, still_may
        self.reviews = mode != "never"
        self.left = False
        self.is_called_away: Callable[[], bool] = lambda: False

    def forget_early_words(self) -> None:
        """Take nothing for an answer that was typed before what it would answer was shown: a yes consents to what was read."""
        if keyboard.forget():
            say(TYPED_EARLY)

    def next_words(self, question: str) -> str | None:
        self.forget_early_words()
        try:
            words = spoken_line(self.is_called_away)
        except BrokenOff:
            return None
        self.left = not words
        return words

    def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
        closes = isinstance(move, Say) and not move.asks  # which is where AutoGen's TERMINATE mode asks
        if self._mode == "never" or (self._mode == "terminate" and not closes):
            return Review()
        keyboard.forget()
        if isinstance(move, Calls):
            review = self._review_calls(agent, move, effects)
        else:
            say(f"{agent} is about to {move_in_words(move)}")
            review = self._choose(agent, move)
        return replace(review, by=self._operator) if self._may_decide() else Review("stop")

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        if self._mode == "never":  # who types is the customer, and no customer approves for himself
            return Approval(None)
        keyboard.forget()
        say(f"{why} {agent} asks for {call.tool}({as_json(call.arguments)}).")
        answer = read_line("Approve? [y/N] ")
        if answer is not None and answer.strip().lower() in ("y", "yes"):
            return Approval("approve", self._operator) if self._may_decide() else Approval(None)
        reason = read_text("Why not? (the agent hears it) ") if answer is not None else None
        return Approval("refuse", self._operator, reason or "") if self._may_decide() else Approval(None)

    def _may_decide(self) -> bool:
        """Whether what was just decided counts; that it does not is told."""
        if still_may := self._still_may():
            return still_may
        say(f"{self._operator} is signed in here no more, so that counts for nothing. What waits is for other operators.")
        return False

    def _choose(self, agent: str, move: Move) -> Review:
        while True:
            answer = read_line(FOR_A_MOVE)
            match (answer or "").strip().lower() if answer is not None else "s":
                case "" | "p" | "y":
                    return Review()
                case "a":
                    return Review("replace", Say(self._text("Your answer to the customer: ")))
                case "r":
                    return Review("retry", text=self._text("Why? (the agent hears it): "))
                case "s":
                    return Review("stop")
                case other:
                    say(f"{other!r} is not one of p, a, r, s.")

    def _review_calls(self, agent: str, move: Calls, effects: dict[str, str]) -> Review:
        decided: list[Call] = []
        for call in move.calls:
            effect = effects.get(call.tool, "unknown")
            keyboard.forget()
            telling = f", and to say before it is read back: {call.telling}" if call.telling else ""
            say(f"{agent} is about to call {call.tool} ({effect}) with {as_json(call.arguments)}{telling}")
            review = self._choose_call(call, effect)
            if isinstance(review, Review):
                return review
            decided.append(review)
        return Review("replace", replace(move, calls=tuple(decided)))

    def _choose_call(self, call: Call, effect: str) -> Call | Review:
        """The call as it shall be made, or a review of the whole move."""
        harmless = effect in ("read", "compute")
        prompt = FOR_A_CALL.format(default="pass" if harmless else "refuse")
        while True:
            answer = read_line(prompt)
            choice = "s" if answer is None else answer.strip().lower() or ("p" if harmless else "r-")
            match choice:
                case "p" | "y":
                    return replace(call, approved=True, by=self._operator)
                case "e":
                    edited = self._edited(call)
                    if edited:
                        return edited
                case "r":
                    return replace(call, refusal=f"The operator refused it: {self._text('Why? (the agent hears it): ')}")
                case "r-":
                    return replace(call, refusal="The operator did not let it pass. Do not try it again; offer a transfer.")
                case "a":
                    return Review("replace", Say(self._text("Your answer to the customer: ")))
                case "s":
                    return Review("stop")
                case other:
                    say(f"{other!r} is not one of p, a, e, r, s.")

    def _edited(self, call: Call) -> Call | None:
        """The call with the arguments that are given as a JSON object in place of its own; None when the text is not one."""
        text = self._text(f"Arguments to change as JSON, now {as_json(call.arguments)}: ")
        try:
            arguments = parsed_json(text)
        except (ValueError, RecursionError) as error:
            say(f"That is not JSON ({error}); nothing was changed.")
            return None
        if not isinstance(arguments, dict):
            say("The arguments must be one JSON object; nothing was changed.")
            return None
        return Call(call.tool, {**call.arguments, **arguments}, approved=True, by=self._operator)

    def _text(self, prompt: str) -> str:
        """A text that is not empty. Raises Stopped at the end of input."""
        while True:
            answer = read_text(prompt)
            if answer is None:
                raise Stopped("The input ended.")
            if answer.strip():
                return answer.strip()
            say("Please type something, or s at the menu to stop.")


def spoken_line(is_called_away: Callable[[], bool] = lambda: False) -> str:
    """What the customer types next; nothing when they leave. Raises BrokenOff."""
    while True:
        words = spoken(read_text(YOU, is_called_away) or "")
        if len(words) <= MOST_WORDS:
            return words
        say(f"That has {len(words):,} characters; {MOST_WORDS:,} is the most. Send the part that matters.")
