from graphwatch.ingest.platforms import sights, terms
from graphwatch.model import INTERACTIONS


def test_every_sight_is_of_a_kind_of_the_model_and_says_why_and_where():
    found = sights()
    assert len({(s.platform, s.kind) for s in found}) == len(found) == 20
    for sight in found:
        assert sight.kind in INTERACTIONS
        assert sight.seen in ("yes", "partly", "no")
        assert sight.citation
        assert sight.why["id"] != sight.why["en"]


def test_likes_are_what_can_be_seen_least():
    seen = {s.platform: s.seen for s in sights() if s.kind == "LIKED"}
    assert seen == {"x": "no", "tiktok": "partly", "instagram": "partly", "facebook": "no", "youtube": "no"}


def test_terms_have_a_citation():
    assert "docs.x.com" in terms("x").citation
