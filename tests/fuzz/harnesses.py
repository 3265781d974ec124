"""What reads outside bytes, each as a function of bytes that ends well or with an error of ours, and nothing else.

A harness begins with its corpus: samples of the project, and what once was found, in `corpus/NAME`.
"""

import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

import graphwatch
from graphwatch.calendar.phases import read_calendar
from graphwatch.calendar.timerange import TimeRange
from graphwatch.common.locks import _holders
from graphwatch.common.written_times import NotATimeError, parse_time
from graphwatch.errors import GraphwatchError
from graphwatch.ingest.files import _zstd
from graphwatch.ingest.guessing import guesses
from graphwatch.ingest.mapping import mapping_for
from graphwatch.ingest.presets import preset_of
from graphwatch.ingest.quarantine import Quarantine, withhold
from graphwatch.ingest.times import to_milliseconds
from graphwatch.ingest.validate import Reading, validate
from graphwatch.platforms.naming import account_name, account_reference, handle_name, post_name, post_reference
from graphwatch.privacy.access_log import AccessLog
from graphwatch.privacy.redaction import Tombstones
from graphwatch.privacy.vault import Vault
from graphwatch.queries.library import parse_query, shipped_folder
from graphwatch.queries.parsing import parse
from graphwatch.rights.erasure import Pending, Work
from graphwatch.store.embedded.entries import read_entry
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import preferences_of

Harness = Callable[[bytes, Path], object]
_TESTS: Final = Path(__file__).parents[1]
_SAMPLES: Final = _TESTS / "ingest" / "samples"
CORPUS: Final = Path(__file__).parent / "corpus"
_NOW_MS: Final = 1_767_225_600_000
_SMALL: Final = 6_000
# They come in through a filter that needs a project.
_OF_PERSONS: Final = {"roster", "accounts-of-asn", "complaints"}
HEAD: Final = b"account,object,kind,platform,at,text\n"


def _given(content: bytes, folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read_file(content: bytes, folder: Path, name: str = "a") -> None:
    """A file that is loaded: looked at for a guess, then its rows read and checked."""
    path = _given(content, folder, name)
    mapping = mapping_for("interactions")
    with suppress(GraphwatchError):
        for best in [guess for guess in guesses(path) if not _OF_PERSONS & set(guess.kinds)][:1]:
            mapping = mapping_for(best.kinds[0], preset=best.preset.name, constants=dict.fromkeys(best.to_give, "x"))
    with Quarantine(folder / "quarantine.csv", path.name) as refused:
        done = validate(
            path,
            mapping,
            Reading(None, None, None),
            folder / "flat.parquet",
            refused,
            _NOW_MS,
            lambda _: None,
            None,
            None,
            None,
        )
    assert done.taken >= 0


def parse_text(content: bytes, folder: Path) -> None:
    """A query as a person writes it."""
    parse(content.decode("utf-8", "surrogateescape"))


def ask(content: bytes, folder: Path) -> None:
    """A query that is let through goes to the engine."""
    text = content.decode("utf-8", "replace")
    parse(text)
    with graphwatch.open(_store()) as project:
        project.query(text, timeout=5)


def _parse_named(content: bytes, folder: Path) -> None:
    parse_query("own", content.decode("utf-8", "replace"), folder / "own.cypher")


def _read_words(content: bytes, folder: Path) -> None:
    """Names, addresses, times: the words of records and commands."""
    word = content.decode("utf-8", "surrogateescape")
    for platform in ("x", "tiktok", "forum"):
        for read in (account_name, post_name, handle_name, account_reference, post_reference):
            with suppress(GraphwatchError):
                read(word, platform)
    with suppress(NotATimeError):
        parse_time(word)
    written = pa.array([word.encode("utf-8", "replace").decode()])
    for zone in (None, "America/New_York", "Pacific/Kiritimati"):
        to_milliseconds(written, zone, None, _NOW_MS, day_order="day")
    str(TimeRange.between(word, word))


def _read_log(content: bytes, folder: Path) -> None:
    log = AccessLog(_given(content, folder, "access.log"))
    log.verify()
    list(log.entries())


def _forget_by(content: bytes, folder: Path) -> None:
    shutil.copytree(_store() / "keys", folder / "keys")
    _given(content, folder, "tombstones.json")
    assert not Tombstones(folder).has("account", "x:none")


def _open_vault(content: bytes, folder: Path) -> None:
    shutil.copytree(_store() / "keys", folder / "keys")
    _given(content, folder, "vault/persons.vault")
    Vault(folder).persons()


@cache
def _store() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    (folder / "a.csv").write_bytes(HEAD + b"a,p,like,x,2024-10-01T10:00Z,hai\nb,p,comment,x,2024-10-01T10:01Z,ya\n")
    (folder / "r.csv").write_text("nip,name,agency\n198501012010011007,Fulan,ag\n", encoding="utf-8")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        project.load(folder / "a.csv")
        project.load(folder / "r.csv", kind="roster")
        Tombstones(project.folder).add([("account", "x:1"), ("handle", "x:ani")])
    return folder / "s.gw"


HARNESSES: Final[dict[str, Harness]] = {
    "text": read_file,
    "json": lambda content, folder: read_file(content, folder, "a.jsonl"),
    "parquet": read_file,
    "packed": read_file,
    "workbook": read_file,
    "query": parse_text,
    "asked": ask,
    "named": _parse_named,
    "preset": lambda content, _: preset_of("own", content.decode("utf-8", "replace"), "own.toml"),
    "calendar": lambda content, folder: read_calendar(_given(content, folder, "own.toml")),
    "words": _read_words,
    "log": _read_log,
    "settings": lambda content, folder: preferences_of(_given(content, folder, "settings.json").parent),
    "erasure": lambda content, folder: Pending(_given(content, folder, "forgetting.json").parent).read(),
    "tombstones": _forget_by,
    "vault": _open_vault,
    "holders": lambda content, folder: str(*_holders(_given(content, folder, "1-1.json").parent)),
    "entry": lambda content, folder: read_entry(_given(content, folder, "000001-load/manifest.json").parent),
    "withheld": lambda content, folder: withhold(_given(content, folder, "q.csv"), lambda cell: "budi" in cell),
}
# What one case costs decides how often it comes: a sheet is read in a process of its own, a query by an engine.
SHARES: Final = {"workbook": 1, "asked": 2, "parquet": 12, "packed": 12, "text": 40, "json": 40, "query": 60}
USUAL_SHARE: Final = 12

_TOKENS: Final = [
    *(
        b"\0",
        b"\n",
        b"\r",
        b'"',
        b"'",
        b",",
        b";",
        b"\t",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\\",
        b"\xff",
        b"\xfe\xff",
        b"=",
        b"#",
    ),
    *(b"\xef\xbb\xbf", b"\xed\xa0\x80", "\u202e\u200b".encode(), b"\x1b[2J", b"e99999", b"-1", b"0x", b"NaN", b"1e400"),
    *(b"9223372036854775808", b"-9223372036854775809", b"99999-01-01", b"0000-00-00", b"null", b"\xf0\x9f\x98\x80"),
    *(b"RETURN ", b"MATCH (a)", b"-[*1..9]-", b"UNWIND ", b"WITH ", b"CASE ", b"//", b"/*", b"$a", b"range(1,9)", b"`"),
    *(b"24:00", b"9999-12-31", b"0001-01-01", b"9" * 5_000),
    *(b"[" * 3_000, b'{"a":' * 3_000, b"(" * 500, b"NOT " * 500),
]
_edits = st.lists(
    st.tuples(
        st.sampled_from(["insert", "replace", "delete", "double", "cut", "flip"]),
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(_TOKENS) | st.binary(max_size=4),
        st.integers(1, 64),
    ),
    max_size=3,
)


def edited(content: bytes, edits: list[tuple[str, float, bytes, int]]) -> bytes:
    """A file after some accidents.

    >>> edited(b"abc", [("insert", 0.0, b"x", 1), ("cut", 0.9, b"", 1)])
    b'xab'
    """
    for what, place, token, length in edits:
        at = int(place * len(content))
        some = content[at : at + length]
        if what == "cut":
            content = content[:at]
        elif what == "flip":
            content = content[:at] + bytes(byte ^ (1 << length % 8) for byte in some[:1]) + content[at + 1 :]
        else:
            instead = {"insert": token + some, "replace": token, "delete": b"", "double": some + some}[what]
            content = content[:at] + instead + content[at + length :]
    return content


@cache
def cases(name: str) -> st.SearchStrategy[bytes]:
    """Whatever a harness may be given: its corpus after accidents, and now and then anything."""
    likely = st.builds(edited, st.sampled_from(sorted(set(seeds(name)))), _edits)
    return st.one_of(likely, likely, likely, likely, st.binary(max_size=200))


def seeds(name: str) -> list[bytes]:
    """What a harness begins with: small files of the project, and those that were found."""
    kept = CORPUS / name
    return [*_MADE.get(name, _none)(), *(p.read_bytes() for p in sorted(kept.glob("*")) if p.is_file())]


def _none() -> Iterator[bytes]:
    yield b""


def _texts() -> Iterator[bytes]:
    rows = b'a,p,like,x,2024-10-01T10:00Z,hai\nb,p,comment,x,1727776800,"a\nb"\n'
    yield from (
        HEAD + rows,
        HEAD.replace(b",", b";") + rows.replace(b",", b";"),
        (HEAD + rows).decode().encode("utf-16"),
    )
    yield from _samples(".csv", ".tab")


def _samples(*suffixes: str) -> Iterator[bytes]:
    yield from (p.read_bytes()[:_SMALL] for p in sorted(_SAMPLES.iterdir()) if p.suffix in suffixes)


def _records() -> Iterator[bytes]:
    record = {"account": "a", "object": "p", "kind": "like", "platform": "x", "at": "2024-10-01T10:00Z"}
    line = json.dumps(record).encode() + b"\n"
    yield from (line, line * 20, line + json.dumps({**record, "text": ["a", {"b": 1}], "at": 1727776800}).encode())
    yield from (json.dumps([record, record], indent=indent).encode() for indent in (None, 1))
    yield from _samples(".jsonl", ".ndjson", ".json")


def _columns() -> Iterator[bytes]:
    columns: dict[str, Any] = {"account": ["a", "b"], "object": ["p", "p"], "kind": ["like"] * 2, "platform": ["x"] * 2}
    for at in (["2024-10-01", None], [1, 2], pa.array([1, 2], pa.timestamp("ms", "UTC")), [1.5, float("nan")]):
        file = io.BytesIO()
        pq.write_table(pa.table({**columns, "at": at}), file)
        yield file.getvalue()


def _packs() -> Iterator[bytes]:
    import gzip

    for text in (next(_texts()), next(_records())):
        yield from (gzip.compress(text, mtime=0), _zstd().compress(text), gzip.compress(text, mtime=0) * 2)


def _queries() -> Iterator[bytes]:
    yield from (p.read_bytes() for p in sorted(shipped_folder().glob("*.cypher")))
    yield b"MATCH p = (a:Account)-[r:LIKED*1..3]->(o:Post) WHERE a.id = $a AND r.at_ms > 1 RETURN p, [1] LIMIT 5"


def _asked() -> Iterator[bytes]:
    yield from (
        b"MATCH (a:Account)-[r]->(p:Post) RETURN a.id, r.at_ms + 1 AS t, p",
        b"UNWIND range(1, 9) AS n RETURN n * 1.5",
    )
    yield from (
        b"RETURN date('2024-10-01') AS d, toInteger('1') AS i, [1, 'a'] AS l",
        b"MATCH (a) RETURN count(*) AS n",
    )


def _logs() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        log = AccessLog(Path(folder) / "access.log")
        for n in range(3):
            log.record("about", f"case {n}", "somebody", {"accounts": ["A-1"], "persons": n})
        yield log.path.read_bytes()


def _presets() -> Iterator[bytes]:
    folder = Path(graphwatch.__file__).parent / "ingest" / "presets"
    yield from (p.read_bytes() for p in sorted(folder.glob("*.toml")))


def _calendars() -> Iterator[bytes]:
    yield (_TESTS.parent / "examples" / "pilkada-2024.toml").read_bytes()
    yield b'[[phase]]\nname = "a"\nbegins = 2024-09-25\nends = 2024-11-23\n'


def _words() -> Iterator[bytes]:
    yield from (
        b"@ani",
        b"x:123",
        b"https://x.com/ani/status/1",
        b"https://www.tiktok.com/@a/video/9",
        b"2024-10-01T07:00+07:00",
    )
    yield from (
        b"1 Oktober 2024 pukul 07.00 WIB",
        b"12/31/24 1:05 PM",
        b"tgl 5 Mei 2024",
        b"9999-12-31 24:00",
        b"31/12/9999 23:59",
        "１２".encode(),
        b"xn--a.example",
    )


def _manifests() -> Iterator[bytes]:
    yield next((_store() / "journal").glob("*/manifest.json")).read_bytes()


def _vaults() -> Iterator[bytes]:
    yield (_store() / "vault" / "persons.vault").read_bytes()


def _tombstones() -> Iterator[bytes]:
    yield (_store() / "tombstones.json").read_bytes()


def _begun() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        nodes = {"Account": frozenset({"x:1"})}
        erasure = Erasure(1, nodes, sources=frozenset({"s"}))
        pending = Pending(Path(folder))
        pending.begin(Work(erasure, (("account", "x:1"),)))
        yield pending.path.read_bytes()


def _notes() -> Iterator[bytes]:
    yield from (
        b"{}",
        b'{"language": "id"}',
        b'{"erasure": {"at_ms": 1, "nodes": {}}, "tombstones": []}',
        b'{"version": 1}',
        b'{"pid": 1, "command": "load", "mode": "writing", "since": "2024", "done": 1, "rows": 9}',
    )


def _refused() -> Iterator[bytes]:
    yield b"file,line,column,value,reason,remedy\r\nf,1,account,budi,r,r\r\n"


_MADE: Final[dict[str, Callable[[], Iterator[bytes]]]] = {
    "text": _texts,
    "json": _records,
    "parquet": _columns,
    "packed": _packs,
    "workbook": lambda: _samples(".xlsx"),
    "query": _queries,
    "asked": _asked,
    "named": _queries,
    "preset": _presets,
    "calendar": _calendars,
    "words": _words,
    "log": _logs,
    "settings": _notes,
    "holders": _notes,
    "erasure": _begun,
    "tombstones": _tombstones,
    "vault": _vaults,
    "entry": _manifests,
    "withheld": _refused,
}


def run(name: str, content: bytes) -> bool:
    """Give a harness its bytes in a new folder; whether they were taken, not refused with an error of ours."""
    # Memory, where there is: nothing of it is to be kept.
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=place))
    try:
        HARNESSES[name](content, folder)
    except GraphwatchError:
        return False
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return True
