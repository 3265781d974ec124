import shutil
from collections.abc import Callable
from pathlib import Path

from command_outcome import Outcome

Run = Callable[..., Outcome]


def test_info_verify_and_rebuild(run: Run, demo_store: Path, tmp_path: Path) -> None:
    store = shutil.copytree(demo_store, tmp_path / "s.gw")
    assert "journal: 11 entries applied" in run("store", "info", "--store", store).out
    assert run("store", "verify", "--store", store).status == 0
    assert "11 journal entries" in run("store", "rebuild", "--store", store).err
    assert run("store", "verify", "--store", store).status == 0


def test_a_damaged_journal_fails_verification(run: Run, demo_store: Path, tmp_path: Path) -> None:
    store = shutil.copytree(demo_store, tmp_path / "s.gw")
    part = next((store / "journal").glob("*/*LIKED*.parquet"))
    part.write_bytes(part.read_bytes()[:-1])
    outcome = run("store", "verify", "--store", store)
    assert outcome.status == 1
    assert part.name in outcome.err


def test_a_store_is_copied(run: Run, demo_store: Path, tmp_path: Path) -> None:
    outcome = run("store", "copy", demo_store, tmp_path / "copy.gw")
    assert outcome.status == 0
    assert "same digest" in outcome.err
