"""How far the reading of the sources is, then each part of a question, while researchers look into them side by side."""

import threading

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from switchboard.characters import visible
from switchboard.console.asked import asked
from switchboard.console.terminal.screen import Seen, err
from switchboard.events.rendering import cut
from switchboard.events.stream import Event

LONGEST = 60
"""Characters of a part that are shown."""
MANY = 20
"""Documents from which on their reading is shown."""


class Parts(Seen):
    """Shows the lines of a case as they come, and on a terminal, between them, a line for each branch: its part of the
    question, whether it is under way, and for how long.
    """

    def __init__(self, silent: bool) -> None:
        super().__init__(silent)
        columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        self._progress = Progress(*columns, console=err, disable=asked.trace or not err.is_terminal)
        counting = (TextColumn("Reading the sources"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(*counting, console=err, transient=True, disable=not err.is_terminal)
        self._task = self._bar.add_task("", total=None)
        self._parts: list[str] = []
        self._shown: dict[str, TaskID] = {}
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        with self._lock:
            if event.kind == "entry_added":
                self.stop()
                if event.entry.kind == "handoff":
                    self._parts.append(event.entry.text)
                elif event.entry.kind == "branch":
                    self._parts, self._shown = [], {}
            elif event.parent and event.kind == "run_started":
                self._begin(event.case_id)
            elif event.parent and event.case_id in self._shown:
                self._end(event.case_id, event.end if event.kind == "run_finished" else None)
        super().__call__(event)

    def reading(self, done: int, whole: int, name: str) -> None:
        """Show how many documents are read, where there are many."""
        if whole >= MANY:
            self._bar.start()
            self._bar.update(self._task, completed=done, total=whole)

    def stop(self) -> None:
        """Leave the lines as they are, and the terminal to others."""
        self._bar.stop()
        self._progress.stop()

    def _begin(self, case_id: str) -> None:
        number = int(case_id.rpartition("-")[2])
        part = self._parts[number - 1] if number <= len(self._parts) else f"Part {number}"
        told = " ".join(visible(part.partition("\n")[0]).split())
        if not self._shown:
            self._progress.start()
        self._shown[case_id] = self._progress.add_task(cut(told, LONGEST), total=1)

    def _end(self, case_id: str, end: str | None) -> None:
        task = self._shown[case_id]
        how = "" if end == "resolved" else f" ({end})"
        self._progress.update(task, completed=1, description=f"{self._progress.tasks[task].description}{how}")
