"""A detection whole: input that is odd, or large in one direction, gets an answer and gets it soon."""

import time
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from graphwatch.detection.parameters import Parameters, identify
from graphwatch.detection.run import Found, detect
from graphwatch.model.tables import InteractionColumns, LeftOut

ASKED = Parameters(60_000, 3, fdr=0.05)
START = 1_727_000_000_000
DAY = 86_400_000


def columns(account: Any, object: Any, at_ms: Any, kind: Any = None) -> InteractionColumns:
    account, object = np.asarray(account, np.int32), np.asarray(object, np.int32)
    ids = [pa.array([f"x:{i:07}" for i in range(c.max(initial=-1) + 1)], pa.string()) for c in (account, object)]
    return InteractionColumns(
        account=account,
        object=object,
        kind=np.zeros(len(account), np.int8) if kind is None else np.asarray(kind, np.int8),
        at_ms=np.asarray(at_ms, np.int64),
        accounts=ids[0],
        objects=ids[1],
        kinds=("LIKED", "SHARED"),
        published_ms=np.full(len(ids[1]), -1),
        left_out_of=(LeftOut(), LeftOut()),
    )


def found(made: InteractionColumns, asked: Parameters = ASKED, threads: int | None = None) -> Found:
    run, data = identify(made, asked, "0")
    return detect(made, asked, run=run, data=data, version="0", threads=threads)


@pytest.fixture(scope="module")
def compiled() -> None:
    found(town())


def quickly(work: Callable[[], Found], seconds: float) -> Found:
    """The answer, for which there was ten times the time that it takes on an idle machine."""
    begin = time.process_time()
    answer = work()
    assert time.process_time() - begin < seconds
    return answer


def town(seed: int = 0, rows: int = 40_000) -> InteractionColumns:
    """A thousand accounts, a viral post, and ten accounts that act together on fifteen posts."""
    random = np.random.default_rng(seed)
    account, object = random.integers(0, 1_000, rows), random.integers(0, 400, rows)
    object[random.random(rows) < 0.1] = 0
    at_ms = START + object * 3_600_000 + (random.exponential(6 * 3_600, rows) * 1000).astype(np.int64)
    together = np.arange(150)
    account[together], object[together] = together % 10, 1 + together // 10
    at_ms[together] = START + 20 * DAY + object[together] * DAY + random.integers(0, 20_000, 150)
    return columns(account, object, at_ms, random.integers(0, 2, rows))


def same(one: Any, other: Any) -> bool:
    """Equal to the last bit, array by array."""
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return (
        np.array_equal(one, other, equal_nan=True)
        if getattr(one, "dtype", None) == np.float64
        else np.array_equal(one, other)
    )


@pytest.mark.parametrize("sampled", [False, True])
def test_one_seed_gives_one_answer_on_any_number_of_threads(sampled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if sampled:
        monkeypatch.setattr("graphwatch.detection.chance.null_model._VISITS", 100_000)
        monkeypatch.setattr("graphwatch.detection.chance.hypothesis_tests._VISITS", 100_000)
        monkeypatch.setattr("graphwatch.detection.chance.hypothesis_tests._FIRST_VISITS", 50_000)
    answers = [found(town(), threads=threads) for threads in (1, 2, 3, 7)]
    assert answers[0].clusters.size.max() >= 9
    assert answers[0].null_test is not None
    assert (answers[0].null_test.tests.relative_error > 0) == sampled
    for part in ("pairs", "null_test", "bicm_test", "clusters", "bursts", "acts"):
        assert all(same(getattr(answers[0], part), getattr(answer, part)) for answer in answers[1:]), part


def test_no_interaction_gives_nothing() -> None:
    nothing = found(columns([], [], []))
    assert (len(nothing.pairs), len(nothing.clusters), nothing.denominators["accounts"]) == (0, 0, 0)


def test_one_account_is_in_no_pair() -> None:
    alone = found(columns([0] * 50, np.arange(50) % 7, START + np.arange(50)))
    assert (len(alone.pairs), alone.denominators["accounts"], alone.denominators["objects"]) == (0, 1, 7)


def test_on_one_object_nobody_shares_three() -> None:
    one = found(columns(np.arange(2_000), np.zeros(2_000), START + np.arange(2_000)))
    assert (len(one.pairs), len(one.clusters)) == (0, 0)


def test_all_at_the_same_second_is_no_evidence() -> None:
    """Every opportunity is then a co-interaction, for everybody."""
    random = np.random.default_rng(0)
    made = columns(random.integers(0, 60, 3_000), random.integers(0, 200, 3_000), np.full(3_000, START))
    answer = found(made)
    assert answer.null_test is not None
    assert len(answer.pairs) > 1_000
    assert not answer.null_test.coordinated.any()


@pytest.mark.parametrize("shift", [-START, 80 * 365 * DAY, 2**62 - START - 60 * DAY])
def test_whenever_it_is_the_answer_is_the_same(shift: int) -> None:
    """At the epoch, in eighty years, at the end of what a time can be."""
    now = town()
    then = columns(now.account, now.object, now.at_ms + shift, now.kind)
    before, after = found(now), found(then)
    assert same(before.null_test, after.null_test)
    assert before.clusters.member.tolist() == after.clusters.member.tolist()
    assert (after.clusters.first_ms - before.clusters.first_ms == shift).all()


def test_times_far_apart_are_no_pair() -> None:
    far = found(columns([0, 1] * 3, [0, 0, 1, 1, 2, 2], [-(2**62), 2**62 - 1] * 3))
    assert len(far.pairs) == 0


@pytest.mark.usefixtures("compiled")
def test_two_million_actions_of_one_account_take_no_longer_than_others() -> None:
    """On five posts, while three thousand others each act on them: nobody is walked through two million times."""
    random = np.random.default_rng(0)
    account = np.concatenate([np.zeros(2_000_000, int), 1 + np.arange(15_000) // 5])
    object = np.concatenate([random.integers(0, 5, 2_000_000), np.arange(15_000) % 5])
    at_ms = START + random.integers(0, 30 * DAY, len(account))
    answer = quickly(lambda: found(columns(account, object, at_ms)), 30)
    assert len(answer.pairs) >= 2_900
    assert answer.pairs.shared.max() == 5


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("scattered", [1, DAY])
def test_two_accounts_with_a_hundred_thousand_actions_each_on_one_object(scattered: int) -> None:
    """Three objects, within a second of each other or over a day; of two kinds, and of one that is nowhere near."""
    random = np.random.default_rng(0)
    account, object = np.repeat([0, 1], 300_000), np.tile(np.repeat([0, 1, 2], 100_000), 2)
    at_ms = START + random.integers(0, scattered, 600_000)
    answer = quickly(lambda: found(columns(account, object, at_ms)), 20)
    assert answer.pairs.n.tolist() == [3]
    assert answer.pairs.median_gap_s.tolist() == [0]
    assert answer.pairs.first_share.tolist() == [0.5]


@pytest.mark.usefixtures("compiled")
def test_fifty_accounts_together_on_a_thousand_posts() -> None:
    random = np.random.default_rng(0)
    account, object = np.repeat(np.arange(50), 1_000), np.tile(np.arange(1_000), 50)
    at_ms = START + object * 7_200_000 + random.integers(0, 600_000, 50_000)
    answer = quickly(lambda: found(columns(account, object, at_ms)), 60)
    assert len(answer.pairs) == 1_225
