"""Models in Hugging Face's layout: found, fetched and loaded, or refused in one sentence by the caller's error."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.tiny_clip import TOKENS, random_weights, write_clip
from transformers import CLIPTextModel, CLIPTokenizer

from painting.errors import PaintingError
from painting.models.hub import (
    MAX_REASON_LENGTH,
    HubModel,
    fetch_hub_model,
    find_hub_model,
    first_line,
    load_hub_model,
    load_hub_tokenizer,
    weights_sha256,
)

PUBLISHED = ("openai/clip-vit-base-patch32",)
KINDS = {"clip", "clip_text_model"}


class Refused(PaintingError):
    """The error of these tests."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip")


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub's cache, and no hub."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    return tmp_path


def load(folder: Path) -> Any:
    return load_hub_model(CLIPTextModel, folder, KINDS, Refused)


def refusal(folder: Path) -> str:
    with pytest.raises(Refused) as caught:
        load_hub_tokenizer(CLIPTokenizer, folder, load(folder).config.vocab_size, Refused)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500
    return str(caught.value)


def test_loaded_weights_are_those_of_the_file(folder: Path) -> None:
    state = load(folder).state_dict()
    for name, value in random_weights().items():
        if name.startswith("text_model.") and "position_ids" not in name:
            assert torch.equal(state[name.removeprefix("text_model.")], value), name


def test_weights_in_half_precision_are_loaded_as_single(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({name: value.half() for name, value in weights.items()}, folder / "model.safetensors", {"format": "pt"})
    assert {weight.dtype for weight in load(folder).parameters()} == {torch.float32}


def test_a_loaded_model_does_not_train(folder: Path) -> None:
    assert not load(folder).training


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
        (lambda folder: (folder / "config.json").write_text("{"), "the config.json in .* is not JSON"),
        (lambda folder: (folder / "config.json").write_text("[" * 99_999), "the config.json in .* is not JSON"),
        (lambda folder: (folder / "config.json").write_text("[]"), "is of the type '', where clip or clip_text_model"),
        (configure(model_type="bert"), "is of the type 'bert', where clip or clip_text_model is needed"),
        (remove("model.safetensors"), "holds no weights: model.safetensors or pytorch_model.bin is needed"),
        (remove("merges.txt"), "holds no tokenizer: tokenizer.json, or vocab.json and merges.txt, is needed"),
        (cut("model.safetensors"), "cannot load a CLIPTextModel from"),
        (cut("vocab.json"), "cannot load a CLIPTokenizer from"),
        (forget("text_model.final_layer_norm.weight"), "lack 1 parts of a CLIPTextModel.*final_layer_norm.weight"),
        (narrow, "cannot load a CLIPTextModel from|lack .* parts"),
        (enlarge_vocabulary, "tokenizer in .* has 521 tokens and the model only 519"),
    ],
    ids=["no config", "broken config", "deep config", "a list", "bert", "no weights", "no merges", "cut weights",
         "cut vocabulary", "a part", "another width", "another vocabulary"],
)  # fmt: skip
def test_a_broken_folder_is_refused_in_one_sentence(
    folder: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(folder)
    assert re.search(sentence, refusal(folder))


def test_cut_pickled_weights_are_refused(tmp_path: Path) -> None:
    folder = write_clip(tmp_path / "clip", safe=False)
    cut("pytorch_model.bin")(folder)
    assert "cannot load a CLIPTextModel from" in refusal(folder)


@pytest.mark.parametrize("download", [True, False])
def test_a_model_that_cannot_be_fetched_is_refused_with_what_to_do(offline: Path, download: bool) -> None:
    with pytest.raises(Refused) as caught:
        fetch_hub_model(find_hub_model(PUBLISHED[0], PUBLISHED, Refused), Refused, download)
    sentence = str(caught.value)
    assert sentence.startswith(f"cannot fetch {PUBLISHED[0]} from Hugging Face's hub (")
    assert f"run: hf download {PUBLISHED[0]} --local-dir clip-vit-base-patch32; bring that folder here" in sentence
    assert ("(it is not in the hub's cache)" in sentence) is not download
    assert "\n" not in sentence


@pytest.mark.parametrize("download", [True, False])
def test_a_cached_model_needs_no_network(offline: Path, download: bool) -> None:
    cached = offline / "models--someone--tiny-clip"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text("abc123")
    snapshot = write_clip(cached / "snapshots" / "abc123")
    assert fetch_hub_model(HubModel("someone/tiny-clip", None), Refused, download) == snapshot
    assert find_hub_model(str(snapshot), PUBLISHED, Refused) == HubModel("someone/tiny-clip", snapshot)


def test_a_local_folder_is_fetched_as_it_is(folder: Path) -> None:
    assert fetch_hub_model(find_hub_model(str(folder), PUBLISHED, Refused), Refused) == folder


def test_a_folder_named_after_a_published_model_is_that_model(tmp_path: Path) -> None:
    for name, known in (("clip-vit-base-patch32", PUBLISHED[0]), ("my-clip", "my-clip")):
        (tmp_path / name).mkdir()
        assert find_hub_model(str(tmp_path / name), PUBLISHED, Refused).name == known


@pytest.mark.parametrize("source", ["nothing here", "a/b/c", "../clip", "/no/such/folder"])
def test_a_source_that_is_neither_folder_nor_name_is_refused(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match=r"there is no folder .* like openai/clip-vit-base-patch32"):
        find_hub_model(source, PUBLISHED, Refused)


def test_a_file_is_refused(folder: Path) -> None:
    with pytest.raises(Refused, match=r"is a file: give the folder that holds config.json"):
        find_hub_model(str(folder / "model.safetensors"), PUBLISHED, Refused)


def test_the_hash_changes_with_weights_and_config_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    same = write_clip(tmp_path / "same")
    (same / "README.md").write_text("a model")
    assert weights_sha256(folder) == weights_sha256(same)
    forget("logit_scale")(same)
    assert weights_sha256(folder) != weights_sha256(same)
    configure(anything=1)(folder)
    assert weights_sha256(folder) != weights_sha256(write_clip(tmp_path / "first"))


def test_a_reason_is_one_short_line_or_the_error_s_class() -> None:
    assert first_line(ValueError("no weights. \nTraceback …")) == "no weights"
    assert first_line(KeyError()) == "KeyError"
    assert len(first_line(ValueError("x" * 1000))) == MAX_REASON_LENGTH
