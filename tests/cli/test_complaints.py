import pytest
from complaint_files import CONTACT, NAME, filled, sheet

import graphwatch


@pytest.fixture
def store(tmp_path, run):
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        filled(project, tmp_path)
    rows = [
        {"number": "1", "account": "tidak_ada", "text": "x", "known_since": "1 September 2024"},
        {"number": "2", "account": "https://instagram.com/budi.s", "kind": "suka", "post": "1001"},
    ]
    done = run("load", sheet(tmp_path / "aduan.csv", rows), "--as", "complaints", "--store", tmp_path / "s.gw")
    assert done.status == 0
    assert "the accused account is not in the data, so nothing is linked: 1" in done.err
    assert NAME not in done.err
    return tmp_path / "s.gw"


def test_the_list_its_deadlines_and_a_status(run, store):
    done = run("complaints", "--store", store, "--fail-on-findings")
    assert done.status == 1
    assert "2 complaints, 1 past their deadline." in done.err
    assert "The deadline of 1 of them is not known." in done.err
    assert "confirmed" in done.out
    assert run("complaints", "set", "1", "--status", "closed", "--store", store).status == 0
    assert run("complaints", "--overdue", "--store", store).out.count("\n") == 1
    assert run("complaints", "--status", "closed", "--json", "--store", store).out.count('"complaint"') == 1
    assert run("complaints", "set", "9", "--status", "closed", "--store", store).status == 1


def test_no_deadline_known_is_not_none_past(run, store):
    only = run("complaints", "--status", "new", "--store", store, "--lang", "id")
    assert "melewati tenggat" in only.err
    run("complaints", "set", "1", "--status", "closed", "--store", store)
    rest = run("complaints", "--status", "new", "--store", store)
    assert "1 complaints; no deadline of any is known." in rest.err


def test_who_complained_is_told_with_a_reason_only(run, store):
    assert run("complaints", "complainant", "1", "--store", store).status == 2
    assert run("complaints", "complainant", "1", "--reason", "r", "--store", store).out == f"{NAME}  {CONTACT}\n"
