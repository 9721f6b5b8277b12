"""A text encoder made of a small CLIP gives torch's vectors, and is written whole or not at all."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from tests.tiny_clip import LONGEST, WIDTH, write_clip
from transformers import CLIPTextModel, CLIPTokenizer

from painting.errors import TextEncoderError
from painting.onnx_session import open_session
from painting.text.encoder import TextEncoder
from painting.training.export import text_encoder as exporting
from painting.training.export.clip_text import load_clip_text
from painting.training.export.onnx_graph import round_to_float16
from painting.training.export.text_encoder import check_vectors, choose_precision, export_clip, torch_vectors

pytestmark = pytest.mark.slow

TEXTS = ["rose", "a red rose in the snow", "roses are red, violets are blue", "é 🌹 7", "red rose " * 30, ""]


@pytest.fixture(scope="module")
def torch_clip(exported_clip: Any) -> tuple[CLIPTextModel, CLIPTokenizer]:
    """The model as anyone would run it, with Hugging Face's own attention, mask and padding; its weights rounded."""
    model: Any = CLIPTextModel.from_pretrained(exported_clip.source, dtype=torch.float32)
    round_to_float16(model)
    return model.eval(), CLIPTokenizer.from_pretrained(exported_clip.source)


@pytest.fixture
def no_tracing(monkeypatch: pytest.MonkeyPatch, exported_clip: Any) -> None:
    """The graph that was traced once stands for the one that would be traced again."""
    graph = (exported_clip.folder / "text_encoder.onnx").read_bytes()
    monkeypatch.setattr(exporting, "clip_graph", lambda model, is_float16: graph)


@pytest.mark.parametrize("texts", [[text] for text in TEXTS] + [TEXTS[:2], TEXTS], ids=lambda texts: str(len(texts[0])))
def test_the_graph_gives_torchs_vectors_for_any_length_and_batch(
    exported_clip: Any, torch_clip: tuple[CLIPTextModel, CLIPTokenizer], texts: list[str]
) -> None:
    model, tokenizer = torch_clip
    found = tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
    with torch.no_grad():
        wanted = model(**found).pooler_output.numpy()
    session = open_session((exported_clip.folder / "text_encoder.onnx").read_bytes(), 1, TextEncoderError)
    feed = {"ids": found["input_ids"].numpy(), "mask": found["attention_mask"].numpy()}
    vectors = session.run(["text_vectors"], feed)[0]
    assert vectors.shape == (len(texts), WIDTH) and vectors.dtype == np.float32
    assert np.abs(vectors - wanted).max() < 1e-4


def test_rounded_weights_turn_no_vector(exported_clip: Any, clip_encoder: TextEncoder) -> None:
    exact, vectors = torch_vectors(load_clip_text(exported_clip.source)), clip_encoder.encode(exporting.CHECKED_TEXTS)
    cosines = (vectors * exact).sum(1) / np.linalg.norm(vectors, axis=1) / np.linalg.norm(exact, axis=1)
    assert not np.array_equal(vectors, exact) and cosines.min() > 0.9999


def test_the_text_encoder_gives_the_rounded_models_vectors_to_a_ten_thousandth(
    exported_clip: Any, clip_encoder: TextEncoder
) -> None:
    clip, half = choose_precision(load_clip_text(exported_clip.source))
    expected = torch_vectors(clip)
    assert half and np.abs(clip_encoder.encode(exporting.CHECKED_TEXTS) - expected).max() < 1e-4
    check_vectors(clip_encoder, expected)


def test_vectors_that_differ_are_refused(exported_clip: Any, clip_encoder: TextEncoder) -> None:
    expected = torch_vectors(load_clip_text(exported_clip.source))
    expected[3, 5] += 0.01
    with pytest.raises(TextEncoderError, match="the graph of tiny-clip does not give torch's vectors: 'this flower is"):
        check_vectors(clip_encoder, expected)


def test_large_weights_are_stored_in_half_precision(exported_clip: Any) -> None:
    model = onnx.load(exported_clip.folder / "text_encoder.onnx")
    large = [weight for weight in model.graph.initializer if np.prod(weight.dims) >= 1024]
    assert len(large) > 10 and {weight.data_type for weight in large} == {onnx.TensorProto.FLOAT16}


def test_weights_beyond_half_precision_stay_in_single(tmp_path: Path) -> None:
    clip = load_clip_text(write_clip(tmp_path / "clip"))
    with torch.no_grad():
        clip.model.embeddings.position_embedding.weight[60:] *= 1e6
    same, half = choose_precision(clip)
    assert same is clip and not half


def test_the_description_says_what_it_is_and_not_where_it_was_made(exported_clip: Any) -> None:
    described = json.loads((exported_clip.folder / "text_encoder.json").read_text())
    assert described["id"] == "tiny-clip"
    assert (described["width"], described["longest_prompt"]) == (WIDTH, LONGEST)
    assert described["pooling"].startswith("the hidden state of the token that ends the text")
    assert described["licence"] == "unknown: see the model's page"
    for file in exported_clip.folder.iterdir():
        assert str(exported_clip.source.parent).encode() not in file.read_bytes()


def test_a_folder_that_is_there_is_left_alone(exported_clip: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(TextEncoderError, match="is there already: move it away"):
        export_clip(str(exported_clip.source), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.usefixtures("no_tracing")
def test_an_empty_folder_may_be_named(exported_clip: Any, tmp_path: Path) -> None:
    made = export_clip(str(exported_clip.source), tmp_path / "deep" / "down", "my-clip")
    assert TextEncoder.load(made.folder).id == "my-clip"
    assert made.size == sum(path.stat().st_size for path in made.folder.iterdir())
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["down"]


@pytest.mark.usefixtures("no_tracing")
def test_a_full_disk_leaves_nothing(exported_clip: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TextEncoderError, match=r"cannot write .*made: No space left on device"):
        export_clip(str(exported_clip.source), tmp_path / "made")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_tracing")
def test_a_graph_of_another_model_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    other = write_clip(tmp_path / "other")
    clip = load_clip_text(other)
    with torch.no_grad():
        clip.model.embeddings.token_embedding.weight.mul_(-1)
    clip.model.save_pretrained(other)
    with pytest.raises(TextEncoderError, match=r"does not give torch's vectors.*nothing was written"):
        export_clip(str(other), tmp_path / "made")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


@pytest.mark.parametrize(
    ("encoder_id", "sentence"),
    [
        ("minilm-l6", "a bundled text encoder is named minilm-l6 already"),
        ("../out", "cannot be a text encoder's id"),
        (".hidden", "cannot be a text encoder's id"),
        ("x" * 101, "cannot be a text encoder's id"),
    ],
)
def test_ids_that_cannot_be_names_are_refused(exported_clip: Any, encoder_id: str, sentence: str) -> None:
    with pytest.raises(TextEncoderError, match=sentence):
        export_clip(str(exported_clip.source), None, encoder_id)
