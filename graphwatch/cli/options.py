"""Options: those that commands share, those made from a config, parameters, and names that begin with a dash."""

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from graphwatch.cli.terminal import awaiting, catching_up, note
from graphwatch.common.config import LANGUAGE_HELP, Config, Option, options_of
from graphwatch.common.i18n import LANGUAGES
from graphwatch.errors import PasswordMissing, UsageError
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.project import Project


@dataclass(frozen=True, slots=True)
class Place:
    """What --store and --project say."""

    store: str | None
    project: str | None


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--store and --project, which the command gets as one `place`."""

    @click.option("--store", metavar="PLACE", help="A folder, or neo4j://host[:port][/database].")
    @click.option("--project", metavar="FOLDER", help="Keys, quarantine and access log beside a server's store.")
    @wraps(command)
    def with_place(*words: Any, store: str | None, project: str | None, **others: Any) -> Any:
        return command(*words, place=Place(store, project), **others)

    return with_place


lang_option: Final = click.option("--lang", type=click.Choice(LANGUAGES), default=None, help=LANGUAGE_HELP)

run_option: Final = click.option(
    "--run", default="latest", show_default=True, metavar="ID", help="Detection run; `query runs` lists them."
)


def opened(place: Place, *, create: bool = False) -> "Project":
    """The store that the options name; on a terminal a missing password is asked for.

    Of batches that it holds in part the person is told, whatever the command is, and of a graph that catches up.
    """
    from graphwatch.common.table import leave_pandas_out
    from graphwatch.project import open
    from graphwatch.store.opening import tell_catching_up

    leave_pandas_out()
    try:
        project = open(place.store, project=place.project, create=create)
    except PasswordMissing:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        os.environ["NEO4J_PASSWORD"] = click.prompt("Password of the server", hide_input=True, err=True)
        project = open(place.store, project=place.project, create=create)
    in_language = partial(_language, project)
    tell_catching_up(project.store, partial(catching_up, in_language), awaiting(in_language))
    for half in project.store.unfinished():
        note(half.told(_language(project)))
    return project


def _language(project: "Project") -> str:
    """The language that the command was asked in, else the project's."""
    context = click.get_current_context(silent=True)
    lang = context.params.get("lang") if context else None
    return project.language(lang, otherwise=TERMINAL_LANGUAGE)


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
    if each.type in _NUMBER_OR_NONE:
        more |= {"type": _NUMBER_OR_NONE[each.type]}
    if isinstance(usual, bool) and not declared.choices:
        more |= {"flag_value": not usual, "default": usual, "type": bool}
    elif declared.many and declared.is_bounded:
        more |= {"callback": _numbers, "default": usual and ",".join(map(str, usual)), "show_default": bool(usual)}
    elif declared.many or declared.pairs:
        more |= {"multiple": True}
    else:
        more |= {
            "default": usual or None if declared.bare else usual,
            "show_default": usual is not None and usual is not False,
        }
    return click.option(flag, name, **more)


# Where the default is none, click cannot tell from it that a number is meant.
_NUMBER_OR_NONE: Final[dict[Any, type[int] | type[float]]] = {int | None: int, float | None: float}


def _flags(name: str, declared: Option) -> Callable[[Command], Command]:
    def decorated(command: Command) -> Command:
        for choice, help in reversed(declared.flags):
            command = click.option(f"--{choice}", name, flag_value=choice, help=help)(command)
        return command

    return decorated


def _numbers(_: click.Context, option: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """Whole numbers with commas between."""
    if value is None:
        return None
    try:
        return tuple(int(word) for word in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not of the form 3,5,10", param=option) from None


# No word of a command line holds this.
_MARK: Final = "\x00"
_NUMBER: Final = re.compile(r"-[0-9.]+")


class NamesWithDash(click.Command):
    """A command without short options of its own, whose words may begin with a dash: `neighbours -AbC`."""

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        # Negative numbers may be names, too.
        self.context_settings["ignore_unknown_options"] = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As every command does, but for words with one dash; an unknown long option is still one that was mistyped."""
        ends = args.index("--") if "--" in args else len(args)
        known = {flag for p in self.get_params(ctx) for flag in (*p.opts, *p.secondary_opts)}
        for word in args[:ends]:
            flag = word.partition("=")[0]
            if flag.startswith("--") and flag not in known:
                near = sorted(k for k in known if k.startswith(flag[:4]))
                raise click.NoSuchOption(flag, possibilities=near, ctx=ctx)
        marked = [_MARK + word if _is_name(word) and word not in known else word for word in args[:ends]]
        rest = super().parse_args(ctx, [*marked, *args[ends:]])
        ctx.params = {name: _unmarked(value) for name, value in ctx.params.items()}
        return rest


def _is_name(word: str) -> bool:
    return word.startswith("-") and not word.startswith("--") and len(word) > 1 and not _NUMBER.fullmatch(word)


def _unmarked(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_unmarked, value))
    return value.removeprefix(_MARK) if isinstance(value, str) else value


_PARAMETER: Final = re.compile(r"[A-Za-z_`][^=\s]*")


def parameters_split(words: Sequence[str], flags: Sequence[str] = ("-p", "--param")) -> list[str]:
    """The words of a command line with each parameter as long flag, name and value, however it was written.

    Raises:
        UsageError: a parameter has no name or no value.

    >>> parameters_split(["clusters", "-p", "least=7", "-p", "run", "latest", "--param=text=a=b"])
    ['clusters', '--param', 'least', '7', '--param', 'run', 'latest', '--param', 'text', 'a=b']
    """
    made: list[str] = []
    rest = iter(words)
    for word in rest:
        flag = next((f for f in flags if word == f or word.startswith(f"{f}=" if f.startswith("--") else f)), None)
        if word == "--":
            return [*made, word, *rest]
        if flag is None or (word.startswith("--") and flag == "-p"):
            made.append(word)
            continue
        written = word[len(flag) :].removeprefix("=") if word != flag else next(rest, "")
        name, equals, value = written.partition("=")
        if not equals:
            value = next(rest, "--")
        if not _PARAMETER.fullmatch(name) or (not equals and value.startswith("--")):
            raise UsageError(
                f"{flag} {written} is no parameter with a value", remedy="Write -p NAME=VALUE: -p least=7."
            )
        # The long form: for a short one click first looks for names that are near.
        made += [flags[-1], name, value]
    return made


class WithParameters(click.Command):
    """A command whose parameters are written `-p NAME=VALUE` or `-p NAME VALUE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As every command does; while a shell completes a line, it is not whole yet and left as it is."""
        return super().parse_args(ctx, args if ctx.resilient_parsing else parameters_split(args))
