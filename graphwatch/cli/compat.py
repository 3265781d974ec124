"""`graphwatch detect --compat`: the tables of two other tools."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Literal

import click
from click.core import ParameterSource

from graphwatch.cli.configs import config_options
from graphwatch.cli.options import Place, note, opened
from graphwatch.cli.tables import show_table
from graphwatch.detection.compat.config import CompatConfig
from graphwatch.errors import UsageError

_OWN: Final = ("table", "min_participation", "edge_weight", "min_weight")
_SHARED: Final = ("window", "compat", "store", "project")


@dataclass(frozen=True, slots=True)
class Peer:
    """What --compat and the options that go with it say; `tool` is None without --compat."""

    tool: Literal["coortweet", "toolkit"] | None
    asked: dict[str, Any]


def compat_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--compat and the options that go with it, which the command gets as one `peer`."""

    @click.option(
        "--compat",
        type=click.Choice(["coortweet", "toolkit"]),
        help="Print the table that CooRTweet or the Coordination Network Toolkit would give, as CSV.",
    )
    @config_options(CompatConfig, only=_OWN, called="of_peer")
    @wraps(command)
    def with_peer(*words: Any, compat: Any, of_peer: dict[str, Any], **others: Any) -> Any:
        return command(*words, peer=Peer(compat, of_peer), **others)

    return with_peer


def check_words(context: click.Context, peer: Peer) -> None:
    """Options that have no part in what was asked are refused, not passed over.

    Raises:
        UsageError: an option goes only with --compat, or not with it.
    """
    given = [p for p in context.params if context.get_parameter_source(p) is ParameterSource.COMMANDLINE]
    flags = {p.name: p.opts[0] for p in context.command.params}
    if peer.tool is None:
        wrong = [name for name in given if name in _OWN]
        remedy = "Add --compat coortweet or --compat toolkit, or leave it out."
    else:
        wrong = [name for name in given if name not in (*_OWN, *_SHARED)]
        remedy = "Leave it out: the other tools take --window and their own thresholds, and all rows."
    if wrong:
        raise UsageError(
            f"{flags[wrong[0]]} goes {'only' if peer.tool is None else 'not'} with --compat", remedy=remedy
        )


def print_table(place: Place, peer: Peer, asked: Mapping[str, Any]) -> None:
    """The table as CSV on standard output; `asked` has the window, if one was given."""
    assert peer.tool is not None
    with opened(place) as project:
        answer = project.compat(peer.tool, **asked, **peer.asked)
    for line in answer.caveats:
        note(line)
    show_table(answer, "csv")
