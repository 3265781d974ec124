"""The words of reading Cypher: what may be called, and what must be quoted to be a name."""

from typing import Final

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
