import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from switchboard.console.terminal.running import doctor
from switchboard.errors import OperatorError
from switchboard.settings import Settings, load_settings, open_folder, unknown_variables
from tools.settings import ShopSettings

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _clean(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("SWITCHBOARD_") or name == "OAI_CONFIG_LIST":
            monkeypatch.delenv(name)


def problem(**given) -> str:
    with pytest.raises(OperatorError) as caught:
        load_settings(**given)
    return str(caught.value)


def test_the_defaults_need_nothing():
    settings = load_settings()
    assert (
        settings.database_url,
        settings.data,
        settings.oai_config_list,
        settings.max_tokens,
        settings.max_cost_usd,
    ) == (None,) * 5
    assert (settings.model_timeout_seconds, settings.model_retries) == (60.0, 2)
    assert settings.folder.name == "switchboard" and settings.folder.is_absolute()


def test_the_command_line_comes_before_the_environment_and_that_before_the_file(monkeypatch):
    Path(".env").write_text("SWITCHBOARD_MAX_TOKENS=1\nSWITCHBOARD_MODEL_RETRIES=1\nOAI_CONFIG_LIST=a.json\nOTHER=x\n")
    assert (load_settings().max_tokens, load_settings().oai_config_list) == (1, "a.json")
    monkeypatch.setenv("SWITCHBOARD_MAX_TOKENS", "2")
    monkeypatch.setenv("OAI_CONFIG_LIST", "b.json")
    settings = load_settings(data=Path("here"), model_retries=None)
    assert (settings.max_tokens, settings.model_retries, settings.oai_config_list) == (2, 1, "b.json")
    assert load_settings(max_tokens=3, oai_config_list="c.json").max_tokens == 3
    assert load_settings(oai_config_list="c.json").oai_config_list == "c.json"
    assert settings.folder == Path("here")


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("SWITCHBOARD_MAX_COST_USD", "")
    assert load_settings().max_cost_usd is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_TOKENS", "many"), ("MAX_TOKENS", "0"), ("MAX_COST_USD", "nan"), ("MAX_COST_USD", "-1"),
        ("MODEL_TIMEOUT_SECONDS", "0"), ("MODEL_TIMEOUT_SECONDS", "inf"), ("MODEL_RETRIES", "-1"),
        ("DATABASE_URL", "shop.db"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_sentence_that_names_the_variable(monkeypatch, name, value):
    monkeypatch.setenv(f"SWITCHBOARD_{name}", value)
    message = problem()
    assert message.startswith(f"SWITCHBOARD_{name} is wrong: ") and message.count("\n") == 0
    assert message.endswith("Correct it, or unset it for the default.")


def test_every_wrong_setting_is_told_at_once(monkeypatch):
    monkeypatch.setenv("SWITCHBOARD_MAX_TOKENS", "many")
    monkeypatch.setenv("SWITCHBOARD_MODEL_RETRIES", "few")
    assert len(problem().splitlines()) == 2


def test_secrets_are_in_no_repr_and_no_error(monkeypatch):
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", "postgresql://desk:hunter2@db.example.com/desk")
    monkeypatch.setenv("OAI_CONFIG_LIST", '[{"model": "m", "api_key": "hunter2"}]')
    assert "hunter2" not in repr(load_settings())
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", "hunter2")
    assert "hunter2" not in problem()


@pytest.mark.parametrize("kind", ["postgres", "postgresql"])
def test_a_postgres_address_names_the_driver_that_is_installed(kind):
    assert load_settings(database_url=f"{kind}://db/desk").database_url == "postgresql+psycopg://db/desk"


def test_other_addresses_stay_as_they_are():
    for url in ("sqlite:///desk.db", "postgresql+psycopg://db/desk"):
        assert load_settings(database_url=url).database_url == url


def test_a_file_that_cannot_be_read_is_one_sentence():
    Path(".env").write_bytes(b"SWITCHBOARD_DATA=\xff\xfe")
    assert problem() == "The file .env cannot be read: it is not UTF-8 text. Mend it or move it away."


def test_the_data_folder_is_created(tmp_path):
    assert open_folder(load_settings(data=tmp_path / "a" / "b")).is_dir()


def test_a_data_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match=r"cannot be written: .*Name another one with --data"):
        open_folder(load_settings(data=tmp_path / "file" / "x"))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this account may write everywhere")
def test_a_read_only_data_folder_is_one_sentence(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(OperatorError, match="cannot be written"):
        open_folder(load_settings(data=tmp_path))


def test_misspelt_variables_are_listed():
    environment = {"SWITCHBOARD_MAX_COST": "1", "SWITCHBOARD_DATA": "x", "PATH": "y"}
    assert unknown_variables(environment) == ["SWITCHBOARD_MAX_COST"]


def test_a_projects_own_variables_are_known_where_its_settings_are():
    environment = {"SWITCHBOARD_PAYMENTS": "stripe", "SWITCHBOARD_STRIPE_KEY": "x"}
    assert unknown_variables(environment) == ["SWITCHBOARD_PAYMENTS", "SWITCHBOARD_STRIPE_KEY"]
    assert unknown_variables(environment, kinds=[ShopSettings]) == ["SWITCHBOARD_STRIPE_KEY"]


def test_the_example_shows_every_variable_and_is_valid():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?(\w+)=", text, re.MULTILINE))
    fields = [*Settings.model_fields, *ShopSettings.model_fields]
    known = {f"SWITCHBOARD_{n.upper()}" for n in fields if n != "oai_config_list"} | {"OAI_CONFIG_LIST", "TAVILY_API_KEY"}
    assert named == known
    Path(".env").write_text(re.sub(r"^#(\w+=)", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    assert load_settings().max_tokens == 50000


@pytest.mark.slow
def test_the_settings_load_neither_autogen_nor_openai():
    loaded = "[m for m in ('autogen', 'openai') if m in sys.modules]"
    code = f"import sys, switchboard.settings, switchboard.models.endpoints; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("key", ["change-me-to-at-least-thirty-two-characters", "Change-Me" + "x" * 40])
def test_a_placeholder_is_no_key_of_the_seals(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHBOARD_SEAL_KEY", key)
    told = problem()
    assert told.startswith("SWITCHBOARD_SEAL_KEY is wrong") and "token_urlsafe" in told and key not in told
    [found] = [row for row in doctor.found(Path("data")) if row["what"] == "settings"]
    assert found["state"] == "wrong" and "SWITCHBOARD_SEAL_KEY" in found["text"]


@pytest.mark.parametrize("example", ["compose.env.example", ".env.example"])
def test_examples_hold_no_secret_that_would_be_taken(example: str) -> None:
    text = (ROOT / example).read_text("utf-8")
    assert re.findall(r"^#?(?:SWITCHBOARD_SEAL_KEY|POSTGRES_PASSWORD)=(.+)$", text, re.MULTILINE) == []
