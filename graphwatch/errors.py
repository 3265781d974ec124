"""Every error that graphwatch raises on purpose.

A message says what is wrong, where (file, line, column) and what to do about it. The command line prints
it without a traceback; Python callers catch `GraphwatchError` or one of its children.
"""


class GraphwatchError(Exception):
    """Base of all errors of this package.

    Args:
        what: what is wrong, one sentence.
        where: file, line, column, store or query that it concerns.
        remedy: what the reader can do about it.

    >>> print(GraphwatchError("column 'at' is missing", where="likes.csv, line 1", remedy="Add --map."))
    likes.csv, line 1: column 'at' is missing
      Add --map.
    """

    exit_status = 1

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.what, self.where, self.remedy = what, where, remedy
        head = f"{where}: {what}" if where else what
        super().__init__(f"{head}\n  {remedy}" if remedy else head)


class UsageError(GraphwatchError):
    """A command or function was called with words that do not fit together."""

    exit_status = 2


class InputError(GraphwatchError):
    """A file that was to be loaded cannot be read, or no row of it can be taken."""


class TermsConflict(InputError):
    """A platform's terms forbid what a load would bring together, and nobody is named who approved it."""


class StoreError(GraphwatchError):
    """A store cannot be opened, read or written."""


class StoreMissing(StoreError):
    """There is no store at that place."""


class PasswordMissing(StoreError):
    """A server needs a password, and nobody has given one."""


class StoreLocked(StoreError):
    """Another process holds the store; the message names it."""


class KeyMissing(StoreError):
    """A key that earlier data were made with is not there."""


class KeyWrong(StoreError):
    """A key is not the one that earlier data were made with."""


class StoreNewer(StoreError):
    """The store was written by a newer version of graphwatch."""


class StoreOlder(StoreError):
    """The store was written by an older version of graphwatch, and has to be brought over."""


class StoreDamaged(StoreError):
    """A file of the store does not have the content it was written with."""


class QueryError(GraphwatchError):
    """A query cannot be run, or the engine refused it."""


class QueryRefused(QueryError):
    """The query text holds something that a reading query may not hold; nothing was sent."""


class QueryUnknown(QueryError):
    """There is no named query of that name."""


class QueryParameter(QueryError):
    """A parameter is missing, unknown or of the wrong type."""

    exit_status = 2


class QueryTimeout(QueryError):
    """The query ran longer than its time limit and was stopped."""


class QueryMemory(QueryError):
    """A query took more memory than it may and was stopped."""


class NothingFound(GraphwatchError):
    """What was asked for by name (a run, an account, a cluster) is not in the store."""


class DecisionRefused(GraphwatchError):
    """A decision on a lead cannot be made as things stand."""
