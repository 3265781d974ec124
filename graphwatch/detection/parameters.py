"""What a run is asked, and of which data; the id that follows from both."""

import json
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b, sha256
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.compiled import compiled
from graphwatch.common.large_arrays import taken
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns
from graphwatch.settings import SEED

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
# Another method finds something else in the same data: its runs have other ids. Raise it where findings change.
METHOD: Final = 2


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run is asked.

    Attributes:
        window_ms: window in milliseconds, inclusive.
        min_objects: least objects a pair must share within it.
        scope: which interactions, and what counts as their object.
        fdr: false discovery rate of the test against chance; None counts only, and ties accounts by count.
        layers: whether each kind is also looked at alone.
        sensitivity: whether half and twice the window are looked at too.
        seed: of every random choice: one seed, one result.
        windows: further windows, each a layer, which share the rate with the first.
    """

    window_ms: int
    min_objects: int
    scope: Scope = field(default_factory=Scope)
    fdr: float | None = None
    layers: bool = False
    sensitivity: bool = False
    seed: int = SEED
    windows: tuple[int, ...] = ()

    @property
    def rate(self) -> float | None:
        """The part of the false discovery rate that each window has (Bonferroni)."""
        return None if self.fdr is None else self.fdr / (1 + len(self.windows))

    def of_window(self, window_ms: int) -> "Parameters":
        """The question of one window alone, at its part of the rate."""
        return replace(self, window_ms=window_ms, fdr=self.rate, windows=())

    def as_json(self) -> str:
        """The same text for the same question, in whatever order it was put; one window is no list of windows."""
        asked = asdict(self)
        if not self.windows:
            del asked["windows"]
        return json.dumps(asked.pop("scope") | asked, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Parameters":
        """What `as_json` wrote.

        >>> asked = Parameters(60_000, 3, Scope(("LIKED",), pages=("x:1",)), 0.05)
        >>> Parameters.from_json(asked.as_json()) == asked
        True
        """
        asked = json.loads(text)
        return msgspec.convert({**asked, "scope": asked}, cls)


def run_id(parameters: Parameters, version: str, data: str, context: str = "") -> str:
    """The id of a run: a function of parameters, version, method and data: the same question has the same id."""
    asked = (parameters.as_json(), f"{version} {METHOD}", data, context)
    return "R-" + sha256("\n".join(asked).encode()).hexdigest()[:12]


def identify(columns: InteractionColumns, parameters: Parameters, version: str, context: str = "") -> tuple[str, str]:
    """The id that a run over these data will have, and the fingerprint of the data.

    Args:
        context: digest of what is known beside the interactions: another roster makes another run.
    """
    data = fingerprint(
        columns.account,
        columns.object,
        columns.kind,
        columns.at_ms,
        columns.accounts,
        columns.objects,
        columns.kinds,
        taken(columns.published_ms, columns.post_of_row),
    )
    return run_id(parameters, version, data, context), data


def fingerprint(
    account: Ints,
    object: Ints,
    kind: npt.NDArray[np.int8],
    at_ms: Longs,
    accounts: pa.StringArray,
    objects: pa.StringArray,
    kinds: tuple[str, ...],
    published_ms: Longs,
) -> str:
    """32 hex digits of the ids that occur, and of the multiset of rows.

    The ids come sorted, so that codes say which they are: lists of ids are hashed as they lie in memory (BLAKE2).
    What they give seeds the rows: each is mixed into a 64-bit word, twice with other constants, and the words are
    added, so that the order of rows does not matter but their number does. Ids that no row has do not matter either.

    >>> ids = pa.array(["a", "b"])
    >>> rows = [np.array([0, 1]), np.array([1, 0]), np.array([0, 0], np.int8), np.array([5, 6])]
    >>> names, published = (ids, ids, ("LIKED",)), np.array([-1, 4])
    >>> fingerprint(*rows, *names, published) == fingerprint(*[r[::-1] for r in rows], *names, published[::-1])
    True
    """
    ids = blake2b(digest_size=16)
    codes = []
    for column, names in ((account, accounts), (object, objects), (kind, pa.array(kinds, pa.string()))):
        used = _used(column, np.zeros(len(names), np.bool_))
        codes.append(taken((np.cumsum(used) - 1).astype(np.int32), column))
        for part in _bytes(names.filter(pa.array(used))):
            ids.update(part)
    rows = _sums(*codes, at_ms, published_ms, np.frombuffer(ids.digest(), "<u8").astype(np.uint64))
    return blake2b(rows.astype("<u8").tobytes(), digest_size=16).hexdigest()


def _bytes(ids: pa.StringArray) -> tuple[bytes, bytes, bytes]:
    """Number and lengths of the ids and their letters; no other list of ids has the same."""
    ids = pa.concat_arrays([ids])
    lengths = pc.binary_length(ids).to_numpy().astype("<i4")
    _, offsets, letters = ids.buffers()
    bounds = np.frombuffer(offsets, np.int32, len(ids) + 1, 4 * ids.offset) if len(ids) else np.zeros(1, np.int32)
    text = letters[int(bounds[0]) : int(bounds[-1])].to_pybytes() if letters is not None else b""
    return len(ids).to_bytes(8, "little"), lengths.tobytes(), text


@compiled
def _used(column, used):  # type: ignore[no-untyped-def]
    for code in column:
        used[code] = True
    return used


@compiled
def _sums(account, object, kind, at_ms, published_ms, seeds):  # type: ignore[no-untyped-def]
    """The sum over all rows, which any order of them has, of what each is mixed into; one for each seed."""
    sums = np.zeros(len(seeds), np.uint64)
    for lane in range(len(seeds)):
        for r in range(len(account)):
            word = _mix(seeds[lane] ^ ((np.uint64(account[r]) << np.uint64(32)) | np.uint64(object[r])))
            word = _mix(word ^ np.uint64(kind[r]))
            word = _mix(word ^ np.uint64(at_ms[r]))
            sums[lane] += _mix(word ^ np.uint64(published_ms[r]))
    return sums


@compiled
def _mix(x):  # type: ignore[no-untyped-def]
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of input touches every bit of output."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
