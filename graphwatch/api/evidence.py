"""The interactions behind a lead, read from the store: bursts, pace, and for a pair its links to the roster."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from graphwatch.detect import BASES
from graphwatch.explanation import Act, Agency, Burst, OnRoster, Pace

if TYPE_CHECKING:
    import numpy as np

    from graphwatch.api.desk import Desk
    from graphwatch.detect import Actions, Bursts

_WIB_MS: Final = 7 * 3_600_000
_DAY_MS: Final = 24 * 3_600_000
# A link counts where the account acted while it was valid.
_IN_FORCE: Final = (
    "i.at_ms >= coalesce({x}.from_ms, i.at_ms) AND i.at_ms < coalesce({x}.to_ms, i.at_ms + 1)"  # both ends may be open
)


@dataclass(frozen=True, slots=True)
class Together:
    """Bursts of some accounts, and the counts that `Pace` is made of."""

    bursts: tuple[Burst, ...]
    interactions: int
    hours: tuple[int, ...]


def bursts_of(desk: "Desk", accounts: Sequence[str], kinds: Sequence[str], window_ms: int) -> Together:
    """The bursts of these accounts in order of time, with the posts, who published them, and every interaction."""
    rows = desk.store.read(
        f"MATCH (a:Account)-[i:{'|'.join(kinds)}]->(o:Post) WHERE a.id IN $accounts AND i.at_ms IS NOT NULL "
        "RETURN a.id AS account, o.id AS post, i.kind AS kind, i.at_ms AS at_ms ORDER BY post, at_ms, account, kind",
        {"accounts": list(accounts)},
    ).to_pylist()
    if not rows:
        return Together((), 0, (0,) * 24)
    from graphwatch.detect import arrange, find_bursts

    posts = sorted({row["post"] for row in rows})
    codes = {post: code for code, post in enumerate(posts)}
    member = {account: code for code, account in enumerate(accounts)}
    actions = arrange(
        [member[row["account"]] for row in rows],
        [codes[row["post"]] for row in rows],
        [row["at_ms"] for row in rows],
        [kinds.index(row["kind"]) for row in rows],
        accounts=len(accounts),
    )
    found = find_bursts(actions, range(len(accounts)), [1] * len(accounts), window_ms)
    about = _about(desk, sorted({posts[code] for code in found.object.tolist()}))
    bursts = [_burst(actions, found, k, about, accounts, posts, kinds) for k in range(len(found))]
    at_ms = actions.at_ms[found.place[found.inside]]
    return Together(tuple(sorted(bursts, key=lambda b: (b.first_ms, b.post))), len(rows), _hours(at_ms))


def _hours(at_ms: "np.ndarray[Any, np.dtype[np.int64]]") -> tuple[int, ...]:
    import numpy as np

    return tuple(np.bincount((at_ms + _WIB_MS) // 3_600_000 % 24, minlength=24).tolist())


def _about(desk: "Desk", posts: list[str]) -> dict[str, dict[str, Any]]:
    """What is known of these posts; of several pages that published one, the one with the smallest id."""
    rows = desk.store.read(
        "MATCH (o:Post) WHERE o.id IN $posts OPTIONAL MATCH (p:Page)-[:PUBLISHED]->(o) "
        "RETURN o.id AS post, o.url AS url, o.text AS text, o.at_ms AS at_ms, p.name AS name, p.id AS page "
        "ORDER BY post, page DESC",
        {"posts": posts},
    ).to_pylist()
    return {row["post"]: row for row in rows}


def _burst(
    actions: "Actions",
    found: "Bursts",
    which: int,
    about: dict[str, dict[str, Any]],
    accounts: Sequence[str],
    posts: list[str],
    kinds: Sequence[str],
) -> Burst:
    post = about[posts[int(found.object[which])]]
    places = found.place[found.begin[which] : found.end[which]].tolist()
    acts = (Act(accounts[actions.account[p]], kinds[actions.kind[p]], int(actions.at_ms[p])) for p in places)
    return Burst(
        post=post["post"],
        url=post["url"],
        text=post["text"],
        page=post["name"] or post["page"],
        published_ms=post["at_ms"],
        members=int(found.members[which]),
        most=int(found.most[which]),
        acts=tuple(acts),
    )


def pace_of(together: Together, lead: dict[str, Any]) -> Pace:
    """When and how closely; the time that covers half of a cluster is the run's."""
    acts = sum(together.hours)
    return Pace(
        interactions=together.interactions,
        burst_share=acts / together.interactions if together.interactions else 0.0,
        days=len({(burst.first_ms + _WIB_MS) // _DAY_MS for burst in together.bursts}),
        hours=together.hours,
        half_time_s=lead.get("half_time_s"),
        half_objects=lead.get("half_objects"),
    )


def pair_on_roster(desk: "Desk", accounts: Sequence[str], kinds: Sequence[str], active: int | None) -> OnRoster | None:
    """What the roster says of the two accounts of a pair; nothing is tested. None where the run saw no roster."""
    if active is None:
        return None
    acted = f"(a)-[i:{'|'.join(kinds)}]->(:Post)"
    given = {"accounts": list(accounts)}
    people = desk.store.read(
        f"MATCH (a:Account)-[b:BELONGS_TO]->(:Asn), {acted} WHERE a.id IN $accounts AND {_IN_FORCE.format(x='b')} "
        "RETURN DISTINCT a.id AS account, b.basis AS basis",
        given,
    ).to_pylist()
    duty = desk.store.read(
        f"MATCH (a:Account)-[d:OPERATED_BY]->(:Agency), {acted} WHERE a.id IN $accounts AND {_IN_FORCE.format(x='d')} "
        "RETURN count(DISTINCT a.id) AS n",
        given,
    )["n"][0].as_py()
    at = desk.store.read(
        f"MATCH (a:Account)-[b:BELONGS_TO]->(:Asn)-[w:WORKS_AT]->(g:Agency), {acted} WHERE a.id IN $accounts "
        f"AND {_IN_FORCE.format(x='b')} AND {_IN_FORCE.format(x='w')} "
        "RETURN g.id AS id, g.name AS name, count(DISTINCT a.id) AS n ORDER BY n DESC, id",
        given,
    ).to_pylist()
    strongest: dict[str, int] = {}
    for row in people:
        if row["basis"] in BASES:
            rank = BASES.index(row["basis"])
            strongest[row["account"]] = min(rank, strongest.get(row["account"], rank))
    verified, confirmed, self_declared = ([*strongest.values()].count(rank) for rank in range(len(BASES)))
    agencies = tuple(Agency(row["id"], row["name"], row["n"], None, None) for row in at)
    return OnRoster(len(strongest), verified, confirmed, self_declared, duty, active, None, None, agencies)
