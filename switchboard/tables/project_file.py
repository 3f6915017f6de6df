"""What a project's `switchboard.toml` says, checked: each thing that is wrong is one sentence with its line."""

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from switchboard.consent.identity import Identity
from switchboard.errors import OperatorError
from switchboard.mail.table import MailTable
from switchboard.project import FILE, PACKAGES, is_module, one_of, team_names
from switchboard.project_module import file_of
from switchboard.tables.toml_lines import line_of, syntax_error

MOST_CHARACTERS = 20_000

Module = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$", max_length=60)]


class ProjectFile(BaseModel):
    """What `switchboard.toml` says; no other keys are taken. English and US dollars are all that there is so far, so nothing
    reads `language` and `currency` but this check.

    `teams` are modules of `groupchats/`, all of them where it is left out; `default_team` is the one that `ask` and `chat`
    speak to, and may be left out where there is one. `demo` is the scenario that `demo` plays, else the first one. `setup` is
    a module that holds the project's `setup`, a ProjectSetup. `identity` says what verifies a customer: the `channel` that they
    write from alone, or also an address or a name that they `typed`, which anybody can type, or also a `code` that is sent to
    the address on file of whom they typed; `mail` says by which mail server.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(max_length=60)
    language: Literal["en"] = "en"
    currency: Literal["USD"] = "USD"
    teams: list[Module] | None = Field(default=None, min_length=1)
    default_team: str | None = None
    demo: Module | None = None
    identity: Identity = "channel"
    mail: MailTable | None = None
    setup: str | None = Field(default=None, pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")

    @field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        if not name.isprintable():
            raise ValueError("it holds a character that cannot be shown")
        if not any(character.isalnum() for character in name):  # the data folder is named after it
            raise ValueError("a name has a letter or a digit")
        return name


def read_file(path: Path) -> ProjectFile:
    """`switchboard.toml`, checked against itself and against the files beside it. Raises OperatorError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is no UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from None
    if len(text) > MOST_CHARACTERS:
        raise OperatorError(f"{path} has more than {MOST_CHARACTERS:,} characters. Is it a project's?")
    try:
        file = ProjectFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        number, reason = syntax_error(text, error)
        raise OperatorError(f"{path}, line {number}: this is not TOML: {reason}.") from None
    except RecursionError:
        raise OperatorError(f"{path} is nested too deeply to be a project's file.") from None
    except ValidationError as errors:
        first = min(errors.errors(), key=lambda e: line_of(text, e["loc"]) or 0)
        _refuse(path, text, first["loc"], _told(first))
    _check_names(path, text, file)
    return file


def _check_names(path: Path, text: str, file: ProjectFile) -> None:
    """What the file names must be there. Nothing of the project is imported for it."""
    folder = path.parent
    if not (folder / "groupchats").is_dir():
        raise OperatorError(f"{folder} is no project: it holds a {FILE}, but no folder groupchats.")
    for package in PACKAGES:
        if (folder / package).is_dir() and not (folder / package / "__init__.py").is_file():
            why = "another package of this name could take its place"
            raise OperatorError(f"{folder / package} has no __init__.py, so {why}. Add one.")
    for name in file.teams or ():
        if not is_module(folder, f"groupchats.{name}"):
            _refuse(path, text, ("teams",), f"there is no team {name!r}: groupchats/{name}.py is missing")
    names = team_names(folder, file)
    if file.default_team is not None and file.default_team not in names:
        _refuse(path, text, ("default_team",), f"there is no team {file.default_team!r}; there is {one_of(names)}")
    if file.setup is not None and not is_module(folder, file.setup):
        _refuse(path, text, ("setup",), f"{file_of(file.setup)} is missing")
    if file.demo is not None and not is_module(folder, f"scenarios.{file.demo}"):
        _refuse(path, text, ("demo",), f"there is no scenario {file.demo!r}: scenarios/{file.demo}.py is missing")


def _told(error: Any) -> str:
    """One wrong key in words."""
    key = ".".join(str(part) for part in error["loc"] if isinstance(part, str))
    key = key if key.isprintable() else ascii(key)[1:-1]
    if error["type"] == "missing":
        return f'"{key}" is missing'
    if error["type"] == "extra_forbidden":
        fields = MailTable.model_fields if key.startswith("mail.") else ProjectFile.model_fields
        near = get_close_matches(key.removeprefix("mail."), fields, 1)
        there = f'did you mean "{near[0]}"' if near else f"there is {', '.join(fields)}"
        return f'there is no key "{key}"; {there}'
    said = error["msg"].removeprefix("Value error, ")
    return f'"{key}" is wrong: {said[:1].lower()}{said[1:]}'


def _refuse(path: Path, text: str, loc: Sequence[str | int], reason: str) -> NoReturn:
    number = line_of(text, loc)
    raise OperatorError(f"{path}{f', line {number}' if number else ''}: {reason}.")
