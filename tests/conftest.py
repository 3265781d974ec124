"""What every test may use: a place for stores, the real data, the demo made once."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import neo4j_server as server
import pytest
from hypothesis import HealthCheck, settings

import graphwatch
from graphwatch.demonstration import Demo
from graphwatch.project import Project
from graphwatch.store.address import Address
from graphwatch.store.server.connection import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]

# Speed is measured in benchmarks; a busy machine must not fail a test.
settings.register_profile("graphwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("graphwatch")

# The locale of whoever runs the tests changes no answer; child processes have it, too.
os.environ["LC_ALL"] = "C.UTF-8"

# What children of these tests import is what the tests do.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: who has tests of a server or of a browser often waits for it."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several workers share the files, those that need a server or take long come first.

    So no worker is left with one of them at the end. Tests of one file stay together: they share stores, and some go on
    from what those above them left.
    """
    if not hasattr(config, "workerinput"):
        return
    first = {item.path for item in items if item.get_closest_marker("long") or _needs_server(item)}
    items.sort(key=lambda item: item.path not in first)


def _needs_server(item: pytest.Item) -> bool:
    called = getattr(item, "callspec", None)
    return "neo4j_server" in getattr(item, "fixturenames", ()) or bool(called and "neo4j" in called.params.values())


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data with recorded peer output, which is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the real data are not here: they belong in ../shared/data beside the project")
    return SHARED


@pytest.fixture(scope="session")
def demo_made(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, made once."""
    return graphwatch.demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def demo_folder(demo_made: Demo) -> Path:
    return demo_made.folder


@pytest.fixture(scope="session")
def demo_store(demo_made: Demo) -> Path:
    return demo_made.store


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """An empty Neo4j server: the one named in GRAPHWATCH_TEST_NEO4J_URI, else one started for these tests."""
    named = os.environ.get("GRAPHWATCH_TEST_NEO4J_URI")
    if named:
        user = os.environ.get("NEO4J_USERNAME", "neo4j")
        address = Address(named, os.environ.get("NEO4J_DATABASE"), user, os.environ.get("NEO4J_PASSWORD", ""))
        if not _is_empty(address):
            pytest.fail(f"the database at {named} is not empty: tests would erase it, so they refuse it")
        yield address
        return
    lacking = server.missing_tool()
    if lacking:
        pytest.skip(lacking)
    try:
        server.fetch()
    except subprocess.CalledProcessError:
        pytest.skip("mvn could not fetch Neo4j: look at its output, or set GRAPHWATCH_TEST_NEO4J_URI")
    with server.running(tmp_path_factory.mktemp("neo4j")) as uri:
        yield Address(uri, None, "neo4j", server.PASSWORD)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One browser for all tests of a run."""
    from export.browsing import CHROMIUM
    from playwright.sync_api import expect, sync_playwright

    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    # A machine that does other things besides takes its time.
    expect.set_options(timeout=30_000)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def neo4j_address(neo4j_server: Address) -> Iterator[Address]:
    """The server, empty again after the test."""
    yield neo4j_server
    erase(neo4j_server)


def _is_empty(address: Address) -> bool:
    connection = Server(address)
    try:
        return not connection.read("MATCH (n) RETURN 1 AS one LIMIT 1").num_rows
    finally:
        connection.close()


def erase(address: Address) -> None:
    connection = Server(address)
    try:
        erase = "MATCH (n) WITH n LIMIT 20000 DETACH DELETE n RETURN count(*) AS n"
        while connection.execute(erase)[0]["n"]:
            pass
    finally:
        connection.close()


# Fills a store with what it writes into files in a folder.
Fill = Callable[[Project, Path], object]


@pytest.fixture(params=["embedded", "neo4j"])
def empty_project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
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
            with graphwatch.open(made[fill] / "s.gw", create=True) as project:
                fill(project, made[fill] / "files")
        return made[fill]

    return of


@pytest.fixture
def fill_project(
    empty_project: Project, filled_once: Callable[[Fill], Path], tmp_path: Path
) -> Callable[[Fill], Project]:
    """Fills the empty project, on the embedded engine with a copy of what was filled before."""

    def filling(fill: Fill) -> Project:
        if empty_project.store.engine == "embedded":
            shutil.copytree(filled_once(fill), tmp_path, dirs_exist_ok=True)
        else:
            (tmp_path / "files").mkdir()
            fill(empty_project, tmp_path / "files")
        return empty_project

    return filling


@pytest.fixture
def copied_project(filled_once: Callable[[Fill], Path], tmp_path: Path) -> Iterator[Callable[[Fill], Project]]:
    """Opens a copy of an embedded store that was filled before."""
    opened: list[Project] = []

    def copying(fill: Fill) -> Project:
        shutil.copytree(filled_once(fill), tmp_path, dirs_exist_ok=True)
        opened.append(graphwatch.open(tmp_path / "s.gw"))
        return opened[-1]

    yield copying
    for project in opened:
        project.close()
