"""The human at the terminal: speaks as the customer, and as the operator sees each move before it takes effect."""

import os
import select
import termios
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from switchboard.console.terminal.screen import err, move_in_words, say
from switchboard.declare.human import Approval, Review
from switchboard.declare.moves import Call, Calls, Move, Say, parsed_json
from switchboard.declare.transcript import as_json
from switchboard.errors import Stopped
from switchboard.events.masking import spoken
from switchboard.loop.turn import MOST_WORDS

FOR_A_MOVE = "[p]ass, [a]nswer in its place, [r]efuse with a reason, [s]top (Enter: pass) > "
FOR_A_CALL = "[p]ass, [a]nswer in its place, [e]dit, [r]efuse with a reason, [s]top (Enter: {default}) > "
YOU = "You (empty line to end): "
POLL_SECONDS = 0.5
"""How often a wait for the person looks whether something has happened elsewhere."""
PASTE_SECONDS = 0.05
"""Lines that come faster than this, one after the other, were pasted: no hand is that fast."""
GAP_SECONDS = 0.5
"""How long the next lines of a paste, of which there were several, may be on their way."""
PASTED, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
"""What a terminal puts around a paste that was told to."""
TYPED_EARLY = "What you typed before this was shown was not sent, as it could be no answer to it. If you mean it, type it now."
MOST_OF_A_LINE = 4095
"""Bytes of one line that Linux takes from a terminal; what comes after them is dropped without a word."""


class BrokenOff(Exception):
    """Something has happened that the person must see before they type on."""


class Keyboard:
    """Lines from standard input, read past Python's buffers so that a wait for one can be broken off."""

    def __init__(self) -> None:
        self._rest = b""
        self._pasted: list[str | None] = []
        self.was_read = self.was_cut = False

    def line(self, seconds: float) -> str | None:
        """The next line, None at the end of input. Raises TimeoutError when there is none within so many seconds."""
        self.was_read = True
        while b"\n" not in self._rest:
            try:
                if not select.select([0], [], [], seconds)[0]:
                    raise TimeoutError
                new = os.read(0, 65536)
            except OSError as error:
                if isinstance(error, TimeoutError):
                    raise
                new = b""  # the terminal, or whoever wrote to us, is gone
            if not new:
                break
            self._rest += new
        line, ended, self._rest = self._rest.partition(b"\n")
        self.was_cut |= len(line) >= MOST_OF_A_LINE and os.isatty(0)
        return line.decode("utf-8", "replace").rstrip("\r") if line or ended else None

    def text(self, seconds: float) -> str | None:
        """The next line with those that were pasted with it at a terminal, empty ones too; else as `line`. `was_cut` then
        says whether the terminal has dropped the end of one. Where the last of them has no end yet, it goes on to Enter.
        """
        if not self._pasted:
            self.was_cut = False
        self._pasted.append(self.line(seconds))
        while self._pasted[-1] is not None and os.isatty(0):
            whole = "\n".join(line for line in self._pasted if line)
            is_open = whole.rfind(PASTED) > whole.rfind(PASTE_ENDS)
            gap = seconds if is_open else GAP_SECONDS if len(self._pasted) > 1 else PASTE_SECONDS
            try:
                self._pasted.append(self.line(gap))
            except TimeoutError:
                if is_open or self._takes_what_has_no_end():
                    raise
                break
        lines, self._pasted = [line for line in self._pasted if line is not None], []
        return "\n".join(lines).replace(PASTED, "").replace(PASTE_ENDS, "") if lines else None

    def _takes_what_has_no_end(self) -> bool:
        """Whether a line has begun at the terminal that nobody has ended with Enter; then what there is of it is taken."""
        if not has_terminal():
            return False
        before, at_once = termios.tcgetattr(0), termios.tcgetattr(0)
        at_once[3] &= ~termios.ICANON
        at_once[6][termios.VMIN] = at_once[6][termios.VTIME] = 0
        termios.tcsetattr(0, termios.TCSANOW, at_once)
        try:
            begun = os.read(0, MOST_OF_A_LINE)
        finally:
            termios.tcsetattr(0, termios.TCSANOW, before)
        self._rest += begun
        return bool(begun)

    def forget(self) -> bool:
        """Forget what was typed at a terminal until now: it answers nothing that is asked later, and is no command for the
        shell that comes after us. Returns whether there was any word in it.
        """
        if not has_terminal():
            return False
        with suppress(OSError):  # the terminal is gone, which reading from it tells
            self._takes_what_has_no_end()
            termios.tcflush(0, termios.TCIFLUSH)
        had_words = bool(self._rest.strip()) or any(line and line.strip() for line in self._pasted)
        self._rest, self._pasted = b"", []
        return had_words


def has_terminal() -> bool:
    """Whether standard input is a terminal and ours for now: who asks anything of one from the background is stopped."""
    try:
        return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
    except OSError:  # a terminal that is not the one of our session
        return False


keyboard = Keyboard()


def read_line(prompt: str) -> str | None:
    """One line from the person, such as a choice; None at the end of input."""
    return _read(prompt, keyboard.line)


def read_text(prompt: str, is_called_away: Callable[[], bool] = lambda: False) -> str | None:
    """A text from the person, of several lines where it was pasted; None at the end of input. Raises BrokenOff when they
    are called away.
    """
    return _read(prompt, keyboard.text, is_called_away)


def _read(prompt: str, read: Callable[[float], str | None], is_called_away: Callable[[], bool] = lambda: False) -> str | None:
    with suppress(OSError):  # the terminal is gone, which reading from it tells
        err.print(prompt, end="", markup=False)
    while True:
        try:
            line = read(POLL_SECONDS)
        except TimeoutError:
            if not is_called_away():
                continue
            say("")
            raise BrokenOff from None
        except KeyboardInterrupt:
            say("")
            raise
        if line is None:
            say("")
        return line


class AtTerminal:
    """AutoGen's human input modes: `never`, `terminate` (asked before a case is closed), `always` (at each turn).

    An empty line never runs a write; the end of input stops the run where a decision is due. `is_called_away` says that
    an operator has the case by now, and `left` whether the customer has.
    """

    live = True

    def __init__(self, mode: str = "never", operator: str = "operator") -> None:
        self._mode, self._operator = mode, operator
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
            return self._review_calls(agent, move, effects)
        say(f"{agent} is about to {move_in_words(move)}")
        return self._choose(agent, move)

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        if self._mode == "never":  # who types is the customer, and no customer approves for himself
            return Approval(None)
        keyboard.forget()
        say(f"{why} {agent} asks for {call.tool}({as_json(call.arguments)}).")
        answer = read_line("Approve? [y/N] ")
        if answer is not None and answer.strip().lower() in ("y", "yes"):
            return Approval("approve", self._operator)
        reason = read_text("Why not? (the agent hears it) ") if answer is not None else None
        return Approval("refuse", self._operator, reason or "")

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
        if keyboard.was_cut:
            most = f"The terminal takes {MOST_OF_A_LINE:,} bytes of a line, and has dropped the rest of yours"
            say(f"{most}, so nothing was sent. Break it into lines, or let `switchboard ask -` read it from a file.")
        elif len(words) > MOST_WORDS:
            say(f"That has {len(words):,} characters; {MOST_WORDS:,} is the most. Send the part that matters.")
        else:
            return words
