"""The synthetic Pilkada: one seed one election, planted clusters really together, nobody in it real."""

import csv
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from graphwatch.scenarios import names
from graphwatch.scenarios.pilkada import pilkada


@pytest.fixture(scope="module")
def scenario():
    return pilkada()


def _acts(scenario):
    """Times of each account on each object, of rows that have one."""
    acts: dict[str, dict[str, list[datetime]]] = defaultdict(dict)
    for row in scenario.interactions.to_pylist():
        if row["at"] is not None:
            at = datetime.fromisoformat(row["at"])
            account = f"{row['platform']}:{row['account']}"
            acts[row["object"]].setdefault(account, []).append(at)
    return acts


def test_one_seed_makes_one_election(scenario, tmp_path):
    again, other = pilkada(seed=2024), pilkada(seed=2025)
    assert all(table.equals(again.tables[kind]) for kind, table in scenario.tables.items())
    assert scenario.truth == again.truth
    assert not scenario.interactions.equals(other.interactions)
    first, second = scenario.write(tmp_path / "a"), again.write(tmp_path / "b")
    assert [p.read_bytes() for p in first.values()] == [p.read_bytes() for p in second.values()]


@pytest.mark.parametrize("seed", [2024, 1, 2])
def test_sizes(seed):
    made = pilkada(seed)
    table = made.interactions
    assert 20_000 <= table.num_rows <= 30_000
    assert len(table["account"].unique()) <= 600
    assert made.posts.num_rows == 480
    assert set(table["platform"].unique().to_pylist()) == {"x", "instagram"}
    assert set(table["kind"].unique().to_pylist()) == {"LIKED", "COMMENTED", "SHARED"}
    assert 0 < table["at"].null_count < 0.05 * table.num_rows
    assert [5 <= len(members) <= 12 for members in made.truth.values()] == [True] * 5


def test_planted_accounts_act_together_within_the_spread(scenario):
    acts = _acts(scenario)
    published = {r["post"]: datetime.fromisoformat(r["at"]) for r in scenario.posts.to_pylist()}
    for members in scenario.truth.values():
        together = []
        for post, by_account in acts.items():
            times = sorted(by_account[m][0] for m in members if m in by_account)
            # The planted acts are the only ones of the members where at least half of them are there at once.
            if len(times) >= max(2, len(members) / 3) and times[-1] - times[0] <= timedelta(seconds=30):
                together.append(len(times))
                assert times[0] - published[post] >= timedelta(hours=6)
        assert 5 <= len(together) <= 15
        assert 0.5 <= sum(together) / len(together) / len(members) <= 0.95


def test_members_are_in_one_cluster_and_not_among_the_hostile(scenario):
    members = [m for cluster in scenario.truth.values() for m in cluster]
    assert len(members) == len(set(members))
    rows = scenario.interactions.to_pylist()
    accounts = {f"{r['platform']}:{r['account']}": r["account_name"] for r in rows}
    assert not {accounts[m] for m in members} & set(names.HOSTILE_NAMES)


def test_planting_leaves_the_audience_as_it_is():
    with_five, without = pilkada(groups=5), pilkada(groups=0)
    assert without.truth == {}
    planted = {m.split(":")[1] for cluster in with_five.truth.values() for m in cluster}
    columns = ("account", "object", "kind", "at")

    def others(scenario):
        rows = scenario.interactions.select(columns).to_pylist()
        return {tuple(r.values()) for r in rows if r["account"] not in planted}

    assert others(with_five) == others(without)


def test_the_audience_has_quick_fans_slow_readers_and_a_night(scenario):
    published = {r["post"]: datetime.fromisoformat(r["at"]) for r in scenario.posts.to_pylist()}
    times = [(r["object"], r["at"]) for r in scenario.interactions.to_pylist() if r["at"] is not None]
    delays = [datetime.fromisoformat(at) - published[post] for post, at in times]
    assert min(delays) > timedelta(0)
    quick = sum(d < timedelta(minutes=10) for d in delays) / len(delays)
    slow = sum(d > timedelta(hours=1) for d in delays) / len(delays)
    night = sum(datetime.fromisoformat(at).hour < 5 for _, at in times) / len(times)
    assert 0.1 < quick < 0.5
    assert slow > 0.4
    assert night < 0.02
    assert all(at.endswith("+07:00") for _, at in times)


def test_everyone_is_invented(scenario):
    people = set(scenario.interactions["account_name"].to_pylist())
    invented = {f"{g} {f}" for g in names.GIVEN_NAMES for f in names.FAMILY_NAMES} | set(names.HOSTILE_NAMES)
    assert people <= invented
    assert set(scenario.paslon["name"].to_pylist()) == {p.name for p in names.PAIRS}
    for pair in names.PAIRS:
        for half in pair.name.split(" – "):
            assert half in invented
    assert set(scenario.paslon["region"].to_pylist()) == {names.REGION}
    for url in scenario.posts["url"].to_pylist() + scenario.pages["url"].to_pylist():
        assert url.split("/")[2].endswith(".example")


def test_ordinary_accounts_carry_hostile_names(scenario):
    people = set(scenario.interactions["account_name"].to_pylist())
    handles = set(scenario.interactions["account_handle"].to_pylist())
    assert people >= set(names.HOSTILE_NAMES)
    assert "<script>alert(1)</script>" in handles


def test_rows_refer_to_each_other(scenario):
    posts = {r["post"]: r for r in scenario.posts.to_pylist()}
    pages = {r["page"]: r for r in scenario.pages.to_pylist()}
    pairs = set(scenario.paslon["paslon"].to_pylist())
    for row in scenario.interactions.to_pylist():
        post = posts[row["object"]]
        assert (post["page"], post["platform"]) == (row["page"], row["platform"])
        assert (row["content_id"] is None) == (row["kind"] == "LIKED")
    assert {p["page"] for p in posts.values()} <= set(pages)
    assert {p["paslon"] for p in pages.values()} <= pairs | {None}


def test_files_hold_the_tables(scenario, tmp_path):
    files = scenario.write(tmp_path / "new" / "folder")
    assert list(files) == ["paslon", "pages", "posts", "interactions", "roster", "accounts-of-asn", "complaints"]
    for kind, path in files.items():
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        table = scenario.tables[kind]
        assert list(rows[0]) == table.column_names
        assert len(rows) == table.num_rows
        if kind == "interactions":
            assert {r["account_name"] for r in rows} >= set(names.HOSTILE_NAMES)
            assert sum(r["at"] == "" for r in rows) == table["at"].null_count


def test_other_sizes():
    small = pilkada(accounts=100, posts=150, days=10, groups=1, spread=5)
    assert len(small.truth) == 1
    with pytest.raises(ValueError, match="too few accounts"):
        pilkada(accounts=50, groups=20)
