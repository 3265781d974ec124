"""Fictional networks in the form that the exports take."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import networkx as nx

HOSTILE = (
    "<script>window.attacked=1</script>",
    "</script><script>window.attacked=2</script>",
    '"><img src=x onerror="window.attacked=3">',
    "__proto__",
    "\u202egnp.exe",
    "n" * 10_000,
    "🎉👩‍👩‍👧 relawan",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd()",
    "bell\x07 null\x00 escape\x1b",
    "constructor",
    "{{ 7*7 }}{% raw %}",
)
START_MS = 1_726_012_800_000  # 11 September 2024, 07:00 in Jakarta
ACTIONS = ("LIKED", "COMMENTED", "SHARED")


def network(
    clusters: Sequence[int] = (16, 13, 11, 9, 6),
    posts_each: int = 9,
    bystanders: int = 5,
    names: Sequence[str] = HOSTILE,
    seed: int = 7,
) -> nx.MultiDiGraph:
    """Clusters of the given sizes with their posts, two pages of two paslon, and accounts of no cluster."""
    chance = random.Random(seed)
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    _campaign(graph)
    accounts = iter(range(10_000_000, 99_999_999, 7_919))
    posts = iter(range(5_000_000_000, 9_000_000_000, 104_729))
    given = iter(names)
    graph.graph["bursts"] = []
    for number, size in enumerate(clusters, start=1):
        members = sorted(_account(graph, next(accounts), next(given, None)) for _ in range(size))
        objects = [_post(graph, next(posts), chance.choice(["x:71", "x:72"])) for _ in range(posts_each)]
        _cluster(graph, number, members, objects, chance)
    all_posts = [n for n, label in graph.nodes(data="label") if label == "Post"]
    for _ in range(bystanders):
        account = _account(graph, next(accounts), next(given, None))
        for post in chance.sample(all_posts, min(3, len(all_posts))):
            _act(graph, account, post, START_MS + chance.randrange(10**9), chance)
    graph.graph.update(run=_run(len(clusters)), sources=[_source()], phases=_phases(), left_out=None)
    return graph


def _campaign(graph: nx.MultiDiGraph) -> None:
    for number, id in ((1, "x:71"), (2, "x:72")):
        graph.add_node(id, label="Page", id=id, platform="x", handle=f"pasangan_{number}", name=f"Pasangan {number}")
        paslon = f"paslon-{number}"
        graph.add_node(paslon, label="Paslon", id=paslon, number=number, name=f"Tokoh {number} & Wakil {number}")
        graph.add_edge(id, paslon, key=f"s{number}", type="SUPPORTS", id=f"s{number}")


def _account(graph: nx.MultiDiGraph, native: int, name: str | None) -> str:
    id = f"x:{native}"
    graph.add_node(
        id,
        label="Account",
        id=id,
        platform="x",
        handle=f"warga_{native}",
        name=name or f"Warga {native % 1000}",
        url=f"https://x.example/warga_{native}",
    )
    return id


def _post(graph: nx.MultiDiGraph, native: int, page: str) -> str:
    id = f"x:{native}"
    at_ms = START_MS + native % 1_000 * 3_600_000
    text = f"Mari hadir di lapangan {native}"
    graph.add_node(
        id,
        label="Post",
        id=id,
        platform="x",
        url=f"https://x.example/status/{native}",
        text=text,
        at_ms=at_ms,
        hashtags=[f"tagar{native}"],
        images=[f"{native:016x}"],
    )
    graph.add_edge(page, id, key=f"p{native}", type="PUBLISHED", id=f"p{native}")
    return id


def _act(graph: nx.MultiDiGraph, account: str, post: str, at_ms: int, chance: random.Random) -> None:
    key = f"i{account}-{post}-{at_ms}"
    kind = chance.choice(ACTIONS)
    graph.add_edge(
        account,
        post,
        key=key,
        type=kind,
        id=key,
        kind=kind,
        at_ms=at_ms,
        content_id=f"c{account}-{key}",
        sources=[f"00112233445566aa:{chance.randrange(1, 10**6)}"],
        **({"text": f"Hadir! {account}"} if kind == "COMMENTED" else {}),
    )


def _cluster(
    graph: nx.MultiDiGraph, number: int, members: list[str], objects: list[str], chance: random.Random
) -> None:
    run, id = "R-0123456789ab", f"R-0123456789ab:{number}"
    acted: dict[str, set[str]] = {member: set() for member in members}
    for post in objects:
        for member in chance.sample(members, max(2, len(members) * 2 // 3)):
            at_ms = graph.nodes[post]["at_ms"] + chance.randrange(40_000)
            _act(graph, member, post, at_ms, chance)
            acted[member].add(post)
    pairs = 0
    for i, one in enumerate(members):
        for two in members[i + 1 :]:
            n = len(acted[one] & acted[two])
            if n >= 3:
                pairs += 1
                key = f"{one}-{two}"
                graph.add_edge(
                    one, two, key=key, type="CO_INTERACTED", id=key, run=run, window_ms=60_000, n=n, shared=n,
                    median_gap_s=float(chance.randrange(30)), first_share=0.5, kinds=["LIKED", "SHARED"],
                    first_ms=START_MS, last_ms=START_MS + 9 * 86_400_000,
                )  # fmt: skip
    graph.add_node(
        id, label="Cluster", id=id, run=run, number=number, size=len(members), pairs=pairs,
        density=2 * pairs / (len(members) * (len(members) - 1)), objects=len(objects),
        first_ms=START_MS, last_ms=START_MS + number * 3 * 86_400_000,
        n_asn=len(members) // 2, expected_asn=1.25, n_sum=90, opportunities_sum=120, expected_sum=7.31,
        q_median=3.2e-6,
    )  # fmt: skip
    for member in members:
        key = f"m{member}"
        graph.add_edge(member, id, key=key, type="MEMBER_OF", id=key, run=run, entered="core", partners=3)
    found = [burst for post in objects for burst in _bursts(graph, members, post)]
    for i, burst in enumerate(sorted(found, key=lambda b: (b["first_ms"], b["object"])), 1):
        of = {"id": f"{id}:b{i}", "run": run, "cluster": id, "layer": "all", "number": i}
        graph.graph["bursts"].append({**of, **burst})


def _bursts(graph: nx.MultiDiGraph, members: list[str], post: str) -> Iterator[dict[str, Any]]:
    """Stretches of the members' interactions with a post, each within a minute of the next, of two members or more."""
    acts = sorted(
        (at["at_ms"], account, at["id"]) for account, _, at in graph.in_edges(post, data=True) if account in members
    )
    cuts = [i for i in range(1, len(acts)) if acts[i][0] - acts[i - 1][0] > 60_000]
    for begin, end in pairwise([0, *cuts, len(acts)]):
        times, accounts, ids = zip(*acts[begin:end], strict=True)
        if len(set(accounts)) > 1:
            most = max(len({a for a, t in zip(accounts, times, strict=True) if 0 <= t - at <= 60_000}) for at in times)
            yield {
                "object": post, "object_kind": "post", "members": len(set(accounts)), "most": most,
                "first_ms": times[0], "last_ms": times[-1], "size": len(ids), "interactions": list(ids),
            }  # fmt: skip


def _phases() -> list[dict[str, object]]:
    day = 86_400_000
    names = ("Penetapan", "Kampanye", "Masa tenang <b>")
    return [
        {"id": f"p:{i}", "name": name, "from_ms": START_MS + i * 12 * day, "to_ms": START_MS + (i + 1) * 12 * day}
        for i, name in enumerate(names)
    ]


def _run(clusters: int) -> dict[str, object]:
    return {
        "id": "R-0123456789ab", "status": "complete", "parameters": '{"window": 60.0, "min_objects": 3}',
        "version": "0.1.0", "fingerprint": "5d41402abc4b2a76b9719d911017c592", "created_at_ms": START_MS,
        "window_ms": 60_000, "min_objects": 3, "interactions": 400, "untimed": 12, "accounts": 80,
        "objects": 60, "visited_pairs": 3_000, "pairs": 200, "clusters": clusters,
    }  # fmt: skip


def _source() -> dict[str, object]:
    return {
        "id": "00112233445566aa", "sha256": "00112233445566aa" * 4, "file": "interaksi_contoh.csv",
        "file_sha256": "ab" * 32, "kind": "interactions", "acquisition": "ekspor resmi platform",
        "acquired_by": "Petugas Contoh", "legal_basis": "UU 30/2014", "loaded_at_ms": START_MS,
        "rows_taken": 400, "rows_refused": 2,
    }  # fmt: skip
