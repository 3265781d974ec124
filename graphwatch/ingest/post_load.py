"""What the whole graph says after a load, beyond the file that was loaded."""

from collections.abc import Iterator
from typing import Final

from graphwatch.ingest.complaints import relink
from graphwatch.settings import MOST_REGISTERED
from graphwatch.store.workspace import WritableWorkspace

_REGISTERED: Final = (
    "MATCH (p:Page)-[:SUPPORTS]->(s:Paslon) WHERE p.registered = true "
    "WITH s.id AS paslon, p.platform AS platform, count(DISTINCT p.id) AS pages WHERE pages > $most "
    "RETURN paslon, platform, pages ORDER BY paslon, platform"
)


def notes_on_graph(workspace: WritableWorkspace, kind: str) -> Iterator[str]:
    """Complaints that can be linked now, and pairs with more registered pages than they may have."""
    if kind == "pages":
        for row in workspace.store.read(_REGISTERED, {"most": MOST_REGISTERED}).to_pylist():
            yield (
                f"paslon {row['paslon']} has {row['pages']} registered accounts on {row['platform']}, more than the "
                f"{MOST_REGISTERED} that a pair may register in one app: check the column registered"
            )
    elif kind != "complaints" and (links := relink(workspace)):
        yield f"complaints of before are now linked with accounts and posts: {links:,} links"
