import json
from pathlib import Path

import pytest

from switchboard.errors import OperatorError
from switchboard.models.endpoints import Endpoint, read_endpoints, tagged
from switchboard.models.scripted import ScriptedModel

KEY = "sk-live-0123456789abcdef"
ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def read(*entries) -> list[Endpoint]:
    return read_endpoints(json.dumps(entries))


def problem(given: str | None = None) -> str:
    with pytest.raises(OperatorError) as caught:
        read_endpoints(given)
    assert KEY not in str(caught.value) and caught.value.__cause__ is None
    return str(caught.value)


def test_without_a_file_there_are_no_endpoints():
    assert read_endpoints() == [] and read_endpoints("") == [] and read_endpoints("[]") == []


def test_a_file_in_the_current_folder_a_path_and_a_text_are_read_alike():
    text = json.dumps([{"model": "gpt-4o", "api_key": KEY, "tags": ["fast"], "price": [0.1, 0.2], "timeout": 9}])
    Path("OAI_CONFIG_LIST").write_text(text)
    Path("named.json").write_text("\ufeff" + text, encoding="utf-8")
    [entry] = read_endpoints()
    assert [entry] == read_endpoints("named.json") == read_endpoints(text)
    assert (entry.model, entry.tags, entry.price, entry.timeout) == ("gpt-4o", ("fast",), (0.1, 0.2), 9.0)
    assert entry.name == "gpt-4o at api.openai.com" and entry.api_key.get_secret_value() == KEY
    assert KEY not in f"{entry!r} {entry} {[entry]}"


def test_a_named_file_that_is_missing_is_an_error_and_not_silence():
    assert "names the file gone.json, which does not exist" in problem("gone.json")
    assert "which does not exist" in problem("~nobody-of-this-name/list.json")


def test_a_broken_file_is_named_with_its_line():
    Path("OAI_CONFIG_LIST").write_text('[\n  {"model": "gpt-4o",\n   "api_key": "' + KEY + '",}\n]')
    message = problem()
    assert message.startswith("The file OAI_CONFIG_LIST is not JSON (line 3, column")
    assert "OAI_CONFIG_LIST.example" in message


@pytest.mark.parametrize(
    "given",
    ['{"model": "m"}', '[{"model": "m"', "[" * 100_000, f"[9{0:09999}]", "[3]", '[{"api_key": "k"}]', '[{"model": 3}]'],
)
def test_a_broken_text_is_an_error_that_says_where(given):
    assert problem(given).startswith("The variable OAI_CONFIG_LIST")


def test_a_file_that_is_no_text_or_a_folder_is_an_error():
    Path("OAI_CONFIG_LIST").write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8 text" in problem()
    assert "cannot be read" in problem(".")


@pytest.mark.parametrize("key", ["", " ", "<your OpenAI key>", "sk-...", "sk-…", "YOUR_API_KEY", "your-key"])
def test_a_placeholder_is_refused_with_the_number_of_the_entry(key):
    message = problem(json.dumps([{"model": "a", "api_key": KEY}, {"model": "b", "api_key": key}]))
    assert "entry 2: api_key is empty or a placeholder; put the real key there, or delete the entry." in message


@pytest.mark.parametrize("key", ["sk live", "sk-a\nb", "schlüssel", 7])
def test_a_key_that_cannot_be_one_is_refused(key):
    assert "entry 1: api_key" in problem(json.dumps([{"model": "a", "api_key": key}]))


def test_every_problem_is_told_at_once():
    entries = [
        {"model": "a"},
        {"model": "b", "api_key": KEY, "timeout": -1, "price": [1]},
        {"model": "c", "api_key": KEY},
        {"model": "d", "api_key": KEY, "price": [1e307, 1e307]},  # of which an answer would cost more than can be counted
    ]
    lines = problem(json.dumps(entries)).splitlines()
    assert [line.split(": ")[0].removeprefix("The variable OAI_CONFIG_LIST, ") for line in lines] == ["entry 1"] + [
        "entry 2"
    ] * 2 + ["entry 4"] * 2


def test_a_local_server_needs_no_key():
    for entry in (
        {"base_url": "http://127.0.0.1:8000/v1"},
        {"base_url": "http://localhost:8000/v1", "api_key": "<key>"},
        {"base_url": "http://10.0.0.7:8000/v1"},
    ):
        assert read({"model": "m", **entry})[0].api_key.get_secret_value() == "not-needed"


def test_a_missing_key_is_taken_from_the_providers_variable_but_never_sent_elsewhere(monkeypatch):
    assert "OPENAI_API_KEY" in problem('[{"model": "m"}]')
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert read({"model": "m"})[0].api_key.get_secret_value() == KEY
    assert read({"model": "m", "base_url": "https://llm.example.com/v1"})[0].api_key.get_secret_value() == "not-needed"


def test_ollama_is_asked_at_its_compatible_address():
    default, named, host = read(
        {"model": "m", "api_type": "ollama"},
        {"model": "m", "api_type": "ollama", "base_url": "http://box:11434/v1/"},
        {"model": "m", "api_type": "ollama", "client_host": "http://box:11434"},
    )
    assert default.base_url == "http://localhost:11434/v1"
    assert named.base_url == host.base_url == "http://box:11434/v1"
    assert {default.api_type, named.api_type} == {"openai"} and host.ignored == ()


def test_azure_needs_its_address_and_version():
    good = {
        "model": "gpt-4.1",
        "api_type": "azure",
        "api_key": KEY,
        "base_url": "https://r.example.com",
        "api_version": "v",
    }
    assert read(good)[0].azure_deployment == "gpt-41"
    assert read({**good, "azure_deployment": "mine"})[0].azure_deployment == "mine"
    for missing in ("base_url", "api_version"):
        assert missing in problem(json.dumps([{k: v for k, v in good.items() if k != missing}]))


@pytest.mark.parametrize(
    "url",
    [
        "llm.example.com",
        "ftp://x/v1",
        "http://",
        "https://name:word@x/v1",
        "https://x/v1?key=1",
        "http://x:99999",
        3,
        "",
    ],
)
def test_an_address_that_is_none_or_holds_a_secret_is_refused(url):
    assert "base_url is not an address" in problem(json.dumps([{"model": "m", "api_key": KEY, "base_url": url}]))


def test_another_api_type_is_refused_with_the_way_out():
    assert "OpenAI-compatible address" in problem(json.dumps([{"model": "m", "api_key": KEY, "api_type": "bedrock"}]))


def test_an_old_name_of_the_address_is_refused_so_that_the_key_goes_nowhere_else():
    assert "call it base_url" in problem(json.dumps([{"model": "m", "api_key": KEY, "api_base": "http://x/v1"}]))


def test_unknown_keys_are_ignored_and_listed():
    [entry] = read({"model": "m", "api_key": KEY, "cache_seed": 3, "max_tokens": 9, "api_version": None})
    assert entry.ignored == ("cache_seed",)


def test_a_tag_chooses_tagged_entries_then_untagged_ones_and_all_when_there_are_none():
    fast, plain, strong = (
        Endpoint(model=name, api_key=KEY, tags=tags) for name, tags in (("f", ["fast"]), ("p", []), ("s", ["strong"]))
    )
    assert tagged([plain, fast, strong], "fast") == [fast, plain]
    assert tagged([fast, strong], "other") == [fast, strong]
    assert tagged([], "fast") == []


def test_the_example_is_well_formed_and_only_its_placeholders_are_refused():
    text = (ROOT / "OAI_CONFIG_LIST.example").read_text(encoding="utf-8")
    entries = json.loads(text)
    lines = problem(text).splitlines()
    assert len(lines) == len(entries) - 1 and all("api_key is empty or a placeholder" in line for line in lines)
    filled = read(*({**e, "api_key": KEY} if "api_key" in e else e for e in entries))
    assert all(e.ignored == () and e.tags for e in filled)
    assert {tag for e in filled for tag in e.tags} == {"fast", "strong"}


def test_a_scripted_model_writes_a_list_that_is_read(tmp_path):
    with ScriptedModel([]) as model:
        [entry] = read_endpoints(str(model.config(tmp_path)))
    assert entry.base_url == model.url and set(entry.tags) == {"fast", "strong"}
