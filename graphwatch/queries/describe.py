"""What a query is, in words: purpose, parameters, columns and Cypher."""

import json
from collections.abc import Iterator

from graphwatch.queries.catalogue import title_of
from graphwatch.queries.header import NamedQuery
from graphwatch.queries.parsing import parse


def told(query: NamedQuery) -> str:
    """A named query for reading on a terminal.

    >>> from graphwatch.queries.library import Library
    >>> told(Library().get("sources")).splitlines()[0]
    'Sources (sources)'
    """
    return "\n".join(_lines(query)) + "\n"


def told_adhoc(cypher: str) -> str:
    """What is known of a text that declares nothing: its parameters, and what the engines answer differently.

    Raises:
        QueryRefused: it could do more than read.

    >>> print(told_adhoc("MATCH (a:Account) RETURN a.id LIMIT $n"), end="")
    Reads only. Parameters: n
    """
    query = parse(cypher)
    names = ", ".join(sorted(query.parameters)) or "none"
    return "\n".join([f"Reads only. Parameters: {names}", *(f"Differs: {d}" for d in query.differences)]) + "\n"


def _lines(query: NamedQuery) -> Iterator[str]:
    yield f"{query.title} ({query.name})"
    yield query.purpose
    yield f"Category: {title_of(query.category)}"
    yield ""
    if query.parameters:
        yield "Parameters"
        for p in query.parameters:
            default = "required" if p.required else f"default {json.dumps(p.default, ensure_ascii=False)}"
            yield f"  {p.name}: {p.type.value}, {default} -- {p.description}"
        yield ""
    yield "Columns"
    yield from (f"  {c.name}: {c.description}" for c in query.columns)
    yield ""
    yield f"Rule out first: {query.innocent}"
    yield f"Example: {query.example}"
    yield ""
    yield query.cypher.rstrip()
