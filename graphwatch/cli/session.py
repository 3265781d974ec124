"""What a shell remembers, and its answer to each statement."""

import io
import re
import shlex
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from graphwatch.cli.options import parameters_split
from graphwatch.cli.tables import FORMATS, render
from graphwatch.cli.terminal import visible
from graphwatch.common.i18n import counted, text
from graphwatch.errors import GraphwatchError, NothingFound, UsageError
from graphwatch.model import NODES, RELATIONS, Element, elements
from graphwatch.queries.binding import typed
from graphwatch.queries.library import is_name
from graphwatch.queries.parsing import parse
from graphwatch.settings import QUERY_ROWS, QUERY_SECONDS, TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.project import Project

# What each does is told by the words of `shell.toml`.
COMMANDS: Final = (
    r"\d",
    r"\queries",
    r"\run",
    r"\explain",
    r"\set",
    r"\unset",
    r"\limit",
    r"\timeout",
    r"\form",
    r"\h",
    r"\q",
)


# What is shown, and not read by programs from a file.
_FORMS: Final = [form for form in FORMATS if form not in ("arrow", "csv-excel")]
# Beyond any screen and any patience.
_MOST_ROWS, _MOST_SECONDS = 1_000_000, 86_400


class Session:
    """A conversation with a store.

    Attributes:
        prompt: what stands before the cursor.
        language: of the help.
        parameters: values for the queries that follow.
        over: whether the person has had enough.
        failed: whether the last answer was an error.
        aside: what is to be said beside the last answer, to the person only.
    """

    prompt = "gw> "

    def __init__(self, project: "Project", language: str = TERMINAL_LANGUAGE) -> None:
        self.project, self.language = project, language
        self.parameters: dict[str, str] = {}
        self.limit, self.timeout, self.form = QUERY_ROWS, QUERY_SECONDS, "table"
        self.over = self.failed = False
        self.aside = ""

    @staticmethod
    def is_whole(text: str) -> bool:
        r"""Whether a text needs no further line: it is a command, ends with a semicolon, or is empty.

        >>> [Session.is_whole(text) for text in ("RETURN 1", "RETURN 1;", "\\d", "")]
        [False, True, True, True]
        """
        stripped = text.strip()
        return not stripped or stripped.startswith("\\") or stripped.endswith(";")

    @staticmethod
    def split(text: str) -> Iterator[str]:
        r"""The statements of a text: commands a line each, Cypher up to a semicolon at the end of a line.

        >>> list(Session.split("\\d\nMATCH (n)\nRETURN n;\nRETURN 1"))
        ['\\d', 'MATCH (n)\nRETURN n', 'RETURN 1']
        """
        held: list[str] = []
        for line in text.splitlines():
            if not held and line.strip().startswith("\\"):
                yield line.strip()
                continue
            held.append(line)
            if line.rstrip().endswith(";"):
                yield "\n".join(held).strip().rstrip(";").rstrip()
                held = []
        if rest := "\n".join(held).strip():
            yield rest

    def answer(self, statement: str) -> str:
        """What is printed; errors are answers too."""
        self.failed, self.aside = False, ""
        if not statement:
            return ""
        try:
            if statement.startswith("\\"):
                return self._command(statement)
            if (called := _call(statement)) is not None:
                return self._run(called)
            query = parse(statement)
            used = query.parameters
            given = {name: value for name, value in self.parameters.items() if name.partition(":")[0] in used}
            return self._asked(statement, typed(query, given))
        except GraphwatchError as error:
            self.failed = True
            return f"Error: {error}\n{_pointed(statement, error.where)}"

    def _asked(self, asked: str, parameters: Mapping[str, Any]) -> str:
        table = self.project.query(asked, parameters, limit=self.limit, timeout=self.timeout)
        out = io.StringIO()
        render(table.to_arrow(), self.form, out)
        rows = text("shell.rows", self.language, n=counted(len(table), self.language))
        end = " ".join(table.caveats_in(self.language)) or rows
        if self.form == "table":
            return f"{out.getvalue()}{end}\n"
        # What a program reads has no such line in it.
        self.aside = end
        return out.getvalue()

    def _command(self, line: str) -> str:
        try:
            name, *words = shlex.split(line.replace("\\", "\\\\", 1))
        except ValueError as error:
            raise UsageError(f"the line cannot be read: {error}", remedy="Close the quotation mark.") from error
        known = {
            r"\d": self._describe,
            r"\queries": self._queries,
            r"\run": self._run,
            r"\explain": self._explain,
            r"\set": self._set,
            r"\unset": self._unset,
            r"\limit": self._set_limit,
            r"\timeout": self._set_timeout,
            r"\form": self._set_form,
            r"\h": self._help,
            r"\q": self._quit,
        }
        if name not in known:
            raise UsageError(f"there is no command {name}", remedy=r"\h lists them.")
        return known[name](words)

    def _describe(self, words: list[str]) -> str:
        return _element(words[0]) if words else _overview(self.project.info().counts)

    def _queries(self, words: list[str]) -> str:
        from graphwatch.queries.library import Library

        found = Library(engine=self.project.store.engine).search(words)
        return "".join(f"{query.name:24} {query.purpose}\n" for query in found) or "No named query has these words.\n"

    def _run(self, words: list[str]) -> str:
        from graphwatch.queries.library import Library

        if not words:
            raise UsageError("no query is named", remedy=r"\queries lists them.")
        given = dict(word.partition("=")[::2] for word in words[1:])
        asked = {parameter.name for parameter in Library(engine=self.project.store.engine).get(words[0]).parameters}
        kept = {name: value for name, value in self.parameters.items() if name in asked}
        return self._asked(words[0], kept | given)

    def _explain(self, words: list[str]) -> str:
        from graphwatch.queries.catalogue import describe
        from graphwatch.queries.library import Library

        if not words:
            raise UsageError("no query is named", remedy=r"\queries lists them.")
        return describe(Library(engine=self.project.store.engine).get(words[0]))

    def _set(self, words: list[str]) -> str:
        if not words:
            return "".join(f"{name} = {value}\n" for name, value in self.parameters.items()) or "No parameter is set.\n"
        match words:
            case [written] if "=" in written:
                name, _, value = written.partition("=")
            case [name, "=", value]:
                pass
            case [name, value] if "=" not in name:
                pass
            case _:
                name = value = ""
        if not name.lstrip("$"):
            remedy = r'Write \set name=value, or \set name="a b" where the value has spaces.'
            raise UsageError("a parameter has one name and one value", remedy=remedy)
        self.parameters[name.lstrip("$")] = value
        return ""

    def _unset(self, words: list[str]) -> str:
        for name in words:
            self.parameters.pop(name.lstrip("$"), None)
        return ""

    def _set_limit(self, words: list[str]) -> str:
        self.limit = int(_number(words, _MOST_ROWS, r"\limit 1000"))
        return ""

    def _set_timeout(self, words: list[str]) -> str:
        self.timeout = _number(words, _MOST_SECONDS, r"\timeout 60")
        return ""

    def _set_form(self, words: list[str]) -> str:
        if len(words) != 1 or words[0] not in _FORMS:
            raise UsageError("there is no such form", remedy=self._told(r"\form"))
        self.form = words[0]
        return ""

    def _help(self, _words: list[str]) -> str:
        lines = [f"{name:10} {self._told(name)}" for name in COMMANDS]
        return "\n".join([text("shell.ends", self.language), *lines, ""])

    def _told(self, name: str) -> str:
        """What a command does, in the language of the conversation."""
        return text(f"shell.{name[1:]}", self.language, forms=", ".join(_FORMS))

    def _quit(self, _words: list[str]) -> str:
        self.over = True
        return ""


def _pointed(statement: str, where: str | None) -> str:
    r"""The line of a statement that an error is about, with a mark below its place.

    >>> print(_pointed("MATCH (a)\nRETURN b", "line 2, column 8"), end="")
      RETURN b
             ^
    """
    found = re.fullmatch(r"line (\d+), column (\d+)", where or "")
    if found is None:
        return ""
    line, column = statement.splitlines()[int(found[1]) - 1], int(found[2])
    return f"  {visible(line)}\n  {' ' * len(visible(line[: column - 1]))}^\n"


def _call(statement: str) -> list[str] | None:
    """The words of `\\run` that a named query called as on the command line stands for; None for Cypher.

    >>> _call("cluster-members -p cluster=1 -p run latest"), _call("match (a) return a")
    (['cluster-members', 'cluster=1', 'run=latest'], None)
    """
    name, *words = statement.split()
    if not is_name(name) or (words and not words[0].startswith(("-p", "--param"))):
        return None
    words = parameters_split(words)
    flags, names, values = words[::3], words[1::3], words[2::3]
    if len(words) % 3 or not set(flags) <= {"-p", "--param"}:
        return None
    return [name, *(f"{n}={value}" for n, value in zip(names, values, strict=True))]


def _number(words: list[str], most: int, example: str) -> float:
    try:
        (word,) = words
        number = float(word)
    except ValueError:
        number = 0.0
    # Written so that what is no number fails it, too.
    if not 1 <= number <= most:
        raise UsageError(f"a number from 1 to {most:,} is missing", remedy=f"Write {example}.")
    return number


def _overview(counts: Mapping[str, int]) -> str:
    """Labels and relations, with how many there are."""
    lines = ["Labels"]
    lines += [f"  {node.label:14} {counts.get(node.label, 0):>12,}  {node.meaning}" for node in NODES]
    lines.append("Relations")
    for relation in RELATIONS:
        ends = ", ".join(f"{start} → {end}" for start, end in relation.ends)
        lines.append(f"  {relation.type:14} {counts.get(relation.type, 0):>12,}  {relation.meaning} {ends}")
    return "\n".join(lines) + "\n"


def _element(name: str) -> str:
    """The properties of a label or relation, in any case.

    Raises:
        NothingFound: there is none of that name.
    """
    for known in elements():
        if known.name.casefold() == name.casefold().lstrip(":"):
            return "\n".join(_properties(known)) + "\n"
    near = get_close_matches(name, [e.name for e in elements()], n=3, cutoff=0.4)
    raise NothingFound(
        f"there is no label or relation {name!r}", remedy=f"Nearest: {', '.join(near)}." if near else r"\d lists them."
    )


def _properties(known: Element) -> Iterator[str]:
    yield f"{known.name}: {known.meaning}"
    for declared in known.properties:
        yield f"  {declared.name:20} {declared.type.value:12} {declared.meaning}"
