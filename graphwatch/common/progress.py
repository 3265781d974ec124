"""How long work says how far it is."""

from collections.abc import Callable

# What is being done (a note, where it is known in several languages), how much of it is done, and the whole where it is
# known.
Progress = Callable[[str, int, int | None], None]


def silent(what: str, done: int, whole: int | None) -> None:
    """No progress is shown."""
