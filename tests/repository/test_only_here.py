"""Cypher stands in `repository` and `store` alone: whoever changes the model finds every question that it answers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import graphwatch

ROOT = Path(graphwatch.__file__).parent
SPEAKING = frozenset({"repository", "store"})
# Texts that are shown to people, or words that a user's text is looked through for; none is sent to an engine.
SHOWN = {
    "export/parts.py": "an example of a query that can be exported",
    "queries/catalogue.py": "the beginning of a question, from which an analyst goes on",
    "queries/grammar/statement.py": "the remedy of a refusal",
    "queries/grammar/tokens.py": "the words that open a clause, of which a user's text is made",
}
CYPHER = re.compile(
    r"""\bMATCH\b\s*(?:\w+\s*=\s*)?[(`{]        # MATCH (a), MATCH p = (a)
      | \b(?:MERGE|CREATE)\b\s*\(
      | \bUNWIND\b.+\bAS\b
      | \bDETACH\s+DELETE\b
      | \bRETURN\b\s+(?:DISTINCT\s+)?[\w.`({]+  # RETURN a.id
      | \]->?\(:?|\)<?-\[                       # (a)-[r]->(b)
    """,
    re.VERBOSE | re.DOTALL,
)


def docstrings(tree: ast.AST) -> set[ast.Constant]:
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            # A text alone in a line documents what stands around or before it.
            found |= {s.value for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)}
    return found


def cypher_in(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    shown = docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in shown:
            continue
        if CYPHER.search(node.value):
            yield node.lineno, node.value


def files() -> list[str]:
    found = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))
    return sorted(name for name in found if name.partition("/")[0] not in SPEAKING)


def test_only_repository_and_store_hold_cypher() -> None:
    found = [
        f"{name}:{line}: {text[:60]!r}"
        for name in files()
        if name not in SHOWN
        for line, text in cypher_in(ROOT / name)
    ]
    assert found == []


def test_repository_holds_them() -> None:
    assert sum(1 for path in (ROOT / "repository").rglob("*.py") for _ in cypher_in(path)) > 50


def test_what_is_excepted_is_still_there() -> None:
    assert [name for name in SHOWN if not list(cypher_in(ROOT / name))] == []


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a:Account) RETURN a.id AS id",
        "UNWIND $rows AS row",
        "MERGE (n:Run)",
        "MATCH p = (a)-[*]-(b)",
        "RETURN DISTINCT p.id",
        "<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)",
    ],
)
def test_cypher_is_known_when_it_is_seen(text: str) -> None:
    assert CYPHER.search(text)


@pytest.mark.parametrize(
    "text", ["there is no match (try again)", "MATCH", "returns nothing", "CREATE TABLE x", "a list [1] -> (2)"]
)
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert not CYPHER.search(text)
