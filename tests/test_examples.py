"""The examples run as they stand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import graphwatch

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]


def test_the_main_job_on_the_real_file(shared_data: Path, tmp_path: Path) -> None:
    command = tmp_path / "bin" / "graphwatch"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from graphwatch.cli import main; main()" "$@"\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    script = ["bash", str(ROOT / "examples" / "main_job.sh"), str(shared_data / "russian_coord_tweets.csv.gz")]
    done = subprocess.run(
        [*script, str(tmp_path)], env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    tested, counted = done.stderr.split("Run R-")[1:3]
    assert "32 pairs" in tested
    assert "0 of the pairs" in tested
    assert "No cluster" in tested
    assert "32 pairs" in counted
    assert "5 clusters" in counted
    assert (tmp_path / "shares.html").stat().st_size > 100_000
    with graphwatch.open(tmp_path / "shares.gw") as project:
        sizes = project.query("clusters").to_pandas()["size"].tolist()
    assert len(sizes) == 5
    assert sizes == sorted(sizes, reverse=True)


def test_the_demo_finds_what_was_planted_and_is_the_same_each_time(demo_folder: Path, tmp_path: Path) -> None:
    done = graphwatch.demo(tmp_path)
    assert [p.found == p.members for p in done.planted] == [True] * len(done.planted)
    assert done.bystanders == 0
    assert done.exported.path.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    with graphwatch.open(next(demo_folder.glob("*.gw"))) as project:
        assert project.detect().run == done.detected.run
    again = graphwatch.demo(tmp_path)
    assert again.detected.already
    assert again.rows == 0
