"""What the shipped queries are asked of the small graph, and the rows that they must give."""

from typing import Any, Final

EVE, LEAP = 1_727_024_399_000, 1_709_182_800_000
WORDING = "Kami warga siap coblos nomor dua"
SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("x")'

GIVEN: Final[dict[str, dict[str, Any]]] = {
    "account-interactions": {"account": FORMULA},
    "account-clusters": {"account": SCRIPT},
    "account-lags": {"account": FORMULA},
    "account-partners": {"account": "x:2"},
    "account-roster": {"account": "x:1"},
    "account-scores": {"account": "x:1"},
    "agency-clusters": {"agency": "dinas"},
    "cluster-agencies": {"cluster": 1},
    "cluster-bursts": {"cluster": 1},
    "cluster-families": {"cluster": 1},
    "cluster-members": {"cluster": 1},
    "cluster-pages": {"cluster": 1},
    "cluster-pairs": {"cluster": 1},
    "cluster-posts": {"cluster": 1},
    "cluster-targets": {"cluster": 1},
    "complaint-interactions": {"complaint": "A-1"},
    "pair-evidence": {"account_a": SCRIPT, "account_b": "x:2"},
    "post-interactions": {"post": "https://x.example/a//b"},
    "post-pace": {"post": "x:a"},
    "same-text": {"least": 1},
    "text-spread": {"text": "siap coblos"},
}
# Expected rows, as the columns that tell most.
EXPECTED: Final[dict[str, list[dict[str, Any]]]] = {
    "account-interactions": [
        {"interaction": "i2", "post_text": SCRIPT, "at_ms": EVE + 2_000, "sources": ["s1:i2"]},
        {"interaction": "i4", "kind": "SHARED", "at": f"at {LEAP + 1_000}"},
    ],
    "busiest-posts": [
        {"post": "x:a", "interactions": 3, "accounts": 3, "first_ms": EVE, "last_ms": EVE + 2_000},
        {"post": "x:b", "interactions": 2, "accounts": 2},
        {"post": "x:c", "interactions": 1, "published_ms": None},
    ],
    "cluster-agencies": [
        {"agency": "dinas", "name": SCRIPT, "members": 1, "size": 2, "expected": 0.5, "q": 0.2},
    ],
    "cluster-bursts": [
        {"post": "x:b", "together": 2, "members": 2, "size": 2, "first_ms": LEAP, "last_ms": LEAP + 1_000},
        {"post": "x:a", "together": 2, "published_ms": EVE - 60_000, "first_ms": EVE, "last_ms": EVE + 2_000},
    ],
    "cluster-evidence": [
        {"cluster": 1, "size": 2, "bursts": 2, "hours": ["0", "4"], "n_asn": 1, "top_agency": "dinas", "q_min": None},
    ],
    "cluster-families": [
        {"family": "LIKED", "pairs": 1, "n": 1, "coordinated": 1},
        {"family": "SHARED", "pairs": 3, "n": 6, "coordinated": 1},
        {"family": "all", "pairs": 1, "n": 2, "expected": None, "coordinated": 0, "q": None},
    ],
    "cluster-members": [
        {"account": "x:1", "handle": SCRIPT, "entered": "core", "partners": 1},
        {"account": "x:2", "handle": FORMULA, "name": "\u202egnp.exe", "entered": "grown"},
    ],
    "cluster-pages": [
        {"page": "x:p", "paslon": "01", "number": 1, "posts": 1, "members": 2, "interactions": 2},
        {"page": "x:q", "paslon": None, "posts": 1, "members": 2, "interactions": 2},
    ],
    "cluster-pairs": [
        {"account_a": "x:1", "handle_a": SCRIPT, "account_b": "x:2", "n": 2, "coordinated": None},
    ],
    "cluster-posts": [
        {"post": "x:a", "members": 2, "interactions": 2, "first_ms": EVE, "last_ms": EVE + 2_000},
        {"post": "x:b", "members": 2, "interactions": 2, "first_ms": LEAP, "last_ms": LEAP + 1_000},
    ],
    "cluster-targets": [
        {"kind": "page", "target": "x:p", "name": "Maju", "interactions": 2, "share": 0.5, "expected": 0.25},
        {"kind": "page", "target": "x:q"},
        {"kind": "paslon", "target": "01", "name": "Satu dan Dua", "q": 0.04},
    ],
    "clusters": [{"cluster": 1, "size": 2, "density": 1.0}],
    "co-interactions": [
        {
            "account_a": "x:1",
            "handle_a": SCRIPT,
            "account_b": "x:2",
            "handle_b": FORMULA,
            "n": 2,
            "kinds": ["LIKED", "SHARED"],
            "coordinated": None,
        }
    ],
    "interactions-by-day": [
        {"year": 2024, "month": 2, "day": 29, "interactions": 2, "accounts": 2, "posts": 1},
        {"year": 2024, "month": 9, "day": 22, "interactions": 2, "accounts": 2, "posts": 2},
        {"year": 2024, "month": 9, "day": 23, "interactions": 1, "accounts": 1, "posts": 1},
        {"year": None, "month": None, "day": None, "interactions": 1, "accounts": 1, "posts": 1},
    ],
    "interactions-by-hour": [
        {"hour": 0, "kind": "LIKED", "interactions": 1},
        {"hour": 12, "kind": "LIKED", "interactions": 1},
        {"hour": 12, "kind": "SHARED", "interactions": 1},
        {"hour": 23, "kind": "COMMENTED", "interactions": 1},
        {"hour": 23, "kind": "LIKED", "interactions": 1},
        {"hour": None, "kind": "LIKED", "interactions": 1},
    ],
    "interactions-by-phase": [
        {"calendar": "c", "phase": "kampanye", "kind": "COMMENTED", "interactions": 1, "accounts": 1, "posts": 1},
        {"first_day": "2024-09-22", "kind": "LIKED", "interactions": 1, "accounts": 1, "posts": 1, "untimed": 1},
    ],
    "page-engagement": [
        {"page": "x:p", "paslon": "01", "kind": "LIKED", "posts": 1, "accounts": 3, "interactions": 3}
        | {"timed": 2, "observed": 0, "untimed": 1},
        {"page": "x:q", "paslon": None, "kind": "LIKED", "interactions": 1},
        {"page": "x:q", "kind": "SHARED", "interactions": 1},
    ],
    "pair-evidence": [
        {"post": "x:a", "account_a": "x:1", "account_b": "x:2", "gap_ms": 2_000, "sources_b": ["s1:i2"]},
        {"post": "x:b", "kind_a": "LIKED", "kind_b": "SHARED", "gap_ms": 1_000},
    ],
    "phases": [{"calendar": "c", "phase": "kampanye", "last_day": "2024-09-22", "note": None}],
    "post-interactions": [
        {"interaction": "i1", "account": "x:1"},
        {"interaction": "i2", "account": "x:2"},
        {"interaction": "i5", "account": "x:3", "at_ms": None},
    ],
    "runs": [{"run": "R-2", "status": "writing"}, {"run": "R-1", "status": "complete", "pairs": 1}],
    "sources": [{"source": "s1", "file": "likes.csv", "rows_taken": 6}],
    "untimed-interactions": [{"account": "x:3", "post": "x:a", "interaction": "i5", "handle": "__proto__"}],
    "account-clusters": [{"account": "x:1", "cluster": 1, "size": 2, "entered": "core", "partners": 1}],
    "account-lags": [
        {"account": "x:2", "post": "x:a", "kind": "LIKED", "published_ms": EVE - 60_000, "lag_s": 62.0},
    ],
    "regular-lags": [
        {"account": "x:2", "handle": FORMULA, "posts": 9, "near": 10, "shortest_s": 59.0, "longest_s": 62.5, "q": 0.01},
    ],
    "account-partners": [{"account": "x:2", "partner": "x:1", "handle": SCRIPT, "n": 2, "came_first": 0.5}],
    "account-roster": [{"link": "person", "agency": "dinas", "basis": "verified", "confidence": "high"}],
    "account-scores": [{"metric": "degree", "projection": "coordination", "value": 3.0}, {"metric": "pagerank"}],
    "accounts-by-platform": [
        {"platform": "instagram", "accounts": 1, "acted": 0, "interactions": 0},
        {"platform": "x", "accounts": 3, "acted": 3, "interactions": 6},
    ],
    "agency-clusters": [{"cluster": 1, "size": 2, "members": 1, "expected": 0.5, "q": 0.2}],
    "agency-engagement": [
        {
            "agency": "dinas",
            "paslon": None,
            "persons": None,
            "accounts": None,
            "interactions": None,
            "suppressed": True,
        },
    ],
    "agency-phases": [{"agency": "dinas", "calendar": "c", "phase": None, "interactions": None, "suppressed": True}],
    "agency-roster": [
        {"agency": "dinas", "part_of": "kota", "persons": None, "linked": None, "duty_accounts": 1},
        {"agency": "kota", "part_of": None, "persons": 0, "linked": 0, "duty_accounts": 0},
    ],
    "complaint-interactions": [
        {"account": "x:1", "post": "x:a", "kind": "LIKED", "claimed_kind": "LIKED", "at_ms": EVE, "claimed_ms": EVE},
    ],
    "decisions": [
        {"decision": "D-2", "lead": "x:1", "outcome": "dismissed", "previous": "D-1", "newest": True},
        {"decision": "D-1", "reason": SCRIPT, "newest": False},
        {"decision": "D-3", "lead": "R-1:LIKED:1", "run": "R-1", "newest": True},
    ],
    "duty-accounts": [{"agency": "dinas", "account": "x:2", "handle": FORMULA, "sources": ["s1:9"]}],
    "duty-interactions": [
        {"agency": "dinas", "account": "x:2", "page": "x:p", "paslon": "01", "interaction": "i2"}
        | {"time_basis": "acted", "validity": "valid"}
    ],
    "hashtags": [
        {"hashtag": "maju", "posts": 2, "accounts": 3, "interactions": 4, "last_ms": EVE + 2_000},
        {"hashtag": FORMULA.lower(), "posts": 1, "accounts": 3, "interactions": 3, "first_ms": EVE},
    ],
    "interactions-by-weekday": [
        {"weekday": 1, "kind": "LIKED", "interactions": 1},
        {"weekday": 4, "kind": "LIKED", "interactions": 1},
        {"weekday": 4, "kind": "SHARED", "interactions": 1},
        {"weekday": 7, "kind": "COMMENTED", "accounts": 1},
        {"weekday": 7, "kind": "LIKED", "accounts": 1},
        {"weekday": None, "kind": "LIKED", "interactions": 1},
    ],
    "links": [{"link": "https://kabar.example/1", "posts": 2, "first_ms": LEAP + 500, "last_ms": EVE - 60_000}],
    "open-complaints": [
        {"complaint": "A-1", "deadline": "2024-10-01", "status": "new", "accounts": 1, "posts": 1},
        {"complaint": "A-2", "deadline": None, "status": "checking", "accounts": 0, "posts": 0},
    ],
    "page-follows": [{"page": "x:p", "follows": 2, "accounts": 2, "timed": 0}],
    "pages-without-paslon": [{"page": "x:q", "class": "media", "posts": 1}],
    "paslon-engagement": [{"paslon": "01", "kind": "LIKED", "pages": 1, "posts": 1, "accounts": 3, "interactions": 3}],
    "position-engagement": [{"position_class": None, "persons": None, "interactions": None, "suppressed": True}],
    "post-pace": [{"post": "x:a", "minute": 0, "interactions": 2, "accounts": 2, "first_ms": EVE}],
    "posts-without-publisher": [{"post": "x:c", "interactions": 1, "accounts": 1}],
    "provision-texts": [{"provision": "P-1", "kinds": ["LIKED"], "contested": True}],
    "repeated-rows": [{"account": "x:3", "post": "x:a", "rows": 2, "sources": ["s1:5", "s1:6"], "interaction": "i5"}],
    "roster-by-hour": [{"first_hour": None, "persons": None, "interactions": None, "suppressed": True}],
    "roster-follows": [
        {"account": "x:3", "basis": "verified", "page": "x:p", "time_basis": "untimed", "validity": "unknown"},
        {"account": "x:1", "page": "x:p", "paslon": "01", "interaction": "i8", "validity": "valid"},
    ],
    "roster-interactions": [
        {"account": "x:1", "handle": SCRIPT, "basis": "verified", "paslon": "01", "at_ms": EVE, "interaction": "i1"}
        | {"time_basis": "acted", "validity": "valid", "agency": "dinas", "position_class": "head-of-district"},
        {"account": "x:3", "interaction": "i5", "time_basis": "untimed", "validity": "unknown", "agency": None},
    ],
    "same-handles": [
        {"handle": SCRIPT, "accounts": 2, "platforms": 2, "first_account": "ig:1", "last_account": "x:1"},
    ],
    "source-use": [
        {"source": "s1", "kind": "COMMENTED", "interactions": 1, "timed": 1, "alone": 1},
        {"source": "s1", "kind": "LIKED", "interactions": 4, "timed": 3, "alone": 3},
        {"source": "s1", "kind": "SHARED", "interactions": 1, "timed": 1, "alone": 1},
    ],
    "too-early": [{"post": "x:b", "account": "x:1", "early_ms": 500, "interaction": "i3"}],
    "undecided-clusters": [{"cluster": 1, "id": "R-1:1", "size": 2, "n_asn": 1, "continues": None}],
    "same-text": [{"text": WORDING, "accounts": 1, "uses": 1, "posts": 1, "first_ms": EVE, "last_ms": EVE}],
    "text-family": [
        {"family": "text-000001", "members": 2, "account": "x:3", "at_ms": EVE, "text": WORDING, "id": "i6"}
    ],
    "text-spread": [{"at_ms": EVE, "account": "x:3", "kind": "COMMENTED", "post": "x:c", "text": WORDING, "id": "i6"}],
    "watchlist": [
        {"watched": "x:2", "kind": "account", "handle": FORMULA, "added_at_ms": 9},
        {"watched": "x:p", "kind": "page", "handle": "maju", "reason": FORMULA, "added_by": "Sari"},
    ],
}
