"""AutoGen is imported without the clients of model servers, and nobody but AutoGen does without them."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from switchboard.loop.autogen_chat import MODEL_CLIENTS

ROOT = Path(__file__).parent.parent


def said(code: str, path: Path | None = None) -> str:
    """What a program prints, in a process of its own."""
    places = os.pathsep.join(str(place) for place in (path, ROOT, os.environ.get("PYTHONPATH")) if place)
    command = [sys.executable, "-c", textwrap.dedent(code)]
    ran = subprocess.run(command, env={**os.environ, "PYTHONPATH": places}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.mark.slow
def test_autogen_loads_no_client_of_a_model_server_even_where_one_is_installed(tmp_path: Path) -> None:
    for name in MODEL_CLIENTS:
        (tmp_path / f"{name}.py").write_text(f"print('{name} was loaded')")
    code = """
        import sys
        import switchboard.loop.autogen_chat
        print("autogen" in sys.modules, [name for name in switchboard.loop.autogen_chat.MODEL_CLIENTS if name in sys.modules])
    """
    assert said(code, tmp_path) == "True []"


@pytest.mark.slow
def test_the_pages_are_served_before_what_speaks_to_programs_is_imported() -> None:
    """Each of these takes a person who starts the desk from a third of a second to two; programs that ask for it can wait."""
    code = """
        import sys
        import switchboard.console.web.serving
        print([name for name in ("fastapi", "mcp", "a2a", "ag_ui", "autogen", "authlib") if name in sys.modules])
    """
    assert said(code) == "[]"


@pytest.mark.slow
def test_openai_can_be_imported_afterwards_by_whoever_wants_it() -> None:
    code = """
        import sys
        before = list(sys.meta_path)
        import switchboard.loop.autogen_chat
        import openai
        print(openai.OpenAI.__name__, sys.meta_path == before)
    """
    assert said(code) == "OpenAI True"


@pytest.mark.slow
@pytest.mark.parametrize("first", ["autogen", "openai"])
def test_who_imports_autogen_or_openai_before_has_autogen_with_its_client(first: str) -> None:
    code = f"""
        import {first}
        import switchboard.loop.autogen_chat
        import autogen.oai.client
        print(autogen.oai.client.OpenAI.__module__.partition(".")[0])
    """
    assert said(code) == "openai"


def test_another_thread_finds_a_package_that_this_one_does_without(tmp_path: Path) -> None:
    (tmp_path / "wanted.py").write_text("")
    code = """
        import threading
        from switchboard.models.lean_import import without
        def import_it():
            import wanted
            print("there")
        with without("wanted"):
            try:
                import wanted
            except ModuleNotFoundError as error:
                print(error.name)
            other = threading.Thread(target=import_it)
            other.start()
            other.join()
        import wanted
    """
    assert said(code, tmp_path).split() == ["wanted", "there"]


def test_what_goes_wrong_in_the_block_takes_nothing_away_for_good() -> None:
    code = """
        import sys
        from switchboard.models.lean_import import without
        before = list(sys.meta_path)
        try:
            with without("decimal"):
                raise KeyError
        except KeyError:
            import decimal
        print(sys.meta_path == before)
    """
    assert said(code) == "True"
