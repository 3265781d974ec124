"""A small store with everything that a document can be about, and names that try to break it."""

from pathlib import Path
from typing import Final

import graph_rows

import graphwatch
from graphwatch.ingest.provenance import Provenance
from graphwatch.model.tables import GraphTable, node_rows, relation_rows
from graphwatch.project import Project

LONG: Final = "Nama" + "Panjang" * 71
RTL: Final = "\u0645\u062d\u0645\u062f \u0628\u0646 \u0633\u0639\u064a\u062f"
FORMULA: Final = '=HYPERLINK("http://192.0.2.1","x")'
SCRIPT: Final = "<script>alert(1)</script></style>"
HANDLES: Final = ("ani_hostile", LONG, RTL, FORMULA, "budi|pipe`tick", "\u202egnp.exe", "sari_lestari", "tono_w")
PAGE: Final = f"Tim {SCRIPT} {RTL}"
ACCOUNTS: Final = tuple(f"x:90000000{n}" for n in range(len(HANDLES)))
STAFF: Final = ACCOUNTS[:6]
AGENCY: Final = "dinas-uji"
REASON: Final = "=1+1 ani_hostile said so"


def fill(project: Project, folder: Path, *, days: int = 6, handles: tuple[str, ...] = HANDLES) -> str:
    """Eight accounts together on a post a day, six of them on a roster; the id of the run."""
    project.provenance(
        Provenance(acquisition="made for a test", acquired_by="tests", legal_basis="none needed"), remember=True
    )
    _write_files(folder, days, handles)
    for kind in ("paslon", "pages", "posts", "interactions"):
        project.load(folder / f"{kind}.csv", kind=kind)
    with project.store.write("load") as writing:
        for table in graph_rows.roster(dict.fromkeys(STAFF, (AGENCY, "verified"))):
            writing.add(table)
    project.load_calendar()
    return project.detect(fdr=None).run


def _write_files(folder: Path, days: int, handles: tuple[str, ...]) -> None:
    folder.mkdir(exist_ok=True)
    quoted = ['"' + h.replace('"', '""') + '"' for h in handles]
    files = {
        "paslon": ["paslon,number,name,contest,region", "p1,1,Wiloka – Mirasih,pilgub-2024,Jawa Barat"],
        "pages": ["page,platform,name,paslon", f'"pg1",x,"{PAGE}",p1'],
        "posts": [
            "post,platform,url,text,at,page",
            *(
                f'po{d},x,https://x.example/{d},"{FORMULA.replace(chr(34), chr(34) * 2)}",{_at(d, 0)},pg1'
                for d in range(days)
            ),
        ],
        "interactions": [
            "account,account_handle,object,kind,at,platform",
            *(
                f"{id.partition(':')[2]},{quoted[n]},po{d},{'like' if n % 2 else 'comment'},{_at(d, n + 1)},x"
                for d in range(days)
                for n, id in enumerate(ACCOUNTS[: len(handles)])
            ),
        ],
    }
    for kind, rows in files.items():
        (folder / f"{kind}.csv").write_text("\n".join(rows), encoding="utf-8")


def _at(day: int, second: int) -> str:
    """From 18 September 2024, so that some days lie before and some after determination."""
    return f"2024-{9 + (17 + day) // 30:02}-{(17 + day) % 30 + 1:02}T08:00:{second:02}+07:00"


def decided(lead: str, run: str) -> list[GraphTable]:
    """A decision on a cluster, with a clarification."""
    row = {
        "id": "D-1", "lead": lead, "lead_kind": "cluster", "run": run, "accounts": list(ACCOUNTS),
        "outcome": "needs_clarification", "reason": REASON, "clarification": "asked sari_lestari",
        "reviewer": "penelaah satu", "at_ms": 1_730_000_000_000,
    }  # fmt: skip
    concerns = {"from": "D-1", "to": lead, "id": "c-1"}
    return [node_rows("Decision", [row]), relation_rows("CONCERNS", "Decision", "Cluster", [concerns])]


def complained() -> list[GraphTable]:
    """A complaint about the first account."""
    row = {"id": "12/2024", "received_at": "2024-10-01", "deadline": "2024-10-08", "status": "new", "platform": "x"}
    about = {"from": "12/2024", "to": ACCOUNTS[0], "id": "about-1"}
    return [node_rows("Complaint", [row]), relation_rows("ABOUT", "Complaint", "Account", [about])]


def made(folder: Path) -> Project:
    """An embedded store with all of it."""
    project = graphwatch.open(folder / "s.gw", create=True)
    run = fill(project, folder / "files")
    with project.store.write("decision") as writing:
        for table in (*decided(f"{run}:1", run), *complained()):
            writing.add(table)
    return project


def add_interactions(project: Project, file: Path, *, days: int) -> None:
    """More of the same, on posts of January 2025 that nobody else acted on."""
    rows = ["account,object,kind,at,platform"]
    rows += [
        f"{id.partition(':')[2]},new{d},like,2025-01-{d + 1:02}T08:00:{n:02}+07:00,x"
        for d in range(days)
        for n, id in enumerate(ACCOUNTS)
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    project.load(file)


def load_many(project: Project, file: Path, handles: tuple[str, ...], *, posts: int) -> None:
    """Everyone on every post, within less than a minute."""
    rows = ["account,account_handle,object,kind,at,platform"]
    rows += [
        f"a{n},{handle},p{post},like,2024-10-{post % 28 + 1:02}T{post // 28 + 8:02}:00:{second:02}+07:00,x"
        for post in range(posts)
        for n, handle in enumerate(handles)
        for second in (n * 55 // len(handles),)
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    project.load(file)


def load_staff(project: Project, folder: Path, handles: tuple[str, ...], *, acting: int) -> None:
    """An agency of these accounts; of the first ones every second likes, the others comment, on a paslon's posts."""
    folder.mkdir()
    (folder / "paslon.csv").write_text("paslon,number,name\np1,1,Wiloka – Mirasih", encoding="utf-8")
    (folder / "pages.csv").write_text("page,platform,name,paslon\npg1,x,Tim,p1", encoding="utf-8")
    (folder / "posts.csv").write_text("post,platform,at,page\npo1,x,2024-10-01T07:00:00+07:00,pg1", encoding="utf-8")
    rows = ["account,account_handle,object,kind,at,platform"]
    rows += [
        f"s{n},{h},{'po1' if n < acting else 'elsewhere'},{'like' if n % 2 else 'comment'},2024-10-01T08:00:00+07:00,x"
        for n, h in enumerate(handles)
    ]
    (folder / "interactions.csv").write_text("\n".join(rows), encoding="utf-8")
    for kind in ("paslon", "pages", "posts", "interactions"):
        project.load(folder / f"{kind}.csv", kind=kind)
    people = {f"x:s{n}": (AGENCY, "verified") for n in range(len(handles))}
    with project.store.write("load") as writing:
        for table in graph_rows.roster(people):
            writing.add(table)
