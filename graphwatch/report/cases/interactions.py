"""Interactions for a list of evidence, with the rows of files that they are from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from graphwatch.explain.model import Burst
from graphwatch.model import node
from graphwatch.report.cases.model import Evidence
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.report.cases.names import Names

Row = dict[str, Any]
_ACT: Final = (
    "a.id AS account, i.kind AS kind, o.id AS post, i.at_ms AS at_ms, i.at AS at, i.text AS text, "
    "o.url AS url, i.sources AS sources"
)
_ACTS: Final = (
    f"MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post) WHERE a.id IN $ids RETURN {_ACT}, i.id AS id"
)
# Of an account only what concerns a paslon's pages is the office's business.
_ON_PAGES: Final = (
    "MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)<-[:PUBLISHED]-(p:Page)-[:SUPPORTS]->(:Paslon) "
    f"WHERE a.id IN $ids RETURN DISTINCT {_ACT}, i.id AS id"
)
_FOLLOWS: Final = (
    "MATCH (a:Account)-[i:FOLLOWED]->(o:Page)-[:SUPPORTS]->(:Paslon) WHERE a.id IN $ids "
    f"RETURN DISTINCT {_ACT}, i.id AS id"
)
_PAGES: Final = (
    "MATCH (p:Page)-[:PUBLISHED]->(o:Post) WHERE o.id IN $ids RETURN o.id AS post, p.name AS name, p.id AS id"
)
_SOURCES: Final = "MATCH (s:Source) WHERE s.id IN $ids RETURN {columns} ORDER BY id"


def acts_in_bursts(workspace: Workspace, accounts: Sequence[str], bursts: Sequence[Burst], by_post: bool) -> list[Row]:
    """The interactions of these bursts with what the graph knows of each, and the number of the burst.

    Args:
        project: whose store is read.
        accounts: who acted.
        bursts: numbered from 1 in this order.
        by_post: whether the object of a burst is a post; else account, kind and time tell an interaction.
    """
    inside: dict[tuple[Any, ...], int] = {}
    for number, burst in enumerate(bursts, 1):
        for act in burst.acts:
            inside.setdefault((act.account, act.kind, act.at_ms, burst.object if by_post else None), number)
    found = []
    for row in _read(workspace, _ACTS, accounts):
        key = (row["account"], row["kind"], row["at_ms"], row["post"] if by_post else None)
        if key in inside:
            found.append({**row, "burst": inside[key]})
    return found


def acts_on_pages(workspace: Workspace, account: str) -> list[Row]:
    """The interactions of an account with posts of pages that support a paslon, and its follows of such pages."""
    return _in_time([*_read(workspace, _ON_PAGES, [account]), *_read(workspace, _FOLLOWS, [account])])


def _read(workspace: Workspace, query: str, accounts: Sequence[str]) -> list[Row]:
    return _in_time(workspace.store.read(query, {"ids": list(accounts)}).to_pylist())


def _in_time(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda r: (r["at_ms"] is None, r["at_ms"] or 0, r["account"], r["post"], r["id"]))


def sources_of(workspace: Workspace, rows: Iterable[Row], names: "Names") -> tuple[Mapping[str, object], ...]:
    """The Sources that supplied these interactions; file names and what names a masked account are withheld."""
    ids = sorted({source.rpartition(":")[0] for row in rows for source in row["sources"] or ()})
    columns = ", ".join(f"s.{p.name} AS {p.name}" for p in node("Source").properties)
    found = workspace.store.read(_SOURCES.format(columns=columns), {"ids": ids}).to_pylist() if ids else []
    return tuple(_told_source(row, names) for row in found)


def _told_source(source: Row, names: "Names") -> Row:
    told = {key: None if isinstance(v, str) and names.names(v) else v for key, v in source.items()}
    return {**told, "id": source["id"], "file": None if names.masked else told["file"]}


def as_evidence(
    workspace: Workspace, rows: Sequence[Row], sources: Sequence[Mapping[str, object]], names: "Names"
) -> tuple[Evidence, ...]:
    """The rows as a document lists them."""
    digests = {str(s["id"]): s["file_sha256"] for s in sources}
    pages = _pages(workspace, sorted({row["post"] for row in rows}))
    return tuple(
        Evidence(
            account=names.account(row["account"]),
            kind=row["kind"],
            post=row["post"] if row["kind"] == "FOLLOWED" else names.post(row["post"]),
            at_ms=row["at_ms"],
            at=row["at"],
            page=pages.get(row["post"]),
            burst=row.get("burst"),
            text=names.text(row["text"]),
            url=None if names.masked else row["url"],
            rows=tuple(_supplied(source, digests) for source in row["sources"] or ()),
        )
        for row in rows
    )


def _supplied(source: str, digests: Mapping[str, object]) -> tuple[str, str, str | None]:
    id, _, row = source.rpartition(":")
    digest = digests.get(id)
    return id, row, None if digest is None else str(digest)


def _pages(workspace: Workspace, posts: list[str]) -> dict[str, str]:
    """The page that published each post; of several, the one with the smallest id."""
    rows = workspace.store.read(_PAGES, {"ids": posts}).to_pylist() if posts else []
    return {r["post"]: r["name"] or r["id"] for r in sorted(rows, key=lambda r: r["id"], reverse=True)}
