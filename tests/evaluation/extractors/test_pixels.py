import numpy as np

from painting.evaluation.extractors.base import Extractor
from painting.evaluation.extractors.pixels import Pixels


def test_a_flat_picture_and_an_even_slope_have_no_detail() -> None:
    slope = np.broadcast_to(np.arange(0, 64, 4)[:, None, None], (16, 16, 3)).astype(np.uint8)
    found = Pixels().features(np.stack([np.full((16, 16, 3), 90, np.uint8), slope]))
    assert found.shape == (2, 1)
    np.testing.assert_allclose(found, 0, atol=1e-4)


def test_a_checkerboard_has_the_most_there_can_be_and_gray_counts_as_it_is_perceived() -> None:
    board = (np.indices((8, 8)).sum(axis=0) % 2 * 255).astype(np.uint8)
    white, blue = np.stack([board] * 3, axis=2), np.stack([0 * board, 0 * board, board], axis=2)
    found = Pixels().features(np.stack([white, blue]))[:, 0]
    np.testing.assert_allclose(found, [4 * 255, 4 * 255 * 0.114], rtol=1e-5)


def test_it_is_an_extractor() -> None:
    assert isinstance(Pixels(), Extractor)
