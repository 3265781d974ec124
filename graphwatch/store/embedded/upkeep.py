"""The graph file is kept in step with the journal, and is made again from it wherever it cannot be trusted.

What the engine recovers after a kill is not believed: rows that COPY brought are not in its log, though what says that
they are there is. So a marker is set before the file is written and taken away after it was closed cleanly, and a graph
found with the marker, or with a file of the engine beside it, is made again: beside the old one, then renamed.
"""

import re
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

from graphwatch.errors import QueryError, StoreDamaged, StoreError
from graphwatch.model import digest
from graphwatch.store.embedded.compacting import MANY, compact
from graphwatch.store.embedded.graph import Graph, engine_version, opened, side_files
from graphwatch.store.embedded.journal import Entry, Journal, Staged, fsync
from graphwatch.store.embedded.record import SEARCH, Record
from graphwatch.store.embedded.replaying import check, is_of_disk, no_room, replay
from graphwatch.store.embedded.rewriting import NEW, is_settled, replacement, settle

_HEAD: Final = re.compile(r"[0-9]+:[0-9a-f]*")
_BACKUP: Final = "Bring the folder `journal` back from a backup, then run `graphwatch store verify`."


class Upkeep:
    """The journal and the graph file of one store.

    Whoever calls a method holds the store's lock: a writer's, or a reader's for `open_current` and `open_as_it_is`.
    """

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder / "journal")
        self.graph_file = folder / "graph" / "graph.lbug"
        self._marker = folder / "graph" / "applying"
        self._replay = folder / "graph" / "replay"

    def open_current(self) -> Graph | None:
        """The graph, open for reading; None where it must be brought up to date first."""
        if not is_settled(self.journal.folder) or not self._is_clean():
            return None
        try:
            graph = Graph(self.graph_file, read_only=True)
        except StoreDamaged:
            return None
        try:
            if graph.state() == {"head": self._head(), "model": digest(), "engine": engine_version()}:
                return graph
        except BaseException:
            graph.close()
            raise
        graph.close()
        return None

    def open_as_it_is(self) -> Graph | None:
        """The graph, open for reading, whatever has become of the journal; None where its last writer did not finish.

        Raises:
            StoreDamaged: it cannot be opened.
        """
        return Graph(self.graph_file, read_only=True) if self._is_clean() else None

    def record(self) -> Record:
        """What has been accepted, to be searched by id."""
        return Record(self.journal.entries(), self.journal.folder / SEARCH)

    def head_of_others(self, but: Collection[str]) -> str | None:
        """The head of the newest entry that is of none of these kinds, for which nobody needs a lock.

        Returns:
            None where the journal is just being put in its place, or is not what was written.
        """
        try:
            return self.journal.head(but) if is_settled(self.journal.folder) else None
        except (OSError, StoreError):
            return None

    def catch_up(self) -> None:
        """Apply what the journal has beyond the graph, or make the graph again where it cannot be trusted.

        Raises:
            StoreDamaged: the journal is not what was written, or lacks what the graph holds; nothing is changed.
            StoreError: the disk refuses; nothing that was accepted is lost.
        """
        self.settle()
        current = self.open_current()
        if current is not None:
            current.close()
            return
        entries = self.journal.entries()
        self._refuse_lost(entries)
        state = self._state()
        if state is None or state.get("engine") != engine_version() or "head" not in state:
            self.make_again()
            return
        self._mark(self._head())
        with opened(self.graph_file, read_only=False) as graph:
            graph.prepare()
            for entry in entries[_number(state["head"]) :]:
                graph.apply(entry)
        self._finish()

    def open_caught_up(self) -> Graph:
        """The graph, open for reading, after what it lacks was applied.

        Raises:
            StoreDamaged, StoreError: as for `catch_up`.
        """
        self.settle()
        current = self.open_current()
        if current is None:
            self.catch_up()
            current = Graph(self.graph_file, read_only=True)
        return current

    def settle(self) -> None:
        """Let a rewritten journal take its place; the graph is marked, since it was made from the one before."""
        if is_settled(self.journal.folder):
            return
        rewritten = replacement(self.journal.folder)
        if rewritten is not None:
            self._mark(Journal(rewritten).head())
        settle(self.journal.folder)

    def accept(self, staged: Staged) -> None:
        """Publish a batch, then apply it; what the engine or the disk refuses is taken back before it is reported.

        Raises:
            StoreError: it was refused; the store holds what it held.
        """
        before = self._head()
        entry = self.journal.publish(staged)
        try:
            self._mark(before)
            with opened(self.graph_file, read_only=False) as graph:
                graph.apply(entry)
            self._finish()
        except (QueryError, StoreError, OSError) as error:
            self._take_back(entry, error)

    def tidy(self, many: int = MANY) -> None:
        """Make the small entries at the journal's end one where they are many; the graph, as far as it was, stays.

        Nothing is said where the disk has no room for it: the record is whole, and whoever comes next tries again.
        """
        try:
            if compact(self.journal.folder, many):
                self.settle()
                with opened(self.graph_file, read_only=False) as graph:
                    graph.note_head(self._head())
                self._finish()
        except (OSError, StoreError, QueryError):
            shutil.rmtree(self.journal.folder.with_name(NEW), ignore_errors=True)

    def make_again(self) -> int:
        """Make the graph again from the journal, which is checked first; the number of entries that it holds.

        Raises:
            StoreDamaged: the journal is not what was written, or lacks what the graph holds; nothing is changed.
            StoreError: the disk refuses; the next who opens the store tries again.
        """
        entries = self.journal.entries()
        self._refuse_lost(entries)
        check(entries)
        try:
            self._make_beside(entries)
        except OSError as error:
            raise no_room(error.strerror or str(error), self._replay) from error
        finally:
            shutil.rmtree(self._replay, ignore_errors=True)
        return len(entries)

    # --- the parts of it ------------------------------------------------------------------------

    def _make_beside(self, entries: list[Entry]) -> None:
        shutil.rmtree(self._replay, ignore_errors=True)
        self._replay.parent.mkdir(exist_ok=True)
        self._replay.mkdir()
        made = self._replay / self.graph_file.name
        replay(entries, made)
        fsync(made)
        if side_files(self.graph_file):
            self._mark(self._head())  # without them the old file would look as if it were whole
            self._remove_side_files()
        made.replace(self.graph_file)
        fsync(self.graph_file.parent)
        self._marker.unlink(missing_ok=True)

    def _take_back(self, entry: Entry, error: Exception) -> None:
        """Take a refused batch back from the journal and out of the graph, and say why."""
        self.journal.retract(entry)
        self._remove_side_files()
        self.graph_file.unlink(missing_ok=True)  # it is broken, and the disk may be full
        what = error.what if isinstance(error, QueryError | StoreError) else str(error)
        if isinstance(error, OSError) or is_of_disk(what):
            refused, remedy = "the disk refused the batch", "Make room on the disk, then do the same again."
        else:
            refused = "the batch does not fit the graph"
            remedy = "Please report this with the file that was loaded."
        try:
            self.make_again()
        except StoreError as second:
            remedy = f"The journal holds what it held. {second.remedy}"
        else:
            remedy = f"Nothing was changed. {remedy}"
        where = str(self.graph_file.parent.parent)
        raise StoreError(f"{refused} and was rolled back: {what}", where=where, remedy=remedy) from error

    def _is_clean(self) -> bool:
        """Whether the graph file is there, and whoever wrote it last has finished."""
        return self.graph_file.exists() and not self._marker.exists() and not side_files(self.graph_file)

    def _state(self) -> dict[str, str] | None:
        """What the graph says of itself; None where it cannot be trusted."""
        if not self._is_clean():
            return None
        try:
            with opened(self.graph_file, read_only=True) as graph:
                state = graph.state()
        except StoreDamaged:
            return None
        return state if _HEAD.fullmatch(state.get("head", "")) else None

    def _head(self) -> str:
        return self.journal.head()

    def _refuse_lost(self, entries: list[Entry]) -> None:
        """Refuse a journal without the entry that the graph holds as its last, or held before it was written."""
        if self._marker.exists():
            head = self._marker.read_text(encoding="utf-8", errors="replace")
        else:
            head = (self._state() or {}).get("head", "")
        if not _HEAD.fullmatch(head):
            return  # nobody knows any more
        number = _number(head)
        if number == 0 or (number <= len(entries) and entries[number - 1].head == head):
            return
        has = f"only {len(entries)}" if len(entries) < number else "others"
        raise StoreDamaged(
            f"the graph holds {number} entries of the journal, which has {has}: what was accepted last is not there",
            where=str(self.journal.folder),
            remedy=f"The graph was left as it is. {_BACKUP} "
            "Where there is none, `graphwatch store copy` saves what the graph holds in a new store.",
        )

    def _mark(self, head: str) -> None:
        """Note on the disk that the graph file is being written, and the entry that must not be lost meanwhile."""
        self._marker.write_text(head, encoding="utf-8")
        fsync(self._marker)
        fsync(self._marker.parent)

    def _finish(self) -> None:
        """Take the marker away: the graph was closed, and all of it is on the disk."""
        left = side_files(self.graph_file)
        if left:
            raise StoreError(f"IO exception: the engine left {', '.join(f.name for f in left)}")
        fsync(self.graph_file)
        self._marker.unlink()

    def _remove_side_files(self) -> None:
        for file in side_files(self.graph_file):
            file.unlink(missing_ok=True)


def _number(head: str) -> int:
    """The number of the entry that a head names.

    >>> _number("7:ab"), _number("0:")
    (7, 0)
    """
    return int(head.partition(":")[0])
