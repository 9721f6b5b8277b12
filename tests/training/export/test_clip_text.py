"""The text model and tokenizer of a CLIP, its id and its licence."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.tiny_clip import TOKENS, write_clip

from painting.errors import TextEncoderError
from painting.models.hub import HubModel
from painting.training.export.clip_text import UNKNOWN_LICENCE, encoder_id_of, find_clip, licence_of, load_clip_text
from painting.training.export.text_encoder import torch_vectors

OPENAI = "openai/clip-vit-base-patch32"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip")


def test_every_layout_of_the_same_model_gives_the_same_vectors_and_tokens(folder: Path, tmp_path: Path) -> None:
    first = load_clip_text(folder)
    other = load_clip_text(write_clip(tmp_path / "other", safe=False, one_tokenizer_file=True))
    assert np.array_equal(torch_vectors(first), torch_vectors(other))
    assert first.plain_tokenizer().to_str() == other.plain_tokenizer().to_str()


def test_both_ways_to_name_the_end_of_a_text_pool_there(tmp_path: Path) -> None:
    legacy = load_clip_text(write_clip(tmp_path / "legacy"))
    right = load_clip_text(write_clip(tmp_path / "right", end=len(TOKENS) - 1))
    assert np.array_equal(torch_vectors(legacy), torch_vectors(right))


def test_a_config_that_names_another_end_is_refused(tmp_path: Path) -> None:
    wrong = load_clip_text(write_clip(tmp_path / "wrong", end=77))
    with pytest.raises(
        TextEncoderError, match="names token 77 as the end of a text and its tokenizer ends texts other"
    ):
        torch_vectors(wrong)


def test_a_text_is_cut_to_the_longest_prompt_and_keeps_its_end(folder: Path) -> None:
    ids = load_clip_text(folder).tokens("rose " * 100)["input_ids"][0].tolist()
    assert len(ids) == 77 and ids[-1] == TOKENS.index("<|endoftext|>") and ids[1:-1] == [TOKENS.index("rose</w>")] * 75


def test_damaged_weights_that_are_no_numbers_are_refused(folder: Path) -> None:
    clip = load_clip_text(folder)
    with torch.no_grad():
        clip.model.final_layer_norm.weight[0] = float("nan")
    with pytest.raises(TextEncoderError, match=r"config.json names token|not finite"):
        torch_vectors(clip)


@pytest.mark.parametrize(
    ("name", "encoder_id"),
    [(OPENAI, "clip-vit-b32"), ("laion/CLIP-ViT-B-32_x", "clip-vit-b-32_x"), ("Mein CLIP!", "mein-clip")],
)
def test_ids_come_from_names(name: str, encoder_id: str) -> None:
    assert encoder_id_of(HubModel(name, None)) == encoder_id


def test_a_folder_named_after_openais_model_is_that_model(tmp_path: Path) -> None:
    (tmp_path / "clip-vit-base-patch32").mkdir()
    assert encoder_id_of(find_clip(str(tmp_path / "clip-vit-base-patch32"))) == "clip-vit-b32"


def test_licences_are_known_declared_or_named_as_unknown(tmp_path: Path) -> None:
    other = HubModel("someone/clip", tmp_path)
    assert licence_of(HubModel(OPENAI, None), tmp_path).startswith("MIT, Copyright (c) 2021 OpenAI")
    assert licence_of(other, tmp_path) == UNKNOWN_LICENCE
    (tmp_path / "README.md").write_text("---\ntags:\n- vision\nlicense: apache-2.0\n---\n# A model\n")
    assert licence_of(other, tmp_path) == "apache-2.0, by the model's README.md"
    (tmp_path / "README.md").write_text("# A model\nlicense: none of this\n")
    assert licence_of(other, tmp_path) == UNKNOWN_LICENCE


def test_another_kind_of_model_is_refused(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "bert"}))
    with pytest.raises(TextEncoderError, match="is of the type 'bert', where clip or clip_text_model is needed"):
        load_clip_text(folder)
