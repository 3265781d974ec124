"""From a text to a query that is known to only read.

A query is read by a grammar that holds the reading clauses and nothing else. It is a list of what is allowed,
not of what is forbidden: a clause, option or function that an engine learns tomorrow is refused until
someone adds it here. Neither engine's own read-only mode is enough: LOAD CSV and COPY … TO pass both.
"""

from dataclasses import dataclass
from typing import Final

from graphwatch.queries.grammar import read_statement
from graphwatch.queries.grammar.clauses import Query
from graphwatch.queries.grammar.tree import Parameter, walk

_PROOF: Final = object()


@dataclass(frozen=True, slots=True, init=False)
class CheckedQuery:
    """Cypher that was read by `parse` and can do nothing but read; a store answers no other text of a user's.

    Attributes:
        cypher: the text.
        parameters: the names of the parameters that it uses.
        tree: what it says.
        text: the text that the places in the tree are of.
    """

    cypher: str
    parameters: frozenset[str]
    tree: Query
    text: str

    def __init__(self, proof: object, cypher: str, tree: Query, text: str, parameters: frozenset[str]) -> None:
        if proof is not _PROOF:
            raise TypeError("a CheckedQuery is made by graphwatch.queries.parse alone")
        object.__setattr__(self, "cypher", cypher)
        object.__setattr__(self, "parameters", parameters)
        object.__setattr__(self, "tree", tree)
        object.__setattr__(self, "text", text)


def parse(cypher: str, *, above: int = 0) -> CheckedQuery:
    """The query of a text that is one statement made only of allowed reading clauses.

    Variable-length patterns must have an upper bound of at most `settings.QUERY_HOPS`.

    Args:
        above: lines that stand above the text in its file; places are counted from there.

    Raises:
        QueryRefused: with line and column, and what to write instead.

    >>> parse("MATCH (a:Account) WHERE a.handle CONTAINS $part RETURN a.id LIMIT 5;").parameters
    frozenset({'part'})
    >>> parse("MATCH (a) SET a.name = '' RETURN a")
    Traceback (most recent call last):
    graphwatch.errors.QueryRefused: line 1, column 11: SET is not a clause of a reading query
      Queries only read. Load data with `graphwatch load`, and remove it with `graphwatch store`.
    """
    # Blank lines stand for those above, so that places are those of the file.
    text = "\n" * above + cypher
    tree = read_statement(text)
    parameters = frozenset(node.name for node in walk(tree) if isinstance(node, Parameter))
    return CheckedQuery(_PROOF, cypher, tree, text, parameters)
