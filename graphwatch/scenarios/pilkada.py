"""A seeded synthetic Pilkada: an audience that behaves like one, with clusters planted in it.

The audience follows pages and acts on their posts. Fans with notifications act within minutes of a
publication; others hours later, when they are awake; some posts go viral. None of them act together on
purpose. The planted accounts do: seconds apart, hours after publication.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from graphwatch.errors import GraphwatchError
from graphwatch.scenarios.behaviour import organic, plant, with_planted
from graphwatch.scenarios.columns import account_ids, interactions_of, pages_of, paslon_of, people_of, posts_of
from graphwatch.scenarios.office import complaints_of, staff_of
from graphwatch.scenarios.world import PLATFORMS, make_world

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Scenario:
    """Flat tables in the columns that loading understands, and what was planted.

    `truth` gives the ids in the graph (`platform:native id`) of the members of each planted cluster,
    numbered from 1.
    """

    paslon: "pa.Table"
    pages: "pa.Table"
    posts: "pa.Table"
    interactions: "pa.Table"
    roster: "pa.Table"
    accounts_of_asn: "pa.Table"
    complaints: "pa.Table"
    truth: dict[int, list[str]]

    @property
    def tables(self) -> "dict[str, pa.Table]":
        """The tables by kind of load, in loading order."""
        kinds = ("paslon", "pages", "posts", "interactions", "roster", "accounts-of-asn", "complaints")
        return {kind: getattr(self, kind.replace("-", "_")) for kind in kinds}

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write one CSV a table into a folder, made if need be; the files by kind of load, in loading order.

        Raises:
            GraphwatchError: the folder cannot be made, or a file not be written.
        """
        from pyarrow import csv

        target = Path(folder)
        files = {kind: target / f"{kind}.csv" for kind in self.tables}
        try:
            target.mkdir(parents=True, exist_ok=True)
            for kind, table in self.tables.items():
                csv.write_csv(table, files[kind], csv.WriteOptions(quoting_style="needed"))
        except OSError as error:
            raise GraphwatchError(
                f"the files cannot be written: {error.strerror or error}",
                where=str(target),
                remedy="Choose a folder that you may write to.",
            ) from error
        return files


def pilkada(
    seed: int = 2024,
    *,
    accounts: int = 600,
    posts: int = 480,
    days: int = 60,
    groups: int = 5,
    spread: float = 30.0,
) -> Scenario:
    """A synthetic Pilkada; everything in it is invented, and one seed always makes the same one.

    Args:
        seed: of the random numbers.
        accounts: accounts in the audience, planted ones among them.
        posts: posts of all pages.
        days: days of campaign over which they are spread.
        groups: clusters to plant, of 5 to 12 accounts each; 0 for an election with nothing to find.
        spread: seconds within which the members of a planted cluster act on a post.

    Raises:
        ValueError: there are too few accounts or posts for that many clusters, or too few accounts for a roster.

    >>> scenario = pilkada(accounts=300, groups=2)
    >>> sorted(scenario.truth)
    [1, 2]
    >>> scenario.interactions.column_names[:3]
    ['account', 'account_handle', 'account_name']
    """
    # A generator for each part: planting more or fewer clusters leaves the audience as it is.
    worlds, behaviour, planting, texts, office = (np.random.default_rng([seed, part]) for part in range(5))
    world = make_world(worlds, accounts=accounts, posts=posts, days=days)
    planted = plant(world, planting, groups=groups, spread=spread)
    acts = with_planted(organic(world, behaviour), planted, posts)
    native, written = account_ids(world), posts_of(world, texts)
    handles, names = people_of(world, texts)
    pages, interactions = pages_of(world), interactions_of(world, acts, handles, names)
    staff = staff_of(world, planted, office, handles)
    return Scenario(
        paslon=paslon_of(),
        pages=pages,
        posts=written,
        interactions=interactions,
        roster=staff.roster,
        accounts_of_asn=staff.accounts,
        complaints=complaints_of(interactions, pages, [str(native[k]) for k in staff.ordinary[1:]]),
        truth={
            number: sorted(f"{PLATFORMS[world.account_platform[m]]}:{native[m]}" for m in cluster.members)
            for number, cluster in enumerate(planted, 1)
        },
    )
