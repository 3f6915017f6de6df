"""Signing in by a provider of OpenID Connect: where a browser is sent, and who the provider then says that it is.

The authorization code flow with PKCE. What a provider answers is bounded in bytes and seconds, and no redirect is followed;
what it says of somebody counts where it signed it for this desk, just now, for this very beginning.
"""

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from switchboard.accounts.roles import ROLES, Role
from switchboard.accounts.table import OidcTable, is_safe_address
from switchboard.errors import OperatorError
from switchboard.toolsets.environment import value_of
from switchboard.toolsets.openapi.connection import Answer, Connections, TooLong, Unanswered

SECONDS, MOST_BYTES = 5.0, 300_000
"""Of each thing that a provider is asked."""
KEPT_SECONDS, NEW_KEYS_SECONDS = 3600.0, 30.0
"""How long its description and keys are kept, and after which time a key that is not among them has these asked for anew."""
LEEWAY_SECONDS = 60
"""How much a provider's clock may go wrong."""
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""With which of its own keys it may sign: with none that we know, too, and never with none."""
MOST_AT_ONCE, MOST_USED = 4, 10_000
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderAway(OperatorError):
    """The provider gave no answer, or none that can be used: this may pass."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The provider by which one signs in here does not answer as it should ({why}). Try again in a while.")


class NotProved(OperatorError):
    """What came back proves nobody."""

    def __init__(self, why: str) -> None:
        super().__init__(f"You were not signed in: {why}. Begin anew.")


@dataclass(frozen=True)
class Begun:
    """What the browser that began keeps, and nobody else is shown: `state` comes back, `nonce` is in what is signed, and
    `verifier` is shown for the code.
    """

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Known:
    """Whom a provider knows: `subject` is theirs for ever, `name` is what they are called now."""

    issuer: str
    subject: str
    name: str
    role: Role | None


class Provider:
    """One provider, for as long as pages are served. Raises OperatorError where its secret is not set, or without authlib."""

    def __init__(self, table: OidcTable) -> None:
        try:
            import authlib.oidc.core  # noqa: F401
        except ImportError:
            raise OperatorError("[accounts.oidc] needs authlib: pip install 'switchboard-desk[serve]'") from None
        self.table = table
        self._secret = value_of(table.secret, "accounts.oidc.secret") if table.secret else ""
        self._connections, self._at_once = Connections(), threading.BoundedSemaphore(MOST_AT_ONCE)
        self._lock, self._kept = threading.Lock(), dict[str, tuple[float, dict[str, Any]]]()
        self._used = dict[str, None]()

    def begin(self, back: str) -> tuple[Begun, str]:
        """A beginning, and where the browser is sent with it. Raises ProviderAway."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        with self._one_of_few():
            described = self._described()
        begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
        asked = {
            "response_type": "code",
            "client_id": self.table.client_id,
            "redirect_uri": back,
            "scope": " ".join(dict.fromkeys(["openid", *self.table.scopes])),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": create_s256_code_challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        url = described["authorization_endpoint"]
        return begun, f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"

    def known(self, begun: Begun, came: Mapping[str, str], back: str) -> Known:
        """Who came back with these parameters from what this browser began. Raises NotProved, ProviderAway."""
        if not secrets.compare_digest(begun.state.encode(), came.get("state", "").encode()):
            raise NotProved("this was not begun in this browser, or too long ago")
        with self._lock:
            if begun.state in self._used:
                raise NotProved("this was used before")
            self._used[begun.state] = None
            while len(self._used) > MOST_USED:
                del self._used[next(iter(self._used))]
        if came.get("iss", self.table.issuer) != self.table.issuer:
            raise NotProved("another provider answered")
        if "error" in came or not came.get("code"):
            raise NotProved("the provider did not let you in")
        with self._one_of_few():
            return self._named(self._claims(self._token_for(came["code"], begun, back), begun))

    @contextmanager
    def _one_of_few(self) -> Iterator[None]:
        """A slow provider keeps no more than a few threads, which pages need."""
        if not self._at_once.acquire(blocking=False):
            raise ProviderAway("many are signing in at this moment")
        try:
            yield
        finally:
            self._at_once.release()

    def _token_for(self, code: str, begun: Begun, back: str) -> str:
        """The ID token that is given for a code, which a provider gives once."""
        described, table = self._described(), self.table
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": begun.verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        ways = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if self._secret and "client_secret_basic" in ways:
            pair = f"{quote(table.client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": table.client_id, **({"client_secret": self._secret} if self._secret else {})}
        answer = self._asked("POST", described["token_endpoint"], headers, urlencode(form).encode())
        if answer.status in (400, 401, 403):
            raise NotProved("the provider took back its word")
        token = _object(answer).get("id_token")
        if not isinstance(token, str):
            raise ProviderAway("it does not say who you are")
        return token

    def _claims(self, token: str, begun: Begun) -> dict[str, Any]:
        """What a token says, once it is the provider's own, for us, not over, and for this beginning."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError
        from joserfc.jwk import KeySet

        url, made = self._described()["jwks_uri"], None
        for again in (False, True):
            try:
                keys = KeySet.import_key_set(self._fetched(url, NEW_KEYS_SECONDS if again else KEPT_SECONDS))  # type: ignore[arg-type]
                made = jwt.decode(token, keys, algorithms=list(SIGNED_BY))
                break
            except InvalidKeyIdError:
                continue  # it may have a new key
            except (JoseError, ValueError, TypeError, KeyError):
                break
        try:
            if made is None:
                raise ValueError
            wanted = {
                "iss": {"essential": True, "value": self.table.issuer},
                "aud": {"essential": True, "value": self.table.client_id},
            }
            params = {"nonce": begun.nonce, "client_id": self.table.client_id}
            CodeIDToken(made.claims, made.header, wanted, params).validate(int(time.time()), LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise NotProved("what the provider says is not signed by it, not for this desk, or over") from None
        return dict(made.claims)

    def _named(self, claims: Mapping[str, Any]) -> Known:
        """Raises NotProved where it does not say what somebody is called."""
        table, subject, name = self.table, claims.get("sub"), claims.get(self.table.name)
        if not isinstance(subject, str) or not subject or not isinstance(name, str) or not name.strip():
            raise NotProved(f"the provider does not say what you are called, by its claim {table.name!r}")
        if table.name == "email" and claims.get("email_verified") is not True:
            raise NotProved("the provider has not verified your address")
        given = claims.get(table.roles_in)
        values = given if isinstance(given, list) else [given]
        roles = [table.roles[value] for value in values if isinstance(value, str) and value in table.roles]
        return Known(table.issuer, subject, name, max(roles, key=ROLES.index, default=None))

    def _described(self) -> dict[str, Any]:
        """How the provider describes itself, where it is the one that is meant, and is asked over TLS."""
        found = self._fetched(f"{self.table.issuer.rstrip('/')}/.well-known/openid-configuration", KEPT_SECONDS)
        if found.get("issuer") != self.table.issuer:
            raise ProviderAway("it calls itself otherwise than `issuer` does")
        if not all(isinstance(found.get(name), str) and is_safe_address(found[name]) for name in ENDPOINTS):
            raise ProviderAway("it does not say where it is asked over TLS")
        return found

    def _fetched(self, url: str, kept: float) -> dict[str, Any]:
        """An object of JSON that may be as old as that."""
        now = time.monotonic()
        with self._lock:
            at, found = self._kept.get(url, (0.0, {}))
        if found and now - at < kept:
            return found
        found = _object(self._asked("GET", url, {"Accept": "application/json"}))
        with self._lock:
            self._kept[url] = now, found
        return found

    def _asked(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        try:
            return self._connections.ask(method, url, {**headers, "User-Agent": "switchboard"}, body, SECONDS, MOST_BYTES)
        except (Unanswered, TooLong) as error:
            raise ProviderAway(str(error)) from None


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body) if answer.status == 200 else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderAway(f"it answered {answer.status}, and no data")
    return found
