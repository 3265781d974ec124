"""Answers that are kept as long as the store is as it was: a page that is turned does not ask the graph anew."""

import ctypes
import sys
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from datetime import date
from functools import cache
from threading import Lock
from typing import Any, Final, NamedTuple, TypeVar
from weakref import WeakValueDictionary

import pyarrow as pa

from graphwatch.common.clock import today
from graphwatch.common.table import Table
from graphwatch.errors import StoreMissing
from graphwatch.project import Project

Answer = TypeVar("Answer")
# What is kept takes at most so much; of what is no table nobody knows the size, and so many are few.
_MOST_BYTES: Final = 128 << 20
_MOST: Final = 100
# After these a store is asked again only for what they can have changed.
DECIDED: Final = ("decision",)


class _Kept(NamedTuple):
    """An answer, and the revision of the store and the day for which it is one."""

    of: tuple[str | None, date]
    answer: Any
    bytes: int


class Keeping:
    """The answers of one store, shared by everybody at the desk.

    An answer is told again only where the store is at the revision at which it was given, whichever process changed it;
    where the revision cannot be told, every question is asked. What was used longest ago goes first.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()
        self._asking: WeakValueDictionary[Hashable, Lock] = WeakValueDictionary()

    def answer(
        self, project: Project, name: Hashable, ask: Callable[[Project], Answer], but: Collection[str] = ()
    ) -> Answer:
        """What the project answers, asked once for all who want to know it at the same time.

        Args:
            project: that is asked.
            name: of the question, with everything that the answer depends on besides the store and the day.
            ask: the question; where it is several, it asks them in one session.
            but: kinds of batch that do not touch the answer.

        Raises:
            StoreMissing: nothing has been loaded yet.
            GraphwatchError: as `ask` raises them; none is kept.
        """
        if not project.store.exists:
            raise StoreMissing("nothing has been loaded yet")
        with self._lock:
            asking = self._asking.setdefault(name, Lock())
        with asking:
            of = (project.store.revision(but), today())
            with self._lock:
                kept = self._kept.get(name)
                if kept is not None and kept.of == of:
                    self._kept.move_to_end(name)
                    return kept.answer  # type: ignore[no-any-return]
            try:
                answer = ask(project)
            finally:
                _give_back()
            if of[0] is not None and of[0] == project.store.revision(but):
                self._keep(name, _Kept(of, answer, _size(answer)))
        return answer

    def _keep(self, name: Hashable, kept: _Kept) -> None:
        with self._lock:
            self._kept[name] = kept
            self._kept.move_to_end(name)
            while len(self._kept) > _MOST or sum(k.bytes for k in self._kept.values()) > _MOST_BYTES:
                self._kept.popitem(last=False)


def _give_back() -> None:
    """Return memory that an answer needed and needs no more: a desk is open all day, beside other programs."""
    pa.default_memory_pool().release_unused()
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Any:
    """What the C library has for that; None where it has nothing, as on Windows and macOS."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def _size(answer: object) -> int:
    """Bytes of a table's columns; others are small."""
    return answer.to_arrow().nbytes if isinstance(answer, Table) else 0
