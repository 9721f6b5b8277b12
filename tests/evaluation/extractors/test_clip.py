"""CLIP as an extractor, on a small random one in the hub's layout."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.evaluation.tiny_hub import write_whole_clip
from transformers import CLIPModel, CLIPTokenizer

from painting.evaluation.extractors.base import ClassPredictor, TextMatcher, WeightsMissing
from painting.evaluation.extractors.clip import CLIP_IMAGE_MEAN, CLIP_IMAGE_STD, Clip, load_clip_extractor
from painting.evaluation.prompts import Request
from painting.images import UInt8Array


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_whole_clip(tmp_path_factory.mktemp("hub") / "clip-vit-base-patch32")


@pytest.fixture(scope="module")
def clip(folder: Path) -> Clip:
    return load_clip_extractor(str(folder), False)


@pytest.fixture(scope="module")
def pictures() -> UInt8Array:
    return np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), np.uint8)


def requests(*prompts: str) -> list[Request]:
    return [Request(prompt, {}, {}) for prompt in prompts]


def test_features_are_transformers_own_image_features_at_length_one(
    clip: Clip, folder: Path, pictures: UInt8Array
) -> None:
    levels = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255  # of the model's own side: nothing to resize
    images = (levels - torch.tensor(CLIP_IMAGE_MEAN)[:, None, None]) / torch.tensor(CLIP_IMAGE_STD)[:, None, None]
    model = CLIPModel.from_pretrained(folder)
    with torch.inference_mode():
        wanted = model.visual_projection(model.vision_model(pixel_values=images).pooler_output)
    wanted = wanted / wanted.norm(dim=1, keepdim=True)
    found = clip.features(pictures)
    assert found.shape == (5, clip.width) == (5, 16)
    np.testing.assert_allclose(found, wanted.numpy(), atol=1e-5)


def test_text_vectors_are_those_of_prompts_alone_whatever_stands_beside_them(clip: Clip, folder: Path) -> None:
    model, tokenizer = CLIPModel.from_pretrained(folder), CLIPTokenizer.from_pretrained(folder)
    prompts = ["a red rose", "rose", "a red rose", "very " * 100]
    found = clip.request_vectors(requests(*prompts))
    for row, prompt in enumerate(prompts):
        tokens = tokenizer([prompt], truncation=True, max_length=77, return_tensors="pt")
        with torch.inference_mode():
            wanted = model.text_projection(model.text_model(**tokens).pooler_output)[0]
        np.testing.assert_allclose(found[row], (wanted / wanted.norm()).numpy(), atol=1e-5)
    np.testing.assert_array_equal(found[0], found[2])


def test_an_empty_prompt_has_a_vector_of_zeros(clip: Clip) -> None:
    assert not clip.request_vectors(requests("")).any()


def test_similarity_is_the_cosine(clip: Clip, pictures: UInt8Array) -> None:
    features, vectors = clip.features(pictures), clip.request_vectors(requests("a rose", "red"))
    found = clip.similarity(features, np.stack([vectors] * 5))
    np.testing.assert_allclose(found, features @ vectors.T, atol=1e-6)
    assert np.abs(found).max() <= 1 + 1e-6


def test_larger_pictures_are_resized_and_order_does_not_matter(clip: Clip) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (40, 50, 50, 3), np.uint8)  # more than a batch
    whole = clip.features(pictures)
    np.testing.assert_allclose(clip.features(pictures[::-1].copy())[::-1], whole, atol=1e-5)


def test_it_matches_text_and_is_named_as_the_text_encoder_made_of_it(clip: Clip, folder: Path, tmp_path: Path) -> None:
    assert isinstance(clip, TextMatcher)
    assert not isinstance(clip, ClassPredictor)
    assert clip.name == "clip-vit-b32"
    other = load_clip_extractor(str(write_whole_clip(tmp_path / "my-own")), False)
    assert other.name == "clip-my-own"
    assert other.key == clip.key  # the same weights


def test_other_means_of_the_folder_are_used(folder: Path, pictures: UInt8Array, tmp_path: Path, clip: Clip) -> None:
    changed = write_whole_clip(tmp_path / "changed")
    (changed / "preprocessor_config.json").write_text(json.dumps({"image_mean": [0.0] * 3, "image_std": [1.0] * 3}))
    assert np.abs(Clip(changed, "changed").features(pictures) - clip.features(pictures)).max() > 0.01


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (["model.safetensors"], "holds no weights: model.safetensors"),
        (["vocab.json", "merges.txt"], "holds no tokenizer: tokenizer.json"),
    ],
)
def test_an_incomplete_folder_is_refused(missing: list[str], message: str, tmp_path: Path) -> None:
    folder = write_whole_clip(tmp_path / "part")
    for name in missing:
        (folder / name).unlink()
    with pytest.raises(WeightsMissing, match=message):
        Clip(folder, "part")


def test_the_text_half_alone_is_refused(tmp_path: Path) -> None:
    from tests.tiny_clip import write_clip

    with pytest.raises(WeightsMissing, match=r"lack|cannot load"):
        Clip(write_clip(tmp_path / "text"), "text")


def test_a_model_that_is_not_cached_is_reported_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(WeightsMissing) as problem:
        load_clip_extractor(None, download=False)
    assert "cannot fetch openai/clip-vit-base-patch32 from Hugging Face's hub (it is not in the hub's cache)" in str(
        problem.value
    )
    assert "hf download openai/clip-vit-base-patch32 --local-dir clip-vit-base-patch32" in str(problem.value)
