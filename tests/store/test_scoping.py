"""A scope means the same on every engine: what is read is what a plain loop over the rows would keep."""

from collections.abc import Iterable
from itertools import combinations, compress, product

import pyarrow as pa
import pytest
from graph_rows import HOSTILE, accounts

from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.scope import OBJECTS, Scope
from graphwatch.model.tables import LeftOut, node_rows, relation_rows
from graphwatch.store.base import Store
from graphwatch.store.scoping import assemble

# Post: (publication time, links, hashtags); hashes of its images are its links in capitals.
POSTS: dict[str, tuple[int | None, list[str] | None, list[str] | None]] = {
    "x:p1": (5, ["https://a.id", "https://b.id", "https://a.id"], ["Pilkada", "PILKADA"]),
    "x:p2": (None, [], ["netral"]),
    "x:p3": (7, None, None),
    f"x:{HOSTILE}": (9, ["https://b.id"], [HOSTILE]),
}
PUBLISHED = [("x:g1", "x:p1"), ("x:g2", "x:p1"), ("x:g2", "x:p2"), (f"x:{HOSTILE}", f"x:{HOSTILE}")]
SUPPORTS = [("x:g1", "1"), (f"x:{HOSTILE}", "1"), (f"x:{HOSTILE}", HOSTILE)]
ACTS = [
    ("LIKED", "x:1", "x:p1", 10),
    ("LIKED", "x:2", "x:p1", 20),
    ("LIKED", "x:2", "x:p2", None),
    ("SHARED", "x:1", "x:p2", 30),
    ("SHARED", "x:2", f"x:{HOSTILE}", 40),
    ("COMMENTED", "x:1", "x:p3", 20),
    ("COMMENTED", f"x:{HOSTILE}", f"x:{HOSTILE}", None),
]
PAGES = (("x:g1",), (f"x:{HOSTILE}", "x:g2"), ())
OF_PASLON = ((None, False), ("1", False), (HOSTILE, True), (None, True))
OF_KINDS = ((POST_INTERACTIONS, (None, None)), (POST_INTERACTIONS, (20, 40)), (("SHARED", "COMMENTED"), (21, None)))
SCOPES = [
    Scope(kinds, object, pages, paslon, paslon_pages, *range_)
    for object, pages, (paslon, paslon_pages), (kinds, range_) in product(OBJECTS, PAGES, OF_PASLON, OF_KINDS)
]
CHOICES = list(product(*(range(len(of)) for of in (OBJECTS, PAGES, OF_PASLON, OF_KINDS))))
Choices = tuple[int, ...]


def pairs(of: Iterable[Choices]) -> set[tuple[tuple[int, int], ...]]:
    """The choices that are together in a scope, two by two."""
    return {two for chosen in of for two in combinations(enumerate(chosen), 2)}


def in_few() -> set[Choices]:
    """Scopes in which any two choices are together: each time that with most of those which are not yet."""
    chosen: set[Choices] = set()
    lacking = pairs(CHOICES)
    while lacking:
        best = max(CHOICES, key=lambda choices: len(pairs([choices]) & lacking))
        chosen.add(best)
        lacking -= pairs([best])
    return chosen


# A server plans each question anew.
FEW = in_few()
ASKED_OF_SERVERS = [choices in FEW for choices in CHOICES]


def fill(store: Store) -> None:
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:1"}, {"id": "x:2"}, {"id": f"x:{HOSTILE}"}))
        for label, ids in (("Page", ["x:g1", "x:g2", f"x:{HOSTILE}"]), ("Paslon", ["1", HOSTILE])):
            writing.add(node_rows(label, [{"id": i} for i in ids]))
        rows = [
            {
                "id": i,
                "at_ms": t,
                "links": links,
                "hashtags": tags,
                "images": links and [link.upper() for link in links],
            }
            for i, (t, links, tags) in POSTS.items()
        ]
        writing.add(node_rows("Post", rows))
        for type, end, pairs in (("PUBLISHED", "Post", PUBLISHED), ("SUPPORTS", "Paslon", SUPPORTS)):
            keyed: list[dict[str, object]] = [{"from": a, "to": b, "id": f"{a}-{b}"} for a, b in pairs]
            writing.add(relation_rows(type, "Page", end, keyed))
        for type in ("LIKED", "SHARED", "COMMENTED"):
            acts: list[dict[str, object]] = [
                {"from": a, "to": o, "id": f"r{n}", "kind": type, "at_ms": t, "sources": [f"s:{n}"]}
                for n, (kind, a, o, t) in enumerate(ACTS)
                if kind == type
            ]
            writing.add(relation_rows(type, "Account", "Post", acts))


def expected(scope: Scope) -> tuple[list[tuple[str, str, str, int, int]], int]:
    """(account, object, kind, time, publication) of every row in scope, and how many have no time."""
    rows, untimed = [], 0
    for kind, account, post, at_ms in ACTS:
        pages = [p for p, o in PUBLISHED if o == post and (not scope.pages or p in scope.pages)]
        if scope.paslon is not None:
            pages = [p for p in pages if (p, scope.paslon) in SUPPORTS]
        elif scope.paslon_pages:
            pages = [p for p in pages if any(p == page for page, _ in SUPPORTS)]
        if kind not in scope.kinds or (scope.of_pages and not pages):
            continue
        if at_ms is None:
            untimed += 1
            continue
        if not (scope.begin_ms or 0) <= at_ms < (scope.end_ms or 99):
            continue
        published, links, hashtags = POSTS[post]
        objects = {
            "post": {post},
            "page": set(pages),
            "link": set(links or []),
            "hashtag": {tag.lower() for tag in hashtags or []},
            "image": {link.lower() for link in links or []},
        }[scope.object]
        rows += [(account, o, kind, at_ms, -1 if published is None else published) for o in objects]
    return sorted(rows), untimed


@pytest.fixture
def store(empty_store: Store) -> Store:
    fill(empty_store)
    return empty_store


def test_any_two_choices_are_together_in_a_scope_that_a_server_is_asked() -> None:
    assert pairs(compress(CHOICES, ASKED_OF_SERVERS)) == pairs(CHOICES)
    assert sum(ASKED_OF_SERVERS) < len(CHOICES) / 6


def test_what_is_in_scope_is_what_a_plain_loop_keeps(store: Store) -> None:
    with store.session():
        for scope in SCOPES if store.engine == "embedded" else compress(SCOPES, ASKED_OF_SERVERS):
            columns = store.interactions(scope, 60_000)
            post = columns.object if columns.post is None else columns.post
            rows = zip(
                columns.accounts.take(columns.account).to_pylist(),
                columns.objects.take(columns.object).to_pylist(),
                [columns.kinds[k] for k in columns.kind],
                columns.at_ms.tolist(),
                columns.published_ms[post].tolist(),
                strict=True,
            )
            assert (sorted(rows), columns.left_out.untimed) == expected(scope), scope
            assert columns.objects.to_pylist() == sorted(columns.objects.to_pylist())


@pytest.mark.parametrize("apart", [1, 1_000_000])
def test_an_act_whose_account_came_while_a_server_was_read_is_nobody_elses(apart: int) -> None:
    """Accounts and posts are read before the acts, with places that are close to each other or far from it."""
    accounts = pa.table({"place": [apart, 3 * apart], "id": ["x:1", "x:3"]})
    posts = pa.table({"place": [5 * apart, 7 * apart], "id": ["x:p", "x:q"], "at_ms": pa.array([1, None], pa.int64())})
    acts = [(1, 5, 10), (2, 5, 20), (4, 7, 30), (0, 5, 40), (3, 6, 50), (3, 9, 60), (3, 7, 70)]
    columns = [pa.array([act[n] * (apart if n < 2 else 1) for act in acts], pa.int64()) for n in range(3)]
    timed = {"LIKED": pa.table(columns, names=["account", "object", "at_ms"])}
    found = assemble("post", accounts, posts, timed, (LeftOut(),))
    read = zip(found.account.tolist(), found.object.tolist(), found.kind.tolist(), found.at_ms.tolist(), strict=True)
    assert list(read) == [(0, 0, 0, 10), (1, 1, 0, 70)]
    texts = pa.table({"place": [5 * apart, 6 * apart, 9 * apart], "text": ["a", "b", "c"]})
    of_texts = assemble("link", accounts, posts, timed, (LeftOut(),), texts)
    assert (of_texts.objects[int(of_texts.object[0])].as_py(), of_texts.at_ms.tolist()) == ("a", [10])
