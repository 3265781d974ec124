"""Occasions and their tail, as the definition reads."""

import numpy as np


def occasions_by_hand(entries: list[tuple[int, float, bool]]) -> tuple[list[float], int]:
    """Chances of the occasions, and how many succeed, of opportunities: time, chance to fail, success."""
    found: list[list[tuple[int, float, bool]]] = []
    for entry in sorted(entries):
        if not found or entry[0] - found[-1][-1][0] > 1_800_000 or entry[0] - found[-1][0][0] > 7_200_000:
            found.append([])
        found[-1].append(entry)
    return [1 - float(np.prod([q for _, q, _ in of])) for of in found], sum(any(hit for *_, hit in of) for of in found)


def tail_by_hand(chances: list[float], successes: int) -> float:
    if successes <= sum(chances):
        return 1.0
    distribution = np.ones(1)
    for q in chances:
        distribution = np.convolve(distribution, [1 - q, q])
    return float(distribution[successes:].sum())
