"""The rules of this field's tools, computed as their own code computes them; see docs/detection-benchmark.md."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of interactions; the codes of contents (the comment or share that a row is) and objects are one alphabet."""

    account: Codes
    object: Codes
    at_ms: Codes
    content: Codes

    def where(self, kept: npt.NDArray[np.generic]) -> "Rows":
        """Those rows that the mask or order keeps."""
        return Rows(self.account[kept], self.object[kept], self.at_ms[kept], self.content[kept])


@dataclass(frozen=True, slots=True)
class Edges:
    """Weighted edges between accounts."""

    first: Codes
    second: Codes
    weight: Codes


def coortweet(rows: Rows, window_ms: int, *, min_participation: int = 2) -> Edges:
    """The edges of CooRTweet (Giglietto et al. 2020; Righetti & Balluff 2025), each from the smaller account.

    The weight of an edge is the number of pairs of rows of its accounts on one object within the window, where
    either account has `min_participation` rows of matched contents.
    """
    rows = rows.where((np.bincount(rows.account) >= min_participation)[rows.account])
    rows, r, s = _matched(rows, window_ms)
    content, object = rows.content, rows.object
    itself = (content[r] == content[s]) | (content[r] == object[r]) | (content[s] == object[s])
    kept = (rows.account[r] != rows.account[s]) & ~itself
    r, s = r[kept], s[kept]
    # Rows of the contents that were matched, matched themselves or not: contents repeat in real data.
    involved = np.isin(content, np.concatenate([content[r], content[s]]))
    often = np.bincount(rows.account, involved, rows.account.max(initial=0) + 1) >= min_participation
    kept = often[rows.account[r]] | often[rows.account[s]]
    ends = np.sort(np.stack([rows.account[r[kept]], rows.account[s[kept]]]), axis=0)
    return _counted(ends[0], ends[1])


def above_quantile(edges: Edges, quantile: float = 0.5) -> Edges:
    """CooRTweet's threshold: the edges heavier than that quantile of all weights."""
    if not len(edges.weight):
        return edges
    kept = edges.weight > np.quantile(edges.weight, quantile)
    return Edges(edges.first[kept], edges.second[kept], edges.weight[kept])


def toolkit(rows: Rows, window_ms: int, min_weight: int = 1) -> Edges:
    """The edges of the Coordination Network Toolkit (Graham et al.), directed, those of an account to itself left out.

    The weight from u to v is the number of rows of u with one of v on the same object within the window.
    """
    rows, r, s = _matched(rows, window_ms)
    r, s = np.concatenate([r, s]), np.concatenate([s, r])
    other = rows.account[r] != rows.account[s]
    row, account = _unpacked(np.unique(_packed(r[other], rows.account[s[other]])))
    edges = _counted(rows.account[row], account)
    kept = edges.weight >= min_weight
    return Edges(edges.first[kept], edges.second[kept], edges.weight[kept])


def _matched(rows: Rows, window_ms: int) -> tuple[Rows, Codes, Codes]:
    """The rows in order, and all pairs of them on one object at most the window apart, the older first."""
    rows = rows.where(np.lexsort((rows.at_ms, rows.object)))
    place = np.arange(len(rows.account))
    if not len(place):
        return rows, place, place
    since = rows.at_ms - rows.at_ms.min()
    line = rows.object.astype(np.int64) * (int(since.max()) + window_ms + 1) + since
    later = np.searchsorted(line, line + window_ms, side="right") - place - 1
    first = np.repeat(place, later)
    return rows, first, first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(later) - later, later)


def _counted(first: Codes, second: Codes) -> Edges:
    distinct, weight = np.unique(_packed(first, second), return_counts=True)
    return Edges(*_unpacked(distinct), weight)


def _packed(high: Codes, low: Codes) -> npt.NDArray[np.int64]:
    return high.astype(np.int64) << 32 | low.astype(np.int64)


def _unpacked(packed: npt.NDArray[np.int64]) -> tuple[Codes, Codes]:
    return packed >> 32, packed & 0xFFFFFFFF
