"""Small loads for as long as it is told, beside eight readers and a detection; memory, handles and time stay flat.

    python benchmarks/small_loads.py 3600                      an hour on an embedded store
    python benchmarks/small_loads.py 600 neo4j://localhost     ten minutes on a server, which has to be empty

Every tenth of the time it prints what the writer did since the line before: loads, the median and the slowest of them
in seconds, the median of the processor's seconds (its own and those of processes it started; a server's are not), its
memory in MB and its open handles, and the most of both that one of the others has; then what readers and detections
did in all, and who was refused. Counts are kept for docs/reliability.md.
"""

import multiprocessing as mp
import os
import random
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "fuzz"))

from last_run import keep

import graphwatch
from graphwatch.errors import StoreLocked

READERS, ROWS = 8, 100
HEAD = "account,object,kind,platform,at\n"


def small_file(folder: Path, number: int) -> Path:
    """A hundred acts of the hour of that number, by few accounts on few posts."""
    random.seed(number)
    at = 1_727_000_000 + 3_600 * (number % 2_000)
    rows = (f"a{random.randrange(5_000)},p{random.randrange(500)},like,x,{at + n}\n" for n in range(ROWS))
    path = folder / f"{number}.csv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return path


def again(work: Any, place: str, end: float, said: Any) -> None:
    """Do it until the time is over; count what was done, what was refused, and any other error by its kind."""
    done: Counter[str] = Counter()
    while time.monotonic() < end:
        try:
            with graphwatch.open(place) as project:
                work(project)
            done["done"] += 1
        except StoreLocked:
            done["refused"] += 1
        except Exception as error:
            traceback.print_exc()
            done[f"FAILED by {type(error).__name__}"] += 1
        time.sleep(0.2)
    said.put((work.__name__, done))


def asked(project: Any) -> None:
    project.query("MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN p.id AS post, count(r) AS n ORDER BY n DESC LIMIT 5")


def detected(project: Any) -> None:
    # Another window is another question; the same one would be answered by the run that is there.
    project.detect(window=60 + time.time_ns() % 60, min_objects=2)
    time.sleep(10)


def held(process: int | None) -> tuple[float, int]:
    """Megabytes and open handles of a process, where the system says."""
    folder = Path(f"/proc/{process}")
    if not folder.exists():
        return 0.0, 0
    lines = (folder / "status").read_text(encoding="ascii").splitlines()
    kilobytes = sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return kilobytes / 1e3, len(list((folder / "fd").iterdir()))


def worked() -> float:
    """Seconds that processors worked for this process and for those it started and waited for."""
    return sum(os.times()[:4])


def main() -> None:
    seconds = float(sys.argv[1]) if sys.argv[1:] else 3_600
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = sys.argv[2] if sys.argv[2:] else str(folder / "s.gw")
        with graphwatch.open(place, create=True) as project:
            project.load(small_file(folder, 0))
        began = time.monotonic()
        spawn, end = mp.get_context("spawn"), began + seconds
        said = spawn.Queue()
        others = [spawn.Process(target=again, args=(work, place, end, said)) for work in [asked] * READERS + [detected]]
        for other in others:
            other.start()
        number, refused, took, cost, line = 0, 0, [0.0], [0.0], began + seconds / 10
        lines: list[dict[str, float]] = []
        print("minutes   loads  median s  slowest s  processor s   MB  handles  others' MB  handles", flush=True)
        while (now := time.monotonic()) < end:
            number += 1
            path, before = small_file(folder, number), worked()
            try:
                with graphwatch.open(place) as project:
                    project.load(path)
                cost.append(worked() - before)
                took.append(time.monotonic() - now)
            except StoreLocked:
                refused += 1
            path.unlink()
            if time.monotonic() >= line:
                line += seconds / 10
                megabytes, handles = held(os.getpid())
                most, most_handles = map(max, zip(*(held(other.pid) for other in others), strict=True))
                worked_for = statistics.median(cost)
                told = f"{(now - began) / 60:7.1f} {number:7,} {statistics.median(took):9.2f} {max(took):10.2f}"
                told += f" {worked_for:12.2f} {megabytes:4.0f} {handles:8} {most:11.0f} {most_handles:8}"
                lines.append(
                    {"processor_s": round(worked_for, 2), "mb": round(megabytes), "handles": handles}
                    | {"others_mb": round(most), "others_handles": most_handles}
                )
                print(told, flush=True)
                took, cost = [0.0], [0.0]
            time.sleep(0.2)
        done: Counter[str] = Counter()
        for _ in others:
            work, counted = said.get()
            done.update({f"{work}: {what}": n for what, n in counted.items()})
        for other in others:
            other.join()
        with graphwatch.open(place) as project:
            sources = project.query("MATCH (s:Source) RETURN count(s) AS n").to_arrow().column("n")[0].as_py()
        failed = sum(n for what, n in done.items() if "FAILED" in what)
        counted = {"loads": number - refused + 1, "found": sources, "queries": done["asked: done"]}
        counted |= {"detections": done["detected: done"], "failed": failed}
        counted["refused"] = refused + sum(n for what, n in done.items() if "refused" in what)
        minutes = round(seconds / 60)
        keep(f"small loads, {'Neo4j' if sys.argv[2:] else 'embedded'}", counted | {"minutes": minutes, "lines": lines})
        print(f"loads {number - refused + 1:,} accepted, {refused} refused, {sources:,} in the store; {dict(done)}")


if __name__ == "__main__":
    main()
