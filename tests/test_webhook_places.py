"""Where webhooks go: to public addresses, and to those of one's own that the project names, whatever a name leads to."""

import json
import textwrap
from pathlib import Path

import pytest
from support.other_side import OtherSide, said

from switchboard.notifications import webhooks
from switchboard.notifications.table import NotificationsTable
from switchboard.notifications.webhooks import post, signature
from switchboard.search.web import addresses

EVENT = {"type": "run.ended"}
SECRET = "a secret of two"
README = Path(__file__).parents[1] / "README.md"


def leads_to(monkeypatch: pytest.MonkeyPatch, *found: list[str]) -> list[str]:
    """Have each look-up of a name give the next of these; the names that were looked up."""
    asked: list[str] = []

    def looked_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return [host] if host[0].isdigit() or ":" in host else found[min(len(asked), len(found)) - 1]

    made = addresses.PublicNetwork
    monkeypatch.setattr(addresses, "PublicNetwork", lambda private=(): made(private, looked_up))
    return asked


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1", "0.0.0.0"]
)
def test_a_name_that_leads_into_a_network_of_ones_own_is_not_called(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    leads_to(monkeypatch, ["93.184.215.14", address])
    with OtherSide(said("")) as inner:
        port = inner.address.rpartition(":")[2]
        for scheme in ("https", "http"):
            told = post(f"{scheme}://crm.example:{port}/hook", SECRET, "k", EVENT, 1)
            assert "not public" in told and "allow_private" in told
    assert inner.asked == []


def test_what_a_name_leads_to_is_looked_at_when_it_is_called_and_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with OtherSide(said("", "204 No Content")) as crm:
        port = crm.address.rpartition(":")[2]
        asked = leads_to(monkeypatch, ["127.0.0.1"], ["127.0.0.1", "10.0.0.9"], ["169.254.169.254"])
        url, private = f"http://crm.example:{port}/hook", [f"127.0.0.1:{port}"]
        assert post(url, SECRET, "k", EVENT, 1, private) == ""
        assert "not public" in post(url, SECRET, "k", EVENT, 1, private)
        assert "not public" in post(url, SECRET, "k", EVENT, 1, private)
    assert len(asked) == 3 and len(crm.asked) == 1  # each was looked up once, and called as it was looked at


def test_an_address_that_the_project_names_is_called_itself() -> None:
    with OtherSide(said("", "204 No Content")) as crm:
        assert post(f"{crm.address}/hook", SECRET, "k", EVENT, 1) == ""
        assert post(crm.address.replace("127.0.0.1", "localhost"), SECRET, "k", EVENT, 1) == ""
    assert [one.headers.get("Webhook-Id") or one.headers.get("webhook-id") for one in crm.asked] == ["k", "k"]


@pytest.mark.parametrize("place", ["http://169.254.169.254/latest", "http://127.0.0.1:1/", "//evil.example/", "/elsewhere"])
def test_nobody_is_led_elsewhere_by_who_is_called(place: str) -> None:
    with OtherSide(said("", "307 Temporary Redirect", Location=place)) as crm:
        assert post(f"{crm.address}/hook", SECRET, "k", EVENT, 1) == "It answered 307."
    assert len(crm.asked) == 1


def test_who_answers_without_end_has_taken_it() -> None:
    with OtherSide(said("x" * (webhooks.MOST_BYTES + 1))) as crm:
        assert post(f"{crm.address}/hook", SECRET, "k", EVENT, 1) == ""


@pytest.mark.parametrize("coding", ["br", "gzip"])
@pytest.mark.parametrize(
    ("status", "told"), [("503 Away", "It answered 503."), ("201 Created", ""), ("302 Found", "It answered 302.")]
)
def test_the_status_alone_says_whether_it_was_taken_however_the_answer_is_packed(coding: str, status: str, told: str) -> None:
    with OtherSide(said("no gzip", status, Content_Encoding=coding)) as crm:
        assert post(f"{crm.address}/hook", SECRET, "k", EVENT, 1) == told


def test_addresses_of_ones_own_are_named_with_their_ports() -> None:
    for wrong in ("10.0.0.5", "crm.example:443", "10.0.0.0/8", ""):
        with pytest.raises(ValueError, match="pattern"):
            NotificationsTable(webhooks=["https://crm.example/x"], secret="${A_SECRET}", allow_private=[wrong])
    assert NotificationsTable(webhooks=["https://crm.example/x"], secret="${A_SECRET}", allow_private=["10.0.0.5:443"])


def test_the_receiver_of_the_readme_takes_what_is_signed_just_now_and_once() -> None:
    text = README.read_text(encoding="utf-8").partition("def is_ours(")
    code = textwrap.dedent("  " + text[1] + text[2].partition("```")[0])
    names: dict[str, object] = {}
    exec("import base64, hmac, time\n" + code, names)
    is_ours = names["is_ours"]
    assert callable(is_ours)
    body, secret, seen = json.dumps(EVENT).encode(), "whsec_c2VjcmV0IG9mIHR3bw==", set[str]()

    def sent(key: str, at: int, signed: str = "", content: bytes = body) -> bool:
        headers = {"Webhook-Id": key, "Webhook-Timestamp": str(at)}
        headers["Webhook-Signature"] = signed or signature(secret, key, at, body)
        return bool(is_ours(headers, content, secret, seen, 1_800_000_000))

    assert sent("a", 1_800_000_000) and not sent("a", 1_800_000_000)
    assert sent("b", 1_799_999_800) and not sent("c", 1_799_999_600) and not sent("d", 1_800_000_400)
    old = signature(secret, "e", 1_799_000_000, body)
    assert not sent("e", 1_800_000_000, old) and not sent("f", 1_800_000_000, old)
    assert not sent("g", 1_800_000_000, content=b"{}") and not sent("h", 1_800_000_000, "v1,")
    assert sent("e", 1_800_000_000)  # what was forged under its key takes nothing from it
