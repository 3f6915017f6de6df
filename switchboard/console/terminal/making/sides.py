"""A project's other sides as `check` and `pin` see them: what their facts leave open, who lets us in, what changed."""

from collections.abc import Iterator, Mapping

from switchboard.console.asked import asked
from switchboard.console.terminal.screen import say, show_json
from switchboard.errors import DeclarationError, OperatorError, ToolError
from switchboard.project import FILE, Project, find_project
from switchboard.tables.project_file import placed, read_file
from switchboard.tables.team import operations_of, sources_of
from switchboard.tables.toml_lines import nearest_line
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, Operations, ToolSource
from switchboard.toolsets.same_record import untied
from switchboard.toolsets.schemas import Leaf, leaf_of

Found = tuple[str, str, str]
"""What it is of, "good", "odd" or "wrong", and a sentence."""


def doubts(project: Project) -> Iterator[Found]:
    """What the facts of the listed calls leave open, each with its line."""
    text = (project.folder / FILE).read_text(encoding="utf-8-sig")
    for name in sources_of(project.folder):
        calls = project.file.tools[name].calls
        try:
            operations = operations_of(project.folder, name)
        except (DeclarationError, OperatorError):  # which is told of the source
            continue
        for call, (operation, _) in operations.items():
            for key, sentence in (*_left_open(call, operation, calls[call]), *_unit_open(call, calls[call], operations)):
                line = nearest_line(text, ("tools", name, "calls", call, key))
                yield f"tools.{name}", "odd", f"{FILE}, line {line}: {sentence}"


def _left_open(call: str, operation: Operation, facts: Facts) -> Iterator[tuple[str, str]]:
    """The key and what it leaves open."""
    if operation.method == "POST" and not facts.changes and not facts.safe:
        why = f"{call} is a POST, which mostly changes something, and its effect is {facts.effect}"
        yield "effect", f"{why}. Write `safe = true` if it surely changes nothing, else another effect."
    if not facts.changes and (loose := untied(operation, facts)):
        fields = ", ".join(f'{one} = "its field"' for one in loose)
        why = f"nothing shows that what {call} finds is what it was asked for ({', '.join(loose)}), and not another record"
        yield "matches", f"{why}. Write `matches = {{ {fields} }}`, or false in place of a field."


def _unit_open(call: str, facts: Facts, operations: Operations) -> Iterator[tuple[str, str]]:
    """An amount that may have decimals, of which nothing says whether it is in cents or in units."""
    if not facts.amount or "unit" in facts.model_fields_set:
        return
    reader, _, field = facts.amount.partition(".")
    if field:
        types = operations[reader][0].leaves.get(field, Leaf()).types
    else:
        types = leaf_of(operations[call][0].parameters.get("properties", {}).get(reader), {}).types
    if odd := {"number", "string"} & set(types):
        why = f"{facts.amount} is a {odd.pop()} by its description, so it may be in units of the currency, with decimals"
        yield "amount", f'{call}: {why}, and it counts as cents. Write `unit = "units"`, or `unit = "cents"` if it is.'


def lets_in(project: Project) -> Iterator[Found]:
    """Whether each side lets this desk in, by one call that reads and needs no argument. Nothing that writes is called."""
    for name, source in sources_of(project.folder).items():
        try:
            with placed(project.folder / FILE, FILE, "tools", name, table=f"[tools.{name}]"):
                state, sentence = live(source, project.file.tools[name].calls)
        except (DeclarationError, OperatorError) as error:
            state, sentence = "wrong", str(error)
        yield f"tools.{name}", state, sentence


def live(source: ToolSource, calls: Mapping[str, Facts]) -> tuple[str, str]:
    """Whether a side lets this desk in, and how that was seen. Raises DeclarationError, OperatorError."""
    operations = source.operations()
    for call, facts in calls.items():
        operation, ask = operations[call]
        if not _reads_without_arguments(operation, facts):
            continue
        try:
            ask(facts.fixed, key=None, timeout=facts.timeout)
        except ToolError as error:
            if error.code == "not_allowed_there":
                return "wrong", f"not allowed: it refuses {call}. Look at its headers, and the variables in them."
            if error.code == "away":
                return "wrong", f"not reachable: {error}"
            return "odd", f"unknown: it answers {call}, but not as it should: {error}"
        return "good", f"reachable: it answers {call}."
    if source.shows:
        if problems := source.problems():
            return "wrong", f"not reachable, or not allowed: {problems[0]}"
        return "good", f"reachable: {source.shows}."
    needing = ", ".join(name for name, facts in calls.items() if facts.effect == "read")
    why = f"each listed call that reads needs an argument ({needing})" if needing else "none of its listed calls reads"
    more = "List one that reads and takes none, and this tries it."
    return "odd", f"unknown: {why}, so none was made, and its token was not tried. {more}"


def _reads_without_arguments(operation: Operation, facts: Facts) -> bool:
    if facts.effect != "read" or facts.customer or (operation.method == "POST" and not facts.safe):
        return False
    return set(operation.parameters.get("required", ())) <= set(facts.fixed)


def pin_sources(name: str | None, *, keep: bool, json: bool) -> None:
    """Tell what other sides describe otherwise than it is pinned, and pin that where `keep`. Raises OperatorError,
    DeclarationError.
    """
    folder = find_project(asked.named())
    tables, sources = read_file(folder / FILE).tools, sources_of(folder)
    if name is not None and name not in tables:
        there = f"there is {', '.join(tables)}" if tables else "it has none"
        raise OperatorError(f"{folder / FILE} has no [tools.{name}]; {there}.")
    found: dict[str, list[str]] = {}
    try:
        for one in [name] if name else tables:
            with placed(folder / FILE, FILE, "tools", one, table=f"[tools.{one}]"):
                found[one] = sources[one].pin(keep=keep)
    finally:
        for source in sources.values():
            source.close()
    if json:
        show_json({"kept": keep, "changed": found})
        return
    for one, told in found.items():
        for sentence in told or [f"tools.{one}: nothing has changed."]:
            say(sentence)
        if told and keep:
            say(f"tools/{one}.pinned.json holds it as it is now.")
