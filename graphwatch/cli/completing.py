"""What a shell offers behind `graphwatch query`: names of queries and parameters, and values where few are possible."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from graphwatch.queries.header import Parameter
    from graphwatch.queries.library import Library


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
