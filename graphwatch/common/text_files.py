"""Small text files that a user names, read whole and never without end: a query, a calendar, a preset, a list."""

import os
import stat
from pathlib import Path
from typing import Final

from graphwatch.errors import GraphwatchError, InputError

# Far above what people write by hand.
MOST_BYTES: Final = 4_000_000


def read_text(path: Path, *, error: type[GraphwatchError] = InputError, most_bytes: int = MOST_BYTES) -> str:
    """What a UTF-8 file says, without a byte order mark.

    A device or a pipe has no end or no beginning, so that only a regular file is read.

    Args:
        path: the file.
        error: raised where it cannot be read, as it fits who named the file.
        most_bytes: a longer file is refused before it is read.

    Raises:
        FileNotFoundError: there is no such file; whoever asks knows what else was meant.
        GraphwatchError: of class `error`, for anything else that stands in the way.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a").write_text("RETURN 1")
    ...     read_text(Path(folder) / "a")
    'RETURN 1'
    """
    try:
        # Opening a pipe would wait for its other end.
        with open(path, "rb", opener=_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise error("this is not a file", where=str(path), remedy="Save the text to a file first.")
            content = file.read(most_bytes + 1)
        if len(content) > most_bytes:
            remedy = "Check that this is the file you meant."
            raise error(f"the file has more than {most_bytes:,} bytes", where=str(path), remedy=remedy)
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise
    except IsADirectoryError:
        raise error("this is a folder", where=str(path), remedy="Name a file in it.") from None
    except UnicodeDecodeError as fault:
        at = content.count(b"\n", 0, fault.start) + 1
        raise error(f"line {at} is not UTF-8 text", where=str(path), remedy="Save it as UTF-8.") from None
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        remedy = "Check its name and that you may read it."
        raise error(f"the file cannot be read: {reason}", where=str(path), remedy=remedy) from None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
