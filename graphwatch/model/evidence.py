"""What is kept of a cluster beside its size: its evidence as a whole, and its members on the roster."""

from typing import Final

from graphwatch.model.declaring import Property, integer, real, text, texts

EVIDENCE: Final[tuple[Property, ...]] = (
    integer("bursts", "times that two or more members acted on a post, each within the window of the next"),
    integer("bursts_of_three", "bursts with three or more members within one window"),
    integer("interactions", "timed interactions of the members"),
    real("burst_share", "share of the members' interactions that are in bursts"),
    integer("days", "days in Asia/Jakarta on which a burst began"),
    texts("hours", "interactions in bursts by hour of the day in Asia/Jakarta: 24 counts, the first from midnight"),
    real(
        "half_time_s",
        "median over posts of the shortest time that covers half of the members, seconds; null where no post has half",
    ),
    integer("half_objects", "posts on which half of the members or more acted"),
    integer("n_sum", "co-interactions of the pairs that tie the cluster"),
    integer("opportunities_sum", "opportunities of these pairs; null where nothing was tested"),
    real("expected_sum", "co-interactions of these pairs that chance explains; null where nothing was tested"),
    real("q_min", "smallest q of these pairs"),
    real("q_median", "median q of these pairs"),
)
ROSTER: Final[tuple[Property, ...]] = (
    integer("n_asn", "members with a link to the roster in force when they acted; null where no roster was loaded"),
    integer("n_verified", "of these, members whose link is verified"),
    integer("n_confirmed", "of these, others whose link a superior confirmed"),
    integer("n_self_declared", "of these, others who declared it themselves"),
    integer("n_duty", "members that an agency operates; they are in no test"),
    real("expected_asn", "members on the roster that a cluster of this size drawn at random would have"),
    real("asn_log10_p", "log10 of the chance of n_asn or more"),
    real("asn_q", "false discovery rate over the clusters of the run"),
    text("top_agency", "id of the agency with the smallest q among members; null where there is none"),
    integer("top_agency_n", "members who work there"),
    real("top_agency_expected", "members that a cluster of this size drawn at random would have there"),
    real("top_agency_q", "false discovery rate over clusters and agencies of the run"),
)
