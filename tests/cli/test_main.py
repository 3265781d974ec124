import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from command_outcome import Outcome

import graphwatch
from graphwatch.cli.main import graphwatch as cli
from graphwatch.cli.options import flag_of
from graphwatch.common.config import Config, options_of
from graphwatch.demonstration import demo
from graphwatch.project import Project

Run = Callable[..., Outcome]


def commands(command: click.Command, *path: str) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    return [p for name, inner in command.commands.items() for p in commands(inner, *path, name)]


@pytest.mark.parametrize("path", commands(cli), ids=" ".join)
def test_every_command_has_help(run: Run, path: tuple[str, ...]) -> None:
    outcome = run(*path, "--help")
    assert outcome.status == 0
    assert "Usage: graphwatch" in outcome.out
    assert "\\b" not in outcome.out, "click keeps lines after a real backspace: no r before that docstring"


def test_help_of_every_command_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "pyarrow", "duckdb", "numba", "networkx", "ladybug", "neo4j", "rich", "jinja2", "scipy")
    code = (
        "import sys\nfrom contextlib import redirect_stdout\nfrom io import StringIO\nfrom graphwatch.cli import main\n"
        f"for path in {[(), *commands(cli)]}:\n"
        "    try:\n        with redirect_stdout(StringIO()):\n            main([*path, '--help'])\n"
        "    except SystemExit:\n        pass\n"
        f"sys.exit(', '.join(m for m in {heavy} if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# Each command with a config, the fields that it leaves out, and the options that are its own.
NAMING = {"unmask", "off_roster", "reason"}
STATED = {"acquisition", "acquired_by", "legal_basis", "terms_note", "keep_until", "terms_approved"}
DRY = {"count_only", "power", "dry_run", "lang", "as_json", "fail_on_findings"}
MEANS = {"acts", "memory", "engine", "master"}
PEER = {"compat", "for_spreadsheets", *options_of(graphwatch.CompatConfig)} - {"window"}
PAGE = {"html", "lang", "minutes", "unmask", "reason"}
TABLES = {"csv", "csv_excel", "xlsx", "to_gephi_csv", "to_neo4j_csv", "parquet"}
FILES = {"html", "gexf", "graphml", "json", "cytoscape", *TABLES}
FORM = {"form", "xlsx", "lang"}
PART = {"cluster", "ego", "path", "query"}


@pytest.mark.parametrize(
    ("path", "config", "without", "own"),
    [
        ("load", graphwatch.LoadConfig, set(), {"file", "guess", "dry_run", "lang", "as_json", *STATED}),
        ("detect", graphwatch.DetectionConfig, set(), {*DRY, *MEANS, *PEER}),
        ("power", graphwatch.PowerConfig, set(), {"run", "count_only", *FORM}),
        ("trace", graphwatch.TraceConfig, set(), {"start", "end", "from_file", "as_json", *PAGE}),
        ("neighbours", graphwatch.NeighboursConfig, set(), {"node", *FORM}),
        ("export", graphwatch.ExportConfig, set(), {*FILES, *PART}),
        ("report cluster", graphwatch.ReportConfig, set(), {"id", "path"}),
        ("report account", graphwatch.ReportConfig, set(), {"id", "path"}),
        ("report agency", graphwatch.ReportConfig, {"run", *NAMING}, {"id", "path"}),
        ("report summary", graphwatch.ReportConfig, NAMING, {"path"}),
    ],
)
def test_a_command_offers_the_fields_of_its_config(
    path: str, config: type[Config], without: set[str], own: set[str]
) -> None:
    command: click.Command = cli
    for word in path.split():
        assert isinstance(command, click.Group)
        command = command.commands[word]
    declared, usual = options_of(config), config()
    offered = {str(param.name) for param in command.params}
    assert offered == {*declared, *own, "store", "project"} - without
    for param in command.params:
        if param.name in declared and isinstance(param, click.Option) and not declared[param.name].flags:
            option, default = declared[param.name], getattr(usual, param.name)
            assert param.opts == [flag_of(config, param.name)]
            if default and not option.many:
                assert param.default == default
            if option.choices and not option.many:
                assert isinstance(param.type, click.Choice)
                assert tuple(param.type.choices) == option.choices


def test_the_other_tools_options_are_the_fields_of_their_config() -> None:
    usual = graphwatch.CompatConfig()
    offered = {param.name: param.default for param in cli.commands["detect"].params}
    for name in options_of(graphwatch.CompatConfig):
        # Without --window, a detection of its own looks at several.
        assert offered[name] == (None if name == "window" else getattr(usual, name))


@pytest.mark.parametrize(("path", "function"), [("query", Project.query), ("demo", demo), ("metrics", Project.metrics)])
def test_commands_and_functions_share_names_and_defaults(path: str, function: Callable[..., object]) -> None:
    known = inspect.signature(function).parameters
    compared = 0
    for option in cli.commands[path].params:
        name = str(option.name)
        if name in known:
            compared += 1
            if isinstance(option.default, str | int | float):
                assert str(option.default) == str(known[name].default), name
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


def test_a_message_cannot_drive_a_terminal(run: Run, tmp_path: Path) -> None:
    place = str(tmp_path / "x\x1b]0;owned\x07.csv")
    for arguments in (["load", place], ["query", "--file", place], ["calendar", "show", place]):
        done = run(*arguments, "--store", str(tmp_path / "s"))
        assert done.status != 0
        assert "owned" in done.err
        assert "\x1b" not in done.err


@pytest.mark.parametrize(
    ("locale", "words", "head"),
    [
        ("C", (), "Error: {}: there is no graphwatch store here"),
        ("id_ID.UTF-8", (), "Galat: {}: tidak ada penyimpanan graphwatch di sini"),
        ("C", ("--lang", "id"), "Galat: {}: tidak ada penyimpanan graphwatch di sini"),
        ("id_ID.UTF-8", ("--lang=en",), "Error: {}: there is no graphwatch store here"),
    ],
)
def test_an_error_is_told_in_the_language_that_is_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, locale: str, words: tuple[str, ...], head: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    outcome = run("query", "runs", "--store", str(tmp_path / "x.gw"), *words)
    assert (outcome.status, outcome.err.splitlines()[0]) == (1, head.format(tmp_path / "x.gw"))
