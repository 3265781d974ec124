"""Interactions as a document lists them, with the rows of files that they are from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphwatch.report.cases.model import Evidence
from graphwatch.repository.bursts import bursts_of_cluster
from graphwatch.repository.interactions import Act, acts_of, publishers_of
from graphwatch.repository.sources import sources_by_id
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.report.cases.names import Names

Source = Mapping[str, object]


def acts_in_bursts(workspace: Workspace, cluster: str, accounts: Sequence[str]) -> tuple[list[Act], dict[str, int]]:
    """The interactions of the bursts of a cluster with what the graph knows of each, in order of time.

    Args:
        workspace: whose store is read.
        cluster: its id.
        accounts: its members.

    Returns:
        The interactions, and the number of the burst of each by the id of the interaction.
    """
    burst_of = {id: burst.number for burst in bursts_of_cluster(workspace.store, cluster) for id in burst.interactions}
    return [act for act in acts_of(workspace.store, accounts) if act.id in burst_of], burst_of


def sources_of(workspace: Workspace, acts: Iterable[Act], names: "Names") -> tuple[Source, ...]:
    """The Sources that supplied these interactions; file names and what names a masked account are withheld."""
    ids = sorted({row.rpartition(":")[0] for act in acts for row in act.sources})
    return tuple(_told_source(source, names) for source in sources_by_id(workspace.store, ids))


def _told_source(source: Mapping[str, Any], names: "Names") -> Source:
    told = {key: None if isinstance(v, str) and names.names(v) else v for key, v in source.items()}
    return {**told, "id": source["id"], "file": None if names.masked else told["file"]}


def as_evidence(
    workspace: Workspace, acts: Sequence[Act], burst_of: Mapping[str, int], sources: Sequence[Source], names: "Names"
) -> tuple[Evidence, ...]:
    """The interactions as a document lists them, with the number of the burst where `burst_of` has it."""
    digests = {str(s["id"]): s["file_sha256"] for s in sources}
    pages = publishers_of(workspace.store, sorted({act.object for act in acts}))
    return tuple(
        Evidence(
            account=names.account(act.account),
            kind=act.kind,
            post=act.object if act.kind == "FOLLOWED" else names.post(act.object),
            at_ms=act.at_ms,
            at=act.at,
            page=pages[act.object].called if act.object in pages else None,
            burst=burst_of.get(act.id),
            text=names.text(act.text),
            url=None if names.masked else act.url,
            rows=tuple(_supplied(row, digests) for row in act.sources),
        )
        for act in acts
    )


def _supplied(reference: str, digests: Mapping[str, object]) -> tuple[str, str, str | None]:
    id, _, row = reference.rpartition(":")
    digest = digests.get(id)
    return id, row, None if digest is None else str(digest)
