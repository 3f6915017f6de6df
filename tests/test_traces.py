"""The trace of a case: its rows as a tree of runs, turns, calls, branches and waits, with what each took."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support import toys
from support.flow_teams import flow_team

from switchboard.cases.approvals import answer, open_approvals
from switchboard.cases.cases import RunRef
from switchboard.cases.entries import forget_steps
from switchboard.cases.runs import Environment
from switchboard.cases.tracing.tree import run_of, trace_of
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Approval, Prepared
from switchboard.declare.moves import HandOff, Say, call
from switchboard.engine.worker import Worker
from switchboard.events.tracing.span import Span, Usage, trace_id
from switchboard.events.tracing.telling import drawn, money, numbers, told
from switchboard.migrations import migrate_cases
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel, tool_calls

KNOWN = {"email": "ada@example.com"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    toys.PAID.clear()
    engine = open_engine(sqlite_url(tmp_path / "cases.db"))
    migrate_cases(engine)
    yield engine
    engine.dispose()


def pays(cents: int) -> Any:
    def worker(view: Any) -> Any:
        done = view.last("pay")
        return Say(done.text or "It is paid.") if done else call("pay", cents=cents)

    return worker


def worked_on(engine: Engine, team: Any, gateway: Gateway | None = None) -> str:
    with Worker(Environment(engine, {team.name: team}, gateway)) as worker:
        return str(worker.work(worker.open_case(team.name, "Please pay me.", known=KNOWN))["case_id"])


def approved(engine: Engine, team: Any, case_id: str) -> None:
    with Worker(Environment(engine, {team.name: team})) as worker:
        (asked,) = open_approvals(engine, case_id)
        ref = answer(engine, case_id, asked.hash, Approval("approve", "ines"), worker.workflows.executor)
        assert isinstance(ref, RunRef)
        worker.work(ref)


def shape(span: Span) -> Any:
    return [span.kind, span.name, *([shape(child) for child in span.children])]


def gateway_to(model: ScriptedModel, **entry: Any) -> Gateway:
    return Gateway(read_endpoints(json.dumps([{"model": "little", "base_url": model.url, "api_key": "k", **entry}])), retries=0)


@pytest.mark.slow
def test_a_case_is_a_tree_of_runs_turns_calls_and_waits(engine: Engine) -> None:
    team = toys.team(pays(7000))
    case_id = worked_on(engine, team)
    waiting = trace_of(engine, case_id)
    assert shape(waiting.children[1]) == ["wait", "operator"] and waiting.children[1].end is None
    approved(engine, team, case_id)
    tree = trace_of(engine, case_id)
    first, wait, second = tree.children
    assert [child.name for child in first.children] == ["triage", "worker", "triage"]
    assert shape(first.children[0]) == ["turn", "triage", ["tool", "find_customer"]]
    assert first.children[1].children[-1].status == "waiting"
    assert (first.status, second.status, tree.status) == ("awaiting_approval", "resolved", "resolved")
    assert second.facts["began_with"] == "answer" and wait.end == second.start
    assert shape(second)[2:] == [["turn", "worker", ["tool", "pay"]], ["turn", "closer"]]


@pytest.mark.slow
def test_a_person_who_sits_there_is_waited_for_within_the_run_and_nobody_is_not(engine: Engine) -> None:
    alone = trace_of(engine, worked_on(engine, toys.team(pays(7000))))
    assert [span for span in alone.children[0].walk() if span.kind == "wait"] == []
    with Worker(Environment(engine, {"toys": toys.team(pays(7000))})) as worker:
        ref = worker.open_case("toys", "Please pay me.", known=KNOWN, human=Prepared(approvals=[True]))
        worker.work(ref)
    (run,) = trace_of(engine, ref.case_id).children
    waits = [(span.name, span.facts["for"]) for span in run.walk() if span.kind == "wait"]
    assert run.status == "resolved" and waits[0] == ("operator", "approve call_2")


def test_each_span_lies_within_the_one_that_it_is_part_of(engine: Engine) -> None:
    team = toys.team(pays(7000))
    case_id = worked_on(engine, team)
    approved(engine, team, case_id)
    for span in trace_of(engine, case_id).walk():
        for child in span.children:
            assert span.start <= child.start + 1e-3 and span.end is not None and child.end is not None
            assert child.start <= child.end <= span.end + 1e-3


@pytest.mark.slow
def test_the_same_rows_give_the_same_names_and_no_two_spans_have_one(engine: Engine) -> None:
    case_id = worked_on(engine, flow_team("fan_out", {"one": lambda view: HandOff("four", "look", {})}))
    once, again = ([span.id for span in trace_of(engine, case_id).walk()] for _ in range(2))
    assert once == again and len(set(once)) == len(once)
    assert trace_id(case_id) == trace_id(case_id) and len(trace_id(case_id)) == 32


@pytest.mark.slow
def test_branches_stand_in_the_run_that_began_them_with_what_they_did(engine: Engine) -> None:
    twins = {"one": lambda view: HandOff("four", "look", {})}
    case_id = worked_on(engine, flow_team("fan_out", twins))
    (run, *_) = trace_of(engine, case_id).children
    branches = [span for span in run.children if span.kind == "branch"]
    assert [(span.name, span.status) for span in branches] == [("two", "resolved"), ("three", "resolved")]
    assert all(shape(span.children[0]) == ["turn", span.name] for span in branches)
    alone = trace_of(engine, branches[0].case_id)
    assert alone.children[0].name == "two" and alone.facts["parent"] == case_id


@pytest.mark.slow
def test_calls_of_models_have_their_tokens_and_what_is_not_known_of_money_is_no_zero(engine: Engine) -> None:
    script = [tool_calls([("pay", {"cents": 300})]), "It is paid, all 3.00 of it."]
    with ScriptedModel(script, repeat=True) as model:
        dear = worked_on(engine, toys.team(), gateway_to(model, price=[0.5, 1.0]))
        unknown = worked_on(engine, toys.team(), gateway_to(model))
    (call_of_model, *_) = [span for span in trace_of(engine, dear).walk() if span.kind == "model"]
    assert (call_of_model.name, call_of_model.agent, call_of_model.status) == ("little", "worker", "answered")
    assert call_of_model.facts["provider"] == "openai_compatible" and call_of_model.facts["requested"] == "little"
    usage = trace_of(engine, dear).usage
    assert usage.cost_usd is not None and usage.cost_usd > 0 and usage.tokens > 0 and usage.model_calls >= 2
    assert trace_of(engine, unknown).usage.cost_usd is None
    assert numbers(trace_of(engine, unknown))[-1] == "unknown"


def test_one_price_that_is_not_known_makes_the_sum_unknown() -> None:
    assert (Usage(1, 10, 5, None, 0, 0.5) + Usage(1, 10, 5, 4, 0, None)) == Usage(2, 20, 10, 4, 0, None)
    assert money((Usage() + Usage(1, 10, 5, None, 0, 0.5)).cost_usd) == "0.5000"


def test_a_case_that_goes_on_has_a_trace_without_an_end(engine: Engine) -> None:
    seen: list[Span] = []

    def worker(view: Any) -> Any:
        with Session(engine) as session:
            (case_id,) = session.execute(text("SELECT id FROM cases")).one()
        seen.append(trace_of(engine, case_id))
        return Say("It is done.")

    worked_on(engine, toys.team(worker))
    tree = seen[0]
    assert tree.end is None and tree.status == "" and [span.kind for span in tree.children] == ["run"]
    assert any("goes on" in told(span) for _, span in drawn(tree)) and numbers(tree)[1] == "…"


@pytest.mark.slow
def test_of_steps_that_were_deleted_the_lines_still_tell_who_did_what(engine: Engine) -> None:
    with ScriptedModel([tool_calls([("pay", {"cents": 300})]), "It is paid, all 3.00 of it."]) as model:
        case_id = worked_on(engine, toys.team(), gateway_to(model))
    before = trace_of(engine, case_id)
    with Session(engine) as session, session.begin():
        forget_steps(session, [case_id])
    after = trace_of(engine, case_id)
    assert [s.name for s in after.walk() if s.kind == "tool"] == [s.name for s in before.walk() if s.kind == "tool"]
    assert after.usage.model_calls == before.usage.model_calls and after.usage.cost_usd is None


@pytest.mark.slow
def test_one_run_by_itself_tells_who_was_waited_for_before_it(engine: Engine) -> None:
    team = toys.team(pays(7000))
    case_id = worked_on(engine, team)
    approved(engine, team, case_id)
    whole = trace_of(engine, case_id)
    second = run_of(engine, case_id, 2)
    assert second and second.span == whole.children[2] and second.waited_for == "operator" and second.waited_seconds >= 0
    first = run_of(engine, case_id, 1)
    assert first and first.span == whole.children[0] and first.waited_for == ""
    assert run_of(engine, case_id, 3) is None


@pytest.mark.slow
def test_a_turn_is_of_whoever_made_its_move_and_not_of_a_model_whose_answer_was_not_taken(engine: Engine) -> None:
    with ScriptedModel(["Dear [Your Name], see {{our_page}}."], repeat=True) as model:
        trace = trace_of(engine, worked_on(engine, toys.team(), gateway_to(model)))
    turns = [span for span in trace.walk() if span.kind == "turn"]
    assert model.count and turns and {turn.facts["by"] for turn in turns} == {"rules"}
