"""What the office adds: complaints, the election calendar, provisions, decisions of reviewers, the watchlist."""

from typing import Final

from graphwatch.model.declaring import Node, Property, Relation, Type, boolean, integer, text, texts

_SOURCES: Final = Property("sources", Type.TEXTS, "source:row of every row that supplied it", accumulates=True)

NODES: Final = (
    Node(
        "Complaint",
        "An aduan: what somebody reported. Who reported it is in the vault, never here.",
        (
            text("id", "the office's number, or a hash of the row"),
            text("channel", "how it came in, for example sp4n-lapor, sbt, letter, whatsapp"),
            text("received_at", "day it was received, ISO date"),
            text("known_at", "day since which the matter is known, ISO date"),
            text("deadline", "last day to report it on, ISO date: seven days since known"),
            text("account_ref", "accused account as the complaint names it"),
            text("post_ref", "post as the complaint names it"),
            text("kind", "kind of interaction complained about, as a relation's type; null where none is named"),
            text("platform", "short name of the platform"),
            integer("at_ms", "when it is said to have happened, UTC epoch milliseconds"),
            text("at", "the same as written; a day alone as ISO date"),
            text("text", "what is complained about"),
            text("evidence", "file name of the evidence"),
            text("evidence_sha256", "digest of the evidence file"),
            text("status", "new, checking, answered, forwarded or closed"),
            _SOURCES,
        ),
    ),
    Node(
        "Phase",
        "A phase of the election calendar, in Asia/Jakarta.",
        (
            text("id", "calendar:phase"),
            text("calendar", "id of the calendar"),
            text("name", "name of the phase"),
            text("first_day", "first day, ISO date"),
            text("last_day", "last day, ISO date"),
            integer("from_ms", "beginning of the first day, UTC epoch milliseconds"),
            integer("to_ms", "end of the last day, exclusive, UTC epoch milliseconds"),
            text("citation", "where the dates are from"),
            text("note", "what sources disagree about"),
        ),
    ),
    Node(
        "Provision",
        "A kind of violation that a reviewer would have to weigh; never a sanction.",
        (
            text("id", "code"),
            text("category", "kode etik or disiplin"),
            text("wording", "wording in Indonesian"),
            text("meaning", "paraphrase in English"),
            texts("kinds", "kinds of interaction it can concern"),
            text("applies", "before or after determination of candidates, or always"),
            boolean("contested", "whether sources disagree about when it applies"),
            text("citation", "where it is laid down"),
            text("note", "what sources disagree about"),
        ),
    ),
    Node(
        "Decision",
        "What a named reviewer decided on a lead; append-only.",
        (
            text("id", "D- and a hash of the lead and the decision before"),
            text("lead", "id of the cluster, account or complaint decided on"),
            text("lead_kind", "cluster, account or complaint"),
            text("run", "id of the run that found the lead; null for complaints"),
            texts("accounts", "ids of the accounts that the lead was about, so that it is known again in later runs"),
            text("outcome", "needs_clarification, dismissed or forwarded"),
            text("reason", "why"),
            text("clarification", "what the persons concerned answered"),
            text("forwarded_to", "to whom it was forwarded"),
            text("reviewer", "who decided"),
            text("previous", "id of the decision on this lead before it; null for the first"),
            integer("at_ms", "when, UTC epoch milliseconds"),
        ),
    ),
    Node(
        "Watch",
        "A roster account or a page that the office watches.",
        (
            text("id", "id of the account or page watched"),
            text("kind", "account or page"),
            text("reason", "why it is watched"),
            text("added_by", "who put it on the list"),
            integer("added_at_ms", "when, UTC epoch milliseconds"),
            integer("removed_at_ms", "when it was taken off last; null or before added_at_ms while it is watched"),
        ),
    ),
)

RELATIONS: Final = (
    Relation(
        "ABOUT",
        (("Complaint", "Account"), ("Complaint", "Post")),
        "What a complaint is about.",
        (text("id", "hash of both ends"), _SOURCES),
    ),
    Relation(
        "CONCERNS",
        (("Decision", "Cluster"), ("Decision", "Account"), ("Decision", "Complaint")),
        "What a decision was made on.",
        (text("id", "hash of both ends"),),
    ),
    Relation(
        "WATCHES",
        (("Watch", "Account"), ("Watch", "Page")),
        "What is watched.",
        (text("id", "hash of both ends"),),
    ),
)
