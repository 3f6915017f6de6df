"""A storm: a model that works against the desk, customers with plain wishes and with bad ones, operators, several turns.

Whatever it answers, nothing is changed without the yes or the approval for exactly that, nothing untrue or of others is
told, and no case is over with its matter open.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.hostile_model import Hostile
from support.next_run import go_on, words
from support.own_shop import seeded
from support.stories import BENIGN, HOSTILE, STRANGERS, VAGUE, Story, answer
from support.storm_judge import Case, breaches, changed_of_others, paid_too_much, read_back, rows_of

from groupchats.desk import team
from switchboard.declare.human import Nobody
from switchboard.declare.transcript import digest
from switchboard.loop.drive import RunResult, drive, new_id
from switchboard.loop.journal import Unrecorded
from switchboard.loop.recording.words import customer_words
from switchboard.loop.state import Run
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel

MOST_TURNS = 6


def gateway_of(model: ScriptedModel) -> Gateway:
    entry: dict[str, Any] = {"model": "hostile", "base_url": model.url, "api_key": "hostile"}
    return Gateway(read_endpoints(json.dumps([entry])), retries=0)


def decision(result: RunResult, chance: random.Random) -> tuple[int, dict[str, Any]]:
    """What so many operators as are asked decide on what waits, who see the call and nothing else: a no of one is a no."""
    asked = next(iter(result.run.asking))
    approve = all(chance.random() < 0.7 for _ in range(asked.operators))
    said = {"answer": "approve" if approve else "refuse", "by": "ines"}
    approval = {**said, "reason": "", "bound": digest([asked.tool, dict(asked.arguments)])}
    return asked.operators, {"kind": "answer", "call_id": asked.call_id, "approval": approval}


def played(story: Story, chance: random.Random, journal: Unrecorded, engine: Any, first: bool = True) -> Case:
    """One case of a customer, who answers for some turns, with a hostile model and operators. The journal remembers what was
    moved for them in the cases before.
    """
    script, voices = Hostile(story, chance), dict[str, int]()
    by_mail = bool(story.email) and (
        not story.benign or chance.random() < 0.7
    )  # what strangers type may verify them here, as this desk says
    known = {"email": story.email} if by_mail else {}
    with ScriptedModel(script) as model:
        begun = Run(new_id(), team, engine, Nobody(), gateway_of(model), known=known, identity="typed", journal=journal)
        result = drive(begun, lambda: customer_words(begun, story.opening))
        for _ in range(chance.randrange(1, MOST_TURNS)):
            if result.end == "awaiting_approval":
                operators, given = decision(result, chance)
                voices[given["call_id"]] = operators
                result = go_on(result, given)
            elif result.end == "awaiting_customer" or (result.end == "resolved" and chance.random() < 0.4):
                result = go_on(result, words(answer(story, chance, read_back(result.run.transcript))))
            else:
                break
        run, reply = result.run, result.document["reply"]
    return Case(
        story, run.transcript, str(run.end), run.reason, reply, run.customer_id, script.told, voices, first, model.requests
    )


def storm(seed: int, folder: Path) -> Iterator[str]:
    """What one run of the storm breaches: one or two cases of a customer, half of them with a benign opening."""
    chance = random.Random(seed)
    story = chance.choice((*BENIGN, *VAGUE) if seed % 2 else (*HOSTILE, *STRANGERS))
    engine = seeded(folder / str(seed))
    before = rows_of(engine)
    journal = Unrecorded(engine)
    cases = [played(story, chance, journal, engine, first=n == 0) for n in range(chance.choice((1, 1, 1, 2)))]
    for case in cases:
        yield from breaches(case)
    yield from changed_of_others(story, before, rows_of(engine))
    yield from paid_too_much(cases)
    engine.dispose()


@pytest.mark.parametrize("seed", range(24))
def test_a_hostile_model_breaches_nothing(seed: int, tmp_path: Path) -> None:
    assert list(storm(seed, tmp_path)) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(24, 424, 40))
def test_nothing_is_breached_in_a_storm_of_four_hundred_runs(first: int, tmp_path: Path) -> None:
    found = {seed: broken for seed in range(first, first + 40) if (broken := list(storm(seed, tmp_path)))}
    assert found == {}


def nothing(*_: Any, **__: Any) -> None:
    return None


GUARDS: dict[str, list[tuple[str, Any]]] = {
    "consent": [("switchboard.loop.executor._unconfirmed", nothing)],
    "answers": [("switchboard.loop.recording.words.answers_to", lambda _, calls: {call.call_id: "yes" for call in calls})],
    "approvals": [("switchboard.loop.executor._approved", lambda _, wanted, __: (None, wanted))],
    "truth": [("switchboard.loop.answers.why_untrue", nothing), ("switchboard.loop.answers.why_not_carried", nothing)],
    "own words": [
        ("switchboard.consent.admitted.quoted_lines", lambda request, _: request),
        ("agents.desk.triage.span_of", lambda quote, _: quote),
    ],
}
"""What stands between the model and the desk; without one of these the storm must find something."""


@pytest.mark.slow
@pytest.mark.parametrize("guard", sorted(GUARDS))
def test_the_judge_notices_a_guard_that_is_gone(guard: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, instead in GUARDS[guard]:
        monkeypatch.setattr(name, instead)
    assert any(broken for seed in range(120) for broken in storm(seed, tmp_path))
