"""The graph file follows the journal before it is asked, and is made again from it wherever it cannot be trusted.

A batch is accepted when the journal has it. What the graph lacks it takes in, all entries together, before somebody
reads it.

What the engine recovers after a kill is not believed: rows that COPY brought are not in its log, though what says that
they are there is. So a marker is set before the file is written and taken away after it was closed cleanly, and a graph
found with the marker, or with a file of the engine beside it, is made again: beside the old one, then renamed.
"""

import os
import re
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from graphwatch.common.files import USUAL, read_kept, write_atomic
from graphwatch.errors import QueryError, StoreDamaged, StoreError
from graphwatch.store.base import Telling, silent
from graphwatch.store.embedded.compacting import MANY, compact, small_ones
from graphwatch.store.embedded.entries import EMPTY, Entry, fsync
from graphwatch.store.embedded.graph import Graph, engine_version, opened, side_files
from graphwatch.store.embedded.journal import Journal, Staged
from graphwatch.store.embedded.record import Record
from graphwatch.store.embedded.replaying import Taken, check, no_room, replay, rows_of, take_in
from graphwatch.store.embedded.rewriting import NEW, is_settled, replacement, settle
from graphwatch.store.embedded.slim import is_slim, layout

_HEAD: Final = re.compile(r"[0-9]+:[0-9a-f]*")
_BACKUP: Final = "Bring the folder `journal` back from a backup, then run `graphwatch store verify`."

# A graph of a few rows, with the engine's log beside it.
_LEAST_ROOM: Final = 4 << 20


class Upkeep:
    """The journal and the graph file of one store.

    Whoever calls a method holds the store's lock: a writer's, or a reader's for those that open, read or look.
    """

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder / "journal")
        self.graph_file = folder / "graph" / "graph.lbug"
        self._marker = folder / "graph" / "applying"
        self._accepted = folder / "graph" / "accepted"
        """The last entry that was accepted, which the graph need not have yet: without it a loss would go unnoticed."""
        self._replay = folder / "graph" / "replay"
        self._seen: tuple[tuple[int, ...], dict[str, str]] | None = None
        """What the graph said of itself when it was opened last, and the file that said it."""

    @property
    def is_settled(self) -> bool:
        """Whether the journal is the one that counts; else `settle` comes before it is read."""
        return is_settled(self.journal.folder)

    def open_current(self) -> Graph | None:
        """The graph, open for reading; None where it must be brought up to date first."""
        if not self.is_settled or not self._is_clean() or (self._is_seen() and not self._is_current(self._state())):
            return None
        try:
            graph = Graph(self.graph_file, read_only=True)
        except StoreDamaged:
            return None
        try:
            self._seen = self._file(), graph.state()
            if self._is_current(self._state()):
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
        """What has been accepted, to be searched by id.

        Raises:
            StoreDamaged: the journal is not what was written, or lacks what was accepted.
        """
        entries = self.journal.entries()
        self.refuse_lost(entries)
        return Record(entries)

    def head_of_others(self, but: Collection[str]) -> str | None:
        """The head of the newest entry that is of none of these kinds, for which nobody needs a lock.

        Returns:
            None where the journal is just being put in its place, or is not what was written.
        """
        try:
            return self.journal.head(but) if self.is_settled else None
        except (OSError, StoreError):
            return None

    def catch_up(self, telling: Telling = silent) -> None:
        """Have the graph take in what the journal has beyond it, or make it again where it cannot be trusted.

        Args:
            telling: of how much is taken in.

        Raises:
            StoreDamaged: the journal is not what was written, or lacks what was accepted; nothing is changed.
            StoreError: the disk refuses; nothing that was accepted is lost.
        """
        self.settle()
        entries = self.journal.entries()
        self.refuse_lost(entries)
        self._note_accepted(self._head())
        state = self._state()
        if state is None or state.get("engine") != engine_version() or not is_slim(state.get("model", "")):
            self.make_again(telling)
        elif not self._is_current(state):
            missing = entries[_place(state["head"], entries) :]
            check(missing)
            try:
                with telling(rows_of(missing)) as taken:
                    self._take_in(missing, taken)
            except (QueryError, StoreError, OSError):
                self._remove_side_files()
                self.graph_file.unlink(missing_ok=True)  # it is broken, and the disk may be full
                self.make_again(telling)

    def open_caught_up(self, telling: Telling = silent) -> Graph:
        """The graph, open for reading, after what it lacks was taken in.

        Raises:
            StoreDamaged, StoreError: as for `catch_up`.
        """
        current = self.open_current()
        if current is None:
            self.catch_up(telling)
            current = Graph(self.graph_file, read_only=True)
        return current

    def settle(self) -> None:
        """Let a rewritten journal take its place; a graph of entries that it lacks is marked: it is made again."""
        if self.is_settled:
            return
        rewritten = replacement(self.journal.folder)
        if rewritten is not None:
            entries = Journal(rewritten).entries()
            head = entries[-1].head if entries else EMPTY
            state = self._state()
            if state is None or not _is_known(state["head"], entries):
                self._mark(head)
            self._note_accepted(head)
        settle(self.journal.folder)

    def accept(self, staged: Staged) -> None:
        """Publish a batch; the graph takes it in when somebody asks it.

        Raises:
            StoreError: it was refused; the store holds what it held.
        """
        accepted = self.journal.publish(staged)
        with suppress(OSError, StoreError):  # the note of the entry before it is true, too
            self._note_accepted(accepted.head)

    def tidy(self, many: int = MANY) -> None:
        """Make the small entries at the journal's end one where they are many; the graph, as far as it was, stays.

        Nothing is said where the disk has no room for it: the record is whole, and whoever comes next tries again.
        """
        try:
            small = small_ones(self.journal, many)
            if small:
                compact(self.journal.folder, small, (self._state() or {}).get("head"))
                self.settle()
        except (OSError, StoreError, QueryError):
            shutil.rmtree(self.journal.folder.with_name(NEW), ignore_errors=True)

    def make_again(self, telling: Telling = silent) -> int:
        """Make the graph again from the journal, which is checked first; the number of entries that it holds.

        Raises:
            StoreDamaged: the journal is not what was written, or lacks what was accepted; nothing is changed.
            StoreError: the disk refuses; the next who opens the store tries again.
        """
        entries = self.journal.entries()
        self.refuse_lost(entries)
        check(entries)
        try:
            with telling(rows_of(entries)) as taken:
                self._make_beside(entries, taken)
        except OSError as error:
            raise no_room(error.strerror or str(error), self._replay) from error
        finally:
            shutil.rmtree(self._replay, ignore_errors=True)
        return len(entries)

    def refuse_lost(self, entries: list[Entry] | None = None) -> None:
        """Refuse a journal without an entry that was accepted, as a note beside the graph or the graph itself tells.

        Args:
            entries: of the journal, where they were read already.

        Raises:
            StoreDamaged: there is such an entry, or the journal is not what was written.
        """
        entries = self.journal.entries() if entries is None else entries
        noted = [_text(self._marker), _text(self._accepted)]
        if self.graph_file.exists() and noted[1] is None:
            noted.append((self._state() or {}).get("head"))
        for head in noted:
            if head is None or not _HEAD.fullmatch(head) or _is_known(head, entries):
                continue  # nobody knows any more, or all is well
            number = int(head.partition(":")[0])
            has = f"only {len(entries)}" if len(entries) < number else "others"
            raise StoreDamaged(
                f"{number} entries of the journal were accepted, and it has {has}: what was accepted last is not there",
                where=str(self.journal.folder),
                remedy=f"The graph was left as it is. {_BACKUP} "
                "Where there is none, `graphwatch store copy` saves what the graph holds in a new store.",
            )

    # --- the parts of it ------------------------------------------------------------------------

    def _take_in(self, missing: list[Entry], taken: Taken) -> None:
        """Write these entries, the last of the journal, into the graph."""
        self._mark(self._head())
        self._make_scratch()
        try:
            with opened(self.graph_file, read_only=False) as graph:
                if graph.state().get("model") != layout():
                    graph.prepare()
                with graph.at_once(rows_of(missing)):
                    take_in(graph, missing, self._replay, taken)
                    graph.note_head(self._head())
        finally:
            shutil.rmtree(self._replay, ignore_errors=True)
        left = side_files(self.graph_file)
        if left:
            raise StoreError(f"IO exception: the engine left {', '.join(f.name for f in left)}")
        fsync(self.graph_file)
        self._marker.unlink()

    def _make_beside(self, entries: list[Entry], taken: Taken) -> None:
        self._make_scratch()
        made = self._replay / self.graph_file.name
        replay(entries, made, taken)
        fsync(made)
        if side_files(self.graph_file):
            self._mark(self._head())  # without them the old file would look as if it were whole
            self._remove_side_files()
        made.replace(self.graph_file)
        fsync(self.graph_file.parent)
        self._marker.unlink(missing_ok=True)

    def _make_scratch(self) -> None:
        """An empty folder for what is on the way, with room for the least that the engine writes.

        Where it cannot write its log, the engine ends the whole process.
        """
        shutil.rmtree(self._replay, ignore_errors=True)
        try:
            self._replay.parent.mkdir(exist_ok=True)
            self._replay.mkdir()
            with (self._replay / "room").open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, _LEAST_ROOM)
            (self._replay / "room").unlink()
        except OSError as error:
            raise no_room(error.strerror or str(error), self._replay) from error

    def _is_clean(self) -> bool:
        """Whether the graph file is there, and whoever wrote it last has finished."""
        return self.graph_file.exists() and not self._marker.exists() and not side_files(self.graph_file)

    def _is_current(self, state: dict[str, str] | None) -> bool:
        """Whether a graph that says this of itself holds all that was accepted."""
        last = self.journal.last()
        heads = last.heads if last else (EMPTY,)
        return (
            state is not None
            and state["head"] in heads
            and (state.get("model"), state.get("engine")) == (layout(), engine_version())
            and _text(self._accepted) in (None, *heads)
        )

    def _state(self) -> dict[str, str] | None:
        """What the graph says of itself; None where it cannot be trusted."""
        if not self._is_clean():
            return None
        if self._seen is None or not self._is_seen():
            try:
                with opened(self.graph_file, read_only=True) as graph:
                    self._seen = self._file(), graph.state()
            except StoreDamaged:
                return None
        state = self._seen[1]
        return state if _HEAD.fullmatch(state.get("head", "")) else None

    def _file(self) -> tuple[int, ...]:
        stat = self.graph_file.stat()
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _is_seen(self) -> bool:
        """Whether it is known what the graph says of itself, without opening it."""
        return self._seen is not None and self._seen[0] == self._file()

    def _head(self) -> str:
        return self.journal.head()

    def _note_accepted(self, head: str) -> None:
        """Note on the disk the last entry that must not be lost."""
        if _text(self._accepted) != head:
            write_atomic(self._accepted, head.encode(), mode=USUAL)

    def _mark(self, head: str) -> None:
        """Note on the disk that the graph file is being written, and the entry that must not be lost meanwhile."""
        self._marker.parent.mkdir(exist_ok=True)
        self._marker.write_text(head, encoding="utf-8")
        fsync(self._marker)
        fsync(self._marker.parent)

    def _remove_side_files(self) -> None:
        for file in side_files(self.graph_file):
            file.unlink(missing_ok=True)


def _text(file: Path) -> str | None:
    """What stands in a small file; None where there is none.

    Raises:
        StoreDamaged: something else is in its place.
    """
    try:
        return read_kept(file).decode("utf-8", "replace") if file.exists() else None
    except OSError as error:
        remedy = "Remove it, then run `graphwatch store verify`."
        raise StoreDamaged(f"the note cannot be read: {error.strerror}", where=str(file), remedy=remedy) from error


def _is_known(head: str, entries: list[Entry]) -> bool:
    """Whether the entry that a head names is among these."""
    return head == EMPTY or any(head in entry.heads for entry in entries)


def _place(head: str, entries: list[Entry]) -> int:
    """How many of the entries a graph with that head holds."""
    return next((at for at, entry in enumerate(entries, 1) if head in entry.heads), 0)
