"""Files that were brought to the desk and wait to be loaded: each alone in a private folder, and bounded."""

import re
import secrets
import shutil
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Final

from graphwatch.common.archives import ArchiveError, listed, opened_archive, unpacked
from graphwatch.common.files import working_folder
from graphwatch.desk.entrance import UPLOAD_BYTES
from graphwatch.errors import GraphwatchError, InputError, NothingFound, StoreError

_KEPT: Final = 40
_MOST_MEMBERS: Final = 40
_BLOCK: Final = 1 << 20
_LONGEST_NAME: Final = 120
_LONGEST_END: Final = 12
# Of a spreadsheet, which is an archive too, and not one of files.
_SHEETS: Final = frozenset(["[Content_Types].xml", "content.xml", "mimetype"])


@dataclass(slots=True)
class Upload:
    """A file that waits.

    Attributes:
        id: names it in an address.
        path: where it lies; its last part is the name that it came with, made harmless.
        bytes: its size.
        form: what was chosen for it last, so that nobody chooses twice.
        loaded: the work that loaded it already, where it says something else, too.
        corrected: whether it holds rows of another file that were corrected at the desk.
    """

    id: str
    path: Path
    bytes: int
    form: Mapping[str, str] = field(default_factory=dict)
    loaded: str | None = None
    corrected: bool = False

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.path.name


class Uploads:
    """The files that wait, the last forty of them; their folder goes when the desk is closed.

    >>> import io
    >>> uploads = Uploads()
    >>> [waiting.name for waiting in uploads.take("../../etc/likes.csv", io.BytesIO(b"a,b"))]
    ['likes.csv']
    >>> uploads.clear()
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._open = ExitStack()
        self._known: OrderedDict[str, Upload] = OrderedDict()
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Upload]:
        with self._lock:
            return iter(list(self._known.values()))

    def get(self, id: str) -> Upload:
        """The file of that id.

        Raises:
            NothingFound: it was loaded or taken away, or the desk was started again since.
        """
        with self._lock:
            upload = self._known.get(id)
        if upload is None:
            remedy = "Choose the file again under Load."
            raise NothingFound("this file does not lie on the desk any more", remedy=remedy)
        return upload

    def take(self, name: str, content: IO[bytes]) -> list[Upload]:
        """Keep a file, or each of those in an archive of files.

        Args:
            name: as the browser gave it; only its last part is kept.
            content: what is in it.

        Raises:
            InputError: it is empty, or the archive is damaged, protected or too large.
            StoreError: the disk does not take it.
        """
        whole = self._keep(name, content)
        members: list[Upload] = []
        try:
            if not whole.bytes:
                raise InputError("the file is empty", where=whole.name, remedy="Export it again.")
            if not _is_archive_of_files(whole.path):
                return [whole]
            members.extend(self._members(whole))
        except GraphwatchError:
            for upload in (whole, *members):
                self.drop(upload)
            raise
        self.drop(whole)
        return members

    def drop(self, upload: Upload) -> None:
        """Take a file away."""
        with self._lock:
            self._known.pop(upload.id, None)
        shutil.rmtree(upload.path.parent, ignore_errors=True)

    def clear(self) -> None:
        """Take all away, and their folder."""
        for upload in self:
            self.drop(upload)
        if self._folder is not None:
            self._open.close()
            self._folder = None

    def _keep(self, name: str, content: IO[bytes], most: int = UPLOAD_BYTES) -> Upload:
        id = secrets.token_urlsafe(9)
        with self._lock:
            if self._folder is None:
                self._folder = self._open.enter_context(working_folder())
                weakref.finalize(self, self._open.close)
            folder = self._folder / id
        try:
            folder.mkdir(mode=0o700)
            path = folder / harmless(name)
            size = 0
            with path.open("xb") as file:
                while block := content.read(_BLOCK):
                    size += len(block)
                    if size > most:
                        raise InputError(
                            "the file is larger than the desk takes", where=harmless(name), remedy=_SMALLER
                        )
                    file.write(block)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise StoreError(
                f"the file cannot be kept: {error.strerror}", where=harmless(name), remedy="Make room on the disk."
            ) from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        upload = Upload(id, path, size)
        with self._lock:
            self._known[id] = upload
            oldest = [] if len(self._known) <= _KEPT else [next(iter(self._known.values()))]
        for other in oldest:
            self.drop(other)
        return upload

    def _members(self, archive: Upload) -> Iterator[Upload]:
        """The files in an archive, without folders and what systems hide in them."""
        left = UPLOAD_BYTES
        try:
            with opened_archive(archive.path) as opened:
                files = [info for info in opened.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
                if not files or len(files) > _MOST_MEMBERS:
                    what = f"the archive holds {len(files)} files"
                    raise InputError(what, where=archive.name, remedy=f"Give from 1 to {_MOST_MEMBERS} files at once.")
                for info in files:
                    with unpacked(opened, info) as content:
                        member = self._keep(info.filename, content, left)
                    left -= member.bytes
                    yield member
        except ArchiveError as error:
            remedy = "Unpack it yourself, and choose the files that were in it."
            raise InputError(f"the archive cannot be unpacked: {error}", where=archive.name, remedy=remedy) from None


_SMALLER: Final = "Load it in a terminal: graphwatch load FILE"


def harmless(name: str) -> str:
    r"""The last part of a name, as a file of any system may be called.

    >>> harmless("C:\\ani\\likes ig.xlsx"), harmless("../../etc/passwd"), harmless("..."), harmless("a\x00|b.csv")
    ('likes ig.xlsx', 'passwd', 'file', 'a_b.csv')
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w .()+,@=\-]+", "_", last).strip(" .")
    end = PurePosixPath(kept).suffix[:_LONGEST_END]
    return (kept[: len(kept) - len(end)][: _LONGEST_NAME - len(end)] + end) or "file"


def _is_archive_of_files(path: Path) -> bool:
    files = listed(path)  # of a damaged one the reader of spreadsheets says what is wrong with it
    return files is not None and not _SHEETS & {file.filename for file in files}


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
