"""How the data of a store are obtained and why they may be processed: asked once, kept for later loads."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path

from graphwatch.api.project import Project
from graphwatch.errors import StoreDamaged, StoreError, UsageError


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every Source says of its file beside the file itself; None where nobody has said it yet."""

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


def provenance_of(self: Project, stated: Provenance | None = None, *, remember: bool = False) -> Provenance:
    """The store's defaults with what is stated now.

    Args:
        stated: what is said of this file; its None leave the defaults.
        remember: keep the outcome as the new defaults, but for an approval, which is given for a file.

    Raises:
        StoreDamaged: the defaults cannot be read.
        StoreError: they cannot be written.

    >>> import tempfile
    >>> import graphwatch as gw
    >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as desk:
    ...     _ = desk.provenance(Provenance(acquisition="manual patrol"), remember=True)
    ...     desk.provenance().missing()
    ['legal_basis']
    """
    path = self.folder / "provenance.json"
    known = {f.name for f in fields(Provenance)}
    kept = {k: v for k, v in _kept(path).items() if k in known}
    said = {k: v for k, v in asdict(stated or Provenance()).items() if v is not None}
    outcome = replace(Provenance(**kept), **said)
    if remember:
        self.made_folder()
        text = json.dumps(asdict(replace(outcome, terms_approved=None)), ensure_ascii=False, indent=1)
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            remedy = "Check that the file belongs to you."
            what = f"the provenance cannot be remembered: {error.strerror}"
            raise StoreError(what, where=str(path), remedy=remedy) from error
    return outcome


def _kept(path: Path) -> dict[str, str]:
    """The defaults in that file; none where there is no file."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
    except (OSError, ValueError, TypeError) as error:
        remedy = "Bring it back from a backup, or take it away and state them again."
        raise StoreDamaged("the defaults of provenance cannot be read", where=str(path), remedy=remedy) from error


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
