"""`graphwatch metrics` as a person types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from graphwatch.cli.main import graphwatch, main


def run(*words: str) -> tuple[str, str]:
    outcome = CliRunner().invoke(graphwatch, ["metrics", *words], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout, outcome.stderr


def test_a_table_and_what_the_network_is_like(demo_store: Path) -> None:
    out, said = run("--store", str(demo_store), "--top", "5", "--csv")
    lines = out.splitlines()
    assert lines[0] == "account,handle,degree,strength,pagerank,betweenness,core"
    assert len(lines) == 6
    assert "bridges" in said
    assert "says nothing about why" in said


def test_a_drawing_that_is_wellformed(demo_store: Path, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    file = tmp_path / "degree.svg"
    run("--store", str(demo_store), "-m", "degree", "--projection", "posts", "--plot", str(file))
    assert ElementTree.parse(file).getroot().tag.endswith("svg")


def test_an_estimate_has_its_error_beside_it(demo_store: Path) -> None:
    out, said = run(
        "--store", str(demo_store), "-m", "betweenness", "--projection", "posts", "--samples", "50", "--csv"
    )
    assert out.splitlines()[0] == "account,handle,betweenness,betweenness_error"
    assert "estimated from 50 nodes" in said


def test_comparing(demo_store: Path) -> None:
    out, said = run("compare", "latest", "latest", "--store", str(demo_store), "--csv")
    assert out.splitlines()[0] == "account,handle,before,after,change"
    assert "The strength of 0 of 42 accounts differs." in said


@pytest.mark.parametrize(
    ("option", "value"), [("--plot", "degree.png"), ("--plot", "none/degree.svg"), ("--top", "-1")]
)
def test_wrong_use(demo_store: Path, tmp_path: Path, option: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main_status("metrics", "--store", str(demo_store), option, value) == 2
    assert not list(tmp_path.iterdir())


def main_status(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(list(words))
    return int(stopped.value.code or 0)


@pytest.mark.parametrize("projection", ["coordination", "posts", "pages"])
def test_every_projection(demo_store: Path, projection: str) -> None:
    out, _ = run("--store", str(demo_store), "--projection", projection, "-m", "closeness", "--csv")
    assert out.count("\n") > 2
