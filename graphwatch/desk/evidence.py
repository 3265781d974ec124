"""The acts behind a lead, as a table of a screen."""

from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa

from graphwatch.common.table import Table
from graphwatch.desk.tables import Listed
from graphwatch.explain.model import Explanation, RegularLag

_EVIDENCE: Final = pa.schema(
    [
        ("at_ms", pa.int64()),
        *((name, pa.string()) for name in ("account", "handle", "kind", "post", "url", "text")),
        ("lag_s", pa.float64()),
    ]
)


def evidence(explained: Explanation | RegularLag | None) -> Listed:
    """The acts in bursts, or with a regular lag, in order of time: the evidence, an act a row; none of other leads."""
    rows = [] if explained is None else _in_bursts(explained) if explained.kind != "lag" else _at_lag(explained)
    rows.sort(key=lambda row: (row["at_ms"], row["account"]))
    return Listed(
        Table(pa.Table.from_pylist(rows, schema=_EVIDENCE)),
        facets=("kind",),
        hidden=("account", "post", *(name for name in ("text", "lag_s") if not any(row.get(name) for row in rows))),
        links={
            "handle": lambda row: f"/accounts/Account/{quote(row['account'], safe='')}",
            "url": lambda row: f"/accounts/Post/{quote(row['post'], safe='')}",
        },
    )


def _in_bursts(explained: Explanation) -> list[dict[str, Any]]:
    handles = {member.account: member.handle for member in explained.members}
    return [
        {
            "at_ms": act.at_ms,
            "account": act.account,
            "handle": handles.get(act.account) or act.account,
            "kind": act.kind,
            "post": burst.object,
            "url": burst.url or burst.object,
            "text": burst.text,
        }
        for burst in explained.bursts
        for act in burst.acts
    ]


def _at_lag(explained: RegularLag) -> list[dict[str, Any]]:
    own = {"account": explained.id, "handle": explained.handle or explained.id}
    return [
        {
            **own,
            "at_ms": act.at_ms,
            "kind": act.kind,
            "post": act.post,
            "url": act.url or act.post,
            "lag_s": (act.at_ms - act.published_ms) / 1000,
        }
        for act in explained.acts
    ]
