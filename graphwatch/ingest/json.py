"""JSON: one object a line, or one document; nested objects are read as dotted names."""

import json
import os
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from graphwatch.errors import InputError
from graphwatch.ingest.files import Look
from graphwatch.ingest.heading import bind, wanted_columns
from graphwatch.ingest.layout import Layout
from graphwatch.ingest.lines import RECORD_CHARACTERS, Lines, text_of
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Quarantine, problem
from graphwatch.ingest.rows import Rows, batched, rows_of
from graphwatch.settings import BATCH_ROWS

Record = dict[str, Any]


def unnested(record: Record, records: str | None, each: str | None) -> Iterator[Record]:
    """The records that a JSON object holds.

    Args:
        record: the object.
        records: path of the array whose elements are the records; an object without it is a record itself.
        each: path of an array in a record; every element makes a record in which it stands for the array.

    >>> list(unnested({"data": [{"id": 1, "refs": [{"id": 7}, {"id": 8}]}, {"id": 2}]}, "data", "refs"))
    [{'id': 1, 'refs': {'id': 7}}, {'id': 1, 'refs': {'id': 8}}]
    """
    inner = value_of(record, records) if records else None
    for one in inner if isinstance(inner, list) else [record]:
        if isinstance(one, dict):
            yield from _with_each(one, each) if each else [one]


def value_of(record: Record, path: str) -> Any:
    """What is at a path of nested objects, None where there is nothing."""
    at: Any = record
    for name in path.split("."):
        at = at.get(name) if isinstance(at, dict) else None
    return at


def flat(record: Record, prefix: str = "") -> Record:
    """Nested objects as dotted names.

    >>> flat({"author": {"id": "1"}, "text": "a"})
    {'author.id': '1', 'text': 'a'}
    """
    if not prefix and not any(isinstance(value, dict) for value in record.values()):
        return record
    made: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            made |= flat(value, f"{prefix}{name}.")
        else:
            made[prefix + name] = value
    return made


def found(record: Record, path: str) -> Any:
    """What a flat record has under a dotted name; inside an array, what each of its objects has.

    >>> found({"tags": [{"text": "a"}, {"text": "b"}]}, "tags.text")
    ['a', 'b']
    """
    value = record.get(path)
    if value is not None or "." not in path:
        return value
    parts = path.split(".")
    for at in range(len(parts) - 1, 0, -1):
        items = record.get(".".join(parts[:at]))
        if isinstance(items, list):
            rest = ".".join(parts[at:])
            values = [found(flat(item), rest) for item in items if isinstance(item, dict)]
            return [value for value in values if value is not None] or None
    return None


def _with_each(record: Record, path: str) -> Iterator[Record]:
    head, _, rest = path.partition(".")
    inner = record.get(head)
    if rest:
        for changed in _with_each(inner, rest) if isinstance(inner, dict) else ():
            yield {**record, head: changed}
    else:
        for item in inner if isinstance(inner, list) else ():
            yield {**record, head: item}


_SUFFIXES: Final = (".jsonl", ".ndjson", ".json")
_PACKED_SUFFIXES: Final = (".gz", ".zst")
_BROKEN: Final = problem("broken_json")
# A document is read whole, and takes many times its size.
_DOCUMENT_BYTES: Final = 1 << 26
_DOCUMENT_VALUES: Final = 4_000_000
_ONE_A_LINE: Final = "Write one JSON object on each line, for example with: jq -c '.[]'"
_LONG: Final = problem("long_line", most=str(RECORD_CHARACTERS))


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
    """The rows of a JSON lines file, numbered by line, or of one JSON document, numbered by record.

    The names in the first batch are the header; an object without one of them has null there. Objects that the
    mapping's conditions leave out count for nothing.

    Raises:
        InputError: if no object of the first batch has a mapped name, or one document is too large.
    """
    names: dict[str, str] | None = None
    layout = mapping.layout
    numbered = (
        (number, record)
        for number, record in _records(look, lines, layout, quarantine)
        if layout.takes(lambda path, record=record: _as_text(found(record, path)))  # type: ignore[misc]
    )
    for numbers, batch in batched(numbered, lambda: lines.position, BATCH_ROWS):
        if names is None:
            every = [*(f.name for f in mapping.load.fields), *layout.columns()]
            header = _header(batch, wanted_columns(mapping, every))
            bind(mapping, header, f"{look.path}, line {numbers[0]}")
            there = {name.casefold() for name in header}
            names = wanted_columns(mapping, [*header, *(name for name in every if name.casefold() not in there)])
        cells = {p: [_as_text(found(record, name)) for record in batch] for p, name in names.items()}
        yield rows_of(numbers, cells, lines.position, names, quarantine)


def first_objects(look: Look, lines: Lines, most: int) -> list[Record]:
    """The first objects as they are, nested; lines that are none are passed over."""
    decoder = _decoder()
    if _is_document(lines.first()):
        return _document(look, lines, decoder)[:most]
    with Quarantine(Path(os.devnull), look.path.name) as passed_over:
        return [record for _, record in islice(_objects(lines, decoder, passed_over), most)]


def _decoder() -> json.JSONDecoder:
    # Numbers stay as written: a float would round ids.
    return json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: None)


def _header(batch: list[Record], names: dict[str, str]) -> list[str]:
    header = dict.fromkeys(name for record in batch for name in record)
    inside = (name for name in names.values() if name not in header)
    return [*header, *dict.fromkeys(n for n in inside if any(found(record, n) is not None for record in batch))]


def _records(look: Look, lines: Lines, layout: Layout, quarantine: Quarantine) -> Iterator[tuple[int, Record]]:
    decoder = _decoder()
    if _is_document(lines.first()):
        yield from _records_of_document(look, lines, layout, decoder)
        return
    for number, record in _objects(lines, decoder, quarantine):
        try:
            inner = [flat(one) for one in unnested(record, layout.records, layout.each)]
        except RecursionError:
            quarantine.refuse(number, None, None, _BROKEN)
            continue
        for one in inner:
            yield number, one


def _records_of_document(
    look: Look, lines: Lines, layout: Layout, decoder: json.JSONDecoder
) -> Iterator[tuple[int, Record]]:
    try:
        tops = _document(look, lines, decoder)
        records = (record for top in tops for record in unnested(top, layout.records, None))
        for number, record in enumerate(records, 1):
            for one in unnested(record, None, layout.each):
                yield number, flat(one)
    except RecursionError:
        raise InputError("the JSON is nested too deeply", where=str(look.path), remedy=_ONE_A_LINE) from None


def _is_document(first_line: str) -> bool:
    """Whether a JSON text goes on over several lines, or is an array."""
    return first_line.strip() == "{" or first_line.lstrip().startswith("[")


def _document(look: Look, lines: Lines, decoder: json.JSONDecoder) -> list[Record]:
    """The objects of one JSON document: of an array, or a single one."""
    text = lines.whole(_DOCUMENT_BYTES)
    if len(text) > _DOCUMENT_BYTES:
        what = f"this is one JSON document of more than {_DOCUMENT_BYTES >> 20} MiB"
        raise InputError(what, where=str(look.path), remedy=_ONE_A_LINE)
    if sum(map(text.count, (b",", b"[", b"{"))) > _DOCUMENT_VALUES:
        what = f"this is one JSON document of more than {_DOCUMENT_VALUES:,} values"
        raise InputError(what, where=str(look.path), remedy=_ONE_A_LINE)
    try:
        content = decoder.decode(text_of(text))
    except ValueError as error:
        raise InputError(f"invalid JSON: {error}", where=str(look.path), remedy=_ONE_A_LINE) from None
    return [item for item in (content if isinstance(content, list) else [content]) if isinstance(item, dict)]


def _objects(lines: Lines, decoder: json.JSONDecoder, quarantine: Quarantine) -> Iterator[tuple[int, Record]]:
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
        except (ValueError, RecursionError):
            quarantine.refuse(number, None, line.rstrip("\r\n"), _BROKEN)
            continue
        yield number, record


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
