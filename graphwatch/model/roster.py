"""Who is on the supplied roster: civil servants without their names, their agencies, and which accounts are theirs."""

from typing import Final

from graphwatch.model.declaring import Node, Property, Relation, Type, integer, text

_SOURCES: Final = Property("sources", Type.TEXTS, "source:row of every row that supplied it", accumulates=True)
# Days are kept as written, and as the instants between which they lie in Asia/Jakarta, for arithmetic in Cypher.
_VALIDITY: Final = (
    text("valid_from", "first day, ISO date; null where open"),
    text("valid_to", "last day, ISO date; null where open"),
    integer("from_ms", "beginning of the first day in Asia/Jakarta, UTC epoch milliseconds; null where open"),
    integer("to_ms", "end of the last day in Asia/Jakarta, exclusive, UTC epoch milliseconds; null where open"),
)

NODES: Final = (
    Node(
        "Asn",
        "A civil servant on the supplied roster. Name and NIP are in the vault, never here.",
        (
            text("id", "keyed HMAC of the NIP"),
            text("kind", "pns or pppk, where the roster says so"),
            integer("namesakes", "other persons of the roster with the same name"),
            _SOURCES,
        ),
    ),
    Node(
        "Agency",
        "An agency or unit (OPD).",
        (
            text("id", "id of the agency on the roster"),
            text("name", "name of the agency"),
            _SOURCES,
        ),
    ),
)

RELATIONS: Final = (
    Relation(
        "BELONGS_TO",
        (("Account", "Asn"),),
        "An account that a supplied roster row links to a person; never inferred.",
        (
            text("id", "hash of both ends, basis and validity"),
            text("basis", "self-declared, confirmed-by-superior or verified"),
            text("confidence", "low, medium or high, as supplied"),
            text("checked_at", "day of the last check, ISO date"),
            text("checked_by", "who checked"),
            *_VALIDITY,
            _SOURCES,
        ),
    ),
    Relation(
        "OPERATED_BY",
        (("Account", "Agency"),),
        "A duty account that an agency operates; nobody's private account.",
        (text("id", "hash of both ends and validity"), *_VALIDITY, _SOURCES),
    ),
    Relation(
        "WORKS_AT",
        (("Asn", "Agency"),),
        "Employment, as the roster says.",
        (
            text("id", "hash of both ends and validity"),
            # Neither may leave under pseudonyms: an agency has one head, and few leaders.
            text("position", "position (jabatan) there, as the roster says"),
            text(
                "position_class",
                "functional, executive, supervisor, administrator, head-of-district (camat, lurah) or senior-leader",
            ),
            *_VALIDITY,
            _SOURCES,
        ),
    ),
    Relation(
        "PART_OF",
        (("Agency", "Agency"),),
        "The agency of which another is a part.",
        (text("id", "hash of both ends"), _SOURCES),
    ),
)
