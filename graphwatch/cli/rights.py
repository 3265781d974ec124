"""What the law asks of a store: `store forget`, `store expire`, `store about`, and `graphwatch log`."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.options import Place, lang_option, opened, store_options
from graphwatch.cli.tables import Form, form_options, json_option, print_json, show_table
from graphwatch.cli.terminal import note, visible
from graphwatch.errors import StoreDamaged, UsageError
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.rights.erasure import Expired, Forgotten


def _subject_options(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--platform", metavar="NAME", help="Platform of a handle, where several have it.")(command)
    command = click.option(
        "--asn",
        metavar="NIP",
        help="A person on the roster: NIP, id in the graph, or - to read it from standard input.",
    )(command)
    return click.option("--account", metavar="ACCOUNT", help="An account: id, handle or address.")(command)


@click.command()
@_subject_options
@click.option("--reason", metavar="TEXT", help="Why, for example a case number; it is logged and may not name them.")
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@click.option("--resume", is_flag=True, help="Only finish an erasure that was stopped.")
@json_option
@store_options
def forget(
    account: str | None,
    asn: str | None,
    platform: str | None,
    reason: str | None,
    dry_run: bool,
    yes: bool,
    resume: bool,
    as_json: bool,
    place: Place,
) -> None:
    """Erase everything about an account or a person, for good.

    It goes from graph and journal, vault, quarantine files and the texts of others; a search of every file proves it,
    and later loads leave its rows out. Backups and files that were exported are yours to erase. With --asn, accounts
    that are this person's alone go too.

    \b
    graphwatch store forget --account x:1837 --reason "permintaan 12/2025"
    graphwatch store forget --asn - --reason "permintaan 13/2025" < nip.txt
    """
    from graphwatch.rights.erasure import Expired

    with opened(place) as project:
        if resume:
            done = project.resume_forgetting()
            if done is None:
                note("Nothing was stopped in the middle.")
                if as_json:
                    print_json(None)
                return
            if isinstance(done, Expired):
                _report_expired(done, dry_run=False, as_json=as_json)
            else:
                _report(done, as_json=as_json)
        asked = {"account": account, "asn": _asn(asn), "platform": platform}
        if resume and account is None and asn is None:
            return
        if reason is None:
            raise UsageError("forgetting needs a reason", remedy="Give --reason; it is logged.")
        if not (dry_run or yes) and asn != "-" and sys.stdin.isatty() and sys.stderr.isatty():
            _report(project.forget(**asked, reason=reason, dry_run=True), as_json=False)
            click.confirm("Erase this for good", abort=True, err=True)
        _report(project.forget(**asked, reason=reason, dry_run=dry_run), as_json=as_json)


@click.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="As of that day. [default: today]")
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
@json_option
@store_options
def expire(today: datetime | None, dry_run: bool, as_json: bool, place: Place) -> None:
    """Erase what only sources supplied whose last day of retention (--keep-until) has passed."""
    with opened(place) as project:
        done = project.expire(today=today.date() if today else None, dry_run=dry_run)
    _report_expired(done, dry_run=dry_run, as_json=as_json)
    if done.undated:
        note(f"{len(done.undated):,} sources have no last day of retention and are kept: {', '.join(done.undated)}")


@click.command()
@click.argument("source")
@click.option("--reason", metavar="TEXT", required=True, help="Why; it is logged.")
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
@json_option
@store_options
def remove(source: str, reason: str, dry_run: bool, as_json: bool, place: Place) -> None:
    """Undo a load: erase what only SOURCE supplied, an id or the name of a file.

    What other sources supplied too stays, and so do decisions; the file may be loaded again.

    \b
    graphwatch store remove likes.csv --reason "wrong time zone" --dry-run
    """
    with opened(place) as project:
        done = project.remove(source, reason=reason, dry_run=dry_run)
    if as_json:
        print_json(done)
    for id, file in done.sources.items():
        note(f"source {id} ({file}) would be removed" if dry_run else f"source {id} ({file}) was removed")
    _counts(done, dry_run)


@click.command()
@_subject_options
@click.option("--reason", metavar="TEXT", default="subject access request", show_default=True, help="It is logged.")
@click.option("--unmask", is_flag=True, help="Name accounts of others too, for your own eyes; it is logged.")
@json_option
@store_options
def about(
    account: str | None,
    asn: str | None,
    platform: str | None,
    reason: str,
    unmask: bool,
    as_json: bool,
    place: Place,
) -> None:
    """Print everything that is stored about an account or a person, to answer their request; it is logged.

    With --asn name and NIP come from the vault, with its key. Who complained is never told. Accounts of others, in
    pairs and follows, are pseudonyms; read the texts before handing them over, since they may name others.
    """
    with opened(place) as project:
        found = project.about(account=account, asn=_asn(asn), platform=platform, reason=reason, unmask=unmask)
    if as_json:
        print_json(found)
        return
    if found["clusters_without_bursts"]:
        note(
            "The graph lacks the bursts of some of these clusters: an earlier version of graphwatch made their run, or "
            "they were erased. `graphwatch detect` finds them again."
        )
    for name, rows in found.items():
        rows = [rows] if isinstance(rows, dict) else rows or []
        click.echo(f"{name.replace('_', ' ')}: {len(rows):,}")
        for row in rows:
            said = (
                row if isinstance(row, str) else ", ".join(f"{k} {_said(v)}" for k, v in row.items() if v is not None)
            )
            click.echo(f"  {visible(said)}")


def _said(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _asn(asn: str | None) -> str | None:
    """An NIP on the command line is seen by everybody on the machine; standard input is not."""
    return sys.stdin.readline().strip() if asn == "-" else asn


def _report(done: "Forgotten", *, as_json: bool) -> None:
    if as_json:
        print_json(done)
    _counts(done, done.proof is None)
    if done.quarantined:
        note(f"{done.quarantined:,} values withheld in quarantine files.")
    if done.clusters:
        note(
            f"{len(done.clusters):,} clusters lose members, so their numbers and those of their runs are of before: "
            f"{', '.join(done.clusters)}. Detect again for new ones."
        )
    if done.shared:
        note(f"accounts that others claim too, which stay: {', '.join(done.shared)}")
    if done.proof is None:
        return
    proof = done.proof
    if not as_json:
        click.echo(f"{len(proof.found)} found in {proof.files:,} files and {proof.tables:,} tables of the graph")
    if proof.logged:
        note(f"The access log, which stays, names them in lines {', '.join(map(str, proof.logged))}.")
    for place in proof.found:
        note(f"Still found in {place}: erase it by hand.")
    if proof.found:
        sys.exit(1)


def _report_expired(done: "Expired", *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(done)
    for source, file in done.sources.items():
        # What was stopped may have been the removal of a source.
        note(f"source {source} ({file}) {'was removed, which had been stopped' if done.removed else 'has expired'}")
    _counts(done, dry_run)
    if not done.sources:
        note("No source has expired.")


def _counts(done: "Forgotten | Expired", would: bool) -> None:
    for name, count in done.erased.items():
        note(f"{name:>14}  {count:,} {'would go' if would else 'erased'}")
    if done.persons:
        note(f"{done.persons:,} persons {'would go' if would else 'went'} from the vault.")


@click.group()
def log() -> None:
    """Show and verify the access log: who opened or erased what, when and why."""


@log.command()
@click.option("--action", metavar="NAME", help="Only one kind: unmask, complainant, about, forget, forgotten, expire.")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the last N lines.")
@lang_option
@form_options
@store_options
def show(action: str | None, last: int | None, lang: str | None, form: Form | None, place: Place) -> None:
    """Show the lines of the access log; exits with 1 where one of them is not what was written."""
    import pyarrow as pa

    names = ("at", "who", "action", "reason", "details")
    with opened(place) as project:
        rows = [
            {"line": row["line"], **{name: _cell(row[name]) for name in names}}
            for row in project.access_log(action=action, last=last)
        ]
        table = pa.Table.from_pylist(rows, pa.schema([("line", pa.int64()), *((n, pa.string()) for n in names)]))
        show_table(table, form, project.language(lang, otherwise=TERMINAL_LANGUAGE))
        try:
            project.verify_log()
        except StoreDamaged as error:
            note(f"Error: {error}")
            sys.exit(1)


@log.command()
@click.option(
    "--noted", metavar="DIGEST", help="Digest of the last line at an earlier time: finds lines cut off since."
)
@json_option
@store_options
def verify(noted: str | None, as_json: bool, place: Place) -> None:
    """Check every line of the access log against the one before, and print the digest of the last.

    Lines cut off at the end can only be found by a digest that was noted elsewhere: keep the one that is printed.
    """
    with opened(place) as project:
        lines, head = project.verify_log(noted=noted)
    if as_json:
        print_json({"lines": lines, "digest": head})
    else:
        click.echo(head)
    note(f"{lines:,} lines are as they were written.")


def _cell(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
