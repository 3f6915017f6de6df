"""What became of cases, and what is to be learned from them, shown."""

from pathlib import Path

from switchboard.cases.documents import transcript
from switchboard.cases.standing import standing
from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.who import acting
from switchboard.console.terminal.cases import outcome_told
from switchboard.console.terminal.making.new import place_of_part, write_part
from switchboard.console.terminal.screen import say, show_json, show_record
from switchboard.service.outcomes import flags
from switchboard.service.outcomes.scenarios import as_scenario
from switchboard.service.outcomes.thumbs import Thumb, give_thumb


def keep_thumb(case_id: str, thumb: Thumb, why: str, data: Path | None, json: bool) -> None:
    case_id, found = give_thumb(Workplace(data), case_id, thumb, why)
    if json:
        show_json({"case_id": case_id, **found.as_data()})
    else:
        say(f"{case_id}: {outcome_told(found.outcome, found.because, found.thumb)}.")


def flag_turn(case_id: str, number: int, why: str, scenario: str, name: str, data: Path | None, json: bool) -> None:
    """Flag a turn, and write its case as a scenario where that has a name."""
    place = Workplace(data)
    path = place_of_part("scenario", scenario, place.project) if scenario else None
    found = flags.flag(place, case_id, number, why, acting(place, name))
    if path:
        stand = standing(place.engine, found.case_id)
        text = as_scenario(place.project.folder, scenario, stand, found, transcript(place.engine, found.case_id))
        write_part("scenario", scenario, path, text)
    if json:
        kept = {"case_id": found.case_id, "number": number, "why": found.why, "entry": found.entry.document()}
        show_record({**kept, "scenario": str(path) if path else None})
    else:
        say(f"Line {number} of {found.case_id} is flagged. `switchboard eval flagged` looks at it with today's code.")


def drop_flag(case_id: str, number: int, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    case_id = flags.unflag(place, case_id, number, acting(place, name))
    if json:
        show_json({"case_id": case_id, "number": number, "flagged": False})
    else:
        say(f"Line {number} of {case_id} is not flagged any more.")
