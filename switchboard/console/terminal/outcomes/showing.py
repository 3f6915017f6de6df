"""What became of cases, and what is to be learned from them, shown."""

from pathlib import Path

from switchboard.console.app import Workplace
from switchboard.console.terminal.cases import outcome_told
from switchboard.console.terminal.screen import say, show_json
from switchboard.service.outcomes.thumbs import Thumb, give_thumb


def keep_thumb(case_id: str, thumb: Thumb, why: str, data: Path | None, json: bool) -> None:
    case_id, found = give_thumb(Workplace(data), case_id, thumb, why)
    if json:
        show_json({"case_id": case_id, **found.as_data()})
    else:
        say(f"{case_id}: {outcome_told(found.outcome, found.because, found.thumb)}.")
