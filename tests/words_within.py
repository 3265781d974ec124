"""Which of many words stand in a long text: a search for each of them would read it a thousand times."""

import re
from collections.abc import Collection


def words_within(text: str, words: Collection[str]) -> list[str]:
    """Those that are a part of the text, wherever they begin.

    A word is in it where it is in one of its stretches of such characters as words are of, most of which are
    there again and again.
    """
    of_words = "".join(re.escape(character) for character in sorted(set("".join(words))))
    stretches = "\0".join(set(re.findall(f"[{of_words}]+", text))) if of_words else ""
    return [word for word in words if word in stretches]
