"""The one node that says whose database this is, who writes, what is there in part, and which key made pseudonyms."""

import json
import os
import platform
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from graphwatch.common.clock import now_ms
from graphwatch.errors import StoreError, StoreLocked
from graphwatch.model import MODEL_VERSION, digest, elements
from graphwatch.model.declaring import Node
from graphwatch.settings import LOCK_WAIT_SECONDS
from graphwatch.store.base import Unfinished
from graphwatch.store.server.connection import Server

# Its label.
PROJECT: Final = "GraphwatchProject"
# A writer that has not been heard of for this long has gone.
LEASE_MS: Final = 60_000
_RENEW: Final = (
    f"MATCH (p:{PROJECT}) WHERE p.holder = $holder SET p.holder_until_ms = timestamp() + {LEASE_MS} RETURN 1 AS one"
)
# Takes the write lock on the node before it looks.
_ACQUIRE: Final = (
    f"MATCH (p:{PROJECT}) SET p.touched = timestamp() "
    "WITH p WHERE p.holder IS NULL OR p.holder_until_ms < timestamp() "
    f"SET p.holder = $holder, p.holder_name = $name, p.holder_until_ms = timestamp() + {LEASE_MS} "
    "RETURN p.holder AS holder"
)
_HELD_BY: Final = (
    f"MATCH (p:{PROJECT}) WHERE p.holder IS NOT NULL AND p.holder_until_ms >= timestamp() RETURN p.holder_name AS name"
)
_REVISION: Final = (
    f"MATCH (p:{PROJECT}) WHERE p.holder IS NULL "
    "RETURN p.project AS project, p.touched AS touched, p.model_version AS version, COUNT { MATCH (n) } AS nodes, "
    "COUNT { MATCH ()-[r]->() } AS relations, timestamp() / 60000 AS minute"
)
# Of several notes on the same batch the last stays: who begins it again takes the place of whoever was stopped.
_BEGIN: Final = (
    f"MATCH (p:{PROJECT}) SET p.unfinished = "
    "[note IN coalesce(p.unfinished, []) WHERE NOT note STARTS WITH $same] + [$note]"
)
_END: Final = (
    f"MATCH (p:{PROJECT}) SET p.unfinished = [note IN coalesce(p.unfinished, []) WHERE NOT note STARTS WITH $same]"
)

Run = Callable[..., list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Hold:
    """A store that is held for writing a batch.

    Attributes:
        kind: of batch.
        of: what it brings; None where readers are not told of a part of it.
        holder: the name under which this process holds the store.
    """

    kind: str
    of: str | None
    holder: str

    def renew(self, run: Run) -> None:
        """Hold the store for another minute, in the transaction that `run` belongs to.

        Raises:
            StoreLocked: another process holds it by now.
        """
        if not run(_RENEW, holder=self.holder):
            raise StoreLocked(
                "this writer was not heard of for a minute, and another one took its place",
                remedy="Wait until that one has finished, then do the same again: nothing is written twice.",
            )

    def begin(self, run: Run) -> None:
        """Note that a part of the batch is there, in the transaction that brings its first part."""
        if self.of is not None:
            more = json.dumps([_process(self.kind), now_ms(), self.holder], ensure_ascii=False)
            run(_BEGIN, same=self._beginning, note=self._beginning + more)

    def end(self, run: Run) -> None:
        """Take the note away: the batch is there as a whole."""
        if self.of is not None:
            run(_END, same=self._beginning)

    @property
    def _beginning(self) -> str:
        """What every note on this batch begins with; lines of JSON have no line end in them."""
        return json.dumps([self.kind, self.of], ensure_ascii=False) + "\n"


class ProjectNode:
    """The node of a store in one database of a server."""

    def __init__(self, server: Server, place: str) -> None:
        self._server, self._place = server, place

    @property
    def version(self) -> int | None:
        """The version of the model that the store is of; None where there is no store."""
        found = self._server.read(f"MATCH (p:{PROJECT}) RETURN p.model_version AS version")["version"].to_pylist()
        return int(found[0]) if found else None

    def create(self) -> None:
        """Make it in a database that holds nothing.

        Raises:
            StoreError: the database holds other data.
        """
        if self._server.read("MATCH (n) RETURN 1 AS one LIMIT 1").num_rows:
            raise StoreError(
                "the database holds other data and no graphwatch store",
                where=self._place,
                remedy="Use an empty database; one holds one project, and a Community server has one.",
            )
        self._server.define(_constraint("graphwatch_project", f"(e:{PROJECT})"))
        self._server.execute(
            f"MERGE (p:{PROJECT} {{id: 'project'}}) "
            "ON CREATE SET p.project = $project, p.model_version = $version, p.model = ''",
            project=secrets.token_hex(8),
            version=MODEL_VERSION,
        )

    def ensure_constraints(self) -> None:
        """Make every constraint that is missing: one that was dropped would let a load look through all that is there.

        Raises:
            StoreError: what was written while it was missing does not allow it.
        """
        there = set(self._server.read("SHOW CONSTRAINTS YIELD name RETURN name")["name"].to_pylist())
        wanted = {"graphwatch_project": f"(e:{PROJECT})"}
        for element in elements():
            pattern = f"(e:`{element.name}`)" if isinstance(element, Node) else f"()-[e:`{element.name}`]-()"
            wanted[f"graphwatch_{element.name.lower()}"] = pattern
        for name, pattern in wanted.items():
            if name not in there:
                self._server.define(_constraint(name, pattern))
        made = self._server.read(f"MATCH (p:{PROJECT}) RETURN p.model AS model")["model"][0].as_py()
        if made != digest():
            self._server.execute(
                f"MATCH (p:{PROJECT}) SET p.model = $model, p.model_version = $version",
                model=digest(),
                version=MODEL_VERSION,
            )

    # --- one writer at a time -------------------------------------------------------------------

    @contextmanager
    def held(self, kind: str, of: str | None) -> Iterator[Hold]:
        """Be the only writer while the block runs.

        Raises:
            StoreLocked: another process holds the store.
        """
        holder = f"{platform.node()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._until(lambda: self._server.execute(_ACQUIRE, holder=holder, name=_process(kind)))
        try:
            yield Hold(kind, of, holder)
        except BaseException:
            with suppress(StoreError):  # the server may be gone, which is what is to be told
                self._release(holder)
            raise
        self._release(holder)

    def await_turn(self) -> None:
        """Wait until nobody writes.

        Raises:
            StoreLocked: somebody still does.
        """
        self._until(lambda: not self._server.read(_HELD_BY).num_rows)

    def _until(self, done: Callable[[], Any]) -> None:
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        while not done():
            if time.monotonic() >= deadline:
                held = self._server.read(_HELD_BY)["name"].to_pylist() or ["another process"]
                raise StoreLocked(
                    f"the store is being written by {held[0]}",
                    where=self._place,
                    remedy=f"Wait until it has finished; a killed writer is forgotten after {LEASE_MS // 1000} s.",
                )
            time.sleep(0.2)

    def _release(self, holder: str) -> None:
        release = f"MATCH (p:{PROJECT}) WHERE p.holder = $holder REMOVE p.holder, p.holder_name, p.holder_until_ms"
        self._server.execute(release, holder=holder)

    # --- what readers are told ------------------------------------------------------------------

    def unfinished(self) -> tuple[Unfinished, ...]:
        """The batches of which a part is there."""
        query = (
            f"MATCH (p:{PROJECT}) UNWIND p.unfinished AS note "
            "RETURN note, p.holder AS holder, p.holder_until_ms >= timestamp() AS is_heard"
        )
        found = []
        for row in self._server.read(query).to_pylist():
            of, _, more = row["note"].partition("\n")
            (kind, of), (by, since_ms, holder) = json.loads(of), json.loads(more)
            is_under_way = bool(row["is_heard"]) and row["holder"] == holder
            found.append(Unfinished(kind, of, by, since_ms, is_under_way))
        return tuple(found)

    def revision(self) -> str | None:
        """When somebody last began to write, how much there is, and the minute.

        All that graphwatch writes shows in the first. What other tools write shows at once where it makes or deletes
        something, since the server has those numbers at hand, and else a minute later: a Community server does not
        tell its last transaction.

        Returns:
            None while somebody writes.
        """
        found = self._server.read(_REVISION).to_pylist()
        return str(tuple(found[0].values())) if found else None

    def keyed(self, mine: str | None) -> str | None:
        """The fingerprint of the key that pseudonyms are made with; the first that is told is kept."""
        noted: str | None
        for row in self._server.read(f"MATCH (p:{PROJECT}) RETURN p.pseudonyms AS noted").to_pylist():
            noted = row["noted"]
            if noted is None and mine is not None:
                keep = f"MATCH (p:{PROJECT}) SET p.pseudonyms = coalesce(p.pseudonyms, $mine) RETURN p.pseudonyms AS n"
                noted = self._server.execute(keep, mine=mine)[0]["n"]
            return noted
        return mine


def _constraint(name: str, pattern: str) -> str:
    return f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR {pattern} REQUIRE e.id IS UNIQUE"


def _process(kind: str) -> str:
    return f"process {os.getpid()} on {platform.node()} ({kind})"
