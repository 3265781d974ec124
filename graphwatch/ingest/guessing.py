"""Which preset reads a file, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.peeking import Peek, peek
from graphwatch.ingest.presets import PRESETS, Preset, Statement


@dataclass(frozen=True, slots=True)
class Guess:
    """How well a preset fits a file.

    Attributes:
        preset: the preset.
        kinds: what its rows say.
        matched: its columns that the file has.
        missing: its columns that the file lacks, and signs that it is another layout.
        to_give: properties that every row needs and the caller must give.
    """

    preset: Preset
    kinds: tuple[str, ...]
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    to_give: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the preset reads the file."""
        return not self.missing


def guesses(
    path: Path | str, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> list[Guess]:
    """The presets that have columns of a file, those that read it first.

    Args:
        path: the file.
        encoding, delimiter, sheet: where they are not found by looking.

    Raises:
        InputError: if the file cannot be read.
    """
    seen = peek(Path(path), encoding, delimiter, sheet)
    found = [_plain(seen), *(_fit(preset, seen) for preset in PRESETS.values() if preset.statements)]
    return sorted((g for g in found if g.matched), key=lambda g: (not g.fits, len(g.missing) - len(g.matched)))


def _fit(preset: Preset, seen: Peek) -> Guess:
    matched: dict[str, None] = {}
    missing: dict[str, None] = {}
    for at, statement in enumerate(preset.statements):
        under = seen.under(statement.layout)
        names = {*under.header, *(c for c in statement.columns.values() if any(under.words(c)))}
        cells = statement.cells().values()
        matched |= dict.fromkeys(name for cell in cells for name in cell.names if name in names)
        # Acts of a second kind need not occur among the first objects; columns of a table are all there.
        if at == 0 or not seen.nested:
            missing |= dict.fromkeys(name for cell in cells for name in cell.missing(names))
            missing |= dict.fromkeys(column for column, _ in statement.layout.when if column not in names)
    first = seen.under(preset.statements[0].layout)
    for column, words in preset.marks:
        if column not in first.header:
            missing[column] = None
        elif words and not any(word.lower() in words for word in first.words(column)):
            missing[f"{column} = {' or '.join(words)}"] = None
        else:
            matched[column] = None
    return Guess(preset, preset.kinds, tuple(matched), tuple(missing), _to_give(preset.statements[0]))


def _to_give(statement: Statement) -> tuple[str, ...]:
    given = {*statement.cells(), *statement.constants}
    return tuple(f.name for f in LOADS[statement.kind].fields if f.required and f.name not in given)


def _plain(seen: Peek) -> Guess:
    """How well columns are named like properties, of the kind of load that they fit best."""

    def fit(kind: str) -> Guess:
        fields = LOADS[kind].fields
        matched = tuple(f.name for f in fields if f.name in seen.header)
        return Guess(PRESETS["generic"], (kind,), matched, _lacking(kind, seen.header))

    return min(map(fit, LOADS), key=lambda g: (not g.fits, len(g.missing) - len(g.matched)))


def _lacking(kind: str, header: Iterable[str]) -> tuple[str, ...]:
    load, names = LOADS[kind], set(header)
    lacking = tuple(f.name for f in load.fields if f.required and f.name not in names)
    return lacking or (load.one_of if load.one_of and not names & set(load.one_of) else ())
