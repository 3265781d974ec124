"""Acts as the graph file keeps them: what a few numbers say as well is no text there, and is text when asked for.

Of ten million acts the texts that are only shown cost the engine more than all else. So a relation of an act has
columns of its own beside those of the declaration, and of the two that speak of one thing one is null:

- `_key`, a UUID, is the id, where that is 32 hexadecimal digits;
- `_source` and `_row` are the only row that supplied it;
- `_at` says in which form `at` gives `at_ms`;
- `_content` is a native content id that is a whole number.

Whatever does not come back letter by letter stays a text. Texts for the engine ask for declared names, here made into
what the engine computes from both.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pyarrow as pa

from graphwatch.common.databases import in_memory
from graphwatch.errors import QueryRefused
from graphwatch.model import INTERACTIONS, Element, digest
from graphwatch.queries.grammar.tokens import RESERVED, Kind, Token, place, tokenize

COLUMNS: Final = {"_key": "UUID", "_source": "UUID", "_row": "INT64", "_at": "INT64", "_content": "INT64"}
"""What a relation of an act has beside its declared columns, with the engine's types."""
KEY: Final = "_key"
_FORM: Final = "slim 1"
_ACTS: Final = frozenset(INTERACTIONS)
_HOUR_MS: Final = 3_600_000
# What stands behind a time, and by how many hours the time before it is ahead of UTC.
_ZONES: Final = (
    ("Z", 0),
    ("+00:00", 0),
    ("+07:00", 7),
    ("+08:00", 8),
    ("+09:00", 9),
    ("", 0),
    ("", 7),
    ("", 8),
    ("", 9),
)
# A form is 4 × the zone's place, + 2 with a blank for T, + 1 to the minute; these are epoch seconds and milliseconds.
_SECONDS, _MILLISECONDS = 4 * len(_ZONES), 4 * len(_ZONES) + 1
_LAST_MS: Final = 253_402_300_799_000  # of the year 9999
_MEMORY: Final = "1GB"
_REMEDY: Final = (
    "Read it from a relation that MATCH names, as in MATCH (a)-[r:LIKED]->(p) RETURN r.id; or do not ask for the "
    "text to be sent as it is written. / Bacalah dari relasi yang dinamai MATCH, misalnya MATCH (a)-[r:LIKED]->(p) "
    "RETURN r.id; atau jangan meminta teks dikirim apa adanya."
)


def layout() -> str:
    """What a graph notes of its tables: one that notes something else has them brought up to date."""
    return f"{digest()} {_FORM}"


def is_slim(noted: str) -> bool:
    """Whether a graph that notes this keeps acts as they are kept now; another one is made again."""
    return noted.endswith(f" {_FORM}")


def columns_of(element: Element) -> dict[str, str]:
    """The columns that an element has beside its declared ones, with the engine's types."""
    return COLUMNS if element.name in _ACTS else {}


# --- asking ---------------------------------------------------------------------------------------


def asked(variable: str, property: str, types: Collection[str]) -> str:
    """A property as the engine computes it, of a node or relation of one of these labels or types.

    >>> asked("r", "content_id", {"LIKED"}), asked("r", "id", {"SCORED"}), asked("r", "at_ms", {"LIKED"})
    ('coalesce(r.`content_id`, CAST(r.`_content` AS STRING))', 'r.`id`', 'r.`at_ms`')
    """
    text = _TEXTS.get(property) if not _ACTS.isdisjoint(types) else None
    return f"{variable}.`{property}`" if text is None else text.replace("@", variable)


def _of_zones(values: str) -> str:
    # The engine computes all branches of a CASE for all rows, so that no place may be beyond the end.
    return f"list_extract([{values}], @.`_at` % {_SECONDS} / 4 + 1)"


def _at_text() -> str:
    suffixes = _of_zones(", ".join(f"'{suffix}'" for suffix, _ in _ZONES))
    ahead = _of_zones(", ".join(str(hours * _HOUR_MS) for _, hours in _ZONES))
    # The engine's `substring` and `replace` give texts of other rows where an argument differs from row to row.
    told = f"CAST(epoch_ms(@.`at_ms` + {ahead}) AS STRING)"
    cut = f"CASE WHEN @.`_at` % 2 = 1 THEN left({told}, 16) ELSE left({told}, 19) END"
    read = f"CASE WHEN @.`_at` % 4 >= 2 THEN {cut} ELSE replace({cut}, ' ', 'T') END"
    return (
        "CASE WHEN @.`_at` IS NULL THEN @.`at` "
        f"WHEN @.`_at` = {_SECONDS} THEN CAST(CAST(@.`at_ms` / 1000 AS INT64) AS STRING) "
        f"WHEN @.`_at` = {_MILLISECONDS} THEN CAST(@.`at_ms` AS STRING) ELSE concat({read}, {suffixes}) END"
    )


_TEXTS: Final = {
    "id": "coalesce(@.`id`, replace(CAST(@.`_key` AS STRING), '-', ''))",
    "content_id": "coalesce(@.`content_id`, CAST(@.`_content` AS STRING))",
    "sources": "CASE WHEN @.`_row` IS NULL THEN @.`sources` ELSE [concat(substring("
    "replace(CAST(@.`_source` AS STRING), '-', ''), 1, 16), ':', CAST(@.`_row` AS STRING))] END",
    "at": _at_text(),
}


def whole(values: Mapping[str, Any]) -> dict[str, Any]:
    """A relation as the engine gives it, with the declared properties alone.

    >>> whole({"id": None, "_key": UUID("0123456789abcdef0123456789abcdef"), "at_ms": 0, "_at": 8})
    {'id': '0123456789abcdef0123456789abcdef', 'at_ms': 0, 'at': '1970-01-01T07:00:00+07:00'}
    """
    made = {name: value for name, value in values.items() if name not in COLUMNS}
    if values.get("_key") is not None:
        made["id"] = UUID(str(values["_key"])).hex
    if values.get("_row") is not None:
        made["sources"] = [f"{UUID(str(values['_source'])).hex[:16]}:{values['_row']}"]
    if values.get("_content") is not None:
        made["content_id"] = str(values["_content"])
    if values.get("_at") is not None:
        made["at"] = _written(values["_at"], values["at_ms"])
    return made


def _written(form: int, at_ms: int) -> str:
    if form >= _SECONDS:
        return str(at_ms // 1000 if form == _SECONDS else at_ms)
    suffix, hours = _ZONES[form // 4]
    time = datetime.fromtimestamp(at_ms // 1000, UTC) + timedelta(hours=hours)
    between, length = " " if form % 4 >= 2 else "T", 16 if form % 2 else 19
    return time.isoformat(between)[:length] + suffix


@lru_cache(maxsize=512)
def in_engine(cypher: str) -> str:
    """A text that asks for declared names, in the engine's words.

    Raises:
        QueryRefused: it asks in a way that is not known to have the answer.

    >>> in_engine("MATCH (a)-[r:SHARED]->(p) RETURN r.content_id, a.id")
    'MATCH (a)-[r:SHARED]->(p) RETURN coalesce(r.`content_id`, CAST(r.`_content` AS STRING)), a.id'
    """
    if not _SPEAKS.search(cypher):
        return cypher
    tokens = tokenize(cypher)
    types, others = _relations(cypher, tokens), _others(tokens)
    pieces, begun = [], 0
    for place_of, (of, dot, name) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        before = tokens[place_of - 1].text if place_of else ""
        if dot.text != "." or name.text not in _TEXTS or of.kind not in _NAMES or before == ".":
            continue
        if of.text not in types:
            if of.text in others:
                continue
            raise _refusal(cypher, name)
        pieces += [cypher[begun : of.at], asked(cypher[of.at : of.end], name.text, types[of.text])]
        begun = name.end
    return "".join([*pieces, cypher[begun:]])


_NAMES: Final = (Kind.WORD, Kind.QUOTED)
_SPEAKS: Final = re.compile(rf"[.,{{]\s*`?(?:{'|'.join(_TEXTS)})\b|\b(?:properties|keys)\b", re.IGNORECASE)


def _relations(cypher: str, tokens: list[Token]) -> dict[str, frozenset[str]]:
    """The variables that MATCH gives to single relations, with their types; all types of acts where it names none."""
    found: dict[str, frozenset[str]] = {}
    for at, token in enumerate(tokens):
        if token.text != "[" or token.kind is not Kind.SYMBOL or not at or tokens[at - 1].text != "-":
            continue
        end = next(i for i in range(at, len(tokens)) if tokens[i].text == "]" and tokens[i].kind is Kind.SYMBOL)
        inside = tokens[at + 1 : end]
        stop = next((i for i, t in enumerate(inside) if t.text in ("{", "*") or t.upper == "WHERE"), len(inside))
        named = bool(inside) and inside[0].kind in _NAMES
        types = frozenset(t.text for t in inside[int(named) : stop] if t.kind in _NAMES) or _ACTS
        if not _ACTS.isdisjoint(types):
            for key, colon in zip(inside[stop:], inside[stop + 1 :], strict=False):
                if key.text in _TEXTS and colon.text == ":":
                    raise _refusal(cypher, key)
        if named and "*" not in [t.text for t in inside]:
            found[inside[0].text] = types
    for of, word, name in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.upper == "AS" and of.text in found:
            found[name.text] = found[of.text]
        if of.upper in ("PROPERTIES", "KEYS") and name.text in found and not _ACTS.isdisjoint(found[name.text]):
            raise _refusal(cypher, of)
    return found


def _others(tokens: list[Token]) -> set[str]:
    """The variables of nodes and of what is not from the graph."""
    found: set[str] = set()
    for before, (bracket, name) in zip(tokens, pairwise(tokens[1:]), strict=False):
        is_call = before.kind is Kind.WORD and before.upper not in RESERVED
        if bracket.text == "(" and name.kind in _NAMES and not is_call:
            found.add(name.text)
    for of, word, name in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.upper == "AS" and (of.text in found or of.kind is Kind.PARAMETER):
            found.add(name.text)
    return found


def _refusal(cypher: str, at: Token) -> QueryRefused:
    what = f"the store keeps {at.text!r} of acts in another form, and does not have it there"
    return QueryRefused(what, where=place(cypher, at.at), remedy=_REMEDY)


# --- writing --------------------------------------------------------------------------------------


def rows(element: Element, table: pa.Table) -> pa.Table:
    """Rows of a relation as the graph file keeps them; those of what is no act are what they are."""
    if element.name not in _ACTS or not table.num_rows:
        return table
    with in_memory(_MEMORY) as connection:
        connection.register("told", table)
        return connection.sql(_select("told", table.column_names)).to_arrow_table()


def file(element: Element, told: Path, names: list[str], scratch: Path) -> tuple[Path, list[str]]:
    """A Parquet file with the rows of another as the graph file keeps them, made in `scratch`, and its columns.

    Args:
        element: whose rows they are; what is no act stays where it is.
        told: the file.
        names: its columns.
        scratch: a folder, which takes what does not fit into memory, too.

    Raises:
        OSError: the disk refuses.
    """
    if element.name not in _ACTS:
        return told, names
    import duckdb

    made = scratch / "slim.parquet"
    query = _select(f"read_parquet({_literal(_meant(told))}, hive_partitioning = false)", names)
    with in_memory(_MEMORY, scratch) as connection:
        try:
            connection.execute(f"COPY ({query}) TO {_literal(str(made))} (FORMAT parquet, COMPRESSION snappy)")
        except duckdb.Error as error:
            raise OSError(str(error)) from error
        return made, [*names, *COLUMNS]


def _select(told: str, names: list[str]) -> str:
    """The query for rows as the graph file keeps them; columns that are not there count as null."""
    id, at, at_ms, content, rows = (
        f'"{name}"' if name in names else f"CAST(NULL AS {type})" for name, type in _SAID.items()
    )
    number = f"TRY_CAST({content} AS BIGINT)"
    one = f"len({rows}) = 1 AND regexp_full_match({rows}[1], '[0-9a-f]{{16}}:(0|[1-9][0-9]{{0,17}})')"
    slim = {
        "_key": f"CASE WHEN regexp_full_match({id}, '[0-9a-f]{{32}}') THEN CAST({id} AS UUID) END",
        "_source": f"CASE WHEN {one} THEN CAST({rows}[1][:16] || repeat('0', 16) AS UUID) END",
        "_row": f"CASE WHEN {one} THEN CAST({rows}[1][18:] AS BIGINT) END",
        "_at": f"CAST({_form(at, at_ms)} AS BIGINT)",
        "_content": f"CASE WHEN CAST({number} AS VARCHAR) = {content} THEN {number} END",
    }
    made = ", ".join(f"{text} AS {name}" for name, text in slim.items())
    kept = [f'CASE WHEN {_INSTEAD[n]} IS NULL THEN "{n}" END AS "{n}"' if n in _INSTEAD else f'"{n}"' for n in names]
    return f"SELECT {', '.join([*kept, *COLUMNS])} FROM (SELECT *, {made} FROM {told})"  # noqa: S608 - of the model


def _form(at: str, at_ms: str) -> str:
    """The form in which one column gives the time of the other; null where there is none that gives it back."""
    size = f"(CASE WHEN substr({at}, 17, 1) = ':' THEN 19 ELSE 16 END)"
    more = f"CASE WHEN substr({at}, 11, 1) = ' ' THEN 2 ELSE 0 END + CASE WHEN {size} = 16 THEN 1 ELSE 0 END"
    cases = [
        f"WHEN substr({at}, {size} + 1) = '{suffix}' AND replace(left({at}, {size}), 'T', ' ') = "
        f"left(CAST(epoch_ms({at_ms} + {hours * _HOUR_MS}) AS VARCHAR), {size}) THEN {4 * place_of} + {more}"
        for place_of, (suffix, hours) in enumerate(_ZONES)
    ]
    return (
        f"CASE WHEN {at} IS NULL OR {at_ms} IS NULL OR {at_ms} < 0 OR {at_ms} > {_LAST_MS} THEN NULL "
        f"WHEN {at_ms} % 1000 = 0 AND {at} = CAST({at_ms} // 1000 AS VARCHAR) THEN {_SECONDS} "
        f"WHEN {at} = CAST({at_ms} AS VARCHAR) THEN {_MILLISECONDS} "
        f"WHEN {at_ms} % (CASE WHEN {size} = 16 THEN 60000 ELSE 1000 END) <> 0 THEN NULL {' '.join(cases)} END"
    )


_SAID: Final = {"id": "VARCHAR", "at": "VARCHAR", "at_ms": "BIGINT", "content_id": "VARCHAR", "sources": "VARCHAR[]"}
_INSTEAD: Final = {"id": "_key", "at": "_at", "content_id": "_content", "sources": "_row"}


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _meant(file: Path) -> str:
    return "".join(f"[{c}]" if c in "[*?" else c for c in str(file.resolve()))
