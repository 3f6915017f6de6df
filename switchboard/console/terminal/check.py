"""`switchboard check`: what is configured, what answers, and what to do about what does not."""

from collections.abc import Sequence
from pathlib import Path

from switchboard.characters import visible
from switchboard.console.app import Workplace, codes_of
from switchboard.console.terminal.screen import out, show_json
from switchboard.errors import DeclarationError, OperatorError
from switchboard.mail.settings import MailSettings
from switchboard.models.endpoints import SHOWN
from switchboard.settings import Variables, read_variables, unknown_variables

Finding = dict[str, str]


def check_all(data: Path | None, json: bool) -> int:
    """Show every finding. Returns the exit code: 2 when something has to be mended."""
    findings: list[Finding] = []
    kinds: Sequence[type[Variables]] = ()
    try:
        place = Workplace(data)
        kinds = place.project.setup.settings()
        findings += [_project(place), *_identity(place), *_settings(kinds), _database(place), *_models(place)]
    except OperatorError as error:
        findings.append(finding("settings", "wrong", str(error)))
    except DeclarationError as error:
        findings.append(finding("project", "wrong", str(error)))
    for name in unknown_variables(kinds=(*kinds, MailSettings)):
        findings.append(finding("settings", "odd", f"{name} is set, but there is no such setting. Is it misspelt?"))
    if json:
        show_json({"findings": findings})
    else:
        marks = {"good": "[green]good[/]", "odd": "[yellow]odd [/]", "wrong": "[red]wrong[/]"}
        for row in findings:
            out.print(f"{marks[row['state']]}  [bold]{row['what']}[/]: ", end="")
            out.print(visible(row["text"]), markup=False)
    return 2 if any(row["state"] == "wrong" for row in findings) else 0


def finding(what: str, state: str, text: str) -> Finding:
    return {"what": what, "state": state, "text": text}


def _project(place: Workplace) -> Finding:
    teams = ", ".join(place.project.teams)
    return finding("project", "good", f"{place.project.file.name} in {place.project.folder}, with these teams: {teams}.")


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


def _settings(kinds: Sequence[type[Variables]]) -> list[Finding]:
    """What is wrong with the project's own settings."""
    found = []
    for kind in kinds:
        try:
            read_variables(kind)
        except OperatorError as error:
            found.append(finding("settings", "wrong", str(error)))
    return found


def _database(place: Workplace) -> Finding:
    try:
        url = place.engine.url.render_as_string(hide_password=True)
    except OperatorError as error:
        return finding("database", "wrong", str(error))
    return finding("database", "good", f"{url} answers and is at this version.")


def _models(place: Workplace) -> list[Finding]:
    try:
        gateway = place.gateway
    except OperatorError as error:
        return [finding("models", "wrong", str(error))]
    if gateway is None:
        text = f"No model is configured; rules do all the work. To use one, write the file OAI_CONFIG_LIST: {SHOWN}."
        return [finding("models", "good", text)]
    from switchboard.loop.autogen_chat import PRICES

    found = []
    for endpoint in gateway.endpoints:
        problem = gateway.probe(endpoint)
        text = f"{endpoint.name}: {problem}" if problem else f"{endpoint.name} answers."
        found.append(finding("model", "wrong" if problem else "good", text))
        for sentence in [] if problem else gateway.shortcomings(endpoint):
            found.append(finding("model", "odd", f"{endpoint.name}: {sentence}"))
        if endpoint.price is None and endpoint.model not in PRICES and not endpoint.is_loopback:
            found.append(finding("model", "odd", f"{endpoint.name}: no price is known, so its cost counts as 0. Give `price`."))
        if endpoint.ignored:
            found.append(finding("model", "odd", f"{endpoint.name}: these keys are not used: {', '.join(endpoint.ignored)}."))
    return found
