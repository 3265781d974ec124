import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

import graphwatch

Run = Callable[..., Outcome]
ACCOUNTS = "MATCH (a:Account) RETURN a.id AS id ORDER BY id"


@pytest.fixture
def ask(run: Run, demo_store: Path) -> Run:
    return lambda *words: run("query", *words, "--store", demo_store)


def test_a_named_query_answers_in_csv_when_piped(ask: Run) -> None:
    outcome = ask("clusters")
    assert outcome.status == 0
    assert outcome.out.splitlines()[0].startswith("cluster,size,pairs,density")
    assert "graphwatch export" in outcome.err


def test_cypher_answers_with_its_parameters(ask: Run) -> None:
    cypher = "MATCH (p:Paslon) WHERE p.number = $n RETURN p.name AS name"
    rows = json.loads(ask(cypher, "-p", "n:integer", 1, "--json").out)
    assert len(rows) == 1


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "jsonl", "markdown"])
def test_every_form_shows_the_answer(ask: Run, form: str) -> None:
    assert "Paslon" in ask("RETURN 'Paslon' AS word", f"--{form}").out


def test_a_cut_answer_says_so(ask: Run) -> None:
    outcome = ask(ACCOUNTS, "--limit", 5)
    assert len(outcome.out.splitlines()) == 6
    assert "only the first 5 rows" in outcome.err
    assert "only the first" not in ask(ACCOUNTS).err


def test_files_and_standard_input_are_read(ask: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.cypher"
    file.write_text("// all of them\n" + ACCOUNTS, encoding="utf-8")
    expected = ask(ACCOUNTS).out
    assert ask("--file", file).out == expected
    monkeypatch.setattr("sys.stdin", io.StringIO(ACCOUNTS))
    assert ask("-").out == expected


def test_a_query_that_would_write_is_refused_and_nothing_is_sent(ask: Run, demo_store: Path) -> None:
    outcome = ask("MATCH (a:Account) DETACH DELETE a")
    assert outcome.status == 1
    assert "line 1, column 19" in outcome.err
    with graphwatch.open(demo_store) as project:
        assert project.info().counts["Account"] > 100


def test_a_query_that_names_what_the_model_does_not_have_says_so(ask: Run) -> None:
    outcome = ask("MATCH (a:Account) RETURN count(a.handel) AS n")
    assert "Take care, line 1, column 32: the model has no property 'handel'; did you mean 'handle'?" in outcome.err
    assert outcome.out.split() == ["n", "0"]
    assert "Take care" not in ask("clusters").err


def test_what_the_engine_means_otherwise_is_answered_as_by_a_server(ask: Run) -> None:
    query = "MATCH (a:Account) WITH a ORDER BY a.id LIMIT 2 RETURN log(count(a)) AS n, substring('abc', 1) AS t"
    assert ask(query).out.split() == ["n,t", "0.6931471805599453,bc"]
    assert "Computed by graphwatch" in ask(query, "--explain").out


def test_an_explanation_is_text_and_takes_no_form(ask: Run) -> None:
    outcome = ask("clusters", "--explain", "--json")
    assert (outcome.status, outcome.out) == (2, "")


def test_a_text_can_be_sent_as_it_is_written(ask: Run) -> None:
    text = "MATCH (a:Account) RETURN count(a) AS n"
    plain, written = ask(text, "--csv"), ask(text, "--csv", "--as-written")
    assert written.out == plain.out
    assert "as it is written" in written.err
    assert "as it is written" not in plain.err


def test_a_parameter_takes_its_type_from_where_it_stands(ask: Run) -> None:
    query = "MATCH (c:Cluster) WHERE c.size >= $least RETURN count(*) AS n LIMIT $most"
    assert int(ask(query, "-p", "least", "1", "-p", "most", "5").out.split()[1]) > 0
    wrong = ask(query, "-p", "least", "many", "-p", "most", "5")
    assert wrong.status == 2
    assert "'least' must be a whole number" in wrong.err


@pytest.mark.parametrize(
    "words",
    [
        ("-p", "least=1", "-p", "most=5"),
        ("--param=least=1", "-pmost=5"),
        ("-p", "least:integer=1", "-p", "most", "5"),
    ],
)
def test_a_parameter_is_written_in_one_word_or_two(ask: Run, words: tuple[str, ...]) -> None:
    query = "MATCH (c:Cluster) WHERE c.size >= $least RETURN count(*) AS n LIMIT $most"
    usual = ask(query, "-p", "least", "1", "-p", "most", "5", "--csv")
    given = ask(*words, query, "--csv")
    assert (given.status, given.out) == (0, usual.out)


def test_a_value_may_hold_equals_signs_spaces_and_nothing(ask: Run) -> None:
    assert ask("RETURN $a AS a, $b AS b", "--csv", "-p", "a=x = y", "-p", "b=").out == "a,b\nx = y,\n"
    assert ask("RETURN $a AS a", "--csv", "-p", "a", "x=y").out == "a\nx=y\n"
    assert "-7" in ask("RETURN $a AS a", "--csv", "-p", "a", "-7").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("RETURN $a AS a", "-p", "a"), "-p NAME=VALUE"),
        (("RETURN $a AS a", "-p", "=7"), "-p NAME=VALUE"),
        (("RETURN $a AS a", "-p", "a", "--csv"), "-p NAME=VALUE"),
        (("RETURN $a AS a", "-p", "a b=7"), "-p NAME=VALUE"),
        (("RETURN $a AS a", "-p", "a=7", "-p", "a=8"), "given twice"),
        (("co-interaction",), "co-interactions"),
        (("cluster-members",), "cluster"),
        (("cluster-members", "-p", "cluster", "one"), "whole number"),
        (("clusters", "-p", "clutser", "1"), "clutser"),
        (("MATCH (a:Account) WHERE a.id = $id RETURN a.id",), "id"),
        (("MATCH (a:Account RETURN a",), "line 1"),
        (("MATCH (a:Nowhere) RETURN a.id",), "Nowhere"),
        (("RETURN 1 AS one", "--timeout", 0), "above zero"),
    ],
)
def test_mistakes_say_what_to_mend(ask: Run, words: tuple[object, ...], said: str) -> None:
    outcome = ask(*words)
    assert outcome.status in (1, 2)
    assert said in outcome.err
    assert outcome.out == ""


def test_an_own_folder_of_queries_is_used(ask: Run, tmp_path: Path) -> None:
    (tmp_path / "halo.cypher").write_text(
        "// title: Halo\n// purpose: Says halo.\n// category: accounts\n// column: word: halo\n"
        "// innocent: none\n// example: graphwatch query halo\n\nRETURN 'halo' AS word\n",
        encoding="utf-8",
    )
    assert "halo" in ask("halo", "--folder", tmp_path).out
