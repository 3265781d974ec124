"""JSON lines: one object a line, nested objects read as dotted names."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from graphwatch.errors import InputError
from graphwatch.ingest.binding import bind, wanted_columns
from graphwatch.ingest.files import Look
from graphwatch.ingest.lines import RECORD_CHARACTERS, Lines, text_of
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Problem, Quarantine
from graphwatch.ingest.rows import Rows, batched, rows_of
from graphwatch.settings import BATCH_ROWS

_SUFFIXES: Final = (".jsonl", ".ndjson", ".json")
_PACKED_SUFFIXES: Final = (".gz", ".zst")
_BROKEN: Final = Problem("a line that is not a JSON object", "Write one complete JSON object on each line.")
_LONG: Final = Problem(f"a line of more than {RECORD_CHARACTERS} characters", "Leave out what is not needed.")


def is_json_lines(look: Look, first_line: str) -> bool:
    """Whether the first line is a JSON object; where it only begins like one, the suffix decides."""
    if not first_line.lstrip().startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(first_line), dict | list)
    except (ValueError, RecursionError):
        suffixes = [s for s in look.path.suffixes if s not in _PACKED_SUFFIXES]
        return bool(suffixes) and suffixes[-1].lower() in _SUFFIXES


def read_json_lines(look: Look, lines: Lines, mapping: Mapping_, quarantine: Quarantine) -> Iterator[Rows]:
    """The rows of a JSON lines file.

    The names in the first batch are the header; an object without one of them has null there.

    Raises:
        InputError: if no object of the first batch has a mapped name, or the file is one JSON array.
    """
    if lines.first().lstrip().startswith("["):
        remedy = "Write one JSON object on each line, for example with: jq -c '.[]'"
        raise InputError("this is one JSON array", where=f"{look.path}, line 1", remedy=remedy)
    names: dict[str, str] | None = None
    for numbers, batch in batched(_objects(lines, quarantine), lambda: lines.position, BATCH_ROWS):
        if names is None:
            header = list(dict.fromkeys(name for record in batch for name in record))
            bind(mapping, header, f"{look.path}, line {numbers[0]}")
            names = wanted_columns(mapping, [f.name for f in mapping.load.fields])
        cells = {p: [_as_text(record.get(name)) for record in batch] for p, name in names.items()}
        yield rows_of(numbers, cells, lines.position, names, quarantine)


def _objects(lines: Lines, quarantine: Quarantine) -> Iterator[tuple[int, dict[str, Any]]]:
    # Numbers stay as written: a float would round ids.
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: None)
    for number, raw in enumerate(chain.from_iterable(lines.blocks()), 1):
        line = text_of(raw)
        if len(line) > RECORD_CHARACTERS:
            quarantine.refuse(number, None, line[:300], _LONG)
            continue
        if not line.strip():
            continue
        try:
            record = decoder.decode(line)
            if not isinstance(record, dict):
                raise ValueError
            yield number, _flat(record)
        except (ValueError, RecursionError):
            quarantine.refuse(number, None, line.rstrip("\r\n"), _BROKEN)


def _flat(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects as dotted names.

    >>> _flat({"author": {"id": "1"}, "text": "a"})
    {'author.id': '1', 'text': 'a'}
    """
    if not prefix and not any(isinstance(value, dict) for value in record.values()):
        return record
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
