"""What a screen is given, and what becomes of its answer: one place for language, forms, errors and downloads."""

import shlex
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from graphwatch.common.error_words import place, said
from graphwatch.common.files import working_folder
from graphwatch.common.i18n import LANGUAGES, text
from graphwatch.common.notes import said as note
from graphwatch.common.sanitize import plain
from graphwatch.common.table import Table
from graphwatch.desk.entrance import FRAMED, Person
from graphwatch.desk.keeping import Answer, Keeping
from graphwatch.desk.tables import Listed, narrowed, shown, time_word, value_word, words_for
from graphwatch.desk.uploads import Uploads
from graphwatch.desk.working import Works
from graphwatch.errors import GraphwatchError, NothingFound, StoreLocked, StoreMissing, UsageError
from graphwatch.explain.words import number
from graphwatch.project import Project, open
from graphwatch.queries.binding import bind, with_values
from graphwatch.queries.library import Library, NamedQuery
from graphwatch.repository.runs import run_if_any
from graphwatch.settings import LATEST

if TYPE_CHECKING:
    from graphwatch.export.exporting import NetworkPage

# Screens in the order of the menu, each with its path.
MENU: Final = (
    ("home", "/"),
    ("load", "/load"),
    ("leads", "/leads"),
    ("interactions", "/interactions"),
    ("complaints", "/complaints"),
    ("coverage", "/coverage"),
    ("accounts", "/accounts"),
    ("views", "/views"),
    ("detect", "/detect"),
    ("documents", "/documents"),
    ("news", "/news"),
    ("queries", "/queries"),
    ("records", "/records"),
)
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST: Final = 20_000
_FIELDS: Final = 300


@dataclass(frozen=True, slots=True)
class Desk:
    """The store that is on the desk: its place, the folder beside a server, files that wait, and what is under way."""

    place: str | None
    folder: str | None = None
    keeping: Keeping = field(default_factory=Keeping, compare=False, repr=False)
    uploads: Uploads = field(default_factory=Uploads, repr=False)
    works: Works = field(default_factory=Works, repr=False)
    _connected: list[Project] = field(default_factory=list, compare=False, repr=False)

    @contextmanager
    def open(self) -> Iterator[Project]:
        """The project, opened for one answer: no lock is held between two of them, so others may write meanwhile.

        A connection to a server locks nothing, and is kept.
        """
        if self._connected:
            yield self._connected[0]
            return
        project = open(self.place, project=self.folder, create=True)
        if project.store.engine == "neo4j":
            self._connected.append(project)
            yield project
            return
        with project:
            yield project

    def close(self) -> None:
        """End what is under way, take away the files that wait, and let go of the connections to a server."""
        self.works.close()
        self.uploads.clear()
        while self._connected:
            self._connected.pop().close()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as a screen sees it.

    Attributes:
        desk: whose store is asked.
        person: who asks.
        path: of the screen.
        words: the parameters of the address.
        named: the parts of the path.
        form: what a form that writes brought; empty where nothing is written.
        files: that it brought; they are there until the screen has answered.
    """

    desk: Desk
    person: Person
    path: str
    words: Mapping[str, str]
    named: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[UploadFile] = ()

    @property
    def language(self) -> str:
        """What the person chose, else what the project or the locale says."""
        if self.person.lang is not None:
            return self.person.lang
        with self.desk.open() as project:
            return project.language()

    def kept(self, ask: Callable[[Project], Answer], *name: Hashable, but: Collection[str] = ()) -> Answer:
        """What the project answers, or answered since the store was changed last; see `Keeping.answer`."""
        with self.desk.open() as project:
            return self.desk.keeping.answer(project, name, ask, but)

    def say(self, key: str, **values: str | int | float) -> str:
        """A text of the catalogue in the person's language."""
        return text(key, self.language, **values)

    def page(
        self,
        template: str,
        /,
        *,
        status: int = 200,
        refresh: int | None = None,
        command: str | None = None,
        cypher: str | Sequence[str] = (),
        **values: Any,
    ) -> Response:
        """A screen, rendered.

        Args:
            template: its name.
            status, refresh: of the answer, and after how many seconds the browser asks again.
            command: the line of a terminal that gives what is shown; none where nothing of the store is.
            cypher: the texts that ask the graph for what is shown, or for what it is made of.
            values: for the template.
        """
        language = self.language
        with self.desk.open() as project:
            store = project.place

        def say(key: str, **more: Any) -> str:
            return text(key, language, **more)

        body = (
            _environment()
            .get_template(f"{template}.html.j2")
            .render(
                say=say,
                language=language,
                languages=LANGUAGES,
                menu=MENU,
                here=values.pop("here", template),
                path=self.path,
                person=self.person,
                store=plain(store),
                number=lambda value: number(value, language, 0),
                word=lambda value: value_word(str(value), language),
                time=time_word,
                plain=plain,
                tell=lambda error: said(note(error, language), language),
                placed=lambda where: place(where, language),
                command=command,
                cypher=[cypher] if isinstance(cypher, str) else cypher,
                **values,
            )
        )
        return HTMLResponse(body, status, {"Refresh": str(refresh)} if refresh is not None else None)

    def table(self, name: str, table: Table, /, **values: Any) -> Response:
        """A screen around one table; see `tables`."""
        how = {key: values.pop(key) for key in ("facets", "hidden", "links", "first") if key in values}
        return self.tables(name, {"": Listed(table, **how)}, **values)

    def tables(self, name: str, tables: Mapping[str, Listed], /, *, command: Sequence[str], **values: Any) -> Response:
        """A screen with tables, or one of them as a file under pseudonyms.

        Args:
            name: of the template, and of the file.
            tables: by name; the first of a screen may have none, and is `table` to the template.
            command: the words behind `graphwatch` that give the same.
            values: for `page`.
        """
        for part, listed in tables.items():
            own = words_for(self.words, part)
            if own.get("download") in ("csv", "xlsx"):
                return self._file("-".join(filter(None, (name, part))), listed.table, own)
        told = {part: shown(listed, self.words, self.path, self.language, part) for part, listed in tables.items()}
        if "" in told:
            values["table"] = told[""]
        return self.page(name, tables=told, command=self.command(*command), **values)

    def _file(self, name: str, table: Table, own: Mapping[str, str]) -> Response:
        with self.desk.open() as project:
            masked = project.masked(Table(narrowed(table, own)))
        if own["download"] == "xlsx":
            return workbook(name, masked)
        # The mark at the beginning is how Excel knows UTF-8.
        content = ("\ufeff" + masked.to_csv()).encode()
        headers = {"Content-Disposition": f'attachment; filename="graphwatch-{name}.csv"'}
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    def is_file(self) -> bool:
        """Whether a table is asked for as a file."""
        return any(key.rpartition(".")[2] == "download" for key in self.words)

    def cypher(self, name: str, **given: Any) -> str:
        """The text of a named query with its values in it, so that it can be asked as it stands."""
        asked = _named(name)
        if any(parameter.name == "run" for parameter in asked.parameters) and "run" not in given:
            given["run"] = self.kept(lambda project: run_if_any(project.workspace, LATEST) or LATEST, "latest run")
        return with_values(asked.checked, bind(asked.parameters, given))

    def command(self, *words: str) -> str:
        """The line of a terminal that gives the same answer as this screen."""
        store = [] if self.desk.place is None else ["--store", self.desk.place]
        return shlex.join(["graphwatch", *words, *store])


Screen = Callable[[Asked], Response]


def workbook(name: str, table: Table) -> Response:
    """A table as it is, as a workbook that the browser keeps."""
    headers = {"Content-Disposition": f'attachment; filename="graphwatch-{name}.xlsx"'}
    with working_folder() as folder:
        file = folder / "table.xlsx"
        table.to_excel(file)
        return Response(file.read_bytes(), media_type=_SHEET, headers=headers)


def drawn(asked: Asked, page: "NetworkPage") -> Response:
    """A network page, without the desk's rights; asked for as a download, the file that opens without the desk."""
    headers = {"Content-Security-Policy": FRAMED}
    if asked.words.get("download") == "html":
        headers["Content-Disposition"] = 'attachment; filename="graphwatch-network.html"'
    return HTMLResponse(page.html, headers=headers)


def endpoint(desk: Desk, screen: Screen, *, files: int = 0) -> Callable[[Request], Any]:
    """A screen as Starlette calls it. It works in a thread, so that a long answer keeps nobody waiting.

    Args:
        desk: whose screen it is.
        screen: what answers.
        files: how many its form may bring.
    """

    async def answered(request: Request) -> Response:
        if request.method != "POST":
            return await answer(request, {}, ())
        try:
            async with request.form(max_files=files, max_fields=_FIELDS, max_part_size=_LONGEST) as given:
                form = {key: value for key, value in given.items() if isinstance(value, str)}
                brought = [value for _, value in given.multi_items() if isinstance(value, UploadFile)]
                return await answer(request, form, brought)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it

    async def answer(request: Request, form: Mapping[str, str], brought: Sequence[UploadFile]) -> Response:
        person: Person = request.scope["person"]
        words = {key: value[:_LONGEST] for key, value in request.query_params.items()}
        asked = Asked(desk, person, request.url.path, words, request.path_params, form, brought)
        if request.method == "POST" and not person.wrote(form.get("form_token", "")):
            return await run_in_threadpool(_refused, asked)
        return await run_in_threadpool(told, screen, asked)

    return answered


def _refused(asked: Asked) -> Response:
    return asked.page("problem", here="", status=403, what=asked.say("desk.form_old"), where=None, remedy=None)


def told(screen: Screen, asked: Asked) -> Response:
    """The screen, or what hindered it with its remedy."""
    try:
        return screen(asked)
    except StoreMissing:
        return asked.page("nothing", here="")
    except StoreLocked as error:
        # A page that only shows asks again by itself; a form was not taken, and says so.
        again = 3 if not asked.form else None
        return _problem(asked, error, 503, refresh=again)
    except NothingFound as error:
        return _problem(asked, error, 404)
    except UsageError as error:
        return _problem(asked, error, 400)
    except GraphwatchError as error:
        return _problem(asked, error, 409)


def _problem(asked: Asked, error: GraphwatchError, status: int, refresh: int | None = None) -> Response:
    return asked.page(
        "problem", here="", status=status, refresh=refresh, what=error.what, where=error.where, remedy=error.remedy
    )


@cache
def _named(name: str) -> NamedQuery:
    """A query that is shipped; a file is read once."""
    return Library().get(name)


def onward(path: str) -> Response:
    """What follows a form that was taken: another screen, which going back does not send again."""
    return RedirectResponse(path, 303)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("graphwatch.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
