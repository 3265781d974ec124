"""Reading queries: the guard that every text passes, and the named queries in files."""

from graphwatch.queries.binding import bind, bind_adhoc
from graphwatch.queries.catalogue import catalogue
from graphwatch.queries.guard import check_reading, silent_differences
from graphwatch.queries.header import Column, NamedQuery, Parameter, ParameterType
from graphwatch.queries.library import Library

__all__ = [
    "Column",
    "Library",
    "NamedQuery",
    "Parameter",
    "ParameterType",
    "bind",
    "bind_adhoc",
    "catalogue",
    "check_reading",
    "silent_differences",
]
