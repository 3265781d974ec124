"""The sources of a store: what was loaded, how it was obtained, and how long it may be kept."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from graphwatch.common.clock import today
from graphwatch.model import node
from graphwatch.store.base import ReadableStore

_LOADED_AT: Final = "MATCH (s:Source) WHERE s.id = $id RETURN s.loaded_at_ms AS at_ms"
_LOADED_SINCE: Final = "MATCH (s:Source) WHERE s.loaded_at_ms >= $since RETURN s.id AS id ORDER BY id"
_RETENTION: Final = (
    "MATCH (s:Source) RETURN s.id AS id, s.file AS file, s.keep_until AS keep_until, s.erased_at_ms AS erased_at_ms "
    "ORDER BY id"
)
_TOLD: Final = (
    "MATCH (s:Source) WHERE s.id IN $ids RETURN s.id AS source, s.file AS file, s.kind AS kind, "
    "s.acquisition AS acquisition, s.acquired_by AS acquired_by, s.legal_basis AS legal_basis, "
    "s.keep_until AS keep_until, s.loaded_at_ms AS loaded_at_ms ORDER BY source"
)


class Acquired(NamedTuple):
    """How a source was obtained; `platforms` is None for one loaded before sources named them, `mapping` is JSON."""

    acquisition: str
    platforms: list[str] | None
    mapping: str


class Retained(NamedTuple):
    """A source, the last day for which it may be kept as it was written, and when it was erased."""

    id: str
    file: str
    keep_until: str | None
    erased_at_ms: int | None


def source_sha256(store: ReadableStore, id: str) -> str | None:
    """The whole digest of the source with that short id; None where it was not loaded, or its load was undone.

    What was erased at the end of its retention counts as loaded: it must not come back.
    """
    for row in store.rows("Source", ("sha256", "keep_until", "loaded_at_ms", "erased_at_ms"), ids=[id]).to_pylist():
        kept = row["keep_until"] is None or row["keep_until"] >= today().isoformat()
        undone = row["erased_at_ms"] is not None and row["erased_at_ms"] > row["loaded_at_ms"]
        return None if undone and kept else str(row["sha256"])
    return None


def roster_keys(store: ReadableStore) -> set[str]:
    """Fingerprints of the keys with which rosters were loaded; there should be one at most."""
    return set(store.rows("Source", ("roster_key",))["roster_key"].drop_null().to_pylist())


def has_roster(store: ReadableStore) -> bool:
    """Whether a roster was loaded."""
    return bool(roster_keys(store))


def acquired(store: ReadableStore) -> list[Acquired]:
    """How the sources that are no rosters were obtained, where somebody has stated it."""
    found = store.rows("Source", ("roster_key", "acquisition", "platforms", "mapping")).to_pylist()
    return [
        Acquired(row["acquisition"], row["platforms"], row["mapping"])
        for row in found
        if row["roster_key"] is None and row["acquisition"] is not None
    ]


def loaded_at_ms(store: ReadableStore, id: str) -> int | None:
    """When that source was loaded; None where there is none."""
    found = store.read(_LOADED_AT, {"id": id})
    return int(found["at_ms"][0].as_py()) if found.num_rows else None


def loaded_since(store: ReadableStore, since_ms: int) -> tuple[str, ...]:
    """Ids of the sources loaded at that instant or later."""
    return tuple(store.read(_LOADED_SINCE, {"since": since_ms})["id"].to_pylist())


def retained(store: ReadableStore) -> list[Retained]:
    """Every source with the end of its retention, by id."""
    return [Retained(**row) for row in store.read(_RETENTION).to_pylist()]


def sources_told(store: ReadableStore, ids: list[str]) -> list[dict[str, Any]]:
    """What is told of sources to whoever asks what is stored about them.

    Returns:
        source, file, kind, acquisition, acquired_by, legal_basis, keep_until and loaded_at_ms of each, by source.
    """
    rows: list[dict[str, Any]] = store.read(_TOLD, {"ids": ids}).to_pylist() if ids else []
    return rows


def sources_by_id(store: ReadableStore, ids: Collection[str]) -> list[Mapping[str, Any]]:
    """Sources with all properties that the model declares for them, by id."""
    columns = ", ".join(f"s.{p.name} AS {p.name}" for p in node("Source").properties)
    query = f"MATCH (s:Source) WHERE s.id IN $ids RETURN {columns} ORDER BY id"
    rows: list[Mapping[str, Any]] = store.read(query, {"ids": list(ids)}).to_pylist() if ids else []
    return rows


def digests_of_sources(store: ReadableStore) -> list[Mapping[str, Any]]:
    """All sources in order of their loading, without file names and who acquired them.

    Returns:
        id, file_sha256, loaded_at_ms, acquisition and legal_basis; the last two are free texts.
    """
    rows: list[Mapping[str, Any]] = store.read(
        "MATCH (s:Source) RETURN s.id AS id, s.file_sha256 AS file_sha256, s.loaded_at_ms AS loaded_at_ms, "
        "s.acquisition AS acquisition, s.legal_basis AS legal_basis ORDER BY loaded_at_ms, id"
    ).to_pylist()
    return rows
