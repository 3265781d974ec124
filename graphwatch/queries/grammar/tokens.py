"""Cypher text cut into tokens, in a way that no engine can read differently.

Neo4j and LadybugDB agree on plain text and differ at the edges: where a block comment with `**` in it ends,
what counts as a space, and when a unicode escape becomes a character. What either could read differently is
refused here, so that the text that was checked is the text that runs.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, NoReturn

from graphwatch.errors import QueryRefused

# Pure functions that both engines know.
_BOTH: Final = """
    abs acos asin atan atan2 avg ceil coalesce collect cos cot count degrees floor label labels left length
    log log10 ltrim max min nodes nullif percentilecont percentiledisc pi properties radians range
    relationships replace reverse right round rtrim sign sin size sqrt substring sum tan tolower toupper trim
    keys lower upper id
"""
# Pure functions that one engine knows; the other answers with an error, never with something else.
_ONE: Final = """
    exp split head last tail isempty char_length character_length tostring tointeger tofloat toboolean
    tostringornull tointegerornull tofloatornull tobooleanornull stdev stdevp type elementid startnode
    endnode isnan haversin e date datetime localdatetime duration point btrim
    ln log2 pow cbrt ceiling lcase ucase concat concat_ws contains starts_with ends_with ifnull greatest least
    initcap levenshtein md5 sha256 prefix suffix split_part string_split regexp_matches regexp_full_match
    regexp_extract regexp_extract_all regexp_replace cast typeof to_string to_int64 to_double
    list_contains list_distinct list_unique list_sort list_reverse_sort list_reverse list_sum list_product
    list_max list_min list_concat list_position list_to_string list_extract list_has list_has_all
    list_any_value list_slice map map_extract map_keys map_values struct_extract
    timestamp to_timestamp epoch_ms to_epoch_ms date_part datepart date_trunc datetrunc dayname monthname
    make_date last_day interval century rels is_trail is_acyclic start_node end_node
"""
FUNCTIONS: Final = frozenset(_BOTH.split()) | frozenset(_ONE.split())

# Functions of many rows, and how many values each takes of a row.
AGGREGATING: Final = dict.fromkeys(
    ("avg", "collect", "count", "max", "min", "stdev", "stdevp", "sum"), 1
) | dict.fromkeys(("percentilecont", "percentiledisc"), 2)

# name(variable IN list WHERE condition)
QUANTIFIERS: Final = frozenset({"any", "all", "none", "single"})

# Words that open a clause, an operator or a command in either engine. As a name each is read only where no
# clause can stand: after a dot, a colon, a $ or AS, or in backticks.
_KEYWORDS: Final = """
    MATCH OPTIONAL MANDATORY WHERE WITH UNWIND RETURN UNION ORDER SKIP LIMIT FINISH
    CASE WHEN THEN ELSE AND OR XOR NOT IN IS AS STARTS ENDS CONTAINS DISTINCT USING
    CALL YIELD LOAD COPY EXPORT IMPORT INSTALL UNINSTALL ATTACH DETACH USE EXPLAIN PROFILE SHOW TERMINATE
    CYPHER CHECKPOINT CREATE INSERT MERGE SET DELETE REMOVE FOREACH DROP ALTER RENAME GRANT REVOKE DENY
    BEGIN COMMIT ROLLBACK
"""
RESERVED: Final = frozenset(_KEYWORDS.split())

# What a reading query is made of, as it is offered to whoever writes one.
CLAUSES: Final = (
    "MATCH",
    "OPTIONAL MATCH",
    "WHERE",
    "WITH",
    "UNWIND",
    "RETURN",
    "ORDER BY",
    "SKIP",
    "LIMIT",
    "DISTINCT",
    "UNION",
)
OPERATORS: Final = (
    *("AND", "OR", "NOT", "IN", "AS", "CONTAINS", "STARTS WITH", "ENDS WITH", "IS NULL", "IS NOT NULL"),
    *("CASE", "WHEN", "THEN", "ELSE", "END", "DESC"),
)

_CHANGE: Final = "Queries only read. Load data with `graphwatch load`, and remove it with `graphwatch store`."
_FILES: Final = "Queries read the store and nothing else. Load files with `graphwatch load`."
_PLAN: Final = "Send the query itself; it is stopped when it takes too long."
_READ_ONLY: Final = (
    "A query is made of MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND, RETURN, UNION, ORDER BY, SKIP and LIMIT."
)
_REMEDIES: Final = {
    _CHANGE: ("CREATE", "INSERT", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH", "DROP", "ALTER"),
    _FILES: ("LOAD", "COPY", "EXPORT", "IMPORT", "INSTALL", "ATTACH"),
    _PLAN: ("EXPLAIN", "PROFILE", "CYPHER"),
    "Procedures and CALL subqueries are not sent; EXISTS {...} and COUNT {...} subqueries are.": ("CALL",),
}


def remedy_for(word: str) -> str:
    """What to do instead of the clause that the word opens.

    >>> remedy_for("create").startswith("Queries only read.")
    True
    """
    return next((remedy for remedy, words in _REMEDIES.items() if word.upper() in words), _READ_ONLY)


LONGEST_TEXT: Final = 100_000


class Kind(Enum):
    """Kinds of token; `END` stands once, after the last."""

    WORD = "word"
    QUOTED = "quoted name"
    PARAMETER = "parameter"
    STRING = "string"
    NUMBER = "number"
    SYMBOL = "symbol"
    END = "end of the query"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `text` is a name without its quotes, else as written; `at` and `end` are offsets in the query.

    `upper` is the text of a word or symbol in capitals, and empty for all else, so that no string is a keyword.
    """

    kind: Kind
    text: str
    at: int
    end: int
    upper: str


_SPACE: Final = re.compile(r"[ \t\n]+")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_])")
_QUOTED: Final = re.compile(r"`((?:[^`]|``)+)`")
_STRING: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_LINE_COMMENT: Final = re.compile(r"//[^\n]*")
_BLOCK_COMMENT: Final = re.compile(r"/\*(.*?)\*/", re.DOTALL)
_SYMBOL: Final = re.compile(r"<>|<=|>=|=~|\.\.|[()\[\]{},.:;|&!+\-*/%^=<>]")
_UNKNOWN_ESCAPE: Final = re.compile(r"\\[^\\'\"ntrbf]")
# Control characters, and the separators that one engine takes for the end of a line and the other does not.
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]|\r(?!\n)")
_UNICODE_ESCAPE: Final = re.compile(r"\\u", re.IGNORECASE)


def place(text: str, at: int) -> str:
    r"""Line and column of an offset, counted from 1, as editors do.

    >>> place("MATCH (n)\nRETURN n", 10)
    'line 2, column 1'
    """
    start = text.rfind("\n", 0, at) + 1
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - start + 1}"


def refuse(text: str, at: int, what: str, remedy: str) -> NoReturn:
    """Raise QueryRefused for the offset `at`."""
    raise QueryRefused(what, where=place(text, at), remedy=remedy)


def tokenize(text: str) -> list[Token]:
    """Cut a query into tokens, without comments and spaces, closed by one of kind `END`.

    Raises:
        QueryRefused: where the text holds what the two engines could read differently: characters outside
            ASCII beyond strings, names in backticks and comments, backslashes beyond strings, unicode
            escapes, control characters, comments within comments, strings or comments left open.

    >>> [t.text for t in tokenize("RETURN a.id // done")]
    ['RETURN', 'a', '.', 'id', '']
    """
    if len(text) > LONGEST_TEXT:
        refuse(
            text,
            LONGEST_TEXT,
            f"the query is longer than {LONGEST_TEXT} characters",
            "Pass data as parameters.",
        )
    _refuse_hidden(text)
    text = text.replace("\r\n", " \n")
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        token, at = _next(text, at)
        if token is not None:
            tokens.append(token)
    return [*tokens, Token(Kind.END, "", len(text), len(text), "")]


def _refuse_hidden(text: str) -> None:
    if hidden := _HIDDEN.search(text):
        what = f"the character U+{ord(hidden[0]):04X} does not belong in a query"
        refuse(text, hidden.start(), what, "Remove it, or pass the text that holds it as a parameter.")
    if escape := _UNICODE_ESCAPE.search(text):
        what = "a unicode escape may become a quote or a keyword before the query is read"
        refuse(text, escape.start(), what, "Write the character itself, or pass the text as a parameter.")


def _next(text: str, at: int) -> tuple[Token | None, int]:
    """The token at an offset, or None for a space or comment, and the offset behind it."""
    if space := _SPACE.match(text, at):
        return None, space.end()
    if text.startswith(("//", "/*"), at):
        return None, _end_of_comment(text, at)
    if word := _WORD.match(text, at):
        return Token(Kind.WORD, word[0], at, word.end(), word[0].upper()), word.end()
    if text[at] in "'\"":
        return _string(text, at)
    if text[at] == "`":
        return _quoted(text, at, at)
    if text[at] == "$":
        return _parameter(text, at)
    if number := _NUMBER.match(text, at):
        return Token(Kind.NUMBER, number[0], at, number.end(), ""), number.end()
    if symbol := _SYMBOL.match(text, at):
        return Token(Kind.SYMBOL, symbol[0], at, symbol.end(), symbol[0]), symbol.end()
    return _refuse_character(text, at)


def _end_of_comment(text: str, at: int) -> int:
    if line := _LINE_COMMENT.match(text, at):
        return line.end()
    block = _BLOCK_COMMENT.match(text, at)
    if block is None:
        refuse(text, at, "a comment is opened with /* and never closed", "Close it with */.")
    # LadybugDB reads the `**` of `/***/` as one step and goes on to the next `*/`; Neo4j stops at the first.
    if "**" in block[1] + "*" or "/*" in block[1]:
        what = "the two engines end this comment at different places"
        refuse(text, at, what, "Start each line of the comment with // instead.")
    return block.end()


def _string(text: str, at: int) -> tuple[Token, int]:
    found = _STRING.match(text, at)
    if found is None:
        refuse(text, at, "a string is opened and never closed", f"Close it with {text[at]}.")
    body = found[0].replace("\\\\", "  ")
    if escape := _UNKNOWN_ESCAPE.search(body):
        what = f"the escape {escape[0]!r} is unknown to one engine or the other"
        refuse(text, at + escape.start(), what, r"Write \\ for a backslash, or pass the text as a parameter.")
    return Token(Kind.STRING, found[0], at, found.end(), ""), found.end()


def _quoted(text: str, at: int, start: int) -> tuple[Token, int]:
    found = _QUOTED.match(text, at)
    if found is None:
        refuse(text, at, "a name in backticks is empty or never closed", "Close it with a backtick.")
    if "\\" in found[1]:
        refuse(text, at, "a name in backticks holds a backslash", "Use another name.")
    kind = Kind.QUOTED if at == start else Kind.PARAMETER
    return Token(kind, found[1].replace("``", "`"), start, found.end(), ""), found.end()


def _parameter(text: str, at: int) -> tuple[Token, int]:
    if text.startswith("`", at + 1):
        return _quoted(text, at + 1, at)
    name = _WORD.match(text, at + 1)
    if name is None:
        refuse(text, at, "a $ must be followed by the name of a parameter", "Write $name.")
    return Token(Kind.PARAMETER, name[0], at, name.end(), ""), name.end()


def _refuse_character(text: str, at: int) -> NoReturn:
    char = text[at]
    if char == "\\":
        refuse(text, at, "a backslash outside of a string", "Remove it; escapes belong in strings.")
    if char.isdigit() and char.isascii():
        refuse(
            text,
            at,
            "a number runs into a letter",
            "Write whole numbers in decimal digits, followed by a space.",
        )
    if not char.isascii():
        what = f"the character {char!a} (U+{ord(char):04X}) outside of a string"
        refuse(text, at, what, "It may look like another: use plain ASCII, or put the name in backticks.")
    refuse(text, at, f"the character {char!r} has no place in a reading query", "Remove it.")
