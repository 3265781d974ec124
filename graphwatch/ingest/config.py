"""What a load can be asked; each field stands here once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from graphwatch.common.config import Config, option
from graphwatch.ingest.loads import LOADS


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadConfig(Config):
    """How a file is read, for `Project.load`.

    A column may give several properties, with commas between.

    >>> LoadConfig(columns={"akun": "account,account_handle"}).columns["akun"]
    'account,account_handle'
    """

    kind: str | None = option(
        None,
        "What the rows are. [default: what the preset says, or interactions]",
        choices=tuple(LOADS),
        flag="--as",
        refused="there is no kind of load {value!r}",
    )
    preset: str | None = option(
        None,
        "Known export format, for example coortweet, or a TOML file of your own. [default: generic]",
        metavar="NAME",
    )
    columns: Mapping[str, str] = option(
        (),
        "Which column gives which property, DAY+TIME=at where a time has two; without a value, asks for each and "
        "saves the answers as a preset.",
        pairs="column=property",
        joined=True,
        flag="--map",
        bare="?",
        metavar="COLUMN=PROPERTY",
    )
    constants: Mapping[str, str] = option(
        (), "A value that holds for every row.", pairs="property=value", flag="--set", metavar="PROPERTY=VALUE"
    )
    timezone: str | None = option(None, "For times without an offset, for example Asia/Jakarta or WIB.", metavar="ZONE")
    time_format: str | None = option(
        None, "For local times, as '%d/%m/%Y %H:%M'; '%d/%m/%Y' says that the day comes first.", metavar="FORMAT"
    )
    time: Literal["acted", "observed"] | None = option(
        None,
        "Whether times are when the accounts acted or when somebody looked. [default: what preset or column says]",
        choices=("acted", "observed"),
        refused="times are of no kind {value!r}",
    )
    encoding: str | None = option(None, "Encoding of a text file. [default: found by looking]", metavar="NAME")
    delimiter: str | None = option(None, "Delimiter of a text file. [default: found by looking]", metavar="CHAR")
    sheet: str | None = option(
        None, "Sheet of an Excel file. [default: the first, or the only one that fits]", metavar="NAME"
    )
    graph: bool = option(False, "Have the graph take it in at once, rather than before the next question.")
