from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.cluster_matching import Earlier, continued

# Of each account the number of its cluster, 0 for none.
clustered = st.lists(st.integers(0, 3), max_size=12)


def members(clusters: list[int], unknown: int = 0) -> dict[int, set[str]]:
    """The members of each cluster; the first `unknown` accounts are others than those of the later run."""
    found: dict[int, set[str]] = {}
    for account, number in enumerate(clusters):
        if number:
            found.setdefault(number, set()).add(f"{'old' if account < unknown else 'x'}:{account}")
    return found


@given(clustered, clustered, st.integers(0, 6))
def test_each_cluster_continues_the_earlier_one_with_the_largest_overlap(
    later: list[int], earlier: list[int], unknown: int
) -> None:
    now, before = members(later), members(earlier, unknown)
    found = continued(now, before)
    expected = []
    for number in sorted(now):
        scores = [(len(now[number] & theirs) / len(now[number] | theirs), -other) for other, theirs in before.items()]
        if scores and max(scores)[0] >= 0.5:
            expected.append((number, -max(scores)[1], max(scores)[0]))
    assert [(number, match.cluster, match.jaccard) for number, match in found.items()] == expected


def test_of_equally_alike_clusters_the_first_is_taken_but_never_the_one_asked_about() -> None:
    same = {"x:1", "x:2"}
    earlier = Earlier({"R-2:1": same, "R-1:1": same, "R-0:1": {"x:1", "x:2", "x:3", "x:4", "x:5"}})
    first, other = earlier.match(same), earlier.match(same, but="R-2:1")
    assert first is not None
    assert other is not None
    assert (first.cluster, other.cluster) == ("R-2:1", "R-1:1")
    assert earlier.match({"x:5"}) is None
    assert earlier.match(set()) is None
