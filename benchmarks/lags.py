"""Judge regular lags by planted truth, and by honest people who seem regular.

Run from the root of the project: python -m benchmarks.lags [--seeds 20]
"""

import argparse
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.detection import QUIET
from benchmarks.scenarios import Scenario, columns
from benchmarks.scenarios.regular import BOTS, SEEMING, cross_poster, regular
from graphwatch.detection.chance.lags import Lags, regular_lags

FDR = 0.05
LEVELS = (0.05, 0.01, 0.001)


def main() -> None:
    options = argparse.ArgumentParser(description="Judge regular lags by planted truth.")
    options.add_argument("--seeds", type=int, default=20, help="data sets a line [20]")
    seeds = options.parse_args().seeds
    print(
        "| nothing planted | accounts tested | p ≤ .05 | p ≤ .01 | p ≤ .001 | runs with a lead | as regular as others |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, made in {**QUIET, **SEEMING}.items():
        print(f"| {name} | {_quiet(made, seeds)} |", flush=True)
    print("\n| planted | right | found | CPU seconds a run, of one sort of its rows |\n| --- | --- | --- | --- |")
    planted: dict[str, Callable[[int], Scenario]] = {name: partial(regular, bots=bots) for name, bots in BOTS.items()}
    for name, made in {**planted, "a cross-poster of one page": cross_poster}.items():
        print(f"| {name} | {_planted(made, seeds)} |", flush=True)


def _quiet(made: Callable[[int], Scenario], seeds: int) -> str:
    """Of all accounts tested the share with so small a p, and in how many data sets anybody is a lead."""
    found = [of for seed in range(seeds) if (of := regular_lags(columns(made(seed)), FDR)) is not None]
    tested = sum(of.tested for of in found)
    log10_p = np.concatenate([np.empty(0), *(of.likely for of in found)])
    below = [np.count_nonzero(log10_p <= np.log10(level)) / max(tested, 1) for level in LEVELS]
    shares = " | ".join(f"{share:.3%}" for share in below)
    leads, shared = sum(len(of) > 0 for of in found), sum(of.shared for of in found)
    return f"{tested / seeds:,.0f} | {shares} | {leads} of {seeds} | {shared}"


def _planted(made: Callable[[int], Scenario], seeds: int) -> str:
    right: list[float] = []
    share: list[float] = []
    seconds: list[float] = []
    for seed in range(seeds):
        scenario = made(seed)
        seen = columns(scenario)
        began = time.process_time()
        found = regular_lags(seen, FDR)
        took = time.process_time() - began
        began = time.process_time()
        np.lexsort((seen.at_ms, seen.account))
        seconds.append(took / (time.process_time() - began))
        leads = _codes(found)
        right.append(np.isin(leads, scenario.truth[0]).mean() if len(leads) else np.nan)
        share.append(np.isin(scenario.truth[0], leads).mean())
    of = np.ma.masked_invalid(right).mean()
    return f"{of:.3f} | {np.mean(share):.3f} | {np.median(seconds):.1f}"


def _codes(found: Lags | None) -> np.ndarray:
    """The accounts of the leads as the scenario counts them."""
    return np.array([] if found is None else [int(id.rpartition("-")[2]) for id in found.account.to_pylist()], int)


if __name__ == "__main__":
    main()
