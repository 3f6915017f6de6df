"""An OpenAPI description as its text says it: from a file of the project or from an address, bounded, and nothing but data."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from switchboard.errors import DeclarationError, OperatorError
from switchboard.toolsets.openapi.connection import Broken, Connections, NotSent, TooLong

MOST_FETCHED, MOST_OF_A_FILE, MOST_YAML = 5_000_000, 20_000_000, 5_000_000
"""Bytes of a description."""
FETCH_SECONDS = 20.0
MOST_NESTED, MOST_PARTS, MOST_OPERATIONS = 100, 2_000_000, 5_000
METHODS = ("get", "head", "post", "put", "patch", "delete", "query")
KNOWN = ("3.0", "3.1", "3.2")


@dataclass(frozen=True)
class Description:
    """A document, and the address that it is from; none where it is a file of the project."""

    document: Mapping[str, Any]
    address: str = ""


def is_address(where: str) -> bool:
    return where.lower().startswith(("http://", "https://"))


def from_file(where: str, folder: Path) -> Description:
    """The description in a file of the project. Raises DeclarationError, OperatorError."""
    path = (folder / where).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DeclarationError(f"{where} lies outside of the project. Put the description into the project's folder.")
    try:
        if not path.is_file():
            raise OperatorError(f"There is no file {where} in the project. Save the OpenAPI description there.")
        with path.open("rb") as file:
            data = file.read(MOST_OF_A_FILE + 1)
    except OSError as error:
        raise OperatorError(f"{where} cannot be read: {error.strerror}.") from None
    if len(data) > MOST_OF_A_FILE:
        raise DeclarationError(f"{where} has more than {MOST_OF_A_FILE:,} bytes. Cut it down to the calls that you list.")
    return Description(document_of(data, where))


def fetched(address: str) -> Description:
    """The description at an address, which is asked without headers of ours. Raises DeclarationError, OperatorError."""
    parts = urlsplit(address)
    if not parts.hostname or parts.username or parts.password:
        raise DeclarationError("openapi is no address such as https://example.com/openapi.json, without a name and password.")
    save = "Save it as a file of the project, and name that."
    connections = Connections()
    try:
        accepted = {"Accept": "application/json, application/yaml;q=0.9, */*;q=0.5", "Accept-Encoding": "identity"}
        answer = connections.ask("GET", address, accepted, None, FETCH_SECONDS, MOST_FETCHED)
    except (NotSent, Broken) as error:
        raise OperatorError(f"The description at {parts.hostname} cannot be fetched: {error}. Try again, or: {save}") from None
    except TooLong as error:
        raise DeclarationError(f"The description at {parts.hostname} is not read: {error}. {save}") from None
    finally:
        connections.close()
    if 300 <= answer.status < 400:
        raise DeclarationError(f"The address of the description at {parts.hostname} leads to another. Name that one.")
    if answer.status != 200:
        raise OperatorError(f"{parts.hostname} answers {answer.status} and no description. {save}")
    return Description(document_of(answer.body, parts.hostname), address)


def document_of(data: bytes, where: str) -> dict[str, Any]:
    """The document of a text, JSON or YAML. Raises DeclarationError where it is no OpenAPI description of ours."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DeclarationError(f"{where} is no text in UTF-8.") from None
    try:
        read = json.loads(text) if text.lstrip()[:1] == "{" else _of_yaml(text)
        document = _plain(read, [MOST_PARTS])
    except RecursionError:
        raise DeclarationError(f"{where} is nested too deep, or has too many parts.") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        at = "" if line is None else f" (line {line + 1})"
        raise DeclarationError(f"{where} is neither JSON nor YAML that can be read{at}.") from None
    except ValueError as error:
        why = "it is no JSON" if isinstance(error, json.JSONDecodeError) else str(error)
        raise DeclarationError(f"{where} cannot be read: {why}.") from None
    if not isinstance(document, dict):
        raise DeclarationError(f"{where} is no OpenAPI description: it holds no object.")
    if "swagger" in document:
        version = str(document["swagger"])[:10]
        raise DeclarationError(f"{where} is Swagger {version}, which is not read here. Convert it to OpenAPI 3.")
    if str(document.get("openapi", ""))[:3] not in KNOWN:
        raise DeclarationError(f"{where} is no OpenAPI description of the versions {', '.join(KNOWN)}.")
    paths = document.get("paths")
    if not isinstance(paths, dict):
        raise DeclarationError(f"{where} describes no paths, so there is nothing to call.")
    if sum(method in METHODS for item in paths.values() if isinstance(item, dict) for method in item) > MOST_OPERATIONS:
        raise DeclarationError(f"{where} describes more than {MOST_OPERATIONS:,} operations. Cut it down to those you list.")
    return document


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]
    """Plain values as JSON has them: to YAML 1.1 a `no` is false, a date no text, and 1:20 a number."""

    yaml_implicit_resolvers: Any = {}  # noqa: RUF012 - its base has one that is not ours

    def flatten_mapping(self, node: Any) -> None:
        """Nothing is merged: `<<` is a name as any other."""


for _tag, _form, _firsts in (
    ("null", r"(?:~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", list("tTfF")),
    ("int", r"-?(?:0|[1-9][0-9]*)\Z", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form), _firsts)


def _of_yaml(text: str) -> Any:
    """What a YAML text holds; what points at other parts of it stands there as often as it is pointed at."""
    if len(text) > MOST_YAML:
        raise ValueError(f"it has more than {MOST_YAML:,} characters of YAML; convert it to JSON")
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_NESTED:
            raise RecursionError
    return yaml.load(text, Loader=_Loader)


def _plain(value: Any, left: list[int], depth: int = 0) -> Any:
    """The value as JSON data, whose names are texts. Raises ValueError, RecursionError."""
    left[0] -= 1
    if depth > MOST_NESTED or left[0] < 0:  # a few lines of YAML can stand for a billion parts
        raise RecursionError
    if isinstance(value, dict):
        return {str(name): _plain(one, left, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, left, depth + 1) for one in value]
    if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise ValueError("it holds a value that is none of JSON")
