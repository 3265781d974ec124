import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graphwatch.errors import InputError
from graphwatch.ingest.mapping import mapping_for
from graphwatch.ingest.staging import stage

REAL = Path(__file__).parents[3] / "shared" / "data" / "russian_coord_tweets.csv.gz"


def test_importing_it_loads_nothing_heavy():
    code = "import sys, graphwatch.ingest.mapping; print({'pandas','duckdb','pyarrow','numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif(not REAL.exists(), reason="the real data set lies outside the project and is not here")
def test_the_real_file(stage_file):
    outcome = stage_file(REAL, preset="coortweet")
    assert (outcome.taken, outcome.refused) == (35_125, 0)
    assert len(outcome.tables["Account"]) == 9_509
    assert len(outcome.tables["Post"]) == 7_285
    shared = outcome.tables["SHARED"]
    assert len(shared) == len({row["id"] for row in shared}) == 35_124
    assert sum(len(row["sources"]) for row in shared) == 35_125
    assert outcome.platforms == ("x",)


def test_progress_ends_at_the_size_of_the_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("paslon\n" + "".join(f"{i}\n" for i in range(120_000)))
    seen: list[Any] = []
    with stage(
        path,
        mapping_for("paslon"),
        source="s",
        folder=tmp_path,
        quarantine=tmp_path / "q.csv",
        now_ms=0,
        progress=seen.append,
    ) as staged:
        assert staged.taken == 120_000
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1] == path.stat().st_size


def test_running_out_of_memory_is_told_without_a_library_error(stage_file, monkeypatch):
    from graphwatch.ingest import sql

    monkeypatch.setattr(sql, "_MEMORY", "1MB")
    rows = "".join(f"a{i},p{i},like,x,{'y' * 90}\n" for i in range(30_000))
    with pytest.raises(InputError, match="cannot be sorted"):
        stage_file("account,object,kind,platform,text\n" + rows)


@pytest.mark.parametrize("spoilt", ["folder", "quarantine"])
def test_a_place_that_cannot_be_written_is_told(tmp_path, spoilt):
    path = tmp_path / "a.csv"
    path.write_text("paslon,number\n01,1\n,2\n")
    places = {"folder": tmp_path, "quarantine": tmp_path / "q.csv"} | {spoilt: path / "below a file"}
    with pytest.raises(InputError, match="cannot be written"):
        stage(path, mapping_for("paslon"), source="s", now_ms=0, **places)


def test_rows_without_a_time_are_counted_where_a_time_would_say_who_acted_together(stage_file):
    acts = "account,object,kind,platform,waktu\n1,9,like,x,2024-10-01T08:00:07Z\n2,9,like,x,\n"
    [forgotten] = stage_file(acts).notes
    assert forgotten.startswith("2 rows have no time")
    assert "--map COLUMN=at" in forgotten
    [some] = stage_file(acts, columns={"waktu": "at"}).notes
    assert some.startswith("1 rows have no time")
    assert "--map" not in some
    assert stage_file(acts.removesuffix("2,9,like,x,\n"), columns={"waktu": "at"}).notes == []
    assert stage_file("post,platform\n9,x\n", "posts").notes == []
