"""Options made from a config: one for each field, with its default and its help."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import MISSING, Field, fields
from functools import wraps
from typing import Any

import click
from click.core import ParameterSource

from graphwatch.common.config import Config, Option, options_of
from graphwatch.errors import UsageError

Command = Callable[..., Any]


def config_options(
    config: type[Config], *, only: Collection[str] = (), without: Collection[str] = (), called: str = "asked"
) -> Callable[[Command], Command]:
    """An option for each field; the command gets those that were given as one mapping.

    Where there is a false discovery rate, `--count-only` asks for none.

    Args:
        config: whose fields these are.
        only, without: names of fields, where a command takes some of them.
        called: the command's parameter.
    """
    declared = {n: o for n, o in options_of(config).items() if (not only or n in only) and n not in without}

    def decorated(command: Command) -> Command:
        @wraps(command)
        def with_asked(*words: Any, **values: Any) -> Any:
            given = _given({name: values.pop(name) for name in declared}, declared)
            if values.pop("count_only", False):
                given |= _counting(given)
            return command(*words, **{called: given}, **values)

        made: Command = with_asked
        for each in reversed([field for field in fields(config) if field.name in declared]):
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


def pairs_of(
    words: Iterable[str], option: str, example: str, bare: str | None = None, *, joined: bool = False
) -> dict[str, str]:
    """`left=right` words as a mapping; the word that stands for no value at all is in it as `bare`, with nothing.

    Where they are `joined`, what one left side is given for comes with commas between.

    >>> pairs_of(["akun=account"], "--map", "column=property")
    {'akun': 'account'}
    >>> pairs_of(["akun=account", "akun=account_handle"], "--map", "column=property", joined=True)
    {'akun': 'account,account_handle'}

    Raises:
        UsageError: a word has no `=`, or a left side that may come once comes twice.
    """
    found: dict[str, str] = {}
    for word in words:
        left, separator, right = (word, "=", "") if word == bare else word.rpartition("=")
        if not separator or not left or not (right or word == bare):
            raise UsageError(f"{option} {word!r} is not of the form {example}", remedy=f"Write {option} {example}.")
        if left in found and joined and right:
            right = f"{found[left]},{right}"
        elif left in found:
            raise UsageError(f"{option} names {left!r} twice", remedy="Keep one of the two.")
        found[left] = right
    return found


def _given(said: dict[str, Any], declared: dict[str, Option]) -> dict[str, Any]:
    """What was said on the command line, and not only by default; mappings from their words."""
    source = click.get_current_context().get_parameter_source
    given = {name: value for name, value in said.items() if source(name) is not ParameterSource.DEFAULT}
    for name, option in declared.items():
        if option.pairs and name in given:
            given[name] = pairs_of(
                given[name], option.flag or f"--{name}", option.pairs, option.bare, joined=option.joined
            )
    return given


def _counting(given: dict[str, Any]) -> dict[str, Any]:
    """What --count-only asks for.

    Raises:
        UsageError: a rate was given, too.
    """
    if "fdr" in given:
        raise UsageError("--count-only tests nothing, so it has no --fdr", remedy="Leave one of the two out.")
    return {"fdr": None}


def _option(each: "Field[Any]", declared: Option) -> Callable[[Command], Command]:
    """The option of one field, or several where its choices are flags; a flag says the opposite of the default."""
    name, usual = each.name, each.default
    assert usual is not MISSING
    if declared.flags:
        return _flags(name, declared)
    flag = declared.flag or f"--{name.replace('_', '-')}"
    more: dict[str, Any] = {"help": declared.help, "metavar": declared.metavar}
    if declared.bare:
        more |= {"is_flag": False, "flag_value": declared.bare}
    if declared.choices and not declared.many:
        more |= {"type": click.Choice(declared.choices)}
    if isinstance(usual, bool) and not declared.choices:
        more |= {"flag_value": not usual, "default": usual, "type": bool}
    elif declared.many and declared.is_bounded:
        more |= {"callback": _numbers, "default": ",".join(map(str, usual)), "show_default": True}
    elif declared.many or declared.pairs:
        more |= {"multiple": True}
    else:
        more |= {
            "default": usual or None if declared.bare else usual,
            "show_default": usual is not None and usual is not False,
        }
    return click.option(flag, name, **more)


def _flags(name: str, declared: Option) -> Callable[[Command], Command]:
    def decorated(command: Command) -> Command:
        for choice, help in reversed(declared.flags):
            command = click.option(f"--{choice}", name, flag_value=choice, help=help)(command)
        return command

    return decorated


def _numbers(_: click.Context, option: click.Parameter, value: str) -> tuple[int, ...]:
    """Whole numbers with commas between."""
    try:
        return tuple(int(word) for word in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not of the form 3,5,10", param=option) from None
