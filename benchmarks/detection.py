"""Judge detection by planted truth, beside the peers' rules; write docs/detection-benchmark.md.

Run from the root of the project: python -m benchmarks.detection [--seeds 20] [--out FILE]
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.page import Calibrated, Powerful, Quiet, calibrated, page
from benchmarks.rules import RULES, at_least, graphwatch
from benchmarks.scenarios import ALL, ALONE, INNOCENT, VARIANTS, Scenario, campaign, quiet
from benchmarks.scoring import Score, calibration, mean, score

PAGE: Final = Path(__file__).parents[1] / "docs" / "detection-benchmark.md"
WINDOWS_S: Final = (10, 60)
HABITS: Final = {**ALONE, "all together": ALL}
QUIET: Final[dict[str, Callable[[int], Scenario]]] = {
    **{name: partial(quiet, behaviour=behaviour) for name, behaviour in HABITS.items()},
    **INNOCENT,
}
# What is planted, and the window that it is looked for with.
POWER: Final = (*((name, 60) for name in VARIANTS), ("tight", 10))


def judge_quiet(seeds: int) -> Iterator[Calibrated]:
    """Each habit of the audience, alone and all together, and those whose chances hang together; nothing is planted."""
    for name, made in QUIET.items():
        seen: dict[int, list[Quiet]] = {window: [] for window in WINDOWS_S}
        for seed in range(seeds):
            report(f"nothing planted, {name}", seed, seeds)
            scenario = made(seed)
            for window, of_window in seen.items():
                of_window.append(judge_one_quiet(scenario, window * 1000))
        for window, of_window in seen.items():
            yield calibrated(name, window, of_window)


def judge_one_quiet(scenario: Scenario, window_ms: int) -> Quiet:
    """One data set with nothing planted: p-values, and whether there is any cluster."""
    return Quiet(
        len(scenario.acts),
        calibration(scenario, window_ms),
        len(graphwatch(scenario, window_ms).members) > 0,
        len(at_least(scenario, window_ms).members) > 0,
    )


def judge_planted(seeds: int) -> Iterator[Powerful]:
    """Each variant of the campaign by each rule."""
    for name, window in POWER:
        scores: dict[str, list[Score]] = {rule: [] for rule in RULES}
        seconds = dict.fromkeys(RULES, 0.0)
        for seed in range(seeds):
            report(f"planted, {name}, window {window} s", seed, seeds)
            scenario = campaign(seed, VARIANTS[name])
            for rule, flag in RULES.items():
                begin = time.perf_counter()
                flagged = flag(scenario, window * 1000)
                seconds[rule] += time.perf_counter() - begin
                scores[rule].append(score(scenario, flagged))
        for rule in RULES:
            yield Powerful(name, window, rule, mean(scores[rule]), seconds[rule] / seeds)


def report(what: str, seed: int, seeds: int) -> None:
    """Progress on standard error."""
    print(f"{what}: seed {seed + 1} of {seeds}", file=sys.stderr, flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description="Judge detection by planted truth.")
    options.add_argument("--seeds", type=int, default=20, help="data sets a scenario [20]")
    options.add_argument("--out", type=Path, default=PAGE, help="page to write [docs/detection-benchmark.md]")
    given = options.parse_args()
    if given.seeds < 1:
        options.error("--seeds is at least 1")
    for rule in RULES.values():  # compile
        rule(quiet(0, accounts=200, posts=20), 60_000)
    begin = time.perf_counter()
    of_quiet, of_planted = list(judge_quiet(given.seeds)), list(judge_planted(given.seeds))
    text = page(of_quiet, of_planted, given.seeds, (time.perf_counter() - begin) / given.seeds)
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
