"""Windows of seconds to an hour: whether honest people who look alike are accused, and whether groups are found.

Run from the root of the project: python -m benchmarks.windows [--seeds 20] [--only posts] [--window 900] [--share 1]
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from benchmarks.rules import FDR, MIN_OBJECTS
from benchmarks.scenarios import ALL, INNOCENT, KINDS, Scenario, Variant, campaign, columns, quiet
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.search import search
from graphwatch.model.scope import Scope

_LEVELS: Final = (0.05, 0.01, 0.001)
LINES: Final[dict[str, Callable[[int], Scenario]]] = {
    **INNOCENT,
    "all habits together": partial(quiet, behaviour=ALL),
    **{
        f"groups on {posts} posts, spread {spread} s": partial(
            campaign, variant=Variant(spread=spread, posts=(posts, posts))
        )
        for posts, spread in ((10, 30), (10, 300), (15, 300), (15, 1200))
    },
}


def main() -> None:
    options = argparse.ArgumentParser(description="Judge detection at windows of seconds to an hour.")
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--only", default="", help="lines whose name begins so")
    options.add_argument("--window", type=int, action="append", help="seconds; repeat for several [10, 60, 900, 3600]")
    options.add_argument("--share", type=float, default=1.0, help="part of the rate that the window has [1]")
    asked = options.parse_args()
    for name, made in ((name, line) for name, line in LINES.items() if name.startswith(asked.only)):
        for window in asked.window or (10, 60, 900, 3600):
            print(f"{name}, {window} s: {_judged(made, window, asked.seeds, asked.share * FDR)}", flush=True)


def _judged(made: Callable[[int], Scenario], window: int, seeds: int, fdr: float) -> str:
    """Data sets with a cluster, shares right and found, the share of p-values at most each level, processor time."""
    runs, right, found, below, tests = 0, [], [], np.zeros(len(_LEVELS)), 0
    begun = time.process_time()
    for seed in range(seeds):
        scenario = made(seed)
        searched = search(columns(scenario), Parameters(1000 * window, MIN_OBJECTS, Scope(KINDS), fdr=fdr))
        assert searched.null_test is not None
        members = searched.clusters.member
        planted = np.concatenate([np.empty(0, int), *scenario.truth])
        runs += len(members) > 0
        right += [np.isin(members, planted).mean()] if len(members) and len(planted) else []
        found += [np.isin(planted, members).mean()] if len(planted) else []
        below += [np.count_nonzero(searched.null_test.log10_p <= np.log10(level)) for level in _LEVELS]
        tests += searched.null_test.tests.number
    shares = "".join(f"; {what} {np.mean(of):.3f}" for what, of in (("right", right), ("found", found)) if of)
    levels = ", ".join(f"P(p ≤ {level:g}) {share:.2g}" for level, share in zip(_LEVELS, below / tests, strict=True))
    seconds = (time.process_time() - begun) / seeds
    return f"a cluster in {runs} of {seeds}{shares}; {levels}; {seconds:.1f} s each"


if __name__ == "__main__":
    main()
