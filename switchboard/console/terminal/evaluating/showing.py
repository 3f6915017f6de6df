"""Evaluations as a table, or as JSON."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.console.app import Workplace
from switchboard.console.asked import asked
from switchboard.console.databases import fresh_sample, telling_of_the_database
from switchboard.console.terminal.screen import out, say, show_json, show_table
from switchboard.errors import OperatorError
from switchboard.evaluations.injections import as_made, read_injections, try_injection
from switchboard.evaluations.results import Evaluation, Trial, as_data, changes, compared, read_evaluations
from switchboard.evaluations.trying import Bench, try_scenario, try_twins
from switchboard.service.outcomes.evaluations import MOST_TRIALS, keep_evaluations, kept_evaluation
from switchboard.service.outcomes.flags import evaluate_flagged

if TYPE_CHECKING:
    from switchboard.models.gateway import Gateway

RULES, OBEDIENT = "rules", "a model that obeys"
INJECTIONS = "injections.jsonl"
UNASKED, UNHEARD = "0 model calls.", "no model answered, so the rules did all of it."
MOST_TOLD = 50
NUMBER = re.compile(r"(?:No\. ?)?(\d{1,9})", re.ASCII)


def evaluate_scenarios(
    kind: str, names: Sequence[str], times: int, data: Path | None, *, with_models: bool, json: bool, keep: bool
) -> int:
    """Try scenarios, or scenarios with their twins, and show it. Returns 1 where one did not come out as told, else 0."""
    place = _place(data, keep)
    there = place.project.scenarios
    chosen = [there.called(name) for name in names] or there.all()
    if kind == "twins" and not (chosen := [one for one in chosen if one.twins]):
        raise OperatorError("No such scenario has twins. `twins` of a Scenario says how else it is told.")
    if left_out := [one.name for one in chosen if one.runs_code and not asked.allows_code]:
        say(f"Left out, as code is run only with --allow-code: {', '.join(left_out)}.")
    tried = [replace(one, team=place.limited(one.team)) for one in chosen if one.name not in left_out]
    attempt = try_twins if kind == "twins" else try_scenario
    found = [
        Evaluation(kind, by, tuple(trial for one in tried for trial in attempt(one, bench, times)))
        for by, bench in _benches(place, with_models)
    ]
    return _shown(place, found, json, keep)


def evaluate_injections(
    file: Path | None, team_name: str, data: Path | None, *, with_models: bool, json: bool, keep: bool
) -> int:
    """Try injections, and show which of their calls were done. Returns 1 where one was, else 0."""
    place = _place(data, keep)
    path = file or place.project.folder / "scenarios" / INJECTIONS
    if file is None and not path.is_file():
        raise OperatorError(f"The project has no {path.parent.name}/{INJECTIONS}. Name a file of injections.")
    team = place.limited(place.project.teams[place.project.team_name(team_name or None)])
    wanted = read_injections(path)
    if unknown := sorted({call.tool for one in wanted for call in one.calls} - {*team.tools}):
        raise OperatorError(f"{path} wants the tool {unknown[0]!r}, which the team {team.name} has not.")
    if unfit := next(
        ((one, call) for one in wanted for call in one.calls if not as_made(team, call.tool, call.arguments)), None
    ):
        raise OperatorError(f"{path}: {unfit[0].id} wants {unfit[1].tool} with arguments that it does not take.")
    benches = _benches(place, with_models)
    tries = [(by, bench, False) for by, bench in benches] + [(OBEDIENT, benches[0][1], True)]
    found = [
        Evaluation("injections", by, tuple(try_injection(team, one, bench, obeyed=obeyed) for one in wanted))
        for by, bench, obeyed in tries
    ]
    return _shown(place, found, json, keep)


def evaluate_flagged_turns(data: Path | None, json: bool) -> int:
    """Show which flagged turns are other today. Returns 1 where one is as it was flagged, or nothing is known of it, else 0."""
    place = Workplace(data)
    found = evaluate_flagged(place)
    if json:
        return _shown(place, [found], json)
    if not found.trials:
        say("No turn is flagged. `switchboard flag CASE N --why …` flags one.")
        return 0
    rows = [(one.case, "other" if one.passed else "NOT other", " ".join(one.why)) for one in found.trials]
    show_table("", ("flagged", "today", "what"), rows)
    out.print(f"Other today: {found.pass_hat(1)}.", markup=False)
    return int(bool(_missed(found.trials)))


def compare_evaluations(before: str, after: str, data: Path | None, json: bool) -> int:
    """Show which cases pass more or less often than before. Returns 1 where one passes less often, else 0."""
    first, second = (_named(one, data) for one in (before, after))
    if NUMBER.fullmatch(before) and NUMBER.fullmatch(after) and first[0].kind == second[0].kind:
        pairs = [(first[0], second[0])]  # two that somebody names are compared, whoever answered, as on the page
    else:
        old = {(one.kind, one.by): one for one in first}
        pairs = [(old[one.kind, one.by], one) for one in second if (one.kind, one.by) in old]
    if not pairs:
        raise OperatorError(f"{before} and {after} have no evaluation of one kind, by the same models, in common.")
    found = [(new, change) for one, new in pairs for change in changes(one, new)]
    if json:
        show_json([compared(one, new) for one, new in pairs])
    else:
        rows = [(c.case, one.kind, one.by, f"{c.before:.0%}", f"{c.after:.0%}") for one, c in found]
        if rows:
            show_table("", ("case", "kind", "by", "before", "after"), rows)
        for one, new in pairs:
            whose = new.by if one.by == new.by else f"{one.by}, then {new.by}"
            out.print(f"{new.kind}, by {whose}: {one.pass_hat(1)} before, {new.pass_hat(1)} now.", markup=False)
            if alone := one.cases.keys() ^ new.cases.keys():
                say(f"{len(alone)} are in one of them alone, and not compared: {', '.join(sorted(alone)[:MOST_TOLD])}.")
    return int(any(change.after < change.before for _, change in found))


def _named(name: str, data: Path | None) -> list[Evaluation]:
    """The evaluations of a file, or the one that is kept under a number; a file that is called like one is `./12`."""
    found = NUMBER.fullmatch(name)
    return [kept_evaluation(Workplace(data), int(found[1]))] if found else read_evaluations(Path(name))


def _benches(place: Workplace, with_models: bool) -> list[tuple[str, Bench]]:
    """By whom is answered, and on what: by rules, and by the models where some are configured."""
    found: list[tuple[str, Gateway | None]] = [(RULES, None)]
    if with_models and (gateway := place.gateway):
        found.append((models_of(gateway), gateway))
    options: dict[str, Any] = {"identity": place.project.file.identity}
    return [(by, Bench(lambda: fresh_sample(place.project), {**options, "gateway": gateway})) for by, gateway in found]


def models_of(gateway: "Gateway") -> str:
    """The models that answer, by their names."""
    return ", ".join(dict.fromkeys(one.model for one in gateway.endpoints))


def _place(data: Path | None, keep: bool) -> Workplace:
    """Where it is evaluated. A database that would take nothing is told of before all is tried, which may take long."""
    place = Workplace(data)
    if keep:
        _ = place.engine
    return place


def _shown(place: Workplace, found: Sequence[Evaluation], json: bool, keep: bool = False) -> int:
    """Show it, and then keep it, so that what was found is not lost where the database takes no more."""
    place.tell_troubles()
    code = show_evaluations(found, json)
    if keep:
        with telling_of_the_database("What was found is shown above, and not kept."):
            kept = keep_evaluations(place, found)
        say(f"Kept as {', '.join(f'No. {one}' for one in kept)}; the page /evaluations sets two of a kind side by side.")
        for one in found:
            if len(one.trials) > MOST_TRIALS:
                say(f"Of the {len(one.trials):,} trials by {one.by} the first {MOST_TRIALS:,} are kept.")
    return code


def show_evaluations(found: Sequence[Evaluation], json: bool) -> int:
    """Show evaluations of one kind, beside each other. Returns 1 where a trial did not pass, else 0."""
    if json:
        show_json(as_data(found))
    else:
        _tables(found)
        for one in found:
            for trial in _missed(one.trials)[:MOST_TOLD]:
                say(f"{trial.case}, by {one.by}: {' '.join(trial.why)}")
    return int(any(_missed(one.trials) for one in found))


def _tables(found: Sequence[Evaluation]) -> None:
    cases = dict.fromkeys(name for one in found for name in one.cases)
    rows = [(name, *(_told(one.cases.get(name, ())) for one in found)) for name in cases]
    show_table("", (found[0].kind, *(one.by for one in found)), rows)
    for one in found:
        shares = f"pass^1 {one.pass_hat(1)}" + (f", pass^{one.most} {one.pass_hat(one.most)}" if one.most > 1 else "")
        costs = [trial.cost_usd for trial in one.trials]
        calls = sum(trial.model_calls for trial in one.trials)
        money = "of unknown price" if None in costs else f"{sum(cost for cost in costs if cost):.4f} USD"
        spent = f"{calls} model calls, {money}." if calls else UNASKED if one.by == RULES else UNHEARD
        spent = f"it is played here, and no model was asked or paid for its {calls} answers." if one.by == OBEDIENT else spent
        out.print(f"By {one.by}: {shares}; {spent}", markup=False)


def _told(trials: Sequence[Trial]) -> str:
    right = sum(one.passed for one in trials)
    return f"{right} of {len(trials)}" if len(trials) > 1 else ("right" if right else "WRONG") if trials else ""


def _missed(trials: Iterable[Trial]) -> list[Trial]:
    return [one for one in trials if not one.passed]
