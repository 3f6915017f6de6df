"""What was done the customer is told, also where the case goes to a person in the same breath."""

from pathlib import Path

from support.next_run import go_on, words
from support.own_shop import seeded

from groupchats.desk import team
from switchboard.loop.drive import run_team


def test_a_cancellation_is_told_though_another_order_was_never_found(tmp_path: Path) -> None:
    known = {"email": "priya.raman@example.com"}
    result = run_team(team, "Please cancel #W1000011 and #W1456309.", engine=seeded(tmp_path), known=known)
    for said in ("no longer needed", "Yes, but why?", "yes"):
        result = go_on(result, words(said))
    assert result.end == "escalated"
    heard = [e.text for e in result.run.transcript if e.kind == "message" and e.speaker != "customer"]
    assert [text for text in heard if "done: the cancellation of order #W1000011" in text] == heard[-1:]
