"""What is stored about somebody is told whole, and nobody else is named by it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forgetting_store import ALIKE, GONE, NIP, OTHER_NIP, act, fill, write
from graph_rows import lose_bursts

from graphwatch.cli.main import main
from graphwatch.privacy.keys import project_key
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.project import Project


def test_accounts_of_others_are_pseudonyms(fill_project: Callable[[Any], Project], tmp_path: Path) -> None:
    project = fill_project(fill)
    follows = [(GONE, "x:3"), (ALIKE, GONE), (GONE, "x:9")]
    rows = [{**act(a, b[2:], 1), "kind": "follow", "object_type": "account"} for a, b in follows]
    rows.append({**act(GONE, "3", 2), "kind": "follow", "object_type": "page"})
    project.load(write(tmp_path / "follows.csv", rows))
    named = Pseudonyms(project_key(project.folder)).account

    told = project.about(account=GONE)
    assert {pair["account_a"] for pair in told["pairs"]} | {pair["account_b"] for pair in told["pairs"]} == {
        GONE,
        named("x:3"),
        named(ALIKE),
    }
    expected = {(GONE, "x:3"), (GONE, named("x:3")), (named(ALIKE), GONE), (GONE, named("x:9"))}  # x:3 is a page too
    assert {(row["account"], row["object"]) for row in told["follows"]} == expected
    assert f'"{ALIKE}"' not in json.dumps(told)
    assert len(told["interactions"]) == 6
    assert {row["id"] for row in told["accounts"]} == {GONE}

    open_ = project.about(account=GONE, unmask=True)
    assert {(row["account"], row["object"]) for row in open_["follows"]} == {*follows, (GONE, "x:3")}
    assert ALIKE in {value for pair in open_["pairs"] for value in (pair["account_a"], pair["account_b"])}
    assert [line["details"].get("unmasked", False) for line in project.access_log()] == [False, True]


def test_a_person_is_told_of_accounts_that_others_claim_too_and_of_nobody_elses(
    fill_project: Callable[[Any], Project],
) -> None:
    project = fill_project(fill)
    told = project.about(asn=NIP)
    assert told["claimed_by_others"] == ["x:3"]
    assert {row["account"] for row in told["links"]} == {GONE, "x:3"}
    assert {row["person"] for row in told["links"]} == {told["person"]["id"]}
    said = json.dumps(told)
    assert f'"{ALIKE}"' not in said
    assert OTHER_NIP not in said
    assert "Budi C" not in said


def test_the_bursts_that_an_account_acted_in_are_told_without_the_interactions_of_others(
    fill_project: Callable[[Any], Project],
) -> None:
    project = fill_project(fill)
    told = project.about(account=GONE)
    own = {row["id"]: row for row in told["interactions"]}
    assert [row["number"] for row in told["bursts"]] == [1, 2, 3, 4, 5, 6]
    for row in told["bursts"]:
        (act_,) = [own[id] for id in row["interactions"]]
        assert (row["account"], row["object"], row["members"]) == (GONE, act_["object"], 3)
        assert row["first_ms"] <= act_["at_ms"] <= row["last_ms"]
        assert row["cluster"] == told["clusters"][0]["cluster"]
    assert told["clusters_without_bursts"] == []
    assert project.about(account="x:5")["bursts"] == []


def test_a_cluster_of_which_no_burst_was_kept_is_named(
    fill_project: Callable[[Any], Project], capsys: pytest.CaptureFixture[str]
) -> None:
    project = fill_project(fill)
    lose_bursts(project)
    told = project.about(account=GONE)
    assert told["bursts"] == []
    assert told["clusters_without_bursts"] == [{"cluster": told["clusters"][0]["cluster"]}]
    if project.store.engine == "embedded":
        project.close()
        with pytest.raises(SystemExit):
            main(["store", "about", "--account", GONE, "--store", str(project.folder)])
        assert "`graphwatch detect` finds them again" in " ".join(capsys.readouterr().err.split())
