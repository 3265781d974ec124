"""A small store with accounts, posts and a page, and sheets of complaints about them."""

import csv
from collections.abc import Iterable
from pathlib import Path

from graphwatch.project import Project

# Who complained: none of this may be found anywhere but in the vault.
NAME, CONTACT = "Saksi Rahasia", "0812-RAHASIA"

PAGES = "page,platform,handle,url,registered,class,paslon\nP1,instagram,paslon.satu,,yes,official,01\n"
POSTS = (
    "post,platform,url,page,at\n"
    "1001,instagram,https://www.instagram.com/p/AbC/,P1,2024-10-01T03:00:00Z\n"
    "2001,x,https://x.com/paslon1/status/2001,P1X,2024-10-01T03:00:00Z\n"
)
INTERACTIONS = (
    "account,account_handle,object,kind,platform,at\n"
    "11,Budi.S,1001,like,instagram,2024-10-03T02:00:00Z\n"
    "11,Budi.S,1001,comment,instagram,2024-10-04T02:00:00Z\n"
    "12,sari,1001,comment,instagram,\n"
    "21,sari,2001,share,x,2024-10-03T17:30:00Z\n"
    "22,=CMD(),2001,share,x,2024-10-05T02:00:00Z\n"
)


def filled(project: Project, folder: Path) -> None:
    for kind, text in (("pages", PAGES), ("posts", POSTS), ("interactions", INTERACTIONS)):
        path = folder / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        project.load(path, kind=kind)


def sheet(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    rows = [{"complainant": NAME, "contact": CONTACT} | row for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def files_that_hold(folder: Path, words: Iterable[str]) -> list[str]:
    """Files below a folder in whose bytes, or in whose columns where they are Parquet, one of the words stands."""
    import pyarrow.parquet as pq

    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            if path.suffix == ".parquet":
                text += str(pq.read_table(path).to_pydict()).encode()
            if any(word.encode() in text for word in words):
                found.append(path.name)
    return found
