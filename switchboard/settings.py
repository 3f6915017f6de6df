"""The settings: variables that begin with SWITCHBOARD_, and OAI_CONFIG_LIST, from the environment or a .env file."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from switchboard.errors import OperatorError
from switchboard.private_files import make_folder

PREFIX = "SWITCHBOARD_"


class Variables(BaseSettings):
    """Settings that are read from variables which begin with SWITCHBOARD_. A project may have some of its own."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


V = TypeVar("V", bound=Variables)


class Settings(Variables):
    """Budgets are per case; None is no limit. Secrets stay out of the repr."""

    project: Path | None = None
    database_url: str | None = Field(default=None, repr=False)
    data: Path | None = None
    oai_config_list: str | None = Field(default=None, repr=False, validation_alias="OAI_CONFIG_LIST")
    max_tokens: int | None = Field(default=None, gt=0)
    max_cost_usd: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    model_timeout_seconds: float = Field(default=60.0, gt=0, le=3600, allow_inf_nan=False)
    model_retries: int = Field(default=2, ge=0, le=10)
    approval_hours: float = Field(default=72.0, gt=0, le=24 * 365, allow_inf_nan=False)
    operator: str | None = Field(default=None, max_length=60)
    token: str | None = Field(default=None, max_length=200, repr=False)
    seal_key: str | None = Field(default=None, min_length=32, repr=False)
    log: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("seal_key")
    @classmethod
    def _seal_key(cls, key: str | None) -> str | None:
        """Whoever has read the examples has a key that was copied out of them."""
        if key and key.lower().startswith("change-me"):
            raise ValueError(
                "it is a placeholder, which everybody knows. Make a key with python -c 'import secrets; "
                "print(secrets.token_urlsafe(32))', and run `switchboard seal --all` once where rows are there already"
            )
        return key

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, url: str | None) -> str | None:
        """Hosts hand out postgres://, which SQLAlchemy does not know, or postgresql://, which names no driver."""
        if url is None:
            return None
        kind, separator, rest = url.partition("://")
        if not separator:
            raise ValueError("it is not an address like postgresql://name:password@host/database")
        return f"postgresql+psycopg://{rest}" if kind in ("postgres", "postgresql") else url

    @property
    def folder(self) -> Path:
        """The data folder; nothing is created here."""
        if self.data is not None:
            return Path(os.path.expanduser(self.data))  # noqa: PTH111 - Path's own raises for an account that is not there
        from platformdirs import user_data_path  # asked for only when no folder is given

        return user_data_path("switchboard", appauthor=False)


def load_settings(**given: Any) -> Settings:
    """The library's settings. Raises OperatorError as `read_variables` does."""
    return read_variables(Settings, **given)


def read_variables(kind: type[V], **given: Any) -> V:
    """Settings of a kind; `given` (from the command line) comes before the environment, and None in it means not given.

    Raises OperatorError with one sentence per wrong setting.
    """
    try:
        return kind(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problems = [_sentence(str(e["loc"][0]) if e["loc"] else "", e["msg"]) for e in error.errors()]
        raise OperatorError("\n".join(problems)) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise OperatorError(f"The file .env cannot be read: {reason}. Mend it or move it away.") from None


def _sentence(name: str, message: str) -> str:
    variable = name if name == "OAI_CONFIG_LIST" else f"{PREFIX}{name.upper()}"
    return f"{variable} is wrong: {message.removeprefix('Value error, ')}. Correct it, or unset it for the default."


def folder_of(settings: Settings, within: str = "") -> Path:
    """Where the data folder is, or will be; `within` the platform's own where none is named."""
    return settings.folder if settings.data else settings.folder / within


def open_folder(settings: Settings, within: str = "") -> Path:
    """The data folder, created where it is missing, for its owner alone; `within` the platform's own where none is named.

    Raises OperatorError when it cannot be written.
    """
    folder = folder_of(settings, within)
    try:
        str(folder).encode()
    except UnicodeEncodeError:
        raise OperatorError(f"The name of the data folder {folder} is no UTF-8 text. Name another one with --data.") from None
    try:
        make_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OperatorError(
            f"The data folder {folder} cannot be written: {error.strerror}. Name another one with --data or "
            f"{PREFIX}DATA, or mend its permissions."
        ) from None
    return folder


def unknown_variables(environment: Mapping[str, str] = os.environ, *, kinds: Iterable[type[Variables]] = ()) -> list[str]:
    """SWITCHBOARD_ variables that are no setting, of the library or of `kinds`: misspelt ones, most likely."""
    every: tuple[type[Variables], ...] = (Settings, *kinds)
    fields = {name for kind in every for name in kind.model_fields} - {"oai_config_list"}
    known = {f"{PREFIX}{name.upper()}" for name in fields}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
