"""Rows of complaints: what one must say, and the door at which those who complained stay behind."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.quarantine import Problem
from graphwatch.ingest.times import Mask
from graphwatch.model import key_hash

COMPLAINANTS: Final = pa.schema([(name, pa.string()) for name in ("id", "name", "contact")])

_SAYS_NOTHING: Final = Problem(
    "a complaint that says nothing", "Give its text, the accused account or the post; at least one of them."
)
_CONTENT: Final = ("channel", "received", "text", "platform", "account", "post", "kind", "at")


def check_complaints(columns: dict[str, Any], count: int) -> list[tuple[Mask, Problem]]:
    """What the cells of one row say together: something to look into."""
    given = [columns[name].is_valid() for name in LOADS["complaints"].one_of if name in columns]
    says: Mask = np.zeros(count, np.bool_)
    for column in given:
        says = says | column.to_numpy(zero_copy_only=False)
    return [(~says, _SAYS_NOTHING)]


class ComplaintDoor:
    """Where complaints come in: who complained stays behind for the vault, and every complaint gets its id."""

    def __init__(self) -> None:
        self._held: list[pa.RecordBatch] = []

    def __repr__(self) -> str:
        return "ComplaintDoor(complainants withheld)"

    def through(self, rows: Any) -> Any:
        """The rows with their ids in `number` and without names and contacts."""
        content = zip(*(rows.column(name).to_pylist() for name in _CONTENT), strict=True)
        hashed = pa.array([f"C-{key_hash(*row)[:12]}" for row in content], pa.string())
        ids = pc.coalesce(rows.column("number"), hashed)
        name, contact = rows.column("complainant"), rows.column("contact")
        held = pa.RecordBatch.from_arrays([ids, name, contact], schema=COMPLAINANTS)
        self._held.append(held.filter(pc.or_(name.is_valid(), contact.is_valid())))
        nothing = pa.nulls(rows.num_rows, pa.string())
        replaced = {"number": ids, "complainant": nothing, "contact": nothing}
        columns = [replaced.get(name, rows.column(name)) for name in rows.schema.names]
        return pa.RecordBatch.from_arrays(columns, schema=rows.schema)

    def complainants(self) -> Any:
        """Id of the complaint, name and contact of everybody who complained."""
        return pa.Table.from_batches(self._held, COMPLAINANTS)
