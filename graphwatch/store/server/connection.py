"""A connection to a Neo4j server. Only this module imports the driver; its errors become ours here."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import neo4j
import pyarrow as pa
from neo4j import exceptions
from neo4j.graph import Node, Path, Relationship

from graphwatch.errors import QueryError, QueryTimeout, StoreError
from graphwatch.store.address import Address
from graphwatch.store.server.reaching import why_unreached
from graphwatch.store.values import column_of

# Constraints on properties of relations and the syntax used here.
OLDEST: Final = (5, 13)
# A query that writers overtake as often as that is told, not repeated without end.
_TIMES_OVERTAKEN: Final = 4


class Server:
    """An open connection to one database of a server.

    Raises:
        StoreError: no server answers, it refuses the credentials, lacks the database, or is too old.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._driver = neo4j.GraphDatabase.driver(
            address.uri,
            auth=(address.username, address.password),
            notifications_min_severity="OFF",
            user_agent="graphwatch",
            connection_timeout=10,
            # One that lay idle may be to a server that has since been started again.
            liveness_check_timeout=5,
            max_transaction_retry_time=30,
        )
        try:
            with self._translated():
                self.version = self._driver.get_server_info().agent
                self._check_version()
                self.read("RETURN 1 AS one")
        except BaseException:
            self._driver.close()
            raise

    def close(self) -> None:
        self._driver.close()

    def _check_version(self) -> None:
        found = self.version.partition("/")[2]
        numbers = tuple(int(n) for n in found.split(".")[:2] if n.isdigit())
        if numbers < OLDEST:
            raise StoreError(
                f"the server is Neo4j {found}; {'.'.join(map(str, OLDEST))} or newer is needed",
                where=self.address.uri,
                remedy="Update the server; 5.26 is the version with long-term support.",
            )

    def read(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> pa.Table:
        """Rows of a query in a session that the server lets only read; at most `limit` + 1 of them.

        What a writer has overtaken meanwhile, so that the server gives it up, is read again.
        """

        def table(result: neo4j.Result) -> pa.Table:
            names = list(result.keys())
            rows = result.fetch(limit + 1) if limit is not None else list(result)
            columns = [column_of([_plain(row[i]) for row in rows]) for i in range(len(names))]
            return pa.table(columns, names=names)

        return self._asked(cypher, parameters, timeout, table)

    def gathered(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[list[Any]]:
        """The one list that a query returns, of rows of plain values: quicker than a record for each; as for `read`."""
        rows: list[list[Any]] = self._asked(cypher, parameters, None, lambda result: result.single(strict=True)[0])
        return rows

    def _asked(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None,
        timeout: float | None,
        taken: Callable[[neo4j.Result], Any],
    ) -> Any:
        """What is taken of the answer to a reading query."""

        def once() -> Any:
            with self._session(neo4j.READ_ACCESS) as session:
                return taken(session.run(neo4j.Query(cypher, timeout=timeout), dict(parameters or {})))

        with self._translated(timeout):
            for _ in range(_TIMES_OVERTAKEN):
                try:
                    return once()
                except exceptions.TransientError as error:
                    if "Outdated" not in str(error.code):
                        raise
            return once()

    def change(self, work: Callable[[Callable[..., list[dict[str, Any]]]], Any]) -> Any:
        """Run `work` in one writing transaction; it gets a function that runs Cypher. Passing faults are retried."""

        def within(transaction: neo4j.ManagedTransaction) -> Any:
            def run(cypher: str, **parameters: Any) -> list[dict[str, Any]]:
                result = transaction.run(cypher, parameters)
                names = result.keys()
                return [dict(zip(names, record.values(), strict=True)) for record in result]

            return work(run)

        with self._translated(), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(within)

    def execute(self, cypher: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run one writing statement in a transaction of its own."""
        rows: list[dict[str, Any]] = self.change(lambda run: run(cypher, **parameters))
        return rows

    def define(self, statement: str) -> None:
        """A change of schema, which needs a transaction of its own."""
        with self._translated(), self._session(neo4j.WRITE_ACCESS) as session:
            session.run(statement).consume()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self.address.database, default_access_mode=access)

    @contextmanager
    def _translated(self, timeout: float | None = None) -> Iterator[None]:
        try:
            yield
        except (exceptions.DriverError, exceptions.Neo4jError) as error:
            self._raise_ours(error, timeout)

    def _raise_ours(self, error: Exception, timeout: float | None) -> NoReturn:
        code = str(getattr(error, "code", None) or "")
        message = " ".join(str(getattr(error, "message", None) or error).split())
        if "TransactionTimedOut" in code:
            raise QueryTimeout(
                f"the query was stopped after {timeout:g} s" if timeout else "the server stopped the query",
                remedy="Narrow it (a LIMIT, a time range, a shorter pattern) or allow more with --timeout.",
            ) from error
        for sign, what, remedy in _KNOWN:
            if sign in code or sign in type(error).__name__:
                raise StoreError(f"{what}: {message}", where=self.address.uri, remedy=remedy) from error
        if isinstance(error, exceptions.ServiceUnavailable):
            what, remedy = why_unreached(self.address.uri)
            raise StoreError(what, where=self.address.uri, remedy=remedy) from error
        if ".TransientError." in code or isinstance(error, exceptions.SessionExpired | exceptions.TransientError):
            raise StoreError(f"the server was interrupted: {message}", where=self.address.uri, remedy=_AGAIN) from error
        if ".Statement." in code:
            raise QueryError(f"the engine refused the query: {message}") from error
        raise StoreError(
            f"the server failed: {message}", where=self.address.uri, remedy="Look into the server's log."
        ) from error


_AGAIN: Final = "Do the same again. Repeating is safe: what was written is not written twice."
_CREDENTIALS: Final = "the server refuses the user or the password", "Check NEO4J_USERNAME and NEO4J_PASSWORD."
# Words of a code or of a class of errors; the first that is found counts.
_KNOWN: Final = (
    (
        "CredentialsExpired",
        "the password has expired and must be changed",
        "Change it on the database `system` with cypher-shell or Neo4j Browser (ALTER CURRENT USER SET PASSWORD FROM "
        "'old' TO 'new'), then set NEO4J_PASSWORD.",
    ),
    ("Unauthorized", *_CREDENTIALS),
    ("RateLimit", "too many wrong passwords", "Wait half a minute, then try again with the right one."),
    ("AuthError", *_CREDENTIALS),
    ("Forbidden", "the server does not let this user do that", "Ask for a role that may: editor for one who writes."),
    ("DatabaseNotFound", "the database does not exist on the server", "Check the address and NEO4J_DATABASE."),
    ("ConfigurationError", "the address does not fit the driver", "Use neo4j://host or bolt://host."),
    ("MemoryPool", "the server has no memory for this query", "Narrow the query, or give the server more."),
    (
        "ConstraintCreationFailed",
        "a constraint that is missing cannot be made again",
        "Rows were written twice while it was missing. Copy what is right into an empty database: `graphwatch load` "
        "of the files, or `graphwatch store copy` of a backup.",
    ),
)


def _plain(value: Any) -> Any:
    """A driver's value as plain Python, like `graphwatch.store.values.plain` for the other engine."""
    if isinstance(value, Node):
        return {"label": next(iter(sorted(value.labels)), None), **{k: _plain(v) for k, v in value.items()}}
    if isinstance(value, Relationship):
        return {"type": value.type, **{k: _plain(v) for k, v in value.items()}}
    if isinstance(value, Path):
        return {"nodes": [_plain(n) for n in value.nodes], "relations": [_plain(r) for r in value.relationships]}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)  # dates, durations, points: the model has none of them
