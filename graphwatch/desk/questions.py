"""Questions to the graph: accounts and what is near them, paths between two, named queries, and Cypher."""

import re
import secrets
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote, urlencode

import pyarrow as pa
from starlette.responses import JSONResponse, Response

from graphwatch.common.files import USUAL, write_atomic
from graphwatch.common.sanitize import plain
from graphwatch.common.table import Table
from graphwatch.desk.asking import Asked, drawn, onward
from graphwatch.desk.casework import reviewer_of
from graphwatch.desk.entrance import scripted
from graphwatch.desk.keeping import DECIDED
from graphwatch.desk.tables import Listed
from graphwatch.errors import GraphwatchError, NothingFound, StoreLocked, StoreMissing, UsageError
from graphwatch.model import NODES, RELATIONS
from graphwatch.project import Project
from graphwatch.queries.binding import bind, typed, with_values
from graphwatch.queries.catalogue import around, between, by_category, named_so, pattern_of, starter, title_of
from graphwatch.queries.completing import completions
from graphwatch.queries.library import Library, NamedQuery, is_name, parse_query, read_query
from graphwatch.queries.parsing import parse

if TYPE_CHECKING:
    from graphwatch.analysis.tracing import Traced

# Of the office's own queries, in the folder of the project.
_FOLDER: Final = "queries"
_COLUMN: Final = re.compile(r"[a-z][a-z0-9_]*")
# Who stands beside a node is shown in two steps: whoever opens a hub does not want twenty thousand names.
_NEAR: Final = 100
_MORE: Final = 1_000
_ACTED: Final = ("at_ms", "kind", "url", "text", "time_basis")
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
            traced = _traced(asked, name, end)
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
        command=asked.command(*words), cypher=_named(name, end, traced), status=404 if problem else 200,
    )  # fmt: skip


def _named(name: str, end: str, traced: "Traced | None") -> list[str]:
    """A search or a path as a question to the graph."""
    if traced is None:
        return [named_so(one) for one in (name, end) if one]
    ends = [(one.label, one.id) for one in (traced.starts[0], traced.ends[0])]
    return [between(*ends, most=traced.hops or traced.farthest)]


def account(asked: Asked) -> Response:
    """One node: what is near it, and what an account did."""
    label, id = asked.named["label"], asked.named["id"]
    most = _MORE if asked.words.get("near") == "more" else _NEAR
    near = asked.kept(
        lambda project: project.neighbours(f"{label}:{id}", depth=1, max_nodes=most), "near", label, id, most
    )
    acts = _acts(asked, id) if label == "Account" else _NOTHING
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in near:
        if row["distance"]:
            row["address"] = f"/accounts/{row['label']}/{quote(row['id'], safe='')}"
            kinds.setdefault(row["label"], []).append(row)
    called = next((row["called"] for row in near if not row["distance"]), id)
    listed = Listed(
        acts,
        facets=("kind",),
        hidden=[column for column in acts.columns if column not in _ACTED],
        first=_ACTED,
        links={"url": lambda row: f"/accounts/Post/{quote(row['post'], safe='')}"},
    )
    asks = [around(label, id)]
    if label == "Account":
        asks.append(asked.cypher("account-interactions", account=id))
    return asked.tables(
        "account",
        {"acts": listed} if len(acts) else {},
        here="accounts",
        label=label,
        id=id,
        called=called,
        kinds=kinds,
        left_out=near.left_out,
        most=_MORE,
        more=most == _NEAR,
        command=("neighbours", f"{label}:{id}", "--depth", "1"),
        cypher=asks,
    )


def _acts(asked: Asked, account: str) -> Table:
    """What an account did, the latest first; no decision changes it."""
    given = {"account": account, "limit": _NEAR}
    return asked.kept(
        lambda project: project.query("account-interactions", given, timeout=_SECONDS), "acts", account, but=DECIDED
    )


def _traced(asked: Asked, name: str, end: str) -> "Traced":
    return asked.kept(lambda project: project.trace(name, end, limit=_PATHS), "path", name, end)


def path_picture(asked: Asked) -> Response:
    """The paths between two as a network page."""
    traced = _traced(asked, asked.words.get("q", "").strip(), asked.words.get("to", "").strip())
    with asked.desk.open() as project:
        return drawn(asked, project.view(traced=traced, lang=asked.language))


def account_picture(asked: Asked) -> Response:
    """An account with those that the latest run found beside it, as a network page."""
    with asked.desk.open() as project:
        if not project.store.exists:
            raise StoreMissing("nothing has been loaded yet")
        return drawn(asked, project.view(ego=asked.named["id"], lang=asked.language))


def cypher_picture(asked: Asked) -> Response:
    """The nodes and relations that a query returns, as a network page."""
    with asked.desk.open() as project:
        return drawn(asked, project.view(query=asked.words.get("cypher", "").strip(), lang=asked.language))


@cache
def _every(engine: Literal["embedded", "neo4j"]) -> tuple[NamedQuery, ...]:
    """The queries that are shipped: their files do not change while the desk is open."""
    return tuple(Library(engine=engine).all())


def _own(project: Project) -> tuple[list[NamedQuery], list[GraphwatchError]]:
    """The office's own queries, and what is wrong with those that cannot be used."""
    found: list[NamedQuery] = []
    wrong: list[GraphwatchError] = []
    for path in sorted((project.folder / _FOLDER).glob("*.cypher")):
        try:
            found.append(read_query(path))
        except GraphwatchError as error:
            wrong.append(error)
    return found, wrong


def queries(asked: Asked) -> Response:
    """The named queries and the office's own, searched and by category, and a field for Cypher."""
    with asked.desk.open() as project:
        every, (own, wrong) = _every(project.store.engine), _own(project)
    words = asked.words.get("q", "")
    found = [query for query in (*own, *every) if query.holds(words.split())]
    return asked.page(
        "queries",
        words=words,
        categories={title_of(name, asked.language): listed for name, listed in by_category(found)},
        wrong=wrong,
        command=asked.command("queries", "list"),
    )


def query(asked: Asked) -> Response:
    """A named query as a form made of its header, and its answer once it is asked."""
    name = asked.named["name"]
    with asked.desk.open() as project:
        own = next((query for query in _own(project)[0] if query.name == name), None)
        chosen = own or Library(engine=project.store.engine).get(name)
        folder = str(project.folder / _FOLDER)
    given = {p.name: asked.words[f"p.{p.name}"] for p in chosen.parameters if asked.words.get(f"p.{p.name}")}
    asks = "ask" in asked.words or not any(p.required for p in chosen.parameters)
    answer = _answer(asked, chosen.cypher if own else name, given) if asks else _NOTHING
    words = [word for name, value in given.items() for word in ("-p", f"{name}={value}")]
    return asked.table(
        "query",
        answer,
        command=("query", chosen.name, *words, *(("--folder", folder) if own else ())),
        cypher=with_values(chosen.checked, bind(chosen.parameters, given)) if asks else chosen.cypher,
        here="queries",
        query=chosen,
        own=own is not None,
        given=given,
        asks=asks,
        links={"account": "/accounts/Account/", "cluster": "/leads/"},
    )


def _answer(asked: Asked, text: str, given: Mapping[str, Any]) -> Table:
    return asked.kept(
        lambda project: project.query(text, given, limit=_ROWS, timeout=_SECONDS), "query", text, *sorted(given.items())
    )


def cypher(asked: Asked) -> Response:
    """Cypher that only reads, within limits, with the model beside it."""
    text = asked.words.get("cypher", "").strip()
    answer = _answer(asked, text, typed(parse(text), {})) if text else _NOTHING
    nonce = secrets.token_urlsafe(16)
    shown = asked.table(
        "cypher",
        answer,
        command=("query", text or "MATCH …"),
        here="queries",
        cypher=text,
        text=text or asked.words.get("begin", "").strip(),
        asks=bool(text),
        nodes=NODES,
        relations=[
            (relation, pattern_of(relation), f"/cypher?{urlencode({'begin': starter(relation)})}")
            for relation in RELATIONS
        ],
        seconds=round(_SECONDS),
        most=_ROWS,
        nonce=nonce,
    )
    shown.headers.setdefault("Content-Security-Policy", scripted(nonce))
    return shown


def words(asked: Asked) -> Response:
    """What may stand next in the Cypher box."""
    word, found = completions(asked.words.get("before", ""))
    return JSONResponse({"word": word, "words": found})


def save(asked: Asked) -> Response:
    """Keep a query with name and purpose in the office's folder, where everybody at the desk finds it."""
    reviewer_of(asked)
    text = asked.form.get("cypher", "").strip()
    said = {name: " ".join(asked.form.get(name, "").split()) for name in ("name", "title", "purpose", "innocent")}
    name = said["name"].lower()
    if not is_name(name):
        raise UsageError(asked.say("desk.own.no_name"), remedy=asked.say("desk.own.no_name.remedy"))
    columns = _answer(asked, text, typed(parse(text), {})).columns
    if unnamed := next((column for column in columns if not _COLUMN.fullmatch(column)), None):
        raise UsageError(
            asked.say("desk.own.unnamed", column=plain(unnamed, 60)), remedy=asked.say("desk.own.unnamed.remedy")
        )
    header = {key: said[key] or said["title"] or name for key in ("title", "purpose")} | {"category": "own"}
    told = [*header.items(), *(("column", f"{column}: {asked.say('desk.own.column')}") for column in columns)]
    told.append(("innocent", said["innocent"] or asked.say("desk.own.unsaid")))
    told.append(("example", f"graphwatch query {name} --folder {_FOLDER}"))
    written = "\n".join([*(f"// {key}: {value}" for key, value in told), "", text, ""])
    with asked.desk.open() as project:
        if name in Library(engine=project.store.engine).names():
            raise UsageError(asked.say("desk.own.taken", name=name), remedy=asked.say("desk.own.taken.remedy"))
        path = project.workspace.made_folder(_FOLDER) / f"{name}.cypher"
        parse_query(name, written, path)
        write_atomic(path, written.encode(), mode=USUAL)
    return onward(f"/queries/{name}")


def take_away(asked: Asked) -> Response:
    """Take one of the office's own queries away."""
    reviewer_of(asked)
    name = asked.named["name"]
    with asked.desk.open() as project:
        if not is_name(name) or not (path := project.folder / _FOLDER / f"{name}.cypher").is_file():
            raise NothingFound("the office has no such query", where=name)
        path.unlink()
    return onward("/queries")
