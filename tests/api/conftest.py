"""A desk on each engine, for tests that hold on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import graphwatch
from graphwatch.api import Desk


@pytest.fixture(params=["embedded", "neo4j"])
def empty_desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Nothing is loaded; what does not belong into the graph is in `s.gw` on either engine."""
    place = str(tmp_path / "s.gw")
    if request.param == "neo4j":
        address = request.getfixturevalue("neo4j_address")
        place = address.uri
        monkeypatch.setenv("NEO4J_USERNAME", address.username)
        monkeypatch.setenv("NEO4J_PASSWORD", address.password)
    with graphwatch.open(place, project=tmp_path / "s.gw", create=True) as opened:
        yield opened
