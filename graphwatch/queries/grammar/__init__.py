"""From text to tree: a grammar that holds the reading clauses of openCypher and nothing else."""

from graphwatch.queries.grammar.statement import read_statement as read_statement
