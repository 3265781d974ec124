"""What each family of evidence shows between the accounts of a lead, and what they wrote, published or liked alike."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from graphwatch.explain.model import Agreed, FamilyEvidence, Use
from graphwatch.model.scope import ALL, FAMILIES, WINDOWS, Scope
from graphwatch.repository.runs import (
    AgreedAct,
    Pair,
    acts_of_accounts,
    agreed_acts,
    bursts_of_cluster,
    pairs_among,
)
from graphwatch.repository.wordings import doers
from graphwatch.store.base import ReadableStore

if TYPE_CHECKING:
    from graphwatch.detection.parameters import Parameters

ACTS: Final = "acts"


def evidence_of(
    store: ReadableStore, run: Mapping[str, Any], scope: Scope, accounts: Sequence[str], active: int
) -> tuple[tuple[FamilyEvidence, ...], tuple[str, ...]]:
    """What the run found between these accounts in each family that it tested, and the names of those it did not.

    Args:
        store: with the run.
        run: its properties.
        scope: of the run.
        accounts: of the lead.
        active: how many of them have an act that the run saw within the window.
    """
    if run["fdr"] is None:
        return (), ()
    looked: dict[str, dict[str, int]] = json.loads(run["layers"] or "{}")
    tested, windows = ([name for name in names if name in looked] for names in (FAMILIES, WINDOWS))
    doing = doers(store, scope, accounts) if tested else {}
    pairs = pairs_among(store, run["id"], run["window_ms"], accounts)
    own = {"accounts": run["accounts"] or 0, "objects": run["objects"] or 0}
    found = [_evidence(ACTS, [p for p in pairs if p.layer == ALL], active, own)] if own["accounts"] else []
    doers_of = dict.fromkeys(windows, active) | {name: len(done) for name, done in doing.items()}
    found += [
        _evidence(name, [p for p in pairs if p.layer == name], doers_of[name], looked[name])
        for name in (*windows, *tested)
    ]
    missing = [name for name in FAMILIES if name not in tested]
    return tuple(found), tuple(missing if own["accounts"] else [ACTS, *missing])


def _evidence(family: str, pairs: Sequence[Pair], doing: int, of: Mapping[str, int]) -> FamilyEvidence:
    return FamilyEvidence(
        family=family,
        doers=doing,
        pairs=len(pairs),
        n=sum(pair.n for pair in pairs),
        expected=sum(pair.expected or 0.0 for pair in pairs),
        q=min((pair.q for pair in pairs if pair.q is not None), default=None),
        log10_p=min((pair.log10_p for pair in pairs if pair.log10_p is not None), default=None),
        coordinated=sum(bool(pair.coordinated) for pair in pairs),
        accounts=of["accounts"],
        objects=of["objects"],
    )


def agreed_in_cluster(store: ReadableStore, cluster: str) -> tuple[Agreed, ...]:
    """What the members of a cluster of a family agree on, as the store has it now."""
    acts = agreed_acts(store, cluster)
    return _ordered(
        _agreed(burst.object, burst.object_kind, (acts[id] for id in burst.interactions if id in acts))
        for burst in bursts_of_cluster(store, cluster)
    )


def agreed_by_pair(
    store: ReadableStore, asked: "Parameters", family: str, accounts: Sequence[str]
) -> tuple[Agreed, ...]:
    """What two accounts have in common in a family; it is found again, for the graph keeps it of clusters only."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from graphwatch.detection.families.gathering import testable_families

    acts, kind = acts_of_accounts(store, accounts), "post" if family == "untimed" else family
    used: dict[str, list[AgreedAct]] = {}
    for of in testable_families(store, asked, [family]):
        own = pc.is_in(of.acts["account"].combine_chunks(), value_set=pa.array(accounts, pa.string()))
        objects = of.objects.take(pa.array(of.object)).filter(own).to_pylist()
        for object, id in zip(objects, of.acts["id"].filter(own).to_pylist(), strict=True):
            if id in acts:
                used.setdefault(object, []).append(acts[id])
    return _ordered(_agreed(object, kind, done) for object, done in used.items())


def _agreed(object: str, kind: str, acts: Iterable[AgreedAct]) -> Agreed | None:
    """None where fewer than two accounts are left that used the object."""
    done = sorted(acts, key=lambda act: (act.at_ms is None, act.at_ms or 0, act.account, act.id))
    members = len({act.account for act in done})
    if members < 2:
        return None
    uses = tuple(Use(act.account, act.handle, act.kind, act.at_ms, act.post, act.text) for act in done)
    return Agreed(object, done[0].url if kind == "post" else None, members, uses)


def _ordered(found: Iterable[Agreed | None]) -> tuple[Agreed, ...]:
    return tuple(sorted((one for one in found if one), key=lambda agreed: (-agreed.members, agreed.object)))
