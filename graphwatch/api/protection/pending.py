"""An erasure under way, on the disk, so that one that was stopped can be finished."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import portalocker

from graphwatch.errors import StoreDamaged, StoreLocked
from graphwatch.privacy import Words, write_whole
from graphwatch.settings import LOCK_WAIT_SECONDS
from graphwatch.store import Erasure


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done.

    Attributes:
        erasure: what goes.
        tombstones: what later loads must leave out.
        shared: accounts of a person that others claim too; they stay.
        expired: where it is the end of retention: the sources and their files.
        day: the day on which they had expired.
    """

    erasure: Erasure
    tombstones: tuple[tuple[Any, str], ...] = ()
    shared: tuple[str, ...] = ()
    expired: Mapping[str, str] = field(default_factory=dict)
    day: str = ""


class Pending:
    """The file `forgetting.json` of a project: there from the beginning of an erasure to its end.

    It names whom it is about, as long as they are not forgotten; only its owner may read it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "forgetting.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no other process begin or finish an erasure meanwhile.

        Raises:
            StoreLocked: another process erases for longer than the settings allow.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with portalocker.Lock(self.path.with_suffix(".lock"), mode="a", timeout=LOCK_WAIT_SECONDS):
                yield
        except portalocker.exceptions.LockException as error:
            remedy = "Wait until it has finished, then try again."
            raise StoreLocked("another process is erasing", where=str(self.path.parent), remedy=remedy) from error

    def begin(self, work: Work) -> None:
        """Write down what is to be done."""
        body = {
            "erasure": _written(work.erasure),
            "tombstones": work.tombstones,
            "shared": work.shared,
            "expired": dict(work.expired),
            "day": work.day,
        }
        write_whole(self.path, json.dumps(body).encode("ascii"))

    def read(self) -> Work | None:
        """What is still to be done.

        Raises:
            StoreDamaged: the file is not what was written.
        """
        try:
            body = json.loads(self.path.read_text(encoding="ascii"))
            return Work(
                _read(body["erasure"]),
                tuple((kind, id) for kind, id in body["tombstones"]),
                tuple(body["shared"]),
                dict(body["expired"]),
                body["day"],
            )
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            remedy = "Take it away and begin the erasure again."
            raise StoreDamaged("the erasure under way cannot be read", where=str(self.path), remedy=remedy) from error

    def end(self) -> None:
        """It is done."""
        self.path.unlink(missing_ok=True)


def _written(erasure: Erasure) -> dict[str, Any]:
    return {
        "at_ms": erasure.at_ms,
        "nodes": {label: sorted(ids) for label, ids in erasure.nodes.items()},
        "relations": {type: sorted(ids) for type, ids in erasure.relations.items()},
        "emptied": {label: [sorted(ids), list(names)] for label, (ids, names) in erasure.emptied.items()},
        "sources": sorted(erasure.sources),
        "words": asdict(erasure.words),
        "clusters": sorted(erasure.clusters),
    }


def _read(body: dict[str, Any]) -> Erasure:
    return Erasure(
        at_ms=body["at_ms"],
        nodes={label: frozenset(ids) for label, ids in body["nodes"].items()},
        relations={type: frozenset(ids) for type, ids in body["relations"].items()},
        emptied={label: (frozenset(ids), tuple(names)) for label, (ids, names) in body["emptied"].items()},
        sources=frozenset(body["sources"]),
        words=Words(**{name: tuple(words) for name, words in body["words"].items()}),
        clusters=frozenset(body["clusters"]),
    )
