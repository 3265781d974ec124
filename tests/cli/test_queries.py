"""Listing, explaining, completing and checking named queries."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

from graphwatch.queries.catalogue import CATEGORIES
from graphwatch.queries.library import Library

Run = Callable[..., Outcome]

OWN = """\
// title: Own
// purpose: Counts accounts.
// category: own
// parameter: least: integer = 1 -- fewest
// column: n: accounts
// innocent: None.
// example: graphwatch query own

MATCH (a:Account) WITH count(a.id) AS n WHERE n >= $least RETURN n
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own.cypher").write_text(OWN, encoding="utf-8")
    return tmp_path


def names(out: str) -> list[str]:
    return [line.split()[0] for line in out.splitlines() if line.startswith("  ")]


def test_every_query_is_listed_once_under_its_category(run: Run) -> None:
    out = run("queries").out
    assert sorted(names(out)) == Library().names()
    heads = [line.rsplit("[", 1)[1].rstrip("]") for line in out.splitlines() if not line.startswith("  ")]
    assert heads == list(CATEGORIES)


def test_words_and_a_category_narrow_the_list(run: Run) -> None:
    assert names(run("queries", "gap", "pair", "--category", "coordination").out)[-1] == "pair-evidence"
    assert set(names(run("queries", "--category", "review").out)) >= {"decisions", "watchlist"}
    assert names(run("queries", "list", "check").out)
    nothing = run("queries", "nothing-of-that-name")
    assert (nothing.out, nothing.status) == ("", 0)
    assert "No query" in nothing.err
    unknown = run("queries", "--category", "revue")
    assert unknown.status == 2
    assert "review" in unknown.err


def test_what_queries_answer_is_said_in_indonesian_too(run: Run) -> None:
    listed = run("queries", "clusters", "--lang", "id").out
    assert "Koordinasi: pasangan dan klaster" in listed
    assert "Klaster yang ditemukan satu deteksi" in listed
    assert run("query", "clusters", "--explain", "--lang", "id").out.startswith("Klaster (clusters)\nKlaster yang")
    # Whoever searches in Indonesian finds them, too.
    assert "co-interactions" in run("queries", "serentak").out


def test_own_categories_come_last(run: Run, own: Path) -> None:
    lines = run("queries", "--folder", own).out.splitlines()
    assert lines[-2] == "Own [own]"
    assert lines[-1].split() == ["own", "Counts", "accounts."]


def test_a_query_explains_itself_without_a_store(run: Run, own: Path) -> None:
    outcome = run("query", "cluster-members", "--explain")
    query = Library().get("cluster-members")
    assert outcome.status == 0
    for part in (
        query.purpose,
        query.innocent,
        query.cypher.rstrip(),
        "cluster: integer, required",
        'default "latest"',
    ):
        assert part in outcome.out
    assert "Counts accounts." in run("query", "own", "--folder", own, "--explain").out
    adhoc = run("query", "MATCH (a:Account) WHERE log(2) > $x RETURN a.id", "--explain").out
    assert "Parameters: x" in adhoc
    sent = run("query", "MATCH (a:Account) WHERE log(2) > $x RETURN a.id", "--explain", "-p", "x", "1").out
    assert "Asked of an embedded engine: MATCH (v1:`Account`)" in sent
    assert "  log(2) > $x" in sent
    assert run("query", "cluster-member", "--explain").status == 1


def complete(*words: str) -> list[str]:
    environment = os.environ | {
        "_GRAPHWATCH_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    run = [sys.executable, "-c", "from graphwatch.cli import main; main()"]
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
    assert not done.stderr
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("query", "cluster-mem"), ["cluster-members"]),
        (("query", "cluster-members", "-p", ""), ["cluster", "layer", "run"]),
        (("query", "cluster-members", "-p", "l"), ["layer"]),
        (("query", "cluster-members", "-p", "layer", "L"), ["LIKED"]),
        (("query", "cluster-members", "-p", "cluster", "1", "-p", "r"), ["run"]),
        (("query", "no-query", "-p", ""), []),
        (("queries", "--category", "re"), ["review"]),
    ],
)
def test_a_shell_is_offered_names_parameters_and_values(words: tuple[str, ...], offered: list[str]) -> None:
    assert complete("graphwatch", *words) == offered


def test_a_shell_is_offered_own_queries(own: Path) -> None:
    assert complete("graphwatch", "query", "--folder", str(own), "ow") == ["own"]


def test_a_good_folder_is_good(run: Run, own: Path) -> None:
    outcome = run("queries", "check", own)
    assert (outcome.status, outcome.out) == (0, "")
    assert "1 queries are valid" in outcome.err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("own", OWN.replace("category", "catgory"), "unknown key 'catgory'"),
        ("own", OWN.replace(">= $least", ">= 1"), "declared and not used"),
        ("own", OWN.replace("$least", "$most"), "used and not declared"),
        ("own", OWN.replace("column: n", "column: m"), "it returns n, and declares m"),
        ("own", OWN.replace("Account", "Acount"), "Acount"),
        ("own", OWN.replace("RETURN n", "CREATE (b) RETURN n"), "CREATE"),
        ("Own", OWN, "not a name"),
        ("clusters", OWN, "taken by a shipped query"),
        ("own.neo4j", OWN, "does not stand beside it"),
        ("own", "// title: " + chr(0x202E) + "x", "lacks"),
    ],
)
def test_a_mistake_is_found_in_its_file(run: Run, tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / f"{name}.cypher").write_text(text, encoding="utf-8")
    outcome = run("queries", "check", tmp_path)
    assert outcome.status == 1
    assert f"{name}.cypher" in outcome.out
    assert said in outcome.out
    assert "Traceback" not in outcome.err


def test_a_property_that_the_model_does_not_have_is_a_warning(run: Run, tmp_path: Path) -> None:
    text = OWN.replace("RETURN n", "MATCH (b:Account) WHERE b.handel IS NULL RETURN n")
    (tmp_path / "own.cypher").write_text(text, encoding="utf-8")
    outcome = run("queries", "check", tmp_path)
    assert outcome.status == 0
    assert "own.cypher: warning: " in outcome.out


def test_no_folder_and_an_empty_one_are_said(run: Run, tmp_path: Path) -> None:
    assert "no query" in run("queries", "check", tmp_path).err
    assert "no folder" in run("queries", "check", tmp_path / "none").err


def test_the_examples_of_the_help_are_lines(run: Run) -> None:
    shown = run("queries", "--help").out
    assert "\\b" not in shown
    assert "\n  graphwatch queries --category agencies\n" in shown
