"""Questions to the graph: accounts and what is near them, paths between two, named queries, and Cypher."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal
from urllib.parse import quote

import pyarrow as pa
from starlette.responses import Response

from graphwatch.common.table import Table
from graphwatch.desk.asking import Asked
from graphwatch.desk.keeping import DECIDED
from graphwatch.errors import GraphwatchError, StoreLocked, StoreMissing
from graphwatch.queries.binding import typed
from graphwatch.queries.catalogue import title_of
from graphwatch.queries.library import Library, NamedQuery
from graphwatch.queries.parsing import parse

_NEAR: Final = 100
_NOTHING: Final = Table(pa.table({}))
_PATHS: Final = 10
_SECONDS: Final = 20.0
_ROWS: Final = 10_000


def accounts(asked: Asked) -> Response:
    """Search for an account, page, post, paslon or agency, and for a path between two."""
    name, end = asked.words.get("q", "").strip(), asked.words.get("to", "").strip()
    found: list[Any] = []
    traced = problem = None
    try:
        if name and end:
            traced = asked.kept(lambda project: project.trace(name, end, limit=_PATHS), "path", name, end)
        elif name:
            found = [
                {"label": label, "id": id, "address": f"/accounts/{label}/{quote(id, safe='')}"}
                for label, id in asked.kept(lambda project: project.search(name), "search", name)
            ]
    except (StoreMissing, StoreLocked):
        raise
    except GraphwatchError as error:
        problem = error
    words = ("trace", name, end) if name and end else ("neighbours", name or "NAME")
    return asked.page(
        "accounts", name=name, end=end, found=found, traced=traced, problem=problem,
        command=asked.command(*words), cypher="", status=404 if problem else 200,
    )  # fmt: skip


def account(asked: Asked) -> Response:
    """One node: what is near it, and what an account did."""
    label, id = asked.named["label"], asked.named["id"]
    near = asked.kept(lambda project: project.neighbours(f"{label}:{id}", depth=1, max_nodes=_NEAR), "near", label, id)
    acts = _acts(asked, id) if label == "Account" else ()
    rows = [row for row in near if row["distance"]]
    for row in rows:
        row["address"] = f"/accounts/{row['label']}/{quote(row['id'], safe='')}"
    called = next((row["called"] for row in near if not row["distance"]), id)
    return asked.page(
        "account", here="accounts", label=label, id=id, called=called, near=rows, left_out=near.left_out,
        acts=list(acts), command=asked.command("neighbours", f"{label}:{id}", "--depth", "1"),
        cypher=Library().get("account-interactions").cypher if label == "Account" else "",
    )  # fmt: skip


def _acts(asked: Asked, account: str) -> Table:
    """What an account did, the latest first; no decision changes it."""
    given = {"account": account, "limit": _NEAR}
    return asked.kept(
        lambda project: project.query("account-interactions", given, timeout=_SECONDS), "acts", account, but=DECIDED
    )


@cache
def _every(engine: Literal["embedded", "neo4j"]) -> tuple[NamedQuery, ...]:
    """The queries that are shipped: their files do not change while the desk is open."""
    return tuple(Library(engine=engine).all())


def queries(asked: Asked) -> Response:
    """The named queries, searched and by category, and a field for Cypher."""
    with asked.desk.open() as project:
        every = _every(project.store.engine)
    words = asked.words.get("q", "")
    categories: dict[str, list[Any]] = {}
    for query in (query for query in every if query.holds(words.split())):
        categories.setdefault(title_of(query.category), []).append(query)
    return asked.page(
        "queries", words=words, categories=categories, command=asked.command("queries", "list"), cypher=""
    )


def query(asked: Asked) -> Response:
    """A named query as a form made of its header, and its answer once it is asked."""
    with asked.desk.open() as project:
        chosen = Library(engine=project.store.engine).get(asked.named["name"])
    given = {p.name: asked.words[f"p.{p.name}"] for p in chosen.parameters if asked.words.get(f"p.{p.name}")}
    asks = "ask" in asked.words or not any(p.required for p in chosen.parameters)
    answer = _answer(asked, chosen.name, given) if asks else _NOTHING
    words = [word for name, value in given.items() for word in ("-p", f"{name}={value}")]
    return asked.table(
        "query",
        answer,
        command=("query", chosen.name, *words),
        cypher=chosen.cypher,
        here="queries",
        query=chosen,
        given=given,
        asks=asks,
        links={"account": "/accounts/Account/", "cluster": "/leads/"},
    )


def _answer(asked: Asked, text: str, given: Mapping[str, Any]) -> Table:
    return asked.kept(
        lambda project: project.query(text, given, limit=_ROWS, timeout=_SECONDS), "query", text, *sorted(given.items())
    )


def cypher(asked: Asked) -> Response:
    """Cypher that only reads, within limits."""
    text = asked.words.get("cypher", "").strip()
    answer = _answer(asked, text, typed(parse(text), {})) if text else _NOTHING
    return asked.table(
        "cypher", answer, command=("query", text or "MATCH …"), here="queries", cypher=text, text=text, asks=bool(text)
    )
