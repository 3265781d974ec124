"""`graphwatch review` as a reviewer types it."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from graphwatch.cli.main import graphwatch
from graphwatch.errors import DecisionRefused, UsageError


@pytest.fixture(scope="module")
def store(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(shutil.copytree(demo_store, tmp_path_factory.mktemp("review") / "demo.gw"))


def run(store: str, *words: str) -> tuple[str, str]:
    outcome = CliRunner().invoke(graphwatch, ["review", *words, "--store", store], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout, outcome.stderr


def test_a_lead_from_the_list_to_a_decision(store: str) -> None:
    out, _ = run(store, "list", "--csv", "--status", "open")
    lead = out.splitlines()[1].split(",")[0]
    out, said = run(store, "show", lead)
    assert lead in out
    assert "Belum ada keputusan." in said
    run(store, "decide", lead, "--outcome", "dismissed", "--reviewer", "Sari", "--reason", "notifications on")
    out, _ = run(store, "show", lead, "--lang", "en")
    assert "Sari: dismissed, notifications on" in out
    out, _ = run(store, "show", lead)
    assert "Keputusan penelaah sejauh ini" in out
    assert "Sari: dikesampingkan, notifications on" in out
    assert " WIB  Sari" in out
    out, _ = run(store, "list", "--csv", "--status", "dismissed")
    assert lead in out


def test_forwarding_needs_a_clarification(store: str) -> None:
    forward = ("decide", "2", "--outcome", "forwarded", "--reviewer", "Sari", "--reason", "why", "--to", "BKD")
    with pytest.raises(DecisionRefused):
        run(store, *forward)
    _, said = run(store, *forward, "--clarification", "they did not answer")
    assert "forwarded, by Sari" in said


def test_by_agency(store: str) -> None:
    with pytest.raises(UsageError, match="every status"):
        run(store, "list", "--by", "agency", "--status", "open")
    out, _ = run(store, "list", "--by", "agency", "--csv")
    assert out.splitlines()[0].startswith("agency,name,leads,open")
