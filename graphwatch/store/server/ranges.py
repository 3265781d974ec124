"""What is many on a server, read by several sessions at once, each of them a range of ids after the other.

A server answers a session on one core, and holds in its memory what it gathers. Ranges bound that memory and use as
many cores as there are sessions. What comes of a range is one list: to unpack a row of its own costs several times as
much as to unpack what is in it.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from graphwatch.store.server.connection import Server

_SESSIONS: Final = 4
# Ids in a sample for each range, which is then off by a quarter.
_SAMPLED: Final = 16
# A server compares texts by code points where it has an index and by halves of UTF-16 where it has none. A text of
# smaller characters has the same place among all others in either order.
_ORDERED_BELOW: Final = "\ud800"
_Read = TypeVar("_Read")


class Range(NamedTuple):
    """Ids from `first` to before `beyond`; None where nothing bounds them."""

    first: str | None
    beyond: str | None

    def holds(self, variable: str) -> str:
        """Cypher that says whether it has the id of what the variable is bound to; `parameters` are the values.

        >>> Range("x:1", None).holds("e"), Range(None, None).holds("e")
        ('e.id >= $first', 'true')
        """
        bounds = (("first", ">="), ("beyond", "<"))
        return (
            " AND ".join(f"{variable}.id {sign} ${name}" for name, sign in bounds if name in self.parameters) or "true"
        )

    @property
    def parameters(self) -> dict[str, str]:
        """Values for what `holds` names."""
        return {name: id for name, id in self._asdict().items() if id is not None}


WHOLE: Final = Range(None, None)


def ranges(server: Server, pattern: str, most: int, rows: int | None = None) -> list[Range]:
    """Ranges of about equally many ids that together have each once, also of what is written meanwhile.

    Args:
        server: is asked for a sample of the ids.
        pattern: Cypher that binds `e` to each of the nodes or relations.
        most: rows in a range, or somewhat more.
        rows: that are read in all, where it is not one for each `e`.
    """
    number = int(server.read(f"MATCH {pattern} RETURN count(e) AS n")["n"][0].as_py())
    wanted = -(-(number if rows is None else rows) // most)
    if wanted < 2 or not number:
        return [WHOLE]
    found = server.read(
        f"MATCH {pattern} WHERE rand() < $share RETURN e.id AS id", {"share": wanted * _SAMPLED / number}
    )
    sample = sorted(id for id in found["id"].drop_null().to_pylist() if max(id, default="") < _ORDERED_BELOW)
    step = max(1, len(sample) // wanted)
    return [Range(*ends) for ends in pairwise([None, *sample[step::step], None])]


def at_once(read: Callable[[Range], _Read], parts: Sequence[Range]) -> Iterator[_Read]:
    """What is read of each range, in their order; only a few that nobody has asked for yet are held."""
    with ThreadPoolExecutor(_SESSIONS) as sessions:
        begun: deque[Future[_Read]] = deque()
        try:
            for part in parts:
                begun.append(sessions.submit(read, part))
                if len(begun) > _SESSIONS:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            sessions.shutdown(cancel_futures=True)
