"""Images are resized and standardised with the statistics of the model's folder, or else with the given ones."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from painting.evaluation.extractors.preprocessing import Preprocessing, read_preprocessing

GIVEN_MEAN = (0.5, 0.4, 0.3)
GIVEN_STD = (0.2, 0.2, 0.2)


def test_images_of_the_model_s_side_are_only_standardised() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), np.uint8)
    found = Preprocessing(8, GIVEN_MEAN, GIVEN_STD)(pictures, "cpu")
    expected = (pictures / 255 - np.array(GIVEN_MEAN)) / np.array(GIVEN_STD)
    assert found.shape == (2, 3, 8, 8)
    np.testing.assert_allclose(found.permute(0, 2, 3, 1).numpy(), expected, atol=1e-5)


def test_other_images_are_resized_and_stay_in_range() -> None:
    stripes = np.zeros((1, 4, 4, 3), np.uint8)
    stripes[:, ::2] = 255  # bicubic overshoots at such edges
    found = Preprocessing(16, (0.0,) * 3, (1.0,) * 3)(stripes, "cpu")
    assert found.shape == (1, 3, 16, 16)
    assert (found.min(), found.max()) == (torch.tensor(0.0), torch.tensor(1.0))


def test_statistics_of_the_folder_win_over_the_given_ones(tmp_path: Path) -> None:
    config = {"image_mean": [0.1, 0.2, 0.3], "image_std": [1, 1, 1]}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(config))
    found = read_preprocessing(tmp_path, 32, GIVEN_MEAN, GIVEN_STD)
    assert found == Preprocessing(32, (0.1, 0.2, 0.3), (1.0, 1.0, 1.0))


@pytest.mark.parametrize("content", [None, "{", "[]", '{"image_mean": [0, 0, 0]}'])
def test_without_readable_statistics_the_given_ones_are_taken(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "preprocessor_config.json").write_text(content)
    assert read_preprocessing(tmp_path, 32, GIVEN_MEAN, GIVEN_STD) == Preprocessing(32, GIVEN_MEAN, GIVEN_STD)
