"""Reading queries: the guard that every text passes, and the named queries in files."""

from graphwatch.queries.binding import bind, bind_adhoc
from graphwatch.queries.catalogue import catalogue
from graphwatch.queries.categories import CATEGORIES, by_category, title_of
from graphwatch.queries.guard import check_reading, silent_differences
from graphwatch.queries.header import Column, NamedQuery, Parameter, ParameterType, read_query
from graphwatch.queries.library import Library, is_name
from graphwatch.queries.telling import told, told_adhoc

__all__ = [
    "CATEGORIES",
    "Column",
    "Library",
    "NamedQuery",
    "Parameter",
    "ParameterType",
    "bind",
    "bind_adhoc",
    "by_category",
    "catalogue",
    "check_reading",
    "is_name",
    "read_query",
    "silent_differences",
    "title_of",
    "told",
    "told_adhoc",
]
