"""Complaints on their way into the graph: who complained goes to the vault, what is complained about is linked."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.notes import Note
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.quarantine import Problem, problem
from graphwatch.ingest.times import Mask
from graphwatch.model import key_hash, node
from graphwatch.model.declaring import Key
from graphwatch.model.tables import GraphTable, node_rows, relation_rows, schema_of
from graphwatch.platforms.naming import SHORT, account_reference, is_short_link, post_reference
from graphwatch.privacy.vault import Vault
from graphwatch.repository.casework import known_complaints, unlinked_complaints
from graphwatch.repository.resolver import Text, candidates
from graphwatch.store.workspace import Workspace, WritableWorkspace

COMPLAINANTS: Final = pa.schema([(name, pa.string()) for name in ("id", "name", "contact")])

_SAYS_NOTHING: Final = problem("says_nothing")
_CONTENT: Final = ("channel", "received", "text", "platform", "account", "post", "kind", "at")


def check_complaints(columns: dict[str, Any], count: int) -> list[tuple[Mask, Problem]]:
    """What the cells of one row say together: something to look into."""
    given = [columns[name].is_valid() for name in LOADS["complaints"].one_of if name in columns]
    says: Mask = np.zeros(count, np.bool_)
    for column in given:
        says = says | column.to_numpy(zero_copy_only=False)
    return [(~says, _SAYS_NOTHING)]


class ComplainantFilter:
    """Where complaints come in: who complained stays behind for the vault, and every complaint gets its id."""

    def __init__(self) -> None:
        self._held: list[pa.RecordBatch] = []

    def __repr__(self) -> str:
        return "ComplainantFilter(complainants withheld)"

    def filtered(self, rows: Any) -> Any:
        """The rows with their ids in `number` and without names and contacts."""
        content = zip(*(rows.column(name).to_pylist() for name in _CONTENT), strict=True)
        hashed = pa.array([f"C-{key_hash(*row)[:12]}" for row in content], pa.string())
        ids = pc.coalesce(rows.column("number"), hashed)
        name, contact = rows.column("complainant"), rows.column("contact")
        held = pa.RecordBatch.from_arrays([ids, name, contact], schema=COMPLAINANTS)
        self._held.append(held.filter(pc.or_(name.is_valid(), contact.is_valid())))
        nothing = pa.nulls(rows.num_rows, pa.string())
        replaced = {"number": ids, "complainant": nothing, "contact": nothing}
        columns = [replaced.get(name, rows.column(name)) for name in rows.schema.names]
        return pa.RecordBatch.from_arrays(columns, schema=rows.schema)

    def complainants(self) -> Any:
        """Id of the complaint, name and contact of everybody who complained."""
        return pa.Table.from_batches(self._held, COMPLAINANTS)

    def keep(self, folder: Path) -> None:
        """Put names and contacts into the vault of a project's folder."""
        complainants = self.complainants()
        if complainants.num_rows:
            Vault(folder, "complainants").keep(complainants)


# A report is accepted within seven days since the matter is known.
DAYS_TO_REPORT: Final = 7
_RENAMED: Final = {"received": "received_at", "known_since": "known_at", "account": "account_ref", "post": "post_ref"}
_SHOWN: Final = 10


def complaint_tables(
    workspace: Workspace, checked: Any, notes: list[str], source: str, folder: Path
) -> list[GraphTable]:
    """The tables of a checked sheet of complaints.

    Args:
        workspace: where the accounts and posts are.
        checked: Arrow table of the accepted rows.
        notes: of the load; what could not be linked or found is added.
        source: id of the import.
        folder: of the sheet; evidence is looked for there and below.
    """
    rows = _deduped(checked.to_pylist(), source)
    _add_evidence(rows, folder, notes)
    known = known_complaints(workspace.store, [row["id"] for row in rows]) if workspace.store.exists else set()
    for row in rows:
        if row["status"] is None and row["id"] not in known:
            row["status"] = "new"
    accounts, posts = _meant(workspace, rows)
    notes += _linking_notes(rows, accounts, posts)
    return [_nodes(rows), *_links(rows, accounts, posts)]


def relink(workspace: WritableWorkspace) -> int:
    """Link complaints with accounts and posts that have come into the graph since; the number of new links."""
    unlinked = unlinked_complaints(workspace.store)
    tables = _links(unlinked, *_meant(workspace, unlinked))
    if not tables:
        return 0
    with workspace.store.write("links") as writing:
        return sum(writing.add(table).new for table in tables)


def _deduped(rows: list[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    """One row a complaint, as the model has it: later cells win over earlier ones, and every row is a source."""
    properties = schema_of(node("Complaint")).names
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        complaint = found.setdefault(row["number"], dict.fromkeys(properties) | {"id": row["number"], "sources": []})
        said = {_RENAMED.get(name, name): value for name, value in row.items()}
        complaint.update({k: v for k, v in said.items() if k in complaint and v is not None})
        complaint["sources"].append(f"{source}:{row['row']}")
    for complaint in found.values():
        complaint["platform"] = complaint["platform"] or _platform(complaint)
        if complaint["known_at"] is not None:
            # 9999-12-31, an open end, has no day behind it.
            with suppress(OverflowError):
                last = date.fromisoformat(complaint["known_at"]) + timedelta(days=DAYS_TO_REPORT)
                complaint["deadline"] = last.isoformat()
    return list(found.values())


def _platform(complaint: dict[str, Any]) -> str | None:
    """The platform that the address of the account or the post gives."""
    account, post = complaint["account_ref"], complaint["post_ref"]
    return (account and account_reference(account).platform) or (post and post_reference(post).platform) or None


def _add_evidence(rows: list[dict[str, Any]], folder: Path, notes: list[str]) -> None:
    """The digest of each file of evidence that lies in the sheet's folder or below it; others are not opened."""
    missing = []
    for row in rows:
        if row["evidence"] is None:
            continue
        row["evidence_sha256"] = _sha256(folder, row["evidence"])
        row["evidence"] = row["evidence"].replace("\\", "/").rpartition("/")[2]
        if row["evidence_sha256"] is None:
            missing.append(row["id"])
    if missing:
        notes.append(Note("load.no_evidence", ids=_listed(missing)))


def _sha256(folder: Path, name: str) -> str | None:
    try:
        root = folder.resolve()
        path = (root / name.replace("\\", "/")).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            return None
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


_Meant = dict[Text, tuple[Key, ...]]


def _meant(workspace: Workspace, rows: list[dict[str, Any]]) -> tuple[_Meant, _Meant]:
    """The accounts and pages, and the posts, that the rows may mean."""
    accounts = {(row["account_ref"], row["platform"]) for row in rows if row["account_ref"]}
    posts = {(row["post_ref"], row["platform"]) for row in rows if row["post_ref"]}
    return (
        candidates(workspace, accounts, ("Account", "Page"), behind=True) if accounts else {},
        candidates(workspace, posts, ("Post",), behind=True) if posts else {},
    )


def _linking_notes(rows: list[dict[str, Any]], accounts: _Meant, posts: _Meant) -> Iterator[str]:
    named = {r["id"]: accounts[r["account_ref"], r["platform"]] for r in rows if r["account_ref"]}
    meant = {id: [key.id for key in keys if key.label == "Account"] for id, keys in named.items()}
    short = [r["id"] for r in rows if any(is_short_link(r[ref] or "") for ref in ("account_ref", "post_ref"))]
    if short:
        yield Note("load.short_link", ids=_listed(short), remedy=problem(SHORT.name).remedy)
    unknown = [id for id, keys in named.items() if not keys]
    pages = [id for id, keys in named.items() if keys and not meant[id]]
    if unknown:
        yield Note("load.accused_unknown", ids=_listed(unknown))
    if pages:
        yield Note("load.accused_page", ids=_listed(pages))
    for id, of in meant.items():
        if len(of) > 1:
            yield Note("load.several_accused", id=id, ids=_listed(of))
    for row in rows:
        seen = [key.id for key in posts.get((row["post_ref"], row["platform"]), ())]
        if len(seen) > 1:
            yield Note("load.several_posts", id=row["id"], ids=_listed(seen))


def _listed(ids: Iterable[str]) -> str:
    all_ids = list(ids)
    more = f" and {len(all_ids) - _SHOWN} more" if len(all_ids) > _SHOWN else ""
    return ", ".join(all_ids[:_SHOWN]) + more


def _nodes(rows: list[dict[str, Any]]) -> GraphTable:
    return node_rows("Complaint", sorted(rows, key=lambda row: str(row["id"])))


def _links(rows: list[dict[str, Any]], accounts: _Meant, posts: _Meant) -> list[GraphTable]:
    """ABOUT, where a text means one thing only."""
    tables = []
    for label, of, ref in (("Account", accounts, "account_ref"), ("Post", posts, "post_ref")):
        links = []
        for row in rows:
            meant = [key.id for key in of.get((row[ref], row["platform"]), ()) if key.label == label]
            if len(meant) == 1:
                ends = (row["id"], meant[0])
                links.append({"from": ends[0], "to": ends[1], "id": key_hash(*ends), "sources": row["sources"]})
        if links:
            tables.append(relation_rows("ABOUT", "Complaint", label, links))
    return tables
