"""Judge detection by planted truth, beside the peers' rules; write docs/detection-benchmark.md.

Run from the root of the project: python -m benchmarks.detection [--seeds 20] [--out FILE] [--only campaign]
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.agreeing import LINES, agreed
from benchmarks.page import Agreed, Powerful, Quiet, calibrated, page
from benchmarks.rules import RULES, at_least, searched
from benchmarks.scenarios import ALL, ALONE, HARDER, INNOCENT, VARIANTS, Scenario, campaign, quiet
from benchmarks.scenarios.agreeing import Agreeing
from benchmarks.scoring import Score, calibration, mean, score

PAGE: Final = Path(__file__).parents[1] / "docs" / "detection-benchmark.md"
WINDOWS_S: Final = (10, 60)
HABITS: Final = {**ALONE, "all together": ALL}
QUIET: Final[dict[str, Callable[[int], Scenario]]] = {
    **{name: partial(quiet, behaviour=behaviour) for name, behaviour in HABITS.items()},
    **INNOCENT,
}
# What is planted, and the window that it is looked for with.
POWER: Final = (
    *((name, 60) for name in VARIANTS),
    ("tight", 10),
    *((name, 60) for name in HARDER),
    ("over 5 minutes", 900),
)
_PLANTED: Final = {**VARIANTS, **HARDER}


class Judged:
    """What was seen of each line so far; a line has as many entries as seeds are through."""

    def __init__(self) -> None:
        self.quiet: dict[tuple[str, int], list[Quiet]] = {}
        self.planted: dict[tuple[str, int, str], list[tuple[Score, float]]] = {}
        self.agreeing: dict[str, list[Agreed]] = {}
        self.seconds: list[float] = []

    def judge(self, seed: int, only: str = "") -> None:
        """One data set of each line whose name begins so."""
        began = time.process_time()
        for name, made in ((name, made) for name, made in QUIET.items() if name.startswith(only)):
            scenario = made(seed)
            for window in WINDOWS_S:
                self.quiet.setdefault((name, window), []).append(judge_one_quiet(scenario, window * 1000))
        for name, window in ((name, window) for name, window in POWER if name.startswith(only)):
            scenario = campaign(seed, _PLANTED[name])
            for rule, flag in RULES.items():
                begin = time.process_time()
                flagged = flag(scenario, window * 1000)
                seconds = time.process_time() - begin
                self.planted.setdefault((name, window, rule), []).append((score(scenario, flagged), seconds))
        for name, line in ((name, line) for name, line in LINES.items() if name.startswith(only)):
            self.agreeing.setdefault(name, []).append(judge_one_agreeing(line(seed)))
        self.seconds.append(time.process_time() - began)

    def add(self, more: "Judged") -> None:
        """What was seen of the same lines with other seeds."""
        for mine, theirs in ((getattr(self, of), getattr(more, of)) for of in ("quiet", "planted", "agreeing")):
            for line, seen in theirs.items():
                mine.setdefault(line, []).extend(seen)
        self.seconds += more.seconds

    def page(self) -> str:
        """The page of what was seen."""
        seeds = len(self.seconds)
        of_quiet = [calibrated(name, window, seen) for (name, window), seen in self.quiet.items()]
        of_planted = [
            Powerful(name, window, rule, mean([score for score, _ in seen]), sum(s for _, s in seen) / seeds)
            for (name, window, rule), seen in self.planted.items()
        ]
        return page(of_quiet, of_planted, self.agreeing, seeds, sum(self.seconds) / seeds)


def judge_one_quiet(scenario: Scenario, window_ms: int) -> Quiet:
    """One data set with nothing planted: p-values, and whether there is any cluster."""
    found = searched(scenario, window_ms)
    return Quiet(
        len(scenario.acts),
        calibration(scenario, window_ms),
        len(found.clusters) > 0,
        len(at_least(scenario, window_ms).members) > 0,
    )


def judge_one_agreeing(made: Agreeing) -> Agreed:
    """One data set of texts, or of likes without a time."""
    members = np.flatnonzero(agreed(made).cluster_of)
    planted = np.concatenate([np.empty(0, int), *made.truth])
    return Agreed(
        len(members) > 0,
        float(np.isin(members, planted).mean()) if len(members) else float("nan"),
        float(np.isin(planted, members).mean()) if len(planted) else float("nan"),
    )


def main() -> None:
    options = argparse.ArgumentParser(description="Judge detection by planted truth.")
    options.add_argument("--seeds", type=int, default=20, help="data sets a scenario [20]")
    options.add_argument("--out", type=Path, default=PAGE, help="page to write [docs/detection-benchmark.md]")
    options.add_argument("--only", default="", help="lines whose name begins so; printed, and no page is written")
    options.add_argument("--jobs", type=int, default=os.cpu_count(), help="data sets judged at the same time [cores]")
    given = options.parse_args()
    if given.seeds < 1:
        options.error("--seeds is at least 1")
    compile_all()
    judged = Judged()
    with ProcessPoolExecutor(given.jobs) as pool:
        for number, done in enumerate(
            as_completed(pool.submit(judged_of, seed, given.only) for seed in range(given.seeds)), 1
        ):
            judged.add(done.result())
            # The page stands after each seed: who stops the run early has that of the seeds that are through.
            if not given.only:
                given.out.write_text(judged.page(), encoding="utf-8")
            print(f"{number} seeds of {given.seeds}", file=sys.stderr, flush=True)
    print(judged.page())


def compile_all() -> None:
    """Ask every rule once, so that no line is timed while its kernels are compiled."""
    for rule in RULES.values():
        for window in (60, 900):
            rule(quiet(0, accounts=200, posts=20), window * 1000)


def judged_of(seed: int, only: str) -> Judged:
    """What is seen of one seed."""
    judged = Judged()
    judged.judge(seed, only)
    return judged


if __name__ == "__main__":
    main()
