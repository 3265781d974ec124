"""However a command is ended from outside: no process of a query is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import graphwatch

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="elsewhere nobody ends them")

HEAD = "account,object,kind,platform\n"
SLOW = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b) AS n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ended")
    (folder / "few.csv").write_text(f"{HEAD}a,p,like,x\n", encoding="utf-8")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        project.load(folder / "few.csv")
    return folder


@contextmanager
def running(place: Path, temporary: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    def usual() -> None:
        # What starts the tests in the background may have told all processes to ignore some.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    command = [str(Path(sys.executable).parent / "graphwatch"), *words, "--store", "s.gw"]
    own = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        command,
        cwd=place,
        env=own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=usual,
    ) as process:
        yield process


def children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()


def until(seen: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_running(process: str) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_who_is_ended_takes_the_process_of_the_query_along(place: Path, tmp_path: Path, number: int) -> None:
    with running(place, tmp_path, "query", SLOW) as process:
        until(lambda: children(process.pid))
        (other,) = children(process.pid)
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == -number
    until(lambda: not is_running(other))


def test_who_interrupts_before_anything_is_loaded_is_answered() -> None:
    program = (
        "import sys\n"
        "class Slow:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'graphwatch.cli.main': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Slow())\n"
        "import graphwatch.cli\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "Interrupted.\n")
