"""Completion: what can come next, by what stands before the cursor."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from graphwatch.cli.shell.session import COMMANDS
from graphwatch.model import NODES, RELATIONS, elements
from graphwatch.queries.grammar.tokens import CLAUSES, FUNCTIONS
from graphwatch.queries.library import Library

if TYPE_CHECKING:
    from graphwatch.cli.shell.session import Session

_WORD: Final = re.compile(r"[\w-]*$")
# (variable:Label) and [variable:TYPE], of which a property of the variable is one.
_BOUND: Final = re.compile(r"[(\[]\s*(\w+)\s*:\s*`?(\w+)")


class Completing(Completer):
    """Labels after `(a:`, relations after `[r:`, properties after `a.`, commands, names of queries, words of Cypher."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent | Any,  # noqa: ARG002 - the interface has it
    ) -> Iterator[Completion]:
        before = document.text_before_cursor
        match = _WORD.search(before)
        assert match is not None
        word = match[0]
        start = before[: len(before) - len(word)]
        for candidate in self._candidates(start, before):
            if candidate.casefold().startswith(word.casefold()):
                yield Completion(candidate, start_position=-len(word))

    def _candidates(self, start: str, whole: str) -> Iterable[str]:
        if start.endswith("\\") and not start[:-1].strip():
            return [name[1:] for name in COMMANDS]
        if start.startswith(("\\run ", "\\explain ")):
            return self._named(start)
        if start.startswith("\\d "):
            return [element.name for element in elements()]
        if start.startswith("\\set ") or start.endswith("$"):
            return sorted(self._session.parameters)
        if re.search(r"\[\s*\w*\s*:(\w+\|)*$", start):
            return [relation.type for relation in RELATIONS]
        if re.search(r"\(\s*\w*\s*:$", start):
            return [node.label for node in NODES]
        if bound := re.search(r"(\w+)\.$", start):
            return self._properties(bound[1], whole)
        return [*CLAUSES, *sorted(FUNCTIONS)]

    def _named(self, start: str) -> Iterable[str]:
        library = Library(engine=self._session.project.store.engine)
        words = start.split()
        if len(words) == 1:
            return library.names()
        if words[1] not in library.names():
            return []
        return [f"{parameter.name}=" for parameter in library.get(words[1]).parameters]

    def _properties(self, variable: str, text: str) -> Iterable[str]:
        """Those of what the variable is bound to; of everything where that cannot be seen."""
        names = {match[2] for match in _BOUND.finditer(text) if match[1] == variable}
        of = [element for element in elements() if element.name in names] or list(elements())
        return dict.fromkeys(declared.name for element in of for declared in element.properties)
