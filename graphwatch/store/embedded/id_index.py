"""Beside a large part of the journal lies where its ids are, so that a few are found in many without reading all.

Ids of acts are digests, alike everywhere in a file, so that neither the order of its rows nor statistics tell where one
is. An index has the first 40 bits of each and the number of its row, sorted, in blocks with checksums of their own: of
ten million ids a few blocks are read. It is never the truth: what it names is compared with the part itself, and one
that is missing, damaged or of another file is made again from the part.
"""

import os
import struct
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Entries = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]

# The ids of a part with fewer rows are read as fast.
LARGE: Final = 20_000
_LENGTH: Final = 32
_DIGITS: Final = 10
_ROW_BITS: Final = 24
_ROW: Final = np.uint64((1 << _ROW_BITS) - 1)
# So many rows are sorted together: their numbers have so many bits.
_SEGMENT: Final = 1 << _ROW_BITS
_BLOCK: Final = 512
_MAGIC: Final = b"gw-ids-1"
# Digest of the part, its number of rows, checksum of the blocks' own first entries and checksums, and the magic.
_END: Final = struct.Struct("<32sQI8s")
_NONE: Final = 255
_VALUE: Final = np.full(256, _NONE, np.uint8)
_VALUE[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16, dtype=np.uint8)


def index_of(part: Path) -> Path:
    """The file beside that part.

    >>> index_of(Path("02-LIKED-Account-Post-insert.parquet")).name
    '02-LIKED-Account-Post-insert.ids'
    """
    return part.with_suffix(".ids")


class Indexing:
    """Gathers the ids of a part while its rows are written; the index is there when the part is whole."""

    def __init__(self, part: Path) -> None:
        self._file = index_of(part)
        self._scratch = self._file.with_name(f".{self._file.name}-{os.getpid()}")
        self._held: list[Entries] = []
        self._blocks: list[tuple[int, int]] = []
        self._rows = 0
        self._of_digests = True

    def add(self, ids: pa.ChunkedArray) -> None:
        """The next rows have these ids; a part with ids that are no digests gets no index.

        Raises:
            OSError: the disk refuses.
        """
        while self._of_digests and len(ids):
            at = self._rows % _SEGMENT
            piece, ids = ids.slice(0, _SEGMENT - at), ids.slice(_SEGMENT - at)
            entries, are_digests = _entries(piece.combine_chunks())
            self._of_digests = bool(are_digests.all())
            self._held.append(entries | np.arange(at, at + len(entries), dtype=np.uint64))
            self._rows += len(piece)
            if self._of_digests and self._rows % _SEGMENT == 0:
                self._write_segment()

    def close(self, sha256: str) -> None:
        """Write the index where there is use for one.

        Args:
            sha256: of the part.

        Raises:
            OSError: the disk refuses.
        """
        if not self._of_digests or self._rows < LARGE:
            self.discard()
            return
        self._write_segment()
        first, sums = zip(*self._blocks, strict=True)
        said = np.array(first, "<u8").tobytes() + np.array(sums, "<u4").tobytes()
        with self._scratch.open("ab") as file:
            file.write(said + _END.pack(bytes.fromhex(sha256), self._rows, zlib.crc32(said), _MAGIC))
        self._scratch.replace(self._file)

    def discard(self) -> None:
        """Leave nothing of it behind."""
        self._held = []
        self._scratch.unlink(missing_ok=True)

    def _write_segment(self) -> None:
        if not self._held:
            return
        entries = np.concatenate(self._held)
        self._held = []
        entries.sort()
        with self._scratch.open("ab" if self._blocks else "wb") as file:
            for begin in range(0, len(entries), _BLOCK):
                block = entries[begin : begin + _BLOCK].astype("<u8").tobytes()
                self._blocks.append((int(entries[begin]), zlib.crc32(block)))
                file.write(block)


def make(part: Path, sha256: str) -> None:
    """Make the index of a part; where the disk refuses there is none, and the part itself is read.

    Raises:
        OSError, pa.ArrowException: the part cannot be read.
    """
    indexing = Indexing(part)
    with pq.ParquetFile(part) as file:
        try:
            for group in range(file.num_row_groups):
                indexing.add(file.read_row_group(group, columns=["id"])["id"])
            indexing.close(sha256)
        finally:
            indexing.discard()


def looked_up(part: Path, sha256: str, ids: pa.Array) -> Rows | None:
    """The rows of a part, in order, that may have one of these ids; no other row has.

    Args:
        part: the file.
        sha256: its digest as it was written.
        ids: texts.

    Returns:
        None where it has no index that can be used.
    """
    wanted, are_digests = _entries(ids.drop_null())
    wanted = np.unique(wanted[are_digests])
    try:
        with index_of(part).open("rb", buffering=0) as file:
            first, sums, rows = _blocks(file, sha256)
            found = [np.zeros(0, np.int64)]
            for begin in range(0, len(first), _SEGMENT // _BLOCK):
                of_segment = slice(begin, begin + _SEGMENT // _BLOCK)
                near = begin + _near(first[of_segment], wanted)
                entries = [_block(file, int(at), int(sums[at]), rows) for at in near]
                if entries:
                    there = np.concatenate(entries)
                    of_these = np.isin(there & ~_ROW, wanted)
                    found.append((there[of_these] & _ROW).astype(np.int64) + begin * _BLOCK)
    except (OSError, ValueError):
        return None
    return np.sort(np.concatenate(found))


def _entries(ids: pa.Array) -> tuple[Entries, npt.NDArray[np.bool_]]:
    """For each id its first 40 bits above the bits of a row's number, and whether it is a digest; 0 where it is not."""
    are_digests = np.array(pc.fill_null(pc.equal(pc.binary_length(ids), _LENGTH), False))
    of_length = ids if are_digests.all() else ids.filter(pa.array(are_digests))
    entries = np.zeros(len(ids), np.uint64)
    if not len(of_length):
        return entries, are_digests
    _, offsets, texts = of_length.buffers()
    begin = int(np.frombuffer(offsets, np.int32)[of_length.offset])
    letters = np.frombuffer(texts, np.uint8, _LENGTH * len(of_length), begin).reshape(-1, _LENGTH)
    digits = _VALUE[letters[:, :_DIGITS]]
    packed = np.zeros((len(of_length), 8), np.uint8)
    packed[:, : _DIGITS // 2] = (digits[:, 0::2] << 4) | (digits[:, 1::2] & 15)
    entries[are_digests] = packed.view(">u8").ravel()
    are_digests[are_digests] = ~(digits == _NONE).any(axis=1)
    return entries, are_digests


def _blocks(file: Any, sha256: str) -> tuple[Entries, npt.NDArray[np.uint32], int]:
    """The first entry and the checksum of each block, and the number of rows."""
    size = file.seek(0, os.SEEK_END)
    if size < _END.size:
        raise ValueError("too short")
    file.seek(size - _END.size)
    digest, rows, checksum, magic = _END.unpack(_exactly(file, _END.size))
    count = -(-rows // _BLOCK)
    if (magic, digest, size) != (_MAGIC, bytes.fromhex(sha256), 8 * rows + 12 * count + _END.size):
        raise ValueError("of another file")
    file.seek(8 * rows)
    said = _exactly(file, 12 * count)
    if zlib.crc32(said) != checksum:
        raise ValueError("damaged")
    return np.frombuffer(said, "<u8", count).astype(np.uint64), np.frombuffer(said, "<u4", count, 8 * count), rows


def _near(first: Entries, wanted: Entries) -> npt.NDArray[np.int64]:
    """Which blocks of a segment may have entries of these."""
    lowest = np.searchsorted(first, wanted, "right") - 1
    highest = np.searchsorted(first, wanted | _ROW, "right") - 1
    begun = np.zeros(len(first) + 1, np.int64)
    np.add.at(begun, np.maximum(lowest, 0), 1)
    np.add.at(begun, highest + 1, -1)
    return np.flatnonzero(np.cumsum(begun[:-1]) > 0)


def _block(file: Any, at: int, checksum: int, rows: int) -> Entries:
    file.seek(8 * _BLOCK * at)
    block = _exactly(file, 8 * min(_BLOCK, rows - _BLOCK * at))
    if zlib.crc32(block) != checksum:
        raise ValueError("damaged")
    return np.frombuffer(block, "<u8").astype(np.uint64)


def _exactly(file: Any, size: int) -> bytes:
    read: bytes = file.read(size)
    if len(read) != size:
        raise ValueError("too short")
    return read
