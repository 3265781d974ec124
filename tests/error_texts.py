"""What the package's errors say, read from its sources: every text with a numbered hole for each value.

Followed are names that stand for literals in the same function or module, both sides of a condition, sums, functions
that return literals, and what callers give to a function that raises.
"""

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path

from graphwatch import errors

HOLE = "\0"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ERRORS = {
    name for name, item in vars(errors).items() if inspect.isclass(item) and issubclass(item, errors.GraphwatchError)
}
_Known = Mapping[str, list[ast.expr]]


@cache
def error_texts() -> dict[str, str]:
    """The texts of errors and of their remedies, each with the file and line of a place that has it."""
    found: dict[str, str] = {}
    given = _given_to_functions()
    returned = _returned()
    for file, tree in _trees().items():
        of_module = _assigned(ast.Module([n for n in tree.body if not isinstance(n, (ast.ClassDef, *_FUNCTIONS))], []))
        for scope in (node for node in ast.walk(tree) if isinstance(node, (ast.ClassDef, *_FUNCTIONS))):
            known = {**of_module, **_assigned(scope)}
            if isinstance(scope, _FUNCTIONS):
                known |= _parameters(scope, given, file)
            for call in (node for node in _within(scope) if isinstance(node, ast.Call)):
                for said in _said_by(call, file):
                    for text in _texts(said, known, returned):
                        if _words(text):
                            found.setdefault(numbered(text), f"{file}, line {call.lineno}")
    return found


@cache
def package_texts() -> frozenset[str]:
    """Every text of the package with its holes, whatever it is for."""
    found = set()
    for tree in _trees().values():
        for part in ast.walk(tree):
            if isinstance(part, ast.Constant | ast.JoinedStr):
                found |= {numbered(text) for text in _texts(part, {}, {})}
    return frozenset(found)


def numbered(text: str) -> str:
    """A text with its holes numbered as they come."""
    parts = text.split(HOLE)
    return "".join(f"{part}{{{at}}}" for at, part in enumerate(parts[:-1])) + parts[-1]


@cache
def _trees() -> dict[str, ast.Module]:
    package = Path(str(files("graphwatch")))
    return {
        str(file.relative_to(package)): ast.parse(file.read_text(encoding="utf-8"))
        for file in sorted(package.rglob("*.py"))
    }


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a node, without what stands in functions in it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, _FUNCTIONS):
            yield from _within(child)


def _assigned(node: ast.AST) -> dict[str, list[ast.expr]]:
    found = defaultdict(list)
    for part in _within(node):
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and part.value:
            found[part.target.id].append(part.value)
        if not isinstance(part, ast.Assign):
            continue
        for target in part.targets:
            if isinstance(target, ast.Name):
                found[target.id].append(part.value)
            elif isinstance(target, ast.Tuple) and isinstance(part.value, ast.Tuple):
                for name, value in zip(target.elts, part.value.elts, strict=True):
                    if isinstance(name, ast.Name):
                        found[name.id].append(value)
    return found


@dataclass(frozen=True)
class _Given:
    """A call, the file that it is in, and what the names in its arguments stand for."""

    file: str
    call: ast.Call
    known: _Known


@cache
def _given_to_functions() -> Mapping[tuple[str, bool], list[_Given]]:
    """The calls of each name, of functions and of methods apart."""
    found = defaultdict(list)
    for file, tree in _trees().items():
        for scope in (node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)):
            known = _assigned(scope)
            for call in (node for node in _within(scope) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Name):
                    found[call.func.id, False].append(_Given(file, call, known))
                elif isinstance(call.func, ast.Attribute):
                    found[call.func.attr, True].append(_Given(file, call, known))
    return found


def _parameters(
    function: ast.FunctionDef | ast.AsyncFunctionDef, given: Mapping[tuple[str, bool], list[_Given]], file: str
) -> dict[str, list[ast.expr]]:
    """What the callers of a function give for what it says, and their defaults."""
    names = [argument.arg for argument in function.args.args]
    method = names[:1] == ["self"]
    defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
    names = names[method:]
    found = defaultdict(list)
    for name in {"what", "remedy", "expected"} & set(names):
        if name in defaults:
            found[name].append(defaults[name])
        for each in given.get((function.name, method), ()):
            if function.name.startswith("_") and each.file != file:
                continue
            named = {keyword.arg: keyword.value for keyword in each.call.keywords}
            at = names.index(name)
            if name in named or at < len(each.call.args):
                value = named.get(name) or each.call.args[at]
                found[name] += each.known.get(value.id, [value]) if isinstance(value, ast.Name) else [value]
    return found


def _returned() -> dict[str, list[str]]:
    """The texts that a function may return, where it returns nothing but sentences."""
    found = {}
    for tree in _trees().values():
        for function in (node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)):
            if not (isinstance(function.returns, ast.Name) and function.returns.id == "str"):
                continue
            values = [part.value for part in _within(function) if isinstance(part, ast.Return) and part.value]
            texts = [text for value in values for text in _texts(value, {}, {}, within=True)]
            if texts and all(text == "" or _words(text) > 1 for text in texts):
                found[function.name] = list(dict.fromkeys(texts))
    return found


@cache
def _sayers() -> dict[tuple[str, bool], tuple[str, list[int]]]:
    """Functions that hand their `what` and `remedy` on to an error, with their file and the places of the two."""
    found: dict[tuple[str, bool], tuple[str, list[int]]] = {}
    for _ in range(3):  # `fail` hands on to `refuse`, which raises
        for file, tree in _trees().items():
            for function in (node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)):
                names = [argument.arg for argument in function.args.args]
                method = names[:1] == ["self"]
                calls = [part for part in _within(function) if isinstance(part, ast.Call)]
                handed = {
                    said.id for call in calls for said in _said_by(call, file, found) if isinstance(said, ast.Name)
                }
                places = [at for at, name in enumerate(names[method:]) if name in {"what", "remedy"} & handed]
                if places and function.name != "__init__":
                    found[function.name, method] = file, places
    return found


def _said_by(
    call: ast.Call, file: str, sayers: Mapping[tuple[str, bool], tuple[str, list[int]]] | None = None
) -> list[ast.expr]:
    """What a call says, where it makes an error, hands it on to what does, or is a setting that refuses values."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in _ERRORS:
        return [*call.args[:1], *(named[key] for key in ("what", "remedy") if key in named)]
    known = _sayers() if sayers is None else sayers
    place, at = known.get((name, isinstance(call.func, ast.Attribute)), ("", []))
    if at and (place == file or not name.startswith("_")):
        given = [call.args[n] for n in at if n < len(call.args)]
        return [*given, *(named[key] for key in ("what", "remedy") if key in named)]
    refused = named.get("refused")
    if isinstance(refused, ast.Constant) and isinstance(refused.value, str):
        holed = ast.Constant(re.sub(r"\{value[^}]*\}", HOLE, refused.value))
        return [holed, *(named[key] for key in ("remedy",) if key in named)]
    return []


def _words(text: str) -> int:
    return len(re.findall("[A-Za-z]{2,}", text))


def _texts(node: ast.expr, known: _Known, returned: Mapping[str, list[str]], *, within: bool = False) -> list[str]:
    """The texts that an expression may be; `within` another one, a hole is what cannot be told."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        parts = [_piece(value, known, returned) for value in node.values]
        return ["".join(part) for part in product(*parts)]
    if isinstance(node, ast.IfExp):
        return [text for side in (node.body, node.orelse) for text in _texts(side, known, returned, within=within)]
    if isinstance(node, ast.BoolOp) and not within:
        return [text for side in node.values for text in _texts(side, known, returned)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = (_texts(side, known, returned, within=True) for side in (node.left, node.right))
        return [one + other for one in left for other in right]
    if isinstance(node, ast.Name) and node.id in known:
        others = {name: values for name, values in known.items() if name != node.id}
        texts = [text for value in known[node.id] for text in _texts(value, others, returned, within=within)]
        if not within or all(map(_words, texts)):
            return texts
        return list(dict.fromkeys(text if _words(text) else HOLE for text in texts))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in returned:
        return returned[node.func.id]
    return [HOLE] if within else []


def _piece(value: ast.expr, known: _Known, returned: Mapping[str, list[str]]) -> list[str]:
    """A part of an f-string: what stands in it, or what its value may be."""
    if isinstance(value, ast.FormattedValue):
        plain = value.conversion == -1 and value.format_spec is None
        return _texts(value.value, known, returned, within=True) if plain else [HOLE]
    assert isinstance(value, ast.Constant)
    return [str(value.value)]
