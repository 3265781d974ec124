"""The categories of the shipped queries, in the order in which they are listed."""

from collections.abc import Iterable
from typing import Final

from graphwatch.queries.header import NamedQuery

CATEGORIES: Final = {
    "engagement": "Engagement with posts and pages: single interactions and totals, never a ranking of persons",
    "coordination": "Coordination: pairs and clusters, and what they stand on",
    "agencies": "Agencies: numbers of at least five, and duty accounts",
    "time": "Time: days, hours and phases",
    "accounts": "Accounts: what is recorded and found of one account",
    "provenance": "Provenance and data quality",
    "review": "Review: complaints, decisions and the watchlist",
}


def by_category(queries: Iterable[NamedQuery]) -> list[tuple[str, list[NamedQuery]]]:
    """The queries under the words of their categories: the known ones first, an office's own after them.

    >>> from graphwatch.queries.library import Library
    >>> [category for category, _ in by_category(Library().all())] == list(CATEGORIES)
    True
    """
    found: dict[str, list[NamedQuery]] = {}
    for query in sorted(queries, key=lambda q: q.name):
        found.setdefault(query.category, []).append(query)
    own = sorted(set(found) - set(CATEGORIES))
    return [(category, found[category]) for category in [*CATEGORIES, *own] if category in found]


def title_of(category: str) -> str:
    """What stands above the queries of a category.

    >>> title_of("own")
    'Own'
    """
    return CATEGORIES.get(category, category.capitalize())
