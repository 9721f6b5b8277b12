"""Folders and hub names of CLIPs: what is read of them, and one sentence for each that cannot be read."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.tiny_clip import TOKENS, random_weights, write_clip

from painting.errors import TextEncoderError
from painting.training.export.clip_source import UNKNOWN_LICENCE, ClipSource, fetch, find_clip, licence_of, load_clip
from painting.training.export.text_encoder import torch_vectors

OPENAI = "openai/clip-vit-base-patch32"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip")


def refusal(folder: Path) -> str:
    with pytest.raises(TextEncoderError) as caught:
        load_clip(folder)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500
    return str(caught.value)


def test_every_layout_of_the_same_model_gives_the_same_vectors_and_tokens(folder: Path, tmp_path: Path) -> None:
    first = load_clip(folder)
    other = load_clip(write_clip(tmp_path / "other", safe=False, one_tokenizer_file=True))
    assert np.array_equal(torch_vectors(first), torch_vectors(other))
    assert first.plain_tokenizer().to_str() == other.plain_tokenizer().to_str()


def test_weights_are_the_files(folder: Path) -> None:
    own = load_clip(folder).model.state_dict()
    for name, value in random_weights().items():
        if name.startswith("text_model.") and "position_ids" not in name:
            assert torch.equal(own[name.removeprefix("text_model.")], value), name


def test_weights_in_half_precision_are_read_as_single(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({name: value.half() for name, value in weights.items()}, folder / "model.safetensors", {"format": "pt"})
    assert {weight.dtype for weight in load_clip(folder).model.parameters()} == {torch.float32}


def test_both_ways_to_name_the_end_of_a_text_pool_there(tmp_path: Path) -> None:
    legacy = load_clip(write_clip(tmp_path / "legacy"))
    right = load_clip(write_clip(tmp_path / "right", end=len(TOKENS) - 1))
    assert np.array_equal(torch_vectors(legacy), torch_vectors(right))


def test_a_config_that_names_another_end_is_refused(tmp_path: Path) -> None:
    wrong = load_clip(write_clip(tmp_path / "wrong", end=77))
    with pytest.raises(
        TextEncoderError, match="names token 77 as the end of a text and its tokenizer ends texts other"
    ):
        torch_vectors(wrong)


def test_a_text_is_cut_to_the_longest_prompt_and_keeps_its_end(folder: Path) -> None:
    ids = load_clip(folder).tokens("rose " * 100)["input_ids"][0].tolist()
    assert len(ids) == 77 and ids[-1] == TOKENS.index("<|endoftext|>") and ids[1:-1] == [TOKENS.index("rose</w>")] * 75


def remove(*names: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return act


def configure(**fields: object) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | fields))

    return act


def cut(name: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes()[: (folder / name).stat().st_size // 2])

    return act


def forget(part: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        weights = load_file(folder / "model.safetensors")
        del weights[part]
        save_file(weights, folder / "model.safetensors", {"format": "pt"})

    return act


def narrow(folder: Path) -> None:
    text = json.loads((folder / "config.json").read_text())["text_config"]
    configure(text_config=text | {"hidden_size": 16})(folder)


def enlarge_vocabulary(folder: Path) -> None:
    vocabulary = {token: index for index, token in enumerate([*TOKENS, "more", "and more"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (remove("config.json"), "not a model in Hugging Face's layout: its config.json cannot be read"),
        (lambda folder: (folder / "config.json").write_text("{"), "its config.json is not JSON"),
        (configure(model_type="bert"), "is a 'bert', not a CLIP"),
        (remove("model.safetensors"), "holds no weights: model.safetensors or pytorch_model.bin is needed"),
        (remove("merges.txt"), "holds no tokenizer: tokenizer.json, or vocab.json and merges.txt, is needed"),
        (cut("model.safetensors"), "cannot load a CLIP from"),
        (cut("vocab.json"), "cannot load a CLIP from"),
        (forget("text_model.final_layer_norm.weight"), "lack 1 parts of a CLIP's text model.*final_layer_norm.weight"),
        (narrow, "cannot load a CLIP from|lack .* parts"),
        (enlarge_vocabulary, "tokenizer in .* has 521 tokens and the model only 519"),
    ],
    ids=["no config", "broken config", "bert", "no weights", "no merges", "cut weights", "cut vocabulary", "a part",
         "another width", "another vocabulary"],
)  # fmt: skip
def test_a_broken_folder_is_refused_in_one_sentence(
    folder: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(folder)
    assert re.search(sentence, refusal(folder))


def test_damaged_weights_that_are_no_numbers_are_refused(folder: Path) -> None:
    clip = load_clip(folder)
    with torch.no_grad():
        clip.model.final_layer_norm.weight[0] = float("nan")
    with pytest.raises(TextEncoderError, match=r"config.json names token|not finite"):
        torch_vectors(clip)


def test_cut_pickled_weights_are_refused(tmp_path: Path) -> None:
    folder = write_clip(tmp_path / "clip", safe=False)
    cut("pytorch_model.bin")(folder)
    assert "cannot load a CLIP from" in refusal(folder)


def test_a_hub_name_without_a_network_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(TextEncoderError) as caught:
        fetch(find_clip(OPENAI))
    said = str(caught.value)
    assert said.startswith(f"cannot fetch {OPENAI} from Hugging Face's hub (")
    assert f"run: hf download {OPENAI} --local-dir clip-vit-base-patch32; bring that folder here" in said
    assert "\n" not in said


def test_a_model_that_was_fetched_before_needs_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    cached = tmp_path / "models--someone--tiny-clip"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text("abc123")
    write_clip(cached / "snapshots" / "abc123")
    assert fetch(find_clip("someone/tiny-clip")) == cached / "snapshots" / "abc123"
    assert find_clip(str(cached / "snapshots" / "abc123")).name == "someone/tiny-clip"


@pytest.mark.parametrize("source", ["nothing here", "a/b/c", "../clip", "/no/such/folder"])
def test_what_is_neither_folder_nor_name_is_refused(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TextEncoderError, match=r"there is no folder .* like openai/clip-vit-base-patch32"):
        find_clip(source)


def test_a_file_is_refused(folder: Path) -> None:
    with pytest.raises(TextEncoderError, match=r"is a file: give the folder that holds config.json"):
        find_clip(str(folder / "model.safetensors"))


@pytest.mark.parametrize(
    ("name", "encoder_id"),
    [(OPENAI, "clip-vit-b32"), ("laion/CLIP-ViT-B-32_x", "clip-vit-b-32_x"), ("Mein CLIP!", "mein-clip")],
)
def test_ids_come_from_names(name: str, encoder_id: str) -> None:
    assert ClipSource(name, None).encoder_id == encoder_id


def test_a_folder_named_after_openais_model_is_that_model(tmp_path: Path) -> None:
    (tmp_path / "clip-vit-base-patch32").mkdir()
    assert find_clip(str(tmp_path / "clip-vit-base-patch32")).encoder_id == "clip-vit-b32"


def test_licences_are_known_declared_or_to_be_looked_up(tmp_path: Path) -> None:
    other = ClipSource("someone/clip", tmp_path)
    assert licence_of(ClipSource(OPENAI, None), tmp_path).startswith("MIT, Copyright (c) 2021 OpenAI")
    assert licence_of(other, tmp_path) == UNKNOWN_LICENCE
    (tmp_path / "README.md").write_text("---\ntags:\n- vision\nlicense: apache-2.0\n---\n# A model\n")
    assert licence_of(other, tmp_path) == "apache-2.0, by the model's README.md"
    (tmp_path / "README.md").write_text("# A model\nlicense: none of this\n")
    assert licence_of(other, tmp_path) == UNKNOWN_LICENCE
