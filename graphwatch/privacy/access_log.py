"""The record of every unmasking and other act that must be answered for."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from graphwatch.common.files import read_kept
from graphwatch.common.locks import held
from graphwatch.errors import StoreDamaged, StoreError

_START: Final = "0" * 64
_FIELDS: Final = ("at", "who", "action", "reason", "details")


class AccessLog:
    """An append-only file of JSON lines, each chained to the one before by a hash.

    A line's `sha256` is the digest of the previous line's `sha256` followed by the line's content, so a line
    that was changed, removed or put in between is found. Lines cut off at the end are not: keep the digest
    that `head` gives elsewhere where that matters.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     log = AccessLog(Path(folder) / "access.jsonl")
    ...     log.record("export", "request 12/2024 of the inspectorate", "sari", {"accounts": 3})
    ...     log.verify()
    1
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def record(self, action: str, reason: str, who: str, details: Mapping[str, Any]) -> None:
        """Append one line and wait until it is on the disk.

        Raises:
            StoreLocked: where another process writes for longer than the settings allow.
            StoreDamaged: where the last line is not what was written; nothing is appended to it.
            StoreError: where the file cannot be written.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        content: dict[str, Any] = {
            "at": at,
            "who": who,
            "action": action,
            "reason": reason,
            "details": dict(details),
        }
        with self._writing():
            torn = self._drop_unfinished_line()
            if torn:
                # Its writer died before it was told that the line is kept; say so rather than hide it.
                content["details"]["unfinished_bytes_dropped"] = torn
            previous = self.head()
            self._append(_written(previous, content))

    def verify(self) -> int:
        """The number of lines, after every one of them was checked.

        Raises:
            StoreDamaged: naming the first line that is not what was written.
        """
        count = 0
        for count, _ in enumerate(self._checked(), start=1):  # noqa: B007 - only the last count is wanted
            pass
        return count

    def head(self) -> str:
        """The digest of the last line; every line is checked on the way."""
        last = _START
        for last in self._checked():  # noqa: B007 - only the last digest is wanted
            pass
        return last

    def entries(self) -> Iterator[dict[str, Any]]:
        """What each line says with its number in `line`, the first one first; a line that cannot be read says so."""
        for number, text in enumerate(self._lines(), start=1):
            try:
                line = json.loads(text)
                yield {"line": number, **{name: line[name] for name in (*_FIELDS, "sha256")}}
            except (ValueError, KeyError, TypeError, RecursionError):
                yield {"line": number, **dict.fromkeys((*_FIELDS, "sha256")), "action": "(unreadable)"}

    def has_head(self, digest: str) -> bool:
        """Whether a line had that digest, which somebody noted as the last one at the time.

        Raises:
            StoreDamaged: naming the first line that is not what was written.
        """
        return digest in {_START, *self._checked()}

    def _checked(self) -> Iterator[str]:
        previous = _START
        for number, text in enumerate(self._lines(), start=1):
            try:
                line = json.loads(text)
                # One content has one form, so that no byte changes unnoticed: a name said twice, a blank, an order.
                good = text == _written(previous, {name: line[name] for name in _FIELDS})
            except (ValueError, KeyError, TypeError, RecursionError):
                good = False
            if not good:
                raise StoreDamaged(
                    "the line is not what was written, or one before it is missing",
                    where=f"{self.path}, line {number}",
                    remedy="Compare with a backup; do not correct the file by hand.",
                )
            previous = line["sha256"]
            yield previous

    def _lines(self) -> list[bytes]:
        try:
            return read_kept(self.path).splitlines(keepends=True) if self.path.exists() else []
        except OSError as error:
            raise StoreError(
                f"the access log cannot be read: {error.strerror}",
                where=str(self.path),
                remedy="Check that the file belongs to you.",
            ) from error

    def _drop_unfinished_line(self) -> int:
        lines = self._lines()
        if not lines or lines[-1].endswith(b"\n"):
            return 0
        os.truncate(self.path, sum(len(line) for line in lines[:-1]))
        return len(lines[-1])

    def _append(self, line: bytes) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        lock = self.path.with_name(self.path.name + ".lock")
        try:
            # Beside a server's store the first who opens something may be the first who needs the folder.
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with held(lock, name="the access log", doing="writing"):
                yield
        except OSError as error:
            raise StoreError(
                f"the access log cannot be written: {error.strerror}",
                where=str(self.path),
                remedy="Check that the folder can be made, belongs to you and has room.",
            ) from error


def _written(previous: str, content: Mapping[str, Any]) -> bytes:
    """The line for a content, after the line of digest `previous`."""
    line = {**content, "previous": previous, "sha256": _digest(previous, content)}
    return json.dumps(line, ensure_ascii=True, sort_keys=True, allow_nan=False).encode("ascii") + b"\n"


def _digest(previous: str, content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256((previous + canonical).encode("ascii")).hexdigest()
