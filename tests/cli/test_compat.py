import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

from command_outcome import Outcome

Run = Callable[..., Outcome]


def test_the_peers_tables_come_out_as_they_were_recorded(run: Run, shared_data: Path, tmp_path: Path) -> None:
    at = ("--store", tmp_path / "s.gw")
    run("load", shared_data / "russian_coord_tweets.csv.gz", "--preset", "coortweet", *at)
    for tool, words, file in (
        ("coortweet", ("--window", 10, "--table", "pairs"), "coortweet/russian_tw10_mp2_pairs.csv.gz"),
        ("toolkit", ("--window", 10), "toolkit/russian_tw10_mw1_edges.csv.gz"),
    ):
        outcome = run("detect", "--compat", tool, *words, *at)
        recorded = gzip.decompress((shared_data / file).read_bytes()).decode("utf-8")
        assert outcome.status == 0
        ours, theirs = (list(csv.reader(io.StringIO(text))) for text in (outcome.out, recorded))
        assert ours[0] == theirs[0]
        assert len(ours) == len(theirs)


def test_a_table_that_a_tool_does_not_have_is_wrong_use(run: Run, demo_store: Path) -> None:
    assert run("detect", "--compat", "toolkit", "--table", "pairs", "--store", demo_store).status == 2


def test_ids_are_as_in_the_data_unless_they_are_for_spreadsheets(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "object_id,account_id,content_id,timestamp_share\n-v0,@h0,-c0,1728349200\n-v1,@h0,-c1,1728352800\n"
        "-v0,@h1,-c2,1728349201\n-v1,@h1,-c3,1728352801\n"
    )
    at = ("--store", tmp_path / "s.gw")
    run("load", tmp_path / "t.csv", "--preset", "coortweet", *at)
    plain = run("detect", "--compat", "coortweet", "--window", 10, *at).out
    assert plain.splitlines()[1].startswith("@h0,@h1,2,")
    assert ',"-v0,-v1",' in plain
    assert run("detect", "--compat", "toolkit", *at).out.splitlines()[2] == "@h0,@h1,2"
    marked = run("detect", "--compat", "coortweet", "--window", 10, "--for-spreadsheets", *at).out
    assert marked.splitlines()[1].startswith("'@h0,'@h1,2,")
    assert run("detect", "--for-spreadsheets", *at).status == 2
    numbers = run("query", "RETURN -5 AS i, -0.25 AS f, '-x' AS s", "--csv", *at).out
    assert numbers.splitlines()[1] == "-5,-0.25,'-x"
