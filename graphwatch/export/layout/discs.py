"""Places inside and around one disc."""

from typing import Final

import numpy as np
import numpy.typing as npt

_GOLDEN: Final = np.pi * (3.0 - np.sqrt(5.0))
# Rings run clockwise from 50 degrees right of the top to 50 degrees left of it.
_RING_FROM: Final = np.deg2rad(-40.0)
_RING_LENGTH: Final = np.deg2rad(260.0)
_ROUNDS: Final = 30
_ROUNDS_APART: Final = 12
# Directions in which a disc may stand from what it is linked with, and rings looked at together.
_ANGLES: Final = 36
_RINGS: Final = 4


def fill_disc(count: int, weights: npt.NDArray[np.float64] | None, spacing: float) -> npt.NDArray[np.float64]:
    """Places of `count` nodes in a disc around (0, 0), linked ones close; shape (count, 2).

    Args:
        count: nodes.
        weights: symmetric weights of their links, shape (count, count), or None for an even spread in which
            the first stand in the middle.
        spacing: wanted distance between neighbours.

    Forces after Fruchterman and Reingold (1991), from a sunflower spread instead of chance; then
    nodes that are too close are pushed apart.
    """
    if count == 2:
        # One over the other: names stand below nodes and are wider than high.
        return np.array([[0.0, -0.75], [0.0, 0.75]]) * spacing
    index = np.arange(count) + (0.5 if count > 1 else 0.0)
    # Vogel (1979): equal area for each seed.
    radius, angle = spacing * 0.6 * np.sqrt(index), index * _GOLDEN
    places = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    if weights is None or count < 3:
        return places
    wanted = spacing * 0.6 * np.sqrt(count)
    # Divided by what a node has on average, or else cliques fall into their middle.
    pull = weights / max(weights.sum(axis=1).mean(), 1e-6)
    for step in np.linspace(spacing, spacing / 20, _ROUNDS):
        away = places[:, None, :] - places[None, :, :]
        distance = np.sqrt((away**2).sum(axis=2)) + 1e-6
        force = spacing**2 / distance**2 - pull * distance / spacing
        moved = (away * force[:, :, None]).sum(axis=1) - places * 0.5
        length = np.sqrt((moved**2).sum(axis=1, keepdims=True)) + 1e-6
        places = places + moved / length * np.minimum(length, step)
    places -= places.mean(axis=0)
    # Two thirds is the mean distance in an even disc; what stands far outside is drawn in.
    length = np.sqrt((places**2).sum(axis=1, keepdims=True)) + 1e-6
    places *= np.minimum(wanted * 2 / 3 / length.mean(), wanted * 1.1 / length)
    return _apart(places, spacing * 0.8)


def surround_disc(toward: npt.NDArray[np.float64], radius: float, spacing: float) -> npt.NDArray[np.float64]:
    """Places on rings around a disc, each as near as can be to the direction of its row of `toward`.

    The rings are open at the top, where the name of the cluster stands.

    Args:
        toward: points inside the disc, shape (nodes, 2), y pointing down.
        radius: radius of the disc.
        spacing: wanted distance between neighbours.
    """
    places = np.zeros_like(toward)
    # Counted from the right end of the opening; what points into it goes to the nearer end.
    angles = (np.arctan2(toward[:, 1], toward[:, 0]) - _RING_FROM) % (2 * np.pi)
    angles[angles > np.pi + _RING_LENGTH / 2] = 0.0
    left = np.argsort(angles, kind="stable")
    ring = radius + spacing * 0.5
    while len(left):
        slots = max(2, int(_RING_LENGTH * ring / (spacing * 0.75)))
        # Every so many in the order of angles, so that each ring goes all the way along.
        stride = -(-len(left) // slots)
        now, left = left[::stride], np.delete(left, np.s_[::stride])
        slot = _free_slots(np.round(angles[now] / _RING_LENGTH * (slots - 1)).astype(np.int64), slots)
        angle = _RING_FROM + slot * (_RING_LENGTH / (slots - 1))
        places[now] = np.column_stack([ring * np.cos(angle), ring * np.sin(angle)])
        ring += spacing * 0.75
    return places


def _free_slots(wanted: npt.NDArray[np.int64], slots: int) -> npt.NDArray[np.int64]:
    """Strictly rising slots below `slots`, near the wanted ones, which are sorted."""
    steps = np.arange(len(wanted))
    rising = np.maximum.accumulate(wanted - steps) + steps
    # Going backwards, what ran past the last slot is pushed back by as much as is needed.
    slot: npt.NDArray[np.int64] = np.minimum(rising, slots - len(wanted) + steps)
    return slot


def _apart(places: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.float64]:
    for _ in range(_ROUNDS_APART):
        away = places[:, None, :] - places[None, :, :]
        distance = np.sqrt((away**2).sum(axis=2)) + 1e-6
        np.fill_diagonal(distance, np.inf)
        lacking = np.maximum(0.0, least - distance) / distance
        if not lacking.any():
            break
        places = places + (away * lacking[:, :, None]).sum(axis=1) * 0.4
    return places


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
