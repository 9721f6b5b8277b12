"""Pictures are warped a little, each by itself, the same at the same place."""

import numpy as np
import torch

from painting.data.affine_augment import affine_augment


def test_warping_moves_each_picture_a_little_and_by_itself() -> None:
    picture = torch.zeros(1, 1, 28, 28)
    picture[..., 10:18, 10:18] = 1
    warped = affine_augment(picture.repeat(8, 1, 1, 1), np.random.default_rng(0))
    assert warped.shape == (8, 1, 28, 28)
    assert not torch.equal(warped[0], warped[1])
    assert (warped[..., 12:16, 12:16].mean((1, 2, 3)) > 0.8).all()  # no further than some pixels
    assert (warped - picture).abs().amax((1, 2, 3)).min() > 0.2  # yet none stays


def test_the_same_draws_warp_alike_and_gradients_pass() -> None:
    pictures = torch.rand(2, 1, 28, 28, requires_grad=True)
    once, again = (affine_augment(pictures, np.random.default_rng(5)) for _ in range(2))
    assert torch.equal(once, again)
    once.sum().backward()  # type: ignore[no-untyped-call]
    assert pictures.grad is not None and pictures.grad.abs().sum() > 0
