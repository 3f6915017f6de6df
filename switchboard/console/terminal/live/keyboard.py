"""What a person types: at a terminal a text that can be edited until Enter sends it, from elsewhere a line."""

import asyncio
import os
import select
import shlex
import sys
import termios
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from switchboard.console.terminal.screen import err, say

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

POLL_SECONDS = 0.5
"""How often a wait for the person looks whether something has happened elsewhere."""
PASTE_SECONDS = 0.05
"""What comes so soon after an Enter was pasted with it: no hand is that fast. Most terminals mark a paste; some do not."""
GAP_SECONDS = 0.5
"""How long the next lines of a paste, of which there were several, may be on their way."""
NOT_TO_EDIT_ON = ("", "dumb", "unknown")
"""The terminals, by their TERM, in which no cursor can be moved, such as the shell within an editor."""
MOST_KEYS = 4096
"""Bytes that are looked at when what was typed too early is thrown away."""


class BrokenOff(Exception):
    """Something has happened that the person must see before they type on."""


class Keyboard:
    """Standard input. Lines of a file or a pipe are read past Python's buffers, so that a wait for one can be broken off."""

    def __init__(self) -> None:
        self._rest = b""
        self._input: Input | None = None
        self._begun = ""
        self.was_read = False

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
        return line.decode("utf-8", "replace").rstrip("\r") if line or ended else None

    def edited(self, prompt: str, screen: TextIO, is_called_away: Callable[[], bool], *, several: bool) -> str | None:
        """What is typed behind a prompt and sent with Enter, `several` lines of it where they were pasted; None at the end
        of input, or when the terminal is gone. Raises BrokenOff, after which what was typed by then stands there again, and
        KeyboardInterrupt.
        """
        from prompt_toolkit import PromptSession
        from prompt_toolkit.application import get_app
        from prompt_toolkit.output.vt100 import Vt100_Output

        self.was_read = True
        output = Vt100_Output.from_pty(screen, term=os.environ.get("TERM"))
        output.enable_cpr = False  # it places menus, of which there is none; a terminal that does not know it would show it
        session: PromptSession[str] = PromptSession(
            input=self._keys(), output=output, multiline=True, key_bindings=_enter_sends(several), reserve_space_for_menu=0
        )

        def look_meanwhile() -> None:
            get_app().create_background_task(look())

        async def look() -> None:
            broken: Exception = BrokenOff()
            try:
                while not is_called_away():
                    await asyncio.sleep(POLL_SECONDS)
            except Exception as error:  # noqa: BLE001 - raised by the prompt; else it is printed, and waits for Enter
                broken = error
            if not get_app().is_done:  # Enter was pressed in this instant
                get_app().exit(exception=broken)

        begun, self._begun = self._begun, ""
        try:
            text = session.prompt(prompt, default=begun, pre_run=look_meanwhile)
        except (EOFError, OSError):
            return None
        except BrokenOff:
            self._begun = session.default_buffer.text
            raise
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    def forget(self) -> bool:
        """Forget what was typed at a terminal until now: it answers nothing that is asked later, and is no command for the
        shell that comes after us. Returns whether there was any word in it.
        """
        if not has_terminal():
            return False
        early = [self._rest, self._begun.encode("utf-8", "replace")]
        if self._input:
            from prompt_toolkit.input.typeahead import get_typeahead

            early += [press.data.encode("utf-8", "replace") for press in get_typeahead(self._input)]
        with suppress(OSError):  # the terminal is gone, which reading from it tells
            early.append(_typed_by_now())
            termios.tcflush(0, termios.TCIFLUSH)
        self._rest, self._begun = b"", ""
        return any(part.strip() for part in early)

    def _keys(self) -> "Input":
        from prompt_toolkit.input import create_input

        self._input = self._input or create_input(sys.stdin)
        return self._input


keyboard = Keyboard()


def _enter_sends(several: bool) -> "KeyBindings":
    """Enter sends the text, but for one within a paste that the terminal does not mark as one."""
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("enter")
    @keys.add("c-j")
    def send(event: "KeyPressEvent") -> None:
        if several and _more_comes(event):
            event.current_buffer.insert_text("\n")
        else:
            event.current_buffer.validate_and_handle()

    return keys


def _more_comes(event: "KeyPressEvent") -> bool:
    if event.app.key_processor.input_queue:
        return True
    seconds = GAP_SECONDS if "\n" in event.current_buffer.text else PASTE_SECONDS
    try:
        return bool(select.select([0], [], [], seconds)[0])
    except OSError:
        return False


def _typed_by_now() -> bytes:
    """What stands in the terminal's own buffer, whether Enter ended it or not."""
    before, at_once = termios.tcgetattr(0), termios.tcgetattr(0)
    at_once[3] &= ~termios.ICANON
    at_once[6][termios.VMIN] = at_once[6][termios.VTIME] = 0
    termios.tcsetattr(0, termios.TCSANOW, at_once)
    try:
        return os.read(0, MOST_KEYS)
    finally:
        termios.tcsetattr(0, termios.TCSANOW, before)


def has_terminal() -> bool:
    """Whether standard input is a terminal and ours for now: who asks anything of one from the background is stopped."""
    try:
        return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
    except OSError:  # a terminal that is not the one of our session
        return False


def read_line(prompt: str) -> str | None:
    """One line from the person, such as a choice; None at the end of input."""
    return _read(prompt, several=False)


@contextmanager
def nothing_was_done(told: str, command: str) -> Iterator[None]:
    """Have Ctrl-C at a prompt before a deed say how things stand, and by which command one goes on."""
    try:
        yield
    except KeyboardInterrupt:
        say(told, command)
        raise


def typed_again(command: str, case_id: str, options: Mapping[str, str | None]) -> str:
    """A command as it was typed, with the options that were given."""
    given = [part for option, value in options.items() if value for part in (option, value)]
    return shlex.join(["switchboard", command, case_id, *given])


def read_text(prompt: str, is_called_away: Callable[[], bool] = lambda: False) -> str | None:
    """A text from the person, of several lines where it was pasted; None at the end of input. Raises BrokenOff when they
    are called away.
    """
    return _read(prompt, is_called_away, several=True)


def _read(prompt: str, is_called_away: Callable[[], bool] = lambda: False, *, several: bool) -> str | None:
    screen = next((stream for stream in (sys.stderr, sys.stdout) if stream.isatty()), None)
    if screen and has_terminal() and os.environ.get("TERM", "") not in NOT_TO_EDIT_ON:
        return keyboard.edited(prompt, screen, is_called_away, several=several)
    with suppress(OSError):  # whoever would read the prompt is gone
        err.print(prompt, end="", markup=False)
    try:
        line = _next_line(is_called_away)
    except (KeyboardInterrupt, BrokenOff):
        say("")
        raise
    if line is None:
        say("")
    return line


def _next_line(is_called_away: Callable[[], bool]) -> str | None:
    """The next line of a file or a pipe, or from a terminal on which nothing can be edited."""
    while True:
        try:
            return keyboard.line(POLL_SECONDS)
        except TimeoutError:
            if is_called_away():
                raise BrokenOff from None
