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
