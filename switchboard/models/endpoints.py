"""The model endpoints of an OAI_CONFIG_LIST, in AutoGen's own format."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from switchboard.errors import OperatorError

OPENAI_URL = "https://api.openai.com/v1"
OLLAMA_URL = "http://localhost:11434/v1"
NO_KEY = "not-needed"
FORM = '[{"model": "NAME", "api_key": "KEY", "base_url": "https://HOST/v1"}]'
SHOWN = f"its form is {FORM}, and OAI_CONFIG_LIST.example beside the project's README shows all of it"
KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}
MAKERS = {
    "anthropic": ("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
    "cerebras": ("https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
    "cohere": ("https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY"),
    "deepseek": ("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    "google": ("https://generativelanguage.googleapis.com/v1beta/openai", "GOOGLE_GEMINI_API_KEY"),
    "groq": ("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    "mistral": ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    "together": ("https://api.together.xyz/v1", "TOGETHER_API_KEY"),
}
"""AutoGen's other kinds whose makers answer in OpenAI's way too: where, and the variable that AutoGen takes the key from."""
ROOMS = ("max_tokens", "max_completion_tokens")
"""The options that bound an answer."""
OPTIONS = (
    *(*ROOMS, "temperature", "top_p", "top_k", "seed", "stop", "stream", "user"),
    *("frequency_penalty", "presence_penalty", "logit_bias", "reasoning_effort", "verbosity", "service_tier"),
    "parallel_tool_calls",
)
"""Keys of an entry that are sent with each request, as AutoGen sends them."""
OURS = ("messages", "tools", "model")
"""What no `extra_body` may change."""
PLACEHOLDER = re.compile(r"<.*>|.*(\.\.\.|…).*|your[-_ ].*", re.IGNORECASE | re.DOTALL)

SHORTEST_SECRET = 8

Dollars = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class Endpoint(BaseModel):
    """One entry. `price` is dollars per 1,000 prompt and completion tokens, `timeout` is seconds."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    model: str = Field(min_length=1)
    api_key: SecretStr = SecretStr(NO_KEY)
    base_url: str = OPENAI_URL
    api_type: Literal["openai", "azure"] = "openai"
    azure_deployment: str | None = None
    api_version: str | None = None
    tags: tuple[str, ...] = ()
    price: tuple[Dollars, Dollars] | None = None
    timeout: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    options: Mapping[str, Any] = Field(default={}, repr=False)
    """What is sent with each request: the entry's own keys of the API, then its `extra_body`."""
    default_headers: Mapping[str, SecretStr] = {}
    default_query: Mapping[str, str] = Field(default={}, repr=False)
    ignored: tuple[str, ...] = ()
    """Keys of the entry that Switchboard does not know; `check` shows them."""

    def __hash__(self) -> int:
        return hash((self.model, self.base_url, self.tags))

    @model_validator(mode="before")
    @classmethod
    def _from_autogen(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            raise ValueError("an entry is a JSON object with at least a model")
        entry = {key: value for key, value in given.items() if value is not None}
        _with_address(entry)
        entry["api_key"] = _key(entry)
        entry["options"] = _options(entry)
        entry["default_headers"] = _headers(entry)
        known = {*cls.model_fields, *OPTIONS, "azure_endpoint", "client_host", "extra_body", "organization", "project"}
        return {**entry, "ignored": tuple(sorted(set(entry) - known))}

    @property
    def secrets(self) -> list[str]:
        """What no screen may show: the key, and the values of headers, where they are long enough to be one. A key like `x`,
        which a server of one's own is given, stands in every other word.
        """
        given = [value.get_secret_value() for value in (self.api_key, *self.default_headers.values())]
        return [value for value in given if len(value) >= SHORTEST_SECRET]

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def is_loopback(self) -> bool:
        return _is_loopback(self.base_url)

    @property
    def name(self) -> str:
        """How screens and errors call it: never with a secret."""
        return f"{self.model} at {self.host}"


def _with_address(entry: dict[str, Any]) -> None:
    """Settle `api_type` and `base_url` the way that AutoGen reads them."""
    kind = entry.setdefault("api_type", "openai")
    if kind not in ("openai", "azure", "ollama", *MAKERS):
        raise ValueError(
            f"api_type is none of openai, azure, ollama, {', '.join(MAKERS)}; other providers answer at an OpenAI-compatible "
            "address: put that into base_url and leave api_type out"
        )
    if "api_base" in entry and "base_url" not in entry:
        raise ValueError("api_base is an old name; call it base_url")
    if kind == "ollama":
        address = str(entry.get("base_url") or entry.get("client_host") or OLLAMA_URL).rstrip("/")
        entry.update(api_type="openai", base_url=address if address.endswith("/v1") else f"{address}/v1")
        entry.setdefault("api_key", NO_KEY)
    if kind in MAKERS:
        address, variable = MAKERS[kind]
        entry.update(api_type="openai", base_url=entry.get("base_url", address))
        if entry.get("api_key") is None and not os.environ.get(variable):
            raise ValueError(f"api_key is missing; put it there or into the variable {variable}, or delete the entry")
        entry.setdefault("api_key", os.environ.get(variable))
    if kind == "azure":
        entry["base_url"] = entry.get("base_url") or entry.get("azure_endpoint")
        entry.setdefault("azure_deployment", str(entry.get("model")).replace(".", ""))
        if not entry["base_url"]:
            raise ValueError("an azure entry needs base_url, the address of the resource")
        if not entry.get("api_version"):
            raise ValueError("an azure entry needs api_version")
    if isinstance(entry.get("base_url"), str):
        entry["base_url"] = entry["base_url"].rstrip("/").removesuffix("/chat/completions")
    if "base_url" in entry and not _is_address(entry["base_url"]):
        raise ValueError("base_url is not an address like https://host/v1 (without name, password and query)")


def _options(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the entry adds to the body of each request."""
    extra = entry.get("extra_body", {})
    if not isinstance(extra, dict) or set(extra) & set(OURS):
        raise ValueError(f"extra_body is not an object of fields for the request (other than {', '.join(OURS)})")
    own = entry.get("options", {})  # of one that was made of an entry before
    return {**(own if isinstance(own, Mapping) else {}), **{key: entry[key] for key in OPTIONS if key in entry}, **extra}


def _headers(entry: Mapping[str, Any]) -> dict[str, Any]:
    given = entry.get("default_headers", {})
    if not isinstance(given, Mapping):
        raise ValueError('default_headers is not an object such as {"X-Team": "desk"}')
    named = {"organization": "OpenAI-Organization", "project": "OpenAI-Project"}
    return {**{header: entry[key] for key, header in named.items() if key in entry}, **given}


def _is_address(value: Any) -> bool:
    """An http or https address that holds no secret, so that it can be shown."""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        plain = isinstance(value, str) and value.isprintable() and " " not in parts.netloc
        return plain and whole and not (parts.username or parts.query)
    except (ValueError, TypeError, AttributeError):
        return False


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _key(entry: dict[str, Any]) -> str:
    """The key of the entry, or of the provider's own variable, or none where a server of one's own needs none."""
    key = entry.get("api_key")
    url = entry.get("base_url")
    if isinstance(key, SecretStr):
        key = key.get_secret_value()
    if key is None and (url is None or entry["api_type"] == "azure"):
        variable = KEY_VARIABLES[entry["api_type"]]
        key = os.environ.get(variable)
        if key is None:
            raise ValueError(f"api_key is missing; put it there or into the variable {variable}, or delete the entry")
    if key is None:
        return NO_KEY
    if not isinstance(key, str):
        raise ValueError("api_key is not a text")
    key = key.strip()
    if not key or PLACEHOLDER.fullmatch(key):
        if url is not None and _is_loopback(url):
            return NO_KEY
        raise ValueError("api_key is empty or a placeholder; put the real key there, or delete the entry")
    if not re.fullmatch(r"[!-~]+", key):
        raise ValueError("api_key holds a space or a character that no key has; copy it again")
    return key


def read_endpoints(given: str | None = None) -> list[Endpoint]:
    """The endpoints in order. `given` is a JSON text or the path of a file (what the variable OAI_CONFIG_LIST holds);
    without it the file OAI_CONFIG_LIST of the current folder, and [] when there is none. Raises OperatorError.
    """
    text, where = _text(given)
    if text is None:
        return []
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        spot = "too deep" if isinstance(error, RecursionError) else "a number is too long"
        if isinstance(error, json.JSONDecodeError):
            spot = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise OperatorError(f"{where} is not JSON ({spot}). Mend it there; {SHOWN}.") from None
    if not isinstance(entries, list):
        raise OperatorError(f"{where} must be a JSON list of entries, [{{...}}]; {SHOWN}.")
    found, problems = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            found.append(Endpoint.model_validate(entry))
        except ValidationError as error:
            problems += [f"{where}, entry {number}: {_sentence(e['loc'], e['msg'])}" for e in error.errors()]
    if problems:
        raise OperatorError("\n".join(problems))
    return found


def _text(given: str | None) -> tuple[str | None, str]:
    """The JSON text, and where it stands in words."""
    if given is not None and given.lstrip()[:1] in ("[", "{"):
        return given, "The variable OAI_CONFIG_LIST"
    named = given.strip() if given else ""
    path = Path(os.path.expanduser(named or "OAI_CONFIG_LIST"))  # noqa: PTH111 - Path's own raises for an account that is not there
    try:
        return path.read_text(encoding="utf-8-sig"), f"The file {path}"
    except FileNotFoundError:
        if not named:
            return None, ""
        raise OperatorError(
            f"OAI_CONFIG_LIST names the file {path}, which does not exist. Create it ({SHOWN}), or "
            "unset the variable to run by rules."
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise OperatorError(f"The file {path} cannot be read: {reason}. Mend it or move it away.") from None


def _sentence(place: Sequence[str | int], message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{'.'.join(map(str, place))}: {message}." if place else f"{message}."


def tagged(endpoints: Sequence[Endpoint], tag: str) -> list[Endpoint]:
    """The endpoints for `tag` in order: those with it, then those without any tag; if there are none, all."""
    chosen = [e for e in endpoints if tag in e.tags] + [e for e in endpoints if not e.tags]
    return chosen or list(endpoints)
