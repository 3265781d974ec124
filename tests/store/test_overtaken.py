"""A server gives up a query that a writer overtakes: it is asked again, and told in the end, not for ever."""

from contextlib import nullcontext
from typing import Any

import pytest
from neo4j import exceptions

from graphwatch.errors import StoreError
from graphwatch.store.address import Address
from graphwatch.store.server.connection import Server


class _Rows(list[list[int]]):
    def keys(self) -> list[str]:
        return ["n"]


def overtaken(times: int, code: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Server, list[str]]:
    """A server that gives up so many queries before it answers one; and what it was asked."""
    server, asked = Server.__new__(Server), list[str]()
    server.address = Address("bolt://localhost", None, "neo4j", "")

    class Session:
        def run(self, query: Any, _: dict[str, Any]) -> _Rows:
            asked.append(query.text)
            if len(asked) <= times:
                error = exceptions.TransientError("overtaken")
                monkeypatch.setattr(type(error), "code", code)
                raise error
            return _Rows([[7]])

    monkeypatch.setattr(server, "_session", lambda _: nullcontext(Session()), raising=False)
    return server, asked


OUTDATED = "Neo.TransientError.Transaction.Outdated"


def test_what_a_writer_overtakes_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server, asked = overtaken(2, OUTDATED, monkeypatch)
    assert server.read("RETURN 7 AS n").to_pylist() == [{"n": 7}]
    assert len(asked) == 3


@pytest.mark.parametrize(("code", "times"), [(OUTDATED, 5), ("Neo.TransientError.General.OutOfMemory", 1)])
def test_what_goes_on_or_is_something_else_is_told(monkeypatch: pytest.MonkeyPatch, code: str, times: int) -> None:
    server, asked = overtaken(99, code, monkeypatch)
    with pytest.raises(StoreError, match="interrupted"):
        server.read("RETURN 7 AS n")
    assert len(asked) == times
