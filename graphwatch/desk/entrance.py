"""The entrance of the desk: who may ask anything at all. It stands before every screen and knows none of them.

Everything that reaches a port of this machine is hostile until it has shown that it is the person who started the desk:
other users of the machine, pages of other sites in the same browser, names that resolve to loopback.
"""

import hmac
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphwatch.errors import UsageError

# No script runs on the screens of the desk but for one; its one sheet of style and its pictures are its own.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
# The one screen with a script names it by a word that nobody can know before; see `scripted`.
_SCRIPTED: Final = POLICY + "; script-src 'nonce-{nonce}'; connect-src 'self'"
# The network page brings a policy of its own inside; here it only loses its origin, and with that the desk.
FRAMED: Final = "sandbox allow-scripts allow-downloads; frame-ancestors 'self'"
_ALWAYS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`, with which browsers send forms without an Origin.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# A form of the desk holds a few sentences; a file that is loaded, an export of a platform.
FORM_BYTES: Final = 1 << 20
UPLOAD_BYTES: Final = 512 << 20
TOO_MUCH: Final = "This is more than the desk takes at once. Load large files with: graphwatch load FILE"
_MORE_THAN_SAID: Final = "More came than was announced. Open the page again, and send the form once more."
_ENTRY: Final = "/enter"
UPLOAD: Final = "/load"
_USER: Final = "x-forwarded-user"
_LONGEST_NAME: Final = 120


@dataclass(slots=True)
class Person:
    """Who sits at the desk: the secret that proves it, and what they have chosen.

    Attributes:
        secret: that the forms of this person are signed with.
        name: as it stands in decisions and in the log; empty until it was asked.
        lang: the language that they chose.
    """

    secret: bytes = field(repr=False)
    name: str = ""
    lang: str | None = None

    @property
    def form_token(self) -> str:
        """What every form that writes has to bring back."""
        return hmac.digest(self.secret, b"form", sha256).hex()

    def wrote(self, token: str) -> bool:
        """Whether a form was given out to this person.

        >>> person = Person(b"k" * 32)
        >>> person.wrote(person.form_token), person.wrote(""), person.wrote("é")
        (True, False, False)
        """
        return hmac.compare_digest(token.encode(), self.form_token.encode())


def scripted(nonce: str) -> str:
    """The policy of a page on which one script runs: the one that carries this word, and no other."""
    return _SCRIPTED.format(nonce=nonce)


class Entrance:
    """The ASGI application that lets requests through to another one, or refuses them.

    Without a proxy: the Host must be loopback with this port, the first address brings a token that works once, and the
    cookie that it is changed for comes with every later request. Behind a proxy: the Host must be that of the public
    address, and the proxy names the user in the header X-Forwarded-User. In both, whatever writes must come from the
    desk's own origin.

    Args:
        inside: the application behind the entrance; it finds the `Person` in `scope["person"]`.
        port: where the desk listens.
        public: the address under which an office's proxy shows the desk, `https://desk.example`; None on loopback.

    Raises:
        UsageError: the public address is none.

    >>> entrance = Entrance(PlainTextResponse("in"), port=8765)
    >>> entrance.first_address.partition("?")[0]
    'http://127.0.0.1:8765/enter'
    """

    def __init__(self, inside: ASGIApp, *, port: int, public: str | None = None) -> None:
        self._inside, self._port, self._public = inside, port, public
        self._token: str | None = secrets.token_urlsafe(32)
        self._people: dict[str, Person] = {}
        self._cookie = f"graphwatch-{port}"
        if public is None:
            self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
            self._origins = {f"http://{host}" for host in self._hosts}
        else:
            parts = urlsplit(public)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
                raise UsageError(
                    f"{public!r} is no address of a proxy", remedy="Give --behind-proxy https://desk.example."
                )
            self._hosts, self._origins = {parts.netloc.lower()}, {f"{parts.scheme}://{parts.netloc}".lower()}

    @property
    def first_address(self) -> str:
        """What the person who started the desk opens; behind a proxy, its public address."""
        if self._public is not None:
            return self._public
        return f"http://127.0.0.1:{self._port}{_ENTRY}?token={self._token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let it in."""
        if scope["type"] == "lifespan":
            await self._inside(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        guarded = _Guarded(scope, receive, send)
        connection = HTTPConnection(scope)
        refusal = self._refusal(scope, connection.headers)
        if refusal is not None:
            await refusal(scope, receive, guarded.send)
        elif scope["path"] == _ENTRY and self._public is None:
            await self._enter(connection)(scope, receive, guarded.send)
        elif (person := self._person(connection)) is None:
            await _said(403, _NOT_IN if self._public is None else _NO_USER)(scope, receive, guarded.send)
        else:
            scope["person"] = person
            await self._inside(scope, guarded.receive, guarded.send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Why a request is turned away whoever sends it."""
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self._hosts:
            return _said(421, "This address is not the desk's. Open the one that graphwatch serve printed.")
        if headers.get("sec-fetch-site", "none") == "cross-site" and scope["path"] != _ENTRY:
            return _said(403, "This came from another site. Open the desk by its own address.")
        if scope["method"] not in ("GET", "HEAD"):
            if scope["method"] != "POST":
                return _said(405, "The desk is asked by GET and POST only.")
            if headers.get("origin", "").lower() not in self._origins:
                return _said(403, "This form did not come from the desk.")
        if (announced := _announced(headers)) is not None and announced > most_bytes(scope["path"]):
            return _said(413, TOO_MUCH)
        return None

    def _enter(self, connection: HTTPConnection) -> Response:
        """Change the token, which works once, for a cookie."""
        given = connection.query_params.get("token", "")
        if self._token is None or not hmac.compare_digest(given.encode(), self._token.encode()):
            return _said(403, _NOT_IN)
        self._token = None
        secret = secrets.token_urlsafe(32)
        self._people[_digest(secret)] = Person(secret.encode())
        # A page that leads on, and no redirection: what follows begins at the desk itself, with the cookie.
        response = HTMLResponse(
            '<!doctype html><html lang="en"><title>graphwatch</title><a href="/">graphwatch</a></html>',
            headers={"Refresh": "0; url=/"},
        )
        response.set_cookie(self._cookie, secret, httponly=True, samesite="strict", path="/")
        return response

    def _person(self, connection: HTTPConnection) -> Person | None:
        if self._public is None:
            return self._people.get(_digest(connection.cookies.get(self._cookie, "")))
        named = connection.headers.getlist(_USER)
        name = named[0].strip() if len(named) == 1 else ""
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            return None
        return self._people.setdefault(name, Person(secrets.token_bytes(32), name))


_NOT_IN: Final = (
    "Nobody has entered here with this browser. The address that graphwatch serve printed works once; "
    "start graphwatch serve again for a new one."
)
_NO_USER: Final = "The proxy has not named a user in X-Forwarded-User, so nobody is let in."


def most_bytes(path: str) -> int:
    """How large a request to that path may be.

    >>> most_bytes("/load") > most_bytes("/leads/1/decide")
    True
    """
    return UPLOAD_BYTES if path == UPLOAD else FORM_BYTES


def _announced(headers: Headers) -> float | None:
    """How many bytes a request says that it has; without end where it says what is no number, None where nothing."""
    length = headers.get("content-length")
    if length is None:
        return None
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 19 else math.inf


def _digest(secret: str) -> str:
    """Sessions are found by a digest, so that how long a look takes tells nothing of them."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _said(status: int, what: str) -> Response:
    return PlainTextResponse(f"graphwatch: {what}\n", status)


class _Guarded:
    """What goes out gets the headers of every answer; what comes in is counted."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._came, self._most = 0, most_bytes(scope.get("path", ""))
        self._announced = _announced(Headers(scope=scope))

    async def receive(self) -> Message:
        """What comes next; the desk stops reading where it is more than it takes, or than was announced.

        Raises:
            HTTPException: which the application answers with its sentence.
        """
        message = await self._receive()
        self._came += len(message.get("body", b""))
        if self._came > self._most:
            raise HTTPException(413, TOO_MUCH)
        if self._announced is not None and self._came > self._announced:
            raise HTTPException(400, _MORE_THAN_SAID)
        return message

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", POLICY)
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)
