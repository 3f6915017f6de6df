"""Values of a project's file that are kept in the environment: "Bearer ${TOKEN}" names a variable, and no secret."""

import os
import re
from collections.abc import Mapping
from functools import cache

from dotenv import dotenv_values

from switchboard.errors import OperatorError, about

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SECRET = re.compile(r"auth|api.?key|[-_]key$|token|secret|password|cookie", re.IGNORECASE)
"""Headers and variables whose values are secrets, whatever the project says."""


def value_of(text: str, where: str) -> str:
    """A value with its variables filled in, from the environment or the file .env. Raises OperatorError where one is unset."""

    def set_to(match: re.Match[str]) -> str:
        found = os.environ.get(match[1]) or _of_file().get(match[1])
        if not found:
            raise OperatorError(f"{where} needs the variable {match[1]}, which is not set. Set it, or write it into .env.")
        if not found.isprintable():
            raise OperatorError(f"The variable {match[1]} for {where} holds a character that cannot be printed. Set it anew.")
        return found

    return VARIABLE.sub(set_to, text)


def values_of(values: Mapping[str, str], where: str) -> dict[str, str]:
    """Each of the values filled in. Raises OperatorError for a secret, as its name tells, that is no variable's."""
    filled = {}
    for name, value in values.items():
        with about(name):
            if SECRET.search(name) and not VARIABLE.search(value):
                raise OperatorError(f"{where}: {name} is a secret, which stands in no file. Write ${{A_NAME}}, and set that.")
            filled[name] = value_of(value, f"{where}, {name},")
    return filled


@cache
def _of_file() -> Mapping[str, str | None]:
    return dotenv_values(".env")
