"""`switchboard check`: what is configured, what answers, and what to do about what does not."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from switchboard.accounts.seals import NOT_SEALED, is_sealed
from switchboard.cases.standing import without_agent
from switchboard.characters import visible
from switchboard.console.app import Workplace, codes_of
from switchboard.console.terminal.making.sides import lets_in
from switchboard.console.terminal.making.whole import wrong_parts
from switchboard.console.terminal.screen import show_findings, show_json
from switchboard.database import damage
from switchboard.errors import DeclarationError, OperatorError
from switchboard.events.secrets import without_secrets
from switchboard.events.tracing.table import is_address
from switchboard.group_chats import without_team
from switchboard.loop.prompts.instructions import shared_prefix
from switchboard.mail.settings import MailSettings
from switchboard.models.endpoints import SHOWN
from switchboard.service.notifications import troubles
from switchboard.service.records import changed_since
from switchboard.service.watching.export import ENDPOINT, NOT_INSTALLED, destination, with_texts
from switchboard.service.workers import endpoints
from switchboard.settings import Variables, read_variables, unknown_variables

Finding = dict[str, str]
ENOUGH_BYTES, LEAST_BYTES = 100_000_000, 1_000_000
"""Free on the disk of a SQLite database: less should be seen to, and with less hardly a case goes on."""
STYLES = {"good": "green", "odd": "yellow", "wrong": "red"}


def check_all(data: Path | None, json: bool, live: bool = False) -> int:
    """Show every finding. Returns the exit code: 2 when something has to be mended."""
    findings = looked_at(data, live)
    if json:
        show_json({"findings": findings})
    else:
        show_findings((row["state"], STYLES[row["state"]], row["what"], visible(row["text"])) for row in findings)
    return 2 if any(row["state"] == "wrong" for row in findings) else 0


def looked_at(data: Path | None, live: bool = False, *, with_rows: bool = True) -> list[Finding]:
    """All that is found. `live`, other sides are asked whether they let us in; without rows the database is left alone."""
    findings: list[Finding] = []
    kinds: Sequence[type[Variables]] = ()
    with told("settings", findings):
        place = Workplace(data)
        with told("project", findings):
            kinds = place.project.setup.settings()
        sides = [_sides] if live else []
        project = (_project, _parts, *sides, _identity, _mailbox, _web, _telemetry, lambda _: _settings(kinds))
        rows = (_database, _notifications, _budgets, _prompts) if with_rows else ()
        for look in (*project, *rows, _services, _models, *([_asked] if with_rows else [])):
            with told("project", findings):
                said = {row["text"] for row in findings}
                findings += [row for row in look(place) if row["text"] not in said]
    for name in unknown_variables(kinds=(*kinds, MailSettings)):
        findings.append(finding("settings", "odd", f"{name} is set, but there is no such setting. Is it misspelt?"))
    return findings


@contextmanager
def told(what: str, findings: list[Finding]) -> Iterator[None]:
    """What is wrong in a part is one finding, also where it stops several, and the other parts are looked at nevertheless."""
    try:
        yield
    except (OperatorError, DeclarationError) as error:
        where = "project" if isinstance(error, DeclarationError) else "settings" if what == "project" else what
        row = finding(where, "wrong", str(error))
        findings += [row] if row not in findings else []


def finding(what: str, state: str, text: str) -> Finding:
    return {"what": what, "state": state, "text": text}


def _project(place: Workplace) -> list[Finding]:
    project = place.project
    helping = [
        f"groupchats/{name}.py declares no `team`, so it is none." for name in without_team(project.folder, project.file)
    ]
    good = f"{project.file.name} in {project.folder}, with these teams: {', '.join(project.teams)}."
    return [finding("project", "good", good), *(finding("project", "odd", text) for text in helping)]


def _parts(place: Workplace) -> list[Finding]:
    return [finding(*found) for found in wrong_parts(place.project)]


def _sides(place: Workplace) -> list[Finding]:
    return [finding(*found) for found in lets_in(place.project)]


def _identity(place: Workplace) -> list[Finding]:
    if place.project.file.identity == "channel":
        return []
    if place.project.file.identity == "code":
        return _codes(place)
    why = "whoever types an address, or a name and what goes with it, is taken for that customer. Outside of a trial, write"
    return [finding("identity", "odd", f'identity = "typed": {why} identity = "channel" in switchboard.toml.')]


def _codes(place: Workplace) -> list[Finding]:
    """Whether codes can be made, and sent, and where to."""
    found = []
    tools = {tool for team in place.project.teams.values() for tool in team.tools.values() if tool.verifies}
    for name in sorted(tool.name for tool in tools if tool.address is None):
        why = f"{name} finds customers, but nothing says their address on file: declare its `address`, else no code is sent."
        found.append(finding("identity", "wrong", why))
    try:
        codes = codes_of(place.project.file, place.project.setup.services())
    except OperatorError as error:
        return [*found, *(finding("identity", "wrong", line) for line in str(error).splitlines())]
    problem = codes.sender.probe()
    text = f"no code can be sent. {problem}." if problem else "codes can be sent to customers' addresses on file."
    return [*found, finding("identity", "wrong" if problem else "good", f'identity = "code": {text}')]


def _mailbox(place: Workplace) -> list[Finding]:
    """Whether the mailbox can be read, and answers be sent, where the project has one."""
    if place.project.file.channels.mail is None:
        return []
    from switchboard.console.terminal.channels.checking import looked_at

    return [finding("mail", *found) for found in looked_at(place)]


def _settings(kinds: Sequence[type[Variables]]) -> list[Finding]:
    """What is wrong with the project's own settings."""
    found = []
    for kind in kinds:
        try:
            read_variables(kind)
        except OperatorError as error:
            found.append(finding("settings", "wrong", str(error)))
    return found


def _database(place: Workplace) -> list[Finding]:
    damaged = list(_damaged(place))
    try:
        url = place.engine.url.render_as_string(hide_password=True)
    except OperatorError as error:
        return damaged or [finding("database", "wrong", str(error))]
    if damaged:
        return damaged
    gone = without_agent(place.engine, place.project.teams)
    return [
        finding("database", "good", f"{url} answers and is at this version."),
        *([] if is_sealed(place.engine) else [finding("database", "odd", NOT_SEALED)]),
        *_room(place),
        *(finding("cases", "odd", _told_of_gone(*which, cases)) for which, cases in gone.items()),
    ]


def _damaged(place: Workplace) -> Iterator[Finding]:
    """The files of a SQLite database that are damaged: the rows, and what the engine keeps of runs under way beside them."""
    if (rows := place.file) is None:
        return
    steps = rows.with_name(f"{rows.stem}-engine.db")
    again = "Move it away: it is made anew, and `switchboard resume --all` goes on with what was under way."
    for wrong in (damage(rows, f"Put back a copy of it, with {steps.name}."), damage(steps, again)):
        if wrong:
            yield finding("database", "wrong", wrong)


def _room(place: Workplace) -> Iterator[Finding]:
    """Whether the disk of a SQLite database takes what cases will record."""
    if (rows := place.file) is None:
        return
    free = shutil.disk_usage(rows.parent).free
    if free < ENOUGH_BYTES:
        state = "wrong" if free < LEAST_BYTES else "odd"
        left = f"{free / 1_000_000:.1f} MB are free in {rows.parent}"
        yield finding("database", state, f"{left}, and where nothing is, no case goes on. Make room on its disk.")


def _told_of_gone(team: str, agent: str, cases: Sequence[str]) -> str:
    shown = f"{', '.join(cases[:5])}{' and others' if len(cases) > 5 else ''}"
    return (
        f"The team {team} has no agent {agent!r} any more, who has open cases ({shown}): each goes to a human when it goes on."
    )


def _telemetry(place: Workplace) -> list[Finding]:
    table = place.project.file.telemetry
    address = destination(table)
    if not address:
        return []
    if not (find_spec("opentelemetry") and find_spec("opentelemetry.exporter")):
        return [finding("telemetry", "wrong", NOT_INSTALLED)]
    if not is_address(address):
        return [
            finding("telemetry", "wrong", f"{ENDPOINT} is {without_secrets(address)}, which is no address: nothing is sent.")
        ]
    said = "with what was said, masked" if with_texts(table) else "names, numbers and ids alone"
    return [finding("telemetry", "good", f"traces and metrics are sent to {without_secrets(address)}, {said}.")]


def _notifications(place: Workplace) -> list[Finding]:
    if (table := place.project.file.notifications) is None:
        return []
    wrong = [finding("notifications", "wrong", text) for text in troubles(place.engine, place.project.file)]
    return wrong or [
        finding("notifications", "good", f"{len(table.urls)} to send to; `switchboard notifications --test` tries.")
    ]


def _budgets(place: Workplace) -> list[Finding]:
    """How much of each budget is used, and where one of money is blind."""
    found = []
    for stand in place.project.budgets(lambda: place.engine).stand():
        then = ", so no model is asked; the rules do all the work" if stand.is_used_up else ""
        found.append(finding("budgets", "odd" if stand.is_short else "good", f"{stand.told} are used{then}."))
    if any(one.unit == "cost_usd" for one in place.project.file.budgets.made()):
        endpoints = place.gateway.endpoints if place.gateway else ()
        blind = [one.name for one in endpoints if not place.project.prices.knows(one)]
        why = "no price is known, so no budget of US dollars counts its calls. Give it one, or budget tokens"
        found += [finding("budgets", "odd", f"{name}: {why}.") for name in blind]
    return found


def _prompts(place: Workplace) -> list[Finding]:
    """How much of their prompts the agents of the team that answers have in common, and whether that begins anew."""
    if not place.gateway:
        return []
    team = place.project.teams[place.project.team_name()]
    common, share = shared_prefix(team)
    told = f"the agents of {team.name} have the first {common:,} characters in common, {share:.0%} of a prompt"
    found = [finding("prompts", "good", f"{told}; a provider's cache can keep them.")]
    if since := changed_since(place, team):
        why = f"the prompts, tools or rules of {team.name} are not those of its newest case, {since}"
        found.append(finding("prompts", "odd", f"{why}: caches of prompts begin anew."))
    return found


def _web(place: Workplace) -> list[Finding]:
    """Whether the web could be asked; nothing is asked of it."""
    if (table := place.project.file.web) is None:
        return []
    from switchboard.search.web.web import Web

    Web(table).check()
    return [
        finding("web", "good", f"{table.search} searches, and pages of {', '.join(table.allow[:5])} are read, with `--web`.")
    ]


def _services(place: Workplace) -> list[Finding]:
    """The project's services and its rules that route, tried out: what they raise is told by whoever calls this."""
    place.project.setup.services()
    if place.project.route:
        place.project.route("Hello, where is it?")
    return []


def _asked(place: Workplace) -> list[Finding]:
    """What the processes at work know of the models' endpoints, each by itself: breakers, paces, quirks."""
    if place.gateway is None:
        return []
    at_work = endpoints(place.engine)
    if not at_work:
        text = "No process is at work. Each leaves alone, and asks more slowly, what it met itself; that is shown here then."
        return [finding("endpoints", "good", text)]
    told = [
        finding("endpoints", "odd", f"{name} {sentence.rstrip('.')} (in process {process}).")
        for process, found in at_work.items()
        for name, sentences in found.items()
        for sentence in sentences
    ]
    return told or [finding("endpoints", "good", f"{len(at_work)} at work; each asks every model as usual.")]


def _models(place: Workplace) -> list[Finding]:
    try:
        gateway = place.gateway
    except OperatorError as error:
        return [finding("models", "wrong", str(error))]
    if gateway is None:
        text = f"No model is configured; rules do all the work. To use one, write the file OAI_CONFIG_LIST: {SHOWN}."
        return [finding("models", "good", text)]
    found = []
    for endpoint in gateway.endpoints:
        problem = gateway.probe(endpoint)
        text = f"{endpoint.name}: {problem}" if problem else f"{endpoint.name} answers."
        found.append(finding("model", "wrong" if problem else "good", text))
        for sentence in [] if problem else gateway.shortcomings(endpoint):
            found.append(finding("model", "odd", f"{endpoint.name}: {sentence}"))
        if not endpoint.is_loopback and not place.project.prices.knows(endpoint):
            how = f'Write [prices."{endpoint.model}"] into switchboard.toml, or install the extra `prices`'
            found.append(finding("model", "odd", f"{endpoint.name}: no price is known, so what it costs is unknown. {how}."))
        if endpoint.ignored:
            found.append(finding("model", "odd", f"{endpoint.name}: these keys are not used: {', '.join(endpoint.ignored)}."))
    return found
