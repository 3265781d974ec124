"""Give every harness its share of many cases, and print how many there were: `just fuzz 100000`.

What fails is made as small as it goes, and kept in the corpus: the tests give it to its harness from then on. Counts of
a run of all harnesses are kept. With `--guided` atheris makes the cases, see `guided.py`.
"""

import argparse
import sys
import traceback
from collections import Counter
from hashlib import sha256

from guided import guided
from harnesses import CORPUS, HARNESSES, SHARES, USUAL_SHARE, cases, run, seeds
from hypothesis import HealthCheck, Phase, given, seed, settings
from last_run import keep


def fuzzed(name: str, count: int, start: int) -> tuple[Counter[bool], bytes | None]:
    """How many cases of a harness were taken and refused, and the smallest that failed."""
    ended: Counter[bool] = Counter()
    failed: list[bytes] = []

    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(name))
    def each(content: bytes) -> None:
        try:
            ended[run(name, content)] += 1
        except Exception:
            failed.append(content)
            raise

    try:
        each()
    except Exception:
        traceback.print_exc()
        # hypothesis runs the smallest one last
        return ended, failed[-1]
    return ended, None


def main() -> int:
    """Run them all; 1 where anything failed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("count", type=int, nargs="?", default=100_000, help="how many cases in all")
    words.add_argument("--seed", type=int, default=0, help="other cases")
    words.add_argument("--only", choices=sorted(HARNESSES), help="one harness alone")
    words.add_argument("--guided", action="store_true", help="made by atheris, by the lines that they reach")
    asked = words.parse_args()
    chosen = [asked.only] if asked.only else list(HARNESSES)
    whole = sum(SHARES.get(name, USUAL_SHARE) for name in chosen)
    total, failures = 0, 0
    counts = {}
    for name in chosen:
        count = -(-asked.count * SHARES.get(name, USUAL_SHARE) // whole)
        if asked.guided:
            number, failed = guided(name, seeds(name), count, asked.seed)
            counts[name] = {"cases": number, "failed": int(failed is not None)}
            print(f"{name:12} {number:9,} cases", flush=True)
        else:
            ended, failed = fuzzed(name, count, asked.seed)
            number = ended.total()
            counts[name] = {"taken": ended[True], "refused": ended[False], "failed": int(failed is not None)}
            print(f"{name:12} {number:9,} cases: {ended[True]:,} taken, {ended[False]:,} refused", flush=True)
        total += number
        if failed is not None:
            failures += 1
            kept = CORPUS / name / sha256(failed).hexdigest()[:12]
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(failed)
            print(f"{name:12} FAILED, kept as {kept.relative_to(CORPUS.parent)}", flush=True)
    print(f"{total:,} cases, {failures} failures")
    if not asked.only:
        keep("guided" if asked.guided else "fuzz", counts)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
