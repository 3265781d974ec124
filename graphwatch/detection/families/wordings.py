"""Texts as objects: what of a wording counts, and which wordings are nearly the same.

MinHash (Broder 1997) over runs of five letters proposes which wordings may be alike; each proposal is verified by the
Jaccard index itself. A family is a wording and those that are like it: nothing is like a member only, so that a
chain of small changes does not lead from one text to another.
"""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from graphwatch.common.pieces import Piece, even_pieces
from graphwatch.detection.counting.pairs import Ints, Longs, Mask
from graphwatch.detection.course import walk
from graphwatch.detection.families import wording_kernels as kernels

# Shorter ones are everybody's: thanks, greetings, one word and a smiley.
LEAST_WORDS: Final = 6
LEAST_LETTERS: Final = 40
# Of longer texts the beginning is compared; all of it makes the same text.
_MOST_LETTERS: Final = 5_000
LIKE: Final = 0.7
_GRAM: Final = 5
# 32 bands of 4 of 128 permutations: two texts of Jaccard 0.7 meet in one with a chance of 0.9999, of 0.3 of 0.23.
_BANDS: Final = 32
_ROWS: Final = 4
_SEED: Final = 1
# Putting the marks of one letter in order takes the square of their number; no letter of any script has thirty
# (Unicode's stream-safe text format, UAX 15). Two marks that are letters until they are normalised.
_MANY_MARKS: Final = 30
_HALF_MARKS: Final = "\uff9e\uff9f"
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@[\w.]+", re.IGNORECASE)


def plain(text: str) -> str:
    """A wording without what differs by accident: capitals, forms of letters, blanks, addresses and names of accounts.

    Repeated letters and emoji stay.

    >>> plain("Coblos  No. 2, @budi! https://x.example/1")
    'coblos no. 2, !'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _few_marks(text) if len(text) > _MANY_MARKS else text)
    if "@" in text or "://" in text or "www." in text.lower():
        text = _ADDRESS.sub(" ", text)
    return " ".join(text.lower().split())


def _few_marks(text: str) -> str:
    """The text with at most thirty marks on each letter."""
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter)[0] == "M" or letter in _HALF_MARKS else 0
        if marks <= _MANY_MARKS:
            kept.append(letter)
    return "".join(kept)


def says_something(wording: str) -> bool:
    """Whether a plain wording is long enough to be somebody's own: six words, or forty letters with two words.

    >>> says_something("terima kasih pak"), says_something("kami warga desa menolak jalan itu")
    (False, True)
    """
    words = wording.count(" ") + 1
    return words >= LEAST_WORDS or (len(wording) >= LEAST_LETTERS and words > 1)


def families(wordings: Sequence[str], weight: npt.NDArray[np.integer], *, threads: int | None = None) -> Longs:
    """For each plain wording the position of the one that its family is named after.

    The wordings that most accounts use come first, ties by a hash of the text, so that the order of rows has no part.
    Each joins the family named after the wording that is most like it, if their Jaccard index is 0.7 or more, and
    else begins its own. O(letters) but for wordings that are nearly alike.

    Args:
        wordings: distinct ones.
        weight: of each, how many accounts use it.

    >>> near = ["jalan desa kami rusak parah, pak", "jalan desa kami rusak parah, pak!!", "harga pupuk naik lagi, bu"]
    >>> families(near, np.array([2, 1, 1])).tolist()
    [0, 0, 2]
    """
    if not len(wordings):
        return np.empty(0, np.int64)
    digests = [blake2b(wording.encode("utf-8", "surrogatepass"), digest_size=8).digest() for wording in wordings]
    order = np.lexsort((np.frombuffer(b"".join(digests), ">u8"), -np.asarray(weight)))
    letters, start = _letters(wordings)
    permutations = _permutations()

    def hashed(piece: Piece) -> tuple[npt.NDArray[np.uint32], Longs, npt.NDArray[np.uint64]]:
        own = start[piece[0] : piece[1] + 1]
        grams, bounds = kernels.grams(letters[own[0] : own[-1]], own - own[0], _GRAM)
        return grams, np.diff(bounds), kernels.bands(grams, bounds, *permutations, _ROWS)

    parts = walk(hashed, even_pieces(np.diff(start)), threads)
    grams, sizes, bands = (np.concatenate(column) for column in zip(*parts, strict=True))
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    named: Longs = kernels.led(order, grams, bounds, *_buckets(bands, threads), LIKE)
    return named


def _buckets(bands: npt.NDArray[np.uint64], threads: int | None) -> tuple[Ints, int]:
    """For each text and band the number of its bucket, -1 where it is alone in it; and how many buckets there are."""

    def of_band(piece: Piece) -> list[tuple[Mask, Longs]]:
        found = []
        for band in range(*piece):
            _, code, size = np.unique(bands[:, band], return_inverse=True, return_counts=True)
            found.append((size > 1, code))
        return found

    bucket = np.full(bands.shape, -1, np.int32)
    buckets = 0
    by_piece = walk(of_band, even_pieces(np.ones(_BANDS, np.int64), 4), threads)
    for band, (shared, code) in enumerate(found for piece in by_piece for found in piece):
        bucket[:, band] = np.where(shared[code], buckets + (np.cumsum(shared) - 1)[code], -1)
        buckets += int(shared.sum())
    return bucket, buckets


def _letters(wordings: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Longs]:
    """Code points of all wordings one behind the other, and where each begins."""
    cut = [wording[:_MOST_LETTERS] for wording in wordings]
    start = np.concatenate([[0], np.cumsum([len(wording) for wording in cut])]).astype(np.int64)
    encoded = "".join(cut).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, np.uint32), start


def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    random = np.random.default_rng(_SEED)
    multiplier, shift = random.integers(0, 1 << 32, (2, _BANDS * _ROWS), dtype=np.uint32)
    return multiplier | np.uint32(1), shift


def families_of(texts: Sequence[str], users: npt.ArrayLike, *, threads: int | None = None) -> Ints:
    """The code of the family of each text as it was written, -1 where it says too little.

    Codes are in the order of the wordings that families are named after, whatever the order of rows is.

    Args:
        texts: distinct ones.
        users: of each, how many accounts use it.

    >>> families_of(["Jalan desa kami rusak parah sekali", "Oke", "jalan desa kami RUSAK parah sekali"], [1, 9, 1])
    array([ 0, -1,  0], dtype=int32)
    """
    code: dict[str, int] = {}
    of = np.full(len(texts), -1, np.int32)
    for position, text in enumerate(texts):
        wording = plain(text)
        if says_something(wording):
            of[position] = code.setdefault(wording, len(code))
    wordings = list(code)
    weight = np.bincount(of[of >= 0], weights=np.asarray(users)[of >= 0], minlength=len(wordings)).astype(np.int64)
    named = families(wordings, weight, threads=threads)
    leading = sorted(set(named.tolist()), key=lambda position: wordings[position])
    family = np.zeros(len(wordings), np.int32)
    family[leading] = np.arange(len(leading), dtype=np.int32)
    of[of >= 0] = family[named[of[of >= 0]]]
    return of
