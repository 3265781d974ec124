"""Long work of the desk: a verb in a process of its own, so that no page waits for it and it can be stopped."""

import multiprocessing
import secrets
import signal
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Final

from graphwatch.errors import GraphwatchError, NothingFound, UsageError

# What was done lately can be looked at again.
_KEPT: Final = 40
_BETWEEN_REPORTS: Final = 0.2
_SPAWN: Final = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Work:
    """A verb that is being done, or was.

    Attributes:
        id: names it in an address.
        verb: name of the function of `VERBS`.
        about: what it is about, for those who see it: a file, a run.
        back: address of the screen that asked for it.
        given: what an estimate was given; of others nothing is kept, since it may name somebody.
        state: running, done, failed or stopped.
        doing, done, whole: what is being done now, how much of it is, and the whole where that is known.
        expected: seconds that it is likely to take, where that is known.
        outcome: what the verb returned.
        error: what hindered it.
    """

    id: str
    verb: str
    about: str
    back: str
    given: Mapping[str, Any]
    expected: float | None = None
    state: str = "running"
    doing: str = ""
    done: int = 0
    whole: int | None = None
    outcome: Any = None
    error: GraphwatchError | None = None
    begun: float = field(default_factory=time.monotonic)
    ended: float | None = None
    over: threading.Event = field(default_factory=threading.Event, repr=False)
    process: Any = field(default=None, repr=False)

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return (self.ended or time.monotonic()) - self.begun

    @property
    def share(self) -> int | None:
        """How much of what is being done is, in per cent."""
        return min(100, 100 * self.done // self.whole) if self.whole else None


class Works:
    """What the desk is doing, one at a time, and what it did lately; all who sit at the desk see the same.

    >>> works = Works()
    >>> works.running is None, works.latest("detect") is None
    (True, True)
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, Work] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def running(self) -> Work | None:
        """What is being done."""
        with self._lock:
            return next((work for work in self._known.values() if work.state == "running"), None)

    def latest(self, verb: str) -> Work | None:
        """The last work of that verb."""
        with self._lock:
            return next((work for work in reversed(self._known.values()) if work.verb == verb), None)

    def get(self, id: str) -> Work:
        """The work of that id.

        Raises:
            NothingFound: there is none, or the desk was started again since.
        """
        with self._lock:
            work = self._known.get(id)
        if work is None:
            raise NothingFound("no such work is known: it is long past, or the desk was started again since")
        return work

    def begin(
        self,
        verb: str,
        store: tuple[str | None, str | None],
        *,
        about: str,
        back: str,
        expected: float | None = None,
        **given: Any,
    ) -> Work:
        """Begin a verb in a process of its own.

        Args:
            verb: name of the function of `VERBS`.
            store: its place, and the folder beside a server.
            about, back, expected: see `Work`.
            given: what the function is given.

        Raises:
            UsageError: something else is being done.
        """
        work = Work(secrets.token_urlsafe(9), verb, about, back, given if verb == "estimate" else {}, expected)
        with self._lock:
            if any(other.state == "running" for other in self._known.values()):
                raise UsageError(
                    "the desk is doing something else that takes longer",
                    remedy="Wait until it is done, or stop it; then ask again.",
                )
            self._known[work.id] = work
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        ours, theirs = _SPAWN.Pipe(duplex=False)
        work.process = _SPAWN.Process(target=_carry_out, args=(theirs, verb, store, given), daemon=True)
        work.process.start()
        theirs.close()
        threading.Thread(target=self._listen, args=(work, ours), daemon=True).start()
        return work

    def stop(self, work: Work) -> None:
        """End the process; what it had not finished is as if it had not begun, as after a crash.

        Raises:
            UsageError: it erases.
        """
        if work.verb in ERASING:
            raise UsageError("an erasure that was begun is not stopped", remedy="Wait until it is done.")
        if work.state == "running":
            work.state = "stopped"
            work.process.kill()
        work.over.wait(5)

    def close(self) -> None:
        """End what is under way with the desk; an erasure is waited for."""
        if (running := self.running) is None:
            return
        if running.verb in ERASING:
            running.over.wait()
        else:
            self.stop(running)

    def _listen(self, work: Work, reports: Connection) -> None:
        """Follow what the process reports until it ends."""
        with reports, suppress(EOFError, OSError):
            while True:
                match reports.recv():
                    case ("doing", doing, done, whole):
                        work.doing, work.done, work.whole = doing, done, whole
                    case ("done", outcome):
                        work.outcome = outcome
                        work.state = "done"
                    case ("failed", what, where, remedy):
                        work.error = GraphwatchError(what, where=where, remedy=remedy)
                        work.state = "failed"
        work.process.join(5)
        if work.state == "running":
            remedy = "Where memory is short, take less at once or do it in a terminal; then try again."
            work.error = GraphwatchError("the work ended without an answer", remedy=remedy)
            work.state = "failed"
        work.ended = time.monotonic()
        work.over.set()


def _carry_out(reports: Connection, verb: str, store: tuple[str | None, str | None], given: Mapping[str, Any]) -> None:
    """What the process does: open the store, do the verb, and report."""
    from graphwatch.project import Project, open

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the desk's, which ends what it began
    told = 0.0

    def progress(doing: str, done: int, whole: int | None) -> None:
        nonlocal told
        if time.monotonic() - told > _BETWEEN_REPORTS:
            told = time.monotonic()
            reports.send(("doing", doing, done, whole))

    project: Project
    try:
        with open(store[0], project=store[1], create=True) as project:
            outcome = VERBS[verb](project, progress, **given)
    except GraphwatchError as error:
        reports.send(("failed", error.what, error.where, error.remedy))
    else:
        reports.send(("done", outcome))


def _load(project: Any, progress: Any, *, file: Any, asked: Any, stated: Any, lasting: Any) -> Any:
    """Load a file; what holds for the store from now on is remembered first, as `graphwatch load` does.

    The graph takes it in here, with progress, and not while the next screen is waited for.
    """
    known = project.provenance(lasting)
    if known != project.provenance():
        project.provenance(known, remember=True)
    return project.load(file, provenance=stated, progress=progress, **{**asked, "graph": True})


def _rehearse(project: Any, progress: Any, *, file: Any, asked: Any, stated: Any, refused: Any) -> Any:
    return project.rehearse(file, provenance=stated, refused=refused, progress=progress, **asked)


def _remove(project: Any, _: Any, *, source: str, reason: str) -> Any:
    return project.remove(source, reason=reason)


def _estimate(project: Any, _: Any, *, asked: Any) -> Any:
    return project.estimate(**asked)


def _detect(project: Any, progress: Any, *, asked: Any) -> str:
    return str(project.detect(progress=progress, **asked).run)


def _power(project: Any, progress: Any, *, run: str) -> str:
    return str(project.power(run=run, progress=progress).run)


def _forget(project: Any, _: Any, **given: Any) -> Any:
    return project.forget(**given)


def _expire(project: Any, _: Any) -> Any:
    return project.expire()


# What is half erased is finished by whatever is done next, so that stopping it would only hide that it goes on.
ERASING: Final = frozenset({"remove", "forget", "expire"})
# The verbs that take longer than a page may, each with the project, what it reports to, and what it is given.
VERBS: Final[Mapping[str, Callable[..., Any]]] = {
    "load": _load,
    "rehearse": _rehearse,
    "remove": _remove,
    "estimate": _estimate,
    "detect": _detect,
    "power": _power,
    "forget": _forget,
    "expire": _expire,
}
