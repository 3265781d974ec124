"""The values that a query is given, against what it asks for.

All is checked before anything is sent: the embedded engine answers a query whose parameters are missing as if they
were null.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any, Final

from graphwatch.errors import QueryParameter
from graphwatch.queries.grammar.tokens import Kind, tokenize
from graphwatch.queries.library import Parameter, ParameterType
from graphwatch.queries.naming import parameter_types
from graphwatch.queries.parsing import CheckedQuery

_LARGEST: Final = 2**63 - 1
# As of brackets in a query.
_DEEPEST: Final = 40
_WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,19}")
_BOOLEANS: Final = {"true": True, "false": False}
_EXPECTED: Final = {
    ParameterType.TEXT: "text",
    ParameterType.INTEGER: "a whole number of 64 bits",
    ParameterType.REAL: "a number, with a point before decimals",
    ParameterType.BOOLEAN: "true or false",
    ParameterType.TEXTS: 'a list of text: a,b or ["a", "b"]',
}


def bind(parameters: Iterable[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Values for declared parameters: defaults filled in, text from a command line converted to its type.

    Raises:
        QueryParameter: a parameter is unknown, missing or of the wrong type.

    >>> limit = Parameter("limit", ParameterType.INTEGER, 100, "rows")
    >>> bind([limit], {}), bind([limit], {"limit": "20"})
    ({'limit': 100}, {'limit': 20})
    """
    declared = {p.name: p for p in parameters}
    for name in given:
        if name not in declared:
            raise QueryParameter(f"there is no parameter {name!r}", remedy=_did_you_mean(name, declared))
    bound: dict[str, Any] = {}
    for name, parameter in declared.items():
        if name in given:
            bound[name] = _convert(name, parameter.type, given[name])
        elif parameter.default is None:
            raise QueryParameter(
                f"the parameter {name!r} ({parameter.description}) is missing",
                remedy=f"Give it: -p {name}=VALUE.",
            )
        else:
            default = parameter.default
            bound[name] = list(default) if isinstance(default, list) else default
    return bound


def bind_adhoc(query: CheckedQuery, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values for the parameters of a text that declares none: each used one given, each given one used.

    A name may carry a type for a value that comes as text: `limit:integer`. Without one, text stays text,
    so that an id of digits remains an id.

    Raises:
        QueryParameter: a parameter is given twice, missing, not used or of the wrong type.

    >>> from graphwatch.queries import parse
    >>> bind_adhoc(parse("MATCH (a:Account) RETURN a.id LIMIT $n"), {"n:integer": "5"})
    {'n': 5}
    """
    types = {t.value: t for t in ParameterType}
    bound: dict[str, Any] = {}
    for key, value in given.items():
        name, colon, type = key.partition(":")
        if colon and type not in types:
            raise QueryParameter(f"unknown type {type!r} of {name!r}", remedy=f"Types: {', '.join(types)}.")
        if name in bound:
            raise QueryParameter(f"the parameter {name!r} is given twice", remedy="Give it once.")
        bound[name] = _convert(name, types[type], value) if colon else _kept(name, value)
    used = query.parameters
    if missing := sorted(used - bound.keys()):
        raise QueryParameter(
            f"the query uses ${missing[0]}, and no value is given for it",
            remedy=f"Give it: -p {missing[0]}=VALUE.",
        )
    if unused := sorted(bound.keys() - used):
        raise QueryParameter(f"the query does not use ${unused[0]}", remedy=_did_you_mean(unused[0], used))
    return bound


def with_values(query: CheckedQuery, values: Mapping[str, Any]) -> str:
    r"""The text of a query with values in place of its parameters, for somebody who asks it as it stands.

    It is read and checked like any other text before it is sent.

    >>> from graphwatch.queries import parse
    >>> with_values(parse("MATCH (a:Account) WHERE a.handle = $name RETURN a.id LIMIT $n"), {"name": "d'Or", "n": 5})
    "MATCH (a:Account) WHERE a.handle = 'd\\'Or' RETURN a.id LIMIT 5"
    """
    written, behind = [], 0
    for token in tokenize(query.cypher):
        if token.kind is Kind.PARAMETER and token.text in values:
            written += [query.cypher[behind : token.at], _literal(values[token.text])]
            behind = token.end
    return "".join([*written, query.cypher[behind:]])


def _literal(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def _kept(name: str, value: Any, depth: int = 0) -> Any:
    """The value, as it is, where both engines and an answer can hold it.

    Raises:
        QueryParameter: it has a whole number beyond 64 bits, half a character, or lists in lists without end.
    """
    wrong = None
    if isinstance(value, Integral) and not -_LARGEST - 1 <= int(value) <= _LARGEST:
        wrong = "a whole number that does not fit 64 bits"
    elif isinstance(value, str) and not _is_whole(value):
        wrong = "text with half a character"
    elif depth > _DEEPEST:
        wrong = f"lists or maps more than {_DEEPEST} deep in each other"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _kept(name, [key, item], depth)
    elif isinstance(value, list | tuple):
        for item in value:
            _kept(name, item, depth + 1)
    if wrong:
        raise QueryParameter(f"the parameter {name!r} has {wrong}", remedy=f"Give another value for {name}.")
    return value


def _is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def typed(query: CheckedQuery, given: Mapping[str, str]) -> dict[str, Any]:
    """Values that come as texts from a command line, as the types that their places ask for.

    Raises:
        QueryParameter: a value is not of the type that its place asks for.

    >>> from graphwatch.queries import parse
    >>> typed(parse("MATCH (c:Cluster) WHERE c.size >= $least RETURN c.id"), {"least": "7"})
    {'least': 7}
    >>> typed(parse("MATCH (a:Account) WHERE a.id IN $ids RETURN a.name"), {"ids": "x:1,x:2"})
    {'ids': ['x:1', 'x:2']}
    """
    types = parameter_types(query)
    return {name: _by_place(name, types[name], text) if name in types else text for name, text in given.items()}


def _by_place(name: str, type: ParameterType, text: str) -> Any:
    """A value for a place: any number as it is written, a list with numbers where it is written as JSON."""
    if type is ParameterType.REAL and _WHOLE_NUMBER.fullmatch(text):
        return _convert(name, ParameterType.INTEGER, text)
    if type is ParameterType.TEXTS and text.lstrip().startswith("["):
        with suppress(ValueError, RecursionError):
            items = json.loads(text)
            if all(isinstance(item, str | int | float | None) for item in items):
                return items
    return _convert(name, type, text)


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Its parameters are {', '.join(names)}." if names else "It has no parameters."


def _convert(name: str, type: ParameterType, value: Any) -> Any:
    """The value as its type; text is read, everything else must be of the type already."""
    try:
        converted = _read(type, value) if isinstance(value, str) else _take(type, value)
    except (ValueError, RecursionError):
        converted = None
    if converted is None:
        raise QueryParameter(
            f"the parameter {name!r} must be {_EXPECTED[type]}, not {str(value)[:60]!r}",
            remedy=f"Give another value for {name}.",
        )
    return _kept(name, converted)


def _read(type: ParameterType, text: str) -> Any:
    if type is ParameterType.TEXT:
        return text
    if type is ParameterType.TEXTS:
        items = json.loads(text) if text.lstrip().startswith("[") else text.split(",")
        return _take(type, items)
    if type is ParameterType.BOOLEAN:
        return _BOOLEANS.get(text.strip().lower())
    if "_" in text or not text.isascii():
        return None
    return _take(type, int(text) if type is ParameterType.INTEGER else float(text))


def _take(type: ParameterType, value: Any) -> Any:
    if type is ParameterType.BOOLEAN:
        return value if isinstance(value, bool) else None
    if type is ParameterType.TEXTS:
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            return None
        return list(value)
    if isinstance(value, bool):
        return None
    if type is ParameterType.INTEGER and isinstance(value, Integral):
        return int(value) if -_LARGEST - 1 <= int(value) <= _LARGEST else None
    if type is ParameterType.REAL and isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    return None
