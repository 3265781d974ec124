"""What is seen of the times of acts while the rows of a file come."""

from typing import Any, Final

import pyarrow as pa

from graphwatch.ingest.id_times import IdTimes
from graphwatch.ingest.precision import Grain
from graphwatch.ingest.sql import BASIS


class ActTimes:
    """What is seen of the times of acts while the rows of a file come."""

    def __init__(self, timezone: str | None, now_ms: int) -> None:
        self.grain = Grain(timezone)
        self._ids = IdTimes(now_ms)

    def completed(self, rows: Any) -> Any:
        """The rows, those of which only the native id tells the time with that time."""
        self.grain.see(rows.column("at_ms"), rows.column("at"))
        names = ("platform", "kind", "content_id")
        columns = {name: rows.column(name) for name in names} | {"at_ms": rows.column("at_ms")}
        for name, column in self._ids.filled(columns).items():
            rows = rows.set_column(rows.schema.get_field_index(name), name, column)
        return rows

    def remarks(self, *, observed: bool) -> list[str]:
        """What is to be told; an id need not agree with the time when somebody looked."""
        told = [self.grain.remark] if self.grain.remark else []
        return told + ([] if observed else self._ids.remarks(self.grain.precision_ms))


# Columns of accepted rows beside the properties.
OF_ROWS: Final = ((BASIS, pa.string()),)
