"""Any bytes, to every reader and to queries: taken, or refused with an error of ours. `just fuzz` goes on longer."""

import pytest
from harnesses import HARNESSES, SHARES, USUAL_SHARE, cases, run, seeds
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("name", HARNESSES)
def test_its_corpus_ends_well(name: str) -> None:
    for content in sorted(set(seeds(name)))[:40]:
        run(name, content)


@pytest.mark.parametrize("name", HARNESSES)
def test_whatever_comes_ends_well(name: str) -> None:
    @seed(0)
    @settings(max_examples=3 * SHARES.get(name, USUAL_SHARE), database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def each(data: st.DataObject) -> None:
        run(name, data.draw(cases(name)))

    each()
