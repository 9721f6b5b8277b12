import numpy as np
import pytest
import torch
from torch import Tensor

from painting.images import on_white
from painting.models.alpha import composite, to_painted_pixels

WHITE = torch.ones(1, 3, 1, 1)


def laid_on_white(colors: Tensor, alpha: Tensor) -> Tensor:
    """Straight colours (N, 3, S, S) and alpha (N, 1, S, S), both in [0, 1], as training has them."""
    return 2 * torch.cat([alpha * colors + 1 - alpha, alpha], dim=1) - 1


@pytest.fixture
def colors() -> Tensor:
    return torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def alpha() -> Tensor:
    return torch.rand(2, 1, 4, 4, generator=torch.Generator().manual_seed(1))


def test_a_picture_is_composited_over_any_color(colors: Tensor, alpha: Tensor) -> None:
    background = torch.rand(2, 3, 1, 1, generator=torch.Generator().manual_seed(2))
    over = composite(laid_on_white(colors, alpha), 2 * background - 1)
    torch.testing.assert_close((over + 1) / 2, alpha * colors + (1 - alpha) * background)


def test_over_white_are_its_first_three_channels(colors: Tensor, alpha: Tensor) -> None:
    pictures = laid_on_white(colors, alpha)
    assert torch.equal(composite(pictures, WHITE), pictures[:, :3])


def test_an_opaque_picture_hides_the_background(colors: Tensor) -> None:
    pictures = laid_on_white(colors, torch.ones(2, 1, 4, 4))
    assert torch.equal(composite(pictures, -WHITE), pictures[:, :3])


def test_a_picture_of_three_channels_is_opaque(colors: Tensor) -> None:
    assert composite(colors, -WHITE) is colors


def test_painted_pixels_are_straight_and_give_back_what_lies_on_white(colors: Tensor, alpha: Tensor) -> None:
    pixels = to_painted_pixels(laid_on_white(colors, alpha)).numpy()
    assert pixels.shape == (2, 4, 4, 4)
    np.testing.assert_allclose(pixels[..., 3], 255 * alpha[:, 0], atol=0.51)
    expected = 255 * (alpha * colors + 1 - alpha).permute(0, 2, 3, 1)
    np.testing.assert_allclose(on_white(pixels), expected, atol=1.6)


def test_what_is_invisible_is_white() -> None:
    pictures = torch.tensor([0.3, -0.5, 0.9, -1.0]).reshape(1, 4, 1, 1)
    assert to_painted_pixels(pictures).flatten().tolist() == [255, 255, 255, 0]


def test_values_beyond_the_range_are_clipped() -> None:
    pictures = torch.tensor([-3.0, 3.0, 0.0, 2.0]).reshape(1, 4, 1, 1)
    assert to_painted_pixels(pictures).flatten().tolist() == [0, 255, 128, 255]
