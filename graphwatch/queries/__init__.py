"""Reading queries: the grammar that every text of a user's passes, and the named queries in files."""

from graphwatch.queries.parsing import CheckedQuery, parse

__all__ = ["CheckedQuery", "parse"]
