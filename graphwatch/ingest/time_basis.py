"""Whether the times of a file are those of the acts, or when somebody looked: what is said, and what is assumed.

A patrol notes down what it sees when it sees it: eight likes of a week, noted in one sitting, look as if eight people
had acted together. So where nothing says whose time it is, it is that of the look.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from graphwatch.ingest.files import Format, look_at
from graphwatch.ingest.layout import Cell
from graphwatch.ingest.mapping import Mapping_

# Stems, since Indonesian changes the first letter: pantau, pemantauan.
_OBSERVED: Final = re.compile(
    "ambil|antau|atrol|observ|amat|lihat|temu|cek|eriksa|rekam|angkap|catat|screenshot|captur|collect|retriev|scrap"
    "|crawl|fetch|seen|unduh|download",
    re.IGNORECASE,
)
_ACTED: Final = re.compile(
    "creat|publish|post|unggah|dibuat|timestamp|tweet|act|aksi|kejadian|koment|comment|suka|like|bagi|share",
    re.IGNORECASE,
)
# What people call the column of a sheet that they fill in; programs name theirs otherwise.
_BY_HAND: Final = re.compile(r"(?:^|[\W_])(?:waktu|tanggal|tgl|jam|hari|pukul|wib|wita|wit)(?:$|[\W_])", re.IGNORECASE)
_TIME: Final = "at"


def settled(mapping: Mapping_, path: Path) -> tuple[Mapping_, str | None]:
    """The mapping with what its times are, and what was assumed of them, to be told.

    Raises:
        InputError: the file cannot be read.
    """
    if mapping.kind != "interactions" or mapping.time is not None:
        return mapping, None
    column = time_column(mapping)
    if column is None:
        return replace(mapping, time="acted"), None
    if _OBSERVED.search(column):
        remark = f"column '{column}' is when somebody looked, by its name, so {_FOR_NOBODY}; {_OTHERWISE}"
        return replace(mapping, time="observed"), remark
    if not _is_unsaid(column, path):
        return replace(mapping, time="acted"), None
    remark = (
        f"nothing says whether column '{column}' is when the accounts acted or when somebody looked; it is taken as "
        f"when somebody looked, so {_FOR_NOBODY}; {_OTHERWISE}"
    )
    return replace(mapping, time="observed"), remark


_FOR_NOBODY: Final = "nobody is found by it to act together"
_OTHERWISE: Final = "where it is the time of the act: --time acted"


def unsaid_column(mappings: list[Mapping_], path: Path) -> str | None:
    """The column of times of which nothing says what they are; None where it is said, or can be told by its name.

    Raises:
        InputError: the file cannot be read.
    """
    for mapping in mappings:
        column = time_column(mapping)
        if mapping.kind == "interactions" and mapping.time is None and column and not _OBSERVED.search(column):
            return column if _is_unsaid(column, path) else None
    return None


def time_column(mapping: Mapping_) -> str | None:
    """The column that a preset or a person names as that of the times; None where columns go by their own names."""
    cells = dict(mapping.layout.cells)
    return dict(mapping.columns).get(_TIME) or (_names(cells[_TIME]) if _TIME in cells else None)


def _names(cell: Cell) -> str | None:
    return cell.names[0] if cell.names else " + ".join(cell.parts) or None


def _is_unsaid(column: str, path: Path) -> bool:
    if _ACTED.search(column) or column == _TIME:
        return False
    return bool(_BY_HAND.search(column)) or look_at(path).format is Format.SHEETS
