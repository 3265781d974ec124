"""The entrance: who is let in, and every way around it that is known."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from desk.conftest import BASE, Visitor

from graphwatch.common.i18n import text
from graphwatch.desk.asking import Desk
from graphwatch.desk.entrance import FORM_BYTES
from graphwatch.desk.serving import application, serve
from graphwatch.errors import GraphwatchError, UsageError

Stranger = Callable[..., Visitor]


def test_without_the_token_nothing_is_shown(stranger: Stranger) -> None:
    visitor = stranger()
    for path in ("/", "/leads/1", "/desk.css", "/nowhere", "/enter", "/enter?token=", "/enter?token=%C3%A9"):
        assert visitor.get(path).status_code == 403
    assert len(visitor.cookies) == 0


def test_the_token_works_once_and_its_cookie_is_strict(stranger: Stranger) -> None:
    visitor = stranger()
    address = visitor.entrance.first_address
    cookie = visitor.get(address).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert visitor.get("/queries").status_code == 200
    visitor.cookies.clear()
    assert visitor.get(address).status_code == 403
    assert visitor.get("/queries", headers={"Cookie": "graphwatch-8765=guess"}).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "", "localhost.evil:8765"]
)
def test_another_host_is_refused(visitor: Visitor, host: str) -> None:
    assert visitor.get("/queries", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1:80", "http://127.0.0.1:87650"]
)
def test_a_form_from_elsewhere_is_refused(visitor: Visitor, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    data = {"form_token": visitor.form_token, "name": "Mallory"}
    assert visitor.ask("POST", "/name", data=data, headers=headers).status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_without_its_token_is_refused(visitor: Visitor, token: str) -> None:
    data = {"form_token": token, "name": "Mallory"}
    answer = visitor.ask("POST", "/name", data=data, headers={"Origin": BASE})
    assert answer.status_code == 403
    assert "Mallory" not in visitor.get("/queries").text


def test_what_another_site_fetches_is_refused(visitor: Visitor) -> None:
    assert visitor.get("/queries", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.get("/queries", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    assert visitor.ask(method, "/queries", headers={"Origin": BASE}).status_code == 405


def test_a_body_that_is_too_large_is_refused(visitor: Visitor) -> None:
    body = b"form_token=" + b"x" * FORM_BYTES
    assert visitor.ask("POST", "/name", content=body, headers={"Origin": BASE}).status_code == 413


@pytest.mark.parametrize(("announced", "chunks", "status"), [(None, 40, 413), (b"100", 2, 400)])
def test_a_body_longer_than_allowed_or_announced_is_refused_with_a_sentence(
    visitor: Visitor, announced: bytes | None, chunks: int, status: int
) -> None:
    """As a server that does not count would hand it on, or as it comes in chunks without a length."""
    headers = [(b"host", b"127.0.0.1:8765"), (b"origin", BASE.encode()), (b"cookie", visitor.cookie.encode())]
    headers.append((b"content-type", b"application/x-www-form-urlencoded"))
    if announced is not None:
        headers.append((b"content-length", announced))
    body, part = iter(range(chunks)), b"a=" + b"x" * 19_000 + b"&"
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": part * 3, "more_body": next(body, None) is not None}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/name", "raw_path": b"/name"}
    scope |= {"query_string": b"", "headers": headers, "http_version": "1.1", "scheme": "http", "root_path": ""}
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(visitor.entrance(scope, receive, send))).result()
    assert sent[0]["status"] == status
    said = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    assert text("desk.too_much" if status == 413 else "desk.form_broken", "id") in said


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5_000, "\u0661"])
def test_a_length_that_is_none_is_refused(visitor: Visitor, length: str) -> None:
    headers = {"Origin": BASE, "Content-Length": length.encode("utf-8")}
    assert visitor.ask("POST", "/name", content=b"", headers=headers).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/../etc/passwd",
        "/desk.css/../../entrance.py",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/leads/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_to_a_file(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code in (400, 403, 404, 421)
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y"]
)
def test_nothing_leads_out_of_the_desk(visitor: Visitor, back: str) -> None:
    assert visitor.post("/language", lang="en", back=back).headers["location"] == "/"


def test_every_answer_forbids_scripts_frames_and_copies(visitor: Visitor, stranger: Stranger) -> None:
    for answer in (visitor.get("/queries"), visitor.get("/nowhere"), stranger().get("/")):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in visitor.get("/queries").text
    assert "style=" not in visitor.get("/queries").text


def test_behind_a_proxy_a_user_is_named(stranger: Stranger) -> None:
    public = "https://desk.example"
    assert stranger(public=public).get("/queries").status_code == 403
    named = stranger(public=public, headers={"X-Forwarded-User": "Sari"})
    assert "Sari" in named.get("/queries").text
    assert named.get("/queries", headers={"Host": "127.0.0.1:8765"}).status_code == 421
    assert named.post("/language", lang="en", back="/queries").status_code == 303


def test_another_host_than_loopback_needs_a_proxy() -> None:
    with pytest.raises(UsageError, match="everybody"):
        serve(Desk("x.gw"), host="0.0.0.0")
    with pytest.raises(UsageError, match="no address"):
        application(Desk("x.gw"), port=1, public="desk.example")


def test_a_port_that_is_taken_is_said() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(GraphwatchError, match="nobody can listen"):
            serve(Desk("x.gw"), port=taken.getsockname()[1])


def test_the_desk_holds_no_cypher() -> None:
    import graphwatch.desk

    folder = Path(graphwatch.desk.__path__[0])
    for file in folder.rglob("*.py"):
        assert "MATCH (" not in file.read_text(encoding="utf-8"), file
