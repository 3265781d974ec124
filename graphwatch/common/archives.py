"""Zip archives from outside: what they list is bounded before it is read, and what is wrong with them is one error."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

# Some forty thousand files; a list is held in ten times its size.
_LISTED_BYTES: Final = 4 << 20
# What systems and spreadsheet programs write; the others take as much memory as the archive says that they need.
_METHODS: Final = frozenset([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
_FAULTS: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
)  # fmt: skip


class ArchiveError(ValueError):
    """An archive is damaged, protected, packed in an unusual way, or lists far more files than people pack."""


class _Bounded(io.BufferedReader):
    """A file of which nobody reads more than a list at once: the archive says itself how long its list is."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LISTED_BYTES:
            raise ArchiveError("it lists more files than are packed together")
        return super().read(_LISTED_BYTES if size is None or size < 0 else size)


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive, to be listed and unpacked.

    Raises:
        ArchiveError: it cannot be, in whole or in part; whatever goes wrong while it is open is told as that.
    """
    try:
        with _Bounded(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
            yield archive
    except ArchiveError:
        raise
    except _FAULTS as error:
        raise ArchiveError(str(error)) from None


def listed(path: Path) -> list[zipfile.ZipInfo] | None:
    """What an archive holds; None where the file is none, or is damaged."""
    try:
        with opened_archive(path) as archive:
            return archive.infolist()
    except ArchiveError:
        return None


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    """What a file in an archive holds, to be read in blocks while the archive is open.

    Raises:
        ArchiveError: it is packed by a method that is not usual.
    """
    if member.compress_type not in _METHODS:
        raise ArchiveError("it is packed by a method that is not usual")
    return archive.open(member)
