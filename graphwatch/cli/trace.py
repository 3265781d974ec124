"""`graphwatch trace` and `graphwatch neighbours`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from graphwatch.analysis.config import NeighboursConfig, TraceConfig
from graphwatch.cli.configs import config_options
from graphwatch.cli.options import Place, note, opened, store_options, told_names
from graphwatch.cli.tables import form_options, show_table
from graphwatch.common.text_files import read_text
from graphwatch.errors import InputError, UsageError
from graphwatch.export.config import ExportConfig


@click.command()
@click.argument("start", required=False)
@click.argument("end", required=False)
@click.option("--from-file", type=click.Path(path_type=Path), help="Lines `start,end`, or `start,` and `,end`.")
@config_options(TraceConfig)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--html", type=click.Path(path_type=Path), help="The paths as a page of the network view, pseudonymised.")
@config_options(ExportConfig, only=("language", "unmask", "reason"), called="shown")
@store_options
def trace(
    start: str | None,
    end: str | None,
    from_file: Path | None,
    as_json: bool,
    html: Path | None,
    asked: dict[str, Any],
    shown: dict[str, Any],
    place: Place,
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

    page_config = ExportConfig(**shown)
    if html is None and (page_config.unmask or page_config.reason):
        raise UsageError("handles are opened in a page only", remedy="Give --html FILE with them.")
    starts, ends = _sides(start, end, from_file)
    with opened(place) as project:
        traced = project.trace(starts, ends, **asked)
        page = None
        if html is not None and any(traced.paths):
            page = project.export(html, part=Part(traced=traced), config=page_config)
    if as_json:
        click.echo(json.dumps(asdict(traced), ensure_ascii=False, indent=2))
    else:
        for line in told(traced, page_config.language):
            click.echo(line)
    for line in caveats(traced, page_config.language):
        note(line)
    if page is not None:
        names = "under pseudonyms" if page.masked else told_names(page.named)
        note(f"{page.path}: {page.nodes:,} nodes, {page.edges:,} edges, {names}.")
    elif html is not None:
        note(f"{html} was not written: there is no path to show.")


@click.command()
@click.argument("node")
@config_options(NeighboursConfig)
@form_options
@store_options
def neighbours(node: str, asked: dict[str, Any], form: str | None, place: Place) -> None:
    """What is near NODE: its ego network, nearest first, with a guard on its size."""
    config = NeighboursConfig(**asked)
    with opened(place) as project:
        near = project.neighbours(node, config)
    show_table(near, form)
    if near.left_out:
        listed = ", ".join(f"{n:,} {label}" for label, n in near.left_out.items())
        note(f"Left out, as there is room for {config.max_nodes:,} nodes: {listed}. --max-nodes keeps more.")


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
        rows = list(csv.reader(read_text(file).splitlines()))
    except FileNotFoundError:
        raise InputError("there is no such file of ends", where=str(file), remedy="Check its name.") from None
    except csv.Error as error:
        raise InputError(f"invalid CSV: {error}", where=str(file), remedy="Save it as CSV UTF-8.") from error
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
