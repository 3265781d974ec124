"""A desk on each engine, for tests that hold on both."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import graphwatch
from graphwatch.api import Desk

# Fills a store with what it writes into files in a folder.
Fill = Callable[[Desk, Path], object]


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


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Fill], Path]:
    """A folder with an embedded store `s.gw`, filled once for all tests, and the `files` that filled it."""
    made: dict[Fill, Path] = {}

    def of(fill: Fill) -> Path:
        if fill not in made:
            made[fill] = tmp_path_factory.mktemp("filled")
            (made[fill] / "files").mkdir()
            with graphwatch.open(made[fill] / "s.gw", create=True) as desk:
                fill(desk, made[fill] / "files")
        return made[fill]

    return of


@pytest.fixture
def fill_desk(empty_desk: Desk, filled_once: Callable[[Fill], Path], tmp_path: Path) -> Callable[[Fill], Desk]:
    """Fills the empty desk, on the embedded engine with a copy of what was filled before."""

    def filling(fill: Fill) -> Desk:
        if empty_desk.store.engine == "embedded":
            shutil.copytree(filled_once(fill), tmp_path, dirs_exist_ok=True)
        else:
            (tmp_path / "files").mkdir()
            fill(empty_desk, tmp_path / "files")
        return empty_desk

    return filling


@pytest.fixture
def copied_desk(filled_once: Callable[[Fill], Path], tmp_path: Path) -> Iterator[Callable[[Fill], Desk]]:
    """Opens a copy of an embedded store that was filled before."""
    opened: list[Desk] = []

    def copying(fill: Fill) -> Desk:
        shutil.copytree(filled_once(fill), tmp_path, dirs_exist_ok=True)
        opened.append(graphwatch.open(tmp_path / "s.gw"))
        return opened[-1]

    yield copying
    for desk in opened:
        desk.close()
