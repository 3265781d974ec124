"""What an office holds of an invented audience: roster and complaints."""

from collections import Counter
from datetime import date

import pytest

import graphwatch
from graphwatch.scenarios import names
from graphwatch.scenarios.pilkada import pilkada


@pytest.fixture(scope="module", params=[2024, 7])
def scenario(request):
    return pilkada(request.param)


def _accounts(scenario):
    return [row | {"id": f"{row['platform']}:{row['account']}"} for row in scenario.accounts_of_asn.to_pylist()]


def test_nips_are_well_formed_each_once_and_of_nobody_alive(scenario):
    persons = {row["nip"]: row for row in scenario.roster.to_pylist()}
    assert len(persons) == sum(office.persons for office in names.OFFICES) == 40
    for nip, row in persons.items():
        assert len(nip) == 18
        born = date.fromisoformat(f"{nip[:4]}-{nip[4:6]}-{nip[6:8]}")
        assert born.year < 1900
        assert (nip[12:14] == "21") == (row["kind"] == "pppk")
    assert Counter(row["kind"] for row in persons.values()).keys() == {"pns", "pppk"}


def test_names_are_invented_and_two_pairs_share_theirs(scenario):
    invented = {f"{g} {f}" for g in names.GIVEN_NAMES for f in names.FAMILY_NAMES}
    plain = {r["nip"]: r["name"].removeprefix("Dra. ").removesuffix(", S.E.") for r in scenario.roster.to_pylist()}
    assert set(plain.values()) <= invented
    assert sorted(Counter(plain.values()).values())[-3:] == [1, 2, 2]


def test_agencies_have_one_parent_among_them_and_somebody_moved(scenario):
    rows = scenario.roster.to_pylist()
    assert {(r["agency"], r["parent"]) for r in rows if r["parent"]} == {("upt-irigasi", "irigasi")}
    [(nip, times)] = Counter(r["nip"] for r in rows).most_common(1)
    first, second = (r for r in rows if r["nip"] == nip)
    assert times == 2
    assert first["agency"] != second["agency"]
    assert first["valid_to"] < second["valid_from"]


def test_every_link_is_of_a_person_on_the_roster_but_the_duty_account(scenario):
    persons = set(scenario.roster["nip"].to_pylist())
    accounts = _accounts(scenario)
    [duty] = [row for row in accounts if row["nip"] is None]
    assert duty["agency"] in {office.id for office in names.OFFICES}
    assert duty["id"] not in {row["id"] for row in accounts if row is not duty}
    assert {row["nip"] for row in accounts if row is not duty} < persons
    assert {row["basis"] for row in accounts if row is not duty} == {
        *("self-declared", "verified", "confirmed-by-superior")
    }


def test_what_is_rare_in_a_roster_comes_once(scenario):
    acting = {f"{r['platform']}:{r['account']}" for r in scenario.interactions.to_pylist()}
    handles = set(scenario.interactions["account_handle"].to_pylist())
    accounts = _accounts(scenario)
    native = [row for row in accounts if row["account"]]
    assert [row["handle"] in handles for row in accounts if row["handle"]] == [True]
    assert sum(row["valid_to"] is not None for row in accounts) == 1
    assert sorted(Counter(row["id"] for row in native).values())[-2:] == [1, 2]
    assert sum(row["id"] not in acting for row in native) == 1


def test_of_the_largest_planted_cluster_five_are_of_one_agency(scenario):
    agency = {row["nip"]: row["agency"] for row in scenario.roster.to_pylist()}
    owners = {row["id"]: row["nip"] for row in _accounts(scenario) if row["nip"]}
    largest = max(scenario.truth.values(), key=len)
    counts = Counter(agency[owners[member]] for member in largest if member in owners)
    assert counts == {
        "pasar": 5 if len(largest) > 5 else len(largest),
        **({"lemahgading": 1} if len(largest) > 5 else {}),
    }
    others = {member for cluster in scenario.truth.values() if cluster is not largest for member in cluster}
    assert not others & set(owners)


def test_an_election_without_clusters_has_a_roster_too():
    assert pilkada(groups=0).accounts_of_asn.num_rows == 23
    with pytest.raises(ValueError, match="too few accounts for a roster"):
        pilkada(accounts=20, groups=0)


@pytest.mark.parametrize("seed", [1, 2])
def test_each_says_what_it_was_made_for(tmp_path, seed):
    scenario = pilkada(seed, accounts=150, posts=300, groups=1)
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        for kind, path in scenario.write(tmp_path / "files").items():
            loaded = project.load(path, kind=kind)
            assert (loaded.refused, loaded.taken) == (0, scenario.tables[kind].num_rows)
        found = {row["complaint"]: row["seen"] for row in project.complaints().to_arrow().to_pylist()}
    assert found == {
        "ADU/01/2024": "confirmed",
        "ADU/02/2024": "confirmed",
        "ADU/03/2024": "not seen",
        "ADU/04/2024": "not observable",
        "ADU/05/2024": "cannot be checked",
    }


def test_one_carries_a_hostile_text_and_no_accused_is_named_so():
    rows = pilkada().complaints.to_pylist()
    assert any(names.HOSTILE_NAMES[1] in row["text"] for row in rows)
    assert not any(hostile in row["account"] for row in rows for hostile in names.HOSTILE_NAMES)
    assert all(row["complainant"].startswith("Pelapor ") for row in rows)
