"""Saved views: what is drawn, kept under a name in the office's folder, opened by an address, and taken away as a page.

A view keeps what was asked, never what was found: opened later it shows what the data say then. Accounts and posts
stand in it under pseudonyms, so that an erasure leaves nobody in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlencode

import pyarrow as pa
from starlette.responses import Response

from graphwatch.common.clock import now_ms
from graphwatch.common.files import USUAL, write_atomic
from graphwatch.common.table import Table
from graphwatch.common.typed_files import read_stored, written
from graphwatch.desk.asking import Asked, drawn, onward
from graphwatch.desk.casework import reviewer_of
from graphwatch.errors import GraphwatchError, NothingFound, UsageError
from graphwatch.project import Project
from graphwatch.queries.catalogue import around, between
from graphwatch.queries.parsing import parse
from graphwatch.repository.resolver import resolve

if TYPE_CHECKING:
    from graphwatch.export.exporting import NetworkPage

Of = Literal["cluster", "ego", "path", "cypher"]
_FOLDER: Final = "views"
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST: Final = 60
_PATHS: Final = 10
_LISTED: Final = pa.schema(
    [*((name, pa.string()) for name in ("view", "title", "kind", "purpose", "saved_by")), ("saved_at_ms", pa.int64())]
)


@dataclass(frozen=True, slots=True)
class View:
    """What was asked to be drawn.

    Attributes:
        title, purpose: in the words of whoever saved it.
        saved_by, saved_at_ms: who and when.
        of: a cluster of a run; an account or another node with what is beside it; the paths between two; or the answer
            to a query.
        run, cluster: of a cluster.
        nodes: one or two, each a pseudonym, or its label and id where it is neither account nor post.
        cypher: the query.
    """

    title: str
    purpose: str
    saved_by: str
    saved_at_ms: int
    of: Of
    run: str | None = None
    cluster: int | None = None
    nodes: tuple[str, ...] = ()
    cypher: str | None = None


def views(asked: Asked) -> Response:
    """The views that were saved, and what is wrong with those that cannot be opened."""
    with asked.desk.open() as project:
        found = list(_all(project.folder / _FOLDER))
    rows = [
        {
            "view": name,
            "title": view.title,
            "kind": view.of,
            "purpose": view.purpose,
            "saved_by": view.saved_by,
            "saved_at_ms": view.saved_at_ms,
        }
        for name, view in found
        if isinstance(view, View)
    ]
    return asked.table(
        "views",
        Table(pa.Table.from_pylist(rows, schema=_LISTED)),
        hidden=("view",),
        facets=("kind", "saved_by"),
        links={"title": lambda row: f"/views/{row['view']}"},
        command=("export", "--help"),
        wrong=[(name, view) for name, view in found if isinstance(view, GraphwatchError)],
    )


def view(asked: Asked) -> Response:
    """One view: what it is for, its picture, and where what it shows is looked at more closely."""
    name, found = _asked_for(asked)
    words, cypher = _as_command(asked, found)
    return asked.page(
        "view",
        here="views",
        name=name,
        view=found,
        origin=_origin(found),
        command=asked.command("export", "--html", f"{name}.html", *words),
        cypher=cypher,
    )


def picture(asked: Asked) -> Response:
    """The network of a view as a page of its own, which is also what is taken away."""
    _, found = _asked_for(asked)
    with asked.desk.open() as project:
        return drawn(asked, _drawn(project, found, asked.language))


def save(asked: Asked) -> Response:
    """Keep what is drawn with a name and a purpose, where everybody at the desk finds it."""
    by, form = reviewer_of(asked), asked.form
    title, purpose = (" ".join(form.get(name, "").split())[:500] for name in ("name", "purpose"))
    name = "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:_LONGEST].strip("-")
    if not name or not purpose:
        raise UsageError(asked.say("desk.view.unnamed"), remedy=asked.say("desk.view.unnamed.remedy"))
    with asked.desk.open() as project:
        saved = View(title, purpose, by, now_ms(), **_what(project, form))
        path = project.folder / _FOLDER / f"{name}.json"
        if path.exists():
            raise UsageError(asked.say("desk.view.taken", name=title), remedy=asked.say("desk.view.taken.remedy"))
        _drawn(project, saved, asked.language)  # what cannot be drawn is not kept
        project.workspace.made_folder(_FOLDER)
        write_atomic(path, written(saved), mode=USUAL)
    return onward(f"/views/{name}")


def take_away(asked: Asked) -> Response:
    """Take a view away; what it shows stays in the store."""
    reviewer_of(asked)
    with asked.desk.open() as project:
        path = project.folder / _FOLDER / f"{asked.named['name']}.json"
        if not _NAME.fullmatch(asked.named["name"]) or not path.is_file():
            raise NothingFound(asked.say("desk.view.unknown"), where=asked.named["name"])
        path.unlink()
    return onward("/views")


# Files


def _all(folder: Path) -> Iterator[tuple[str, View | GraphwatchError]]:
    """Each view with its name; in the place of one that cannot be read, why not."""
    for path in sorted(folder.glob("*.json")):
        try:
            if (found := _read(path)) is not None:
                yield path.stem, found
        except GraphwatchError as error:
            yield path.stem, error


def _read(path: Path) -> View | None:
    return read_stored(path, View, name="the view", remedy="Take the file away, and save the view again.")


def _asked_for(asked: Asked) -> tuple[str, View]:
    name = asked.named["name"]
    with asked.desk.open() as project:
        found = _read(project.folder / _FOLDER / f"{name}.json") if _NAME.fullmatch(name) else None
    if found is None:
        raise NothingFound(asked.say("desk.view.unknown"), where=name, remedy=asked.say("desk.view.unknown.remedy"))
    return name, found


# What is drawn


def _what(project: Project, form: Any) -> dict[str, Any]:
    """What a form asks to keep; ids of accounts and posts become pseudonyms.

    Raises:
        UsageError: it is none of what can be drawn.
        NothingFound: nothing is called so.
    """
    match form.get("of"):
        case "cluster":
            run, _, number = project.lead(form.get("lead", "")).id.rpartition(":")
            return {"of": "cluster", "run": run.partition(":")[0], "cluster": int(number)}
        case "ego":
            return {"of": "ego", "nodes": (_hidden(project, form.get("node", "")),)}
        case "path":
            return {"of": "path", "nodes": tuple(_hidden(project, form.get(end, "")) for end in ("start", "end"))}
        case "cypher":
            return {"of": "cypher", "cypher": parse(form.get("cypher", "").strip()).cypher}
    raise UsageError("there is nothing to be drawn", remedy="Open a picture, and save it from there.")


def _hidden(project: Project, node: str) -> str:
    label, id = resolve(project.workspace, node)
    if label == "Account":
        return project.workspace.pseudonyms.account(id)
    return project.workspace.pseudonyms.post(id) if label == "Post" else f"{label}:{id}"


def _drawn(project: Project, view: View, language: str) -> "NetworkPage":
    if view.of == "cluster":
        return project.view(run=view.run, cluster=view.cluster, lang=language)
    if view.of == "cypher":
        return project.view(query=view.cypher, lang=language)
    if view.of == "ego":
        return project.view(ego=view.nodes[0], lang=language)
    return project.view(traced=project.trace(*view.nodes, limit=_PATHS), lang=language)


def _origin(view: View) -> str:
    """The screen on which what is drawn is looked at more closely."""
    if view.of == "cluster":
        return f"/leads/{view.run}:{view.cluster}"
    if view.of == "cypher":
        return f"/cypher?{urlencode({'cypher': view.cypher})}"
    return f"/accounts?{urlencode(dict(zip(('q', 'to'), view.nodes, strict=False)))}"


def _as_command(asked: Asked, view: View) -> tuple[list[str], list[str]]:
    """The options of `graphwatch export` that draw the same, and what the graph is asked."""
    if view.of == "cluster":
        words = ["--run", str(view.run), "--cluster", str(view.cluster)]
        return words, [asked.cypher("cluster-members", run=view.run, cluster=view.cluster)]
    if view.of == "cypher":
        return ["--query", str(view.cypher)], [str(view.cypher)]
    with asked.desk.open() as project:
        nodes = [resolve(project.workspace, node) for node in view.nodes]
    if view.of == "ego":
        return ["--ego", *view.nodes], [around(*nodes[0])]
    return ["--path", *view.nodes], [between(*nodes, most=_PATHS)]
