"""What it costs that names are normalised: the share of a load's processor time, of the same load.

    python benchmarks/naming.py 1000000

The file has handles with and without @ and in capitals, and addresses of posts in four forms, or numbers that are the
ids of posts on Instagram. A tenth is the promise. It prints for each kind of file the seconds of the load, of the
naming within it, and the share.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import graphwatch
from graphwatch.ingest.naming import Names
from graphwatch.platforms.shortcodes import shortcode

FORMS = (
    "https://www.instagram.com/p/{0}/",
    "instagram.com/reel/{0}/?igsh=a",
    "https://www.instagram.com/a/p/{0}/",
    "{0}",
)
POSTS, ACCOUNTS = 20_000, 200_000


class Timed:
    """Adds up the processor time of a method while it stands in its place."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method, self.seconds = method, 0.0

    def __get__(self, of: Any, _type: Any) -> Callable[..., Any]:
        return lambda *words: self._call(of, *words)

    def _call(self, *words: Any) -> Any:
        begin = time.process_time()
        try:
            return self._method(*words)
        finally:
            self.seconds += time.process_time() - begin


def written(path: Path, rows: int, *, addresses: bool) -> Path:
    """A file of likes and comments by many accounts on fewer posts."""
    chance = random.Random(1)
    numbers = [3_400_000_000_000_000_000 + chance.randrange(10**17) for _ in range(POSTS)]
    codes = [shortcode(str(number)) for number in numbers]
    with path.open("w", encoding="utf-8") as file:
        file.write("account,object,kind,platform,at\n")
        for n in range(rows):
            account = f"{'@' if n % 3 else ''}{'Akun' if n % 2 else 'akun'}_{chance.randrange(ACCOUNTS)}"
            post = chance.randrange(POSTS)
            object = FORMS[n % len(FORMS)].format(codes[post]) if addresses else numbers[post]
            file.write(f"{account},{object},like,instagram,{1_728_000_000 + n}\n")
    return path


def main(rows: int) -> None:
    """Load files of so many rows and print what part of it the naming took."""
    with tempfile.TemporaryDirectory() as folder:
        for name, addresses in (("addresses", True), ("numbers", False)):
            path = written(Path(folder) / f"{name}.csv", rows, addresses=addresses)
            timed = {method: Timed(getattr(Names, method)) for method in ("named", "count")}
            for method, stand_in in timed.items():
                setattr(Names, method, stand_in)
            with graphwatch.open(Path(folder) / f"{name}.gw", create=True) as project:
                begin = time.process_time()
                loaded = project.load(path)
                whole = time.process_time() - begin
            for method, stand_in in timed.items():
                setattr(Names, method, stand_in._method)
            naming = sum(one.seconds for one in timed.values())
            share = naming / whole
            print(f"{name:10} {loaded.taken:>10,} rows  load {whole:7.2f} s  naming {naming:6.2f} s  {share:6.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
