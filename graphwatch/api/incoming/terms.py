"""Contract terms of platforms: what may not come together in one store unless somebody answers for it."""

import json
import re
from collections.abc import Collection
from typing import Final

from graphwatch.api.incoming.provenance import Provenance
from graphwatch.api.project import Project
from graphwatch.errors import TermsConflict
from graphwatch.ingest.loads import Load
from graphwatch.observable import terms

_X: Final = frozenset({"x", "twitter"})
_API: Final = re.compile(r"\bapi\b", re.IGNORECASE)


def check_terms(project: Project, load: Load, platforms: Collection[str], stated: Provenance) -> None:
    """Stop a load that would bring a roster and data of the X API together without anybody's approval.

    Args:
        project: where it is loaded.
        load: what is loaded.
        platforms: that occur in it.
        stated: its provenance.

    Raises:
        TermsConflict: naming the rule and where it is written.
    """
    if stated.terms_approved and stated.terms_approved.strip():
        return
    if load.of_roster:
        if not _holds_x_api(project):
            return
        what = "the store holds data of the X API, and this is a roster"
    elif _X & set(platforms) and _is_api(stated.acquisition):
        if not _holds_roster(project):
            return
        what = "these are data of the X API, and the store holds a roster"
    else:
        return
    rule = terms("x")
    raise TermsConflict(
        f"{what}. {rule.text} ({rule.citation})",
        remedy="With consent or X's written approval, say whose and when by --terms-approved; else use another store.",
    )


def _is_api(acquisition: str | None) -> bool:
    """Whether a method of acquisition is an API.

    >>> _is_api("x-api"), _is_api("X API v2, Enterprise"), _is_api("manual patrol"), _is_api(None)
    (True, True, False, False)
    """
    return bool(acquisition and _API.search(acquisition))


def _holds_x_api(project: Project) -> bool:
    if not project.store.exists:
        return False
    found = project.store.read(
        "MATCH (s:Source) WHERE s.roster_key IS NULL AND s.acquisition IS NOT NULL "
        "RETURN s.acquisition AS acquisition, s.platforms AS platforms, s.mapping AS mapping"
    )
    return any(_is_api(row["acquisition"]) and _may_be_x(row["platforms"], row["mapping"]) for row in found.to_pylist())


def _may_be_x(platforms: list[str] | None, mapping: str) -> bool:
    """Whether a source has data of X; one that was loaded before sources named their platforms may have."""
    if platforms is not None:
        return bool(_X & set(platforms))
    return json.loads(mapping)["constants"].get("platform", "x") in _X


def _holds_roster(project: Project) -> bool:
    if not project.store.exists:
        return False
    found = project.store.read("MATCH (s:Source) WHERE s.roster_key IS NOT NULL RETURN count(s) AS n")
    return bool(found["n"][0].as_py())
