"""What the cells of a column tell of it, and headings that are no headings: chats, lists and tables of crosses."""

import re
from collections.abc import Callable
from typing import Final

from graphwatch.ingest.guessing import Peek
from graphwatch.ingest.loads import KIND_WORDS
from graphwatch.platforms.addresses import address_of
from graphwatch.platforms.naming import is_post_address

# How people tick a box of a sheet.
_TICKS: Final = frozenset(
    ["v", "x", "y", "n", "ya", "tidak", "yes", "no", "1", "0", "✓", "✔", "√", "true", "false", "-"]
)
_OF_CHAT: Final = re.compile(r'[\s"\ufeff\u200e]*\[?\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}[.:]\d\d')
# A numbered line with an account or address among other words, as people send lists.
_OF_MESSAGE: Final = re.compile(r"\s*\d{1,3}[.)]\s*\S.*(?:@\w|https?://)")


def holds(seen: Peek, column: str, is_such: Callable[[str], bool], *, share: float) -> bool:
    """Whether so large a share of a column's cells, of which there are some, is such."""
    cells = [word.strip() for word in seen.words(column)]
    return bool(cells) and sum(map(is_such, cells)) >= share * len(cells)


def is_of_words(cell: str) -> bool:
    """Whether it is of several words, as names of persons are."""
    return any(map(str.isspace, cell))


def is_account_address(cell: str) -> bool:
    """Whether it is the address of an account's profile."""
    address = address_of(cell)
    return address is not None and address.post() is None and any(address.account())


def has_kind(cell: str) -> bool:
    """Whether one of its words is a kind of act, as in "suka & komentar"."""
    return any(word in KIND_WORDS for word in re.findall(r"\w+", cell.lower()))


def is_tick(cell: str) -> bool:
    """Whether it is what people put into a box."""
    return cell.lower() in _TICKS


def is_chat(seen: Peek) -> bool:
    """Whether a file is an exported chat, or a list in a message, whose lines are no rows of cells.

    >>> is_chat(Peek(("08/10/24 13.05 - Pak Budi: akun @ani",), ()))
    True
    """
    lines = [*seen.header, *(word for name in seen.header for word in seen.words(name))]
    return any(map(_OF_CHAT.match, seen.header)) or any(map(_OF_MESSAGE.match, lines))


def is_matrix(seen: Peek) -> bool:
    """Whether columns are named by posts, with a mark where an account acted on one.

    >>> is_matrix(Peek(("Akun", "https://x.com/a/status/1", "https://x.com/a/status/2"), ()))
    True
    """
    return sum(map(is_post_address, seen.header)) > 1


def is_kind(cell: str) -> bool:
    """Whether it is the word for a kind of act."""
    return cell.lower() in KIND_WORDS
