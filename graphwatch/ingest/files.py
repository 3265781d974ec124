"""Files as bytes: what is there, how it is packed and which format it has."""

import codecs
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import file_digest as digest_of
from importlib import import_module
from io import BufferedReader
from os import fstat
from pathlib import Path
from typing import IO, Any, Final

from graphwatch.common.notes import Note
from graphwatch.errors import InputError

_BLOCK: Final = 1 << 20
# A zstd frame may hold 30,000 times its size: little at a time keeps a hostile one harmless.
_PACKED_BLOCK: Final = 1 << 11
_WINDOW_LOG: Final = 27
# Tables shrink to a tenth or a fiftieth. What grows more than this is one cell a thousand times, or an attack.
_FREE_GROWTH: Final = 1 << 26
_MOST_GROWTH: Final = 200
SAMPLE: Final = 1 << 22


class Packing(Enum):
    """How the bytes of a file are compressed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


class Format(Enum):
    """What a file is, once unpacked."""

    TEXT = "text"
    PARQUET = "parquet"
    SHEETS = "spreadsheet"


class CutShortError(Exception):
    """The compressed data ends early or is damaged."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the first bytes of a file say about it; `sample` is unpacked."""

    path: Path
    packing: Packing
    format: Format
    sample: bytes


_PACKINGS: Final = ((b"\x1f\x8b", Packing.GZIP), (b"\x28\xb5\x2f\xfd", Packing.ZSTD))
_FORMATS: Final = (
    (b"PAR1", Format.PARQUET),
    (b"PK\x03\x04", Format.SHEETS),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.SHEETS),
)
_OTHERS: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
)
# Programs on the web name a page .xls, and spreadsheet programs open it.
_HTML: Final = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html|head|meta|title|style|body|div|table|tr|center|font)\b",
    re.DOTALL,
)
_TAGS: Final = 1 << 12
_READABLE: Final = "Give CSV, TSV, JSON lines (plain, gzip or zstd), Parquet, .xlsx, .xls or .ods."


def file_digest(path: Path | str) -> str:
    """Sha256 of the bytes on disk, as 64 hex digits.

    Raises:
        InputError: if the file cannot be read.
    """
    path = Path(path)
    with opened(path) as file:
        return digest_of(file, "sha256").hexdigest()


def opened(path: Path) -> BufferedReader:
    """The file, open for reading; whatever stands in the way becomes an InputError."""
    if path.is_dir():
        raise InputError(Note("load.file_folder"), where=str(path), remedy=Note("load.file_folder_remedy"))
    try:
        if path.exists() and not path.is_file():
            raise InputError(Note("load.file_none"), where=str(path), remedy=Note("load.file_none_remedy"))
        file = path.open("rb")
    except FileNotFoundError:
        remedy = Note("load.file_absent_remedy", folder=str(Path.cwd()))
        raise InputError(Note("load.file_absent"), where=str(path), remedy=remedy) from None
    except PermissionError:
        remedy = Note("load.file_forbidden_remedy")
        raise InputError(Note("load.file_forbidden"), where=str(path), remedy=remedy) from None
    except (OSError, ValueError) as error:
        raise InputError(f"the file cannot be opened: {error}", where=str(path), remedy="Copy it.") from None
    # What a system makes up as it is read has no size, and may have no end.
    if not fstat(file.fileno()).st_size:
        file.close()
        raise InputError(Note("load.file_empty"), where=str(path), remedy=Note("load.file_empty_remedy"))
    return file


def look_at(path: Path) -> Look:
    """Packing and format from the first bytes; the suffix does not count.

    Raises:
        InputError: if the file cannot be read, is empty or is of a kind that holds no table.
    """
    with opened(path) as file:
        head = file.read(32)
    if not head:
        raise InputError(Note("load.file_empty"), where=str(path), remedy=Note("load.file_empty_remedy"))
    packing = next((p for magic, p in _PACKINGS if head.startswith(magic)), Packing.NONE)
    sample = _sample(path, packing)
    for magic, name in _OTHERS:
        if sample.startswith(magic):
            raise InputError(f"this is {name}, not a table", where=str(path), remedy=_READABLE)
    if kind := _markup(sample):
        what = f"this is {kind}, not a spreadsheet or a table as text, whatever its name ends in"
        raise InputError(what, where=str(path), remedy="Open it in a spreadsheet program and save it as .xlsx.")
    format = next((f for magic, f in _FORMATS if sample.startswith(magic)), Format.TEXT)
    if format is not Format.TEXT and packing is not Packing.NONE:
        remedy = f"Unpack it first; only text is read out of {packing.value}."
        raise InputError(f"a {format.value} file inside {packing.value}", where=str(path), remedy=remedy)
    return Look(path, packing, format, sample)


def _markup(sample: bytes) -> str | None:
    r"""What the beginning of a file with tags is; None where it is none.

    >>> _markup(b"\xef\xbb\xbf\n<!DOCTYPE html><table>")
    'a web page (HTML)'
    """
    encoding = "utf-16" if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    start = sample[:_TAGS].decode(encoding, "ignore").removeprefix("\ufeff").lstrip().lower()
    if start.startswith("mime-version:") and "multipart/related" in start:
        return "a web page (MHTML)"
    if not start.startswith("<"):
        return None
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return "a spreadsheet written as XML"
    return "a web page (HTML)" if re.match(_HTML, start) else None


def _sample(path: Path, packing: Packing) -> bytes:
    sample = bytearray()
    try:
        for block, _ in blocks(path, packing):
            sample += block
            if len(sample) >= SAMPLE:
                break
    except CutShortError:
        pass  # the reader comes to the same place, and then knows the last good line
    return bytes(sample[:SAMPLE])


def blocks(path: Path, packing: Packing) -> Iterator[tuple[bytes, int]]:
    """Unpacked blocks of a file, each with the number of bytes on disk read so far.

    Raises:
        CutShortError: where compressed data ends early or is damaged, after all blocks before that place.
        InputError: if the file cannot be read, or unpacks to far more than tables do.
    """
    with opened(path) as file:
        try:
            if packing is Packing.NONE:
                while block := file.read(_BLOCK):
                    yield block, file.tell()
                return
            size = 0
            for block, position in _unpacked(file, _UNPACKERS[packing]):
                size += len(block)
                if grows_too_far(size, position):
                    raise grown(path)
                yield block, position
        except OSError as error:
            remedy = "Copy the file to another disk and try again."
            raise InputError(f"the file cannot be read: {error}", where=str(path), remedy=remedy) from None


def grows_too_far(unpacked: int, packed: int) -> bool:
    """Whether so many bytes out of so few are more than any table gives.

    >>> grows_too_far(60_000_000, 1_000), grows_too_far(600_000_000, 1_000_000)
    (False, True)
    """
    return unpacked > max(_FREE_GROWTH, _MOST_GROWTH * packed)


def grown(path: Path) -> InputError:
    """That a file is refused for what it unpacks to."""
    what = f"the file unpacks to more than {_MOST_GROWTH} times its size, which tables do not"
    remedy = "Where it is as it should be, unpack it yourself (Parquet: write it as CSV) and load what comes of it."
    return InputError(what, where=str(path), remedy=remedy)


def _unpacked(file: IO[bytes], new_unpacker: Callable[[], Any]) -> Iterator[tuple[bytes, int]]:
    unpacker = None
    while packed := file.read(_PACKED_BLOCK):
        while packed:
            unpacker = unpacker or new_unpacker()
            try:
                block = unpacker.decompress(packed)
            except (zlib.error, _zstd().ZstdError) as error:
                raise CutShortError(str(error)) from None
            if block:
                yield block, file.tell()
            packed = b""
            if unpacker.eof:
                # Padding after the last member is zeros.
                packed, unpacker = unpacker.unused_data.lstrip(b"\x00"), None
    if unpacker is not None:
        raise CutShortError("the file ends early")


def _gunzip() -> Any:
    return zlib.decompressobj(wbits=31)


def _unzstd() -> Any:
    zstd = _zstd()
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})


def _zstd() -> Any:
    """The module of Python 3.14, or the same for those before it."""
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


_UNPACKERS: Final = {Packing.GZIP: _gunzip, Packing.ZSTD: _unzstd}
