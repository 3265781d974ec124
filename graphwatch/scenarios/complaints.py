"""Complaints about an invented audience: what the data confirm, do not show, and can never show."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from graphwatch.scenarios.names import HOSTILE_NAMES

if TYPE_CHECKING:
    import pyarrow as pa

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
