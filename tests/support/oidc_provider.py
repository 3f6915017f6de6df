"""A provider of OpenID Connect on this machine, which lets in whoever it is told to, and can be made to go wrong."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from support.programs import serving

CLIENT, SECRET = "a desk", "s3cret/of+the:desk"
BASIC = "Basic " + base64.b64encode(b"a%20desk:s3cret%2Fof%2Bthe%3Adesk").decode()


class OidcProvider:
    """`claims` are added to those of each token; `alg` signs it; `asked` counts what it was asked for, by path."""

    def __init__(self) -> None:
        self.issuer, self.key = "", RSAKey.generate_key(2048, {"kid": "first"})
        self.claims: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.alg, self.answer = "RS256", None
        self.asked: list[str] = []
        self._codes: dict[str, tuple[dict[str, str], dict[str, Any]]] = {}
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/keys", self._keys),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def let_in(self, url: str, **who: Any) -> str:
        """Somebody signs in at the address where their browser was sent; where it is sent back."""
        place = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        assert url.startswith(f"{self.issuer}/authorize?") and asked["client_id"] == CLIENT
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256" and "openid" in asked["scope"]
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked, who
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _describe(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        if self.answer is not None:
            return self.answer
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        found = {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in places.items()}}
        return JSONResponse({**found, **self.described})

    def _keys(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return JSONResponse({"keys": [self.key.as_dict(private=False, use="sig")]})

    async def _token(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        if self.answer is not None:
            return self.answer
        form = await request.form()
        asked, who = self._codes.pop(str(form["code"]), (None, {}))
        challenge = _base64(sha256(str(form["code_verifier"]).encode()).digest())
        is_right = asked and asked["code_challenge"] == challenge and asked["redirect_uri"] == form["redirect_uri"]
        if not asked or not is_right or request.headers["authorization"] != BASIC:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        ours = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {**ours, **who, **self.claims}
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._signed(claims)})

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.alg, "kid": "first"}
        parts = ".".join(_base64(json.dumps(one).encode()) for one in (header, claims))
        if self.alg == "none":
            return f"{parts}."
        if self.alg == "HS256":  # by its public key, as if that were a secret
            signed = hmac.new(self.key.as_pem(private=False), parts.encode(), "sha256").digest()
            return f"{parts}.{_base64(signed)}"
        return jwt.encode(header, claims, self.key, algorithms=[self.alg])


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def oidc_provider() -> Iterator[OidcProvider]:
    made = OidcProvider()
    with serving(made.app) as url:
        made.issuer = url
        yield made
