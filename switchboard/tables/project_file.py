"""What a project's `switchboard.toml` says, checked: each thing that is wrong is one sentence with its line."""

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from switchboard.accounts.table import AccountsTable
from switchboard.consent.identity import Identity
from switchboard.errors import DeclarationError, OperatorError, did_you_mean
from switchboard.events.tracing.table import TelemetryTable
from switchboard.group_chats import DESK, is_module, one_of, team_names
from switchboard.mail.table import MailTable
from switchboard.models.money.table import BudgetsTable, PriceTable
from switchboard.notifications.table import NotificationsTable
from switchboard.project import FILE, PACKAGES
from switchboard.project_module import file_of
from switchboard.search.web.table import WebTable
from switchboard.service.channels.table import ChannelsTable
from switchboard.tables.approvals import LimitsTable, RuleTable
from switchboard.tables.departments import DepartmentTable, Drafts, Name
from switchboard.tables.ids import HoursTable, IdTable, known_currency, known_time_zone
from switchboard.tables.toml_lines import line_of, nearest_line, syntax_error
from switchboard.tickets.table import TicketsTable
from switchboard.toolsets.table import CustomerTable, SourceTable

MOST_CHARACTERS, MOST_LOOKED_UP = 60_000, 10

Module = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$", max_length=60)]
File = Annotated[str, Field(min_length=1, max_length=300)]
Language = Literal["en", "de", "fr", "es"]
Phrase = Annotated[str, Field(pattern=r"\S.*\S", max_length=80)]
T = TypeVar("T", bound=BaseModel)


class ResearchTable(BaseModel):
    """What the research team asks beside its documents."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    tools: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(min_length=1, max_length=4)
    """Calls of a source, such as an MCP server's ([tools.NAME.calls.…]), or functions of the project
    ("tools.slots.free_slots"), that only read and are public. What they answer is quoted and cited as a page is. Without a
    model those are asked that take one text."""


class ProjectFile(BaseModel):
    """What `switchboard.toml` says; no other keys are taken. All that it says can also be said in Python, which then counts.

    ```toml
    name = "Acme"
    language = "en"
    currency = "EUR"
    identity = "typed"

    [departments.orders]
    about = "Orders: where one is, and when it comes."
    ```
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(max_length=60)
    """What the project is called. Its data folder is named after it."""
    language: Language = "en"
    """The language that it answers in. What the program itself says is said in the customer's, if that is one of these."""
    currency: Annotated[str, AfterValidator(known_currency)] = "USD"
    """The currency of all amounts, by its code of ISO 4217."""
    time_zone: Annotated[str, AfterValidator(known_time_zone)] | None = None
    """Where the `hours` are, as the IANA database calls it, such as "Europe/Berlin"."""
    hours: HoursTable | None = None
    """When people answer; customers hear it where a person gets their case."""
    identity: Identity = "channel"
    """What verifies a customer: the `channel` that they write from alone; also what they `typed`, which anybody can type; or
    also a `code` that is sent to the address on file."""
    mail: MailTable | None = None
    """The mail server that codes and answers are sent by, and whom a mail is from that comes in."""
    channels: ChannelsTable = ChannelsTable()
    """Where customers write to."""
    accounts: AccountsTable = AccountsTable()
    """How those who work at the desk sign in."""
    notifications: NotificationsTable | None = None
    """Who is told of what a person must see."""
    telemetry: TelemetryTable | None = None
    """Where traces and metrics are sent."""
    tickets: TicketsTable = TicketsTable()
    """Until when a person has answered a ticket, and settled it."""
    departments: dict[Name, DepartmentTable] = Field(default_factory=dict, max_length=30)
    """Each is an agent of the team `desk`, unless groupchats/desk.py declares that team."""
    drafts: Drafts = False
    """Whether the desk's answers wait for a person, who edits and sends them: those of its reception, and of each department
    that says nothing of its own. `true` is all of them, "model" those that a model gives,
    a number from 1 to 100 those that are less sure."""
    tools: dict[Name, SourceTable] = Field(default_factory=dict, max_length=30)
    """Other sides whose calls are tools: an API with an OpenAPI description, an MCP server, a database."""
    customer: CustomerTable | None = None
    """What is known of a customer, for operators to see beside the case."""
    web: WebTable | None = None
    """The web as a source of research."""
    research: ResearchTable | None = None
    """Tools that the research team asks, too."""
    approvals: list[RuleTable] = Field(default_factory=list, max_length=100)
    """What the desk's calls need, in this order: the first rule that matches decides, and what none matches is not done.
    Without any, what writes needs a yes of the customer and one of an operator."""
    limits: LimitsTable = LimitsTable()
    """Where a run of the desk ends that goes on too long."""
    budgets: BudgetsTable = BudgetsTable()
    """What models may take in a day, in a month and in all."""
    prices: dict[Annotated[str, Field(min_length=1, max_length=200)], PriceTable] = Field(default_factory=dict, max_length=200)
    """What models cost, by the names that they have in OAI_CONFIG_LIST, or that their servers give them: before the public
    list of the extra `prices`, and behind the `price` of an entry. What no price is known of is told as unknown."""
    ids: dict[Name, IdTable] = Field(default_factory=dict, max_length=40)
    """How the numbers look that the project gives, by what they are of."""
    articles: File | None = None
    """A folder of Markdown and text files, from which general questions are answered."""
    policy: File | None = None
    """A Markdown file that comes first in each prompt: the house rules, in prose."""
    messages: File | None = None
    """A TOML file of sentences that are said in place of the program's own, by language and id."""
    harmless: list[Phrase] = Field(default_factory=list, max_length=100)
    """Phrases that tell of no danger in this trade, such as "to the dentist" at a dentist's. All else that sounds like danger
    goes to a person at once."""
    teams: list[Module] | None = Field(default=None, min_length=1)
    """Which modules of `groupchats/` are teams; all of them where it is left out."""
    default_team: str | None = None
    """The team that `ask`, `chat` and `submit` speak to; needed where there are several."""
    demo: Module | None = None
    """The scenario that `demo` plays, else the first one."""
    setup: str | None = Field(default=None, pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")
    """A module that holds the project's `setup`, a ProjectSetup: rows, a sample, services, sources, commands."""

    @field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        if not name.isprintable():
            raise ValueError("it holds a character that cannot be shown")
        if not any(character.isalnum() for character in name):  # the data folder is named after it
            raise ValueError("a name has a letter or a digit")
        return name

    @model_validator(mode="after")
    def _fit(self) -> "ProjectFile":
        if (self.approvals or self.policy or self.articles) and not self.departments and self.teams is None:
            raise ValueError("approvals, policy and articles are of the team that [departments.…] make, and there is none")
        if self.hours and not self.time_zone:
            raise ValueError('"hours" need a "time_zone"')
        return self


def read_file(path: Path) -> ProjectFile:
    """`switchboard.toml`, checked against itself and against the files beside it. Raises OperatorError."""
    file = read_table(path, ProjectFile)
    _check_names(path, path.read_text(encoding="utf-8-sig"), file)
    return file


def read_table(path: Path, kind: type[T]) -> T:
    """A TOML file, checked as a model. Raises OperatorError with the line of the first thing that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is no UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from None
    if len(text) > MOST_CHARACTERS:
        raise OperatorError(f"{path} has more than {MOST_CHARACTERS:,} characters. Is it a project's?")
    try:
        return kind.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        number, reason = syntax_error(text, error)
        raise OperatorError(f"{path}, line {number}: this is not TOML: {reason}.") from None
    except RecursionError:
        raise OperatorError(f"{path} is nested too deeply to be a project's file.") from None
    except ValidationError as errors:
        told = list(_by_place(errors.errors()[:MOST_LOOKED_UP], tomllib.loads(text)))
        first = min(told, key=lambda e: line_of(text, e["loc"]) or 0)
        beside = (e for e in told if e["type"] == "extra_forbidden" and e["loc"][:-1] == first["loc"][:-1])
        first = next(beside, first) if first["type"] == "missing" else first  # what is missing may be what is misspelt
        _refuse(path, text, first["loc"], _told(first, kind))


def _check_names(path: Path, text: str, file: ProjectFile) -> None:
    """What the file names must be there. Nothing of the project is imported for it."""
    folder = path.parent
    if not (folder / "groupchats").is_dir() and not file.departments:
        why = f"it holds a {FILE}, but no folder groupchats, and no [departments.…] in it"
        raise OperatorError(f"{folder} is no project: {why}.")
    for package in PACKAGES:
        if any((folder / package).glob("**/*.py")) and not (folder / package / "__init__.py").is_file():
            why = "another package of this name could take its place"
            raise OperatorError(f"{folder / package} has no __init__.py, so {why}. Add one.")
    for name in file.teams or ():
        if not is_module(folder, f"groupchats.{name}") and not (name == DESK and file.departments):
            _refuse(path, text, ("teams",), f"there is no team {name!r}: groupchats/{name}.py is missing")
    names = team_names(folder, file)
    if file.default_team is not None and file.default_team not in names:
        _refuse(path, text, ("default_team",), f"there is no team {file.default_team!r}; there is {one_of(names)}")
    if file.setup is not None and not is_module(folder, file.setup):
        _refuse(path, text, ("setup",), f"{file_of(file.setup)} is missing")
    if file.demo is not None and not is_module(folder, f"scenarios.{file.demo}"):
        _refuse(path, text, ("demo",), f"there is no scenario {file.demo!r}: scenarios/{file.demo}.py is missing")


def _by_place(errors: Sequence[Any], data: Any) -> Iterator[dict[str, Any]]:
    """One error for each place: of a value that may be of several kinds there is one for each kind, with the kind behind it."""
    found: dict[tuple[str | int, ...], dict[str, Any]] = {}
    for error in errors:
        place, value = error["loc"], data
        for length, step in enumerate(place if error["type"] not in ("missing", "extra_forbidden") else ()):
            if isinstance(value, list | dict) and (step in value if isinstance(value, dict) else step in range(len(value))):
                value = value[step]
            else:
                place = place[:length]
                break
        said = error["msg"].removeprefix("Value error, ")
        said = f"{said[:1].lower()}{said[1:]}"
        if error["type"].startswith(("int", "float")) and isinstance(error["input"], str) and error["input"].isdecimal():
            said += f" ({error['input']}, without quotes)"
        one = found.setdefault(place, {**error, "loc": place, "msg": said})
        if said not in one["msg"]:
            one["msg"] += f", or {said}"
    return iter(found.values())


def _told(error: Any, kind: type[BaseModel]) -> str:
    """One wrong key in words."""
    key = ".".join(str(part) for part in error["loc"] if isinstance(part, str))
    key = key if key.isprintable() else ascii(key)[1:-1]
    if error["type"] == "missing":
        return f'"{key}" is missing'
    if error["type"] == "extra_forbidden":
        *above, wrong = error["loc"]
        fields = fields_at(kind, above)
        return f'there is no key "{key}"; ' + did_you_mean(str(wrong), fields, '"{}"'.format)
    return f'"{key}" is wrong: {error["msg"]}' if key else str(error["msg"])


def fields_at(kind: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys of the table at a path, such as ("departments", "orders")."""
    found: Any = kind
    for step in path:
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(str(step))
            found = field.annotation if field else None
        else:  # a list's element, or a table's value by its name
            found = (get_args(found) or (None,))[-1]
        while get_args(found) and not isinstance(found, type) and get_origin(found) not in (list, dict):
            found = next((one for one in get_args(found) if one is not type(None)), None)
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []


def _refuse(path: Path, text: str, loc: Sequence[str | int], reason: str) -> NoReturn:
    number = nearest_line(text, loc)  # of what is missing, its table's
    raise OperatorError(f"{path}{f', line {number}' if number else ''}: {reason}.")


def there(folder: Path, name: str, *keys: str) -> Path:
    """A file or folder that the project's file names under these keys: within the project, and there. Raises OperatorError."""
    path = folder / name
    is_within = path.resolve().is_relative_to(folder.resolve())
    if not is_within or not path.exists():
        text = (folder / FILE).read_text(encoding="utf-8-sig")
        why = f"{path} is not there" if is_within else f"{name} is outside of the project"
        _refuse(folder / FILE, text, keys, f"{'.'.join(keys)}: {why}")
    return path


@contextmanager
def placed(path: Path, shown: str, *keys: str | int, table: str = "") -> Iterator[None]:
    """What is raised within is about what stands under these keys of a TOML file: it is told with the file, as it is `shown`,
    the line, and the `table`. What says where it is already passes as it is.
    """
    try:
        yield
    except (DeclarationError, OperatorError) as error:
        if error.is_placed or (isinstance(error, OperatorError) and not error.at):
            raise
        line = nearest_line(path.read_text(encoding="utf-8-sig"), (*keys, *error.at))
        told = type(error)(f"{shown}{f', line {line}' if line else ''}{f', {table}' if table else ''}: {error}")
        told.is_placed = True
        raise told from error
