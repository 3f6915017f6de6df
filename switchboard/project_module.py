"""Importing a module of a project: whatever is wrong with it is told in one sentence, with the file and the line."""

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import ParamSpec, TypeVar

from switchboard.errors import DeclarationError, OperatorError

LIBRARY = Path(__file__).resolve().parent
MOST_TOLD = 300

T = TypeVar("T")
P = ParamSpec("P")


def declared(module: str, name: str, kind: type[T], called: str = "") -> T:
    """What a module of an open project declares under a name, which must be of that kind.

    Raises DeclarationError where it is not, and as `read_module` does. `called` is how the value must be called, if it must.
    """
    found = getattr(read_module(module), name, None)
    if isinstance(found, kind) and (not called or getattr(found, "name", None) == called):
        return found
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    told = f"{article} {kind.__name__}{f' called {called!r}' if called else ''}"
    raise DeclarationError(f"{file_of(module)} must declare `{name}`, {told}.")


def read_module(module: str) -> ModuleType:
    """The module, imported. Raises DeclarationError for whatever keeps it from being read, and lets an OperatorError pass."""
    try:
        return import_module(module)
    except (KeyboardInterrupt, OperatorError):
        raise
    except BaseException as error:  # a module that ends the program has not declared anything either
        raise DeclarationError(_told(module, error)) from error


def told_of(module: str, function: Callable[P, T], kind: type = object) -> Callable[P, T]:
    """A function of a project's module that raises DeclarationError, with the file and the line, for whatever it raises, and
    where it gives another kind of thing. An OperatorError, and what the database says, pass.
    """

    @wraps(function)
    def call(*given: P.args, **named: P.kwargs) -> T:
        try:
            found = function(*given, **named)
        except (KeyboardInterrupt, OperatorError):
            raise
        except BaseException as error:
            from sqlalchemy.exc import SQLAlchemyError  # help does without

            if isinstance(error, SQLAlchemyError):
                raise
            raise DeclarationError(_told(module, error)) from error
        if not isinstance(found, kind):
            name = getattr(function, "__name__", "a function")
            raise DeclarationError(f"{file_of(module)}: `{name}` gives {type(found).__name__}, which is no {kind.__name__}.")
        return found

    return call


def file_of(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


def _told(module: str, error: BaseException) -> str:
    file, line = _place(module, error)
    return f"{file}{f', line {line}' if line else ''}: {_reason(error).rstrip('.')}."


def _place(module: str, error: BaseException) -> tuple[str, int]:
    """Where it is wrong: the line that is no Python, or the last line of the project that was executed; 0 is no line."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 0
    frames = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    return next(((file, line) for file, line in reversed(frames) if _is_of_the_project(file)), (file_of(module), 0))


def _is_of_the_project(file: str) -> bool:
    """Whether a file is the open project's own, and no package that is installed below its folder."""
    root, path = Path(sys.path[0]).resolve(), Path(file).resolve()
    if not path.is_relative_to(root) or not path.is_file() or "site-packages" in path.relative_to(root).parts:
        return False
    return not path.is_relative_to(LIBRARY) or root.is_relative_to(LIBRARY)  # the sample's folder may hold the library


def _reason(error: BaseException) -> str:
    if isinstance(error, DeclarationError):
        return str(error)
    if isinstance(error, SystemExit):
        return "it ends the program, which no module of a project may do"
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    said = " ".join(said.split())[:MOST_TOLD]
    if isinstance(error, SyntaxError):
        return f"this is not Python: {said}"
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
