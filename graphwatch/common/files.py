"""Files replaced whole and read whole: never half of either content, and never without end.

Everything is written beside the file, flushed to the disk, and then given its name: by `replacing` and `drafted` what a
user asked for, by `write_atomic` and `create_atomic` what a project keeps for itself. `read_text` reads the small text
files that a user names: a query, a calendar, a preset, a list; `read_kept` and `open_kept` what a project keeps for
itself. What is written on the way is in a `working_folder`.
"""

import errno
import glob
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import Final, TextIO

from graphwatch.errors import GraphwatchError, InputError, StoreError, UsageError

OWNER_ONLY: Final = 0o600
# For whom the user's mask leaves it.
USUAL: Final = 0o666
_DRAFT: Final = re.compile(r"\.(.+)\.[0-9a-f]{16}")
# Waits for the end of a pipe that never says anything, whatever else is asked of it, and takes one place away.
_SHELL: Final = Path("/bin/sh")
_SWEEPING: Final = "trap '' HUP INT TERM; read -r _; rm -rf -- \"$1\""


@contextmanager
def working_folder() -> Iterator[Path]:
    """A new folder, for its owner only, for files that are needed until the block ends.

    They hold what was loaded, so they go as well where this process is ended or killed inside of the block (other than
    on Windows).

    Raises:
        GraphwatchError: there is no place for temporary files.

    >>> with working_folder() as folder:
    ...     _ = (folder / "a").write_text("on the way")
    >>> folder.exists()
    False
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="graphwatch-"))
    except OSError as error:
        raise GraphwatchError(
            f"no folder for working files can be made: {error.strerror}",
            where=tempfile.tempdir,
            remedy="Name a folder with room, into which you may write, in the environment variable TMPDIR.",
        ) from error
    try:
        with _gone_with_this_process(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _gone_with_this_process(place: Path) -> Iterator[None]:
    """Have a file or folder taken away, too, when this process ends inside of the block without coming to its end.

    A process that is killed cleans nothing up, and one that is ended in the midst of native code may never come to it.
    So a small one waits beside it, for the pipe between both to break.
    """
    import subprocess

    if not _SHELL.exists():
        yield
        return
    # In a session of its own: what ends all processes of a terminal must not end this one first.
    with subprocess.Popen(  # noqa: S603 - the place is an argument, never part of the text
        [str(_SHELL), "-c", _SWEEPING, "sh", str(place.absolute())],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    ) as sweeper:
        try:
            yield
        finally:
            sweeper.kill()


@contextmanager
def replacing(path: str | Path) -> Iterator[TextIO]:
    """A handle for UTF-8 text that becomes `path` when the block ends well, and vanishes when it does not.

    Raises:
        UsageError: where `path` is a folder, or its folder does not exist.
        GraphwatchError: where the disk refuses.
    """
    # Line ends are the writer's business: CSV has its own, and a digest must not depend on the machine.
    with drafted(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def drafted(path: str | Path) -> Iterator[Path]:
    """A place for a file of any kind that becomes `path` when the block ends well, as for `replacing`."""
    path = Path(path)
    try:
        _check_place(path)
        draft = path.with_name(f".{secrets.token_hex(8)}.part")
        with _gone_with_this_process(draft), _becoming(path, draft, USUAL):
            yield draft
    except OSError as error:
        raise GraphwatchError(
            f"the file cannot be written: {error.strerror}",
            where=str(path),
            remedy="Check that the folder belongs to you and has room, and that no program holds the file.",
        ) from error


def write_atomic(path: Path, content: bytes, *, mode: int = OWNER_ONLY) -> None:
    """Write a file of the project, and its folder where that is missing. No one else may write that file meanwhile.

    Args:
        mode: permissions of the file, of which the user's mask takes away.

    Raises:
        StoreError: it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_atomic(Path(folder) / "a", b"whole")
    ...     (Path(folder) / "a").read_bytes()
    b'whole'
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_drafts(path)
        with _becoming(path, _own_draft(path), mode) as draft:
            draft.write_bytes(content)
    except OSError as error:
        remedy = "Check that the folder belongs to you and has room."
        raise StoreError(f"the file cannot be written: {error.strerror}", where=str(path), remedy=remedy) from error


def create_atomic(path: Path, content: bytes) -> None:
    """Make a file for its owner only, in a folder for its owner only, unless someone else made it first.

    Raises:
        OSError: the disk refuses.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError), _becoming(path, _own_draft(path), OWNER_ONLY, unless_taken=True) as draft:
        draft.write_bytes(content)


def clear_drafts(path: Path) -> None:
    """Take away what writers of that file who were killed left: it may say what the file itself no longer says."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 16}"):
        draft.unlink(missing_ok=True)


def intended_name(name: str) -> str:
    """The name that a draft was to get; of any other file its own.

    >>> intended_name(".store.json.0123456789abcdef"), intended_name("store.json")
    ('store.json', 'store.json')
    """
    draft = _DRAFT.fullmatch(name)
    return draft[1] if draft else name


def made_folder(folder: str | Path) -> Path:
    """The folder, made where it is missing.

    Raises:
        UsageError: where it is a file.
        GraphwatchError: where it cannot be made.
    """
    folder = Path(folder)
    _check_name(folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError("this is a file", where=str(folder), remedy="Give the name of a folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GraphwatchError(
            f"the folder cannot be made: {error.strerror}", where=str(folder), remedy="Give another folder."
        ) from error
    return folder


@contextmanager
def _becoming(path: Path, draft: Path, mode: int, *, unless_taken: bool = False) -> Iterator[Path]:
    """An empty draft that is flushed to the disk and named `path` when the block ends well, and else vanishes."""
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield draft
        _flush(draft)
        if unless_taken:
            _name_unless_taken(draft, path)
        else:
            draft.replace(path)
        # A folder into which one may write need not be one that one may read.
        with suppress(PermissionError):
            _flush(path.parent)
    finally:
        with suppress(OSError):
            draft.unlink()


def _own_draft(path: Path) -> Path:
    """A draft that `clear_drafts` finds; the names of the project's own files leave room for the digits."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def _name_unless_taken(draft: Path, path: Path) -> None:
    # A hard link refuses to replace a file, which a rename does not; Windows renames refuse by themselves.
    if os.name == "nt":
        draft.rename(path)
    else:
        path.hardlink_to(draft)


def _check_name(path: Path) -> None:
    """Refuse what the system cannot take for a name at all, which it says as a fault of the program."""
    try:
        named = os.fsencode(path)
    except UnicodeEncodeError:
        named = b"\0"
    if b"\0" in named:
        raise UsageError("this is no name of a file", where=repr(str(path)), remedy="Leave out hidden characters.")


def _check_place(path: Path) -> None:
    _check_name(path)
    if path.is_dir():
        raise UsageError("this is a folder", where=str(path), remedy="Give the name of a file.")
    if path.exists() and not path.is_file():
        # It would be replaced, for everybody on this machine.
        raise UsageError("this is a device or a pipe", where=str(path), remedy="Give the name of a file.")
    if not path.parent.is_dir():
        raise UsageError("there is no such folder", where=str(path.parent), remedy="Make the folder first.")


def _flush(place: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on the disk."""
    if os.name == "nt" and place.is_dir():
        return
    handle = os.open(place, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
            # What a system makes up as it is read has no size, and may wait for more.
            content = file.read(most_bytes + 1) if status.st_size else b""
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


def open_kept(path: Path) -> BufferedReader:
    """A file that a project keeps for itself, opened to be read.

    Raises:
        OSError: it cannot be read, or is no regular file: a pipe in its place would be waited for without end.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - who asked for it closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "this is not a file", str(path))
    return file


def read_kept(path: Path) -> bytes:
    """Every byte of such a file.

    Raises:
        OSError: as for `open_kept`.
    """
    with open_kept(path) as file:
        return file.read()


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
