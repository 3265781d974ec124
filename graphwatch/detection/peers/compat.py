"""Compat: the tables that two other tools would give for the same rows, for comparison with work done in them."""

from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.table import Table
from graphwatch.detection.config import CompatConfig
from graphwatch.errors import UsageError
from graphwatch.model.declaring import Type
from graphwatch.model.tables import ARROW_TYPES
from graphwatch.repository.interactions import source_ids, supplied_acts, untimed_acts
from graphwatch.store.workspace import Workspace

TABLES: Final = {"coortweet": ("edges", "pairs"), "toolkit": ("edges",)}
_TEXT, _INTEGER = ARROW_TYPES[Type.TEXT], ARROW_TYPES[Type.INTEGER]


def compat(workspace: Workspace, tool: Literal["coortweet", "toolkit"], config: CompatConfig) -> Table:
    """What CooRTweet or the Coordination Network Toolkit would answer; see `Project.compat`."""
    from graphwatch.detection.peers.coortweet import coortweet_edges, coortweet_pairs
    from graphwatch.detection.peers.toolkit import toolkit_edges

    table, window = config.table, config.window
    if table not in TABLES.get(tool, ()):
        raise UsageError(
            f"there is no table {table!r} of {tool!r}",
            remedy="Choose edges or pairs of coortweet, or edges of toolkit.",
        )
    rows, untimed = _rows(workspace)
    if tool == "toolkit":
        answer = toolkit_edges(rows, window, config.min_weight)
    elif table == "pairs":
        answer = coortweet_pairs(rows, window, config.min_participation)
    else:
        answer = coortweet_edges(rows, window, config.min_participation, config.edge_weight)
    return Table(answer.replace_schema_metadata(None), untimed=untimed)


def _rows(workspace: Workspace) -> tuple[pa.Table, int]:
    """Rows as they were in the files that were loaded, first file first; and how many interactions have no time."""
    with workspace.store.session(of_record=True):
        loaded = pa.chunked_array([source_ids(workspace.store)], _TEXT)
        interactions = supplied_acts(workspace.store).combine_chunks()
        untimed = untimed_acts(workspace.store)
    return _native(_as_supplied(interactions, loaded)), untimed


def _as_supplied(interactions: pa.Table, loaded: pa.ChunkedArray) -> pa.Table:
    """Each interaction as often as rows supplied it, in the order of sources and of the rows in them."""
    sources = interactions["sources"].combine_chunks()
    parts = pc.split_pattern(pc.list_flatten(sources), ":", max_splits=1, reverse=True)
    order = pa.table(
        {
            "interaction": pc.list_parent_indices(sources),
            "source": pc.index_in(pc.list_element(parts, 0), value_set=loaded.combine_chunks()),
            "row": pc.list_element(parts, 1).cast(_INTEGER),
        }
    ).sort_by([("source", "ascending"), ("row", "ascending"), ("interaction", "ascending")])
    return interactions.drop_columns(["sources"]).take(order["interaction"])


def _native(rows: pa.Table) -> pa.Table:
    """Native ids where all are of one platform; else contents get their platform too, to tell them apart."""
    parts = pc.split_pattern(rows["account"], ":", max_splits=1)
    platform = pc.list_element(parts, 0)
    if len(pc.unique(platform)) > 1:
        content = pc.binary_join_element_wise(platform, rows["content"], ":")
        return rows.set_column(rows.schema.get_field_index("content"), "content", content)
    for name in ("account", "object"):
        native = pc.list_element(pc.split_pattern(rows[name], ":", max_splits=1), 1)
        rows = rows.set_column(rows.schema.get_field_index(name), name, native)
    return rows
