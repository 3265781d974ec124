"""A fingerprint of the data that a run saw: equal data give equal fingerprints, in whatever order they came."""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Words = npt.NDArray[np.uint64]


def fingerprint(
    account: npt.NDArray[np.int32],
    object: npt.NDArray[np.int32],
    kind: npt.NDArray[np.int8],
    at_ms: npt.NDArray[np.int64],
    accounts: pa.StringArray,
    objects: pa.StringArray,
    kinds: tuple[str, ...],
    published_ms: npt.NDArray[np.int64],
) -> str:
    """32 hex digits of the multiset of (account id, object id, kind, time, publication time of the post).

    Each row is mixed into a 64-bit word, twice with other constants, and the words are added, so that the order
    of rows does not matter but their number does.

    >>> ids = pa.array(["a", "b"])
    >>> rows = [np.array([0, 1]), np.array([1, 0]), np.array([0, 0], np.int8), np.array([5, 6])]
    >>> names, published = (ids, ids, ("LIKED",)), np.array([-1, 4])
    >>> fingerprint(*rows, *names, published) == fingerprint(*[r[::-1] for r in rows], *names, published[::-1])
    True
    """
    words = (
        _hashes(accounts, b"account")[account],
        _hashes(objects, b"object")[object] ^ _mix(published_ms.astype(np.uint64)),
        _hashes(pa.array(kinds, pa.string()), b"kind")[kind],
        at_ms.astype(np.uint64),
    )
    lanes = []
    for seed in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F):
        mixed = np.full(len(account), seed, np.uint64)
        for word in words:
            mixed = _mix(mixed ^ word)
        lanes.append(int(mixed.sum(dtype=np.uint64)))
    return f"{lanes[0]:016x}{lanes[1]:016x}"


def _mix(x: Words) -> Words:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of input touches every bit of output."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _hashes(ids: pa.StringArray, of: bytes) -> Words:
    digests = b"".join(blake2b(i.encode(), digest_size=8, person=of).digest() for i in ids.to_pylist())
    return np.frombuffer(digests, np.uint64)
