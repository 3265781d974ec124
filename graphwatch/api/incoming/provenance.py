"""How the data of a store are obtained and why they may be processed: asked once, kept for later loads."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

from graphwatch.api.project import Project
from graphwatch.errors import UsageError


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

    >>> import tempfile
    >>> import graphwatch as gw
    >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as desk:
    ...     _ = desk.provenance(Provenance(acquisition="manual patrol"), remember=True)
    ...     desk.provenance().missing()
    ['legal_basis']
    """
    path = self.folder / "provenance.json"
    known = {f.name for f in fields(Provenance)}
    kept: dict[str, str] = {}
    if path.exists():
        kept = {k: v for k, v in json.loads(path.read_text(encoding="utf-8")).items() if k in known}
    said = {k: v for k, v in asdict(stated or Provenance()).items() if v is not None}
    outcome = replace(Provenance(**kept), **said)
    if remember:
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps(asdict(replace(outcome, terms_approved=None)), ensure_ascii=False, indent=1), encoding="utf-8"
        )
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
