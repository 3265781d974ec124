"""Options made from a config: one for each field, with its default and its help."""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import wraps
from typing import Any

import click
from click.core import ParameterSource

from graphwatch.common.config import Config, Option, options_of
from graphwatch.errors import UsageError


def config_options(config: type[Config]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for each field; the command gets those that were given as one mapping `asked`.

    Where there is a false discovery rate, `--count-only` asks for none.
    """

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        declared = options_of(config)

        @wraps(command)
        def with_asked(*words: Any, **values: Any) -> Any:
            said = {name: values.pop(name) for name in declared}
            source = click.get_current_context().get_parameter_source
            given = {name: value for name, value in said.items() if source(name) is not ParameterSource.DEFAULT}
            if values.pop("count_only", False):
                given |= _counting(given)
            return command(*words, asked=given, **values)

        made: Callable[..., Any] = with_asked
        for each in reversed(fields(config)):
            if each.name == "fdr":
                count = "Only count, as peers do; fans of a page reach high counts too."
                made = click.option("--count-only", is_flag=True, help=count)(made)
            made = _option(each, declared[each.name])(made)
        return made

    return decorated


def flag_of(config: type[Config], name: str) -> str:
    """The option of a field.

    >>> from graphwatch.detection.config import Question
    >>> flag_of(Question, "min_objects"), flag_of(Question, "from_")
    ('--min-objects', '--from')
    """
    return options_of(config)[name].flag or f"--{name.replace('_', '-')}"


def _counting(given: dict[str, Any]) -> dict[str, Any]:
    """What --count-only asks for.

    Raises:
        UsageError: a rate was given, too.
    """
    if "fdr" in given:
        raise UsageError("--count-only tests nothing, so it has no --fdr", remedy="Leave one of the two out.")
    return {"fdr": None}


def _option(each: "Field[Any]", declared: Option) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option of one field; a flag says the opposite of the default."""
    name, usual = each.name, each.default
    assert usual is not MISSING
    flag = declared.flag or f"--{name.replace('_', '-')}"
    more: dict[str, Any] = {"help": declared.help, "metavar": declared.metavar}
    if isinstance(usual, bool):
        more |= {"flag_value": not usual, "default": usual, "type": bool}
    elif declared.many and declared.is_bounded:
        more |= {"callback": _numbers, "default": ",".join(map(str, usual)), "show_default": True}
    elif declared.many:
        more |= {"multiple": True}
    elif declared.choices:
        more |= {"type": click.Choice(declared.choices), "default": usual, "show_default": True}
    else:
        more |= {"default": usual, "show_default": usual is not None}
    return click.option(flag, name, **more)


def _numbers(_: click.Context, option: click.Parameter, value: str) -> tuple[int, ...]:
    """Whole numbers with commas between."""
    try:
        return tuple(int(word) for word in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not of the form 3,5,10", param=option) from None
