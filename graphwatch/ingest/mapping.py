"""Which column of a file gives which property, and what is the same for every row."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from types import MappingProxyType
from typing import Final, TypeVar

from graphwatch.errors import UsageError
from graphwatch.ingest.loads import LOADS, Load
from graphwatch.ingest.presets import PRESETS, Preset

_T = TypeVar("_T")
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
# Directives that mean the same in the C library, in Python and in pandas.
_DIRECTIVES: Final = frozenset("YymdbBaAHIMSfpjzZ%")


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801 - `Mapping` is taken by the standard library, and both are used together
    """How the columns of a file become the properties of a load.

    `columns` holds (property, column), `constants` (property, value); both sorted. With `by_name` a column
    called like a property gives that property.
    """

    kind: str
    preset: str
    columns: tuple[tuple[str, str], ...]
    constants: tuple[tuple[str, str], ...]
    by_name: bool
    timezone: str | None
    time_format: str | None

    @property
    def load(self) -> Load:
        """The declaration of the kind of load."""
        return LOADS[self.kind]

    def as_json(self) -> str:
        """The mapping as JSON; equal mappings give equal text, whatever preset they came from.

        >>> mapping_for("paslon", columns={"nomor": "number"}).as_json()
        '{"by_name":true,"columns":{"number":"nomor"},"constants":{},"time_format":null,"timezone":null}'
        """
        content = {
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "by_name": self.by_name,
            "timezone": self.timezone,
            "time_format": self.time_format,
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def mapping_for(
    kind: str,
    *,
    preset: str | None = None,
    columns: Mapping[str, str] = _NOTHING,
    constants: Mapping[str, str] = _NOTHING,
    timezone: str | None = None,
    time_format: str | None = None,
) -> Mapping_:
    """Put a mapping together from a preset and what the caller adds to or changes in it.

    Args:
        kind: kind of load, a key of `LOADS`.
        preset: a key of `PRESETS`; None is `generic`, columns named like the properties.
        columns: column to property.
        constants: property to the value that every row has.
        timezone: name in the time zone database, for times written without offset.
        time_format: strptime format of all times; only with `timezone` unless it has %z.

    Raises:
        UsageError: for an unknown kind, preset, property, time zone or format, or a constant that no row
            could have.

    >>> mapping_for("interactions", preset="coortweet").columns[0]
    ('account', 'account_id')
    """
    load = _known(kind, LOADS, "kind of load")
    chosen = _known(preset or "generic", PRESETS, "preset")
    if chosen.kind not in (None, kind):
        raise UsageError(
            f"preset '{chosen.name}' is for {chosen.kind}, not for {kind}",
            remedy=f"Load it as {chosen.kind}, or choose another preset.",
        )
    for name in (*columns.values(), *constants):
        _known(name, {f.name: f for f in load.fields}, f"property of {kind}")
    _refuse_private(load, constants)
    _check_times(timezone, time_format)
    mapping = _merged(kind, chosen, columns, constants, timezone, time_format)
    _check_constants(mapping)
    return mapping


def source_key(file_sha256: str, mapping: Mapping_, sheet: str | None = None) -> tuple[str, str]:
    """Id (16 hex digits) and full sha256 of an import: file digest, sheet if one is named, kind of load and mapping.

    >>> key, digest = source_key("00", mapping_for("paslon"))
    >>> len(key), digest.startswith(key)
    (16, True)
    """
    named = () if sheet is None else (sheet,)
    digest = sha256("\n".join((file_sha256, *named, mapping.kind, mapping.as_json())).encode()).hexdigest()
    return digest[:16], digest


def closest(name: str, known: Iterable[str]) -> str:
    """' Did you mean …?' with the nearest known name, or nothing."""
    lower = {k.lower(): k for k in known}
    found = get_close_matches(name.lower(), lower, n=1)
    return f" Did you mean '{lower[found[0]]}'?" if found else ""


def _known(name: str, known: Mapping[str, _T], what: str) -> _T:
    if name not in known:
        raise UsageError(
            f"there is no {what} '{name}'",
            remedy=f"Known are {', '.join(known)}.{closest(name, known)}",
        )
    return known[name]


def _merged(
    kind: str,
    preset: Preset,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    timezone: str | None,
    time_format: str | None,
) -> Mapping_:
    """What the caller gives for a property replaces whatever the preset has for it."""
    given = {property: column for column, property in columns.items()}
    if len(given) < len(columns) or set(given) & set(constants):
        raise UsageError("a property is given twice", remedy="Give each property one column or one constant.")
    from_columns = {p: c for p, c in preset.columns.items() if p not in constants} | given
    from_constants = {p: v for p, v in preset.constants.items() if p not in given} | dict(constants)
    return Mapping_(
        kind,
        preset.name,
        tuple(sorted(from_columns.items())),
        tuple(sorted(from_constants.items())),
        preset.by_name,
        timezone,
        time_format,
    )


def _refuse_private(load: Load, constants: Mapping[str, str]) -> None:
    for name in constants:
        if load.field(name).private:
            raise UsageError(f"{name} is never the same for every row", remedy=f"Name the column that gives {name}.")


def _check_times(timezone: str | None, time_format: str | None) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if timezone is not None:
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            remedy = "Use a name such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura."
            raise UsageError(f"there is no time zone '{timezone}'", remedy=remedy) from None
    if time_format is None:
        return
    directives = set(re.findall("%(.?)", time_format, re.DOTALL))
    if not directives <= _DIRECTIVES or not directives & set("HI"):
        raise UsageError(
            f"'{time_format}' is not the format of a date with a time of day",
            remedy="Use strptime directives, for example '%d/%m/%Y %H:%M'.",
        )
    if timezone is None and "z" not in directives:
        raise UsageError(
            f"the time format '{time_format}' has no offset, and no time zone is given",
            remedy="Name the time zone, for example Asia/Jakarta.",
        )


def _check_constants(mapping: Mapping_) -> None:
    if not mapping.constants:
        return
    import pyarrow as pa

    from graphwatch.ingest.checks import check_column

    for name, value in mapping.constants:
        far_future_ms = 1 << 60
        checked = check_column(mapping.load.field(name), pa.array([value]), mapping, far_future_ms)
        for mask, problem in checked.problems:
            if mask[0]:
                raise UsageError(f"constant {name}='{value}': {problem.reason}", remedy=problem.remedy)
