"""Discs in the plane: none over another, linked ones near."""

from typing import Final

import numpy as np
import numpy.typing as npt

_ANGLES: Final = 36
# Rings looked at together.
_RINGS: Final = 4


def pack_discs(radii: npt.NDArray[np.float64], links: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Centres of discs that do not overlap, placed in the given order; shape (discs, 2).

    Each disc goes to the free place that is nearest to the discs it is linked with and to the middle.

    Args:
        radii: with the wanted margin, shape (discs,).
        links: weights, shape (discs, discs).
    """
    centres = np.zeros((len(radii), 2))
    for i in range(1, len(radii)):
        placed = centres[:i]
        weight = links[i, :i]
        target = (placed * weight[:, None]).sum(axis=0) / weight.sum() if weight.any() else np.zeros(2)
        centres[i] = _nearest_free(target, radii[i], placed, radii[:i])
    low, high = (centres - radii[:, None]).min(axis=0), (centres + radii[:, None]).max(axis=0)
    centres -= (low + high) / 2
    return centres


def _nearest_free(
    target: npt.NDArray[np.float64],
    radius: float,
    placed: npt.NDArray[np.float64],
    radii: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    angle = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    step = max(radius / 3, float(radii.max()) / 10)
    away, reach = _length(placed - target), radii + radius
    first = 0
    while True:
        rings = np.arange(first, first + _RINGS) * step
        # Only discs that reach into these rings can be in the way.
        near = (away + reach >= rings[0]) & (away - reach <= rings[-1])
        candidates = (target + rings[:, None, None] * circle).reshape(-1, 2)
        gap = ((candidates[:, None, :] - placed[near]) ** 2).sum(axis=2) - reach[near] ** 2
        free = candidates[(gap >= 0).all(axis=1)]
        if len(free):
            cost = _length(free - target) + _length(free)
            best: npt.NDArray[np.float64] = free[np.argmin(np.round(cost, 6))]
            return best
        first += _RINGS


def _length(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    length: npt.NDArray[np.float64] = np.hypot(vectors[:, 0], vectors[:, 1])
    return length
