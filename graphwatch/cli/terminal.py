"""What is said on a terminal: values as text that nothing in them can disturb, notes, and the progress of long work.

Values are written by the people under watch. None of them may move the cursor of a terminal.
"""

import json
import math
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from threading import Event, Timer
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from graphwatch.common.i18n import counted
from graphwatch.common.i18n import text as told
from graphwatch.common.notes import said
from graphwatch.common.progress import Progress, silent

if TYPE_CHECKING:
    from rich.console import Console

    from graphwatch.common.locks import Holder
    from graphwatch.store.base import Written


# Control and format characters, except the joiners that scripts and emoji are written with.
_HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


# What takes longer is told.
_PATIENCE_SECONDS: Final = 1.0
# From when on the rest of long work is told: after so long and so much.
_SURE_SECONDS: Final = 2.0
_SURE_SHARE: Final = 0.03
# From how many seconds on time is told in steps of five seconds, in minutes, in hours.
_ABOUT_TENS: Final = 10
_ABOUT_MINUTES: Final = 100
_ABOUT_HOURS: Final = 5400
# So often it is told again what is waited for.
_WORD_SECONDS: Final = 10.0


def visible(text: str) -> str:
    r"""The text with control, bidirectional and other hidden characters written out, line ends as spaces.

    >>> visible("a\x1b[2Jb\nc\u202e")
    'a\\u001b[2Jb c\\u202e'
    """
    if text.isprintable():
        return text
    spaced = re.sub(r"\r\n|[\n\t]", " ", text)
    return _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], spaced)


class Guarded:
    """A terminal to which nothing goes but text on lines: whatever else a message holds is written out.

    That values are made visible where they are shown keeps tables straight; that nothing can be forgotten is held here.
    """

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal

    def write(self, text: str) -> int:
        r"""Write a text.

        >>> _ = Guarded(sys.stdout).write("a\x1b]0;owned\x07\n")
        a\u001b]0;owned\u0007
        """
        written = _HIDDEN.sub(lambda found: found[0] if found[0] in "\n\t" else json.dumps(found[0])[1:-1], text)
        return self.terminal.write(written)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.terminal, name)


@contextmanager
def guarded_terminals() -> Iterator[None]:
    """Standard output and standard error are guarded meanwhile where they are terminals; a pipe gets every byte."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (Guarded(s) if s is not None and s.isatty() else s for s in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def text_of(value: Any) -> str:
    """A cell as text: lists joined by `, `, nodes and maps as JSON, null empty.

    >>> text_of(["a", 1]), text_of({"id": "x:1"}), text_of(None)
    ('a, 1', '{"id": "x:1"}', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(item, list | dict | tuple) for item in value):
        return ", ".join(map(text_of, value))
    if isinstance(value, list | dict | tuple):
        return json_text(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def shown(value: Any) -> str:
    """A cell of a terminal table: short numbers, nothing hidden.

    >>> shown(0.123456), shown(1.846e-07), shown(0.0)
    ('0.1235', '1.8e-07', '0.0')
    """
    if not isinstance(value, float):
        return visible(text_of(value))
    # A small probability is not none at all.
    return f"{value:.1e}" if 0 < abs(value) < 0.0001 else str(round(value, 4))


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON with hidden characters escaped: a terminal shows it unharmed, and it reads back the same.

    Results are objects with the names of their fields, days and times ISO 8601, and numbers that are none null.

    >>> from datetime import date
    >>> json_text({"day": date(2024, 9, 22), "share": float("nan"), "kinds": ("LIKED",)})
    '{"day": "2024-09-22", "share": null, "kinds": ["LIKED"]}'
    """
    between = ", " if indent is None else ","
    text = json.dumps(_jsonable(value), ensure_ascii=False, separators=(between, ": "), indent=indent)
    # A line end that is still one is of the indentation.
    return _HIDDEN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text)


def _jsonable(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return text_of(value)


def note(text: str) -> None:
    """Tell the person, not the pipe."""
    click.echo(text, err=True)


def note_handles(language: str) -> None:
    """Tell who sends an answer elsewhere that it names accounts."""
    if not sys.stdout.isatty():
        note(told("table.handles", language))


def note_written(tables: "Iterable[Written]", language: str) -> None:
    """Tell what a batch did to each kind of node and relation of the graph."""
    done: dict[str, list[int]] = {}
    for table in tables:
        counts = done.setdefault(table.element, [0, 0, 0])
        counts[:] = (a + b for a, b in zip(counts, (table.new, table.changed, table.unchanged), strict=True))
    for element, numbers in done.items():
        new, changed, unchanged = (counted(n, language) for n in numbers)
        note("  " + told("load.written", language, element=element, new=new, changed=changed, unchanged=unchanged))


def told_names(persons: int | None) -> str:
    """What an opened file has instead of pseudonyms.

    >>> told_names(None), told_names(2)
    ('with public handles (logged)', 'with public handles and names of persons: 2 (logged)')
    """
    return f"with public handles{'' if persons is None else f' and names of persons: {persons:,}'} (logged)"


def _drawing() -> "Console":
    """The terminal itself, on which the cursor is moved: what is drawn has to be made visible first."""
    from rich.console import Console

    return Console(file=getattr(sys.stderr, "terminal", sys.stderr))


@contextmanager
def catching_up(language: Callable[[], str], rows: int) -> Iterator[Callable[[int], None]]:
    """Say that a graph takes in so many rows, and how many are in, where it takes longer than a second.

    In lines of their own: whoever asked the graph may be showing progress.

    Args:
        language: asked for where anything is said.
        rows: all of them.
    """
    said = Event()
    done = 0

    def say() -> None:
        said.set()
        note(told("store.catches_up", language(), rows=rows))

    timer = Timer(_PATIENCE_SECONDS, say)
    timer.daemon = True

    def taken(more: int) -> None:
        nonlocal done
        done += more
        if said.is_set():
            note(told("store.has_taken_in", language(), done=done, rows=rows))

    timer.start()
    try:
        yield taken
    finally:
        timer.cancel()
        timer.join()


def awaiting(language: Callable[[], str]) -> Callable[[Sequence["Holder"]], None]:
    """Something to be told of those who hold a store while it is waited for; it says so now and then.

    Args:
        language: asked for where anything is said.
    """
    said = -_WORD_SECONDS

    def wait(holders: Sequence["Holder"]) -> None:
        nonlocal said
        if time.monotonic() < said + _WORD_SECONDS:
            return
        said = time.monotonic()
        for holder in holders:
            note(told("store.waits", language(), pid=holder.pid, command=holder.command))
            if holder.rows:
                note(told("store.has_taken_in", language(), done=holder.done, rows=holder.rows))

    return wait


@contextmanager
def progress_shown(language: str, beginning: str = "") -> Iterator[Progress]:
    """A function to call with what is being done, how much is done and the whole; silent where nobody watches.

    Args:
        beginning: what is being done until it is called.
    """
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rest(ProgressColumn):
        def render(self, task: Task) -> Text:
            seconds = rest_of(task.elapsed or 0.0, task.completed, task.total)
            return Text("" if seconds is None else told("progress.rest", language, time=in_short(seconds)))

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn(), Rest())
    with Bar(*columns, console=_drawing(), transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task(visible(beginning), total=None)

        def show(what: str, done: int, whole: int | None) -> None:
            doing = said(what, language)
            if not whole:
                doing = told("progress.rows", language, doing=doing, done=counted(done, language))
            bar.update(task, description=visible(doing), completed=done if whole else None, total=whole)

        yield show


def rest_of(elapsed: float, done: float, whole: float | None) -> float | None:
    """Seconds that the rest takes if it goes on as it went; None while nobody can say.

    >>> rest_of(10.0, 25, 100), rest_of(1.0, 25, 100), rest_of(10.0, 1, 100)
    (30.0, None, None)
    """
    if not whole or elapsed < _SURE_SECONDS or done < _SURE_SHARE * whole:
        return None
    return elapsed * (whole - done) / done


def in_short(seconds: float) -> str:
    """A length of time on which nobody relies to the second.

    >>> in_short(7.4), in_short(44), in_short(200), in_short(8_000)
    ('7 s', '45 s', '3 min', '2.2 h')
    """
    if seconds < _ABOUT_MINUTES:
        return f"{seconds:.0f} s" if seconds < _ABOUT_TENS else f"{5 * round(seconds / 5)} s"
    return f"{seconds / 60:.0f} min" if seconds < _ABOUT_HOURS else f"{seconds / 3600:.1f} h"
