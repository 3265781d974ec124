import pytest

from graphwatch.model import INTERACTIONS
from graphwatch.platforms.observability import can_show, sights


def test_every_row_is_a_kind_of_the_model_with_a_reason_and_a_citation() -> None:
    assert sights()
    for sight in sights():
        assert sight.platform == sight.platform.lower()
        assert sight.kind in INTERACTIONS
        assert sight.seen in ("yes", "partly", "no")
        assert all((sight.why["id"], sight.why["en"], sight.citation))


@pytest.mark.parametrize(("platform", "kind"), [(None, None), ("mastodon", "LIKED"), ("x", None), ("x", "EVENT")])
def test_what_nobody_wrote_down_is_unknown_and_not_no(platform: str | None, kind: str | None) -> None:
    assert can_show(platform, kind).seen == "unknown"


def test_likes_of_x_and_youtube_cannot_be_seen() -> None:
    assert can_show("x", "LIKED").seen == can_show("youtube", "LIKED").seen == "no"
