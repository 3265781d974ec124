"""Every shipped query on the embedded engine: declared columns, expected rows, complete runs only."""

import pytest
from queries.shipped_rows import EXPECTED, GIVEN

from graphwatch.model import elements
from graphwatch.queries import parse
from graphwatch.queries.binding import bind
from graphwatch.queries.library import Library
from graphwatch.queries.naming import warnings

LIBRARY = Library()
NAMES = LIBRARY.names()


def _bound(query, **more):
    given = GIVEN.get(query.name, {}) | more
    if any(p.name == "run" for p in query.parameters):
        given = {"run": "R-1"} | given
    return bind(query.parameters, given)


@pytest.mark.parametrize("name", NAMES)
def test_answers_with_declared_columns_and_expected_rows(name, run_on_embedded):
    query = LIBRARY.get(name)

    columns, rows = run_on_embedded(query.cypher, _bound(query))

    assert columns == [c.name for c in query.columns]
    assert [
        {key: row[key] for key in expected} for row, expected in zip(rows, EXPECTED[name], strict=True)
    ] == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_is_reading_and_portable(name):
    cypher = LIBRARY.get(name).cypher
    parse(cypher)
    assert warnings(parse(cypher)) == ()
    assert "ORDER BY" in cypher


@pytest.mark.parametrize("name", NAMES)
def test_parameter_run_is_latest_and_reads_complete_runs_only(name, run_on_embedded):
    query = LIBRARY.get(name)
    run = next((p for p in query.parameters if p.name == "run"), None)
    if run is None:
        assert "Cluster" not in query.cypher
        assert "CO_INTERACTED" not in query.cypher
        return
    assert run.default == "latest"
    assert run_on_embedded(query.cypher, _bound(query, run="R-2"))[1] == []


@pytest.mark.parametrize("name", [n for n in NAMES if any(p.name == "limit" for p in LIBRARY.get(n).parameters)])
def test_limit_limits(name, run_on_embedded):
    query = LIBRARY.get(name)
    rows = run_on_embedded(query.cypher, _bound(query, limit=1))[1]
    assert len(rows) == 1


def test_a_layer_is_one_kind_of_interaction_alone(run_on_embedded):
    def ask(name, layer):
        query = LIBRARY.get(name)
        return run_on_embedded(query.cypher, _bound(query, layer=layer))[1]

    [cluster] = ask("clusters", "LIKED")
    told = {key: cluster[key] for key in ("cluster", "size", "passed", "continues", "jaccard")}
    assert told == {
        "cluster": 1,
        "size": 3,
        "passed": "acted together and common interest",
        "continues": "R-2:1",
        "jaccard": 0.75,
    }
    assert [row["account"] for row in ask("cluster-members", "LIKED")] == ["x:3"]
    assert [row["page"] for row in ask("cluster-pages", "LIKED")] == ["x:p"]
    assert [row["post"] for row in ask("cluster-posts", "LIKED")] == ["x:a", "x:c"]
    assert ask("clusters", "SHARED") == []
    assert ask("undecided-clusters", "LIKED") == []  # a decision was made on this one
    assert ask("account-clusters", "LIKED") == ask("agency-clusters", "LIKED") == []
    assert [row["n"] for row in ask("account-partners", "SHARED")] == [3, 2, 1]


def test_which_test_a_pair_passed_is_said_in_words(run_on_embedded):
    query = LIBRARY.get("co-interactions")
    said = {
        layer: [row["passed"] for row in run_on_embedded(query.cypher, _bound(query, layer=layer))[1]]
        for layer in ("all", "LIKED", "SHARED")
    }
    assert said == {
        "all": [None],
        "LIKED": ["acted together and common interest"],
        "SHARED": ["acted together", "common interest", "neither"],
    }


def test_bursts_can_be_asked_to_have_more_members(run_on_embedded):
    query = LIBRARY.get("cluster-bursts")
    assert run_on_embedded(query.cypher, _bound(query, together=3))[1] == []


def test_pair_evidence_without_time_has_no_gap(run_on_embedded):
    query = LIBRARY.get("pair-evidence")
    rows = run_on_embedded(query.cypher, bind(query.parameters, {"account_a": "x:1", "account_b": "x:3"}))[1]
    assert [row["gap_ms"] for row in rows] == [None]


def test_days_are_civil_dates_in_wib(run_on_embedded):
    from datetime import UTC, datetime, timedelta, timezone

    query = LIBRARY.get("interactions-by-day").cypher
    head, body = query.split("THEN (i.at_ms", 1)
    days = "UNWIND $times AS at_ms WITH at_ms, CASE WHEN true THEN (at_ms" + body.replace("count(i.id)", "1").replace(
        "count(DISTINCT a.id)", "1"
    ).replace("count(DISTINCT o.id)", "at_ms")
    start = datetime(2004, 1, 1, tzinfo=UTC)
    times = [int((start + timedelta(days=7 * k, hours=k % 24)).timestamp() * 1000) for k in range(2_000)]
    wib = timezone(timedelta(hours=7))

    rows = run_on_embedded(days, {"times": times})[1]

    assert "at_ms IS NOT NULL" in head
    for row in rows:
        date = datetime.fromtimestamp(row["posts"] / 1000, wib)
        assert (row["year"], row["month"], row["day"]) == (date.year, date.month, date.day)
    assert len(rows) == 2_000


def test_names_only_what_the_model_declares():
    import re

    names = {e.name for e in elements()}
    for name in NAMES:
        used = re.findall(r"[\[(][a-z]?:([A-Za-z_|]+)", LIBRARY.get(name).cypher)
        assert {label for group in used for label in group.split("|")} <= names
