"""An erasure under way, on the disk, so that one that was stopped can be finished."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graphwatch.errors import StoreDamaged
from graphwatch.privacy import Words, write_whole
from graphwatch.store import Erasure


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: the erasure, the tombstones, and what of the person's stays."""

    erasure: Erasure
    tombstones: list[tuple[Any, str]]
    shared: tuple[str, ...]


class Pending:
    """The file `forgetting.json` of a project: there from the beginning of an erasure to its end.

    It names whom it is about, as long as they are not forgotten; only its owner may read it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "forgetting.json"

    def begin(self, erasure: Erasure, tombstones: list[tuple[Any, str]], shared: tuple[str, ...]) -> None:
        """Write down what is to be done."""
        body = {
            "at_ms": erasure.at_ms,
            "nodes": {label: sorted(ids) for label, ids in erasure.nodes.items()},
            "emptied": {label: [sorted(ids), list(names)] for label, (ids, names) in erasure.emptied.items()},
            "words": asdict(erasure.words),
            "clusters": sorted(erasure.clusters),
            "tombstones": tombstones,
            "shared": shared,
        }
        write_whole(self.path, json.dumps(body).encode("ascii"))

    def read(self) -> Work | None:
        """What is still to be done.

        Raises:
            StoreDamaged: the file is not what was written.
        """
        try:
            body = json.loads(self.path.read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            remedy = "Take it away and begin the erasure again."
            raise StoreDamaged("the erasure under way cannot be read", where=str(self.path), remedy=remedy) from error
        erasure = Erasure(
            at_ms=body["at_ms"],
            nodes={label: frozenset(ids) for label, ids in body["nodes"].items()},
            emptied={label: (frozenset(ids), tuple(names)) for label, (ids, names) in body["emptied"].items()},
            words=Words(**{name: tuple(words) for name, words in body["words"].items()}),
            clusters=frozenset(body["clusters"]),
        )
        return Work(erasure, [(kind, id) for kind, id in body["tombstones"]], tuple(body["shared"]))

    def end(self) -> None:
        """It is done."""
        self.path.unlink(missing_ok=True)
