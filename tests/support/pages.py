"""A page of documentation as a reader follows it: files are written, commands are typed into a real shell, what it shows comes.

A box below a line that is a file's name (**`NAME`**) is that file; "at its end" adds to it, "in place of `LINE`" puts it there.
Boxes of commands are typed as they stand, but for `export NAME=…`, which is the reader's own. A box of text is what is seen: it
stands in what the commands above it printed, with anything for `…`, whatever the spaces are.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

BOX = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"\*\*`([^`]+)`\*\*(?:, (?:(at its end)|in place of `([^`]+)`):)?")
OWN = re.compile(r"^export (\w+)=…$", re.MULTILINE)
DONE = "--this-box-is-done--"


@dataclass(frozen=True)
class Box:
    """A box: the `file` that it is, and how it gets there; else commands (`sh`) or what is seen (`text`)."""

    kind: str
    text: str
    file: str = ""
    at_end: bool = False
    in_place_of: str = ""


def boxes(page: str) -> list[Box]:
    """The boxes of a page, in their order."""
    found = []
    for box in BOX.finditer(page):
        lead = page[: box.start()].rstrip("\n").rpartition("\n")[2]
        named = FILE.fullmatch(lead)
        found.append(Box(box[1], box[2], named[1], bool(named[2]), named[3] or "") if named else Box(box[1], box[2]))
    return found


def section(page: str, title: str) -> str:
    """What stands under a heading."""
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def commands(page: str) -> list[str]:
    """Each command of a page's boxes, also those that stand on one line."""
    lines = [line for box in boxes(page) if box.kind == "sh" and not box.file for line in box.text.splitlines()]
    return [one for line in lines for one in re.split(r" && |; ", line) if one.strip()]


def written(page: str) -> list[str]:
    """Each line of a page's files that is not empty."""
    return [line for box in boxes(page) if box.file for line in box.text.splitlines() if line.strip()]


class Shell:
    """A reader's shell, as a context manager; `own` is what they give for the variables that are theirs to give."""

    def __init__(self, folder: Path, environment: Mapping[str, str], own: Mapping[str, str]) -> None:
        self.folder, self._own, self.seen = folder, own, ""
        self._shell = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> "Shell":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._shell.kill()
        self._shell.communicate()

    def follow(self, box: Box) -> None:
        """Do what a box says, or look for what it shows."""
        if box.file:
            self._write(box)
        elif box.kind == "sh":
            self.seen = self.type(OWN.sub(lambda match: f"export {match[1]}='{self._own[match[1]]}'", box.text))
        else:
            self._look(box.text)

    def type(self, text: str) -> str:
        """What is printed until the commands are done."""
        assert self._shell.stdin and self._shell.stdout
        self._shell.stdin.write(f"{text}\necho; echo {DONE}$PWD\n")
        self._shell.stdin.flush()
        printed = []
        for line in self._shell.stdout:
            if line.startswith(DONE):
                self.folder = Path(line.removeprefix(DONE).strip())
                return "".join(printed)
            printed.append(line)
        raise AssertionError(f"the shell ended: {''.join(printed)}")

    def _write(self, box: Box) -> None:
        path = self.folder / box.file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") if path.exists() else ""
        if box.in_place_of:
            assert before.count(f"{box.in_place_of}\n") == 1, f"{box.in_place_of!r} is not once in {box.file}"
            text = before.replace(f"{box.in_place_of}\n", box.text)
        else:
            assert bool(before) == box.at_end, f"{box.file} is {'there' if before else 'not there'} before"
            text = f"{before}\n{box.text}" if before else box.text
        path.write_text(text, encoding="utf-8")

    def _look(self, shown: str) -> None:
        seen = " ".join(self.seen.split())
        for words in filter(None, (" ".join(part.split()) for part in shown.split("…"))):
            assert words in seen, f"{words!r} did not come; what came is:\n{self.seen}"
            seen = seen.partition(words)[2]
