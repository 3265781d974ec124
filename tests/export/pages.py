"""What a page of the network view holds, for tests that read it."""

import typing
from html.parser import HTMLParser

from graphwatch.export.page.render import unpacked


class Elements(HTMLParser):
    """Start tags with their attributes, and the content of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts.append(data)


def data_of(page: str) -> dict[str, typing.Any]:
    """Both data blocks, with nodes and edges as rows that have their facts."""
    _, drawn, closer, *_ = Elements(page).scripts
    found, facts = unpacked(drawn), unpacked(closer)
    for name in ("nodes", "edges"):
        columns = found[name]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        found[name] = [{**row, "facts": of} for row, of in zip(rows, facts[name], strict=True)]
    return dict(found)
