"""What named queries are, in words: one of them on a terminal, all of them as a Markdown page, by category."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from graphwatch.model import INTERACTIONS, Relation
from graphwatch.queries.binding import with_values
from graphwatch.queries.library import Library, NamedQuery, Parameter
from graphwatch.queries.naming import warnings
from graphwatch.queries.parsing import parse

CATEGORIES: Final = {
    "engagement": "Engagement with posts and pages: single interactions and totals, never a ranking of persons",
    "coordination": "Coordination: pairs and clusters, and what they stand on",
    "agencies": "Agencies: numbers of at least five, and duty accounts",
    "time": "Time: days, hours and phases",
    "accounts": "Accounts: what is recorded and found of one account",
    "provenance": "Provenance and data quality",
    "review": "Review: complaints, decisions and the watchlist",
}


_KATEGORI: Final = {
    "engagement": "Keterlibatan dengan unggahan dan halaman: setiap interaksi dan jumlah, tidak pernah peringkat orang",
    "coordination": "Koordinasi: pasangan dan klaster, dan dasarnya",
    "agencies": "OPD: jumlah sekurangnya lima, dan akun kedinasan",
    "time": "Waktu: hari, jam, dan tahapan",
    "accounts": "Akun: yang tercatat dan ditemukan tentang sebuah akun",
    "provenance": "Asal dan mutu data",
    "review": "Penelaahan: aduan, keputusan, dan daftar pantau",
}


def by_category(queries: Iterable[NamedQuery]) -> list[tuple[str, list[NamedQuery]]]:
    """The queries under the words of their categories: the known ones first, an office's own after them.

    >>> from graphwatch.queries.library import Library
    >>> [category for category, _ in by_category(Library().all())] == list(CATEGORIES)
    True
    """
    found: dict[str, list[NamedQuery]] = {}
    for query in sorted(queries, key=lambda q: q.name):
        found.setdefault(query.category, []).append(query)
    own = sorted(set(found) - set(CATEGORIES))
    return [(category, found[category]) for category in [*CATEGORIES, *own] if category in found]


def title_of(category: str, language: str = "en") -> str:
    """What stands above the queries of a category.

    >>> title_of("own"), title_of("time", "id")
    ('Own', 'Waktu: hari, jam, dan tahapan')
    """
    return (_KATEGORI if language == "id" else CATEGORIES).get(category, category.capitalize())


def pattern_of(relation: Relation) -> str:
    """A relation as a pattern of Cypher, between the first two labels that it may have.

    >>> from graphwatch.model import relation
    >>> pattern_of(relation("BELONGS_TO"))
    '(a:Account)-[r:BELONGS_TO]->(b:Asn)'
    """
    start, end = relation.ends[0]
    return f"(a:{start})-[r:{relation.type}]->(b:{end})"


def starter(relation: Relation) -> str:
    """A question that shows some relations of a type, for somebody who goes on from there."""
    return f"MATCH {pattern_of(relation)}\nRETURN a.id AS start, b.id AS end\nLIMIT 20"


def named_so(name: str) -> str:
    """A question for whatever has that id, handle, name or address."""
    places = ("n.id", "n.handle", "n.name", "n.url")
    either = " OR ".join(f"{place} = $name" for place in places)
    text = f"MATCH (n:Account|Page|Post|Paslon|Agency)\nWHERE {either}\nRETURN n\nLIMIT 20"
    return with_values(parse(text), {"name": name})


def around(label: str, id: str) -> str:
    """A question for what is one step from a node."""
    text = f"MATCH (x:`{label}`)-[r]-(n)\nWHERE x.id = $id\nRETURN x, r, n\nLIMIT 200"
    return with_values(parse(text), {"id": id})


def between(start: tuple[str, str], end: tuple[str, str], *, most: int) -> str:
    """A question for the shortest paths between two nodes, each a label and an id."""
    pattern = f"(a:`{start[0]}` {{id: $start}})-[*..{most}]-(b:`{end[0]}` {{id: $end}})"
    return with_values(
        parse(f"MATCH p = allShortestPaths({pattern})\nRETURN p\nLIMIT 10"), {"start": start[1], "end": end[1]}
    )


def acts_by_kind() -> str:
    """A question for how many acts of each kind there are on each platform."""
    acts = f"MATCH (a:Account)-[r:{'|'.join(INTERACTIONS)}]->()"
    return f"{acts}\nRETURN a.platform AS platform, r.kind AS kind, count(r) AS n\nORDER BY n DESC"


def catalogue(library: Library) -> str:
    """A Markdown page that lists all queries of a library, by category, with everything they declare.

    >>> catalogue(Library()).startswith("# Named queries")
    True
    """
    grouped = by_category(library.all())
    overview = [
        f"| [{q.name}](#{q.name}) | {_cell(q.purpose)} | {_cell(q.category)} |" for _, found in grouped for q in found
    ]
    parts = [
        "# Named queries",
        "Made from the headers of the query files; edit those. "
        "Run one with `graphwatch query NAME -p PARAMETER=VALUE`, or from Python with "
        '`project.query("NAME", {"PARAMETER": value})`. '
        "Own queries: see [queries-format.md](queries-format.md).",
        "\n".join(["| query | what it answers | category |", "|---|---|---|", *overview]),
    ]
    for category, members in grouped:
        parts.append(f"## {title_of(category)}")
        parts.extend(_section(query) for query in members)
    return "\n\n".join(parts) + "\n"


def _section(query: NamedQuery) -> str:
    parts = [f"### {query.name}", f"**{query.title}.** {query.purpose}"]
    if query.parameters:
        rows = ([f"`{p.name}`", p.type.value, _default(p), p.description] for p in query.parameters)
        parts.append(_table(("parameter", "type", "default", "meaning"), rows))
    parts.append(_table(("column", "meaning"), ([f"`{c.name}`", c.description] for c in query.columns)))
    parts.append(f"Rule out first: {query.innocent}")
    if query.empty:
        parts.append(f"Without rows: {query.empty}")
    parts.append(f"```\n{query.example}\n```")
    return "\n\n".join(parts)


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "required"
    return f"`{json.dumps(parameter.default, ensure_ascii=False)}`"


def _table(head: tuple[str, ...], rows: Iterable[list[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines.extend(f"| {' | '.join(map(_cell, row))} |" for row in rows)
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def describe(query: NamedQuery, language: str = "en") -> str:
    """A named query for reading on a terminal.

    >>> from graphwatch.queries.library import Library
    >>> describe(Library().get("sources")).splitlines()[0]
    'Sources (sources)'
    """
    return "\n".join(_lines(query, language)) + "\n"


def describe_text(cypher: str) -> str:
    """What is known of a text that declares nothing: its parameters, and what it names that the model does not have.

    Raises:
        QueryRefused: it could do more than read.

    >>> print(describe_text("MATCH (a:Account) RETURN a.id LIMIT $n"), end="")
    Reads only. Parameters: n
    """
    query = parse(cypher)
    names = ", ".join(sorted(query.parameters)) or "none"
    return "\n".join([f"Reads only. Parameters: {names}", *(f"Take care: {w}" for w in warnings(query))]) + "\n"


def _lines(query: NamedQuery, language: str) -> Iterator[str]:
    yield f"{query.title_in(language)} ({query.name})"
    yield query.purpose_in(language)
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
    if query.empty:
        yield f"Without rows: {query.empty}"
    yield f"Example: {query.example}"
    yield ""
    yield query.cypher.rstrip()
