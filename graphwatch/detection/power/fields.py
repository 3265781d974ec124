"""Fields on which groups are planted: acts within a window or on one day, texts, links, and likes without a time.

Each is looked at by what a detection looks at it with, at its part of the false discovery rate.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS, OFFSET_MS, day_numbers
from graphwatch.detection.chance.ages import began_ms
from graphwatch.detection.chance.null_model import is_drawn
from graphwatch.detection.counting.pairs import Ints, Mask
from graphwatch.detection.families.gathering import Family, Gathered, by_day, coded, times_of
from graphwatch.detection.family_layers import candidates_in
from graphwatch.detection.groups.clusters import SMALLEST
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.power.planting import Age, Codes, Ground, Group, laid_out
from graphwatch.detection.search import clusters_of_some, search
from graphwatch.model.tables import InteractionColumns

if TYPE_CHECKING:
    from graphwatch.detection.groups.enrichment import Targets

# What a search takes for each act, where one within a minute takes 1; measured on 43,000 acts.
_BY_DRAWING: Final = 15.0
_BY_AGREEMENT: Final = 3.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a copy showed: the number of each account's cluster, 0 for none.

    `without` gives the same had the pairs with these accounts not been there.
    """

    cluster_of: Ints
    without: Callable[[Mask], Ints]


@dataclass(frozen=True, slots=True)
class Field:
    """A layer of a run and an age of posts, with the ground on which groups are planted there.

    Attributes:
        layer: all, the name of a further window, or that of a family.
        age: of the posts when groups act on them; None where that is not asked.
        ground: where groups can be planted.
        look: plants groups into a copy and looks for clusters.
        work: what a look takes, in any unit.
    """

    layer: str
    age: Age | None
    ground: Ground
    look: Callable[[Sequence[Group]], Look]
    work: float


def timed_field(
    columns: InteractionColumns,
    asked: Parameters,
    age: Age,
    *,
    layer: str,
    spread_s: float | None = None,
    chosen: Codes | None = None,
    threads: int | None = None,
) -> Field:
    """Acts within the window of these parameters, tested at their rate.

    Args:
        layer: name of the window.
        spread_s: standard deviation, in seconds, of the members' times on a post; half of the window when left out.
        chosen: accounts of which groups are made; all that act when left out.
    """
    began = began_ms(columns)
    age_ms = columns.at_ms - began
    young = True if age.until_s is None else age_ms < 1000 * age.until_s
    rows = np.flatnonzero((age_ms >= 1000 * age.since_s) & young)
    spread_ms = asked.window_ms / 2 if spread_s is None else 1000 * spread_s

    def times(row: Codes, rng: np.random.Generator) -> Codes:
        jitter = np.rint(spread_ms * rng.standard_normal(len(row))).astype(np.int64)
        at_ms: Codes = np.maximum(columns.at_ms[row] + jitter, began[row])
        return at_ms

    def look(groups: Sequence[Group]) -> Look:
        found = search(spike(columns, groups), asked, threads=threads)
        cluster_of = np.zeros(found.actions.accounts, np.int32)
        cluster_of[found.clusters.member] = found.clusters.of

        def without(others: Mask) -> Ints:
            kept = ~(others[found.pairs.first] | others[found.pairs.second])
            return clusters_of_some(found, kept, asked, threads=threads)

        return Look(cluster_of, without)

    work = len(columns.account) * (_BY_DRAWING if asked.fdr is not None and is_drawn(asked.window_ms) else 1.0)
    return Field(layer, age, _ground(columns, rows, times, chosen), look, work)


def day_field(
    columns: InteractionColumns,
    asked: Parameters,
    pages: "Targets",
    *,
    chosen: Codes | None = None,
    threads: int | None = None,
) -> Field | None:
    """Acts on one day, tested with the further windows; None where there is nothing to test.

    A group acts on a post at any time of the day of the act whose place it takes, and not before publication.
    """
    family = by_day(columns, pages)
    if family is None or family.testable(asked.min_objects) < SMALLEST:
        return None
    began = began_ms(columns)
    rows = np.flatnonzero(np.isin(columns.object, pages.object[pages.target >= 0]))

    def times(row: Codes, rng: np.random.Generator) -> Codes:
        begin = day_numbers(columns.at_ms[row]) * DAY_MS - OFFSET_MS
        since = np.maximum(begin, np.minimum(began[row], columns.at_ms[row]))
        drawn: Codes = since + (rng.random(len(row)) * (begin + DAY_MS - since)).astype(np.int64)
        return drawn

    def look(groups: Sequence[Group]) -> Look:
        spiked = by_day(spike(columns, groups), pages)
        assert spiked is not None
        return _agreeing(spiked, columns.accounts, asked, 1 + len(asked.windows), threads)

    return Field("day", None, _ground(columns, rows, times, chosen), look, _BY_AGREEMENT * len(columns.account))


def family_field(
    gathered: Gathered,
    accounts: pa.StringArray,
    asked: Parameters,
    *,
    families: int,
    chosen: Codes | None = None,
    threads: int | None = None,
) -> Field:
    """Texts, links or likes without a time.

    A group writes a text of its own below each of its posts, when somebody else wrote there; it publishes a link that
    another account published, unless that is everybody's, or likes a post that others like.

    Args:
        accounts: give the codes.
        families: how many share the rate, this one among them.
    """
    acts, at_ms = gathered.acts, times_of(gathered.acts)
    account = _codes(acts["account"], accounts)
    object = coded(acts["post"] if gathered.name == "text" else gathered.object)[0]
    family = gathered.family()
    usable = pc.is_in(gathered.object, value_set=family.objects.take(pa.array(np.unique(family.object))))
    rows = np.flatnonzero(usable.to_numpy(zero_copy_only=False) | (gathered.name == "text"))
    anchors, starts = laid_out(rows, object, coded(acts["id"])[0], at_ms, account)
    members = np.unique(account).astype(np.int64)
    ground = Ground(_among(members, chosen), len(members), anchors, starts, lambda row, _: at_ms[row])

    def look(groups: Sequence[Group]) -> Look:
        spiked = _with_acts(gathered, groups, accounts).tested(asked.min_objects)
        if spiked is None:
            nobody = np.zeros(len(accounts), np.int32)
            return Look(nobody, lambda _: nobody)
        return _agreeing(spiked, accounts, asked, families, threads)

    return Field(gathered.name, None, ground, look, _BY_AGREEMENT * acts.num_rows)


def spike(columns: InteractionColumns, groups: Sequence[Group]) -> InteractionColumns:
    """A copy of the interactions with the groups in it; what a member did alone with a group's post gives way."""
    row, account, at_ms = (np.concatenate([getattr(g, name) for g in groups]) for name in ("row", "account", "at_ms"))
    kept = _not_taken(columns, account, row)
    rows = np.concatenate([kept, row])
    return replace(
        columns,
        object=columns.object[rows],
        kind=columns.kind[rows],
        post=None if columns.post is None else columns.post[rows],
        account=np.concatenate([columns.account[kept], account]),
        at_ms=np.concatenate([columns.at_ms[kept], at_ms]),
    )


def _not_taken(columns: InteractionColumns, account: npt.NDArray[np.int32], row: Codes) -> Codes:
    """The rows that stay: all but those of a member with a post on which it acts with its group."""
    post = columns.post_of_row
    member = np.zeros(len(columns.accounts), np.bool_)
    member[account] = True
    theirs = np.flatnonzero(member[columns.account])
    keys = columns.account[theirs].astype(np.int64) << 32 | post[theirs]
    kept = np.ones(len(columns.account), np.bool_)
    kept[theirs] = ~np.isin(keys, account.astype(np.int64) << 32 | post[row])
    return np.flatnonzero(kept)


def _with_acts(gathered: Gathered, groups: Sequence[Group], accounts: pa.StringArray) -> Gathered:
    """The acts of a family with those of the groups; a text of a group's is nobody else's."""
    row, account, burst = (np.concatenate([getattr(g, name) for g in groups]) for name in ("row", "account", "burst"))
    at = pa.array(row)
    acts = gathered.acts.take(at)
    acts = acts.set_column(0, "account", accounts.take(pa.array(account)))
    object = gathered.object.take(at)
    if gathered.name == "text":
        object = pa.array([f"text of a group below {number}" for number in burst.tolist()], pa.string())
    return replace(
        gathered,
        acts=pa.concat_tables([gathered.acts, acts.cast(gathered.acts.schema)]),
        object=pa.concat_arrays([gathered.object, object]),
        block=pa.concat_arrays([gathered.block, gathered.block.take(at)]),
        wide=None if gathered.wide is None else pa.concat_arrays([gathered.wide, gathered.wide.take(at)]),
    )


def _agreeing(family: Family, accounts: pa.StringArray, asked: Parameters, families: int, threads: int | None) -> Look:
    assert asked.fdr is not None
    found, fdr = candidates_in(family, accounts, asked, threads=threads), asked.fdr / families

    def without(others: Mask) -> Ints:
        kept = ~(others[found.first] | others[found.second])
        return found.clusters(asked.min_objects, fdr, seed=asked.seed, kept=kept)[1]

    return Look(found.clusters(asked.min_objects, fdr, seed=asked.seed)[1], without)


def _ground(
    columns: InteractionColumns,
    rows: Codes,
    times: Callable[[Codes, np.random.Generator], Codes],
    chosen: Codes | None,
) -> Ground:
    anchors, starts = laid_out(rows, columns.object, columns.kind, columns.account, columns.at_ms)
    members = np.unique(columns.account).astype(np.int64)
    return Ground(_among(members, chosen), len(members), anchors, starts, times)


def _among(acting: Codes, chosen: Codes | None) -> Codes:
    return acting if chosen is None else np.intersect1d(acting, chosen)


def _codes(ids: pa.ChunkedArray, known: pa.StringArray) -> Codes:
    codes: Codes = pc.index_in(ids.combine_chunks(), value_set=known).to_numpy().astype(np.int64)
    return codes
