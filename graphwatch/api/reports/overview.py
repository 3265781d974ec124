"""A run as a whole in a picture that names nobody: its clusters, on whose posts they act, and when."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from graphwatch.api.project import Project
from graphwatch.api.reports.paslon import Supported, called, paslon_of_pages
from graphwatch.api.reports.pictures import PAIRS
from graphwatch.report import Overview, Tie
from graphwatch.settings import FEWEST

Row = dict[str, Any]
# More circles or lines than this are no picture on a page.
_DRAWN_CLUSTERS: Final = 15
_DRAWN_TARGETS: Final = 12
# That members act on posts more than others of like activity do is said at this rate of error.
_BEYOND: Final = 0.05
_TARGETS: Final = (
    "MATCH (k:Cluster)-[t:TARGETS]->(x:{label}) WHERE k.id IN $ids "
    "RETURN k.id AS cluster, x.id AS id, x.name AS name, {number} AS number, {platform} AS platform, "
    "t.interactions AS n, t.q AS q"
)
_ACTING: Final = (
    "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[:LIKED|COMMENTED|SHARED|MENTIONED]->(:Post)<-[:PUBLISHED]-(p:Page) "
    "WHERE k.id IN $ids RETURN DISTINCT k.id AS cluster, a.id AS account, p.id AS page"
)
_MEETINGS: Final = PAIRS.format(where="k.id IN $ids") + (
    "RETURN k.id AS cluster, c.first_ms AS first_ms, c.last_ms AS last_ms"
)


class _Target(NamedTuple):
    """A paslon, or a page that supports none; in the order in which they are drawn where they weigh the same."""

    is_page: bool
    id: str


def overview(project: Project, clusters: Sequence[Mapping[str, Any]], window_ms: int) -> Overview:
    """The largest clusters of a run, and the paslon and other pages on whose posts five or more members act.

    Args:
        project: whose store is read.
        clusters: id, number and size of each, in the order of their numbers.
        window_ms: of the run.
    """
    drawn = [str(c["id"]) for c in clusters[:_DRAWN_CLUSTERS]]
    supporting = paslon_of_pages(project)
    rows = _targets(project, drawn, supporting)
    acting = _acting(project, drawn, supporting)
    told = [(target, row) for target, row in rows if len(acting[row["cluster"], target]) >= FEWEST]
    weight: Counter[_Target] = Counter()
    for target, row in told:
        weight[target] += row["n"]
    # Paslon before pages that support none: those are what the office is there for.
    ordered = sorted(weight, key=lambda t: (t.is_page, -weight[t], t.id))
    place = {target: n for n, target in enumerate(ordered[:_DRAWN_TARGETS])}
    names = {t: f"{called(r)} ({r['platform']})" if r["platform"] else called(r) for t, r in told}
    ties = [
        Tie(drawn.index(row["cluster"]), place[target], int(row["n"]), row["q"] is not None and row["q"] <= _BEYOND)
        for target, row in told
        if target in place
    ]
    met = _met(project, drawn, window_ms)
    return Overview(
        tuple((int(c["number"]), int(c["size"]), met.get(str(c["id"]), ())) for c in clusters[:_DRAWN_CLUSTERS]),
        len(clusters),
        tuple((names[target], not target.is_page) for target in place),
        len(ordered),
        tuple(sorted(ties, key=lambda t: (t.cluster, t.target))),
        len(rows) - len(told),
    )


def _targets(
    project: Project, clusters: list[str], supporting: Mapping[str, Sequence[Supported]]
) -> list[tuple[_Target, Row]]:
    """Paslon on whose posts members act, and pages that support none."""
    found = []
    for label, number, platform in (("Paslon", "x.number", "null"), ("Page", "null", "x.platform")):
        query = _TARGETS.format(label=label, number=number, platform=platform)
        rows = project.store.read(query, {"ids": clusters}).to_pylist()
        found += [
            (_Target(label == "Page", r["id"]), r) for r in rows if label == "Paslon" or r["id"] not in supporting
        ]
    return found


def _acting(
    project: Project, clusters: list[str], supporting: Mapping[str, Sequence[Supported]]
) -> defaultdict[tuple[str, _Target], set[str]]:
    """Members who acted on posts of each target, by cluster and target."""
    found: defaultdict[tuple[str, _Target], set[str]] = defaultdict(set)
    for row in project.store.read(_ACTING, {"ids": clusters}).to_pylist():
        paslon = [_Target(False, p.id) for p in supporting.get(row["page"], ())]
        for target in paslon or [_Target(True, row["page"])]:
            found[row["cluster"], target].add(row["account"])
    return found


def _met(project: Project, clusters: list[str], window_ms: int) -> dict[str, tuple[int, ...]]:
    """When pairs of each cluster met for the first and the last time."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in project.store.read(_MEETINGS, {"ids": clusters, "window": window_ms}).to_pylist():
        found[row["cluster"]] |= {int(at) for at in (row["first_ms"], row["last_ms"]) if at is not None}
    return {cluster: tuple(sorted(times)) for cluster, times in found.items()}
