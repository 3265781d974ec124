"""What a document about a cluster or an account is made of: its facts, its evidence, and what its pictures show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from graphwatch.casework.leads import Decisions
from graphwatch.detection.evidence.explaining import explain, explain_lag
from graphwatch.errors import NothingFound
from graphwatch.report.case_model import AccountCase, ClusterCase, Counts, Ego, Evidence, Picture
from graphwatch.report.names import Names
from graphwatch.report.shared_facts import (
    complaints_about,
    erased_since,
    later_of,
    said_of_data,
    told_decisions,
    weighed,
)
from graphwatch.repository.clusters import clusters_of_account, node_row
from graphwatch.repository.interactions import Act, acts_for_paslon, acts_of, pages_behind, publishers_of
from graphwatch.repository.paslon import paslon_of_pages
from graphwatch.repository.resolver import resolve
from graphwatch.repository.runs import Pair, Partner, bursts_of_cluster, pairs_of_cluster, partners_of, run_if_any
from graphwatch.repository.sources import sources_by_id
from graphwatch.rights.unmasking import Unmasking
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.explain.model import Explanation
    from graphwatch.rights.unmasking import Persons


Source = Mapping[str, object]


def paslon_of_acts(workspace: Workspace, acts: Iterable[Act]) -> dict[str, frozenset[str]]:
    """The paslon that the page behind each act supports, by the id of the act; none where it supports nobody."""
    acts = list(acts)
    pages, paslon = pages_behind(workspace.store, {act.object for act in acts}), paslon_of_pages(workspace.store)
    return {
        act.id: frozenset(p.id for p in paslon.get(pages[act.object].id, ())) if act.object in pages else frozenset()
        for act in acts
    }


def of_another_paslon(most: Iterable[frozenset[str]], asked: Iterable[frozenset[str]]) -> int:
    """How many of the acts that are asked about concern a paslon, and not the one that most of the first concern.

    >>> a, b = frozenset(["01"]), frozenset(["02"])
    >>> of_another_paslon([a, a, b], [a, b, b, frozenset()]), of_another_paslon([], [a])
    (2, 0)
    """
    weight = Counter(paslon for of in most for paslon in of)
    if not weight:
        return 0
    first = min(weight, key=lambda paslon: (-weight[paslon], paslon))
    return sum(bool(of) and first not in of for of in asked)


def sources_of(workspace: Workspace, acts: Iterable[Act], names: "Names") -> tuple[Source, ...]:
    """The Sources that supplied these interactions; file names and what names a masked account are withheld."""
    ids = sorted({row.rpartition(":")[0] for act in acts for row in act.sources})
    return tuple(_told_source(source, names) for source in sources_by_id(workspace.store, ids))


def _told_source(source: Mapping[str, Any], names: "Names") -> Source:
    told = {key: None if isinstance(v, str) and names.names(v) else v for key, v in source.items()}
    return {**told, "id": source["id"], "file": None if names.masked else told["file"]}


def as_evidence(
    workspace: Workspace, acts: Sequence[Act], burst_of: Mapping[str, int], sources: Sequence[Source], names: "Names"
) -> tuple[Evidence, ...]:
    """The interactions as a document lists them, with the number of the burst where `burst_of` has it."""
    digests = {str(s["id"]): s["file_sha256"] for s in sources}
    pages = publishers_of(workspace.store, sorted({act.object for act in acts}))
    found = tuple(
        Evidence(
            account=names.account(act.account),
            kind=act.kind,
            post=act.object if act.kind == "FOLLOWED" else names.post(act.object),
            at_ms=act.at_ms,
            at=act.at,
            page=pages[act.object].called if act.object in pages else None,
            burst=burst_of.get(act.id),
            text=names.text(act.text),
            url=None if names.masked else act.url,
            rows=tuple(_supplied(row, digests) for row in act.sources),
        )
        for act in acts
    )
    return _coarse(acts, found, names) if names.masked else found


def _coarse(acts: Sequence[Act], evidence: Sequence[Evidence], names: "Names") -> tuple[Evidence, ...]:
    """The same with times as they are told, without row numbers, in an order and with numbers that tell no time."""
    times = names.times
    at = [times.told(act.at_ms, act.account, act.kind) or 0 for act in acts]
    # A burst lies in one phase, so nothing is told to be in it that is told of another.
    moved = [(act.account, act.kind, act.at_ms) in times.moved for act in acts]
    kept = {one.burst for apart, one in zip(moved, evidence, strict=True) if not apart}
    burst_of = [None if apart and e.burst in kept else e.burst for apart, e in zip(moved, evidence, strict=True)]
    known = list(zip(burst_of, at, (one.post for one in evidence), strict=True))
    firsts = {burst: (told, post) for burst, told, post in reversed(known) if burst is not None}
    numbers = {burst: number for number, burst in enumerate(sorted(firsts, key=lambda b: (*firsts[b], b)), 1)}
    told = [
        replace(
            one,
            at_ms=None,
            at=times.said(one.at_ms, act.account, act.kind),
            burst=None if burst is None else numbers[burst],
            rows=tuple(sorted({(id, "", digest) for id, _, digest in one.rows}, key=str)),
        )
        for act, one, burst in zip(acts, evidence, burst_of, strict=True)
    ]
    when = {id(new): known_ms for new, known_ms in zip(told, at, strict=True)}
    return tuple(sorted(told, key=lambda e: (when[id(e)], e.burst or 0, e.account, e.post, e.kind)))


def _supplied(reference: str, digests: Mapping[str, object]) -> tuple[str, str, str | None]:
    id, _, row = reference.rpartition(":")
    digest = digests.get(id)
    return id, row, None if digest is None else str(digest)


# More circles or lines than this are no picture on a page.
_DRAWN_MEMBERS: Final = 150
_DRAWN_PAIRS: Final = 600
_DRAWN_PARTNERS: Final = 18
_DRAWN_PAGES: Final = 12


def cluster_picture(workspace: Workspace, cluster: str, window_ms: int, accounts: Sequence[str]) -> Picture:
    """Members by their place in the list, those with the most ties first where not all can be drawn."""
    found = pairs_of_cluster(workspace.store, cluster, window_ms)
    pairs = sorted(found, key=lambda pair: (-pair.n, pair.account_a, pair.account_b))
    number = {account: n for n, account in enumerate(accounts, 1)}
    drawn = set(_most_tied(pairs, accounts))
    among = [p for p in pairs if p.account_a in drawn and p.account_b in drawn]
    lines = tuple((number[p.account_a], number[p.account_b], p.n) for p in among[:_DRAWN_PAIRS])
    places = _places([a for a in accounts if a in drawn], among)
    return Picture({number[a]: place for a, place in places.items()}, lines, len(pairs))


def _most_tied(pairs: Iterable[Pair], accounts: Sequence[str]) -> list[str]:
    ties = Counter(end for pair in pairs for end in (pair.account_a, pair.account_b))
    return sorted(accounts, key=lambda a: (-ties[a], a))[:_DRAWN_MEMBERS]


def _places(accounts: Sequence[str], pairs: Iterable[Pair]) -> dict[str, tuple[float, float]]:
    import networkx as nx

    from graphwatch.export.positions import positions

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("the cluster", label="Cluster", number=1)
    for account in accounts:
        graph.add_node(account, label="Account")
        graph.add_edge(account, "the cluster", key=f"in {account}", type="MEMBER_OF")
    for pair in pairs:
        graph.add_edge(
            pair.account_a, pair.account_b, key=f"{pair.account_a} {pair.account_b}", type="CO_INTERACTED", n=pair.n
        )
    found = positions(graph)
    return {account: found[account] for account in accounts}


def ego(workspace: Workspace, objects: Iterable[str], partners: Sequence[Partner], names: "Names") -> Ego:
    """An account, the pages behind what it acted on, and its partners, called as the document calls them.

    Args:
        objects: the post or page of every act of the account.
        partners: most objects in common first.
    """
    acted = Counter(objects)
    pages = pages_behind(workspace.store, sorted(acted))
    counts: Counter[str] = Counter()
    for object, n in acted.items():
        if object in pages:
            counts[pages[object].id] += n
    called = {page.id: page.called for page in pages.values()}
    paslon = paslon_of_pages(workspace.store)
    ordered = sorted(counts, key=lambda page: (-counts[page], page))
    return Ego(
        tuple((called[p], paslon[p][0].name if p in paslon else None, counts[p]) for p in ordered[:_DRAWN_PAGES]),
        len(ordered),
        tuple((names.account(p.id), names.standing[p.id], p.n) for p in partners[:_DRAWN_PARTNERS]),
        len(partners),
    )


def cluster_case(
    workspace: Workspace,
    id: str,
    run: str,
    calendar: str | None,
    unmasking: Unmasking,
    language: str,
    made: dict[str, Any],
) -> "tuple[ClusterCase, Persons | None]":
    """A cluster, as its run saw it and as the store knows its interactions now; and whose accounts these are."""
    of = explain(workspace, id, run=run)
    if of.kind != "cluster":
        raise NothingFound(f"{id} is a pair", where=workspace.place, remedy="`graphwatch explain` tells of a pair.")
    accounts = [m.account for m in of.members]
    found_by = node_row(workspace, "Run", of.question.run)
    names = Names(workspace, _acted(of, accounts), unmasking)
    decided = Decisions(workspace)
    burst_of = {id: burst.number for burst in bursts_of_cluster(workspace.store, of.id) for id in burst.interactions}
    done = acts_of(workspace.store, accounts)
    acts = [act for act in done if act.id in burst_of]
    beside = [act for act in done if not act.within(found_by["window_ms"])]
    paslon = paslon_of_acts(workspace, [*acts, *beside])
    sources = sources_of(workspace, acts, names)
    on_roster = {a for a in accounts if names.standing[a] not in ("none", "unknown")}
    case = ClusterCase(
        **made,
        **weighed(workspace, ((act.kind, act.at_ms) for act in acts if act.account in on_roster), calendar, language),
        **said_of_data(workspace, of.question.run, language),
        run=found_by,
        masked=names.masked,
        still_masked=names.still_masked,
        named=names.named,
        erased=erased_since(found_by, [node_row(workspace, "Cluster", of.id)], {of.id: len(accounts)}),
        sources=sources,
        decisions=told_decisions((*decided.alike(of.id, tuple(accounts)), *decided.on(of.id)), names),
        complaints=complaints_about(workspace, accounts),
        explanation=names.explanation(of),
        standing={names.account(a): names.standing[a] for a in accounts},
        evidence=as_evidence(workspace, acts, burst_of, sources, names),
        later=later_of(workspace, of.id),
        beside=len(beside),
        beside_other=of_another_paslon((paslon[act.id] for act in acts), (paslon[act.id] for act in beside)),
        picture=cluster_picture(workspace, of.id, found_by["window_ms"], accounts),
    )
    return case, names.persons


def account_case(
    workspace: Workspace,
    name: str,
    run: str,
    calendar: str | None,
    unmasking: Unmasking,
    language: str,
    made: dict[str, Any],
) -> "tuple[AccountCase, Persons | None]":
    """An account: what it did on pages of paslon, and the leads that it is part of; and whose accounts these are."""
    id = resolve(workspace, name, ("Account",)).id
    account = node_row(workspace, "Account", id)
    known = run_if_any(workspace, run)
    found_by = None if known is None else node_row(workspace, "Run", known)
    # Of an account only what concerns a paslon's pages is the office's business.
    acts = acts_for_paslon(workspace.store, id)
    partners = [] if found_by is None else partners_of(workspace.store, id, found_by["id"], found_by["window_ms"])
    acted = {id: [act.at_ms for act in acts if act.at_ms is not None]}
    beside = {p.id: [at for at in (p.first_ms, p.last_ms) if at is not None] for p in partners}
    names = Names(workspace, acted, unmasking, beside)
    sources = sources_of(workspace, acts, names)
    decided = Decisions(workspace)
    clusters = clusters_of_account(workspace.store, id)
    lag = None if found_by is None else explain_lag(workspace, id, run=found_by["id"])
    case = AccountCase(
        **made,
        **weighed(workspace, ((act.kind, act.at_ms) for act in acts), calendar, language),
        **said_of_data(workspace, None if found_by is None else found_by["id"], language),
        run=found_by,
        masked=names.masked,
        still_masked=names.still_masked,
        named=names.named,
        erased=None if found_by is None else erased_since(found_by),
        sources=sources,
        decisions=told_decisions((d for lead in (id, *(c.id for c in clusters)) for d in decided.on(lead)), names),
        complaints=complaints_about(workspace, [id]),
        account=names.account(id),
        platform=account["platform"],
        standing=names.standing[id],
        evidence=as_evidence(workspace, acts, {}, sources, names),
        clusters=tuple(clusters),
        ego=ego(workspace, (act.object for act in acts), partners, names),
        counts=_counts(workspace, id, acts),
        lag=None if lag is None else names.lag(lag),
    )
    return case, names.persons


def _counts(workspace: Workspace, account: str, acts: Sequence[Act]) -> Counts:
    known = Counter(act.time_basis for act in acts)
    paslon = paslon_of_acts(workspace, acts)
    listed = {act.id for act in acts}
    return Counts(
        timed=known["acted"] + known["derived"],
        observed=known["observed"],
        untimed=known["untimed"],
        other=of_another_paslon(paslon.values(), paslon.values()),
        elsewhere=sum(act.id not in listed for act in acts_of(workspace.store, [account])),
    )


def _acted(of: "Explanation", accounts: Sequence[str]) -> dict[str, list[int]]:
    """When each member acted in the bursts; of one who did not, the first and the last act of all."""
    times: dict[str, list[int]] = {account: [] for account in accounts}
    for burst in of.bursts:
        for act in burst.acts:
            times[act.account].append(act.at_ms)
    known = [at for each in times.values() for at in each]
    between = [min(known), max(known)] if known else []
    return {account: each or between for account, each in times.items()}
