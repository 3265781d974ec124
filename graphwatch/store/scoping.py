"""A scope as Cypher that both engines understand; every value is a bound parameter."""

from typing import Any, Final, NamedTuple

from graphwatch.model.scope import Scope


class Clause(NamedTuple):
    """The beginning of a query, and the parameters that it names."""

    cypher: str
    parameters: dict[str, Any]


def posts(scope: Scope) -> Clause:
    """Binds `o` to each post in scope, once."""
    if not scope.of_pages:
        return Clause("MATCH (o:Post)", {})
    pages = publishing_pages(scope)
    return Clause(f"{pages.cypher} WITH DISTINCT o", pages.parameters)


def publishing_pages(scope: Scope) -> Clause:
    """Binds `p` and `o` to pages in scope and their posts; a page that supports two paslon may come twice."""
    supports = "(:Paslon)<-[:SUPPORTS]-" if scope.paslon_pages else ""
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if scope.paslon is not None:
        supports = "(s:Paslon)<-[:SUPPORTS]-"
        conditions.append("s.id = $paslon")
        parameters["paslon"] = scope.paslon
    if scope.pages:
        conditions.append("p.id IN $pages")
        parameters["pages"] = list(scope.pages)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return Clause(f"MATCH {supports}(p:Page)-[:PUBLISHED]->(o:Post){where}", parameters)


# An interaction `r` whose time is that of the act, or follows from a native id; no basis means that it is the act's.
ACTED: Final = "(r.basis IS NULL OR r.basis <> 'observed')"


def timed(scope: Scope, kind: str, window_ms: int) -> Clause:
    """Binds `a`, `r` and `o` to the interactions of a kind in scope whose time says within a window when they were."""
    conditions, parameters = _in_range(scope)
    conditions = ["r.at_ms IS NOT NULL", *conditions, ACTED, "(r.precision_ms IS NULL OR r.precision_ms <= $window_ms)"]
    return _interactions(scope, kind, " AND ".join(conditions), {**parameters, "window_ms": window_ms})


def not_to_the_second(scope: Scope, kind: str, window_ms: int) -> Clause:
    """Binds `r` to the interactions of a kind whose time is not that of the act to the second, and `$window_ms`.

    A time range says nothing of those that have no time.
    """
    conditions, parameters = _in_range(scope)
    others = " AND ".join([*conditions, "(r.basis = 'observed' OR r.precision_ms IS NOT NULL)"])
    return _interactions(scope, kind, f"(r.at_ms IS NULL OR ({others}))", {**parameters, "window_ms": window_ms})


def _in_range(scope: Scope) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if scope.begin_ms is not None:
        conditions.append("r.at_ms >= $begin_ms")
        parameters["begin_ms"] = scope.begin_ms
    if scope.end_ms is not None:
        conditions.append("r.at_ms < $end_ms")
        parameters["end_ms"] = scope.end_ms
    return conditions, parameters


def _interactions(scope: Scope, kind: str, condition: str, parameters: dict[str, Any]) -> Clause:
    if not scope.of_pages:
        return Clause(f"MATCH (a:Account)-[r:`{kind}`]->(o:Post) WHERE {condition}", parameters)
    found = posts(scope)
    return Clause(
        f"{found.cypher} MATCH (a:Account)-[r:`{kind}`]->(o) WHERE {condition}", found.parameters | parameters
    )
