"""How the data of a store are obtained and why they may be processed: asked once, kept for later loads."""

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final

from graphwatch.common.files import USUAL, write_atomic
from graphwatch.common.typed_files import read_stored, written
from graphwatch.errors import TermsConflict, UsageError
from graphwatch.ingest.loads import Load
from graphwatch.platforms.observability import terms
from graphwatch.repository.sources import acquired, has_roster
from graphwatch.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every Source records of its file besides the content; None where it has not been stated yet."""

    acquisition: str | None = None
    acquired_by: str | None = None
    legal_basis: str | None = None
    terms_note: str | None = None
    keep_until: str | None = None
    # Who approved what a platform's terms forbid; said for each load, never a default of the store.
    terms_approved: str | None = None

    def missing(self) -> list[str]:
        """What the law wants known of every batch and this one does not say."""
        return [name for name in ("acquisition", "legal_basis") if getattr(self, name) is None]


def provenance_of(workspace: Workspace, stated: Provenance | None = None, *, remember: bool = False) -> Provenance:
    """The store's defaults with what is stated now. See `Project.provenance`."""
    path = workspace.folder / "provenance.json"
    remedy = "Bring it back from a backup, or take it away and state them again."
    kept = read_stored(path, Provenance, name="the defaults of provenance", remedy=remedy)
    said = {k: v for k, v in asdict(stated or Provenance()).items() if v is not None}
    outcome = replace(kept or Provenance(), **said)
    if remember:
        workspace.made_folder()
        write_atomic(path, written(replace(outcome, terms_approved=None)), mode=USUAL)
    return outcome


def check_retention(stated: Provenance | None) -> None:
    """Whether the last day of retention is a day, so that `store expire` can obey it.

    Raises:
        UsageError: it is not.
    """
    if stated is None or stated.keep_until is None:
        return
    try:
        date.fromisoformat(stated.keep_until)
    except ValueError:
        raise UsageError(
            f"the last day of retention {stated.keep_until!r} is not a day", remedy="Write it as 2025-03-31."
        ) from None


_X: Final = frozenset({"x", "twitter"})
_API: Final = re.compile(r"\bapi\b", re.IGNORECASE)


def check_terms(workspace: Workspace, load: Load, platforms: Collection[str], stated: Provenance) -> None:
    """Stop a load that would bring a roster and data of the X API together without anybody's approval.

    Args:
        workspace: where it is loaded.
        load: what is loaded.
        platforms: that occur in it.
        stated: its provenance.

    Raises:
        TermsConflict: naming the rule and where it is written.
    """
    if stated.terms_approved and stated.terms_approved.strip():
        return
    if load.of_roster:
        if not _holds_x_api(workspace):
            return
        what = "the store holds data of the X API, and this is a roster"
    elif _X & set(platforms) and _is_api(stated.acquisition):
        if not _holds_roster(workspace):
            return
        what = "these are data of the X API, and the store holds a roster"
    else:
        return
    rule = terms("x")
    raise TermsConflict(
        f"{what}. {rule.text} ({rule.citation})",
        remedy="With consent or X's written approval, say whose and when by --terms-approved; else use another store.",
    )


def _is_api(acquisition: str | None) -> bool:
    """Whether a method of acquisition is an API.

    >>> _is_api("x-api"), _is_api("X API v2, Enterprise"), _is_api("manual patrol"), _is_api(None)
    (True, True, False, False)
    """
    return bool(acquisition and _API.search(acquisition))


def _holds_x_api(workspace: Workspace) -> bool:
    found = acquired(workspace.store) if workspace.store.exists else []
    return any(_is_api(source.acquisition) and _may_be_x(source.platforms, source.mapping) for source in found)


def _may_be_x(platforms: list[str] | None, mapping: str) -> bool:
    """Whether a source has data of X; one that was loaded before sources named their platforms may have."""
    if platforms is not None:
        return bool(_X & set(platforms))
    return json.loads(mapping)["constants"].get("platform", "x") in _X


def _holds_roster(workspace: Workspace) -> bool:
    return workspace.store.exists and has_roster(workspace.store)
