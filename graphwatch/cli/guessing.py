"""`graphwatch load FILE --guess`: which preset reads a file, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphwatch.errors import InputError

if TYPE_CHECKING:
    from graphwatch.ingest.guessing import Guess

_NEAR = 3


def guess(file: Path, options: dict[str, Any]) -> None:
    """Say which presets read the file, with the columns that tell; nothing is loaded.

    Raises:
        InputError: no preset reads it.
    """
    from graphwatch.ingest.guessing import guesses

    found = guesses(file, **{name: options[name] for name in ("encoding", "delimiter", "sheet")})
    fitting = [guess for guess in found if guess.fits]
    near = [guess for guess in found if not guess.fits and len(guess.matched) > len(guess.missing)]
    if not fitting:
        nearest = "".join(f"\n  {g.preset.name} lacks {', '.join(g.missing)}." for g in near[:_NEAR])
        what = f"no preset reads this file{nearest and '; nearest are:'}{nearest}"
        raise InputError(what, where=str(file), remedy="Map its columns once: graphwatch load FILE --map")
    best = fitting[0]
    click.echo("\n".join(_told(file, best)))
    for other in fitting[1:]:
        click.echo(f"Less likely: {other.preset.name}, by {', '.join(other.matched)}.")
    for other in near[:_NEAR]:
        click.echo(f"Not {other.preset.name}: there is no {', '.join(other.missing)}.")


def _told(file: Path, best: "Guess") -> list[str]:
    import shlex

    words = ["graphwatch", "load", str(file), "--preset", best.preset.name]
    if not best.preset.statements and best.kinds != ("interactions",):
        words += ["--as", best.kinds[0]]
    for name in best.to_give:
        words += ["--set", f"{name}=…"]
    lines = [
        f"{best.preset.name}: {best.preset.meaning}",
        f"  Rows give {' and '.join(best.kinds)}.",
        f"  Columns that tell: {', '.join(best.matched)}.",
        *(f"  Not to be seen: {unseen}" for unseen in best.preset.unseen),
    ]
    if best.to_give:
        given = " and ".join(best.to_give)
        lines.append(f"  No column that it knows gives {given}: --map COLUMN={best.to_give[0]}, or --set.")
    return [*lines, f"  {shlex.join(words)}"]
