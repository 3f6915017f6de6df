"""Figures on cases, counted by the database."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import CTE, ColumnElement, Engine, Subquery, and_, case, func, literal, or_, select, text, union_all
from sqlalchemy.orm import Session

from switchboard.cases.entries import STEP
from switchboard.cases.outcomes.outcome import because, named
from switchboard.cases.statistics.figures import By, Figures, Percentiles, Stats
from switchboard.cases.statistics.sql import epoch, percentiles, utc_day
from switchboard.cases.tables import CaseRow, EntryRow, RunRow
from switchboard.declare.flow import CUSTOMER, EXECUTOR, OPERATOR

ALL = "all"
ASKS_PEOPLE = ("escalated", "awaiting_approval")
"""Ends of a run after which a person has the case, or must say yes."""
MODEL = "model "
"""How the name of a step begins in which a model was asked; the agent stands behind it."""
NO_AGENTS = (CUSTOMER, EXECUTOR, OPERATOR)
ONCE = "MATERIALIZED"
"""Each of these is worked out once, and not for each row that it is joined to, as a database does that knows no better."""
HASHED = text("SET LOCAL enable_nestloop = off")
"""The same for joins on Postgres, which takes what a common table expression gives for a few rows."""
MEASURED_FROM = 0.001
"""Seconds: of cases of 0.2, whose lines have the moment at which their run began, nobody knows when they were answered."""
SPOKEN = ("message", "handoff", "note", "call")
"""Kinds of lines that an agent itself makes."""


def stats_of(engine: Engine, since: datetime | None = None, by: Collection[By] = get_args(By)) -> Stats:
    """The figures of all cases that began since then, together and in groups."""
    with Session(engine.execution_options(reading=True)) as session:
        if engine.dialect.name == "postgresql":
            session.execute(HASHED)
        matters = _matters(since)
        cases = _by_case(session, matters, [ALL, *(one for one in by if one not in ("agent", "model"))])
        others = {"agent": _by_agent, "model": _by_model}
        groups = {one: others[one](session, matters) if one in others else cases[one] for one in by}
        whole = cases[ALL]
        return Stats(since.date().isoformat() if since else None, whole[0] if whole else Figures(ALL), groups)


def _matters(since: datetime | None) -> CTE:
    """A row for each case that was worked on: how it stands, and whether a person had to do with it. A branch is none, and no
    fork, in which a matter that is counted already, with what was spent on it, is gone through once more.
    """
    began_with = RunRow.given["kind"].as_string()
    escalated, by_people = RunRow.end == "escalated", or_(RunRow.end.in_(ASKS_PEOPLE), began_with == "handed_back")
    runs = (
        select(RunRow.case_id, func.max(_one(escalated)).label("escalated"), func.max(_one(by_people)).label("people"))
        .group_by(RunRow.case_id)
        .subquery()
    )
    at_hand = or_(EntryRow.name.startswith("human approve"), EntryRow.name.startswith("human review"))
    here = select(EntryRow.case_id).where(EntryRow.kind == STEP, at_hand).distinct().subquery()
    with_people = or_(runs.c.people == 1, here.c.case_id.is_not(None), CaseRow.held_by.is_not(None))
    query = (
        select(
            CaseRow.id,
            utc_day(CaseRow.created_at).label("day"),
            func.coalesce(CaseRow.department, "none").label("department"),
            func.coalesce(CaseRow.end, "working").label("end"),
            named().label("outcome"),
            func.coalesce(because(), "").label("because"),
            func.coalesce(CaseRow.thumb, "").label("thumb"),
            runs.c.escalated,
            _one(and_(CaseRow.end == "resolved", ~with_people)).label("deflected"),
            CaseRow.used["model_calls"].as_integer().label("model_calls"),
            CaseRow.used["tokens"].as_integer().label("tokens"),
            CaseRow.used["cost_usd"].as_float().label("cost"),
            _one(_is_priced(CaseRow.used, "cost_known")).label("priced"),
            epoch(CaseRow.created_at).label("began"),
        )
        .join(runs, runs.c.case_id == CaseRow.id)
        .outerjoin(here, here.c.case_id == CaseRow.id)
        .where(CaseRow.parent.is_(None), CaseRow.state[("forked", 0)].as_string().is_(None))
    )
    return (query if since is None else query.where(CaseRow.created_at >= since)).cte("matters").prefix_with(ONCE)


NOTHING = Percentiles()
TOKENS = (("answer", "prompt_tokens"), ("answer", "completion_tokens"), ("answer", "wasted", "tokens"), ("wasted", "tokens"))
COSTS = (("answer", "cost_usd"), ("answer", "wasted", "cost_usd"), ("wasted", "cost_usd"))
"""Where the outcome of a call of a model has what was spent on it."""


def _calls(matters: CTE) -> CTE:
    """A row for each call of a model in these cases and in their branches."""
    is_told = or_(EntryRow.data[("answer", "model")].as_string().is_(None), EntryRow.data[COSTS[0]].as_float().is_not(None))
    priced = and_(
        is_told,
        func.coalesce(EntryRow.data[("answer", "priced")].as_boolean(), True),
        _is_priced(EntryRow.data, "answer", "wasted", "priced"),
        _is_priced(EntryRow.data, "wasted", "priced"),
    )
    asked = (
        select(
            EntryRow.case_id,
            func.substr(EntryRow.name, len(MODEL) + 1).label("agent"),
            func.coalesce(EntryRow.data[("answer", "model")].as_string(), "none").label("model"),
            EntryRow.data["seconds"].as_float().label("seconds"),
            sum((func.coalesce(EntryRow.data[path].as_integer(), 0) for path in TOKENS), literal(0)).label("tokens"),
            sum((func.coalesce(EntryRow.data[path].as_float(), 0.0) for path in COSTS), literal(0.0)).label("cost"),
            _one(priced).label("priced"),
        )
        .where(EntryRow.kind == STEP, EntryRow.name.startswith(MODEL))
        .cte("asked")
        .prefix_with(ONCE)
    )
    names = (asked.c[name] for name in ("agent", "model", "seconds", "tokens", "cost", "priced"))
    found = select(matters.c.id, matters.c.day, matters.c.department, *names).join(CaseRow, CaseRow.id == asked.c.case_id)
    return found.join(matters, matters.c.id == func.coalesce(CaseRow.parent, CaseRow.id)).cte("calls").prefix_with(ONCE)


def _is_priced(data: Any, *path: str) -> ColumnElement[bool]:
    """Whether a price is known, as rows say it: that it is, or how many calls there are without one."""
    unpriced = data[(*path[:-1], "unpriced")].as_integer()
    return and_(func.coalesce(data[path].as_boolean(), True), func.coalesce(unpriced, 0) == 0)


def _by_case(session: Session, matters: CTE, kinds: Sequence[str]) -> dict[str, tuple[Figures, ...]]:
    """The figures of cases by what their rows say, for each kind of group; `all` is one group of all."""
    c = matters.c
    known = {"known_usd": func.coalesce(c.cost, 0.0) * c.priced, "unpriced": 1 - c.priced}
    sums = {one: c[one] for one in ("escalated", "deflected", "model_calls", "tokens")} | known
    found_of = (c.end, c.outcome, c.because, c.thumb)
    grouped = select(c.day, c.department, func.count(), *found_of, *map(func.sum, sums.values()))
    ends: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    came_to: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    counted: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    rows = session.execute(grouped.group_by(c.day, c.department, *found_of))
    for day, department, count, end, outcome, why, thumb, *more in rows:
        for kind in kinds:
            key = kind, {"day": day, "department": department}.get(kind, ALL)
            ends[key][end] += count
            came_to[key]["outcomes"][outcome] += count
            for name, value in (("because", why), ("thumbs", thumb)):
                came_to[key][name].update({value: count} if value else {})
            counted[key] = {one: counted[key].get(one, 0) + new for one, new in zip(sums, more, strict=True)}
    said = and_(EntryRow.kind == "message", EntryRow.data["speaker"].as_string() != CUSTOMER)
    first = select(EntryRow.case_id, func.min(EntryRow.at).label("at")).where(said).group_by(EntryRow.case_id).cte("first")
    waited = (first.c.at - c.began).label("seconds")
    answered = select(c.day, c.department, waited).join(first, first.c.case_id == c.id).where(waited > MEASURED_FROM)
    answers = _percentiles(session, _in_groups(answered.cte("answered").prefix_with(ONCE), kinds))
    models = _percentiles(session, _in_groups(_calls(matters), kinds))
    found: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    for kind, name in sorted(ends):
        of, key = f"{kind} {name}", (kind, name)
        took: dict[str, Any] = {**came_to[key], "model_call": models.get(of, NOTHING), "first_answer": answers.get(of, NOTHING)}
        found[kind].append(Figures(name, ends[key], **counted[key], **took))
    return {kind: tuple(rows) for kind, rows in found.items()}


def _in_groups(measured: CTE, kinds: Sequence[str]) -> Subquery:
    """What was measured, once for each kind of group, each by the kind and its name."""
    c = measured.c
    names = {"day": literal("day ") + c.day, "department": literal("department ") + c.department}
    every = (select(names.get(kind, literal(f"{ALL} {ALL}")).label("name"), c.seconds.label("value")) for kind in kinds)
    return union_all(*every).subquery()


def _by_agent(session: Session, matters: CTE) -> tuple[Figures, ...]:
    """The figures of agents: of the cases that each spoke in, and of its own calls."""
    speaker, c = EntryRow.data["speaker"].as_string(), matters.c
    spoke = and_(EntryRow.kind.in_(SPOKEN), speaker.not_in(NO_AGENTS))
    spoken = select(EntryRow.case_id, speaker.label("agent")).where(spoke).distinct().cte("spoken").prefix_with(ONCE)
    found = select(c.id, spoken.c.agent).select_from(spoken).join(CaseRow, CaseRow.id == spoken.c.case_id)
    lines = found.join(matters, c.id == func.coalesce(CaseRow.parent, CaseRow.id)).distinct().cte("lines")
    what = (c.end, c.outcome)
    grouped = select(lines.c.agent, *what, func.count(), func.sum(c.deflected)).join(matters, c.id == lines.c.id)
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    deflected: dict[str, int] = defaultdict(int)
    for agent, end, outcome, count, without_people in session.execute(grouped.group_by(lines.c.agent, *what)):
        ends[agent][end] += count
        outcomes[agent][outcome] += count
        deflected[agent] += without_people
    to = EntryRow.data["to"].as_string()
    handed = select(to, func.count(EntryRow.case_id.distinct())).join(matters, c.id == EntryRow.case_id)
    handed = handed.where(EntryRow.kind == "result", EntryRow.data["ends"].as_string() == "escalated").group_by(to)
    escalated = {agent: int(count) for agent, count in session.execute(handed)}
    calls = _calls(matters)
    used, model = _spent(session, calls, "agent")
    return tuple(
        Figures(
            one,
            ends[one],
            outcomes[one],
            escalated=escalated.get(one, 0),
            deflected=deflected[one],
            model_call=model.get(one, NOTHING),
            **used.get(one, {}),
        )
        for one in sorted({*ends, *used})
    )


def _by_model(session: Session, matters: CTE) -> tuple[Figures, ...]:
    """The figures of models: of the cases in which each answered, and of its calls."""
    calls = _calls(matters)
    answered = select(calls.c.id, calls.c.model).distinct().cte("answered_in")
    grouped = select(answered.c.model, matters.c.end, func.count(), *map(func.sum, (matters.c.escalated, matters.c.deflected)))
    grouped = grouped.join(matters, matters.c.id == answered.c.id).group_by(answered.c.model, matters.c.end)
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    with_people: Counter[str] = Counter()
    without: Counter[str] = Counter()
    for model, end, count, escalated, deflected in session.execute(grouped):
        ends[model][end] += count
        with_people[model] += escalated
        without[model] += deflected
    used, took = _spent(session, calls, "model")
    return tuple(
        Figures(
            one,
            ends[one],
            escalated=with_people[one],
            deflected=without[one],
            model_call=took.get(one, NOTHING),
            **used[one],
        )
        for one in sorted(used)
    )


def _spent(session: Session, calls: CTE, by: str) -> tuple[dict[str, dict[str, Any]], dict[str, Percentiles]]:
    """What calls of models took, and how long, by a column of theirs."""
    c, name = calls.c, calls.c[by]
    sums = {"tokens": c.tokens, "known_usd": c.cost * c.priced, "unpriced": 1 - c.priced}
    query = select(name, func.count(), *map(func.sum, sums.values())).group_by(name)
    used = {one: dict(zip(("model_calls", *sums), spent, strict=True)) for one, *spent in session.execute(query)}
    return used, _percentiles(session, select(name.label("name"), c.seconds.label("value")).subquery())


def _percentiles(session: Session, measured: Any) -> dict[str, Percentiles]:
    return {name: Percentiles(p50, p95) for name, p50, p95 in session.execute(percentiles(measured))}


def _one(condition: ColumnElement[Any]) -> ColumnElement[int]:
    """1 where it is so, else 0, to be added up."""
    return case((condition, 1), else_=0)
