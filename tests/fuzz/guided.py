"""Bytes that lead a harness where none led before, made by atheris: `just guided 100000`.

It watches which lines of the readers are reached, and goes on from what reached new ones. It has packages for some
systems: pip install atheris.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

# Rooms that read what comes from outside; kernels are no Python any more when they run.
WATCHED: Final = [
    f"graphwatch.{room}"
    for room in ("calendar", "common", "ingest", "platforms", "privacy", "queries", "rights", "store", "settings")
]
_MOST_BYTES: Final = 20_000


def guided(name: str, seeds: Iterable[bytes], count: int, start: int) -> tuple[int, bytes | None]:
    """How many cases of a harness there were, and the one that failed; atheris ends the process in which it runs."""
    if find_spec("atheris") is None:
        raise SystemExit("atheris is not installed: pip install atheris")
    with tempfile.TemporaryDirectory() as folder:
        begun, failed = Path(folder, "begun"), Path(folder, "failed")
        begun.mkdir()
        failed.mkdir()
        for content in seeds:
            (begun / sha256(content).hexdigest()).write_bytes(content)
        words = [f"-runs={count}", f"-seed={start + 1}", f"-max_len={_MOST_BYTES}", f"-artifact_prefix={failed}/"]
        command = [sys.executable, __file__, name, *words, "-timeout=60", "-rss_limit_mb=4000", str(begun)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        said = done.stdout.decode("utf-8", "replace")
        cases = max(map(int, re.findall(r"^(?:Done |#)(\d+)", said, re.MULTILINE)), default=0)
        if done.returncode == 0:
            return cases, None
        print(said[-3_000:])
        for found in failed.iterdir():
            return cases, found.read_bytes()
        raise SystemExit(f"{name}: atheris ended with {done.returncode} and left no case")


def _watched(name: str, words: list[str]) -> None:
    """Give a harness what is asked for, in this process, which ends with it."""
    atheris = import_module("atheris")  # not on every system
    with atheris.instrument_imports(include=WATCHED):
        import harnesses

    atheris.Setup([sys.argv[0], *words], lambda content: harnesses.run(name, content))
    atheris.Fuzz()


if __name__ == "__main__":
    _watched(sys.argv[1], sys.argv[2:])
