"""Every shipped query on the embedded engine: declared columns, expected rows, complete runs only."""

import pytest

from graphwatch.model import elements
from graphwatch.queries import Library, bind, check_reading, silent_differences

EVE, LEAP = 1_727_024_399_000, 1_709_182_800_000
SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("x")'

LIBRARY = Library()
NAMES = LIBRARY.names()
GIVEN = {
    "account-interactions": {"account": FORMULA},
    "cluster-agencies": {"cluster": 1},
    "cluster-bursts": {"cluster": 1},
    "cluster-members": {"cluster": 1},
    "cluster-pages": {"cluster": 1},
    "cluster-pairs": {"cluster": 1},
    "cluster-posts": {"cluster": 1},
    "cluster-targets": {"cluster": 1},
    "pair-evidence": {"account_a": SCRIPT, "account_b": "x:2"},
    "post-interactions": {"post": "https://x.example/a//b"},
}
# Expected rows, as the columns that tell most.
EXPECTED = {
    "account-interactions": [
        {"interaction": "i2", "post_text": SCRIPT, "at_ms": EVE + 2_000, "sources": ["s1:i2"]},
        {"interaction": "i4", "kind": "SHARED", "at": f"at {LEAP + 1_000}"},
    ],
    "busiest-posts": [
        {"post": "x:a", "interactions": 3, "accounts": 3, "first_ms": EVE, "last_ms": EVE + 2_000},
        {"post": "x:b", "interactions": 2, "accounts": 2},
        {"post": "x:c", "interactions": 1, "published_ms": None},
    ],
    "cluster-agencies": [
        {"agency": "dinas", "name": SCRIPT, "members": 1, "size": 2, "expected": 0.5, "q": 0.2},
    ],
    "cluster-bursts": [
        {"post": "x:b", "together": 2, "members": 2, "size": 2, "first_ms": LEAP, "last_ms": LEAP + 1_000},
        {"post": "x:a", "together": 2, "published_ms": EVE - 60_000, "first_ms": EVE, "last_ms": EVE + 2_000},
    ],
    "cluster-evidence": [
        {"cluster": 1, "size": 2, "bursts": 2, "hours": ["0", "4"], "n_asn": 1, "top_agency": "dinas", "q_min": None},
    ],
    "cluster-members": [
        {"account": "x:1", "handle": SCRIPT, "entered": "core", "partners": 1},
        {"account": "x:2", "handle": FORMULA, "name": "\u202egnp.exe", "entered": "grown"},
    ],
    "cluster-pages": [
        {"page": "x:p", "paslon": "01", "number": 1, "posts": 1, "members": 2, "interactions": 2},
        {"page": "x:q", "paslon": None, "posts": 1, "members": 2, "interactions": 2},
    ],
    "cluster-pairs": [
        {"account_a": "x:1", "handle_a": SCRIPT, "account_b": "x:2", "n": 2, "coordinated": None},
    ],
    "cluster-posts": [
        {"post": "x:a", "members": 2, "interactions": 2, "first_ms": EVE, "last_ms": EVE + 2_000},
        {"post": "x:b", "members": 2, "interactions": 2, "first_ms": LEAP, "last_ms": LEAP + 1_000},
    ],
    "cluster-targets": [
        {"kind": "page", "target": "x:p", "name": "Maju", "interactions": 2, "share": 0.5, "expected": 0.25},
        {"kind": "page", "target": "x:q"},
        {"kind": "paslon", "target": "01", "name": "Satu dan Dua", "q": 0.04},
    ],
    "clusters": [{"cluster": 1, "size": 2, "density": 1.0}],
    "co-interactions": [
        {
            "account_a": "x:1",
            "handle_a": SCRIPT,
            "account_b": "x:2",
            "handle_b": FORMULA,
            "n": 2,
            "kinds": ["LIKED", "SHARED"],
            "coordinated": None,
        }
    ],
    "interactions-by-day": [
        {"year": 2024, "month": 2, "day": 29, "interactions": 2, "accounts": 2, "posts": 1},
        {"year": 2024, "month": 9, "day": 22, "interactions": 2, "accounts": 2, "posts": 2},
        {"year": 2024, "month": 9, "day": 23, "interactions": 1, "accounts": 1, "posts": 1},
    ],
    "interactions-by-hour": [
        {"hour": 0, "kind": "LIKED", "interactions": 1},
        {"hour": 12, "kind": "LIKED", "interactions": 1},
        {"hour": 12, "kind": "SHARED", "interactions": 1},
        {"hour": 23, "kind": "COMMENTED", "interactions": 1},
        {"hour": 23, "kind": "LIKED", "interactions": 1},
    ],
    "interactions-by-phase": [
        {"calendar": "c", "phase": "kampanye", "kind": "COMMENTED", "interactions": 1, "accounts": 1, "posts": 1},
        {"first_day": "2024-09-22", "kind": "LIKED", "interactions": 1, "accounts": 1, "posts": 1},
    ],
    "page-engagement": [
        {"page": "x:p", "paslon": "01", "kind": "LIKED", "posts": 1, "accounts": 3, "interactions": 3},
        {"page": "x:q", "paslon": None, "kind": "LIKED", "interactions": 1},
        {"page": "x:q", "kind": "SHARED", "interactions": 1},
    ],
    "pair-evidence": [
        {"post": "x:a", "account_a": "x:1", "account_b": "x:2", "gap_ms": 2_000, "sources_b": ["s1:i2"]},
        {"post": "x:b", "kind_a": "LIKED", "kind_b": "SHARED", "gap_ms": 1_000},
    ],
    "phases": [{"calendar": "c", "phase": "kampanye", "last_day": "2024-09-22", "note": None}],
    "post-interactions": [
        {"interaction": "i1", "account": "x:1"},
        {"interaction": "i2", "account": "x:2"},
        {"interaction": "i5", "account": "x:3", "at_ms": None},
    ],
    "runs": [{"run": "R-2", "status": "writing"}, {"run": "R-1", "status": "complete", "pairs": 1}],
    "sources": [{"source": "s1", "file": "likes.csv", "rows_taken": 6}],
    "untimed-interactions": [{"account": "x:3", "post": "x:a", "interaction": "i5", "handle": "__proto__"}],
}


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
    check_reading(cypher)
    assert silent_differences(cypher) == []
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
    head, body = query.split("WITH (i.at_ms", 1)
    days = "UNWIND $times AS at_ms WITH (at_ms" + body.replace("count(i.id)", "1").replace(
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
