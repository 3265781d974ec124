"""Whatever records, files and their names hold: a terminal gets text on lines, and a pipe gets what is there."""

import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_outcome import Outcome

import graphwatch
from graphwatch.cli.main import main

Run = Callable[..., Outcome]

# The title of the window, the clipboard, a link, the screen, a bell, eight bits, the direction of reading, nothing.
OSC, LINK = "\x1b]0;owned\x07\x1b]52;c;b3du\x07", "\x1b]8;;http://a.example\x1b\\x\x1b]8;;\x1b\\"
HOSTILE = f"{OSC}{LINK}\x1b[2J\x9b2J\x85\u202eabc\u2066\u200b\ufeff\u061c"
FORBIDDEN = {c for c in HOSTILE if not c.isprintable()}
COMMANDS = [
    *(["query", "MATCH (a:Account) RETURN a.name AS n, a", form] for form in ("--csv", "--json", "--markdown")),
    ["query", "MATCH (a:Account) RETURN a.name AS n, a, [a.handle] AS l"],
    ["query", f"MATCH (a:Account) RETURN a.id AS `{HOSTILE}`"],
    ["query", f"RETURN {HOSTILE}"],
    ["query", HOSTILE],
    ["query", "-f", HOSTILE],
    ["neighbours", "x:1"],
    ["trace", "x:1", HOSTILE],
    ["explain", HOSTILE, "x:1"],
    ["watch", "add", "x:1", "--reason", HOSTILE],
    ["watch", "list"],
    ["store", "info"],
    ["store", "about", "--account", "x:1", "--reason", "k"],
    ["load", HOSTILE],
    ["load", f"{HOSTILE}.csv"],
    ["load", f"{HOSTILE}.csv", "--map", f"{HOSTILE}=object"],
    ["load", "hostile.csv", "--guess"],
    ["load", "hostile.csv", "--encoding", HOSTILE],
    ["load", "hostile.csv", "--timezone", HOSTILE],
    ["query", "sources"],
    ["calendar", "show", HOSTILE],
    ["detect", "--phase", HOSTILE],
    ["report", "account", HOSTILE],
    ["export", "--ego", HOSTILE],
    ["queries", "list", "--folder", HOSTILE],
    ["queries", "list", "--folder", "own"],
    ["queries", "show", "own", "--folder", "own"],
    ["query", "own", "--folder", "own"],
    ["review", "list"],
    ["complaints"],
    ["coverage"],
    [HOSTILE],
    ["query", f"--{HOSTILE}"],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose accounts, posts and sources have hostile names, and hostile files beside it."""
    folder = tmp_path_factory.mktemp("terminal")
    text = (
        f'account,object,kind,platform,account_name,account_handle\n1,p,like,x,"{HOSTILE}",a\n2,p,oops{HOSTILE},x,b,b\n'
    )
    for name in (f"{HOSTILE}.csv".replace("/", ""), "hostile.csv"):
        (folder / name).write_text(text, encoding="utf-8", newline="")
    (folder / "own").mkdir()
    query = (
        f"// title: {HOSTILE}\n// purpose: {HOSTILE}\n// category: {HOSTILE}\nMATCH (a:Account) RETURN a.name AS n\n"
    )
    (folder / "own" / "own.cypher").write_text(query, encoding="utf-8")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        project.load(folder / "hostile.csv")
    return folder


@pytest.fixture
def said_on_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[list[str]], str]]:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GRAPHWATCH_STORE", str(folder / "s.gw"))
    ours, theirs = pty.openpty()
    heard = bytearray()

    def listen() -> None:
        while True:
            try:
                heard.extend(os.read(ours, 1 << 16))
            except OSError:  # the other end is closed
                return

    listening = threading.Thread(target=listen)
    listening.start()

    def said(words: list[str]) -> str:
        with os.fdopen(theirs, "w", encoding="utf-8", errors="surrogateescape") as terminal:
            monkeypatch.setattr(sys, "stdout", terminal)
            monkeypatch.setattr(sys, "stderr", terminal)
            monkeypatch.setattr(sys, "stdin", open(os.devnull, encoding="utf-8"))  # noqa: SIM115, PTH123
            with pytest.raises(SystemExit):
                main(words)
            sys.stdin.close()
            monkeypatch.undo()
        listening.join()
        return heard.decode("utf-8")

    yield said
    os.close(ours)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:30].encode("unicode_escape").decode())
def test_nothing_of_it_reaches_a_terminal(said_on_terminal: Callable[[list[str]], str], words: list[str]) -> None:
    said = said_on_terminal([word.replace("/", "") if word.startswith(HOSTILE[:3]) else word for word in words])
    assert said.strip()
    # What takes long is drawn in colours, without the cursor, over its own line.
    rest = re.sub("\x1b\\[(\\?25[lh]|2K|1A|[0-9;]*m)", "", said)
    assert FORBIDDEN.isdisjoint(rest), ascii(rest)


def test_a_pipe_gets_every_byte(folder: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from graphwatch.cli import main; main()",
        "query",
        "--store",
        str(folder / "s.gw"),
    ]
    asked = [*command, "MATCH (a:Account) WHERE a.id = 'x:1' RETURN a.name AS n", "--csv"]
    said = subprocess.run(asked, capture_output=True, check=True).stdout.decode("utf-8")
    with graphwatch.open(folder / "s.gw") as project:
        name = project.query("MATCH (a:Account) WHERE a.id = 'x:1' RETURN a.name AS n").to_arrow()["n"][0].as_py()
    assert said == f"n\n{name}\n"
    assert "\x1b" in name
