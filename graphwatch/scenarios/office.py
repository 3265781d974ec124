"""What an office holds of an invented audience: a partial roster of accounts, and complaints."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from graphwatch.scenarios.behaviour import Planted
from graphwatch.scenarios.columns import account_ids
from graphwatch.scenarios.names import CHECKED_BY, FAMILY_NAMES, GIVEN_NAMES, HOSTILE_NAMES, OFFICES
from graphwatch.scenarios.world import PLATFORMS, Array, World

if TYPE_CHECKING:
    import pyarrow as pa

# Of the largest planted cluster so many are civil servants, all but one of them of one agency.
_TOGETHER: Final = 6
_AGENCY_TOGETHER: Final = "pasar"
_AGENCY_BESIDE: Final = "lemahgading"
# Besides these, so many of the audience.
_ORDINARY: Final = 20
# Nobody of these years of birth is alive, so no NIP of them can be anybody's.
_BORN: Final = (date(1861, 1, 1), date(1880, 1, 1))
_MOVED: Final = date(2024, 10, 15)
_BASES: Final = (
    {"basis": "verified", "confidence": "high", "checked_at": "2024-08-19", "checked_by": CHECKED_BY},
    {"basis": "self-declared", "confidence": "low"},
    {"basis": "self-declared", "confidence": "medium"},
    {"basis": "confirmed-by-superior", "confidence": "medium", "checked_at": "2024-07-01", "checked_by": CHECKED_BY},
)
_ROSTER: Final = ("nip", "name", "agency", "agency_name", "parent", "kind", "valid_from", "valid_to")
_ACCOUNTS: Final = (
    *("platform", "account", "handle", "nip", "agency", "basis", "confidence", "checked_at", "checked_by"),
    *("valid_from", "valid_to"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Rows of a roster and of accounts of its persons, and the accounts' positions in the world.

    `together` are those in a planted cluster, `ordinary` the others whom a person holds, `duty` is an agency's.
    """

    roster: "pa.Table"
    accounts: "pa.Table"
    together: Array
    ordinary: Array
    duty: int


def staff_of(world: World, planted: list[Planted], rng: np.random.Generator, handles: Array) -> Staff:
    """A roster of forty persons, of whom some have an account in the audience.

    Args:
        world: whose accounts are taken.
        planted: clusters in it; of the largest several are on the roster.
        rng: random numbers.
        handles: of the accounts.

    Raises:
        ValueError: there are too few accounts.
    """
    persons = _persons(rng)
    largest = max(planted, key=lambda cluster: len(cluster.members), default=None)
    together = largest.members[:_TOGETHER] if largest else np.zeros(0, np.int64)
    taken = np.concatenate([np.zeros(0, np.int64), *(cluster.members for cluster in planted)])
    free = np.setdiff1d(np.arange(1, len(world.account_platform)), taken)
    if len(free) < _ORDINARY + 1:
        raise ValueError("too few accounts for a roster")
    # The first one has a hostile name; nobody's account is the duty account.
    drawn = np.concatenate([[free[0]], rng.choice(free[1:], _ORDINARY, replace=False)])
    ordinary, duty = drawn[:-1], int(drawn[-1])
    links = _links(world, persons, together, ordinary, handles)
    links.append(_account(world, duty) | {"agency": OFFICES[1].id})
    return Staff(_table([*persons, _moved(persons[-1])], _ROSTER), _table(links, _ACCOUNTS), together, ordinary, duty)


def _persons(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Everybody on the roster, office by office; two pairs of them have a name in common."""
    names = [f"{given} {family}" for given in GIVEN_NAMES for family in FAMILY_NAMES]
    count = sum(office.persons for office in OFFICES)
    drawn = [names[k] for k in rng.choice(len(names), count, replace=False)]
    drawn[-1], drawn[-2] = f"Dra. {drawn[0]}", f"{drawn[15]}, S.E."
    offices = [office for office in OFFICES for _ in range(office.persons)]
    days = rng.integers(0, (_BORN[1] - _BORN[0]).days, count)
    return [
        {
            "nip": _nip(_BORN[0] + timedelta(int(day)), number, kind),
            "name": name,
            "agency": office.id,
            "agency_name": office.name,
            "parent": office.parent,
            "kind": kind,
        }
        for number, (day, name, office, kind) in enumerate(
            zip(days, drawn, offices, cycle(("pns", "pns", "pppk")), strict=False), 1
        )
    ]


def _nip(born: date, number: int, kind: str) -> str:
    """Birth, month of appointment (for PPPK its year and 21), sex and a count.

    >>> _nip(date(1861, 2, 3), 7, "pns"), _nip(date(1861, 2, 3), 7, "pppk")
    ('186102031886032007', '186102031886211007')
    """
    month = "21" if kind == "pppk" else "03"
    return f"{born:%Y%m%d}{born.year + 25}{month}{1 + number % 2 if kind == 'pns' else 1}{number:03}"


def _moved(person: dict[str, Any]) -> dict[str, Any]:
    """The row of the same person at another agency; the first one ends the day before."""
    person["valid_to"] = _MOVED.isoformat()
    other = OFFICES[0]
    where = {"agency": other.id, "agency_name": other.name, "parent": other.parent}
    return person | where | {"valid_from": (_MOVED + timedelta(1)).isoformat(), "valid_to": None}


def _links(
    world: World, persons: list[dict[str, Any]], together: Array, ordinary: Array, handles: Array
) -> list[dict[str, Any]]:
    """Whose the accounts are; where each rarity of a real roster comes once."""
    of_agency = [p for p in persons if p["agency"] == _AGENCY_TOGETHER]
    elsewhere = [p for p in persons if p["agency"] != _AGENCY_TOGETHER]
    other = next(person for person in persons if person["agency"] == _AGENCY_BESIDE)
    holders = [*of_agency[: _TOGETHER - 1], other][: len(together)]
    # Every second one of the others has an account: the rest of the roster stays unseen.
    others = [*elsewhere[::2], *elsewhere[1::4]][: len(ordinary)]
    pairs = [*zip(together, holders, strict=True), *zip(ordinary, others, strict=False)]
    links = [
        _account(world, int(account)) | {"nip": person["nip"]} | basis
        for (account, person), basis in zip(pairs, cycle(_BASES), strict=False)
    ]
    by_handle, ended, claimed = (len(together) + k for k in range(1, 4))
    links[by_handle] |= {"account": None, "handle": handles[ordinary[1]]}
    links[ended] |= {"valid_to": "2024-10-20"}
    links.append(links[claimed] | {"nip": of_agency[-1]["nip"]} | _BASES[1])
    unseen = {"platform": PLATFORMS[1], "account": "8000000000001"}
    links.append(unseen | {"nip": of_agency[-2]["nip"]} | _BASES[1])
    return links


def _account(world: World, position: int) -> dict[str, Any]:
    return {
        "platform": PLATFORMS[world.account_platform[position]],
        "account": str(account_ids(world)[position]),
    }


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> "pa.Table":
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in columns])
    return pa.Table.from_pylist([dict.fromkeys(columns) | row for row in rows], schema=schema)


_COLUMNS: Final = (
    *("number", "channel", "received", "known_since", "text", "platform", "account", "post", "kind", "at"),
    *("status", "complainant", "contact"),
)
Row = dict[str, Any]


def complaints_of(interactions: "pa.Table", pages: "pa.Table", accused: Sequence[str]) -> "pa.Table":
    """One row a complaint; one that the acts of the accused give no occasion for is left out.

    Args:
        interactions: of the audience.
        pages: whose posts count where they campaign for a paslon.
        accused: native ids of the accounts that complaints are about.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    campaigning = pages.filter(pages["paslon"].is_valid())["page"]
    wanted = pc.and_(pc.is_in(interactions["account"], pa.array(accused)), pc.is_in(interactions["page"], campaigning))
    acts = interactions.filter(pc.and_(wanted, interactions["at"].is_valid())).to_pylist()
    rows = [
        row | {"number": f"ADU/{number:02}/2024", "complainant": f"Pelapor {number}", "contact": f"0000-{number:04}"}
        for number, row in enumerate(_complaints(acts), 1)
    ]
    schema = pa.schema([(name, pa.string()) for name in _COLUMNS])
    return pa.Table.from_pylist([dict.fromkeys(_COLUMNS) | row for row in rows], schema=schema)


def _complaints(acts: list[Row]) -> Iterator[Row]:
    """What people report of the accused accounts' acts, and of what they never did."""
    for act in _first(acts, lambda a: (a["platform"], a["kind"]) == ("instagram", "COMMENTED")):
        yield _about(act, "sp4n-lapor", "Berkomentar mendukung di halaman paslon.")
    for act in _first(acts, lambda a: (a["platform"], a["kind"]) == ("x", "SHARED")):
        # Whoever complains seldom knows the post: the day must do.
        yield _about(act, "whatsapp", "Membagikan kiriman paslon.") | {"post": None, "status": "forwarded"}
    for act in _never(acts, "instagram", "COMMENTED"):
        yield _about(act, "sbt", "Katanya berkomentar juga di sini.") | {"status": "checking"}
    for act in _never(acts, "x", "LIKED"):
        yield _about(act, "whatsapp", f"Menyukai kiriman ini. {HOSTILE_NAMES[1]}")
    for act in _first(acts, lambda a: a["platform"] == "instagram"):
        unknown = {"account": "@akun_tak_dikenal", "status": "closed"}
        yield _about(act, "letter", "Akun ini milik pegawai, kata tetangga.") | unknown


def _about(act: Row, channel: str, text: str) -> Row:
    """A complaint about an act, received three days later and known the day before that."""
    day = date.fromisoformat(act["at"][:10])
    return {
        "channel": channel,
        "received": (day + timedelta(3)).isoformat(),
        "known_since": (day + timedelta(2)).isoformat(),
        "text": text,
        "platform": act["platform"],
        "account": f"@{act['account_handle']}",
        "post": act["object"],
        "kind": act["kind"],
        "at": day.isoformat(),
    }


def _first(acts: list[Row], fits: Callable[[Row], bool]) -> list[Row]:
    return [act for act in acts if fits(act)][:1]


def _never(acts: list[Row], platform: str, kind: str) -> Iterator[Row]:
    """An act of that kind which an accused account never did, on a post on which it did nothing at all."""
    here = [act for act in acts if act["platform"] == platform]
    done = {(act["account"], act["object"]) for act in here}
    for one in here:
        for other in here:
            if (one["account"], other["object"]) not in done:
                yield one | {"object": other["object"], "at": other["at"], "kind": kind}
                return
