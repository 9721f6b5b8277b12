"""A pair's end is where the guided flow leads, and the file of ends is made once."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from painting.latents import latents_of
from painting.paint.validation import MAX_STRENGTH
from painting.training.latent_flow import teacher_pairs
from painting.training.latent_flow.teacher_pairs import FIRST_SEED, TeacherPairs


@torch.no_grad()
def test_pairs_are_noise_of_their_own_seeds_and_text_times_strength(finished: Any) -> None:
    pairs: TeacherPairs = finished.stages[3].pairs
    pairs.open()
    ids = np.array([7, 3])
    chosen = pairs.select(ids)
    np.testing.assert_array_equal(chosen.noise.numpy(), latents_of([FIRST_SEED + 7, FIRST_SEED + 3], 128))
    again = pairs.select(np.array([3]))
    assert torch.equal(again.text[0], chosen.text[1]) and torch.equal(again.targets[0], chosen.targets[1])


@torch.no_grad()
def test_ends_are_where_the_guided_flow_leads_at_each_pair_s_strength(finished: Any) -> None:
    pairs: TeacherPairs = finished.stages[3].pairs
    pairs.open()
    ids = np.arange(100)
    noise, text, strength = pairs._inputs(ids)
    chosen = pairs.select(ids)
    torch.testing.assert_close(chosen.text, text * strength[:, None])
    ends = finished.networks.teacher().integrate(noise, text, strength)
    torch.testing.assert_close(ends, chosen.targets, atol=1e-2, rtol=1e-2)
    assert (finished.networks.teacher().integrate(noise, text) - ends).abs().max() > 0.1


def test_most_pairs_are_plain_and_the_others_strengths_spread_from_none_to_the_strongest(finished: Any) -> None:
    pairs = TeacherPairs(finished.networks.teacher(), finished.batches, Path(), 4000)
    plain = pairs._strengths == 1
    assert 0.57 < plain.mean() < 0.63
    others = pairs._strengths[~plain]
    assert others.min() < 0.01 and MAX_STRENGTH - 0.01 < others.max() < MAX_STRENGTH
    assert abs(others.mean() - MAX_STRENGTH / 2) < 0.05


def test_ends_are_followed_once_and_anew_for_another_prior(
    finished: Any, make_finished: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teacher_pairs, "PAIRS_PER_BATCH", 40)
    progress: list[tuple[int, int]] = []
    finished.stages[3].pairs.open(lambda done, of: progress.append((done, of)))
    assert progress == [(0, 100), (40, 100), (80, 100), (100, 100)]
    progress.clear()
    again = TeacherPairs(finished.networks.teacher(), finished.batches, tmp_path, 100)
    again.open(lambda done, of: progress.append((done, of)))
    assert not progress and len(list(tmp_path.glob("pairs-*.npy"))) == 1
    make_finished().stages[3].pairs.open()  # fresh networks
    assert len(list(tmp_path.glob("pairs-*.npy"))) == 2


def test_a_stop_while_ends_are_followed_loses_nothing_else(finished: Any, tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        if done:
            raise InterruptedError

    pairs: TeacherPairs = finished.stages[3].pairs
    with pytest.raises(InterruptedError):
        pairs.open(stop)
    assert not list(tmp_path.glob("*.npy"))
    pairs.open()
    assert pairs.select(np.arange(100)).targets.isfinite().all()
