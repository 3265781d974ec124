"""The command: a prompt with history, completion and several lines, around a `Session`."""

import sys
from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.notes import note
from graphwatch.cli.options import Place, lang_option, opened, store_options
from graphwatch.common.i18n import text
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

    from graphwatch.cli.shell.session import Session


@click.command()
@lang_option
@store_options
def shell(lang: str | None, place: Place) -> None:
    """Ask the graph at a prompt with history and completion; read-only, within the same limits as `query`."""
    from graphwatch.cli.shell.session import Session

    with opened(place) as project:
        session = Session(project, project.language(lang, otherwise=TERMINAL_LANGUAGE))
        if not sys.stdin.isatty():
            sys.exit(_read_all(session))
        project.folder.mkdir(parents=True, exist_ok=True)
        note(text("shell.welcome", session.language))
        converse(session, prompt_for(session, history=str(project.folder / "shell-history")))


def _read_all(session: "Session") -> int:
    """Statements from a pipe, one after another; the exit status, which tells whether one of them failed."""
    failed = False
    for statement in session.split(sys.stdin.read()):
        answer = session.answer(statement)
        click.echo(answer, nl=False, err=session.failed)
        if session.aside:
            note(session.aside)
        failed |= session.failed
        if session.over:
            break
    return int(failed)


def converse(session: "Session", prompt: "PromptSession[str]") -> None:
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
    import shutil

    if sys.stdout.isatty() and answer.count("\n") >= shutil.get_terminal_size().lines:
        click.echo_via_pager(answer)
    else:
        click.echo(answer, nl=False)


def prompt_for(session: "Session", *, history: str, **where: Any) -> "PromptSession[str]":
    """The prompt; `where` gives prompt_toolkit another input and output than the terminal."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.key_binding import KeyBindings

    from graphwatch.cli.shell.completing import Completing

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

    return prompt
