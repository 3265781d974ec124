"""What every command has in common: a language for words, JSON for results. Walks the tree of commands."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import graphwatch
from graphwatch.cli.main import graphwatch as cli
from graphwatch.cli.tables import FORMATS
from graphwatch.demonstration import Demo

# Commands without --json, and why.
NO_JSON = {
    "calendar load": "it acts, and says on standard error what it did",
    "complaints set": "it acts, and says on standard error what it did",
    "watch add": "it acts, and says on standard error what it did",
    "watch remove": "it acts, and says on standard error what it did",
    "review decide": "it acts, and says on standard error what it did",
    "export": "the result is files; --json names one of them",
    "report cluster": "the result is a file",
    "report account": "the result is a file",
    "report agency": "the result is a file",
    "report summary": "the result is a file",
    "calendar new": "the result is a file",
    "serve": "it shows the desk until it is interrupted, and prints its address",
    "shell": "a conversation; \\format chooses the form of its answers",
}
# Commands without --lang, and why.
ONE_LANGUAGE = {
    **dict.fromkeys(
        ("calendar new", "complaints set", "watch add", "watch remove", "review decide"),
        "says what it did, as the messages of the program do",
    ),
    **dict.fromkeys(
        (
            *("store info", "store verify", "store rebuild", "store copy"),
            *("store forget", "store expire", "store remove", "store about"),
        ),
        "for who looks after the store; names of tables and counts",
    ),
    "log verify": "what the log holds",
    "queries check": "for who writes queries, whose headers are in English",
    "complaints complainant": "a name and a contact",
    "store language": "shows and sets the language itself",
    "serve": "the desk has a button for it",
}
# What each command is asked on the demo, FILE and FOLDER being made for it; its store goes behind.
ASKED: dict[str, tuple[str, ...]] = {
    "demo": (),
    "load": ("LIKES",),
    "calendar load": (),
    "calendar show": (),
    "calendar new": ("OUT.toml",),
    "query": ("runs",),
    "queries list": ("cluster",),
    "queries check": ("QUERIES",),
    "detect": (),
    "power": ("--sizes", "3", "--posts", "4", "--repeats", "1", "--min-objects", "12"),
    "explain": ("1",),
    "coverage": (),
    "complaints": (),
    "complaints set": ("COMPLAINT", "--status", "checking"),
    "complaints complainant": ("COMPLAINT", "--reason", "r"),
    "changes": ("--since", "2024-09-24", "--phase", "masa_tenang"),
    "watch add": ("MEMBER", "--reason", "r"),
    # Of tables whose columns are fields, the language is that of the spreadsheet, and of what is said beside them.
    "watch list": ("--csv-excel",),
    "watch remove": ("MEMBER",),
    "provisions": ("--kind", "SHARED", "--at", "2024-10-01"),
    "review list": ("--csv-excel",),
    "review show": ("1",),
    "review decide": ("2", "--outcome", "dismissed", "--reviewer", "Sari", "--reason", "r"),
    "metrics": ("--top", "3"),
    "metrics compare": ("latest",),
    "trace": ("MEMBER", "DUTY"),
    "neighbours": ("MEMBER", "--max-nodes", "5"),
    "export": ("--html", "OUT.html", "--cluster", "1"),
    "report cluster": ("1", "--out", "OUT.md"),
    "report account": ("MEMBER", "--out", "OUT.md"),
    "report agency": ("AGENCY", "--out", "OUT.md"),
    "report summary": ("--out", "OUT.md"),
    "log show": ("--csv-excel",),
    "log verify": (),
    "store info": (),
    "store verify": (),
    "store rebuild": (),
    "store copy": ("SMALL", "COPY"),
    "store import-files": ("SMALL", "COPY.files"),
    "store forget": ("--account", "ani", "--reason", "r", "--dry-run"),
    "store expire": ("--dry-run",),
    "store remove": ("likes.csv", "--reason", "r", "--dry-run"),
    "store about": ("--account", "MEMBER"),
    "store language": (),
}
# What reads a whole store is asked of one with a single like.
WHOLE = {"store verify", "store rebuild", "store forget", "store expire", "store remove"}


def tree(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, groups that do so themselves among them."""
    for name, command in group.commands.items():
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from tree(command, *path, name)


COMMANDS = dict(tree(cli))


def option(command: click.Command, flag: str) -> click.Option | None:
    return next((p for p in command.params if isinstance(p, click.Option) and flag in p.opts), None)


def test_every_command_is_asked_here_but_the_conversation() -> None:
    assert set(COMMANDS) - {"shell", "serve"} == set(ASKED)


@pytest.mark.parametrize("path", COMMANDS)
def test_a_result_has_forms_or_json(path: str) -> None:
    command = COMMANDS[path]
    forms = [form for form in FORMATS if (found := option(command, f"--{form}")) and found.name == "form"]
    as_json = option(command, "--json")
    if path in NO_JSON:
        assert forms == []
        assert as_json is None or not as_json.is_flag
    elif forms:
        assert sorted(forms) == sorted(FORMATS)
    else:
        assert as_json is not None
        assert (as_json.name, as_json.help) == ("as_json", "The result as one JSON document, for programs.")


@pytest.mark.parametrize("path", COMMANDS)
def test_words_have_a_language(path: str) -> None:
    lang = option(COMMANDS[path], "--lang")
    assert (lang is None) == (path in ONE_LANGUAGE)
    if lang is not None:
        assert isinstance(lang.type, click.Choice)
        assert tuple(lang.type.choices) == ("id", "en")
        assert (lang.name, lang.default) == ("lang", None)
        assert lang.help == "Language of the words. [default: the store's, else the locale's]"


@pytest.fixture(scope="module")
def places(demo_made: Demo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What stands for the words in capitals: files, and what the demo calls its accounts."""
    folder = tmp_path_factory.mktemp("surface")
    store = shutil.copytree(demo_made.store, folder / "demo.gw")
    (folder / "queries").mkdir()
    shipped = Path(__file__).parents[2] / "cypher" / "runs.cypher"
    text = shipped.read_text(encoding="utf-8").replace("graphwatch query runs", "graphwatch query own-runs")
    (folder / "queries" / "own-runs.cypher").write_text(text, encoding="utf-8")
    (folder / "likes.csv").write_text("account,object,kind,platform\nani,p1,like,x\n", encoding="utf-8")
    with graphwatch.open(folder / "small.gw", create=True) as small:
        small.load(folder / "likes.csv")
    _, member, duty = next(words for words, _ in demo_made.next if words[0] == "trace")
    with graphwatch.open(store) as project:
        complaint = project.complaints().to_arrow()["complaint"][0].as_py()
        agency = project.query("MATCH (g:Agency)<-[:WORKS_AT]-(:Asn) RETURN g.id AS id ORDER BY id LIMIT 1")
        found = agency.to_arrow()["id"][0].as_py()
    return {
        "STORE": str(store),
        "SMALL": str(folder / "small.gw"),
        "LIKES": str(folder / "likes.csv"),
        "QUERIES": str(folder / "queries"),
        "COPY": str(folder / "copy.gw"),
        "OUT": str(folder / "out"),
        "MEMBER": member,
        "DUTY": duty,
        "COMPLAINT": complaint,
        "AGENCY": found,
    }


@pytest.fixture
def asked(places: dict[str, str], demo_made: Demo, monkeypatch: pytest.MonkeyPatch) -> "Asked":
    monkeypatch.setattr("graphwatch.demonstration.demo", lambda *_, **__: demo_made)
    return Asked(places)


class Asked:
    """Runs a command on the shared store."""

    def __init__(self, places: dict[str, str]) -> None:
        self._places = places

    def __call__(self, path: str, *more: str) -> Result:
        words = [self._filled(word) for word in ASKED[path]]
        if option(COMMANDS[path], "--store"):
            more = (*more, "--store", self._places["SMALL" if path in WHOLE else "STORE"])
        return CliRunner().invoke(cli, [*path.split(), *words, *more], catch_exceptions=False)

    def written(self, path: str) -> str:
        """What a command wrote into its file, if there is one."""
        files = [self._filled(word) for word in ASKED[path] if word.startswith("OUT.")]
        return Path(files[0]).read_text(encoding="utf-8") if files else ""

    def _filled(self, word: str) -> str:
        name, dot, end = word.partition(".")
        return self._places.get(name, name) + dot + end


@pytest.mark.parametrize("path", [path for path in ASKED if path not in ONE_LANGUAGE])
def test_words_are_in_the_language_that_is_asked_for(asked: Asked, path: str) -> None:
    said = {}
    for lang in ("id", "en"):
        outcome = asked(path, "--lang", lang)
        assert outcome.exit_code == 0, outcome.output
        said[lang] = asked.written(path) or outcome.output
    assert said["id"] != said["en"]


@pytest.mark.parametrize("path", ASKED)
def test_a_json_result_is_alone_on_standard_output(asked: Asked, path: str) -> None:
    outcome = asked(path, *(["--json"] if path not in NO_JSON else []))
    assert outcome.exit_code == 0, outcome.output
    if path in NO_JSON:
        assert outcome.stdout == ""
    else:
        assert json.loads(outcome.stdout, parse_constant=lambda name: pytest.fail(f"{name} is not JSON")) is not None


def test_a_store_has_a_language_that_lang_and_nothing_else_wins_over(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without any of these, documents are in Indonesian and messages in English.
    assert "dugaan – bukan putusan" in asked("explain").stdout
    assert "is not proof" in asked("coverage").stdout
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    assert "Tidak ditemukan bukan berarti tidak ada." in asked("coverage").stdout
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "a lead – not a verdict" in asked("explain").stdout
    try:
        assert asked("store language", "id").stdout == "id\n"
        assert "dugaan – bukan putusan" in asked("explain").stdout
        assert "Tidak ditemukan bukan berarti tidak ada." in asked("coverage").stdout
        assert "is not proof" in asked("coverage", "--lang", "en").stdout
    finally:
        assert asked("store language", "auto").stdout == "en\n"
