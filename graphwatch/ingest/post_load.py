"""What the whole graph says after a load, beyond the file that was loaded."""

from collections.abc import Iterator

from graphwatch.ingest.complaints import relink
from graphwatch.repository.paslon import registered_beyond
from graphwatch.settings import MOST_REGISTERED
from graphwatch.store.workspace import WritableWorkspace


def notes_on_graph(workspace: WritableWorkspace, kind: str) -> Iterator[str]:
    """Complaints that can be linked now, and pairs with more registered pages than they may have."""
    if kind == "pages":
        for found in registered_beyond(workspace.store, MOST_REGISTERED):
            yield (
                f"paslon {found.paslon} has {found.pages} registered accounts on {found.platform}, more than the "
                f"{MOST_REGISTERED} that a pair may register in one app: check the column registered"
            )
    elif kind != "complaints" and (links := relink(workspace)):
        yield f"complaints of before are now linked with accounts and posts: {links:,} links"
