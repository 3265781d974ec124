"""What a detection found: runs, clusters, pairs and their numbers."""

from typing import Final

from graphwatch.model.declaring import Node, Relation, boolean, integer, real, text, texts

NODES: Final = (
    Node(
        "Run",
        "One detection: parameters, version, the data it saw and its denominators.",
        (
            text("id", "R- and 12 hex digits of parameters, version and data fingerprint"),
            text("status", "writing or complete"),
            text("parameters", "as JSON"),
            text("version", "version of graphwatch"),
            text("fingerprint", "order-free digest of the interactions seen"),
            integer("created_at_ms", "time of the run, UTC epoch milliseconds"),
            integer("window_ms", "co-interaction window in milliseconds, inclusive"),
            integer("min_objects", "objects a pair must share within the window"),
            real("fdr", "false discovery rate of the test against chance; null where nothing was tested"),
            integer("coarse_ms", "window of an opportunity in milliseconds"),
            integer("tests", "pairs with at least min_objects opportunities, over which q is corrected"),
            real("tests_error", "relative standard error of tests; 0 where they were counted"),
            integer("interactions", "timed interactions seen"),
            integer("untimed", "interactions without a time, left out of synchrony"),
            integer("accounts", "accounts with a timed interaction"),
            integer("objects", "objects acted on"),
            integer("visited_pairs", "pairs of interactions within the window that were looked at"),
            integer("pairs", "pairs of accounts that reached min_objects"),
            integer("clusters", "clusters found"),
            integer("seed", "of every random choice"),
            text("power", "table of spike-in power over these data, as JSON; null where none was asked for"),
            text("sensitivity", "results at other windows, as JSON"),
        ),
    ),
    Node(
        "Cluster",
        "Accounts that a run found acting together; a lead, never a verdict.",
        (
            text("id", "run:number"),
            text("run", "id of the run"),
            text("layer", "all, or the one kind of interaction that was looked at"),
            integer("number", "1 is the largest; ties by smallest member id"),
            integer("size", "members"),
            integer("pairs", "pairs of members that reached the run's count"),
            real("density", "pairs over possible pairs of members"),
            integer("objects", "objects on which members co-interacted"),
            integer("first_ms", "first co-interaction, UTC epoch milliseconds"),
            integer("last_ms", "last co-interaction, UTC epoch milliseconds"),
        ),
    ),
)

RELATIONS: Final = (
    Relation(
        "CO_INTERACTED",
        (("Account", "Account"),),
        "A pair that reached a run's count, stored once from the smaller id to the larger.",
        (
            text("id", "hash of run, layer, window and both ends"),
            text("run", "id of the run"),
            text("layer", "all, or the one kind of interaction that was looked at"),
            integer("window_ms", "window in milliseconds, inclusive"),
            integer("n", "distinct objects on which both acted within the window"),
            integer("shared", "objects both acted on at any time"),
            real("median_gap_s", "median over objects of the smallest gap, in seconds"),
            real("first_share", "share of the objects on which the smaller id came first; a tie counts half"),
            texts("kinds", "kinds of interaction involved"),
            integer("first_ms", "first co-interaction, UTC epoch milliseconds"),
            integer("last_ms", "last co-interaction, UTC epoch milliseconds"),
            integer("opportunities", "objects on which both acted within the coarse window"),
            real("expected", "co-interactions that chance explains, of the opportunities"),
            real("log10_p", "log10 of the chance of n or more"),
            real("q", "false discovery rate at which the pair would be reported"),
            boolean(
                "coordinated",
                "beyond chance at the run's false discovery rate; null where nothing was tested",
            ),
            real("interest_expected", "shared objects that the activity of the two explains"),
            real("interest_log10_p", "log10 of the chance of so many shared objects"),
            real("interest_q", "false discovery rate at which the shared interest would be reported"),
            boolean("shared_interest", "more shared objects than activity explains; null where nothing was tested"),
        ),
    ),
    Relation(
        "MEMBER_OF",
        (("Account", "Cluster"),),
        "An account that a run placed in a cluster.",
        (
            text("id", "hash of both ends"),
            text("run", "id of the run"),
            text("entered", "core or grown"),
            integer("partners", "members with whom the account reached the run's count"),
        ),
    ),
    Relation(
        "FOUND_IN",
        (("Cluster", "Run"),),
        "The run that found a cluster.",
        (text("id", "hash of both ends"), text("run", "id of the run")),
    ),
    Relation(
        "TARGETS",
        (("Cluster", "Paslon"), ("Cluster", "Page")),
        "On whose posts the members of a cluster act more than others of like activity.",
        (
            text("id", "hash of both ends"),
            text("run", "id of the run"),
            integer("interactions", "interactions of the members with these posts"),
            real("share", "share of the members' interactions"),
            real("expected", "share of the interactions of accounts with similar activity"),
            real("log10_p", "log10 of the chance of so many or more"),
            real("q", "false discovery rate over clusters and targets of the run"),
        ),
    ),
    Relation(
        "CONTINUES",
        (("Cluster", "Cluster"),),
        "The cluster of an earlier run with which this one shares most members.",
        (text("id", "hash of both ends"), text("run", "id of the run"), real("jaccard", "members shared over all")),
    ),
    Relation(
        "SCORED",
        (("Account", "Run"),),
        "A metric of an account that was written back.",
        (
            text("id", "hash of account, run, metric and projection"),
            text("run", "id of the run"),
            text("metric", "degree, pagerank, betweenness or another"),
            text("projection", "coordination, posts or pages"),
            real("value", "value of the metric"),
        ),
    ),
)
