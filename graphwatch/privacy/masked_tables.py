"""Tables with nothing in them by which an account or an act can be found again; what is not known to be safe goes."""

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.table import Table
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.privacy.times import Times

# Columns whose values are ids of accounts, of posts and of interactions.
_ACCOUNTS: Final = frozenset(
    ("account", "account_a", "account_b", "accounts", "first_account", "last_account", "partner", "member", "members")
)
_POSTS: Final = frozenset(("post", "posts"))
_INTERACTIONS: Final = frozenset(("interaction",))
# Columns of words that describe and name nobody; pages and paslon are public campaign bodies.
_KEPT: Final = frozenset(
    (
        *(
            "kind",
            "kinds",
            "basis",
            "time_basis",
            "validity",
            "confidence",
            "platform",
            "class",
            "registered",
            "page",
            "pages",
            "paslon",
        ),
        *("paslon_name", "agency", "agency_name", "phase", "calendar", "first_day", "last_day", "day", "status"),
        *("outcome", "seen", "entered", "run", "cluster", "top_agency", "lead_kind", "projection", "layer"),
        *("value", "month", "weekday", "deadline", "provision", "label", "metric", "window_ms", "engine"),
    )
)
# Nearly every pair has its own: whoever holds the public records finds it by them.
_STATISTICS: Final = frozenset(
    (
        *("shared", "median_gap_s", "gap_ms", "first_share", "opportunities", "expected", "log10_p", "q", "q_min"),
        *("interest_expected", "interest_log10_p", "interest_q", "half_time_s", "row", "rows"),
    )
)


def masked_table(table: Table, pseudonyms: Pseudonyms, times: Times) -> Table:
    """The table as it may be handed on: pseudonyms for ids, phases for times, and only columns known to name nobody.

    Columns of words that are not known to be safe are left out, and so is what is measured of single pairs: a name
    that was overlooked here is missing there, and never the other way.

    >>> rows = Table(pa.table({"account": ["x:1"], "handle": ["ani"], "kind": ["LIKED"], "at_ms": [1_727_197_201_234]}))
    >>> list(masked_table(rows, Pseudonyms(b"k" * 32), Times()))
    [{'account': 'A-MOWXXOGS5FBJYVBD', 'kind': 'LIKED', 'at': '2024-09'}]
    """
    rows = table.to_arrow()
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for name in rows.column_names:
        kept = _column(name, rows, pseudonyms, times)
        if kept is not None:
            columns[name.removesuffix("_ms") if name.endswith("_ms") else name] = kept
    return Table(pa.table(columns), cut=table.cut, differs=table.differs, untimed=table.untimed, empty=table.empty)


def _column(name: str, rows: pa.Table, pseudonyms: Pseudonyms, times: Times) -> Any:
    """What stands in its place; None where it is left out."""
    column = rows[name]
    kind = column.type
    if name in _ACCOUNTS and not pa.types.is_integer(kind):
        return _renamed(column, pseudonyms.account)
    if name in _POSTS and not pa.types.is_integer(kind):
        return _renamed(column, pseudonyms.post)
    if name in _INTERACTIONS and pa.types.is_string(kind):
        return _renamed(column, pseudonyms.relation)
    if name in _STATISTICS:
        return None
    if pa.types.is_integer(kind) and name.endswith("_ms"):
        whose = _whose(rows) or ([None] * len(rows))
        return pa.array([times.said(at, of) for at, of in zip(column.to_pylist(), whose, strict=True)], pa.string())
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind) or name in _KEPT:
        return column
    return None


def _whose(rows: pa.Table) -> list[str | None]:
    """The first account of each row; empty where no column names one."""
    named = [rows[name] for name in rows.column_names if name in _ACCOUNTS and pa.types.is_string(rows[name].type)]
    return pc.coalesce(*named).to_pylist() if named else []


def accounts_in(table: Table) -> set[str]:
    """The accounts that stand in a table, each in a cell of its own."""
    return {account for account in _whose(table.to_arrow()) if account is not None}


def _renamed(column: pa.ChunkedArray, renamed: Any) -> pa.Array:
    def told(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(str(one)) for one in value if one is not None]
        return None if value is None else renamed(str(value))

    kind = pa.list_(pa.string()) if pa.types.is_list(column.type) else pa.string()
    return pa.array([told(value) for value in column.to_pylist()], kind)
