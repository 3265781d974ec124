"""`graphwatch shell`: statements, commands, completion, a prompt that is typed at, and a real terminal."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

import graphwatch as gw
from graphwatch.cli.main import graphwatch
from graphwatch.cli.prompt import Completing, converse, prompt_for
from graphwatch.cli.session import COMMANDS, Session


@pytest.fixture(scope="module")
def session(demo_store: Path) -> Iterator[Session]:
    with gw.open(demo_store) as project:
        yield Session(project)


def completions(session: Session, text: str) -> list[str]:
    return [c.text for c in Completing(session).get_completions(Document(text), None)]


def test_cypher_is_answered(session: Session) -> None:
    answer = session.answer("MATCH (a:Account) RETURN count(a) AS accounts")
    assert "accounts" in answer
    assert f"{session.project.info().counts['Account']}" in answer
    assert answer.endswith("1 rows.\n")


def test_nothing_is_written(session: Session) -> None:
    assert session.answer("CREATE (a:Account {id: 'x:new'})").startswith("Error:")
    assert "0" in session.answer("MATCH (a:Account) WHERE a.id = 'x:new' RETURN count(a) AS n")


def test_every_command_is_known(session: Session) -> None:
    for name in COMMANDS:
        assert "there is no command" not in Session(session.project).answer(name)
    assert "there is no command" in session.answer(r"\nonsense")


def test_help_names_every_command_in_both_languages(session: Session) -> None:
    told = {lang: Session(session.project, lang).answer(r"\h").splitlines() for lang in ("id", "en")}
    for lines in told.values():
        assert [line.split()[0] for line in lines[1:]] == list(COMMANDS)
    assert not set(told["id"]) & set(told["en"])


def test_an_error_points_at_its_place(session: Session) -> None:
    lines = session.answer("MATCH (a:Account)\nSET a.name = 'x' RETURN a").splitlines()
    assert lines[-2:] == ["  SET a.name = 'x' RETURN a", "  ^"]
    lines = session.answer("MATCH (a:account) RETURN a").splitlines()
    assert lines[-1].index("^") == lines[-2].index("account")


def test_the_model(session: Session) -> None:
    assert "CO_INTERACTED" in session.answer(r"\d")
    assert "public handle" in session.answer(r"\d account")
    assert "Nearest: Account" in session.answer(r"\d Acount")


def test_named_queries(session: Session) -> None:
    assert "clusters" in session.answer(r"\queries cluster")
    assert "rows." in session.answer(r"\run clusters")
    assert "MATCH" in session.answer(r"\explain clusters")
    assert session.answer(r"\run nonsense").startswith("Error:")


def test_parameters_and_limits(demo_store: Path) -> None:
    with gw.open(demo_store) as project:
        session = Session(project)
        session.answer(r"\set kind LIKED")
        assert "kind = LIKED" in session.answer(r"\set")
        assert "rows." in session.answer(
            "MATCH (:Account)-[i:LIKED]->(:Post) WHERE i.kind = $kind RETURN count(i) AS n"
        )
        session.answer(r"\limit 2")
        assert "The answer was cut" in session.answer("MATCH (a:Account) RETURN a.id AS id")
        assert session.answer(r"\limit none").startswith("Error:")
        session.answer(r"\form csv")
        assert session.answer("RETURN 1 AS one").startswith("one\n1\n")
        session.answer(r"\unset kind")
        assert session.answer("RETURN $kind AS kind").startswith("Error:")
        assert session.answer(r'\set a "b').startswith("Error:")


@pytest.mark.parametrize(
    ("typed", "offered", "not_offered"),
    [
        ("MATCH (a:Acc", "Account", "LIKED"),
        ("MATCH (a)-[:LI", "LIKED", "Account"),
        ("MATCH (a)-[:LIKED|SHA", "SHARED", "Account"),
        ("MATCH (a:Account) RETURN a.ha", "handle", "hashtags"),
        ("MA", "MATCH", "Account"),
        ("RETURN cou", "count", "MATCH"),
        ("\\que", "queries", "MATCH"),
        ("\\run co-", "co-interactions", "clusters"),
        ("\\run clusters ru", "run=", "clusters"),
        ("\\d Clu", "Cluster", "Account"),
    ],
)
def test_completion(session: Session, typed: str, offered: str, not_offered: str) -> None:
    found = completions(session, typed)
    assert offered in found
    assert not_offered not in found


def test_a_statement_may_have_several_lines(
    demo_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with gw.open(demo_store) as project, create_pipe_input() as typed:
        session = Session(project)
        prompt = prompt_for(session, history=str(tmp_path / "history"), input=typed, output=DummyOutput())
        typed.send_text("MATCH (a:Account)\rRETURN count(a) AS accounts;\r\\q\r")
        # A loop of its own: a browser driven by an earlier test may have left this thread with one that runs.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(converse, session, prompt).result()
    assert "accounts" in capsys.readouterr().out
    assert "RETURN count(a)" in (tmp_path / "history").read_text()


def test_an_end_of_input_that_came_during_an_answer_ends_the_shell(demo_store: Path, tmp_path: Path) -> None:
    with gw.open(demo_store) as project, create_pipe_input() as typed:
        session = Session(project)
        prompt = prompt_for(session, history=str(tmp_path / "history"), input=typed, output=DummyOutput())
        typed.send_text("RETURN 1 AS one;\r\x00")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(converse, session, prompt).result(timeout=120)


def test_a_named_query_may_be_called_as_on_the_command_line(session: Session) -> None:
    called = session.answer("cluster-members -p cluster 1 --param run latest")
    assert called == session.answer("cluster-members -p cluster=1 --param=run=latest")
    assert called == session.answer(r"\run cluster-members cluster=1 run=latest")
    assert "rows." in called
    assert "rows." in session.answer("match (a:Account) return count(a) AS n")


@pytest.mark.parametrize("written", [r"\set least 7", r"\set least=7", r"\set $least = 7", r'\set least="7"'])
def test_a_parameter_is_set_in_any_of_three_ways(session: Session, written: str) -> None:
    assert session.answer(written) == ""
    assert session.parameters == {"least": "7"}
    assert "true" in session.answer("RETURN 8 > $least AS more")
    session.answer(r"\unset least")


@pytest.mark.parametrize("written", [r"\set least", r"\set =7", r"\set least 7 8", r"\set $ 7"])
def test_a_parameter_without_a_name_or_value_is_refused(session: Session, written: str) -> None:
    assert r"\set name=value" in session.answer(written)
    assert session.parameters == {}


def test_a_parameter_is_given_to_the_queries_that_use_it(session: Session) -> None:
    session.answer(r"\set i LIKED")
    session.answer(r"\set id:integer 5")
    assert "5" in session.answer("RETURN $id AS id")
    session.answer(r"\unset i")
    session.answer(r"\unset id:integer")


@pytest.mark.parametrize("word", ["inf", "nan", "1e30", "0"])
@pytest.mark.parametrize("command", [r"\limit", r"\timeout"])
def test_a_limit_is_a_number(session: Session, command: str, word: str) -> None:
    assert session.answer(f"{command} {word}").startswith("Error:")
    assert "rows." in session.answer("RETURN 1 AS one")


def test_what_a_program_reads_is_nothing_but_the_answer(demo_store: Path) -> None:
    typed = "\\form json\n\\limit 2\nMATCH (a:Account) RETURN a.id AS id;"
    outcome = CliRunner().invoke(graphwatch, ["shell", "--store", str(demo_store)], input=typed)
    assert len(json.loads(outcome.stdout)) == 2
    assert "cut" in outcome.stderr


def test_a_failed_statement_of_a_pipe_is_told_by_the_status(demo_store: Path) -> None:
    outcome = CliRunner().invoke(
        graphwatch,
        ["shell", "--store", str(demo_store)],
        input="\\form csv\nMATCH (a:Account) DELETE a;\nRETURN 1 AS one;",
    )
    assert outcome.exit_code == 1
    assert outcome.stdout.startswith("one\n1\n")
    assert "DELETE" in outcome.stderr


def test_an_interrupted_answer_leaves_the_prompt(demo_store: Path) -> None:
    path = "--".join(["(a:Account)", *["(:Post)", "(:Account)"] * 4, "(d:Post)"])
    slow = f"MATCH {path} RETURN count(DISTINCT a.id + d.id) AS n;"
    with in_terminal(demo_store) as (ours, shell):
        # On a busy machine the first may come before the question is asked: at a prompt it takes the line away.
        for patience in (3, 10, 20):
            os.write(ours, f"{slow}\r".encode())
            time.sleep(patience)
            shell.send_signal(signal.SIGINT)
            if "Interrupted." in until(ours, "Interrupted.", patience):
                break
        else:
            pytest.fail("it answers or goes on")
        os.write(ours, b"RETURN 40 + 2 AS answer;\r")
        assert "42" in until(ours, "1 rows.")
        os.write(ours, b"\\q\r")
        assert shell.wait(timeout=120) == 0


def test_statements_from_a_pipe(demo_store: Path) -> None:
    outcome = CliRunner().invoke(
        graphwatch,
        ["shell", "--store", str(demo_store)],
        input="\\form csv\nMATCH (a:Account)\nRETURN count(a) AS n;\n\\q\nRETURN 1 AS never;",
        catch_exceptions=False,
    )
    assert outcome.exit_code == 0
    with gw.open(demo_store) as project:
        assert outcome.stdout.startswith(f"n\n{project.info().counts['Account']}\n")
    assert "never" not in outcome.stdout


def test_in_a_terminal(demo_store: Path) -> None:
    with in_terminal(demo_store) as (ours, shell):
        os.write(ours, b"RETURN 40 + 2 AS answer;\r")
        assert "42" in until(ours, "1 rows.")
        os.write(ours, b"\\q\r")
        assert shell.wait(timeout=120) == 0


def test_csv_on_a_terminal_does_not_drive_it(tmp_path: Path) -> None:
    acts = tmp_path / "acts.jsonl"
    name = "\\u001b]0;owned\\u0007"
    acts.write_text(f'{{"account":"1","object":"p","kind":"LIKED","platform":"x","account_name":"{name}"}}\n')
    with gw.open(tmp_path / "s.gw", create=True) as project:
        project.load(acts)
    with in_terminal(tmp_path / "s.gw") as (ours, shell):
        os.write(ours, b"\\form csv\rMATCH (a:Account) RETURN a.name;\r")
        seen = until(ours, "1 rows.")
        os.write(ours, b"\\q\r")
        assert shell.wait(timeout=120) == 0
    assert name in seen
    assert "\x1b]0;owned" not in seen


@contextmanager
def in_terminal(store: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A shell at its prompt, with our end of its terminal."""
    ours, theirs = pty.openpty()
    program = "from graphwatch.cli import main; main()"
    # A test run in the background ignores Ctrl-C, and hands that on.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    shell = subprocess.Popen(
        [sys.executable, "-c", program, "shell", "--store", str(store)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
        close_fds=True,
    )
    signal.signal(signal.SIGINT, before)
    os.close(theirs)
    try:
        assert "gw>" in until(ours, "gw>")
        yield ours, shell
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def until(terminal: int, sign: str, seconds: float = 60) -> str:
    seen, end = "", time.monotonic() + seconds
    while sign not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            seen += os.read(terminal, 4096).decode(errors="replace")
            if "\x1b[6n" in seen:  # prompt_toolkit asks where the cursor is
                os.write(terminal, b"\x1b[1;1R")
                seen = seen.replace("\x1b[6n", "")
    return seen
