"""Which clusters of earlier runs the clusters of a new one continue."""

import json
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from graphwatch.api.project import Project
from graphwatch.scope import lasting

if TYPE_CHECKING:
    from graphwatch.detect import Found, Predecessors, Ran


def predecessors(project: Project, ran: "Ran") -> dict[str, "Predecessors"]:
    """For each layer of a new run, what it continues of the latest complete run that asked the same of that layer.

    Two runs ask the same when at most the time range, the data, the seed and the other layers differ.
    """
    found: dict[str, Predecessors] = {}
    with project.store.session():
        earlier = _alike(project, ran.whole)
        for layer in ran.layers:
            run = next((run for run, layers in earlier if layer.layer in layers), None)
            if run is not None and len(layer.clusters):
                found[layer.layer] = _continued(project, layer, run)
    return found


def _alike(project: Project, found: "Found") -> list[tuple[str, set[str]]]:
    """Complete runs that asked the same, and the layers of each, the latest first."""
    from graphwatch.detect import ALL

    rows: list[dict[str, Any]] = project.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' AND r.window_ms = $window_ms AND r.min_objects = $min_objects "
        "RETURN r.id AS id, r.parameters AS parameters, r.layers AS layers ORDER BY r.created_at_ms DESC, id",
        {"window_ms": found.parameters.window_ms, "min_objects": found.parameters.min_objects},
    ).to_pylist()
    asked = lasting(found.parameters.as_json())
    return [(r["id"], {ALL, *json.loads(r["layers"] or "{}")}) for r in rows if lasting(r["parameters"]) == asked]


def _continued(project: Project, found: "Found", run: str) -> "Predecessors":
    from graphwatch.detect import Predecessors, continued

    earlier = project.store.read(
        "MATCH (a:Account)-[:MEMBER_OF]->(k:Cluster) WHERE k.run = $run AND k.layer = $layer "
        "RETURN a.id AS account, k.number AS number",
        {"run": run, "layer": found.layer},
    )
    code = pc.fill_null(pc.index_in(earlier["account"].combine_chunks(), value_set=found.accounts), -1)
    clusters = found.clusters
    return Predecessors(run, continued(clusters.member, clusters.of, code, earlier["number"]))
