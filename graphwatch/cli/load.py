"""`graphwatch load`."""

import os
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
    from graphwatch.ingest.proposing import Proposal
    from graphwatch.ingest.provenance import Provenance
    from graphwatch.project import Project

_NEAR = 3
# What `--map` without a value gives.
_ASK = options_of(LoadConfig)["columns"].bare


def tell_presets(file: Path, asked: dict[str, Any], lang: str | None, *, as_json: bool) -> None:
    """Say which presets read the file, with the columns that tell; nothing is loaded.

    Raises:
        InputError: no preset reads it.
    """
    from graphwatch.common.i18n import text
    from graphwatch.ingest.guessing import guesses

    language = _language(lang)
    asked = _with_sheet(file, asked)
    found = guesses(file, **_looked_at(asked))
    fitting = [guess for guess in found if guess.fits]
    near = [guess for guess in found if not guess.fits and len(guess.matched) > len(guess.missing)][:_NEAR]
    if as_json and fitting:
        print_json([_numbers(guess) for guess in (*fitting, *near)])
        return
    lacking = [(other.preset.name, ", ".join(other.missing)) for other in near]
    if not fitting:
        nearest = [
            text("load.guess_lacks" if columns else "load.guess_near", language, preset=name, columns=columns)
            for name, columns in lacking
        ]
        what = "\n  ".join([text("load.guess_none", language), *nearest])
        raise InputError(what, where=str(file), remedy=_remedy(file, asked, language))
    click.echo("\n".join(_told(file, fitting[0], language, asked["sheet"])))
    for other in fitting[1:]:
        columns = ", ".join(other.matched)
        click.echo(text("load.guess_less", language, preset=other.preset.name, columns=columns))
    for name, columns in lacking:
        click.echo(text("load.guess_not", language, preset=name, columns=columns))


def _language(lang: str | None) -> str:
    """The language where no store is open that has one of its own."""
    from graphwatch.common.i18n import language_of_locale

    return lang or language_of_locale(os.environ) or TERMINAL_LANGUAGE


def _with_sheet(file: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked, with the sheet that can be loaded where none was named and it is not the first."""
    from graphwatch.ingest.proposing import telling_sheet

    return {**asked, "sheet": asked.get("sheet") or telling_sheet(file)}


def _looked_at(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: asked.get(name) for name in ("encoding", "delimiter", "sheet")}


def _with_way_out(error: InputError, file: Path, config: LoadConfig, language: str) -> InputError:
    """The error; where nobody has said what the columns are and they cannot be told, with the command that says it."""
    from graphwatch.common.i18n import text
    from graphwatch.ingest.guessing import guesses, peek
    from graphwatch.ingest.heading import binds
    from graphwatch.ingest.mapping import mapping_for

    error = _in_language(error, language)
    if config.preset or config.columns:
        return error
    told = {"encoding": config.encoding, "delimiter": config.delimiter, "sheet": config.sheet}
    try:
        how = _looked_at(_with_sheet(file, told))
        header = peek(file, **how).header
    except InputError:  # which is the error that there is
        return error
    if binds(mapping_for(config.kind or "interactions", constants=config.constants), header, ""):
        return error
    fitting = next((guess for guess in guesses(file, **how) if guess.fits), None)
    remedy = _remedy(file, how, language)
    if fitting is not None:
        remedy = text("load.guess_fits", language, command=_told(file, fitting, language, how["sheet"])[-1].strip())
    return InputError(error.what, where=error.where, remedy=remedy)


def _in_language(error: InputError, language: str) -> InputError:
    """An error about a file, in a language where the catalogue has its sentences."""
    from graphwatch.common.notes import said

    what, where, remedy = (part and said(part, language) for part in (error.what, error.where, error.remedy))
    return type(error)(what or error.what, where=where, remedy=remedy)


def _numbers(guess: "Guess") -> dict[str, Any]:
    names = ("fits", "kinds", "matched", "missing", "to_give")
    return {"preset": guess.preset.name, **{name: getattr(guess, name) for name in names}}


def _remedy(file: Path, asked: dict[str, Any], language: str) -> str:
    """The commands that would load it, where columns are called as people call them."""
    import shlex

    from graphwatch.common.i18n import text
    from graphwatch.ingest.guessing import peek
    from graphwatch.ingest.proposing import proposed, proposed_accounts
    from graphwatch.ingest.telling import is_chat, is_matrix

    seen = peek(file, **_looked_at(asked))
    found = proposed(seen)
    if found is None:
        command = shlex.join(["graphwatch", "load", str(file), *_of_sheet(asked["sheet"]), "--map"])
        if is_chat(seen) or is_matrix(seen):
            return text("load.guess_chat" if is_chat(seen) else "load.guess_matrix", language)
        return text("load.guess_map", language, command=command)
    remedy = text("load.guess_like", language, kind=found.kind, command=_command(file, found, asked["sheet"]))
    accounts = proposed_accounts(seen) if found.kind == "roster" else []
    if accounts:
        commands = "\n    ".join(_command(file, one, asked["sheet"]) for one in accounts)
        remedy += "\n  " + text("load.guess_accounts", language, command=commands)
    if "…" in remedy:
        remedy += "\n  " + text("load.guess_dots", language)
    return remedy


def _command(file: Path, found: "Proposal", sheet: str | None) -> str:
    import shlex

    words = ["graphwatch", "load", str(file), *_of_sheet(sheet), "--as", found.kind]
    for property, column in found.columns.items():
        words += ["--map", f"{column}={property}"]
    for property, value in found.stated.items():
        words += ["--set", f"{property}={value}"]
    timed = {"at", "observed_at"} & set(found.columns)
    return shlex.join([*words, *(["--timezone", "WIB"] if timed else [])])


def _of_sheet(sheet: str | None) -> list[str]:
    return ["--sheet", sheet] if sheet else []


def _told(file: Path, best: "Guess", language: str, sheet: str | None) -> list[str]:
    import shlex

    from graphwatch.common.i18n import text

    words = ["graphwatch", "load", str(file), *_of_sheet(sheet), "--preset", best.preset.name]
    if not best.preset.statements and best.kinds != ("interactions",):
        words += ["--as", best.kinds[0]]
    for name in best.to_give:
        words += ["--set", f"{name}=…"]
    and_ = f" {text('load.guess_and', language)} "
    meaning, all_unseen = best.preset.described(language)
    lines = [
        f"{best.preset.name}: {meaning}",
        "  " + text("load.guess_rows", language, kinds=and_.join(best.kinds)),
        "  " + text("load.guess_told", language, columns=", ".join(best.matched)),
        *("  " + text("load.guess_unseen", language, unseen=unseen) for unseen in all_unseen),
    ]
    if best.to_give:
        given = and_.join(best.to_give)
        lines.append("  " + text("load.guess_give", language, given=given, first=best.to_give[0]))
    return [*lines, f"  {shlex.join(words)}"]


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
        try:
            tell_presets(file, asked, lang, as_json=as_json)
        except InputError as error:
            raise _in_language(error, _language(lang)) from None
        return
    if _ASK in asked.get("columns", ()):
        asked = _mapped(file, asked, _language(lang))
        if asked["preset"] is None:
            return
    from graphwatch.ingest.provenance import Provenance

    config = time_asked(file, LoadConfig(**asked), _language(lang))
    with opened(place, create=True) as project:
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
        provenance = Provenance(**stated) if dry_run else _provenance(project, file, stated, language)
        with progress_shown(language) as progress:
            work = project.rehearse if dry_run else project.load
            try:
                loaded = work(file, config, provenance=provenance, progress=progress)
            except InputError as error:
                raise _with_way_out(error, file, config, language) from None
    if as_json:
        print_json(loaded)
    _report(file, loaded, language, rehearsed=dry_run)


def _mapped(file: Path, asked: dict[str, Any], language: str) -> dict[str, Any]:
    """What is asked, with a preset made of a person's answers; without one if it is only to be saved."""
    from graphwatch.cli.mapping import mapped

    if len(asked["columns"]) > 1 or asked.get("preset"):
        raise UsageError(
            "--map without a value cannot be combined with --preset or another --map", remedy="Give one of them."
        )
    asked = _with_sheet(file, asked)
    path = mapped(file, LoadConfig(**asked | {"columns": {}}), language)
    return asked | {"columns": {}, "preset": path and str(path)}


def time_asked(file: Path, config: LoadConfig, language: str) -> LoadConfig:
    """On a terminal, whose time it is where nothing in the file says; else the load takes the careful one."""
    from graphwatch.common.i18n import text
    from graphwatch.ingest.act_times import unsaid_column
    from graphwatch.ingest.loading import mappings_of

    if not (file.is_file() and sys.stdin.isatty() and sys.stderr.isatty()):
        return config
    column = unsaid_column(mappings_of(config), file)
    if column is None:
        return config
    question = text("load.ask_time", language, column=column)
    answer = click.prompt(question, type=click.Choice(["acted", "observed"]), default="observed", err=True)
    return LoadConfig.asked(config, {"time": answer})


def _provenance(project: "Project", file: Path, options: dict[str, str | None], language: str) -> "Provenance":
    """What the options state; on a terminal, what is still missing for this store is asked for once."""
    from graphwatch.common.i18n import text
    from graphwatch.ingest.provenance import Provenance

    lasting = Provenance(
        acquisition=options["acquisition"],
        acquired_by=options["acquired_by"],
        legal_basis=options["legal_basis"],
    )
    known = project.provenance(lasting)
    if file.is_file() and sys.stdin.isatty() and sys.stderr.isatty():
        answers = {
            name: click.prompt(text(f"load.ask_{name}", language), default="", show_default=False, err=True).strip()
            or None
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
    from graphwatch.common.i18n import text
    from graphwatch.common.notes import Note, said

    if loaded.already:
        note(said(Note("load.already", file=file.name, source=loaded.source), language))
        return
    if rehearsed:
        note(said(Note("load.rehearsed"), language))
    sources = f" {text('load.guess_and', language)} ".join([loaded.source, *loaded.others])
    counts = {"taken": loaded.taken, "refused": loaded.refused}
    note(said(Note("load.taken", **counts, sources=sources), language))
    parts = {"made": loaded.made, "merged": loaded.merged, "refused": loaded.refused}
    note("  " + said(Note("load.rows", rows=loaded.rows, **parts), language))
    if loaded.forgotten:
        note("  " + said(Note("load.forgotten", n=loaded.forgotten), language))
    for remark in loaded.notes:
        note(f"  {said(remark, language)}")
    note_written(loaded.written, language)
    for reason, rows in sorted(loaded.reasons.items(), key=lambda item: -item[1]):
        note("  " + said(Note("load.refused", n=rows, reason=reason), language))
    if loaded.quarantine:
        note("  " + said(Note("load.quarantine", file=str(loaded.quarantine)), language))
    if loaded.missing:
        and_ = f" {text('load.guess_and', language)} "
        words = and_.join(f"--{name.replace('_', '-')}" for name in loaded.missing)
        note("  " + said(Note("load.not_stated", words=words), language))
