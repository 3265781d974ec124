"""What may stand next in a query that is being written: names of the model, and words of Cypher."""

import re
from collections.abc import Iterable
from typing import Final

from graphwatch.model import NODES, RELATIONS, elements
from graphwatch.queries.grammar.tokens import CLAUSES, FUNCTIONS, OPERATORS

_WORD: Final = re.compile(r"\w*$")
# (variable:Label) and [variable:TYPE], of which a property of the variable is one.
_BOUND: Final = re.compile(r"[(\[]\s*(\w+)\s*:\s*`?(\w+)")
_NAMED: Final = re.compile(r"[(\[]\s*([A-Za-z_]\w*)|\bAS\s+([A-Za-z_]\w*)", re.IGNORECASE)
_TEXT: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|//[^\n]*\n""", re.DOTALL)
_OPEN: Final = re.compile(r"""['"]|//""")


def completions(before: str, *, most: int = 12) -> tuple[str, list[str]]:
    """The word that is being written at the end of a text, and what it may become, the likeliest first.

    >>> completions("MATCH (a:Acc")
    ('Acc', ['Account'])
    >>> completions("MATCH (a:Account) WHERE a.hand")
    ('hand', ['handle'])
    >>> completions("MATCH (a:Account)-[r:LIK")[1], completions("RETURN 'ret")[1]
    (['LIKED'], [])
    """
    word = _WORD.search(before)
    assert word is not None
    start = before[: word.start()]
    if _OPEN.search(_TEXT.sub("", start)):
        return word[0], []
    begins = word[0].casefold()
    # Where anything may stand, nobody wants to be asked before the first letter.
    if not begins and not re.search(r"[:.|]$", start):
        return "", []
    found = (each for each in candidates(start, before) if each.casefold().startswith(begins) and each != word[0])
    return word[0], list(dict.fromkeys(found))[:most]


def candidates(start: str, whole: str) -> Iterable[str]:
    """All that may stand behind a text, as far as its end tells.

    Args:
        start: the text before the word that is being written.
        whole: all of it, in which variables are bound.
    """
    if re.search(r"\[\s*\w*\s*:(\w+\|)*$", start):
        return [relation.type for relation in RELATIONS]
    if re.search(r"\(\s*\w*\s*:(\w+\|)*$", start):
        return [node.label for node in NODES]
    if bound := re.search(r"(\w+)\.$", start):
        return _properties(bound[1], whole)
    variables = (match[1] or match[2] for match in _NAMED.finditer(start))
    return [*variables, *CLAUSES, *OPERATORS, *sorted(FUNCTIONS)]


def _properties(variable: str, text: str) -> Iterable[str]:
    """Those of what the variable is bound to; of everything where that cannot be seen."""
    names = {match[2] for match in _BOUND.finditer(text) if match[1] == variable}
    of = [element for element in elements() if element.name in names] or list(elements())
    return dict.fromkeys(declared.name for element in of for declared in element.properties)
