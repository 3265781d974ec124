"""The desk as an application: its screens by their paths, behind the entrance; and the server that shows it."""

import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwatch.desk import (
    acts,
    casework,
    correcting,
    detecting,
    documents,
    loading,
    news,
    questions,
    records,
    views,
    waiting,
)
from graphwatch.desk.asking import Asked, Desk, Screen, endpoint, told
from graphwatch.desk.entrance import UPLOAD, Entrance, Person
from graphwatch.errors import GraphwatchError, UsageError

LOOPBACK: Final = "127.0.0.1"
_PARTS: Final = {"desk.css": "text/css", "cypher.js": "text/javascript"}
_SHOWN: Final[tuple[tuple[str, Screen], ...]] = (
    ("/", casework.home),
    ("/load", loading.load),
    ("/load/{id}", loading.upload),
    ("/running/{id}", waiting.work),
    ("/loaded/{id}", loading.loaded),
    ("/sources/{id}", loading.source),
    ("/detect", detecting.detect),
    ("/runs/{id}", detecting.run),
    ("/news", news.news),
    ("/records", records.records),
    ("/documents", documents.documents),
    ("/documents/preview", documents.preview),
    ("/documents/file", documents.file),
    ("/leads", casework.leads),
    # Numbers of complaints have slashes in them: 001/ADU/IX/2024.
    ("/leads/{name:path}/picture", casework.picture),
    ("/leads/{name:path}", casework.lead),
    ("/pair", casework.pair),
    ("/interactions", acts.interactions),
    ("/interactions/{id}", acts.act),
    ("/complaints", casework.complaints),
    ("/coverage", casework.coverage),
    ("/accounts", questions.accounts),
    ("/accounts/picture", questions.path_picture),
    ("/accounts/Account/{id:path}/picture", questions.account_picture),
    ("/accounts/{label}/{id:path}", questions.account),
    ("/views", views.views),
    ("/views/{name}", views.view),
    ("/views/{name}/picture", views.picture),
    ("/queries", questions.queries),
    ("/queries/{name}", questions.query),
    ("/cypher", questions.cypher),
    ("/cypher/picture", questions.cypher_picture),
    ("/cypher/words", questions.words),
)
_WRITTEN: Final[tuple[tuple[str, Screen], ...]] = (
    ("/leads/{name:path}/decide", casework.decide),
    ("/leads/{name:path}/status", casework.set_status),
    ("/interactions/unmasked", acts.unmasked),
    ("/load/{id}/begin", loading.begin),
    ("/load/{id}/correct", correcting.correct),
    ("/load/{id}/drop", loading.drop),
    ("/running/{id}/stop", waiting.stop),
    ("/sources/{id}/remove", loading.remove),
    ("/detect", detecting.begin),
    ("/runs/{id}/power", detecting.power),
    ("/documents/unmasked", documents.unmasked),
    ("/news/watch", news.watch),
    ("/news/unwatch", news.unwatch),
    ("/records/about", records.about),
    ("/records/forget", records.forget),
    ("/records/expire", records.expire),
    ("/records/settings", records.settings),
    ("/records/addressees", records.address),
    ("/views", views.save),
    ("/views/{name}/drop", views.take_away),
    ("/queries", questions.save),
    ("/queries/{name}/drop", questions.take_away),
    ("/name", casework.sign_on),
    ("/language", casework.speak),
)


def application(desk: Desk, *, port: int, public: str | None = None) -> Entrance:
    """The desk behind its entrance.

    Args:
        desk: the store.
        port: where it will listen; only requests that name it are answered.
        public: the address of an office's proxy; None on loopback.

    Raises:
        UsageError: the public address is none.
    """
    routes = [Route(path, endpoint(desk, screen), methods=["GET"]) for path, screen in _SHOWN]
    routes += [Route(path, endpoint(desk, screen), methods=["POST"]) for path, screen in _WRITTEN]
    routes.append(Route(UPLOAD, endpoint(desk, loading.take, files=loading.FILES), methods=["POST"]))
    routes += [Route(f"/{name}", _part(name, kind), methods=["GET"]) for name, kind in _PARTS.items()]
    handlers = {
        400: _not_taken(desk, 400, "desk.form_broken"),
        404: _answering(endpoint(desk, _nowhere)),
        413: _not_taken(desk, 413, "desk.too_much"),
    }
    return Entrance(Starlette(routes=routes, exception_handlers=handlers), port=port, public=public)


def _nowhere(asked: Asked) -> Response:
    return asked.page("problem", here="", status=404, what=asked.say("desk.no_screen"), where=None, remedy=None)


def _not_taken(desk: Desk, status: int, key: str) -> Callable[[Request, Exception], Any]:
    """What is said of a form that cannot be read, or of which reading was stopped."""

    async def answered(request: Request, _: Exception) -> Response:
        asked = Asked(desk, request.scope["person"], request.url.path, {}, {})
        return await run_in_threadpool(said, asked)

    def said(asked: Asked) -> Response:
        what, remedy = asked.say(key), asked.say(f"{key}.remedy")
        return asked.page("problem", here="", status=status, what=what, where=None, remedy=remedy)

    return answered


def _answering(answer: Callable[[Request], Any]) -> Callable[[Request, Exception], Any]:
    async def answered(request: Request, _: Exception) -> Response:
        response: Response = await answer(request)
        return response

    return answered


def _part(name: str, kind: str) -> Callable[[Request], Any]:
    """A file of the desk that pages name."""

    async def answered(_: Request) -> Response:
        content = files("graphwatch.desk").joinpath(name).read_bytes()
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

    return answered


def serve(
    desk: Desk,
    *,
    host: str = LOOPBACK,
    port: int = 8765,
    public: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Show the desk until it is interrupted.

    Args:
        desk: the store.
        host: the address to listen on; another one than loopback only behind a proxy.
        port: to listen on; 0 takes a free one.
        public: the address under which an office's proxy shows the desk.
        say: is told the first address, once the desk answers there.

    Raises:
        UsageError: another host without a proxy.
        GraphwatchError: the port is taken.
    """
    if public is None and host not in (LOOPBACK, "localhost"):
        raise UsageError(
            f"the desk would be open to everybody who reaches {host}",
            remedy="Leave --host out, or put it behind the office's sign-on: --behind-proxy https://desk.example.",
        )
    import uvicorn

    listening = listening_on(LOOPBACK if host == "localhost" else host, port)
    entrance = application(desk, port=listening.getsockname()[1], public=public)
    config = uvicorn.Config(
        entrance,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=16_384,
    )
    say(entrance.first_address)
    threading.Thread(target=_prepare, args=(desk,), daemon=True).start()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        desk.close()


def _prepare(desk: Desk) -> None:
    """Ask what the first screens show before anybody does: the browser takes its time to open, and answers are kept."""
    nobody = Person(secrets.token_bytes(32))
    for path in ("/", "/interactions", "/leads"):
        told(dict(_SHOWN)[path], Asked(desk, nobody, path, {}, {}))
    # The first lead takes longest: what explains it is compiled, and read from where that is kept.
    with suppress(GraphwatchError):
        if (first := casework.first_lead(Asked(desk, nobody, "/leads", {}, {}))) is not None:
            told(casework.lead, Asked(desk, nobody, "/leads", {}, {"name": first}))


def listening_on(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that the first address is not told before it answers."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise GraphwatchError(
            f"nobody can listen on {host}:{port}: {error}", remedy="Take another port: --port 0 takes a free one."
        ) from error
    return listening
