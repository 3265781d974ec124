"""Text files as numbered lines, whatever their encoding."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from graphwatch.common.notes import Note
from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.files import SAMPLE, CutShortError, Look, blocks
from graphwatch.settings import BATCH_ROWS, CELL_BYTES

# A record may hold a few long cells; anything longer is not a record.
RECORD_CHARACTERS: Final = 4 * CELL_BYTES
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK: Final = 1 << 20
_WIDE: Final = ("utf-16", "utf-32")
# Some codecs of Python are none of text: they take letters for names of hosts, escapes or other letters.
_ASCII: Final = bytes(range(32, 127)).replace(b"\\", b"") + rb"\x41+AGE-" + b"\n"
_FIRST_LINE: Final = 1 << 16
_DECLARED: Final = re.compile(r"sep=([^\w\s\"]|\t|\\t)", re.IGNORECASE)
_FALLBACK: Final = "cp1252"
# Of random bytes a tenth are control characters; of text, hardly any.
_CONTROL_SHARE: Final = 0.05
_CONTROL: Final = bytes(c for c in range(32) if c not in b"\t\n\r\f\x1b")


class Lines:
    """The lines of a text file as UTF-8 with their line ends, whatever its encoding.

    What cannot be decoded is not valid UTF-8 here either; `text_of` makes lone surrogates of it.

    Attributes:
        encoding: as given or found.
        notes: what was assumed.
        position: bytes on disk read so far.
    """

    def __init__(self, look: Look, encoding: str | None) -> None:
        self._look = look
        self.notes: list[str] = []
        self.encoding = _known(encoding) if encoding else self._found()
        self.position = 0

    def first(self) -> str:
        """The first line that is not blank and names no delimiter, '' if there is none; for looking ahead."""
        return next((line for _, line in self.beginning() if line.strip() and not declared_delimiter(line)), "")

    def beginning(self) -> list[tuple[int, str]]:
        """The first lines with their numbers, without their ends; for looking ahead."""
        text = self._look.sample[:_FIRST_LINE].decode(self.encoding, "ignore").removeprefix("\ufeff")
        lines = re.split("\r\n|\r|\n", text)
        # The last may be cut; of a file that ends there it is whole.
        return list(enumerate(lines[:-1] if len(self._look.sample) > _FIRST_LINE and len(lines) > 1 else lines, 1))

    def blocks(self) -> Iterator[list[bytes]]:
        """All lines, at most BATCH_ROWS at a time.

        Raises:
            InputError: where compressed data is cut short, naming the last good line.
        """
        count = 0
        try:
            for lines in _split(self._chunks()):
                for start in range(0, len(lines), BATCH_ROWS):
                    block = lines[start : start + BATCH_ROWS]
                    if not count:
                        block[0] = block[0].removeprefix(codecs.BOM_UTF8)
                    count += len(block)
                    yield block
        except CutShortError as error:
            raise self._cut_short(error, count) from None

    def whole(self, most: int) -> bytes:
        """The text in one piece; of one that is longer than `most` bytes a little more than these.

        Raises:
            InputError: where compressed data is cut short.
        """
        text = bytearray()
        try:
            for chunk in self._chunks():
                text += chunk
                if len(text) > most:
                    break
        except CutShortError as error:
            raise self._cut_short(error, text.count(b"\n")) from None
        return bytes(text.removeprefix(codecs.BOM_UTF8))

    def _cut_short(self, error: CutShortError, line: int) -> InputError:
        return InputError(
            f"the compressed file is cut short or damaged ({error})",
            where=f"{self._look.path}, line {line}",
            remedy=f"Line {line} is the last good one. Fetch the file again.",
        )

    def _chunks(self) -> Iterator[bytes]:
        return self._bytes() if self.encoding == "utf-8" else self._transcoded()

    def _bytes(self) -> Iterator[bytes]:
        for block, position in blocks(self._look.path, self._look.packing):
            self.position = position
            yield block

    def _transcoded(self) -> Iterator[bytes]:
        # Wide encodings have lone surrogates of their own; in others a bad byte becomes one.
        errors = "surrogatepass" if self.encoding.startswith(_WIDE) else "surrogateescape"
        decoder = codecs.getincrementaldecoder(self.encoding)(errors)
        for block in self._bytes():
            try:
                yield decoder.decode(block).encode("utf-8", "surrogatepass")
            except UnicodeDecodeError as error:
                raise InputError(
                    f"the file is not {self.encoding}: {error.reason}",
                    where=str(self._look.path),
                    remedy="Name the encoding it has, or save it as UTF-8.",
                ) from None
        if decoder.getstate()[0]:
            yield b"\xff"

    def _found(self) -> str:
        sample = self._look.sample
        for mark, encoding in _MARKS:
            if sample.startswith(mark):
                return encoding
        if len(sample.translate(None, _CONTROL)) < len(sample) * (1 - _CONTROL_SHARE):
            raise InputError(
                "the file is not text",
                where=str(self._look.path),
                remedy="Give a text, Parquet or spreadsheet file; if it is text, name its encoding.",
            )
        if not _looks_like_fallback(sample):
            return "utf-8"
        self.notes.append(Note("load.not_utf8", encoding=_FALLBACK))
        return _FALLBACK


def _looks_like_fallback(sample: bytes) -> bool:
    """Whether every line beyond ASCII is undecodable as UTF-8 and decodable as the fallback."""
    if sample.isascii():
        return False
    lines = sample.splitlines()
    if len(sample) >= SAMPLE:
        lines.pop()  # it may be cut inside a character
    beyond = [line for line in lines if not line.isascii()]
    return bool(beyond) and all(not _decodes(b, "utf-8") and _decodes(b, _FALLBACK) for b in beyond)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def declared_delimiter(line: str) -> str | None:
    r"""The delimiter that a first line names for spreadsheet programs, None where it does not.

    >>> declared_delimiter("sep=;"), declared_delimiter("account;object")
    (';', None)
    """
    found = _DECLARED.fullmatch(line.strip('\r\n "').removeprefix("\ufeff"))
    return found and (found[1] if len(found[1]) == 1 else "\t")


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        if not name.startswith(_WIDE) and _ASCII.decode(name, "surrogateescape") != _ASCII.decode("ascii"):
            raise LookupError
    except (LookupError, ValueError):
        remedy = "Use utf-8, utf-16, cp1252 or another encoding that Python knows."
        raise UsageError(f"there is no text encoding '{encoding}'", remedy=remedy) from None
    return name.removesuffix("-sig")


def text_of(line: bytes) -> str:
    """A line as text, with a lone surrogate for each byte that cannot be decoded."""
    return line.decode("utf-8", "surrogateescape")


def _split(chunks: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Whole lines with their ends; of an endless one, enough to see that it is too long."""
    rest = b""
    for chunk in _joined(chunks):
        lines = (rest[: RECORD_CHARACTERS + 1] + chunk).splitlines(keepends=True)
        # The end of a block may fall between the two characters of a line end.
        rest = b"" if not lines or lines[-1].endswith(b"\n") else lines.pop()
        if lines:
            yield lines
    if rest:
        yield [rest]


def _joined(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Small chunks made into larger ones; all that came before an error is given out before it."""
    joined = bytearray()
    try:
        for chunk in chunks:
            joined += chunk
            if len(joined) >= _BLOCK:
                yield bytes(joined)
                joined.clear()
    except CutShortError:
        yield bytes(joined)
        raise
    yield bytes(joined)
