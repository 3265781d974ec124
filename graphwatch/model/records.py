"""What is public: accounts, pages, posts, what accounts did, and where the records come from."""

from typing import Final

from graphwatch.model.declaring import Node, Property, Relation, Type, boolean, integer, text, texts

NODES: Final = (
    Node(
        "Account",
        "A public account on a platform.",
        (
            text("id", "platform:native id"),
            text("platform", "x, tiktok, instagram, facebook, youtube or another short name", released=True),
            text("handle", "public handle, without @"),
            text("name", "display name as the platform shows it"),
            text("url", "address of the public profile"),
        ),
        released=True,
    ),
    Node(
        "Page",
        "A page or campaign account of a paslon.",
        (
            text("id", "platform:native id", released=True),
            text("platform", "short name of the platform", released=True),
            text("handle", "public handle, without @", released=True),
            text("name", "display name", released=True),
            text("url", "address of the page", released=True),
            boolean("registered", "registered with KPU as an official campaign account", released=True),
            text("class", "official, campaign_team, volunteers, party or media", released=True),
        ),
        released=True,
    ),
    Node(
        "Paslon",
        "A candidate pair.",
        (
            text("id", "id of the pair", released=True),
            integer("number", "number drawn by KPU", released=True),
            text("name", "names on the ballot", released=True),
            text("contest", "election, for example pilgub-2024", released=True),
            text("region", "province, kabupaten or kota", released=True),
        ),
        released=True,
    ),
    Node(
        "Post",
        "A post, video or other object that accounts act on.",
        (
            text("id", "platform:native id"),
            text("platform", "short name of the platform", released=True),
            text("url", "address of the post"),
            text("text", "text as published"),
            integer("at_ms", "publication time, UTC epoch milliseconds; null where unknown", released=True),
            text("at", "publication time as written in the source"),
            texts("links", "addresses that the post links to"),
            texts("hashtags", "hashtags, without #"),
            texts("images", "hashes of the images in it, as whoever collected it made them"),
        ),
        released=True,
    ),
    Node(
        "Source",
        "One import batch: a file, how it was obtained and on which legal basis.",
        (
            text("id", "first 16 hex digits of sha256", released=True),
            text("sha256", "digest of file digest, kind of load and mapping", released=True),
            text("file", "file name, without folders"),
            text("file_sha256", "digest of the file's bytes", released=True),
            text("kind", "kind of load, for example interactions or roster", released=True),
            texts("platforms", "platforms that occur in it", released=True),
            text("mapping", "column mapping and constants, as JSON"),
            text("acquisition", "method of acquisition", released=True),
            text("acquired_by", "person or unit that obtained the file"),
            text("legal_basis", "legal basis of the processing", released=True),
            text("terms_note", "contract terms that bind the data", released=True),
            text("terms_approved", "who approved that a platform's terms allow roster and data in one store"),
            text("roster_key", "fingerprint of the key under which persons are known; null where it has none"),
            text("keep_until", "last day of retention, ISO date", released=True),
            integer("loaded_at_ms", "time of loading, UTC epoch milliseconds", released=True),
            integer("rows_taken", "rows accepted", released=True),
            integer("rows_refused", "rows in the quarantine file", released=True),
            integer(
                "erased_at_ms",
                "when its rows were erased at the end of retention; null while they are kept",
                released=True,
            ),
        ),
        released=True,
    ),
)

_INTERACTION: Final = (
    text(
        "id",
        "hash of platform, account, kind and object; of an event also of its native content id, else its words, else "
        "its time",
    ),
    text("kind", "LIKED, COMMENTED, SHARED, MENTIONED or FOLLOWED, as the relation's type", released=True),
    text("content_id", "native id of the comment, share or like, where the platform gives one"),
    text("text", "text of the comment or share"),
    integer("at_ms", "UTC epoch milliseconds; null where the source has no time", released=True),
    text("at", "time as written in the source, with its offset"),
    integer(
        "precision_ms",
        "how coarsely at_ms is known: it lies in the milliseconds from it on; null where to the second",
        released=True,
    ),
    text(
        "basis",
        "observed: at_ms is when somebody looked, and the act was not later; derived: it follows from a native id; "
        "null: it is when the account acted, as the source says",
        released=True,
    ),
    integer("observed_at_ms", "when it was seen or collected, UTC epoch milliseconds", released=True),
    Property("sources", Type.TEXTS, "source:row of every row that supplied it", accumulates=True, released=True),
)

RELATIONS: Final = (
    Relation(
        "PUBLISHED",
        (("Account", "Post"), ("Page", "Post")),
        "Who published a post.",
        (text("id", "hash of both ends"),),
        released=True,
    ),
    Relation("LIKED", (("Account", "Post"),), "A like.", _INTERACTION, released=True),
    Relation("COMMENTED", (("Account", "Post"),), "A comment or reply.", _INTERACTION, released=True),
    Relation("SHARED", (("Account", "Post"),), "A share, repost or retweet.", _INTERACTION, released=True),
    Relation(
        "MENTIONED", (("Account", "Post"),), "A post mentioned elsewhere by an account.", _INTERACTION, released=True
    ),
    Relation(
        "FOLLOWED",
        (("Account", "Page"), ("Account", "Account")),
        "A follow or a joined campaign channel.",
        _INTERACTION,
        released=True,
    ),
    Relation(
        "SUPPORTS",
        (("Page", "Paslon"),),
        "The paslon a page campaigns for.",
        (text("id", "hash of both ends"),),
        released=True,
    ),
)
