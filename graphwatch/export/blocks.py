"""Data blocks of the page: JSON as columns, compressed, in letters that no HTML parser gives a meaning."""

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from graphwatch.export.drawing import pyvis_network
from graphwatch.export.view_model import View

_NODE_COLUMNS: Final = ("label", "kind", "shape", "size", "cluster", "colour", "background", "x", "y")
_EDGE_COLUMNS: Final = ("from", "to", "type", "n", "first", "last")


def blocks(view: View) -> tuple[str, str]:
    """What is needed to draw, and what is read once somebody looks closer: both as content of a script element."""
    network = pyvis_network(view)
    shown = {f.name: getattr(view, f.name) for f in fields(view) if f.name not in ("nodes", "edges")}
    nodes, edges = _columns(network.nodes, _NODE_COLUMNS), _columns(network.edges, _EDGE_COLUMNS)
    facts = {"nodes": [n["facts"] for n in network.nodes], "edges": [_told_once(e) for e in network.edges]}
    return packed({**shown, "nodes": nodes, "edges": edges}), packed(facts)


def packed(data: Mapping[str, Any]) -> str:
    """A JSON text that holds gzipped JSON in base64; the same data give the same text."""
    written = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"), default=asdict)
    return json.dumps(base64.b64encode(gzip.compress(written.encode("ascii"), 6, mtime=0)).decode("ascii"))


def unpacked(block: str) -> Any:
    """What `packed` was given, as JSON gives it.

    >>> unpacked(packed({"a": "</script>"}))
    {'a': '</script>'}
    """
    return json.loads(gzip.decompress(base64.b64decode(json.loads(block))))


def _columns(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[Any]]:
    rows = list(rows)
    return {name: [row[name] for row in rows] for name in names}


def _told_once(edge: Mapping[str, Any]) -> dict[str, Any]:
    # The time of an interaction is in the drawing's columns already.
    return {name: value for name, value in edge["facts"].items() if name != "at_ms"}
