"""Whole processes: help of every command, and queries on the demo store, beside an interpreter that does nothing."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from graphwatch.cli.main import graphwatch as commands

RUNS = 5


def median(*command: str) -> float:
    times = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def paths(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from paths(inner, *path, name)


def main() -> None:
    graphwatch = str(Path(sys.executable).with_name("graphwatch"))
    floor = median(sys.executable, "-c", "pass")
    helps = {" ".join(path): median(graphwatch, *path, "--help") for path in paths(commands)}
    slowest = max(helps, key=lambda path: helps[path])
    print(f"--help of {len(helps)} commands: at most {helps[slowest]:.3f} s ({slowest}), bare python {floor:.3f} s")
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([graphwatch, "demo", "--folder", scratch], check=True, capture_output=True)
        store = str(next(Path(scratch).glob("*.gw")))
        for words in (
            ["query", "clusters", "--store", store],
            ["query", "co-interactions", "--store", store],
        ):
            ours = median(graphwatch, *words)
            print(
                f"graphwatch {' '.join(words[:2])}: {ours:.3f} s, bare python {floor:.3f} s, ratio {ours / floor:.1f}"
            )


if __name__ == "__main__":
    main()
