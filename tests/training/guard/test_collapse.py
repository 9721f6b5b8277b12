"""Samples that stop to differ, and losses that run away, are found; what never differed or recovers is not."""

from typing import Any

import numpy as np
import pytest

from painting.images import UInt8Array
from painting.training.guard.collapse import SHARE_NAMES, Condition, SampleWatch, condition

RANDOM = np.random.default_rng(0)
REAL: UInt8Array = RANDOM.integers(0, 256, (40, 1, 1, 3), np.uint8) // 2 + RANDOM.integers(
    0, 128, (40, 16, 16, 3), np.uint8
)
PROMPTS, SEEDS = 4, 8


def like_real() -> UInt8Array:
    return REAL[: PROMPTS * SEEDS].reshape(PROMPTS, SEEDS, 16, 16, 3)


def black() -> UInt8Array:
    return np.zeros_like(like_real())


def one_picture() -> UInt8Array:
    return np.broadcast_to(REAL[:1, None], like_real().shape).copy()


def one_picture_a_prompt() -> UInt8Array:
    return np.broadcast_to(like_real()[:, :1], like_real().shape).copy()


def flat_colors() -> UInt8Array:
    return np.broadcast_to(like_real()[:, :, :1, :1], like_real().shape).copy()


@pytest.mark.parametrize(
    ("samples", "collapsed"),
    [
        (like_real(), set()),
        (black(), {"contrast_share", "variety_share", "seed_variety_share"}),
        (one_picture(), {"variety_share", "seed_variety_share"}),
        (one_picture_a_prompt(), {"seed_variety_share"}),
        (flat_colors(), {"contrast_share"}),
    ],
)
def test_shares_say_in_what_samples_differ_less_than_real_pictures(samples: UInt8Array, collapsed: set[str]) -> None:
    shares = SampleWatch(REAL).shares(samples)
    assert set(shares) == set(SHARE_NAMES)
    assert {name for name, share in shares.items() if share < 0.1} == collapsed
    assert all(0.7 < share < 2.5 for name, share in shares.items() if name not in collapsed)


@pytest.mark.parametrize("captions_describe", ["classes", "single pictures"])
def test_seeds_need_not_vary_where_captions_describe_single_pictures(
    finite: Any, captions_describe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if captions_describe == "single pictures":
        monkeypatch.setattr("painting.training.guard.collapse.same_prompt_pairs", lambda data: None)
    names = set(SampleWatch.of(finite).shares(one_picture_a_prompt()))
    assert names == (set(SHARE_NAMES) if captions_describe == "classes" else {"contrast_share", "variety_share"})


def test_half_the_side_gives_about_the_same_shares() -> None:
    larger = REAL.repeat(4, 1).repeat(4, 2)
    one, other = SampleWatch(larger).shares(like_real()), SampleWatch(REAL).shares(like_real())
    assert one == pytest.approx(other, rel=0.01)


def test_real_pictures_that_are_all_alike_measure_nothing() -> None:
    assert SampleWatch(np.zeros((5, 8, 8, 3), np.uint8)).shares(black()) == {}


def test_the_real_pictures_are_those_of_the_set_whatever_its_length(finite: Any, endless: Any) -> None:
    samples = like_real()
    assert SampleWatch.of(finite).shares(samples).keys() == SampleWatch.of(endless).shares(samples).keys()


def line(share: float, **losses: float) -> dict[str, float]:
    return dict.fromkeys(SHARE_NAMES, share) | losses


@pytest.mark.parametrize(
    ("shares", "is_last", "found"),
    [
        ([0.9, 0.8, 0.7], False, Condition.HEALTHY),
        ([0.9, 0.05], False, Condition.SUSPECT),
        ([0.9, 0.05, 0.04], False, Condition.COLLAPSED),
        ([0.9, 0.05], True, Condition.COLLAPSED),
        ([0.9, 0.05, 0.6], False, Condition.HEALTHY),  # it has recovered
        ([0.01, 0.02, 0.03], False, Condition.HEALTHY),  # it has never been better, as early in a training
        ([0.2, 0.02, 0.02], False, Condition.HEALTHY),
    ],
)
def test_collapse_is_a_fall_that_lasts(shares: list[float], is_last: bool, found: Condition) -> None:
    assert condition([line(share) for share in shares], is_last)[0] is found


@pytest.mark.parametrize("name", SHARE_NAMES)
def test_each_share_alone_is_a_collapse_and_is_named(name: str) -> None:
    lines = [line(0.9), line(0.9) | {name: 0.0}, line(0.9) | {name: 0.0}]
    assert condition(lines, False) == (
        Condition.COLLAPSED,
        f"the variety {SHARE_NAMES[name]} fell from 90% to 0% of that of real pictures",
    )


@pytest.mark.parametrize(
    ("losses", "found"),
    [
        ([2.5, 2.6, 2.4, 2.5], Condition.HEALTHY),
        ([0.001, 0.001, 0.001, 0.5], Condition.HEALTHY),  # small losses may grow
        ([2.5, 2.6, 2.4, 400.0], Condition.COLLAPSED),
        ([2.5, 2.6, 2.4, -400.0], Condition.COLLAPSED),
        ([2.5, 400.0], Condition.HEALTHY),  # two say nothing yet
    ],
)
def test_a_loss_that_is_a_hundred_times_what_it_was_has_diverged(losses: list[float], found: Condition) -> None:
    result, reason = condition([line(0.9, generator_loss=value) for value in losses], False)
    assert result is found
    assert ("generator_loss went from 2.5 to" in reason) is (found is Condition.COLLAPSED)
