"""What a load did."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graphwatch.common.table import card
from graphwatch.store.base import Written


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    Attributes:
        source: id of the Source; empty changes mean that the same file had been loaded before.
        already: the same file was loaded in the same way before; nothing was changed.
        taken, refused: rows accepted, rows in the quarantine file.
        forgotten: rows left out because their account or person was forgotten.
        reasons: rows refused, by reason.
        quarantine: the file with the refused rows, if there are any.
        notes: what was assumed about the file.
        written: new, changed and unchanged rows of each table of the graph.
        missing: provenance that nobody has stated.
        others: ids of further Sources, where rows say several things: each kind of load is a Source of its own.
    """

    source: str
    already: bool
    taken: int = 0
    refused: int = 0
    forgotten: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    quarantine: Path | None = None
    notes: list[str] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def _repr_html_(self) -> str:
        counts = [("rows taken", self.taken), ("rows refused", self.refused), *self.reasons.items()]
        changes = [(f"new in {w.element}", w.new) for w in self.written if w.new]
        missing = f"Nobody has stated: {', '.join(self.missing)}" if self.missing else ""
        return card(f"load {self.source}{' (loaded before)' if self.already else ''}", [*counts, *changes], missing)


def together(parts: Sequence[Loaded]) -> Loaded:
    """One account of the batches of one file; its source is that of the first that changed something."""
    if len(parts) == 1:
        return parts[0]
    new = [part for part in parts if not part.already]
    reasons: Counter[str] = Counter()
    for part in new:
        reasons.update(part.reasons)
    return Loaded(
        (new or parts)[0].source,
        already=not new,
        taken=sum(part.taken for part in new),
        refused=sum(part.refused for part in new),
        forgotten=sum(part.forgotten for part in new),
        reasons=dict(reasons),
        quarantine=next((part.quarantine for part in new if part.quarantine), None),
        notes=list(dict.fromkeys(note for part in new for note in part.notes)),
        written=[written for part in new for written in part.written],
        missing=parts[0].missing,
        others=[part.source for part in parts if part is not (new or parts)[0]],
    )
