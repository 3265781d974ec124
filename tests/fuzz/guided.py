"""Have atheris make bytes that lead a harness where none led before, and print how many: `just guided 100000`.

It watches which lines of the readers are reached, and goes on from what reached new ones. What fails is kept in the
corpus, as by `fuzz.py`: the tests give it to its harness from then on. Counts of a run of all harnesses are kept.

It needs atheris, which has packages for some systems: pip install atheris.
"""

import argparse
import re
import subprocess
import sys
import tempfile
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


def one(name: str, words: list[str]) -> None:
    """Give a harness what is asked for, in this process, which ends with it."""
    atheris = import_module("atheris")  # not on every system
    with atheris.instrument_imports(include=WATCHED):
        import harnesses

    atheris.Setup([sys.argv[0], *words], lambda content: harnesses.run(name, content))
    atheris.Fuzz()


def guided(name: str, count: int, start: int) -> tuple[int, Path | None]:
    """How many cases of a harness there were, and where the one that failed is kept."""
    from harnesses import CORPUS, seeds

    kept = CORPUS / name
    with tempfile.TemporaryDirectory() as folder:
        begun, failed = Path(folder, "begun"), Path(folder, "failed")
        begun.mkdir()
        failed.mkdir()
        for content in seeds(name):
            (begun / sha256(content).hexdigest()[:12]).write_bytes(content)
        words = [f"-runs={count}", f"-seed={start + 1}", f"-max_len={_MOST_BYTES}", f"-artifact_prefix={failed}/"]
        command = [sys.executable, __file__, "--one", name, *words, "-timeout=60", "-rss_limit_mb=4000", str(begun)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        said = done.stdout.decode("utf-8", "replace")
        cases = max(map(int, re.findall(r"^(?:Done |#)(\d+)", said, re.MULTILINE)), default=0)
        if done.returncode == 0:
            return cases, None
        print(said[-3_000:])
        for found in failed.iterdir():
            kept.mkdir(parents=True, exist_ok=True)
            return cases, found.rename(kept / sha256(found.read_bytes()).hexdigest()[:12])
        raise SystemExit(f"{name}: atheris ended with {done.returncode} and left no case")


def main() -> int:
    """Run them all; 1 where anything failed."""
    from harnesses import HARNESSES, SHARES, USUAL_SHARE
    from last_run import keep

    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("count", type=int, nargs="?", default=100_000, help="how many cases in all")
    words.add_argument("--seed", type=int, default=0, help="other cases")
    words.add_argument("--only", choices=sorted(HARNESSES), help="one harness alone")
    asked = words.parse_args()
    if find_spec("atheris") is None:
        sys.exit("atheris is not installed: pip install atheris")
    chosen = [asked.only] if asked.only else list(HARNESSES)
    whole = sum(SHARES.get(name, USUAL_SHARE) for name in chosen)
    counts, failures = {}, 0
    for name in chosen:
        cases, kept = guided(name, -(-asked.count * SHARES.get(name, USUAL_SHARE) // whole), asked.seed)
        counts[name] = {"cases": cases, "failed": int(kept is not None)}
        failures += kept is not None
        print(f"{name:12} {cases:9,} cases" + (f": FAILED, kept as {kept}" if kept else ""), flush=True)
    print(f"{sum(of['cases'] for of in counts.values()):,} cases, {failures} failures")
    if not asked.only:
        keep("guided", counts)
    return int(failures > 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3:])
    sys.exit(main())
