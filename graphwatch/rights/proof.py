"""The proof of an erasure: every file of the project and every table of the graph is searched for what was erased."""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.privacy.redaction import Words
from graphwatch.privacy.vault import Vault
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import Workspace

_ENDS: Final = ("id", "from", "to")
_COMPRESSED: Final = (".gz", ".zst", ".bz2")
# Random bytes, and what must name them until the proof is done.
_NOT_SEARCHED: Final = frozenset({"forgetting.json", "lock"})
_VAULTS: Final[tuple[Literal["persons", "complainants"], ...]] = ("persons", "complainants")


@dataclass(frozen=True, slots=True)
class Proof:
    """How much was searched, where something was still found, and the lines of the access log that stay."""

    files: int
    tables: int
    found: tuple[str, ...]
    logged: tuple[int, ...]


def search(workspace: Workspace, erasure: Erasure) -> Proof:
    """Look for what was erased in every file, inside Parquet, compressed files and the vault too, and in the graph."""
    words, found, files, tables = erasure.words, [], 0, 0
    log = workspace.access_records
    for path in _files(workspace.folder):
        if path == log.path:
            continue
        files += 1
        name = str(path.relative_to(workspace.folder))
        try:
            if _in_file(workspace, path, erasure):
                found.append(name)
        except (pa.ArrowException, OSError, ValueError):  # what cannot be searched is not proven
            found.append(f"{name} (damaged, so that it could not be searched)")
    for name, table in workspace.store.dump():
        tables += 1
        labels = {table.element.name, table.start, table.end}
        if any(_in_rows(pa.Table.from_batches([batch]), words, _is_of(labels)) for batch in table.batches):
            found.append(f"graph: {name}")
    logged = [e["line"] for e in log.entries() if words.within(f"{e['reason']} {e['details']}")]
    return Proof(files, tables, tuple(found), tuple(logged))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in _NOT_SEARCHED and path.parent.name not in ("keys", "holders"):
            yield path


def _in_file(workspace: Workspace, path: Path, erasure: Erasure) -> bool:
    words = erasure.words
    if words.within(path.name):
        return True
    if path.suffix == ".parquet":
        of = _is_of(set(path.stem.split("-")))
        with pq.ParquetFile(path) as file:
            return any(_in_rows(file.read_row_group(n), words, of) for n in range(file.num_row_groups))
    if path.suffix == ".vault":
        return _in_vault(workspace, path, erasure)
    if path.suffix in _COMPRESSED:
        with pa.input_stream(str(path), compression="detect") as stream:
            return words.bytes_pattern.search(stream.read()) is not None
    if not path.stat().st_size:
        return False
    with path.open("rb") as plain, mmap.mmap(plain.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return words.bytes_pattern.search(content) is not None


def _is_of(labels: set[str | None]) -> bool:
    """Whether ids in the table are those of accounts or persons, and not another thing's that happens to be equal."""
    return bool(labels & {"Account", "Asn", "Watch", "Decision"})


def _in_rows(rows: pa.Table, words: Words, of_accounts: bool) -> bool:
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        flat = pc.list_flatten(column) if pa.types.is_list(column.type) else column
        if pa.types.is_dictionary(flat.type):
            flat = flat.cast(flat.type.value_type)
        if not pa.types.is_string(flat.type) or name == "sources":
            continue
        if of_accounts and pc.any(pc.is_in(flat, value_set=pa.array(words.ids, pa.string()))).as_py():
            return True
        hits = flat.filter(pc.fill_null(pc.match_substring_regex(flat, words.hint, ignore_case=True), False))
        for text in hits.to_pylist():
            # A post may have the number of an account: alone in its own column that says nothing.
            if not (name in _ENDS and (words.whole(text) or words.whole(text.partition(":")[2]))) and words.within(
                text
            ):
                return True
    return False


def _in_vault(workspace: Workspace, path: Path, erasure: Erasure) -> bool:
    """Whether a person is still in a vault: by id or NIP, since others may have the same name."""
    gone = erasure.nodes.get("Asn", frozenset())
    if not gone or path.stem not in _VAULTS:
        return False
    kept = Vault(workspace.folder, "persons" if path.stem == "persons" else "complainants").persons()
    nips = {name for name in erasure.words.names if name.isdigit()}
    values = {value for name in ("id", "nip") if name in kept.column_names for value in kept[name].to_pylist()}
    return bool(values & (gone | nips))
