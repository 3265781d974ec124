"""What is said of agencies equals what brute force says, and nothing is said of fewer than five."""

import random
from collections import defaultdict
from typing import Any

import pytest
from queries.conftest import graph_of

from graphwatch.queries.library import Library

HOUR = 3_600_000
FEWEST = 5


def world(seed: int) -> tuple[dict[str, Any], dict[Any, Any]]:
    """Three agencies whose staff like posts of two paslon; links and employment begin and end."""
    chance = random.Random(seed)
    persons = [f"n{i}" for i in range(24)]
    accounts = [f"x:{i}" for i in range(30)]
    posts = [f"x:p{i}" for i in range(6)]
    within = lambda: chance.choice([(None, None), (None, 60 * HOUR), (12 * HOUR, None), (6 * HOUR, 66 * HOUR)])  # noqa: E731

    def row(id: int, start: str, end: str) -> dict[str, Any]:
        from_ms, to_ms = within()
        return {"id": str(id), "from": start, "to": end, "from_ms": from_ms, "to_ms": to_ms}

    likes = []
    for i in range(400):
        at_ms = chance.choice([None, *(h * HOUR for h in range(72))])
        ends = {"from": chance.choice(accounts), "to": chance.choice(posts)}
        likes.append({"id": f"i{i}", "kind": "LIKED", "at_ms": at_ms, **ends})
    nodes = {
        "Account": [{"id": a} for a in accounts],
        "Asn": [{"id": n} for n in persons],
        "Agency": [{"id": g} for g in ("big", "mid", "small")],
        "Page": [{"id": "x:P1"}, {"id": "x:P2"}],
        "Paslon": [{"id": "01", "number": 1}, {"id": "02", "number": 2}],
        "Post": [{"id": p} for p in posts],
        "Phase": [
            {"id": "c:a", "calendar": "c", "name": "a", "from_ms": 0, "to_ms": 30 * HOUR},
            {"id": "c:b", "calendar": "c", "name": "b", "from_ms": 24 * HOUR, "to_ms": 72 * HOUR},
        ],
    }
    relations = {
        ("LIKED", "Account", "Post"): likes,
        ("PUBLISHED", "Page", "Post"): [{"id": p, "from": f"x:P{1 + i % 2}", "to": p} for i, p in enumerate(posts)],
        ("SUPPORTS", "Page", "Paslon"): [{"id": k, "from": f"x:P{k}", "to": f"0{k}"} for k in "12"],
        ("BELONGS_TO", "Account", "Asn"): [row(i, a, chance.choice(persons)) for i, a in enumerate(accounts)],
        ("WORKS_AT", "Asn", "Agency"): [
            row(i, n, chance.choices(("big", "mid", "small"), (12, 6, seed % 3))[0]) for i, n in enumerate(persons)
        ],
    }
    return nodes, relations


def covers(row: dict[str, Any], at_ms: int | None) -> bool:
    if at_ms is None:  # nobody knows when it was, so it may have been then
        return True
    return (row["from_ms"] is None or at_ms >= row["from_ms"]) and (row["to_ms"] is None or at_ms < row["to_ms"])


def acts(relations: dict[Any, Any], *, employed: bool) -> list[tuple[str, str, str, str, int | None, str]]:
    """Agency, person, account, paslon, time and id of every interaction while its links were in force."""
    paslon = {r["to"]: r["from"].replace("x:P", "0") for r in relations["PUBLISHED", "Page", "Post"]}
    found = []
    for like in relations["LIKED", "Account", "Post"]:
        for link in relations["BELONGS_TO", "Account", "Asn"]:
            if link["from"] != like["from"] or not covers(link, like["at_ms"]):
                continue
            for work in relations["WORKS_AT", "Asn", "Agency"]:
                if work["from"] == link["to"] and (not employed or covers(work, like["at_ms"])):
                    where = (work["to"], link["to"], like["from"], paslon[like["to"]])
                    found.append((*where, like["at_ms"], like["id"]))
    return found


def untimed(cells: dict[Any, list[Any]]) -> dict[Any, int]:
    """By group and cell, how many acts have no time."""
    return {key: len({act[5] for act in found if act[4] is None}) for key, found in cells.items()}


def counted(cells: dict[Any, list[Any]]) -> dict[Any, tuple[int, ...]]:
    return {key: tuple(len({act[part] for act in found}) for part in (1, 2, 5)) for key, found in cells.items()}


def expected(cells: dict[tuple[Any, Any], list[Any]]) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    """Numbers by group and cell; one cell of a group below five leaves the group a single row without any."""
    numbers = counted(cells)
    hidden = {group for (group, _), (persons, accounts, _) in numbers.items() if min(persons, accounts) < FEWEST}
    shown = {key: (*n, False) for key, n in numbers.items() if key[0] not in hidden}
    return shown | {(group, None): (None, None, None, True) for group in hidden}


def answered(rows: list[dict[str, Any]], group: str | None, cell: str) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    told = ("persons", "accounts", "interactions", "suppressed")
    answer = {(row[group] if group else "", row[cell]): tuple(row[t] for t in told) for row in rows}
    assert len(answer) == len(rows)
    return answer


@pytest.mark.parametrize("seed", range(6))
def test_numbers_are_those_of_brute_force(seed: int) -> None:
    nodes, relations = world(seed)
    by_paslon, by_phase, by_hour = defaultdict(list), defaultdict(list), defaultdict(list)
    for act in acts(relations, employed=True):
        by_paslon[act[0], act[3]].append(act)
        for phase in nodes["Phase"]:
            if act[4] is not None and phase["from_ms"] <= act[4] < phase["to_ms"]:
                by_phase[act[0], phase["name"]].append(act)
    for act in acts(relations, employed=False):
        if act[4] is not None:
            by_hour["", (act[4] // HOUR + 7) % 24 // 6 * 6].append(act)
    library = Library()
    with graph_of(nodes, relations) as run:
        engagement, phases, hours = (
            run(library.get(name).cypher)[1] for name in ("agency-engagement", "agency-phases", "roster-by-hour")
        )
    assert answered(engagement, "agency", "paslon") == expected(by_paslon)
    # What is shown of acts without a time is theirs, and nothing is where the cell is not shown.
    told = {(row["agency"], row["paslon"]): row["untimed"] for row in engagement}
    without = untimed(by_paslon)
    assert told == {key: without.get(key) if key[1] else None for key in told}
    assert answered(phases, "agency", "phase") == expected(by_phase)
    assert answered(hours, None, "first_hour") == expected(by_hour)


def test_both_cases_occur() -> None:
    """The oracle is no use where everything is suppressed, or nothing."""
    seen = set()
    for seed in range(6):
        nodes, relations = world(seed)
        with graph_of(nodes, relations) as run:
            seen |= {row["suppressed"] for row in run(Library().get("agency-engagement").cypher)[1]}
    assert seen == {True, False}


@pytest.mark.parametrize("name", [q.name for q in Library().all()])
def test_no_query_ranks_persons(name: str) -> None:
    """Where the roster meets pages, rows are single interactions or links, or numbers of at least five."""
    query = Library().get(name)
    columns = {c.name for c in query.columns}
    if "BELONGS_TO" not in query.cypher:
        return
    assert "asn" not in columns
    if "account" in columns:
        assert "count(" not in query.cypher
    else:
        assert "< 5" in query.cypher or ">= 5" in query.cypher
