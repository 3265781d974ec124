"""Several at once: two people at the desk, a terminal that writes; and a desk that is killed and started again."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import pytest
from desk.conftest import Visitor

import graphwatch
from graphwatch.common.locks import locked
from graphwatch.desk.asking import Desk

pytestmark = pytest.mark.long


@pytest.fixture
def place(demo_store: Path, tmp_path: Path) -> Path:
    """A store in which nobody has decided anything."""
    shutil.copytree(demo_store, tmp_path / "s.gw")
    return tmp_path / "s.gw"


def test_two_people_decide_and_read_at_once_and_neither_loses_anything(place: Path) -> None:
    desk = Desk(str(place))
    people = [Visitor(desk).enter() for _ in range(2)]
    made: list[int] = []
    failed: list[object] = []

    def work(person: int) -> None:
        visitor = people[person]
        visitor.post("/name", name=f"Orang {person}", back="/")
        # Both decide on 1 as if they were the first; 2 and 3 are of one each.
        for lead in ("1", str(2 + person)):
            answer = visitor.post(f"/leads/{lead}/decide", outcome="needs_clarification", reason=f"r{person}", after="")
            made.append(answer.status_code)
            shown = visitor.get(f"/leads/{lead}")
            if shown.status_code != 200 or (f"r{person}" not in shown.text and answer.status_code == 303):
                failed.append((lead, shown.status_code))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(made) == [303, 303, 303, 409]
    with graphwatch.open(place) as project:
        assert [len(project.lead(str(n)).decisions) for n in (1, 2, 3)] == [1, 1, 1]
        assert {project.lead(str(n)).decisions[0].reviewer for n in (2, 3)} == {"Orang 0", "Orang 1"}


def test_while_somebody_writes_what_is_known_is_shown_and_the_rest_waits_with_a_word(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphwatch.store.embedded.store.locked", partial(locked, wait=0.1))
    visitor = Visitor(Desk(str(place))).enter()
    before = visitor.get("/leads").text
    with locked(place, exclusive=True):
        assert visitor.get("/leads").text == before
        waits = visitor.get("/complaints")
        assert waits.status_code == 503
        assert waits.headers["refresh"] == "3"
        assert f"proses {os.getpid()}" in waits.text
    assert visitor.get("/complaints").status_code == 200


@contextmanager
def started(place: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client, str]]:
    """A desk in a process of its own, a browser in it, and the token of its forms."""
    words = [sys.executable, "-c", "from graphwatch.cli import main; main()", "serve", str(place)]
    words += ["--port", "0", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as desk:
        assert desk.stdout is not None
        address = desk.stdout.readline().strip()
        base = address.partition("/enter")[0]
        with httpx.Client(base_url=base, timeout=120, headers={"Origin": base}) as client:
            client.get(address)
            token = client.get("/accounts").text.partition('form_token" value="')[2].partition('"')[0]
            client.post("/name", data={"form_token": token, "name": "Sari", "back": "/accounts"})
            yield desk, client, token
        desk.kill()


def test_a_desk_that_is_killed_amid_decisions_has_those_that_it_took(place: Path) -> None:
    with graphwatch.open(place) as project:
        accounts = [row["id"] for row in project.query("MATCH (a:Account) RETURN a.id AS id ORDER BY id LIMIT 100")]
    taken: list[str] = []

    def decide(client: httpx.Client, token: str, account: str) -> None:
        form = {"form_token": token, "outcome": "dismissed", "reason": "r", "after": ""}
        if client.post(f"/leads/{account}/decide", data=form).status_code == 303:
            taken.append(account)

    with started(place) as (desk, client, token), suppress(httpx.TransportError):
        for account in accounts:
            decide(client, token, account)
            if len(taken) == 2:
                threading.Timer(0.03, desk.kill).start()
    before = len(taken)
    with started(place) as (_, client, token):
        decide(client, token, accounts[-1])
    assert 2 <= before < len(accounts)
    assert taken[-1] == accounts[-1]
    with graphwatch.open(place) as project:
        found = {row["lead"] for row in project.leads() if row["kind"] == "account"}
        assert project.verify() == {}
    # One may have been taken of which nobody was told.
    assert set(taken) <= found
    assert len(found) <= len(taken) + 1
