"""`graphwatch query`, `graphwatch queries` and `graphwatch shell`, and what completion offers behind them."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.options import Place, WithParameters, lang_option, opened, store_options
from graphwatch.cli.tables import Form, form_options, json_option, print_json, show_table
from graphwatch.cli.terminal import note, note_handles, visible
from graphwatch.common.files import read_text
from graphwatch.common.i18n import language_of_locale
from graphwatch.common.i18n import text as told
from graphwatch.errors import InputError, UsageError
from graphwatch.settings import QUERY_ROWS, QUERY_SECONDS, TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.cli.session import Session
    from graphwatch.queries.library import Library, NamedQuery, Parameter


def query_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    """Names of queries, also those of the folders given before."""
    return _beginning(_library(ctx).names(), incomplete)


def parameters(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    """Behind `-p` the parameters of the query that was named, and behind one of these its values."""
    from graphwatch.errors import GraphwatchError

    words, library = _words(incomplete), _library(ctx)
    named = next((word for word in words if word in library.names()), None)
    if named is None:
        return []
    try:
        declared = {p.name: p for p in library.get(named).parameters}
    except GraphwatchError:
        return []
    before = words[-1] if words else ""
    if before in declared and len(words) > 1 and words[-2] in ("-p", "--param"):
        return _beginning(_values(declared[before]), incomplete)
    return _beginning(declared, incomplete)


def _values(parameter: "Parameter") -> list[str]:
    from graphwatch.model import POST_INTERACTIONS

    if parameter.name == "layer":
        return ["all", *POST_INTERACTIONS]
    if parameter.type.value == "boolean":
        return ["true", "false"]
    return [] if parameter.default is None or isinstance(parameter.default, list) else [str(parameter.default)]


def _library(ctx: click.Context) -> "Library":
    """The shipped queries and those of the folders given so far, as far as these can be read."""
    from graphwatch.errors import QueryError
    from graphwatch.queries.library import Library

    try:
        return Library(ctx.params.get("folders") or ())
    except QueryError:
        return Library()


def _words(incomplete: str) -> list[str]:
    """The words before the one that is being written, as click's completion scripts hand them over."""
    from click.shell_completion import split_arg_string

    words = split_arg_string(os.environ.get("COMP_WORDS", ""))
    place = os.environ.get("COMP_CWORD", "")
    # bash and zsh give the place of the word, fish the word itself.
    if place.isdigit() and (int(place) >= len(words) or words[int(place)] == incomplete):
        return words[: int(place)]
    return words[:-1] if incomplete and words and words[-1] == incomplete else words


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return sorted(word for word in words if word.startswith(incomplete))


@click.command(cls=WithParameters)
@click.argument("text", required=False, shell_complete=query_names)
@click.option(
    "-p",
    "--param",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=parameters,
    help="A value for a parameter, also as two words; repeat for several.",
)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Read the Cypher from a file.")
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path), help="Folder of own named queries."
)
@click.option("--explain", is_flag=True, help="Print purpose, parameters, columns and Cypher, and run nothing.")
@click.option("--limit", default=QUERY_ROWS, show_default=True, help="Rows after which the answer is cut.")
@click.option("--timeout", default=QUERY_SECONDS, show_default=True, help="Seconds after which the query is stopped.")
@click.option(
    "--as-written", is_flag=True, help="Send an embedded engine the text itself; it may answer otherwise than Neo4j."
)
@lang_option
@form_options
@store_options
def query(
    text: str | None,
    parameters: tuple[tuple[str, str], ...],
    file: Path | None,
    folders: tuple[Path, ...],
    explain: bool,
    limit: int,
    timeout: float,
    as_written: bool,
    lang: str | None,
    form: Form | None,
    place: Place,
) -> None:
    """Ask the graph: TEXT is the name of a query, Cypher, or - for standard input. Read-only.

    \b
    graphwatch query co-interactions --csv
    graphwatch query cluster-members -p cluster=1
    graphwatch query cluster-members --explain
    graphwatch query "MATCH (a:Account) RETURN count(a) AS accounts"
    """
    asked = _text(text, file)
    given = _typed(asked, _once(parameters))
    if explain:
        if form is not None:
            remedy = "Leave one out; `graphwatch queries list NAME --json` has the header of a named query."
            raise UsageError(
                f"--explain prints text, so it takes no --{'xlsx' if isinstance(form, Path) else form}", remedy=remedy
            )
        _explain(asked, folders, given, lang or language_of_locale(os.environ) or TERMINAL_LANGUAGE)
        return
    with opened(place) as project:
        answer = project.query(asked, given, limit=limit, timeout=timeout, folders=folders, as_written=as_written)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    note_handles(language)
    show_table(answer, form, language)
    for line in answer.caveats_in(language):
        note(line)


def _once(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    given = dict(pairs)
    if len(given) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in given if names.count(name) > 1)
        raise UsageError(f"the parameter {twice!r} is given twice", remedy="Give it once.")
    return given


def _typed(asked: str, given: dict[str, str]) -> dict[str, Any]:
    """The values as the types that their places in Cypher ask for; named queries declare their own."""
    from graphwatch.queries.binding import typed
    from graphwatch.queries.library import is_name
    from graphwatch.queries.parsing import parse

    # Read before a store is opened: what cannot be asked is told at once.
    return dict(given) if is_name(asked) else typed(parse(asked), given)


def _explain(asked: str, folders: tuple[Path, ...], given: dict[str, Any], language: str) -> None:
    from graphwatch.analysis.querying import explained
    from graphwatch.queries.catalogue import describe, describe_text
    from graphwatch.queries.library import Library, is_name

    if is_name(asked):
        text = describe(Library(folders).get(asked), language)
    else:
        text = describe_text(asked) + explained(asked, given)
    for line in text.splitlines():
        click.echo(visible(line))


def _text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise UsageError("give either a query or --file", remedy="`graphwatch queries` lists the named ones.")
    if text == "-":
        return sys.stdin.read()
    if file is None:
        assert text is not None
        return text
    try:
        return read_text(file)
    except FileNotFoundError:
        raise InputError("there is no such query file", where=str(file), remedy="Check its name.") from None


class _Listing(click.Group):
    """Lists, unless the first word is another of its commands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def _categories(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    from graphwatch.queries.catalogue import CATEGORIES

    return [category for category in CATEGORIES if category.startswith(incomplete)]


@click.group(cls=_Listing)
def queries() -> None:
    """List, search and check named queries; `list` may be left out.

    \b
    graphwatch queries cluster page
    graphwatch queries --category agencies
    graphwatch queries check our-queries
    """


@queries.command("list")
@click.argument("words", nargs=-1)
@click.option("--category", metavar="NAME", shell_complete=_categories, help="Only those of that category.")
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path), help="Folder of own named queries."
)
@lang_option
@json_option
def listed(
    words: tuple[str, ...], category: str | None, folders: tuple[Path, ...], lang: str | None, as_json: bool
) -> None:
    """List the named queries by category, or those that match all WORDS."""
    from graphwatch.errors import UsageError
    from graphwatch.queries.catalogue import by_category, title_of
    from graphwatch.queries.library import Library

    library = Library(list(folders))
    grouped: list[tuple[str, list[Any]]] = by_category(library.search(words))
    if category is not None:
        known = [name for name, _ in by_category(library.all())]
        if category not in known:
            raise UsageError(f"there is no category {category!r}", remedy=f"Categories: {', '.join(known)}.")
        grouped = [(name, found) for name, found in grouped if name == category]
    if as_json:
        print_json([_declared(query) for _, found in grouped for query in found])
        return
    if not grouped:
        note("No query matches. `graphwatch queries` lists all of them.")
    language = lang or language_of_locale(os.environ) or TERMINAL_LANGUAGE
    width = max((len(q.name) for _, found in grouped for q in found), default=0)
    for name, found in grouped:
        click.echo(visible(f"{title_of(name, language)} [{name}]"))
        for query in found:
            click.echo(f"  {query.name:{width}}  {visible(query.purpose_in(language))}")


def _declared(query: "NamedQuery") -> dict[str, Any]:
    """What the header of a query declares."""
    told = ("name", "title", "purpose", "category", "columns", "innocent", "example")
    parameters = [
        {"name": p.name, "type": p.type.value, "default": p.default, "description": p.description}
        for p in query.parameters
    ]
    return {name: getattr(query, name) for name in told} | {"parameters": parameters, "cypher": query.cypher}


@queries.command()
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
def check(folder: Path, as_json: bool) -> None:
    """Check every query of FOLDER: its header, its Cypher, its columns and that both engines answer alike."""
    from graphwatch.analysis.querying import check_queries
    from graphwatch.errors import QueryError

    checked = check_queries(folder)
    if as_json:
        found = {"problem": checked.problems, "warning": checked.warnings}
        remarks = [{"file": file, "kind": kind, "text": said} for kind, all in found.items() for file, said in all]
        print_json({"queries": checked.queries, "remarks": remarks})
    else:
        for name, warning in checked.warnings:
            click.echo(visible(f"{name}: warning: {warning}"))
        for name, problem in checked.problems:
            click.echo(visible(f"{name}: {problem}"))
    wrong = len({name for name, _ in checked.problems})
    if wrong:
        raise QueryError(f"{wrong} of {checked.queries} queries cannot be used", where=str(folder))
    note(f"{checked.queries} queries are valid.")


@click.command()
@lang_option
@store_options
def shell(lang: str | None, place: Place) -> None:
    """Ask the graph at a prompt with history and completion; read-only, within the same limits as `query`."""
    from graphwatch.cli.session import Session

    with opened(place) as project:
        session = Session(project, project.language(lang, otherwise=TERMINAL_LANGUAGE))
        if not sys.stdin.isatty():
            sys.exit(_read_all(session))
        from graphwatch.cli.prompt import converse, prompt_for

        project.folder.mkdir(parents=True, exist_ok=True)
        note(told("shell.welcome", session.language))
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
