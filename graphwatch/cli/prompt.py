"""The prompt of the shell: history, several lines, and completion by what stands before the cursor."""

import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings

from graphwatch.cli.session import COMMANDS, Session
from graphwatch.cli.terminal import note
from graphwatch.model import elements
from graphwatch.queries.completing import candidates
from graphwatch.queries.library import Library

_WORD: Final = re.compile(r"[\w-]*$")


def converse(session: Session, prompt: PromptSession[str]) -> None:
    """Ask and answer until it is over; what is interrupted, a question or its answer, is dropped."""
    while not session.over:
        try:
            typed = prompt.prompt(session.prompt)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            for statement in session.split(typed):
                _print(session.answer(statement))
                if session.aside:
                    note(session.aside)
        except KeyboardInterrupt:
            note("Interrupted.")


def _print(answer: str) -> None:
    """Through a pager where it does not fit the terminal."""
    if sys.stdout.isatty() and answer.count("\n") >= shutil.get_terminal_size().lines:
        click.echo_via_pager(answer)
    else:
        click.echo(answer, nl=False)


def prompt_for(session: Session, *, history: str, **where: Any) -> PromptSession[str]:
    """The prompt; `where` gives prompt_toolkit another input and output than the terminal."""
    keys = KeyBindings()
    prompt: PromptSession[str] = PromptSession(
        history=FileHistory(history),
        auto_suggest=AutoSuggestFromHistory(),
        completer=Completing(session),
        complete_while_typing=False,
        multiline=True,
        key_bindings=keys,
        prompt_continuation="   ",
        **where,
    )

    @keys.add("enter", filter=Condition(lambda: session.is_whole(prompt.default_buffer.text)))
    def _(event: Any) -> None:
        event.current_buffer.validate_and_handle()

    # A terminal hands Ctrl-D that came while a question was answered on as this.
    @keys.add("c-@", filter=Condition(lambda: not prompt.default_buffer.text))
    def _(event: Any) -> None:
        event.app.exit(exception=EOFError)

    return prompt


class Completing(Completer):
    """Labels after `(a:`, relations after `[r:`, properties after `a.`, commands, names of queries, words of Cypher."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent | Any,  # noqa: ARG002 - the interface has it
    ) -> Iterator[Completion]:
        before = document.text_before_cursor
        match = _WORD.search(before)
        assert match is not None
        word = match[0]
        start = before[: len(before) - len(word)]
        for candidate in self._candidates(start, before):
            if candidate.casefold().startswith(word.casefold()):
                yield Completion(candidate, start_position=-len(word))

    def _candidates(self, start: str, whole: str) -> Iterable[str]:
        if start.endswith("\\") and not start[:-1].strip():
            return [name[1:] for name in COMMANDS]
        if start.startswith(("\\run ", "\\explain ")):
            return self._named(start)
        if start.startswith("\\d "):
            return [element.name for element in elements()]
        if start.startswith("\\set ") or start.endswith("$"):
            return sorted(self._session.parameters)
        return candidates(start, whole)

    def _named(self, start: str) -> Iterable[str]:
        library = Library(engine=self._session.project.store.engine)
        words = start.split()
        if len(words) == 1:
            return library.names()
        if words[1] not in library.names():
            return []
        return [f"{parameter.name}=" for parameter in library.get(words[1]).parameters]
