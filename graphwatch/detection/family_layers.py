"""Whether accounts agree on texts, links or likes beyond chance, and which clusters they form: layers of a run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.detection.chance.hypothesis_tests import Tests, benjamini_hochberg
from graphwatch.detection.counting.kernels import by_object_and_time
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Pairs, arrange, described
from graphwatch.detection.families.agreement import Agreement, Candidates, agreement, candidates_of
from graphwatch.detection.families.bicm import shared_interest
from graphwatch.detection.families.gathering import Family, by_day, coded, times_of
from graphwatch.detection.families.uses import Uses, uses
from graphwatch.detection.groups.bursts import Bursts, acts_of, find_bursts, gather
from graphwatch.detection.groups.clusters import SMALLEST, Clusters, describe, not_known
from graphwatch.detection.groups.enrichment import Context, enrich
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.run import BicmTest, Found, Ran
from graphwatch.detection.search import NullTest
from graphwatch.model.tables import InteractionColumns

# Any two acts with one object are together, whenever they were.
_EVER_MS: Final = 1 << 61


@dataclass(frozen=True, slots=True)
class Tested:
    """What a family showed, and for each burst the ids of the acts that it is made of."""

    found: Found
    interactions: pa.ListArray


def with_families(
    ran: Ran,
    families: Sequence[Family],
    columns: InteractionColumns,
    context: Context,
    threads: int | None = None,
) -> tuple[Ran, list[pa.ListArray]]:
    """The run with a layer for each family, and of each of these the ids of the acts of its bursts.

    All families beside timed acts share one false discovery rate: each is tested at its part of it (Bonferroni).

    Args:
        columns: whose accounts give the codes.
    """
    whole, tested = ran.whole, []
    for family in families:
        found = judged(family, columns.accounts, whole.parameters, families=len(families), threads=threads)
        tested.append(_layer(family, found, whole, columns.accounts, replace(context, targets=())))
    return replace(ran, layers=(*ran.layers, *(t.found for t in tested))), [t.interactions for t in tested]


def with_days(ran: Ran, columns: InteractionColumns, context: Context, threads: int | None = None) -> Ran:
    """The run with a layer of the posts on which accounts acted on one day; unchanged where there is nothing to test.

    Args:
        columns: the interactions whose day is known.
        context: with the pages that published the posts.
    """
    whole = ran.whole
    pages = next((targets for targets in context.targets if targets.label == "Page"), None)
    family = by_day(columns, pages) if pages and whole.parameters.scope.object == "post" else None
    if family is None or family.testable(whole.parameters.min_objects) < SMALLEST:
        return ran
    found = judged(
        family, columns.accounts, whole.parameters, families=1 + len(whole.parameters.windows), threads=threads
    )
    cluster_of = not_known(found.agreed.cluster_of, [of.clusters for of in ran.layers if of.layer not in columns.kinds])
    found = replace(found, agreed=replace(found.agreed, cluster_of=cluster_of))
    days = _layer(family, found, whole, columns.accounts, replace(context, targets=())).found
    return replace(ran, layers=(*ran.layers, days))


@dataclass(frozen=True, slots=True)
class Judged:
    """A family's acts as the kernels take them, the order in which they were sorted, and what was found in them.

    `used` is how many objects each account used, and `fdr` the rate at which the family was tested.
    """

    actions: Actions
    order: Longs
    agreed: Agreement
    used: Longs
    fdr: float


def judged(
    family: Family, accounts: pa.StringArray, asked: Parameters, *, families: int, threads: int | None = None
) -> Judged:
    """Test the pairs of a family, and find its clusters, at its part of the false discovery rate."""
    assert asked.fdr is not None
    fdr = asked.fdr / families
    kind = np.array([family.kinds.index(name) for name in family.acts["kind"].to_pylist()], np.int8)
    at_ms = times_of(family.acts)
    actions = arrange(_accounts_of(family, accounts), family.object, at_ms, kind, accounts=len(accounts))
    used, narrower = _used_of(family, accounts, asked)
    agreed = agreement(used, asked.min_objects, fdr, seed=asked.seed, threads=threads, narrower=narrower)
    order: Longs = by_object_and_time(family.object, at_ms)[0].astype(np.int64)
    return Judged(actions, order, agreed, np.diff(used.of_account[0]), fdr)


def candidates_in(
    family: Family, accounts: pa.StringArray, asked: Parameters, *, threads: int | None = None
) -> Candidates:
    """The pairs of a family that may agree, as `judged` has them."""
    used, narrower = _used_of(family, accounts, asked)
    return candidates_of(used, asked.min_objects, threads=threads, narrower=narrower)


def _accounts_of(family: Family, accounts: pa.StringArray) -> Ints:
    code: Ints = pc.index_in(family.acts["account"].combine_chunks(), value_set=accounts).to_numpy().astype(np.int32)
    return code


def _used_of(family: Family, accounts: pa.StringArray, asked: Parameters) -> tuple[Uses, Callable[[], Uses] | None]:
    """The uses of a family; in wide blocks where it has these, and then in the others, too."""
    in_blocks = partial(
        uses,
        _accounts_of(family, accounts),
        family.object,
        accounts=len(accounts),
        dense=family.name != "text",
        least=asked.min_objects,
    )
    if family.wide is None:
        return in_blocks(family.block), None
    return in_blocks(family.wide), partial(in_blocks, family.block)


def _layer(family: Family, judged: Judged, whole: Found, accounts: pa.StringArray, context: Context) -> Tested:
    """What was found as a layer of the run whose other layers `whole` is one of."""
    actions, agreed = judged.actions, judged.agreed
    pairs = described(actions, agreed.first, agreed.second, agreed.shared, _EVER_MS, 0, None)
    clusters = describe(actions, pairs, agreed.cluster_of, agreed.cluster_of, _EVER_MS)
    opportunities: Ints = np.minimum(judged.used[agreed.first], judged.used[agreed.second]).astype(np.int32)
    tests = Tests(agreed.tests, 0.0)
    null_test = NullTest(opportunities, agreed.expected, agreed.log10_p, agreed.q, agreed.coordinated, _EVER_MS, tests)
    bursts = find_bursts(actions, clusters.member, clusters.of, _EVER_MS)
    evidence = gather(actions, pairs, clusters, bursts, (opportunities, agreed.expected, agreed.q))
    if (actions.at_ms < 0).any():  # what has no time has no hour and no day
        nothing = np.full_like(evidence.half_time_s, np.nan)
        evidence = replace(evidence, hours=evidence.hours * 0, days=evidence.days * 0, half_time_s=nothing)
    found = Found(
        run=whole.run,
        layer=family.name,
        parameters=whole.parameters,
        version=whole.version,
        fingerprint=whole.fingerprint,
        accounts=accounts,
        objects=family.objects,
        posts=coded(family.acts["post"])[1],
        pairs=pairs,
        null_test=null_test,
        bicm_test=_interest(actions, pairs, judged.fdr),
        clusters=clusters,
        bursts=bursts,
        acts=acts_of(bursts, actions, coded(family.acts["post"])[0].astype(np.int32)[judged.order]),
        evidence=evidence,
        enrichment=enrich(actions, clusters.member, clusters.of, context),
        denominators=_denominators(family, judged, pairs, clusters),
        kinds=family.kinds,
        object="post" if family.name in ("untimed", "day") else family.name,
    )
    return Tested(found, _ids(bursts, family.acts["id"].combine_chunks().take(pa.array(judged.order))))


def _denominators(family: Family, judged: Judged, pairs: Pairs, clusters: Clusters) -> dict[str, int]:
    return {
        **family.told,
        "accounts": int(np.count_nonzero(judged.used)),
        "objects": len(np.unique(family.object)),
        "tests": judged.agreed.tests,
        "pairs": len(pairs),
        "clusters": len(clusters),
        "coordinated": int(judged.agreed.coordinated.sum()),
    }


def _interest(actions: Actions, pairs: Pairs, fdr: float) -> BicmTest:
    tested = shared_interest(actions, pairs.first, pairs.second)
    q = 10.0 ** benjamini_hochberg(tested.log10_p, max(tested.tests, len(pairs)))
    return BicmTest(tested.expected, tested.log10_p, q, q <= fdr)


def _ids(bursts: Bursts, ids: pa.StringArray) -> pa.ListArray:
    """The ids of the acts of each burst; sorted, so that no engine decides their order."""
    found: Any = [
        sorted(ids.take(pa.array(bursts.place[begin:end])).to_pylist())
        for begin, end in zip(bursts.begin.tolist(), bursts.end.tolist(), strict=True)
    ]
    return pa.array(found, pa.list_(pa.string()))
