import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from command_outcome import Outcome

from graphwatch.cli.main import graphwatch
from graphwatch.demonstration import demo
from graphwatch.detection.config import DetectionConfig, PowerConfig
from graphwatch.project import Project

Run = Callable[..., Outcome]


def commands(command: click.Command, *path: str) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    return [p for name, inner in command.commands.items() for p in commands(inner, *path, name)]


@pytest.mark.parametrize("path", commands(graphwatch), ids=" ".join)
def test_every_command_has_help(run: Run, path: tuple[str, ...]) -> None:
    outcome = run(*path, "--help")
    assert outcome.status == 0
    assert "Usage: graphwatch" in outcome.out
    assert "\\b" not in outcome.out, "click keeps lines after a real backspace: no r before that docstring"


def test_help_of_every_command_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "pyarrow", "duckdb", "numba", "networkx", "ladybug", "neo4j", "rich", "jinja2", "scipy")
    code = (
        "import sys\nfrom contextlib import redirect_stdout\nfrom io import StringIO\nfrom graphwatch.cli import main\n"
        f"for path in {[(), *commands(graphwatch)]}:\n"
        "    try:\n        with redirect_stdout(StringIO()):\n            main([*path, '--help'])\n"
        "    except SystemExit:\n        pass\n"
        f"sys.exit(', '.join(m for m in {heavy} if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("path", "function"),
    [
        ("detect", DetectionConfig),
        ("power", PowerConfig),
        ("export", Project.export),
        ("query", Project.query),
        ("load", Project.load),
        ("demo", demo),
    ],
)
def test_commands_and_functions_share_names_and_defaults(path: str, function: Callable[..., object]) -> None:
    known = inspect.signature(function).parameters
    compared = 0
    for option in graphwatch.commands[path].params:
        name = {"lang": "language"}.get(str(option.name), str(option.name))
        if name in known and name != "to":
            compared += 1
            if isinstance(option.default, str | int | float):
                usual = known[name].default
                said = ",".join(map(str, usual)) if isinstance(usual, tuple) else str(usual)
                assert str(option.default) == said, name
    assert compared > 0


def test_an_unknown_command_is_wrong_use(run: Run) -> None:
    assert run("dtect").status == 2


def test_an_unexpected_fault_shows_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("graphwatch.project.open", broken)
    outcome = run("detect")
    assert outcome.status == 1
    assert "GRAPHWATCH_DEBUG" in outcome.err


def test_a_reader_that_has_seen_enough_is_no_failure(demo_store: Path) -> None:
    code = "from graphwatch.cli import main; main()"
    words = ["query", "MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a.id, p.id, r.id", "--store", str(demo_store)]
    asking = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert asking.stdout is not None
    assert asking.stderr is not None
    with asking.stdout as answer, asking.stderr as said:
        answer.readline()
        answer.close()
        assert "Error" not in said.read()
    assert asking.wait() == 0


def test_an_interruption_has_status_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("graphwatch.project.open", interrupted)
    assert run("detect").status == 130
