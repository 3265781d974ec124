"""`graphwatch trace` and `graphwatch neighbours`."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.options import (
    Period,
    Place,
    note,
    opened,
    store_options,
    time_range_options,
    told_names,
    unmask_option,
)
from graphwatch.cli.tables import form_options, show_table
from graphwatch.errors import InputError, UsageError

if TYPE_CHECKING:
    from graphwatch.rights.unmasking import Unmask


def _along_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--kind, --not-kind, --run and a time range: what may be gone along."""

    @click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Relation to go along; repeat for several.")
    @click.option("--not-kind", "not_kinds", multiple=True, metavar="KIND", help="Relation not to go along.")
    @time_range_options
    @click.option("--run", default="latest", show_default=True, metavar="ID", help="For CO_INTERACTED and MEMBER_OF.")
    @wraps(command)
    def with_along(*words: Any, period: Period, **others: Any) -> Any:
        during = {"from_": period.from_, "to": period.to, "phase": period.phase, "calendar": period.calendar}
        return command(*words, **during, **others)

    return with_along


@click.command()
@click.argument("start", required=False)
@click.argument("end", required=False)
@click.option("--from-file", type=click.Path(path_type=Path), help="Lines `start,end`, or `start,` and `,end`.")
@_along_options
@click.option("--max-hops", default=6, show_default=True, help="The longest path that is looked for.")
@click.option("--longer", default=0, show_default=True, help="Also paths of up to so many hops more than the shortest.")
@click.option("--limit", default=20, show_default=True, help="Paths shown.")
@click.option("--max-degree", default=10_000, show_default=True, help="Ties above which a node is not gone through.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--html", type=click.Path(path_type=Path), help="The paths as a page of the network view, pseudonymised.")
@unmask_option("Public handles and the roster in the page")
@click.option("--reason", metavar="TEXT", help="Why handles are opened.")
@store_options
def trace(
    start: str | None,
    end: str | None,
    from_file: Path | None,
    as_json: bool,
    lang: str,
    html: Path | None,
    unmask: "Unmask",
    reason: str | None,
    place: Place,
    **asked: Any,
) -> None:
    """How START and END are linked: all shortest paths, hop by hop, with times, files and rows.

    Both are accounts, pages, posts, paslon or agencies, by id, handle, name, address or pseudonym.

    \b
    graphwatch trace budi_s siti.r
    graphwatch trace x:123 "Page:Suara Maju" --kind LIKED --longer 2
    graphwatch trace budi_s siti.r --html path.html
    """
    from graphwatch.cli.describe import caveats, told
    from graphwatch.export.parts import Part

    if html is None and (unmask or reason):
        raise UsageError("handles are opened in a page only", remedy="Give --html FILE with them.")
    starts, ends = _sides(start, end, from_file)
    with opened(place) as project:
        traced = project.trace(starts, ends, **asked)
        page = None
        if html is not None and any(traced.paths):
            page = project.export(html, part=Part(traced=traced), language=lang, unmask=unmask, reason=reason)
    if as_json:
        click.echo(json.dumps(asdict(traced), ensure_ascii=False, indent=2))
    else:
        for line in told(traced, lang):
            click.echo(line)
    for line in caveats(traced, lang):
        note(line)
    if page is not None:
        names = "under pseudonyms" if page.masked else told_names(page.named)
        note(f"{page.path}: {page.nodes:,} nodes, {page.edges:,} edges, {names}.")
    elif html is not None:
        note(f"{html} was not written: there is no path to show.")


@click.command()
@click.argument("node")
@click.option("--depth", default=2, show_default=True, help="Steps away.")
@click.option("--max-nodes", default=200, show_default=True, help="Most nodes; those with most ties stay.")
@_along_options
@form_options
@store_options
def neighbours(node: str, form: str | None, place: Place, **asked: Any) -> None:
    """What is near NODE: its ego network, nearest first, with a guard on its size."""
    with opened(place) as project:
        near = project.neighbours(node, **asked)
    show_table(near, form)
    if near.left_out:
        listed = ", ".join(f"{n:,} {label}" for label, n in near.left_out.items())
        note(f"Left out, as there is room for {asked['max_nodes']:,} nodes: {listed}. --max-nodes keeps more.")


def _sides(start: str | None, end: str | None, file: Path | None) -> tuple[list[str], list[str]]:
    """The starts and ends that were named as words or in a file."""
    starts, ends = [start] if start else [], [end] if end else []
    if file is not None:
        # A heading is no end.
        lines = [line for line in _lines(file) if tuple(map(str.lower, line)) != ("start", "end")]
        for begin, finish in lines:
            starts += [begin] if begin else []
            ends += [finish] if finish else []
    if not (starts and ends):
        raise UsageError("a trace has a start and an end", remedy="Name both, or give a file with --from-file.")
    return list(dict.fromkeys(starts)), list(dict.fromkeys(ends))


def _lines(file: Path) -> list[tuple[str, str]]:
    import csv

    try:
        rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise InputError(
            f"the file of ends cannot be read: {error.strerror}", where=str(file), remedy="Check its name."
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("this is no CSV in UTF-8", where=str(file), remedy="Save it as CSV UTF-8.") from error
    found = []
    for line, row in enumerate(rows, 1):
        if not row:
            continue
        if len(row) != 2:
            raise InputError(
                f"{len(row)} columns where there should be 2",
                where=f"{file}, line {line}",
                remedy="Write `start,end`; leave one side empty where there are more of the other.",
            )
        found.append((row[0].strip(), row[1].strip()))
    return found
