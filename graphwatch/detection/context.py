"""What the graph knows beside the interactions: the roster's links, and whose posts the posts are."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.validity import Validity
from graphwatch.model.tables import InteractionColumns
from graphwatch.repository.paslon import behind_objects
from graphwatch.repository.roster import roster_links
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.enrichment import Context, Links, Roster, Targets

Row = dict[str, Any]


def context_of(workspace: Workspace, columns: InteractionColumns, object: str) -> "Context":
    """The roster's links of accounts that acted and the pages and paslon behind objects, as codes of these columns.

    Args:
        workspace: whose store is read.
        columns: what a run sees.
        object: what counts as the object: post, page, link or hashtag.
    """
    from graphwatch.detection.enrichment import Context

    digest = sha256()
    with workspace.store.session():
        roster = roster_of(workspace, columns, digest)
        behind = {
            label: _known(table, "object", columns.objects)
            for label, table in behind_objects(workspace.store, object).items()
        }
    targets = tuple(_targets(label, rows, columns, digest) for label, rows in behind.items())
    return Context(roster, targets, _platforms(columns.accounts), digest.hexdigest())


def roster_of(workspace: Workspace, columns: InteractionColumns, digest: Any = None) -> "Roster | None":
    """The roster's links of accounts that acted, added to the digest; None where no roster is loaded."""
    from graphwatch.detection.enrichment import BASES, Roster

    linked = roster_links(workspace.store)
    if linked is None:
        return None
    people, agencies, duty = (_known(table, "account", columns.accounts) for table in linked)
    if digest:
        digest.update(repr(("roster", people, agencies, duty)).encode())
    ids = pa.array(sorted({row["to"] for row in agencies + duty}), pa.string())
    known = [row for row in people if row["to"] in BASES]
    return Roster(
        _links(known, pa.array(BASES), columns), _links(agencies, ids, columns), _links(duty, ids, columns), ids
    )


def _known(table: pa.Table, name: str, ids: pa.StringArray) -> list[Row]:
    """The rows whose account or object is among these, in an order that no engine decides."""
    found = table.filter(pc.is_in(table[name].cast(pa.string()), value_set=ids)).to_pylist()
    return sorted(found, key=lambda row: [(value is None, value) for value in row.values()])


def _links(rows: list[Row], ids: pa.StringArray, columns: InteractionColumns) -> "Links":
    """Links as codes; an open end is open, and employment must be in force as well."""
    from graphwatch.detection.enrichment import Links

    bounds = [
        (Validity(row["from_ms"], row["to_ms"]) & Validity(row.get("works_from_ms"), row.get("works_to_ms"))).bounds
        for row in rows
    ]
    return Links(
        _codes(rows, "account", columns.accounts),
        _codes(rows, "to", ids),
        np.array([from_ms for from_ms, _ in bounds], np.int64),
        np.array([to_ms for _, to_ms in bounds], np.int64),
    )


def _codes(rows: list[Row], name: str, ids: pa.StringArray) -> Any:
    values = pa.array([row[name] for row in rows], pa.string())
    return np.array(pc.index_in(values, value_set=ids).to_pylist(), np.int32)


def _targets(label: str, rows: list[Row], columns: InteractionColumns, digest: Any) -> "Targets":
    from graphwatch.detection.enrichment import Targets

    digest.update(repr((label, rows)).encode())
    ids = pa.array(sorted({row["to"] for row in rows}), pa.string())
    return Targets(label, ids, _codes(rows, "object", columns.objects), _codes(rows, "to", ids))


def _platforms(accounts: pa.StringArray) -> Any:
    """A code for each account's platform, which its id begins with."""
    return np.unique([id.partition(":")[0] for id in accounts.to_pylist()], return_inverse=True)[1].astype(np.int32)
