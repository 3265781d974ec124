"""A verb of a project in a process of its own, which a real SIGKILL ends at a chosen point.

A point is a list of patterns for what the process does, to be met in that order; when the last one is met the process
is gone before it does it. What it does is observed, not replaced: every change of a file and every opening of one
(`os.rename A B`, `open A`), and every call of a function (`call Server.change`).
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from types import FrameType
from typing import Any

from graphwatch.store.address import Address
from graphwatch.store.server.connection import Server

_FILES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "shutil.rmtree")
_CONTEXT = multiprocessing.get_context("forkserver")
# What every process needs is loaded once, in the one that they are forked from.
_CONTEXT.set_forkserver_preload(["graphwatch.project", "graphwatch.rights.retention", "stopped_process"])


def killed_at(point: Sequence[str], place: str, project: Path, verb: str, **words: Any) -> bool:
    """Whether the process came to that point and was killed there; else it has done its work."""
    process = _CONTEXT.Process(target=_run, args=(dict(os.environ), list(point), place, project, verb, words))
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


def a_minute_later(address: Address) -> None:
    """Let a minute pass for a server, after which it forgets that the one who was killed had been writing."""
    connection = Server(address)
    connection.execute("MATCH (p:GraphwatchProject) SET p.holder_until_ms = 0")
    connection.close()


def _run(
    environment: dict[str, str], point: list[str], place: str, folder: Path, verb: str, words: dict[str, Any]
) -> None:
    import graphwatch

    os.environ.update(environment)  # the one that it was forked from may be older
    with graphwatch.open(place, project=folder) as project:
        project.store.read("MATCH (n:Run) RETURN n.id AS id")
        _watch(point)
        getattr(project, verb)(**words)
        os._exit(0)


def _watch(point: list[str]) -> None:
    def seen(what: str) -> None:
        if fnmatchcase(what, point[0]):
            if len(point) == 1:
                os.kill(os.getpid(), signal.SIGKILL)
            point.pop(0)

    def audited(event: str, args: tuple[Any, ...]) -> None:
        if event in _FILES:
            seen(" ".join([event, *(arg for arg in args[:2] if isinstance(arg, str) and "/" in arg)]))

    def called(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            seen(f"call {frame.f_code.co_qualname}")

    sys.addaudithook(audited)
    if any(step.startswith("call ") for step in point):
        sys.setprofile(called)
