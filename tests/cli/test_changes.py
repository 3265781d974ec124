import json
import subprocess
import sys

import pytest
from complaint_files import filled
from roster_rows import belongs

import graphwatch


@pytest.fixture
def store(tmp_path):
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        filled(project, tmp_path)
        belongs(project, {"account": "instagram:11", "asn": "a"})
    return tmp_path / "s.gw"


def test_cron_gets_a_status_and_json(run, store):
    done = run("changes", "--since", "2020-01-01", "--json", "--fail-on-findings", "--store", store)
    assert done.status == 1
    assert [row["kind"] for row in json.loads(done.out)["interactions"]] == ["COMMENTED", "LIKED"]
    assert run("changes", "--since", "2100-01-01", "--fail-on-findings", "--store", store).status == 0


def test_people_get_a_table_of_a_phase(run, store):
    words = ["--phase", "kampanye", "--calendar", "pilkada-2024", "--from", "2024-10-04"]
    done = run("changes", "--since", "2020-01-01", *words, "--store", store)
    assert done.status == 0
    assert "Interactions of roster accounts: 1\n" in done.out
    assert "budi.s" in done.out
    assert "never a verdict" in done.err


def test_the_watchlist(run, store):
    assert run("watch", "add", "sari", "--platform", "x", "--reason", "r", "--store", store).status == 2
    assert "instagram:p1 is watched." in run("watch", "add", "paslon.satu", "--reason", "r", "--store", store).err
    assert "instagram:p1,page,paslon.satu" in run("watch", "list", "--store", store).out
    assert run("watch", "remove", "instagram:p1", "--store", store).status == 0
    assert run("watch", "list", "--store", store).out.count("\n") == 1


def test_what_cron_asks_every_hour_starts_without_the_heavy_modules(run, store):
    # What was loaded since is read by duckdb until the graph has taken it in.
    run("query", "MATCH (a:Account) RETURN count(a) AS n", "--store", store)
    code = (
        "import sys\nfrom graphwatch.cli.main import graphwatch\n"
        f"words = ['changes', '--since', '2020-01-01', '--json', '--store', {str(store)!r}]\n"
        "graphwatch(words, standalone_mode=False)\n"
        "print(sorted({'numba', 'scipy', 'networkx', 'duckdb'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "[]"
