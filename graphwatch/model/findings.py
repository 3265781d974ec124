"""What a detection found: runs, clusters, bursts, pairs and their numbers."""

from typing import Final

from graphwatch.model.declaring import Node, Property, Relation, boolean, integer, real, text, texts

EVIDENCE: Final[tuple[Property, ...]] = (
    integer(
        "bursts", "times that two or more members acted on a post, each within the window of the next", released=True
    ),
    integer("bursts_of_three", "bursts with three or more members within one window", released=True),
    integer("interactions", "timed interactions of the members", released=True),
    real("burst_share", "share of the members' interactions that are in bursts", released=True),
    integer("days", "days in Asia/Jakarta on which a burst began", released=True),
    texts(
        "hours",
        "interactions in bursts by hour of the day in Asia/Jakarta: 24 counts, the first from midnight",
        released=True,
    ),
    real(
        "half_time_s",
        "median over posts of the shortest time that covers half of the members, seconds; null where no post has half",
        released=True,
    ),
    integer("half_objects", "posts on which half of the members or more acted", released=True),
    integer("n_sum", "co-interactions of the pairs that tie the cluster", released=True),
    integer("opportunities_sum", "opportunities of these pairs; null where nothing was tested", released=True),
    real(
        "expected_sum",
        "co-interactions of these pairs that chance explains; null where nothing was tested",
        released=True,
    ),
    real("q_min", "smallest q of these pairs", released=True),
    real("q_median", "median q of these pairs", released=True),
)
ROSTER: Final[tuple[Property, ...]] = (
    integer(
        "n_asn",
        "members with a link to the roster in force when they acted; null where no roster was loaded",
        released=True,
    ),
    integer("n_verified", "of these, members whose link is verified"),
    integer("n_confirmed", "of these, others whose link a superior confirmed"),
    integer("n_self_declared", "of these, others who declared it themselves"),
    integer("n_duty", "members that an agency operates; they are in no test"),
    real("expected_asn", "members on the roster that a cluster of this size drawn at random would have", released=True),
    real("asn_log10_p", "log10 of the chance of n_asn or more", released=True),
    real("asn_q", "false discovery rate over the clusters of the run", released=True),
    text("top_agency", "id of the agency with the smallest q among members; null where there is none"),
    integer("top_agency_n", "members who work there"),
    real("top_agency_expected", "members that a cluster of this size drawn at random would have there"),
    real("top_agency_q", "false discovery rate over clusters and agencies of the run"),
)

NODES: Final = (
    Node(
        "Run",
        "One detection: parameters, version, the data it saw and its denominators.",
        (
            text("id", "R- and 12 hex digits of parameters, version and data fingerprint", released=True),
            text("status", "writing or complete", released=True),
            text("parameters", "as JSON: window, least objects, scope, rate, layers, seed", released=True),
            text("version", "version of graphwatch", released=True),
            text("fingerprint", "order-free digest of the interactions seen", released=True),
            integer("created_at_ms", "time of the run, UTC epoch milliseconds", released=True),
            integer("window_ms", "co-interaction window in milliseconds, inclusive", released=True),
            integer("min_objects", "objects a pair must share within the window", released=True),
            real(
                "fdr", "false discovery rate of the test against chance; null where nothing was tested", released=True
            ),
            integer("coarse_ms", "window of an opportunity in milliseconds; null where any time is one", released=True),
            integer("tests", "pairs with at least min_objects opportunities, over which q is corrected", released=True),
            real("tests_error", "relative standard error of tests; 0 where they were counted", released=True),
            integer("interactions", "timed interactions seen", released=True),
            integer("untimed", "interactions without a time, left out of synchrony", released=True),
            integer(
                "observed", "interactions with the time when somebody looked, left out of synchrony", released=True
            ),
            integer(
                "coarse", "interactions whose time is known less precisely than the window, left out", released=True
            ),
            integer("accounts", "accounts with a timed interaction", released=True),
            integer("objects", "objects acted on", released=True),
            integer("visited_pairs", "pairs of interactions within the window that were looked at", released=True),
            integer("pairs", "pairs of accounts that reached min_objects", released=True),
            integer("coordinated", "pairs beyond chance; null where nothing was tested", released=True),
            integer("clusters", "clusters found", released=True),
            text(
                "layers",
                "the numbers of each kind alone, further window and family, as JSON; null where not looked at",
                released=True,
            ),
            text(
                "lags",
                "accounts tested for a regular lag, found, and as regular as twenty others, as JSON; null where not",
                released=True,
            ),
            integer(
                "roster_accounts",
                "accounts with a link to the roster in force; null where no roster was loaded",
                released=True,
            ),
            integer("seed", "of every random choice", released=True),
            text(
                "power",
                "table of spike-in power over these data, as JSON; null where none was asked for",
                released=True,
            ),
            text(
                "sensitivity", "results at half and twice the window, as JSON; null where not looked at", released=True
            ),
            integer(
                "erased_at_ms",
                "when records were erased last; its numbers are of before; null where none were",
                released=True,
            ),
        ),
        released=True,
    ),
    Node(
        "Cluster",
        "Accounts that a run found acting together; a lead, never a verdict.",
        (
            text("id", "run:number, or run:layer:number where one kind was looked at", released=True),
            text("run", "id of the run", released=True),
            text(
                "layer",
                "all, one kind, a further window (10s, 15min, day), or a family",
                released=True,
            ),
            integer("number", "1 is the largest; ties by smallest member id", released=True),
            integer("size", "members", released=True),
            integer("pairs", "pairs of members that reached the run's count", released=True),
            real("density", "pairs over possible pairs of members", released=True),
            integer("objects", "objects on which members co-interacted", released=True),
            integer("first_ms", "first co-interaction, UTC epoch milliseconds; null where unknown", released=True),
            integer("last_ms", "last co-interaction, UTC epoch milliseconds; null where unknown", released=True),
            real(
                "interest_share",
                "share of pairs that also share interests; null where nothing was tested",
                released=True,
            ),
            *EVIDENCE,
            *ROSTER,
            integer(
                "erased_at_ms",
                "when a member was erased last; its numbers are of before; null where none was",
                released=True,
            ),
        ),
        released=True,
    ),
    Node(
        "Burst",
        "Two or more members of a cluster acting on one object, each within the window of the next; in a family, ever.",
        (
            text("id", "id of the cluster, :b and the burst's number", released=True),
            text("run", "id of the run", released=True),
            text("cluster", "id of the cluster", released=True),
            text(
                "layer",
                "all, one kind, a further window (10s, 15min, day), or a family",
                released=True,
            ),
            integer("number", "1 is the earliest of its cluster; ties by object", released=True),
            text(
                "object",
                "id of the post or page, the link, hashtag or hash of an image, or the number of a text in the run",
                released=True,
            ),
            text("object_kind", "post, page, link, hashtag, image or text: what is the object", released=True),
            integer("members", "members that took part", released=True),
            integer("most", "most members within any one window", released=True),
            integer("first_ms", "first interaction, UTC epoch milliseconds; null where unknown", released=True),
            integer("last_ms", "last interaction, UTC epoch milliseconds; null where unknown", released=True),
            integer("size", "interactions when it was found", released=True),
            texts(
                "interactions",
                "ids of the interactions, in order of time; those that were erased since are gone",
                released=True,
            ),
        ),
        released=True,
    ),
)

RELATIONS: Final = (
    Relation(
        "CO_INTERACTED",
        (("Account", "Account"),),
        "A pair that reached a run's count, stored once from the smaller id to the larger.",
        (
            text("id", "hash of run, layer, window and both ends"),
            text("run", "id of the run", released=True),
            text(
                "layer",
                "all, one kind, a further window (10s, 15min, day), or a family",
                released=True,
            ),
            integer("window_ms", "window of the run in milliseconds, inclusive", released=True),
            integer("n", "distinct objects on which both acted within the window", released=True),
            integer("shared", "objects both acted on at any time", released=True),
            real("median_gap_s", "median over objects of the smallest gap, in seconds", released=True),
            real(
                "first_share",
                "share of the objects on which the smaller id came first; a tie counts half",
                released=True,
            ),
            texts("kinds", "kinds of interaction involved", released=True),
            integer("first_ms", "first co-interaction, UTC epoch milliseconds; null where unknown", released=True),
            integer("last_ms", "last co-interaction, UTC epoch milliseconds; null where unknown", released=True),
            integer("opportunities", "objects on which both acted within the coarse window", released=True),
            real("expected", "co-interactions that chance explains, of the opportunities", released=True),
            real("log10_p", "log10 of the chance of n or more", released=True),
            real("q", "false discovery rate at which the pair would be reported", released=True),
            boolean(
                "coordinated",
                "beyond chance at the run's false discovery rate; null where nothing was tested",
                released=True,
            ),
            real("interest_expected", "shared objects that the activity of the two explains", released=True),
            real("interest_log10_p", "log10 of the chance of so many shared objects", released=True),
            real("interest_q", "false discovery rate at which the shared interest would be reported", released=True),
            boolean(
                "shared_interest",
                "more shared objects than activity explains; null where nothing was tested",
                released=True,
            ),
        ),
        released=True,
    ),
    Relation(
        "MEMBER_OF",
        (("Account", "Cluster"),),
        "An account that a run placed in a cluster.",
        (
            text("id", "hash of both ends"),
            text("run", "id of the run", released=True),
            text("entered", "core or grown", released=True),
            integer("partners", "members with whom the account reached the run's count", released=True),
        ),
        released=True,
    ),
    Relation(
        "FOUND_IN",
        (("Cluster", "Run"),),
        "The run that found a cluster.",
        (text("id", "hash of both ends"), text("run", "id of the run", released=True)),
        released=True,
    ),
    Relation(
        "BURST_OF",
        (("Burst", "Cluster"),),
        "The cluster whose members acted in a burst.",
        (text("id", "hash of both ends"), text("run", "id of the run", released=True)),
        released=True,
    ),
    Relation(
        "BURST_ON",
        (("Burst", "Post"), ("Burst", "Page")),
        "The post or page that a burst was on; a link, hashtag or image is no node.",
        (text("id", "hash of both ends"), text("run", "id of the run", released=True)),
        released=True,
    ),
    Relation(
        "TARGETS",
        (("Cluster", "Paslon"), ("Cluster", "Page")),
        "On whose posts the members of a cluster act, beside what others of like activity do; q says whether more.",
        (
            text("id", "hash of both ends"),
            text("run", "id of the run", released=True),
            text("kind", "paslon or page", released=True),
            integer("interactions", "interactions of the members with these posts", released=True),
            real("share", "share of the members' interactions", released=True),
            real("expected", "share of the interactions of accounts with similar activity", released=True),
            real("log10_p", "log10 of the chance of so many or more", released=True),
            real("q", "false discovery rate over clusters and targets of the run", released=True),
        ),
        released=True,
    ),
    Relation(
        "DRAWN_FROM",
        (("Cluster", "Agency"),),
        "An agency at which members of a cluster work. They may act under pressure from above, and be victims.",
        (
            text("id", "hash of both ends"),
            text("run", "id of the run"),
            integer("n", "members who work there"),
            real("expected", "members that a cluster of this size drawn at random would have there"),
            real("log10_p", "log10 of the chance of so many or more"),
            real("q", "false discovery rate over clusters and agencies of the run"),
        ),
    ),
    Relation(
        "CONTINUES",
        (("Cluster", "Cluster"),),
        "The cluster of an earlier run with which this one shares most members.",
        (
            text("id", "hash of both ends"),
            text("run", "id of the run", released=True),
            real("jaccard", "members shared over all", released=True),
        ),
        released=True,
    ),
    Relation(
        "REGULAR_LAG",
        (("Account", "Run"),),
        "An account that a run found acting always so long after publication; a lead on one account, never a verdict.",
        (
            text("id", "hash of both ends"),
            text("run", "id of the run"),
            integer("posts", "posts on which the lag was in the window; those published within five minutes are one"),
            integer("near", "posts with a lag from a third to three times that long, out of which they are counted"),
            integer("known", "posts with a known lag of up to an hour"),
            real("shortest_s", "shortest lag in the window, seconds after publication"),
            real("longest_s", "longest lag in the window, seconds after publication"),
            real("expected", "posts in the window that a regular person would have at most"),
            real("log10_p", "log10 of the chance of so many in any window"),
            real("q", "false discovery rate at which the account would be reported"),
        ),
    ),
    Relation(
        "SCORED",
        (("Account", "Run"),),
        "A metric of an account that was written back.",
        (
            text("id", "hash of account, run, metric and projection"),
            text("run", "id of the run"),
            text("metric", "degree, pagerank, betweenness or another"),
            text("projection", "coordination, posts or pages, and the part of it where it was not all"),
            real("value", "value of the metric"),
        ),
    ),
)
