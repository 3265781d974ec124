"""A document as Markdown in which outside text cannot become a link, a heading, a cell or markup."""

import re
from collections.abc import Iterator
from typing import Final

from graphwatch.common.sanitize import plain
from graphwatch.report.form.document import Block, Document, Drawing, Lines, Table, Value

# What has a meaning inside a line, and what begins one; an address or a mention would become a link by itself.
_INSIDE: Final = re.compile(r"([\\`*_{}\[\]<>|#~&@$^])")
_BEGINNING: Final = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")
_ADDRESS: Final = re.compile(r"(?i)(https?|ftp|mailto|xmpp|www)([:.])")


def write_markdown(document: Document) -> bytes:
    """The document as Markdown; drawings are named by their captions only."""
    return ("\n".join(_lines(document)) + "\n").encode("utf-8")


def escaped(value: Value) -> str:
    r"""A value as Markdown shows it letter by letter.

    >>> escaped("# [a](http://b) | 1*2"), escaped("- a")
    ('\\# \\[a\\](http\\://b) \\| 1\\*2', '\\- a')
    """
    if value is None:
        return "–"
    text = _INSIDE.sub(r"\\\1", plain(str(value), 2_000))
    return _BEGINNING.sub(lambda m: m[1] + _begun(m[2]), _ADDRESS.sub(r"\1\\\2", text))


def _begun(mark: str) -> str:
    # A number before a full stop or a bracket begins a list: a joiner between would be invisible, an entity is not.
    return f"{mark[:-1]}&#{ord(mark[-1])};" if mark.isdigit() else f"\\{mark}"


def _lines(document: Document) -> Iterator[str]:
    stamp = document.stamp
    yield f"# {escaped(document.title)}"
    yield ""
    yield f"**{escaped(stamp.heading)}**"
    yield ""
    for line in (document.subtitle, stamp.run, stamp.data, stamp.made):
        yield f"{escaped(line)}  "
    yield ""
    for notice in document.notices:
        yield f"> {escaped(notice)}"
        yield ">"
    for part in document.parts:
        yield from ("", f"## {escaped(part.heading)}", "")
        for block in part.blocks:
            yield from _block(block)
    yield from ("", "---", "", f"{escaped(stamp.run)} · {escaped(stamp.data)} · {escaped(stamp.heading)}")


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Lines):
        mark = "- " if block.listed and len(block.lines) > 1 else ""
        for line in block.lines:
            yield mark + escaped(line)
            if not mark:
                yield ""
    elif isinstance(block, Drawing):
        yield f"*{escaped(block.caption)}*"
    else:
        yield from _table(block)
    yield ""


def _table(table: Table) -> Iterator[str]:
    if table.cut:
        yield from (f"**{escaped(table.cut)}**", "")
    yield _row([escaped(column.heading) for column in table.headings])
    yield _row(["---:" if column.form == "number" else "---" for column in table.headings])
    yield from (_row([escaped(value) for value in row]) for row in table.page_rows)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
