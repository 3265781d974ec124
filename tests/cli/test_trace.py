"""`graphwatch trace` and `graphwatch neighbours` as a person types them."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from export.pages import data_of

import graphwatch as gw
from graphwatch.cli.main import graphwatch
from graphwatch.errors import InputError, UsageError
from graphwatch.privacy.keys import project_key
from graphwatch.privacy.pseudonyms import Pseudonyms


@pytest.fixture(scope="module")
def ends(demo_store: Path) -> list[str]:
    with gw.open(demo_store) as project:
        rows = project.query("MATCH (a:Account) RETURN a.id AS id ORDER BY id LIMIT 41").to_arrow()
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


def test_a_heading_is_no_end(demo_store: Path, ends: list[str], tmp_path: Path) -> None:
    file = tmp_path / "ends.csv"
    file.write_text(f"Start,end\n{ends[2]},{ends[40]}\n")
    out, _ = run("trace", "--from-file", str(file), "--store", str(demo_store), "--json")
    assert json.loads(out)["paths"]


def test_hostile_handles_cannot_move_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "likes.csv").write_text(
        'account,account_handle,object,kind,at\n1,"a\x1b[2Jb",p,like,2024-10-01T10:00:00Z\n2,c,p,like,2024-10-01T11:00:00Z\n'
    )
    with gw.open(tmp_path / "s.gw", create=True) as project:
        project.load(tmp_path / "likes.csv", constants={"platform": "x"})
    out, _ = run("trace", "x:1", "x:2", "--store", str(tmp_path / "s.gw"))
    assert "\x1b" not in out


def test_neighbours(demo_store: Path, ends: list[str]) -> None:
    out, said = run("neighbours", ends[2], "--max-nodes", "5", "--store", str(demo_store), "--csv")
    assert out.splitlines()[0] == "distance,label,id,called,ties"
    assert len(out.splitlines()) == 6
    assert "Left out" in said


def test_a_link_of_the_roster_has_its_validity_and_no_unknown_time(demo_store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "demo.gw"
    shutil.copytree(demo_store, copy)
    with gw.open(copy) as project:
        (tmp_path / "roster.csv").write_text("nip,name,agency\n199001012015031002,Ani Contoh,dinas-uji\n")
        account = "nip,platform,account,basis,valid_from\n199001012015031002,x,77,verified,2024-01-01\n"
        (tmp_path / "accounts.csv").write_text(account)
        project.load(tmp_path / "roster.csv", kind="roster")
        project.load(tmp_path / "accounts.csv", kind="accounts-of-asn")
    out, _ = run("trace", "x:77", "Agency:dinas-uji", "--store", str(copy), "--lang", "en")
    assert "since 2024-01-01" in out
    assert "time unknown" not in out


def test_the_paths_as_a_page_under_pseudonyms(demo_store: Path, ends: list[str], tmp_path: Path) -> None:
    file = tmp_path / "path.html"
    _, said = run("trace", ends[2], ends[40], "--store", str(demo_store), "--html", str(file))
    assert "under pseudonyms" in said
    hours = tmp_path / "hours.html"
    run("trace", ends[2], ends[40], "--store", str(demo_store), "--html", str(hours), "--minutes", "60")
    assert data_of(hours.read_text()) != data_of(file.read_text())
    with pytest.raises(UsageError, match="for the page of --html"):
        run("trace", ends[2], ends[40], "--store", str(demo_store), "--minutes", "60")
    with gw.open(demo_store) as project:
        traced = project.trace(ends[2], ends[40])
        nodes = {node.id: node for path in traced.paths for hop in path for node in (hop.start, hop.end)}
        pseudonyms = Pseudonyms(project_key(project.folder))
        page = project.view(traced=traced).html
    assert f"{len(nodes)} nodes" in said
    for text in (json.dumps(data_of(file.read_text())), json.dumps(data_of(page))):
        assert not [id for id in nodes if id in text]
        assert not [node.called for node in nodes.values() if node.label == "Account" and node.called in text]
        assert pseudonyms.account(ends[2]) in text


def test_a_page_with_handles_needs_a_reason_and_is_logged(demo_store: Path, ends: list[str], tmp_path: Path) -> None:
    copy = tmp_path / "demo.gw"
    shutil.copytree(demo_store, copy)
    words = "trace", ends[2], ends[40], "--store", str(copy)
    with pytest.raises(UsageError, match="only with a reason"):
        run(*words, "--html", str(tmp_path / "a.html"), "--unmask")
    with pytest.raises(UsageError, match="for the page of --html"):
        run(*words, "--unmask", "--reason", "klarifikasi")
    run(*words, "--html", str(tmp_path / "b.html"), "--unmask", "--reason", "klarifikasi")
    with gw.open(copy) as project:
        entry = project.access_log()[-1]
    assert (entry["reason"], entry["details"]["file"]) == ("klarifikasi", "b.html")
    run(*words, "--html", str(tmp_path / "c.html"), "--unmask", "names", "--reason", "klarifikasi")
    with gw.open(copy) as project:
        assert project.access_log()[-1]["details"]["opened"] == "names"


def test_no_page_where_there_is_no_path(demo_store: Path, ends: list[str], tmp_path: Path) -> None:
    file = tmp_path / "none.html"
    words = "--store", str(demo_store), "--kind", "FOLLOWED", "--html", str(file)
    _, said = run("trace", ends[2], ends[40], *words)
    assert "was not written" in said
    assert not file.exists()


def test_the_roster_is_withheld_from_a_page_and_the_page_says_so(demo_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "path.html"
    with gw.open(demo_store) as project:
        asked = (
            "MATCH (a:Account)-[:BELONGS_TO]->(p:Asn)-[:WORKS_AT]->(g:Agency) RETURN a.id AS a, p.id AS p, g.id AS g"
        )
        row = project.query(f"{asked} LIMIT 1").to_arrow().to_pylist()[0]
    words = "--kind", "BELONGS_TO", "--kind", "WORKS_AT", "--lang", "en", "--html", str(file)
    run("trace", row["a"], f"Agency:{row['g']}", "--store", str(demo_store), *words)
    assert "2 persons or agencies of the roster are withheld" in file.read_text()
    assert row["p"] not in json.dumps(data_of(file.read_text()))
