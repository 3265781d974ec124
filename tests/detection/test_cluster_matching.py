from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.cluster_matching import continued

# Of each account the number of its cluster, 0 for none.
clustered = st.lists(st.integers(0, 3), max_size=12)


def members(clusters: list[int]) -> tuple[list[int], list[int]]:
    inside = [(account, number) for account, number in enumerate(clusters) if number]
    return [a for a, _ in inside], [n for _, n in inside]


@given(clustered, clustered, st.integers(0, 6))
def test_each_cluster_continues_the_earlier_one_with_the_largest_overlap(
    later: list[int], earlier: list[int], unknown: int
) -> None:
    member, of = members(later)
    earlier_member, earlier_of = members(earlier)
    known = [m if m >= unknown else -1 for m in earlier_member]  # the later run knows nothing of some accounts
    found = continued(member, of, known, earlier_of)
    expected = []
    for number in sorted(set(of)):
        own = {m for m, n in zip(member, of, strict=True) if n == number}
        scores = []
        for other in sorted(set(earlier_of)):
            theirs = {m for m, n in zip(earlier_member, earlier_of, strict=True) if n == other}
            both = len({m for m in own if m >= unknown} & theirs)
            scores.append((both / (len(own) + len(theirs) - both), -other))
        if scores and max(scores)[0] >= 0.5:
            expected.append((number, -max(scores)[1], max(scores)[0]))
    assert list(zip(found.number.tolist(), found.earlier.tolist(), found.jaccard.tolist(), strict=True)) == expected
