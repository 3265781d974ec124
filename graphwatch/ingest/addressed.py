"""The platform of each row by the addresses in it, where a file of several platforms has no column of them."""

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Problem, problem
from graphwatch.ingest.times import Mask, mask_of
from graphwatch.platforms.addresses import address_of

# What is stated instead of a platform.
BY_ADDRESS: Final = "address"
# Columns in which addresses of posts and profiles stand, that of the post first.
_ADDRESSES: Final = ("object", "post", "page", "object_url", "url", "account", "account_url", "handle")
_UNTOLD: Final = problem("platform_untold")


def platform_of_rows(mapping: Mapping_) -> bool:
    """Whether addresses are to tell the platform: `platform=address` is what holds for every row."""
    return dict(mapping.constants).get("platform") == BY_ADDRESS


def told_platforms(columns: dict[str, Any]) -> dict[str, Any]:
    """The columns, with the platform of the first address in each row; null where it has none.

    >>> rows = {"object": pa.array(["https://x.com/a/status/7", "8"]), "account": pa.array(["@a", "tiktok.com/@b"])}
    >>> told_platforms(rows)["platform"].to_pylist()
    ['x', 'tiktok']
    """
    told = [_platforms(columns[name]) for name in _ADDRESSES if name in columns]
    count = len(next(iter(columns.values())))
    return columns | {"platform": pc.coalesce(*told) if told else pa.nulls(count, pa.string())}


def untold_platforms(platforms: Any) -> list[tuple[Mask, Problem]]:
    """Which rows have no address that tells."""
    untold = mask_of(pc.is_null(platforms))
    return [(untold, _UNTOLD)] if untold.any() else []


def _platforms(texts: Any) -> Any:
    coded = pc.dictionary_encode(texts)
    named = [(address := address_of(text)) and address.platform for text in coded.dictionary.to_pylist()]
    return pa.array(named, pa.string()).take(coded.indices)
