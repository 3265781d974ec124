"""`graphwatch trace` and `graphwatch neighbours` as a person types them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import graphwatch as gw
from graphwatch.cli.main import graphwatch
from graphwatch.errors import InputError, UsageError


@pytest.fixture(scope="module")
def ends(demo_store: Path) -> list[str]:
    with gw.open(demo_store) as desk:
        rows = desk.query("MATCH (a:Account) RETURN a.id AS id ORDER BY id LIMIT 41", to="arrow")
    return list(map(str, rows["id"].to_pylist()))


def run(*words: str) -> tuple[str, str]:
    outcome = CliRunner().invoke(graphwatch, list(words), catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout, outcome.stderr


def test_in_words(demo_store: Path, ends: list[str]) -> None:
    out, said = run("trace", ends[2], ends[40], "--store", str(demo_store), "--lang", "en", "--limit", "1")
    assert out.startswith("Path 1, ")
    assert "WIB (interactions.csv row " in out
    assert "not a collaboration" in said
    out, _ = run("trace", ends[2], ends[40], "--store", str(demo_store), "--limit", "1")
    assert out.startswith("Jalur 1, ")


def test_for_programs(demo_store: Path, ends: list[str]) -> None:
    out, _ = run("trace", ends[2], ends[40], "--store", str(demo_store), "--json")
    assert json.loads(out)["paths"][0][0]["ties"][0]["rows"]


def test_no_path_says_what_was_searched(demo_store: Path, ends: list[str]) -> None:
    out, _ = run("trace", ends[2], ends[40], "--store", str(demo_store), "--kind", "FOLLOWED", "--lang", "en")
    assert "No path of up to 6 hops" in out
    assert "FOLLOWED" in out


def test_ends_from_a_file(demo_store: Path, ends: list[str], tmp_path: Path) -> None:
    file = tmp_path / "ends.csv"
    file.write_text(f"{ends[2]},\n{ends[3]},\n,{ends[40]}\n")
    out, _ = run("trace", "--from-file", str(file), "--store", str(demo_store), "--json")
    assert [n["id"] for n in json.loads(out)["starts"]] == sorted(ends[2:4])


@pytest.mark.parametrize(("text", "error"), [("a,b,c\n", InputError), ("a,\n", UsageError)])
def test_a_file_that_does_not_name_two_sides(demo_store: Path, tmp_path: Path, text: str, error: type) -> None:
    file = tmp_path / "ends.csv"
    file.write_text(text)
    with pytest.raises(error):
        run("trace", "--from-file", str(file), "--store", str(demo_store))


def test_hostile_handles_cannot_move_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "likes.csv").write_text(
        'account,account_handle,object,kind,at\n1,"a\x1b[2Jb",p,like,2024-10-01T10:00:00Z\n2,c,p,like,2024-10-01T11:00:00Z\n'
    )
    with gw.open(tmp_path / "s.gw", create=True) as desk:
        desk.load(tmp_path / "likes.csv", constants={"platform": "x"})
    out, _ = run("trace", "x:1", "x:2", "--store", str(tmp_path / "s.gw"))
    assert "\x1b" not in out


def test_neighbours(demo_store: Path, ends: list[str]) -> None:
    out, said = run("neighbours", ends[2], "--max-nodes", "5", "--store", str(demo_store), "--csv")
    assert out.splitlines()[0] == "distance,label,id,called,ties"
    assert len(out.splitlines()) == 6
    assert "Left out" in said
