"""Analysts' texts for a server: graphwatch's own node is none of theirs."""

from collections.abc import Iterator

from graphwatch.queries.computing.expressions import fits
from graphwatch.queries.grammar.clauses import NodePattern, Path, RelationPattern
from graphwatch.queries.grammar.tokens import tokenize
from graphwatch.queries.grammar.tree import walk
from graphwatch.queries.parsing import CheckedQuery
from graphwatch.store.server.project_node import PROJECT


def without_own_node(query: CheckedQuery) -> str:
    """The text, with the node of the project kept out where any node would do.

    The node has no relations, so that it can only be found by a pattern that asks for none. Names of columns are those
    of the text as it was written.

    >>> from graphwatch.queries import parse
    >>> without_own_node(parse("MATCH (n) RETURN count(n)"))
    'MATCH (n:!GraphwatchProject) RETURN count(n)'
    >>> without_own_node(parse("MATCH (n:!Account {id: 'x:1'}) RETURN n.id"))
    "MATCH (n:(!Account)&!GraphwatchProject {id: 'x:1'}) RETURN n.id"
    >>> without_own_node(parse("MATCH (a:Account), (n)-->(m) RETURN count(*)"))
    'MATCH (a:Account), (n)-->(m) RETURN count(*)'
    """
    text = query.text
    for node in sorted(set(_alone(query)), key=lambda n: n.at, reverse=True):
        if node.labels is None:
            opening = tokenize(text[node.at : node.end])[: 2 if node.variable else 1]
            place = node.at + opening[-1].end
            text = f"{text[:place]}:!{PROJECT}{text[place:]}"
        elif fits(node.labels, PROJECT):
            begin, end = node.labels.at, node.labels.end
            text = f"{text[:begin]}({text[begin:end]})&!{PROJECT}{text[end:]}"
    return text[len(query.text) - len(query.cypher) :]


def _alone(query: CheckedQuery) -> Iterator[NodePattern]:
    """The nodes of patterns that ask for no relation."""
    for path in walk(query.tree):
        if isinstance(path, Path):
            relations = [e for e in path.elements if isinstance(e, RelationPattern)]
            if all(r.hops is not None and r.hops.least == 0 for r in relations):
                yield from (e for e in path.elements if isinstance(e, NodePattern))
