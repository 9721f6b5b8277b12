from pathlib import Path
from typing import Any

import numpy as np
import pytest

from painting.data.picture_set import CaptionedSet
from painting.data.shapes.dataset import Shapes, prompts
from painting.data.shapes.scenes import SHAPE_COLORS, UNSEEN_PAIRS


@pytest.fixture
def shapes(encoder: Any, cache: Path) -> Shapes:
    return Shapes(32, text_encoder=encoder, cache=cache)


def test_a_picture_is_a_function_of_its_id_alone(shapes: Shapes, encoder: Any, cache: Path) -> None:
    ids = np.array([5, 2**61, 0, 5])
    pictures = shapes.pictures(ids)
    again = Shapes(32, text_encoder=encoder, cache=cache).pictures(ids[::-1])[::-1]
    np.testing.assert_array_equal(pictures, again)
    np.testing.assert_array_equal(pictures[0], pictures[3])
    assert pictures.shape == (4, 32, 32, 3) and pictures.dtype == np.uint8
    assert not np.array_equal(pictures[0], pictures[1])


def test_unseen_pairs_never_appear_in_training(shapes: Shapes) -> None:
    indices = shapes.scene_indices(np.arange(20_000))
    shown = {shapes.scenes[index].pair for index in indices}
    assert not shown & set(UNSEEN_PAIRS)
    assert len(shown) == 48 - len(UNSEEN_PAIRS)


def test_the_unseen_split_shows_nothing_else(encoder: Any, cache: Path) -> None:
    unseen = Shapes(32, text_encoder=encoder, split="unseen", cache=cache)
    indices = unseen.scene_indices(np.arange(1000))
    assert {unseen.scenes[index].pair for index in indices} == set(UNSEEN_PAIRS)


def test_text_vectors_are_those_of_the_pictures_captions(shapes: Shapes, encoder: Any) -> None:
    from painting.data.shapes.scenes import captions_of

    ids = np.arange(50)
    for choice, wording in ((0.0, 0), (0.999999, -1)):
        vectors = shapes.text_vectors(ids, np.full(50, choice, np.float32))
        captions = [captions_of(shapes.scenes[index])[wording] for index in shapes.scene_indices(ids)]
        np.testing.assert_array_equal(vectors, encoder.encode(captions))


def test_targets_name_color_shape_size_and_background(shapes: Shapes) -> None:
    ids = np.arange(20)
    for index, target in zip(shapes.scene_indices(ids), shapes.targets(ids), strict=True):
        scene = shapes.scenes[index]
        shown = {name for name, value in zip(shapes.attributes, target, strict=True) if value == 1}
        assert shown == {
            f"color={scene.color}", f"shape={scene.shape}", f"size={scene.size}",
            f"background={scene.background}",
        }  # fmt: skip


def test_captions_are_encoded_once_and_then_cached(shapes: Shapes, encoder: Any, cache: Path) -> None:
    asked = len(encoder.encoded)
    again = Shapes(64, text_encoder=encoder, cache=cache)
    assert len(encoder.encoded) == asked
    np.testing.assert_array_equal(shapes.caption_mean, again.caption_mean)


def test_caption_statistics_are_those_of_what_training_draws(shapes: Shapes) -> None:
    ids = np.arange(40_000)
    drawn = shapes.text_vectors(ids, np.random.default_rng(0).random(len(ids), np.float32))
    np.testing.assert_allclose(shapes.caption_mean, drawn.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(shapes.caption_std, drawn.std(axis=0), atol=0.01)


def test_size_split_and_encoder_change_the_content_hash(
    shapes: Shapes, encoder: Any, other_encoder: Any, cache: Path
) -> None:
    others = [
        Shapes(64, text_encoder=encoder, cache=cache),
        Shapes(32, text_encoder=encoder, split="unseen", cache=cache),
        Shapes(32, text_encoder=other_encoder, cache=cache),
    ]
    assert len({shapes.content_hash, *(other.content_hash for other in others)}) == 4
    assert Shapes(32, text_encoder=encoder, cache=cache).content_hash == shapes.content_hash


def test_shapes_are_a_picture_set_with_different_example_prompts(shapes: Shapes) -> None:
    pictures: CaptionedSet = shapes
    assert pictures.count is None
    assert len(set(pictures.example_prompts)) == 16


@pytest.mark.parametrize("split", ["seen", "unseen"])
def test_prompts_come_with_their_pair(split: Any) -> None:
    made = prompts(split, 120, seed=3)
    assert len(made) == 120 and made == prompts(split, 120, seed=3) != prompts(split, 120, seed=4)
    for prompt, color, shape in made:
        assert f"{color} {shape}" in prompt
        assert ((color, shape) in UNSEEN_PAIRS) == (split == "unseen")
    assert {color for _, color, _ in made} == set(SHAPE_COLORS)
