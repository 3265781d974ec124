"""The watchlist in the graph, and which accounts may be on it."""

from typing import Any, Final

from graphwatch.repository.roster import in_force
from graphwatch.store.base import ReadableStore

# Taking off and putting on again leaves both times: no value can be taken away by writing.
_WATCHED: Final = (
    "MATCH (w:Watch)-[:WATCHES]->(n:{label}) WHERE (w.removed_at_ms IS NULL OR w.removed_at_ms < w.added_at_ms) "
    "RETURN w.id AS id, w.kind AS kind, n.handle AS handle, n.platform AS platform, w.reason AS reason, "
    "w.added_by AS added_by, w.added_at_ms AS added_at_ms ORDER BY id"
)
_ON_ROSTER: Final = (
    f"MATCH (a:Account)-[b:{{type}}]->(n:{{label}}) WHERE a.id = $id AND {in_force('b', '$at_ms')} RETURN b.id AS id"
)


def watched_now(store: ReadableStore) -> list[dict[str, Any]]:
    """What is on the watchlist, accounts before pages, each by id.

    Returns:
        id, kind, handle, platform, reason, added_by and added_at_ms of each.
    """
    return [row for label in ("Account", "Page") for row in store.read(_WATCHED.format(label=label)).to_pylist()]


def on_roster(store: ReadableStore, account: str, at_ms: int) -> bool:
    """Whether an account is a person's or an agency's at that time: who has left the roster is not on it."""
    given = {"id": account, "at_ms": at_ms}
    kinds = (("BELONGS_TO", "Asn"), ("OPERATED_BY", "Agency"))
    return any(store.read(_ON_ROSTER.format(type=type, label=label), given).num_rows for type, label in kinds)
