"""Power of texts, links, likes without a time and days: what is obvious is found, and what cannot be seen is not."""

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.scenarios.campaign import quiet
from benchmarks.scenarios.data import columns
from graphwatch.detection.families.gathering import Gathered
from graphwatch.detection.groups.enrichment import Targets
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.power.fields import day_field, family_field
from graphwatch.detection.power.planting import Shape
from graphwatch.detection.power.table import Cell, Trials, tried_on
from graphwatch.model.tables import InteractionColumns, LeftOut
from graphwatch.repository.wordings import ACTS

ACCOUNTS = pa.array([f"x:a{n:03}" for n in range(400)])
ASKED = Parameters(60_000, 3, fdr=0.05)
_DAY_MS = 86_400_000


def gathered(name: str, rows: int, *, seed: int = 1) -> Gathered:
    """What four hundred people wrote, published or liked, each for themselves."""
    rng = np.random.default_rng(seed)
    account, post = rng.integers(0, 400, rows), rng.integers(0, 240, rows)
    if name == "untimed":
        follows = rng.random((400, 12)) < 0.3
        account, post = np.nonzero((rng.random((400, 240)) < 0.2) & follows[:, np.arange(240) % 12])
    at_ms = post * _DAY_MS // 8 + rng.integers(0, 3_600_000, len(post))
    acts = pa.table(
        {
            "account": ACCOUNTS.take(pa.array(account)),
            "post": [f"x:p{n}" for n in post],
            "kind": [{"text": "COMMENTED", "link": "PUBLISHED", "untimed": "LIKED"}[name]] * len(post),
            "id": [f"x:{n}" for n in range(len(post))],
            "at_ms": pa.array(at_ms) if name != "untimed" else pa.nulls(len(post), pa.int64()),
        },
        schema=ACTS,
    )
    page = pa.array([f"g{n % 12}" for n in post])
    weeks = pa.array([f"g{n % 12} {n // 120}" for n in post])
    object = {
        "text": [f"text-{n:06}" for n in range(len(post))],
        "link": [f"kabar{n % 6}.example/{n // 2}" for n in range(len(post))],
        "untimed": [f"x:p{n}" for n in post],
    }[name]
    block = pa.array([link.split("/")[0] for link in object]) if name == "link" else weeks
    told = {"acts": len(post)}
    return Gathered(name, acts, pa.array(object, pa.string()), block, told, page if name == "untimed" else None)


def tried(name: str, sizes: tuple[int, ...], posts: tuple[int, ...], *, repeats: int = 4) -> tuple[Cell, ...]:
    field = family_field(gathered(name, 3_000), ACCOUNTS, ASKED, families=1)
    return tried_on([field], Trials(sizes, posts, None, 1.0, repeats, 3))[0]


@pytest.mark.parametrize(("name", "posts"), [("text", 6), ("link", 8), ("untimed", 60)])
def test_what_is_obvious_is_found_and_two_common_objects_are_not(name: str, posts: int) -> None:
    few, many = tried(name, (6,), (2, posts))
    assert (few.found, few.planted) == (0, 4)
    assert (many.layer, many.age, many.found, many.planted) == (name, None, 4, 4)
    assert many.members > 0.9


def test_groups_write_where_others_do_and_nothing_else_changes() -> None:
    texts = gathered("text", 2_000)
    field = family_field(texts, ACCOUNTS, ASKED, families=1, chosen=np.arange(50))
    [group] = field.ground.plan([Shape(8, 5, 1.0)], np.random.default_rng(0))
    assert group.members.max() < 50
    assert len(set(texts.acts["post"].take(pa.array(np.unique(group.row))).to_pylist())) == 5
    before = texts.acts.num_rows
    field.look([group])
    assert texts.acts.num_rows == before


def test_a_roster_of_nobody_who_writes_is_not_tried() -> None:
    field = family_field(gathered("text", 200), ACCOUNTS, ASKED, families=1, chosen=np.array([10**6]))
    assert not field.ground.holds(Shape(3, 4, 1.0))
    assert tried_on([field], Trials((3,), (4,), None, 1.0, 2, 3))[0][0].share is None


def test_where_nobody_shares_a_text_a_group_that_does_is_found_all_the_same() -> None:
    texts = gathered("text", 500)
    assert texts.tested(3) is None
    field = family_field(texts, ACCOUNTS, ASKED, families=1)
    [cell] = tried_on([field], Trials((5,), (8,), None, 1.0, 3, 3))[0]
    assert cell.found == 3


def test_a_link_that_is_everybodys_is_no_groups() -> None:
    links = gathered("link", 3_000)
    common = pa.array(["kabar0.example/everybody"] * 300, pa.string())
    rows = pa.array(np.arange(300))
    more = Gathered(
        "link",
        pa.concat_tables([links.acts, links.acts.take(rows)]),
        pa.concat_arrays([links.object, common]),
        pa.concat_arrays([links.block, links.block.take(rows)]),
        links.told,
    )
    ground = family_field(more, ACCOUNTS, ASKED, families=1).ground
    assert ground.anchors.max() < 3_000


def test_on_one_day_groups_act_on_the_day_of_an_act_that_is_there() -> None:
    data = columns(quiet(3, accounts=500, posts=120))
    pages = Targets("Page", pa.array(["x:g"]), np.arange(120, dtype=np.int32), np.zeros(120, np.int32))
    field = day_field(data, ASKED, pages)
    assert field is not None
    groups = field.ground.plan([Shape(10, 20, 1.0)] * 2, np.random.default_rng(1))
    for group in groups:
        day = (group.at_ms + 7 * 3_600_000) // _DAY_MS
        assert (day == (data.at_ms[group.row] + 7 * 3_600_000) // _DAY_MS).all()
        began = np.minimum(data.published_ms[data.object[group.row]], data.at_ms[group.row])
        assert (group.at_ms >= began).all()
    nobody = Targets("Page", pa.array([], pa.string()), np.empty(0, np.int32), np.empty(0, np.int32))
    assert day_field(data, ASKED, nobody) is None


def test_groups_on_one_day_are_found_where_pages_publish_a_lot_on_it() -> None:
    rng = np.random.default_rng(4)
    account, post = rng.integers(0, 300, 4_000), rng.integers(0, 240, 4_000)
    published = 1_727_740_800_000 + np.arange(240) // 60 * _DAY_MS
    data = InteractionColumns(
        account.astype(np.int32),
        post.astype(np.int32),
        np.zeros(4_000, np.int8),
        published[post] + rng.integers(0, 10 * 3_600_000, 4_000),
        ACCOUNTS[:300],
        pa.array([f"x:p{n:03}" for n in range(240)]),
        ("LIKED",),
        published,
        (LeftOut(),),
    )
    field = day_field(
        data, ASKED, Targets("Page", pa.array(["x:g"]), np.arange(240, dtype=np.int32), np.zeros(240, int))
    )
    assert field is not None
    few, many = tried_on([field], Trials((8,), (2, 40), None, 1.0, 3, 3))[0]
    assert few.found == 0
    assert (many.found, many.planted) == (3, 3)
