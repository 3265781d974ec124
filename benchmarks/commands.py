"""Whole processes: help and a query on the demo store, beside an interpreter that does nothing."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5


def median(*command: str) -> float:
    times = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def main() -> None:
    graphwatch = str(Path(sys.executable).with_name("graphwatch"))
    floor = median(sys.executable, "-c", "pass")
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([graphwatch, "demo", "--folder", scratch], check=True, capture_output=True)
        store = str(next(Path(scratch).glob("*.gw")))
        for words in (
            ["--help"],
            ["query", "clusters", "--store", store],
            ["query", "co-interactions", "--store", store],
        ):
            ours = median(graphwatch, *words)
            print(
                f"graphwatch {' '.join(words[:2])}: {ours:.3f} s, bare python {floor:.3f} s, ratio {ours / floor:.1f}"
            )


if __name__ == "__main__":
    main()
