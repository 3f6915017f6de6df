"""The team `desk` that a project's departments make: a reception, the departments, and who writes the notes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call
from switchboard.declare.play import Play
from switchboard.declare.team import MOST_TOOLS, Rule, TeamSpec
from switchboard.declare.tool import Tool
from switchboard.declare.vocabulary import Vocabulary
from switchboard.errors import DeclarationError, OperatorError, about, did_you_mean
from switchboard.flows.composed.researched import Researched
from switchboard.flows.hub import hub
from switchboard.group_chats import DESK
from switchboard.money import decimals_of
from switchboard.plays.departments import Router
from switchboard.project import FILE
from switchboard.project_module import declared
from switchboard.reading.languages import said
from switchboard.reading.words import lines
from switchboard.tables.approvals import rules_from
from switchboard.tables.deeds import deeds_of
from switchboard.tables.departments import DepartmentTable, Drafts
from switchboard.tables.fields import check_facts, check_fields, customers_call, kept_of
from switchboard.tables.plays import PlayTable
from switchboard.tables.project_file import ProjectFile, placed, read_file, read_table, there
from switchboard.toolsets.built_in.answers_as_sources import with_sources
from switchboard.toolsets.built_in.articles import article_search
from switchboard.toolsets.built_in.drafts import suggest_answer
from switchboard.toolsets.built_in.handover import hand_over_to_a_person
from switchboard.toolsets.built_in.tickets import get_ticket
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.opened import open_sources
from switchboard.toolsets.remote import Operations, ToolSource, tools_from
from switchboard.toolsets.schemas import Leaf

RECEPTION, NOTES = "reception", "notes"
LEARNED = "agents/learned.json"
"""What `switchboard learn` keeps of the departments' examples, within the project."""
PLAYS = "agents/plays"
MEETS = (
    "You meet the customers of {name}, and find out whose matter each is. Answer what the articles answer; hand all else to "
    "the department that looks after it:\n{departments}\nDo not guess: where it is nobody's, or they ask for a person, "
    "hand it over to one."
)
LOOKS_AFTER = (
    "You look after this at {name}: {about} Use your tools; say only what they, the articles or the policy say. Ask for what "
    "is missing, one thing at a time. What you cannot settle, hand over to a person."
)
TAKES_NOTES = "You write the note on a case for the people who look at it later: what was wanted, what was done, what is open."


@cache
def sources_of(folder: Path) -> Mapping[str, ToolSource]:
    """The other sides of a project, each asked when one of its tools is. Raises OperatorError, DeclarationError."""
    with placed(folder / FILE, FILE):
        return open_sources(read_file(folder / FILE).tools, folder)


def operations_of(folder: Path, name: str) -> Operations:
    """What the project lists of one of its other sides. Raises OperatorError, DeclarationError with the line of its table."""
    with placed(folder / FILE, FILE, "tools", name, table=f"[tools.{name}]"):
        return sources_of(folder)[name].operations()


@cache
def remote_tools(folder: Path) -> Mapping[str, Tool]:
    """The tools of a project's other sides, by their names. Raises DeclarationError for what does not fit."""
    file = read_file(folder / FILE)
    found: dict[str, Tool] = {}
    for name in sources_of(folder):
        calls, offered = file.tools[name].calls, operations_of(folder, name)
        with placed(folder / FILE, FILE, "tools", name, table=f"[tools.{name}]"):
            made = tools_from(offered, calls, file.language, file.currency)
            _check_owners(calls, made)
            check_facts(calls, offered)
            for tool in made.values():
                with about("calls", tool.name):
                    if tool.name in found:
                        raise DeclarationError(f"another source has a call {tool.name!r}, too.")
                found[tool.name] = tool
    return found


def _check_owners(calls: Mapping[str, Facts], made: Mapping[str, Tool]) -> None:
    """Refuse a call that finds or changes what is some customer's, and not whose: it would be told to any, or done for any.

    Raises DeclarationError.
    """
    only_looked_up = {facts.status_of for facts in calls.values()} - {facts.check for facts in calls.values()}
    for name, facts in calls.items():
        with about("calls", name):
            if facts.changes and not _is_tied(made[name], facts, calls):
                why = (
                    "`check`, a call with `owner` or `customer` that takes an argument of it, `customer`, the argument that is "
                    "the customer's id, or `owner = false` where it is nobody's"
                )
                raise DeclarationError(f"calls.{name}: nothing says whose it is that it changes; say {why}.")
            is_said = facts.changes or facts.public or facts.verifies or facts.owner or facts.customer
            if not is_said and name not in only_looked_up:
                why = "`owner`, the answer's field that is the customer's id, `customer`, the argument that is, or `public`"
                raise DeclarationError(f"calls.{name}: nothing says whose it is that it finds; say {why}.")


def _is_tied(tool: Tool, facts: Facts, calls: Mapping[str, Facts]) -> bool:
    """Whether what changes something is done for its own customer alone. A `check` without an argument of the call looks at
    something else than what is changed.
    """
    if facts.customer or facts.owner is False:
        return True
    looks = calls[facts.check] if facts.check else None
    if looks is None or tool.check is None or not (looks.owner or looks.customer):
        return False
    return not tool.arguments.model_fields.keys().isdisjoint(tool.check.arguments.model_fields)


@cache
def remote_fields(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """The fields that are kept of the answers of those tools. Raises as `remote_tools`."""
    remote_tools(folder)  # what is wrong with a source is said of it, and not of who names a field of it
    tables = read_file(folder / FILE).tools
    offered = [(tables[name].calls, operations_of(folder, name)) for name in sources_of(folder)]
    return {name: kept_of(operation, calls[name]) for calls, found in offered for name, (operation, _) in found.items()}


@cache
def remote_leaves(folder: Path) -> Mapping[str, Mapping[str, Leaf]]:
    """What is declared of the fields of those answers."""
    found = [operations_of(folder, name) for name in sources_of(folder)]
    return {name: operation.leaves for offered in found for name, (operation, _) in offered.items()}


def desk_in(folder: Path) -> TeamSpec:
    """The team that the departments of a project make, the same each time. Raises DeclarationError, OperatorError."""
    return _desk(folder, (folder / FILE).stat().st_mtime_ns)


@cache
def _desk(folder: Path, changed: int) -> TeamSpec:
    return desk_of(folder, read_file(folder / FILE))


def desk_of(folder: Path, file: ProjectFile) -> TeamSpec:
    """That team as a project's file says it. Raises DeclarationError with the table that is wrong, OperatorError."""
    shared = (*([article_search(there(folder, file.articles, "articles"))] if file.articles else []), hand_over_to_a_person)
    remote_tools(folder)  # also what no department uses is to be right
    customer_in(folder, file)
    members = {name: _department(folder, file, name, table, shared) for name, table in file.departments.items()}
    router = router_of(folder, file)
    abouts = "\n".join(f"- {name}: {table.about}" for name, table in file.departments.items())
    verifying = [tool for spec in members.values() for tool in spec.tools if tool.verifies]
    who = f"{FILE}, [departments]: {RECEPTION}, who finds out who writes,"
    held = _held(who, (*shared, *verifying, *_for_drafts(file.drafts)))
    reception = AgentSpec(
        RECEPTION,
        "Meets customers, and finds out whose matter it is.",
        MEETS.format(name=file.name, departments=abouts),
        tools=(*held, get_ticket)[:MOST_TOOLS],  # which rules call; where others are as many, a person tells it
        routes=lambda text: router.route(text).department,
        drafts=_which(file.drafts),
    )
    notes = AgentSpec(NOTES, "Writes the note on each case.", TAKES_NOTES)
    forms = tuple(id_.made() for id_ in file.ids.values())
    per_unit = 10 ** decimals_of(file.currency)
    team = TeamSpec(
        name=DESK,
        description=f"The desk of {file.name}.",
        members={RECEPTION: reception, **members, NOTES: notes},
        flow=hub(RECEPTION, {name: [] for name in members}, NOTES),
        approvals=(
            *(Rule("approve", tool=tool.name) for tool in (*shared, get_ticket, suggest_answer)),
            *rules_from(file.approvals, per_unit),
        ),
        limits=file.limits.made(),
        policy=there(folder, file.policy, "policy") if file.policy else None,
        rescue=lambda _: Call(hand_over_to_a_person.name, {"summary": "The desk could not finish this case by itself."}),
        vocabulary=Vocabulary(
            tuple(form.pattern.pattern for form in forms), deeds_of([*members.values()], file.language), file.currency
        ),
        language=file.language,
        hours=file.hours.by_number() if file.hours else (),
        time_zone=file.time_zone or "",
    )
    _check_rules(folder, file, team)
    return team


def _check_rules(folder: Path, file: ProjectFile, team: TeamSpec) -> None:
    """Refuse a rule for a tool that there is not: a misspelt `reject` would let pass what it means. Raises DeclarationError."""
    for number, rule in enumerate(file.approvals):
        with placed(folder / FILE, FILE, "approvals", number, "tool", table="[[approvals]]"):
            if rule.tool is not None and rule.tool not in team.tools:
                raise DeclarationError(f"there is no tool {rule.tool!r}; {did_you_mean(rule.tool, team.tools)}.")


def customer_in(folder: Path, file: ProjectFile) -> Tool | None:
    """The call that [customer] names, if it does. Raises DeclarationError where it does not fit, OperatorError."""
    if not file.customer:
        return None
    calls = {name: facts for table in file.tools.values() for name, facts in table.calls.items()}
    with placed(folder / FILE, FILE, "customer", table="[customer]"):
        return customers_call(file.customer, calls, remote_tools(folder), remote_fields(folder))


def router_of(folder: Path, file: ProjectFile) -> Router:
    """What finds the department of a message: by the examples of the departments, and those of their plays."""
    found = {name: [*_examples(folder, name, table)] for name, table in file.departments.items()}
    for name, table in file.departments.items():
        for play in table.plays:
            found[name] += _play(folder, file, play).examples
    return Router(found, file.language, folder / LEARNED)


def _department(folder: Path, file: ProjectFile, name: str, table: DepartmentTable, shared: tuple[Tool, ...]) -> AgentSpec:
    drafts = file.drafts if table.drafts is None else table.drafts
    if table.agent:
        spec = declared(table.agent, "agent", AgentSpec, name)
        more = (*(() if spec.escalation else (hand_over_to_a_person,)), *_for_drafts(drafts))
        held = tuple(dict.fromkeys((*spec.tools, *more)))
        return replace(spec, tools=held, drafts=_which(drafts) or spec.drafts) if more else spec
    with placed(folder / FILE, FILE, "departments", name, table=f"[departments.{name}]"):
        if name in (RECEPTION, NOTES):
            raise DeclarationError("this name is another agent's of the desk.")
        with about("tools"):
            tools = tuple(_tool(folder, one) for one in table.tools)
        plays = tuple(_play(folder, file, one) for one in table.plays)
        knows = [tool for tool in remote_tools(folder).values() if tool.verifies and tool not in tools] if plays else []
        prompt = LOOKS_AFTER.format(name=file.name, about=table.about)
        held = _held("with what every department holds it", (*tools, *knows, *shared, *_for_drafts(drafts)))
        return AgentSpec(name, table.about, prompt, tools=held, plays=plays, model=table.model, drafts=_which(drafts))


def _for_drafts(drafts: Drafts) -> tuple[Tool, ...]:
    """What an agent holds whose answers wait for a person, behind what it leaves a case to one with."""
    return (suggest_answer,) if drafts else ()


def _which(drafts: Drafts) -> Literal["", "model", "all"] | int:
    return drafts if not isinstance(drafts, bool) else "all" if drafts else ""


def with_sources_of(folder: Path, file: ProjectFile, team: TeamSpec) -> TeamSpec:
    """A team whose researchers ask what [research] names, too; any other as it is. Raises DeclarationError, OperatorError."""
    if not file.research or not isinstance(team.flow, Researched):
        return team
    with placed(folder / FILE, FILE, "research", "tools", table="[research]"):
        worker = team.members[team.flow.worker]
        asked = with_sources(worker, [_tool(folder, name) for name in file.research.tools])
        return replace(team, members={**team.members, worker.name: asked})


def _held(who: str, tools: Iterable[Tool]) -> tuple[Tool, ...]:
    """The tools of an agent, each once; none is left out. Raises DeclarationError where they are too many."""
    held = tuple(dict.fromkeys(tools))
    if len(held) > MOST_TOOLS:
        names = ", ".join(tool.name for tool in held)
        raise DeclarationError(f"{who} holds {len(held)} tools ({names}); {MOST_TOOLS} is the most.")
    return held


def _tool(folder: Path, name: str) -> Tool:
    """A call of a source, or a function of the project ("tools.slots.free_slots")."""
    if "." in name:
        module, _, function = name.rpartition(".")
        return declared(module, function, Tool)
    there = remote_tools(folder)
    if name not in there:
        known = ", ".join(there) or "none"
        raise DeclarationError(
            f"no source has a call {name!r}; there is {known}. A function of the project is named by its module."
        )
    return there[name]


def _play(folder: Path, file: ProjectFile, name: str) -> Play:
    """The play of a file: TOML, or a module that declares `play`."""
    path = folder / PLAYS / f"{name}.toml"
    if not path.is_file() and path.with_suffix(".py").is_file():
        return declared(f"agents.plays.{name}", "play", Play, name)
    ids = {kind: table.made() for kind, table in file.ids.items()}
    table = read_table(path, PlayTable)
    with placed(path, str(path.relative_to(folder))):
        check_fields(table, remote_fields(folder))
        return table.made(name, ids, said("play.has_it", file.language))


def _examples(folder: Path, name: str, table: DepartmentTable) -> list[str]:
    """Sentences of a department's customers: as they stand in its table, or in its file."""
    if isinstance(table.examples, list):
        return list(table.examples)
    path = there(folder, table.examples, "departments", name, "examples")
    try:
        return lines(path)
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be read: {error}.") from None
