"""What accounts wrote, published and liked without a time: the acts that families of evidence are made of."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from graphwatch.model.scope import Scope
from graphwatch.store.base import ReadableStore
from graphwatch.store.scoping import posts, written

# Kinds of interaction that may have a text of their own.
WORDED: Final = ("COMMENTED", "SHARED", "MENTIONED")
_ACT: Final = (("account", pa.string()), ("post", pa.string()), ("kind", pa.string()), ("id", pa.string()))
ACTS: Final = pa.schema([*_ACT, ("at_ms", pa.int64())])
WRITTEN: Final = pa.schema([*ACTS, ("text", pa.string()), ("about", pa.string())])
PUBLISHED: Final = pa.schema(
    [*ACTS, ("text", pa.string()), ("links", pa.list_(pa.string())), ("hashtags", pa.list_(pa.string()))]
)
_RETURNED: Final = "a.id AS account, o.id AS post, '{kind}' AS kind, r.id AS id"
_UNTIMED: Final = "(r.at_ms IS NULL OR r.basis = 'observed')"
# A time of the act, where there is one.
_AT: Final = "CASE WHEN r.basis = 'observed' THEN null ELSE r.at_ms END AS at_ms"


def texts_of_acts(store: ReadableStore, scope: Scope) -> pa.Table:
    """Interactions in scope that have a text, as in `WRITTEN`; `about` is the text of the post."""
    tables = []
    for kind in scope.kinds:
        if kind in WORDED:
            found = written(scope, kind, "r.text IS NOT NULL")
            returned = f"RETURN {_RETURNED.format(kind=kind)}, {_AT}, r.text AS text, o.text AS about"
            tables.append(store.read(f"{found.cypher} {returned}", found.parameters).cast(WRITTEN))
    return pa.concat_tables(tables) if tables else WRITTEN.empty_table()


def published_by_accounts(store: ReadableStore, scope: Scope) -> pa.Table:
    """Posts that accounts published, as in `PUBLISHED`, in the time of the scope; none where only some pages count."""
    if scope.of_pages:
        return PUBLISHED.empty_table()
    found = written(scope, "PUBLISHED", "true")
    returned = (
        f"RETURN {_RETURNED.format(kind='PUBLISHED')}, o.at_ms AS at_ms, o.text AS text, o.links AS links, "
        "o.hashtags AS hashtags"
    )
    return store.read(f"{found.cypher} {returned}", found.parameters).cast(PUBLISHED)


def likes_without_times(store: ReadableStore, scope: Scope) -> pa.Table:
    """Likes in scope that have no time of their own, as in `ACTS`; a range of time says nothing of them."""
    if "LIKED" not in scope.kinds:
        return ACTS.empty_table()
    found = written(scope, "LIKED", _UNTIMED, ever=True)
    returned = f"RETURN {_RETURNED.format(kind='LIKED')}, null AS at_ms"
    return store.read(f"{found.cypher} {returned}", found.parameters).cast(ACTS)


def publishers(store: ReadableStore, scope: Scope) -> pa.Table:
    """Columns `post`, `at_ms`, `page` of the posts in scope that a page published; the page with the smallest id."""
    found = posts(scope)
    cypher = (
        f"{found.cypher} MATCH (g:Page)-[:PUBLISHED]->(o) "
        "RETURN o.id AS post, o.at_ms AS at_ms, min(g.id) AS page ORDER BY post"
    )
    rows = store.read(cypher, found.parameters)
    return rows.cast(pa.schema([("post", pa.string()), ("at_ms", pa.int64()), ("page", pa.string())]))


def doers(store: ReadableStore, scope: Scope, accounts: Sequence[str]) -> dict[str, set[str]]:
    """Which of these accounts have anything in scope that each family is made of, by the name of the family."""
    clauses = {
        "text": [(kind, "r.text IS NOT NULL", False) for kind in scope.kinds if kind in WORDED],
        "link": [],
        "untimed": [("LIKED", _UNTIMED, True)] if "LIKED" in scope.kinds else [],
    }
    if not scope.of_pages:
        clauses["text"].append(("PUBLISHED", "o.text IS NOT NULL", False))
        clauses["link"].append(("PUBLISHED", "o.links IS NOT NULL", False))
    found: dict[str, set[str]] = {}
    for family, asked in clauses.items():
        found[family] = set()
        for kind, condition, ever in asked:
            clause = written(scope, kind, f"a.id IN $ids AND {condition}", ever=ever)
            rows = store.read(
                f"{clause.cypher} RETURN DISTINCT a.id AS id", {**clause.parameters, "ids": list(accounts)}
            )
            found[family].update(rows["id"].to_pylist())
    return found
