"""What stands before each page: whom it is asked by, under which name, how much is sent, and what a browser may do with it."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switchboard.console.web.drawing import drawn

MOST_BYTES = 1_000_000
"""Of what a form sends: the longest text that a case takes in, several times."""
TOO_MUCH = "That is too much: no more than a million bytes are taken at once. Nothing was done; go back, and send less."
READING = ("GET", "HEAD")
OF_PROGRAMS = ("api", "v1", "mcp", "a2a", "ag-ui", "channels")
"""First parts of paths that programs ask for, with a token or a signature that no browser sends by itself, and with bounds of
their own."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}

MAY_DIFFER = ("cache-control",)
OF_FRAMES = "x-of-a-frame"
"""What a response carries that pages of other sites show, as the chat: it says itself by whom."""
MAY_DIFFER_FRAMED = (*MAY_DIFFER, "content-security-policy", "cross-origin-resource-policy")


class Guard:
    """`names` are those under which pages may be asked for: another one is a foreign site that had its name lead to here."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app, self._names = app, {name.lower().strip("[]") for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_framed = OF_FRAMES in headers
                for name, value in HEADERS.items():
                    if name not in (MAY_DIFFER_FRAMED if is_framed else MAY_DIFFER) or name not in headers:
                        headers[name] = value
                if is_framed:
                    del headers[OF_FRAMES], headers["x-frame-options"]
            await send(message)

        refused = self._refused(scope)
        await (refused or self._app)(scope, receive, guarded)

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self._names:
            return told(headers, "This name is not served here. Start it with --domain NAME.", 421)
        if scope["method"] in READING or f"{scope['path']}/".split("/")[1] in OF_PROGRAMS:
            return None
        if scope["method"] != "POST":
            return told(headers, "Not allowed.", 405)
        if not _is_ours(headers, host):
            return told(headers, "This was sent by another site, so nothing was done.", 403)
        length = headers.get("content-length", "")
        if not length.isdecimal() or "transfer-encoding" in headers:  # where both are said, the length binds nobody
            return told(headers, "Say how much is sent.", 411)
        return told(headers, TOO_MUCH, 413) if int(length) > MOST_BYTES else None


def told(headers: Headers, why: str, status: int) -> Response:
    """Why something is not done, before anybody asks who wants it: a page for a browser, else a line."""
    if "text/html" not in headers.get("accept", ""):
        return PlainTextResponse(f"{why}\n", status)
    nobody = {"person": None, "token": "", "has_session": False, "here": ""}
    return drawn("refused.html", status, project="Switchboard", why=why, **nobody)


def _is_ours(headers: Headers, host: str) -> bool:
    """Whether a form was sent by a page of ours, as far as the browser says. Since our pages tell nobody where they are, it
    may call their origin "null"; then it must say that it is the same one, which no page can make it say.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site not in (None, "same-origin"):
        return False
    if origin == "null":
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def names_of(host: str, domains: Collection[str]) -> set[str]:
    """The names under which pages may be asked for that are served on an address."""
    ours = {*domains, "localhost", "127.0.0.1", "::1"}
    try:
        return ours if ip_address(host.strip("[]")).is_unspecified else ours | {host}
    except ValueError:
        return ours | {host}
