"""`graphwatch load`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.options import Place, config_options, lang_option, opened, store_options
from graphwatch.cli.tables import json_option, print_json
from graphwatch.cli.terminal import note, note_written, progress_shown
from graphwatch.common.config import options_of
from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.config import LoadConfig
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.ingest.batches import Loaded
    from graphwatch.ingest.guessing import Guess
    from graphwatch.ingest.provenance import Provenance
    from graphwatch.project import Project

_NEAR = 3
# What `--map` without a value gives.
_ASK = options_of(LoadConfig)["columns"].bare


def tell_presets(file: Path, asked: dict[str, Any], *, as_json: bool) -> None:
    """Say which presets read the file, with the columns that tell; nothing is loaded.

    Raises:
        InputError: no preset reads it.
    """
    from graphwatch.ingest.guessing import guesses

    found = guesses(file, **{name: asked.get(name) for name in ("encoding", "delimiter", "sheet")})
    fitting = [guess for guess in found if guess.fits]
    near = [guess for guess in found if not guess.fits and len(guess.matched) > len(guess.missing)]
    if not fitting:
        nearest = "".join(f"\n  {g.preset.name} lacks {', '.join(g.missing)}." for g in near[:_NEAR])
        what = f"no preset reads this file{nearest and '; nearest are:'}{nearest}"
        raise InputError(what, where=str(file), remedy=_remedy(file, asked))
    if as_json:
        print_json([_numbers(guess) for guess in (*fitting, *near[:_NEAR])])
        return
    best = fitting[0]
    click.echo("\n".join(_told(file, best)))
    for other in fitting[1:]:
        click.echo(f"Less likely: {other.preset.name}, by {', '.join(other.matched)}.")
    for other in near[:_NEAR]:
        click.echo(f"Not {other.preset.name}: there is no {', '.join(other.missing)}.")


def _numbers(guess: "Guess") -> dict[str, Any]:
    names = ("fits", "kinds", "matched", "missing", "to_give")
    return {"preset": guess.preset.name, **{name: getattr(guess, name) for name in names}}


def _remedy(file: Path, asked: dict[str, Any]) -> str:
    """The command that would load it, where columns are called as people call them."""
    import shlex

    from graphwatch.ingest.guessing import peek, proposed

    found = proposed(peek(file, asked.get("encoding"), asked.get("delimiter"), asked.get("sheet")))
    if found is None:
        return "Map its columns once: graphwatch load FILE --map"
    words = ["graphwatch", "load", str(file), "--as", found.kind]
    for property, column in found.columns.items():
        words += ["--map", f"{column}={property}"]
    for property, value in found.stated.items():
        words += ["--set", f"{property}={value}"]
    return f"Its rows look like {found.kind}; check the columns, then: {shlex.join(words)}"


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


_QUESTIONS = {
    "acquisition": "How were the data obtained (platform export, manual patrol, research API, …)",
    "legal_basis": "On which legal basis are they processed",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@config_options(LoadConfig)
@click.option("--guess", is_flag=True, help="Only say which preset reads FILE, and why.")
@click.option("--dry-run", is_flag=True, help="Only say what would be made, merged and refused; nothing is written.")
@click.option("--acquisition", metavar="TEXT", help="Method of acquisition; remembered for the store.")
@click.option("--acquired-by", metavar="TEXT", help="Person or unit that obtained the file; remembered.")
@click.option("--legal-basis", metavar="TEXT", help="Legal basis of the processing; remembered for the store.")
@click.option("--terms-note", metavar="TEXT", help="Contract terms that bind these data.")
@click.option("--keep-until", metavar="DATE", help="Last day of retention, as 2025-03-31.")
@click.option(
    "--terms-approved", metavar="TEXT", help="Who approved what a platform's terms forbid; kept with the file."
)
@lang_option
@json_option
@store_options
def load(
    file: Path,
    asked: dict[str, Any],
    guess: bool,
    dry_run: bool,
    lang: str | None,
    as_json: bool,
    place: Place,
    **stated: str | None,
) -> None:
    """Load FILE: CSV, JSON lines, Parquet or Excel, plain or compressed.

    Good rows are loaded; bad ones go to a quarantine file with the line, the column and the reason. The same file
    twice changes nothing.

    \b
    graphwatch load tweets.csv.gz --preset coortweet
    graphwatch load likes.xlsx --map akun=account --map kiriman=object --map waktu=at \\
        --set kind=like --set platform=instagram --timezone Asia/Jakarta
    graphwatch load roster.xlsx --preset roster_asn
    graphwatch load roster.xlsx --preset roster_asn --dry-run
    graphwatch load export.ndjson --guess
    graphwatch load unknown.csv --map
    """
    if guess:
        tell_presets(file, asked, as_json=as_json)
        return
    if _ASK in asked.get("columns", ()):
        asked = _mapped(file, asked)
        if asked["preset"] is None:
            return
    from graphwatch.ingest.provenance import Provenance

    config = time_asked(file, LoadConfig(**asked))
    with opened(place, create=True) as project:
        provenance = Provenance(**stated) if dry_run else _provenance(project, file, stated)
        with progress_shown() as progress:
            work = project.rehearse if dry_run else project.load
            loaded = work(file, config, provenance=provenance, progress=progress)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    if as_json:
        print_json(loaded)
    _report(file, loaded, language, rehearsed=dry_run)


def _mapped(file: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked, with a preset made of a person's answers; without one if it is only to be saved."""
    from graphwatch.cli.mapping import mapped

    if len(asked["columns"]) > 1 or asked.get("preset"):
        raise UsageError(
            "--map without a value cannot be combined with --preset or another --map", remedy="Give one of them."
        )
    path = mapped(file, LoadConfig(**asked))
    return asked | {"columns": {}, "preset": path and str(path)}


def time_asked(file: Path, config: LoadConfig) -> LoadConfig:
    """On a terminal, whose time it is where nothing in the file says; else the load takes the careful one."""
    from graphwatch.ingest.act_times import unsaid_column
    from graphwatch.ingest.loading import mappings_of

    if not (file.is_file() and sys.stdin.isatty() and sys.stderr.isatty()):
        return config
    column = unsaid_column(mappings_of(config), file)
    if column is None:
        return config
    question = f"Column '{column}': is it when the account acted, or when somebody looked and noted it down"
    answer = click.prompt(question, type=click.Choice(["acted", "observed"]), default="observed", err=True)
    return LoadConfig.asked(config, {"time": answer})


def _provenance(project: "Project", file: Path, options: dict[str, str | None]) -> "Provenance":
    """What the options state; on a terminal, what is still missing for this store is asked for once."""
    from graphwatch.ingest.provenance import Provenance

    lasting = Provenance(
        acquisition=options["acquisition"],
        acquired_by=options["acquired_by"],
        legal_basis=options["legal_basis"],
    )
    known = project.provenance(lasting)
    if file.is_file() and sys.stdin.isatty() and sys.stderr.isatty():
        answers = {
            name: click.prompt(_QUESTIONS[name], default="", show_default=False, err=True).strip() or None
            for name in known.missing()
        }
        known = project.provenance(Provenance(**{**_fields(lasting), **{k: v for k, v in answers.items() if v}}))
    if known != project.provenance():
        project.provenance(known, remember=True)
    of_this_file = ("terms_note", "keep_until", "terms_approved")
    return Provenance(**{name: options[name] for name in of_this_file})


def _fields(stated: "Provenance") -> dict[str, str | None]:
    from dataclasses import asdict

    return asdict(stated)


def _report(file: Path, loaded: "Loaded", language: str, *, rehearsed: bool) -> None:
    from graphwatch.ingest.notes import Note, said

    if loaded.already:
        note(f"{file.name} was loaded before as source {loaded.source}; nothing was changed.")
        return
    if rehearsed:
        note(said(Note("load.rehearsed"), language))
    sources = " and ".join([loaded.source, *loaded.others])
    counts = {"taken": loaded.taken, "refused": loaded.refused}
    note(said(Note("load.taken", **counts, sources=sources), language))
    if loaded.forgotten:
        note("  " + said(Note("load.forgotten", n=loaded.forgotten), language))
    for remark in loaded.notes:
        note(f"  {said(remark, language)}")
    note_written(loaded.written)
    for reason, rows in sorted(loaded.reasons.items(), key=lambda item: -item[1]):
        note(f"  refused: {rows:,} × {reason}")
    if loaded.quarantine:
        note(f"  the refused rows are in {loaded.quarantine}")
    if loaded.missing:
        words = " and ".join(f"--{name.replace('_', '-')}" for name in loaded.missing)
        note(f"  nobody has stated how these data were obtained or why they may be processed: {words}")
