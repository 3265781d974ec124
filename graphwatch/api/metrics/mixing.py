"""The groups by which assortativity asks whether like ties to like. They are never shown or stored an account."""

import numpy as np
import numpy.typing as npt

from graphwatch.api.project import Project
from graphwatch.model import POST_INTERACTIONS
from graphwatch.settings import FEWEST

Groups = npt.NDArray[np.int64]


def by_agency(project: Project, accounts: list[str]) -> Groups | None:
    """For each account the number of the agency of its owner by the roster, -1 where unknown or more than one."""
    rows = project.store.read(
        "MATCH (a:Account)-[:BELONGS_TO]->(:Asn)-[:WORKS_AT]->(g:Agency) RETURN DISTINCT a.id AS account, g.id AS of"
    )
    found: dict[str, set[str]] = {}
    for row in rows.to_pylist():
        found.setdefault(row["account"], set()).add(row["of"])
    return _numbered(accounts, {account: next(iter(g)) for account, g in found.items() if len(g) == 1})


def by_paslon(project: Project, accounts: list[str]) -> Groups | None:
    """For each account the number of the paslon on whose pages' posts it acted most, -1 for none or a tie."""
    rows = project.store.read(
        f"MATCH (a:Account)-[r:{'|'.join(POST_INTERACTIONS)}]->(:Post)<-[:PUBLISHED]-(:Page)-[:SUPPORTS]->(p:Paslon) "
        "RETURN a.id AS account, p.id AS of, count(r) AS n"
    )
    counts: dict[str, dict[str, int]] = {}
    for row in rows.to_pylist():
        counts.setdefault(row["account"], {})[row["of"]] = int(row["n"])
    most = {}
    for account, of in counts.items():
        highest = max(of.values())
        leaders = [group for group, n in of.items() if n == highest]
        if len(leaders) == 1:
            most[account] = leaders[0]
    return _numbered(accounts, most)


def _numbered(accounts: list[str], group: dict[str, str]) -> Groups | None:
    known = {account: group[account] for account in accounts if account in group}
    if len(known) < FEWEST:  # the answer would be about persons
        return None
    number = {name: i for i, name in enumerate(sorted(set(known.values())))}
    return np.array([number[known[a]] if a in known else -1 for a in accounts], np.int64)
