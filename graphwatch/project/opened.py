"""A store that somebody opened: what every verb of a project begins with."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from graphwatch.store.base import Store
from graphwatch.store.opening import open_store
from graphwatch.store.workspace import Workspace, WritableWorkspace

if TYPE_CHECKING:
    from graphwatch.rights import erasure


class Late:
    """A module that is imported when something of it is used first: a command then loads its own subject alone.

    >>> Late("graphwatch.settings").QUERY_HOPS
    30
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


if not TYPE_CHECKING:
    erasure = Late("graphwatch.rights.erasure")


class Opened:
    """An open store and the folder beside it.

    A verb gives the function behind it `_workspace` where that only reads and `_writable` where it writes. No function
    that writes takes the former, so that none can forget to finish an erasure that was stopped.
    """

    def __init__(self, place: str, folder: Path, *, create: bool) -> None:
        self._store = open_store(place, create=create)
        self._workspace = Workspace(place, folder, self._store)

    def __repr__(self) -> str:
        return f"graphwatch.open({self.place!r})"

    @property
    def place(self) -> str:
        """The store's folder, or the address of its server."""
        return self._workspace.place

    @property
    def folder(self) -> Path:
        """An embedded store's own folder, or the one beside a server."""
        return self._workspace.folder

    @property
    def store(self) -> Store:
        """The graph, behind the seam that is the same for every engine."""
        return self._store

    @property
    def workspace(self) -> Workspace:
        """What functions that only read are given."""
        return self._workspace

    @property
    def _writable(self) -> WritableWorkspace:
        """What functions that write are given, once an erasure that was stopped is finished."""
        return erasure.writable(self._workspace, self._store)

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
