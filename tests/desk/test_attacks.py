"""Two hundred ways to come in that must all fail alike: refused in a few words, nothing told, nothing broken."""

import re
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

from desk.conftest import BASE, Visitor

# What a way in may be answered with: never a page of ours, never a fault.
_REFUSED = {400, 403, 404, 405, 409, 413, 421}
_HOSTS = (
    *("evil.example", "127.0.0.1.evil.example:8765", "127.0.0.1:8765.evil.example", "localhost:8765@evil.example"),
    *(
        "evil.example#127.0.0.1:8765",
        "127.0.0.1:8765, evil.example",
        "127.0.0.1:08765",
        "127.1:8765",
        "2130706433:8765",
    ),
    *("0x7f000001:8765", "0.0.0.0:8765", "[::]:8765", "[::ffff:127.0.0.1]:8765", "localhost.:8765", "127.0.0.1:"),
    *("127.0.0.1:8765/", "127.0.0.1:8765\t", "127.0.0.1%00:8765", "desk.example", "*", "file://", "LOCALHOST:1"),
)
_ORIGINS = (
    *(
        "null",
        "http://evil.example",
        "http://127.0.0.1",
        "https://127.0.0.1:8765",
        "http://127.0.0.1:8765.evil.example",
    ),
    *("http://127.0.0.1:8765@evil.example", "http://localhost:87650", "file://", "chrome-extension://abc", "*", ""),
)
_OUT = ("../", "..\\", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..;/", "....//", "%c0%ae%c0%ae/", ".%00./", "/\\../")
_FILES = ("etc/passwd", "proc/self/environ", "graphwatch/desk/entrance.py", "keys/project.key")
_ROOMS = ("/", "/leads/", "/accounts/Account/", "/queries/", "/desk.css/")
_TEXTS = (
    *(
        "a\r\nX-Evil: 1",
        "a\nSet-Cookie: x=1",
        "a%0d%0aX-Evil: 1",
        "\x00",
        "a\x00b",
        "\u2028",
        "\ud7ff\uffff",
        "\u202egnp.exe",
    ),
    *("'; DROP TABLE Account --", "' OR 1=1 //", "x' RETURN 1 UNION MATCH (n) DETACH DELETE n //", "`", "\\", "${7*7}"),
    *(
        "{{7*7}}",
        "{% include '/etc/passwd' %}",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "A" * 3000,
    ),
    *(
        "javascript:alert(1)",
        "//evil.example",
        "/\\evil.example",
        "1e999",
        "-1",
        "9" * 40,
        "NaN",
        "%",
        "%zz",
        "=cmd|' /C calc'!A0",
    ),
)


def _without_a_way_in(visitor: Visitor) -> Iterator[tuple[str, int, str]]:
    """Requests of somebody who is in, each with one thing wrong that turns all of it away."""
    for host in _HOSTS:
        yield f"Host {host!r}", *_said(visitor.get("/accounts", headers={"Host": host}))
    form = {"form_token": visitor.form_token, "name": "Mallory", "lang": "en", "outcome": "dismissed", "reason": "r"}
    for origin, path in product(_ORIGINS, ("/name", "/leads/1/decide")):
        yield f"{path} from {origin!r}", *_said(visitor.ask("POST", path, data=form, headers={"Origin": origin}))
    for token in ("", "0", "0" * 64, form["form_token"].upper() + "0", form["form_token"][:-1], "\x00", "é" * 64):
        data = {**form, "form_token": token}
        yield f"token {token!r}", *_said(visitor.ask("POST", "/name", data=data, headers={"Origin": BASE}))
    for site in ("cross-site", "CROSS-SITE"):
        headers = {"Sec-Fetch-Site": site, "Origin": BASE}
        yield f"fetched {site}", *_said(visitor.ask("POST", "/name", data={**form, "form_token": ""}, headers=headers))


def _beside_the_paths(visitor: Visitor) -> Iterator[tuple[str, int, str]]:
    """Paths that would leave the desk, or its screens."""
    for room, out in product(_ROOMS, _OUT):
        path = room + out * 4 + _FILES[len(out) % len(_FILES)]
        yield path, *_said(visitor.get(path))


def _said(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.text  # type: ignore[attr-defined]


def test_two_hundred_ways_in_are_refused(visitor: Visitor) -> None:
    tried = 0
    for what, status, text in (*_without_a_way_in(visitor), *_beside_the_paths(visitor)):
        tried += 1
        assert status in _REFUSED, (what, status)
        assert "root:" not in text, what
        assert "Traceback" not in text, what
        assert "hmac" not in text, what
    for value, name in product(_TEXTS, ("q", "sort", "page", "is.kind", "download")):
        tried += 1
        answer = visitor.get("/leads", params={name: value})
        assert answer.status_code == 200, (name, value)
        assert "x-evil" not in answer.headers
        assert "set-cookie" not in answer.headers
        assert not re.search(r"<script|<img|(href|action|src)=.?(javascript|data):", answer.text), (name, value)
    for value in _TEXTS:
        tried += 1
        for path in (f"/leads/{quote(value, safe='')}", f"/accounts/Account/{quote(value, safe='')}"):
            answer = visitor.get(path)
            assert answer.status_code in {200, 307, *_REFUSED}, path
            assert answer.headers.get("location", BASE).startswith(BASE), path
    assert tried >= 200
    # Nobody came in, and who was there still is.
    assert "Mallory" not in visitor.get("/accounts").text
