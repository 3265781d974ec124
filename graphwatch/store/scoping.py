"""A scope: as Cypher that both engines understand, and what is in it as columns.

Values are bound parameters, and the codes in columns depend on ids only.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.model.scope import Object, Scope
from graphwatch.model.tables import InteractionColumns, LeftOut


class Clause(NamedTuple):
    """The beginning of a query, the parameters that it names, and by whose ids it may be asked in ranges.

    That is a variable of `LABELS`: each row that follows is of one node that it is bound to.
    """

    cypher: str
    parameters: dict[str, Any]
    by: str | None = None


# The labels of nodes by whose ids a clause may be asked in ranges.
LABELS: Final = {"a": "Account", "o": "Post"}


def posts(scope: Scope) -> Clause:
    """Binds `o` to each post in scope, once."""
    if not scope.of_pages:
        return Clause("MATCH (o:Post)", {}, "o")
    pages = publishing_pages(scope)
    return Clause(f"{pages.cypher} WITH DISTINCT o", pages.parameters)


def publishing_pages(scope: Scope) -> Clause:
    """Binds `p` and `o` to pages in scope and their posts; a page that supports two paslon may come twice."""
    supports = "(:Paslon)<-[:SUPPORTS]-" if scope.paslon_pages else ""
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if scope.paslon is not None:
        supports = "(s:Paslon)<-[:SUPPORTS]-"
        conditions.append("s.id = $paslon")
        parameters["paslon"] = scope.paslon
    if scope.pages:
        conditions.append("p.id IN $pages")
        parameters["pages"] = list(scope.pages)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return Clause(f"MATCH {supports}(p:Page)-[:PUBLISHED]->(o:Post){where}", parameters)


# An interaction `r` whose time is that of the act, or follows from a native id; no basis means that it is the act's.
ACTED: Final = "(r.basis IS NULL OR r.basis <> 'observed')"


def timed(scope: Scope, kind: str, window_ms: int) -> Clause:
    """Binds `a`, `r` and `o` to the interactions of a kind in scope whose time says within a window when they were."""
    conditions, parameters = _in_range(scope)
    conditions = ["r.at_ms IS NOT NULL", *conditions, ACTED, "(r.precision_ms IS NULL OR r.precision_ms <= $window_ms)"]
    return _interactions(scope, kind, " AND ".join(conditions), {**parameters, "window_ms": window_ms})


def not_to_the_second(scope: Scope, kind: str, window_ms: int) -> Clause:
    """Binds `r` to the interactions of a kind whose time is not that of the act to the second, and `$window_ms`.

    A time range says nothing of those that have no time.
    """
    conditions, parameters = _in_range(scope)
    others = " AND ".join([*conditions, "(r.basis = 'observed' OR r.precision_ms IS NOT NULL)"])
    return _interactions(scope, kind, f"(r.at_ms IS NULL OR ({others}))", {**parameters, "window_ms": window_ms})


def written(scope: Scope, kind: str, condition: str, *, ever: bool = False) -> Clause:
    """Binds `a`, `r` and `o` to what accounts in scope did to posts, of a kind, for which the condition holds.

    The time of a published post is that of the post. What has no time is in any range.

    Args:
        ever: whether the range of time says nothing.
    """
    conditions, parameters = ([], {}) if ever else _in_range(scope)
    if kind == "PUBLISHED":
        conditions = [bound.replace("r.at_ms", "o.at_ms") for bound in conditions]
    untimed = "o.at_ms IS NULL" if kind == "PUBLISHED" else "r.at_ms IS NULL"
    ranged = [f"({untimed} OR {bound})" for bound in conditions]
    return _interactions(scope, kind, " AND ".join([condition, *ranged]), parameters)


def _in_range(scope: Scope) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if scope.begin_ms is not None:
        conditions.append("r.at_ms >= $begin_ms")
        parameters["begin_ms"] = scope.begin_ms
    if scope.end_ms is not None:
        conditions.append("r.at_ms < $end_ms")
        parameters["end_ms"] = scope.end_ms
    return conditions, parameters


def _interactions(scope: Scope, kind: str, condition: str, parameters: dict[str, Any]) -> Clause:
    if not scope.of_pages:
        return Clause(f"MATCH (a:Account)-[r:`{kind}`]->(o:Post) WHERE {condition}", parameters, "a")
    found = posts(scope)
    return Clause(
        f"{found.cypher} MATCH (a:Account)-[r:`{kind}`]->(o) WHERE {condition}", found.parameters | parameters
    )


def listed(object: Object) -> dict[str, str]:
    """What a query of posts returns as `text` for objects of which a post has a list; nothing for others.

    >>> listed("link"), listed("page")
    ({'text': 'o.links'}, {})
    """
    return {"text": f"o.{object}s"} if object in ("link", "hashtag", "image") else {}


Ints = npt.NDArray[np.int32]


def columns_of(
    scope: Scope,
    window_ms: int,
    ask: Callable[[Clause, Mapping[str, str]], pa.Table],
    place: Callable[[str], str],
    timed: Callable[[str], pa.Table],
) -> InteractionColumns:
    """Read what is in scope.

    Args:
        scope: which interactions.
        window_ms: how precisely a time must be known to count.
        ask: the rows of a clause and what is returned by name; what is counted may come in several rows.
        place: Cypher for the engine's integer of the node that a variable is bound to.
        timed: the timed interactions of a kind, as `assemble` wants them.
    """
    accounts = ask(Clause("MATCH (a:Account)", {}, "a"), {"place": place("a"), "id": "a.id"})
    text = listed(scope.object)
    found = ask(posts(scope), {"place": place("o"), "id": "o.id", "at_ms": "o.at_ms"} | text)
    if scope.object == "page":
        texts = ask(publishing_pages(scope), {"place": place("o"), "text": "p.id"})
    else:
        texts = found.select(["place", "text"]) if text else None
    counted = [_counted(ask(not_to_the_second(scope, kind, window_ms), _WHY).to_pylist()) for kind in scope.kinds]
    graded = any(fit or left_out.coarse for left_out, fit in counted)
    left_out = tuple(left_out for left_out, _ in counted)
    rows = {kind: timed(kind) for kind in scope.kinds}
    return replace(assemble(scope.object, accounts, found, rows, left_out, texts), graded=graded)


_WHY: Final = {
    "why": "CASE WHEN r.at_ms IS NULL THEN 'untimed' WHEN r.basis = 'observed' THEN 'observed' "
    "WHEN r.precision_ms > $window_ms THEN 'coarse' ELSE 'fit' END",
    "n": "count(r)",
}


def _counted(rows: list[dict[str, Any]]) -> tuple[LeftOut, int]:
    """What is left out, and how many of those that are not are known less precisely than to the second."""
    of: Counter[str] = Counter()
    for row in rows:
        of[row["why"]] += int(row["n"])
    fit = of.pop("fit", 0)
    return LeftOut(**of), fit


def assemble(
    object: Object,
    accounts: pa.Table,
    posts: pa.Table,
    timed: Mapping[str, pa.Table],
    left_out: tuple[LeftOut, ...],
    texts: pa.Table | None = None,
) -> InteractionColumns:
    """Columns from what an engine reads by its internal places.

    A server is read while others write: an act whose account or post came or went between two readings is left out.

    Args:
        object: what the interactions are with.
        accounts, posts: columns `place` (the engine's integer) and `id`; of posts also `at_ms`, null where unknown.
        timed: for each kind columns `account` and `object` (places of posts) and `at_ms`.
        left_out: for each kind the interactions whose times say nothing.
        texts: where objects are not posts, columns `place` (of a post) and `text`: one object, a list of them, or null.
    """
    account_ids, account_code = _codes(accounts)
    post_ids, post_code = _codes(posts)
    sizes = [table.num_rows for table in timed.values()]

    def column(name: str) -> npt.NDArray[np.int64]:
        parts = [table[name].to_numpy().astype(np.int64) for table in timed.values()]
        return np.concatenate([np.empty(0, np.int64), *parts])

    account, object_of = account_code(column("account")), post_code(column("object"))
    kind, at_ms = np.repeat(np.arange(len(sizes), dtype=np.int8), sizes), column("at_ms")
    known = (account >= 0) & (object_of >= 0)
    if not known.all():
        account, object_of, kind, at_ms = account[known], object_of[known], kind[known], at_ms[known]
    columns = InteractionColumns(
        account=account,
        object=object_of,
        kind=kind,
        at_ms=at_ms,
        accounts=account_ids,
        objects=post_ids,
        kinds=tuple(timed),
        published_ms=pc.fill_null(_sorted(posts)["at_ms"].cast(pa.int64()), -1).to_numpy(),
        left_out_of=left_out,
    )
    if texts is None:
        return columns
    post, text = _flat(texts)
    if object in ("hashtag", "image"):
        text = pc.utf8_lower(text)  # platforms take #Pilkada and #pilkada for one, and so are the digits of a hash
    return _with_objects(columns, post_code(post), text)


def _flat(texts: pa.Table) -> tuple[npt.NDArray[np.int64], pa.StringArray]:
    """Place of a post and one of its objects, in rows of equal length."""
    text = texts["text"].combine_chunks() if texts.num_rows else pa.array([], pa.string())
    place = texts["place"].to_numpy().astype(np.int64)
    if pa.types.is_list(text.type):
        place, text = place[pc.list_parent_indices(text).to_numpy()], pc.list_flatten(text)
    known = text.is_valid()
    return place[known.to_numpy(zero_copy_only=False)], text.filter(known).cast(pa.string())


def _with_objects(columns: InteractionColumns, post: Ints, text: pa.StringArray) -> InteractionColumns:
    """The interactions with posts once for each object that their post has; `post` and `text` say which."""
    ids = pc.unique(text)
    ids = ids.take(pc.sort_indices(ids))
    code = pc.index_in(text, value_set=ids).to_numpy(zero_copy_only=False).astype(np.int32)
    post, code = np.unique(np.stack([post, code]), axis=1)
    start = np.searchsorted(post, np.arange(len(columns.objects) + 1))
    number = np.diff(start)[columns.object]
    row = np.repeat(np.arange(len(number)), number)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    return InteractionColumns(
        account=columns.account[row],
        object=code[start[columns.object[row]] + nth],
        kind=columns.kind[row],
        at_ms=columns.at_ms[row],
        accounts=columns.accounts,
        objects=ids,
        kinds=columns.kinds,
        published_ms=columns.published_ms,
        left_out_of=columns.left_out_of,
        post=columns.object[row],
        posts=columns.objects,
    )


def _codes(table: pa.Table) -> tuple[pa.StringArray, Callable[[npt.NDArray[np.int64]], Ints]]:
    """The sorted ids, and a function from an engine's places to positions among them, -1 where no id has that place."""
    table = _sorted(table)
    places = table["place"].to_numpy().astype(np.int64)
    ids = table["id"].combine_chunks() if table.num_rows else pa.array([], pa.string())
    if len(places) and places.max() < 8 * len(places) + 1024:  # dense places are looked up directly
        beyond = int(places.max()) + 1
        code = np.full(beyond + 1, -1, np.int32)
        code[places] = np.arange(len(places), dtype=np.int32)
        return ids, lambda wanted: code[np.minimum(wanted, beyond)]
    order = np.append(np.argsort(places), -1).astype(np.int32)
    in_order = np.append(places[order[:-1]], np.iinfo(np.int64).max)

    def code_of(wanted: npt.NDArray[np.int64]) -> Ints:
        at = np.searchsorted(in_order, wanted)
        return np.where(in_order[at] == wanted, order[at], np.int32(-1))

    return ids, code_of


def _sorted(table: pa.Table) -> pa.Table:
    """By id, in the order of its bytes: engines sort texts in orders of their own."""
    return table.take(pc.sort_indices(table["id"]))
