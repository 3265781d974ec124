"""However a command is ended from outside: no process of a query is left behind, and no file on the way."""

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
    (folder / "many.csv").write_text(HEAD + "".join(f"a{n},p,like,x\n" for n in range(200_000)), encoding="utf-8")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        # What takes it into the graph has a process beside it, too.
        project.load(folder / "few.csv", graph=True)
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


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["load", "many.csv"], signal.SIGTERM),
        (["load", "many.csv"], signal.SIGKILL),
        (["load", "many.csv", "--dry-run"], signal.SIGHUP),
        (["load", "many.csv", "--dry-run"], signal.SIGINT),
    ],
)
def test_what_was_read_is_gone_with_who_read_it(
    place: Path, tmp_path: Path, words: list[str], number: signal.Signals
) -> None:
    with running(place, tmp_path, *words) as process:
        until(lambda: list(tmp_path.glob("graphwatch-*/*")))
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode in (130, -number)
    until(lambda: not list(tmp_path.iterdir()))


def test_a_draft_is_gone_with_who_wrote_it(tmp_path: Path) -> None:
    program = (
        "import os, signal\n"
        "from graphwatch.common.files import drafted\n"
        "with drafted('out.csv') as draft:\n"
        "    draft.write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    until(lambda: not list(tmp_path.iterdir()))


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
