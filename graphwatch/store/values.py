"""Whole nodes, relations and paths in an answer, made the same on every engine: JSON text."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

_Whole = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def normalised(table: pa.Table, whole: _Whole = dict) -> pa.Table:
    """The rows with the types that every engine gives.

    Whole numbers are int64 (an engine may sum them to decimals); nodes, relations, paths and maps are JSON texts
    without internal ids and unknown properties.

    Args:
        table: as an engine gave it.
        whole: makes the declared properties of a node or relation of those that the engine keeps.
    """
    table = whole_numbers(table)
    for index, field in enumerate(table.schema):
        if _has_struct(field.type):
            texts = [as_text(plain(value, whole)) for value in table.column(index).to_pylist()]
            table = table.set_column(index, field.name, pa.array(texts, pa.string()))
    return table


def whole_numbers(table: pa.Table) -> pa.Table:
    """The table with int64 and float64 for the decimals of an engine."""
    for index, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            whole = pa.int64() if field.type.scale == 0 else pa.float64()
            table = table.set_column(index, field.name, table.column(index).cast(whole))
    return table


def column_of(values: list[Any]) -> pa.Array:
    """An Arrow column of Python values; what has no common type becomes JSON text."""
    if any(isinstance(v, dict) or (isinstance(v, list) and any(isinstance(i, dict) for i in v)) for v in values):
        return pa.array([as_text(v) for v in values], pa.string())
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([v if v is None or isinstance(v, str) else as_text(v) for v in values], pa.string())


def batch_of(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows of values in the order of a schema, as columns of its types.

    >>> schema = pa.schema([("id", pa.string()), ("n", pa.int64())])
    >>> batch_of([["x:1", 2], ["x:2", None]], schema)["n"].to_pylist(), batch_of([], schema).num_rows
    ([2, None], 0)
    """
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def as_text(value: Any) -> str | None:
    """JSON with sorted keys; null stays null."""
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def plain(value: Any, whole: _Whole = dict) -> Any:
    """What the embedded engine returns for a node, relation or path, without its internals.

    >>> plain({"_ID": {"offset": 0, "table": 0}, "_LABEL": "Account", "id": "x:1", "name": None})
    {'label': 'Account', 'id': 'x:1'}
    """
    if isinstance(value, list):
        return [plain(v, whole) for v in value]
    if not isinstance(value, dict):
        return value
    if "_NODES" in value:
        return {"nodes": plain(value["_NODES"], whole), "relations": plain(value["_RELS"], whole)}
    declared = whole(value) if "_LABEL" in value else value
    kept = {k: plain(v, whole) for k, v in declared.items() if v is not None and not k.startswith("_")}
    if "_LABEL" in value:
        return {"type" if "_SRC" in value else "label": value["_LABEL"], **kept}
    return kept


def _has_struct(type: pa.DataType) -> bool:
    if pa.types.is_list(type):
        return _has_struct(type.value_type)
    return bool(pa.types.is_struct(type) or pa.types.is_map(type) or pa.types.is_union(type))
