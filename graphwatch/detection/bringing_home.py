"""Bring home the acts behind what was found among acts in files, so that the store can show them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.common.large_arrays import CHUNK_ROWS
from graphwatch.detection.counting.pairs import Ints, Longs, arrange, objects_of
from graphwatch.detection.run import Ran
from graphwatch.ingest.config import LoadConfig
from graphwatch.ingest.loading import load
from graphwatch.ingest.provenance import Provenance
from graphwatch.model.tables import InteractionColumns
from graphwatch.store.workspace import WritableWorkspace


def bring_home(workspace: WritableWorkspace, ran: Ran, columns: InteractionColumns, where: str, scratch: Path) -> int:
    """Load the acts behind what was found, so that the store can show them; returns how many.

    They are those of each pair on the posts where the two are together, those of bursts, and those with regular lags.

    Args:
        where: whence the acts came, for the record of sources.
    """
    rows = _behind(ran, columns)
    if not len(rows):
        return 0
    file = scratch / f"{ran.whole.run}.parquet"
    account, object = (
        ids.take(pa.array(codes[rows]))
        for ids, codes in ((columns.accounts, columns.account), (columns.objects, columns.object))
    )
    platform, native = _parts(account)
    table = pa.table(
        {
            "account": native,
            "object": _parts(object)[1],
            "kind": pa.array(columns.kinds, pa.string()).take(pa.array(columns.kind[rows])),
            "platform": platform,
            "at": pa.array(columns.at_ms[rows]).cast(pa.timestamp("ms", "UTC")),
        }
    )
    pq.write_table(table, file)
    load(
        workspace,
        file,
        LoadConfig(time="acted"),
        provenance=Provenance(acquisition=f"acts behind findings, from {where}"),
    )
    return len(rows)


def _parts(ids: pa.StringArray) -> tuple[pa.Array, pa.Array]:
    split = pc.split_pattern(ids, ":", max_splits=1)
    return pc.list_element(split, 0), pc.list_element(split, 1)


def _behind(ran: Ran, columns: InteractionColumns) -> Longs:
    """Places of the acts behind what was found."""
    whole = ran.whole
    actions = arrange(columns.account, columns.object, columns.at_ms, columns.kind, accounts=len(columns.accounts))
    every = np.ones(len(whole.pairs), np.bool_)
    pair, object = objects_of(actions, whole.pairs, every, whole.parameters.window_ms)
    ends = [_keys(side[pair], object) for side in (whole.pairs.first, whole.pairs.second)]
    ends += [_keys(layer.acts.account, layer.acts.post) for layer in ran.layers]
    ends += [] if ran.lags is None else [_keys(*ran.lags.acts)]
    keys = np.unique(np.concatenate(ends))
    found = [np.empty(0, np.int64)]
    for begin in range(0, len(columns.account), CHUNK_ROWS):
        chunk = slice(begin, begin + CHUNK_ROWS)
        found.append(begin + np.flatnonzero(np.isin(_keys(columns.account[chunk], columns.object[chunk]), keys)))
    return np.concatenate(found)


def _keys(account: Ints, object: Ints) -> Longs:
    keys: Longs = account.astype(np.int64) << 32 | object.astype(np.int64)
    return keys
