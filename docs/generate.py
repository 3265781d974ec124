"""Write the generated pages of this folder, or with --check fail where one is out of date."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from house import house
from python_page import python_page

from graphwatch.cli.main import graphwatch
from graphwatch.ingest.layout import Cell, Layout
from graphwatch.ingest.loads import LOADS, Field
from graphwatch.ingest.presets import PRESETS
from graphwatch.model import NODES, RELATIONS
from graphwatch.model.declaring import Property
from graphwatch.queries.catalogue import catalogue
from graphwatch.queries.library import Library

HERE = Path(__file__).parent
PRESETS_SAY = """Each is a TOML file in graphwatch/ingest/presets. `graphwatch load FILE --guess` names the preset that
reads a file, `graphwatch load FILE --map` makes one for a file that none reads, `--preset FILE.toml` takes your own.
Where rows say several things, each kind of load becomes a source of its own; `--as` takes only one of them."""
LOADING_SAYS = """\
CSV and other delimited text, JSON lines, Parquet, Excel and OpenDocument; text may be compressed with gzip or zstd. A
file of interactions whose columns are named like the properties below needs no option; `--map COLUMN=PROPERTY` names
other columns, `--set PROPERTY=VALUE` gives what holds for every row, and `--preset` knows the [export
formats](#presets) of other tools:

```sh
graphwatch load suka.csv --map akun=account --map kiriman=object --map waktu=at \\
    --set kind=like --set platform=instagram --timezone Asia/Jakarta
graphwatch load unknown.csv --map                 # asks which column is what (< goes back); ends in a preset
graphwatch load export.ndjson --guess             # only says which preset reads the file, of all its sheets
graphwatch load posts.csv --as posts              # anything but interactions is named, unless a preset says it
```

Names of columns match in any case. Titles and blank rows above them, a line `sep=;`, the row names of R and sheets that
come first are passed over, and told. What is merged over several rows of .xlsx or .xls holds for each of them; an .ods
does not show it, and such rows are refused. Columns of two tables side by side in one sheet are refused. The address
behind a cell cannot be read: posts called `lihat`, `link` and the like are refused, as are marks for the cell above
(`sda`, `"`).

In a file with rows of several platforms and no column of them `--set platform=address` takes the platform of each row
from the addresses in it, that of the post first; rows without one are refused.

Times are ISO 8601, epoch seconds, milliseconds or microseconds, a spreadsheet's number of days, or words in Indonesian
or English: `8 Okt 2024 pukul 13.05 WIB`, `Tue Oct 08 06:05:00 +0000 2024`, `Oct 8, 2024 1:05 PM`. A zone that is
written (`+07:00`, `UTC`, `GMT+7`, `WIB`, `WITA`, `WIT`, `Asia/Jakarta`) counts; times without one need `--timezone`,
and never take it where one is written. `08/10/2024 13.05` is refused until `--time-format '%d/%m/%Y %H.%M'` says
which number is the day, unless another date of the file shows it; months in a format may be Indonesian. Day and hour
in two columns are `--map Tanggal+Jam=at`, in a preset `at = { column = "waktu", parts = ["tanggal", "jam"] }`.

Times of interactions that count back from when somebody looked, as apps show them (`3 jam lalu`, `3h`, `2 hari`,
`kemarin`, `5 menit yang lalu`, `2 hours ago`), need that time: a column, `--map dilihat=observed_at`, or
`--set observed_at='2024-10-08T13:00+07:00'` for all rows. They are derived, and known to their unit. `h` is an hour as
in English, and a day (hari) where the column has other Indonesian words, such as `3j` or `lalu`.

An interaction without a time is kept, but never counts as acting together. Rows that cannot be taken are in the
store's folder `quarantine`, each with its line, column, value, reason and remedy; the good rows are loaded all the
same. Of some properties below an unreadable cell is left out and its row taken; how many there were is told. A file
that was loaded before changes nothing. `--dry-run` only says what would be made, merged and refused, and writes
nothing. Load posts and pages too where you can: the time of
publication makes the test sharper, and pages lead to candidate pairs (paslon).

**When the graph has it.** A load ends when the store's record has its rows: from then on they survive whatever happens.
The graph takes them in before the next question, all loads together, and says so where that takes longer than a second;
`--graph` has it done at once, for example at night. Nothing else tells the difference.

**One act.** A like or a follow is one for each account and post or page, however many rows, files and times speak of
it; every row stays as a source of it. A comment, share or mention is known by its `content_id`; without one by account,
object, kind and words; without words by its time. Of two times one is kept: of the act before the time when somebody
looked, a finer before a coarser, else the later row corrects the earlier; of two looks the earlier stays. The load says
how many times were corrected and by how much: a file read in the wrong time zone shows in it.

**Whose time.** `--time acted` says that times are those of the acts, `--time observed` that somebody looked then and
noted it down, as a patrol does. Where a preset or the name of the column says it (`created_at`, `Tanggal Ambil`), the
option is not needed; a column that people fill in and that does not say is asked for on a terminal, and else taken as
observed. Presets of platforms are of acts. Times when somebody looked count for coverage, complaints and traces, and
nobody is found by them to act together. How precisely times are known is seen from them: where all of thirty or more
are whole minutes or hours, or all midnights, each is known to the minute, the hour or the day, as are times written
without seconds to the minute; each enters a detection only where its window is no shorter than that. Comments, shares
and mentions of X, TikTok and Instagram that have no time have that of their native id where it holds one, and posts
that of theirs; where they have a time, the load says how many ids do not agree with it."""
NOTICE = "<!-- Generated by docs/generate.py; edit what it is made from. -->\n"


_ABOUT_MODEL = (
    "Every id is text, and every node has one label. `handed on` says what leaves in a network under pseudonyms; the "
    "rest is withheld, and relations and accounts get new ids."
)


def model() -> str:
    """The graph model, from graphwatch/model.py."""
    return "\n".join(["# The graph", "", _ABOUT_MODEL, "", *_model()])


def _model() -> Iterator[str]:
    for node in NODES:
        yield from (f"## {node.label}", "", node.meaning, "", *_properties(node.properties))
    for relation in RELATIONS:
        ends = ", ".join(f"`({a})-[:{relation.type}]->({b})`" for a, b in relation.ends)
        yield from (
            f"## {relation.type}",
            "",
            f"{relation.meaning} {ends}",
            "",
            *_properties(relation.properties),
        )


def _properties(properties: tuple[Property, ...]) -> Iterator[str]:
    yield from ("| property | type | handed on | meaning |", "|---|---|---|---|")
    yield from (f"| {p.name} | {p.type.value} | {'yes' if p.released else ''} | {p.meaning} |" for p in properties)
    yield ""


def command_line() -> str:
    """The commands, from their own declarations."""
    return "\n".join(["# The command line", "", *_command(graphwatch, "graphwatch")])


def _command(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path, max_content_width=100)
    yield from (f"## {path}", "", "```", command.get_help(context).rstrip(), "```", "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _command(inner, f"{path} {name}")


def loading() -> str:
    """What can be loaded, from graphwatch/ingest/loads.py and presets/*.toml."""
    lines = [
        "# What can be loaded",
        "",
        LOADING_SAYS,
        "",
        "| rows | meaning |",
        "|---|---|",
        *(f"| [--as {load.name}](#--as-{load.name}) | {load.meaning} |" for load in LOADS.values()),
        "",
    ]
    for load in LOADS.values():
        lines += [
            f"## --as {load.name}",
            "",
            load.meaning,
            "",
            "| property | type | cell | meaning |",
            "|---|---|---|---|",
        ]
        lines += [f"| {f.name} | {f.type.value} | {_cell_of(f)} | {f.meaning} |" for f in load.fields]
        if load.one_of:
            lines += ["", f"A row needs at least one of {', '.join(load.one_of)}."]
        lines.append("")
    lines += ["## Presets", "", *_presets()]
    return "\n".join(lines)


def _cell_of(field: Field) -> str:
    return "required" if field.required else "left out if unreadable" if field.spared else ""


def _presets() -> Iterator[str]:
    yield from (PRESETS_SAY, "")
    for preset in PRESETS.values():
        kinds = ", ".join(f"--as {kind}" for kind in preset.kinds) or "any --as"
        yield from (f"### {preset.name}", "", f"{preset.meaning} ({kinds})", "")
        for statement in preset.statements:
            said = ", ".join(f"{p} ← {_cell(cell)}" for p, cell in sorted(statement.cells().items()))
            fixed = "".join(f", {p} = {value}" for p, value in sorted(statement.constants.items()))
            yield f"- {statement.kind}{_condition(statement.layout)}: {said}{fixed}"
        yield from (f"- Not to be seen: {unseen}" for unseen in preset.unseen)
        yield ""


def _cell(cell: Cell) -> str:
    names = (f" {cell.join} " if cell.join is not None else " or ").join(f"`{name}`" for name in cell.names)
    names += " or " * bool(cell.parts) + " + ".join(f"`{name}`" for name in cell.parts)
    taken = f"{cell.take} in the address {names}" if cell.take and cell.take != "platform" else names
    return f"{taken} (if there)" if cell.optional else taken


def _condition(layout: Layout) -> str:
    parts = [f", each `{layout.each}`"] if layout.each else []
    for word, conditions in (("where", layout.when), ("unless", layout.unless)):
        parts += [f", {word} `{column}` is {' or '.join(words) or 'given'}" for column, words in conditions]
    return "".join(parts)


def queries() -> str:
    """The named queries, from the headers in cypher/."""
    return catalogue(Library([]))


def counted() -> str:
    """docs/reliability.md, with the number of tests beside each file that it names, and what the last long runs saw."""
    text = (HERE / "reliability.md").read_text(encoding="utf-8")
    last = json.loads((HERE.parent / "tests" / "fuzz" / "last_run.json").read_text(encoding="utf-8"))
    runs = "\n".join(_last_runs(last))
    text = re.sub(r"(?<=<!-- the last runs -->\n).*?(?=<!-- to here -->)", runs, text, flags=re.DOTALL)

    def told(found: re.Match[str]) -> str:
        tests = re.findall(r"^ *def test_", (HERE.parent / found[1]).read_text(encoding="utf-8"), re.MULTILINE)
        return f"`{found[1]}` ({len(tests)})"

    return re.sub(r"`(tests/[\w/]+\.py)`(?: \(\d+\))?", told, text)


def _last_runs(last: dict[str, Any]) -> Iterator[str]:
    """What was counted when these were run the last time."""
    kills, fuzz = last["kills"], last["fuzz"]
    whole, none, lost = kills["there as a whole"], kills["not there"], kills["lost"]
    yield (
        f"`just kills`: {whole + none + lost:,} times a load of 50 to 300,000 acts, a graph that took it in, entries "
        f"that became one, an erasure or a rebuild was killed at a moment taken at random. {whole:,} times all of it "
        f"was there, {none:,} times nothing of it, and the same again made it whole; {lost} lost something."
    )
    taken, refused, failed = (sum(counts[what] for counts in fuzz.values()) for what in ("taken", "refused", "failed"))
    yield ""
    yield (
        f"`just fuzz`: {taken + refused:,} cases; {taken:,} were taken, {refused:,} refused with an error that says "
        f"what to do, {failed} ended otherwise."
    )
    guided = last["guided"]
    yield ""
    yield (
        f"`just guided`: {sum(of['cases'] for of in guided.values()):,} cases that atheris found by the lines of the "
        f"readers which they reach; {sum(of['failed'] for of in guided.values())} ended otherwise."
    )
    yield from ("", "| harness | cases | taken | refused | guided |", "|---|---:|---:|---:|---:|")
    yield from (
        f"| {name} | {of['taken'] + of['refused']:,} | {of['taken']:,} | {of['refused']:,} | "
        f"{guided[name]['cases']:,} |"
        for name, of in sorted(fuzz.items())
    )
    yield ""
    for engine in ("embedded", "Neo4j"):
        if (run := last.get(f"small loads, {engine}")) is not None:
            yield from _small_loads(engine, run)
    yield ""


def _small_loads(engine: str, run: dict[str, Any]) -> Iterator[str]:
    """How many loads, readers and detections did beside each other, and what the first and last lines counted."""
    first, last = run["lines"][0], run["lines"][-1]

    def told(key: str) -> str:
        return f"{first[key]:,} at first and {last[key]:,} at last"

    yield (
        f"`benchmarks/small_loads.py`, {engine}, {run['minutes']} minutes: {run['loads']:,} loads of a hundred acts, "
        f"of which {run['found']:,} are there, beside eight readers ({run['queries']:,} queries) and "
        f"{run['detections']:,} detections; refused since the store was held too long: {run['refused']}, failed: "
        f"{run['failed']}. A load took {told('processor_s')} seconds of the processor, the writer {told('mb')} "
        f"MB and {told('handles')} handles, the largest other process {told('others_mb')} MB and "
        f"{told('others_handles')} handles."
    )
    yield ""


PAGES: dict[str, Callable[[], str]] = {
    "house.md": house,
    "model.md": model,
    "cli.md": command_line,
    "python.md": python_page,
    "loading.md": loading,
    "queries.md": queries,
}


def main() -> int:
    """Write or check; the number of pages that were out of date."""
    check = "--check" in sys.argv
    stale = 0
    pages = {name: NOTICE + make().rstrip() + "\n" for name, make in PAGES.items()} | {"reliability.md": counted()}
    for name, content in pages.items():
        path = HERE / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale += 1
        if check:
            print(f"{path.name} is out of date: run python docs/generate.py", file=sys.stderr)
        else:
            path.write_text(content, encoding="utf-8")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main())
