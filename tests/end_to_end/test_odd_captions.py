"""What trains can be exported, evaluated and painted, whatever characters a folder's captions hold."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from tests.conftest import tiny_generator
from tests.test_cleaning import TEXTS
from tests.training.tiny_presets import tiny_values

from painting.cleaning import MAX_TEXT_LENGTH
from painting.data.captions import captions_in
from painting.data.check import CheckResult, check_folder
from painting.data.prepared import CaptionsTruncated, PreparedSet, prepare
from painting.evaluation.prompts import PaintedPictures, requests_of
from painting.evaluation.reference import real_photographs
from painting.files.manifest import PainterManifest
from painting.images import save_png
from painting.paint.painter import Painter
from painting.text.encoder import TextEncoder
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.export import exporter
from painting.training.preset_loader import preset_from_dict
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, save_checkpoint
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.run.known_captions import save_known_captions

SIZE = 16
SENTENCE = "Behind the rose lies a meadow in soft light, and drops of water hang on its leaves. "
ODD_CAPTIONS = {
    "700 characters": SENTENCE * 8,
    "5,000 characters": "a lily. " + SENTENCE * 60,
    "2 million characters": "a tulip " + "and another one " * 130_000,
    "zero-width space": "a red\u200b poppy",
    "byte order mark": "\ufeffa red iris",
    "soft hyphen": "a chrys\u00adanthemum",
    "direction": "\u202ea white daisy\u202c",
    "direction marks": "\u200fوردة حمراء\u200f",
    "joiner in an emoji": "a farmer 👩\u200d🌾 with roses",
    "joiner in a word": "گل می\u200cخواهم rose",
    "stray joiner": "an\u200d orchid\u200c",
    "flag of tags": "a thistle 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "accents apart": "un rosier a\u0300 la fene\u0302tre",
    "escape": "a \x1b[31mred\x1b[0m tulip\x00",
    "half a surrogate pair": "a yellow \ud83d rose",
    "private use": "a blue \ue000 rose",
    "an emoji of the next Unicode": "a rose \U0001faef\U0001fae9",
    "a letter that lower case takes apart": "ταΐζω ένα rose",
    "syntax of other programs": "a \\(wild\\) (red:1.3) rose\u200d<lora:flower:0.8>, [best|great] light",
    "lines": "a red rose\r\n\u2028 with\tthorns\u3000",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a picture for each odd caption."""
    path = tmp_path_factory.mktemp("odd")
    pixels = np.random.default_rng(0).integers(0, 256, (len(ODD_CAPTIONS), SIZE, SIZE, 3), dtype=np.uint8)
    lines = []
    for index, caption in enumerate(ODD_CAPTIONS.values()):
        save_png(path / f"{index:02}.png", pixels[index])
        lines.append(json.dumps({"file_name": f"{index:02}.png", "caption": caption}))
    (path / "metadata.jsonl").write_text("\n".join(lines))
    return path


@pytest.fixture(scope="module")
def checked(folder: Path, text_encoder: TextEncoder) -> CheckResult:
    return check_folder(folder, SIZE, text_encoder)


@pytest.fixture(scope="module")
def prepared(folder: Path, text_encoder: TextEncoder, tmp_path_factory: pytest.TempPathFactory) -> PreparedSet:
    with pytest.warns(CaptionsTruncated, match="2 of 20 captions"):
        return prepare(folder, SIZE, 1, text_encoder, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def painter(prepared: PreparedSet, text_encoder: TextEncoder, tmp_path_factory: pytest.TempPathFactory) -> Painter:
    """The exported painter of a run of tiny networks on that folder."""
    values = tiny_values()
    values["data"]["text_encoder"] = text_encoder.id
    info = RunInfo(preset_from_dict(values), None, DatasetInfo.of(prepared), {})
    networks = build_networks(info.preset, info.dataset)
    networks.to(torch.device("cpu"))
    run = RunFolder(tmp_path_factory.mktemp("runs") / "odd")
    run.create(info)
    save_known_captions(run.path, prepared, text_encoder)
    last = networks.first_sampling_stage
    save_checkpoint(run.checkpoints, TrainingState(networks.named, {}), Position(last, 4, 1, 60.0))
    output = run.path / "odd.painter"
    graph = tiny_generator(text_encoder.width, SIZE, networks.latent_size).SerializeToString()
    with pytest.MonkeyPatch.context() as patch:  # making the networks' own graph takes seconds
        patch.setattr(exporter, "painter_graph", lambda *_: graph)
        patch.setattr(exporter, "MAX_LEVEL_DIFFERENCE", 255)
        exporter.export_run(run.path, output)
    return Painter.load(output, text_encoder)


def test_every_caption_is_usable_and_what_is_too_long_is_reported(checked: CheckResult) -> None:
    assert (checked.unusable, checked.issues, len(checked.examples)) == (None, (), len(ODD_CAPTIONS))
    assert "captions longer than the text encoder reads: 2" in checked.summary()


def test_training_reads_what_the_check_reads(checked: CheckResult, prepared: PreparedSet) -> None:
    assert [example.captions for example in prepared.examples] == [example.captions for example in checked.examples]


def test_the_exported_painter_paints_its_examples_as_they_are(prepared: PreparedSet, painter: Painter) -> None:
    prompts = painter.manifest.example_prompts
    assert prompts == prepared.example_prompts and len(prompts) == 16
    assert max(map(len, prompts)) <= MAX_TEXT_LENGTH
    for prompt in prompts:
        request = painter.request(prompt, 1, 1)
        assert request.prompt == prompt
        assert request.reading is not None and request.reading.text == prompt  # as it was trained
        assert request.reading.nearest_caption == prompt and request.reading.familiar
        assert painter.paint_rows(*painter.rows_of(request)).shape == (1, SIZE, SIZE, 3)


def test_every_caption_is_a_prompt_of_an_evaluation(prepared: PreparedSet, painter: Painter) -> None:
    ids = np.arange(len(ODD_CAPTIONS))
    requests = requests_of(real_photographs(prepared, "test"), ids)
    painted = PaintedPictures(painter, requests, tuple(range(len(ids))))
    assert painted.pictures(ids).shape == (len(ids), SIZE, SIZE, 3)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(TEXTS)
def test_a_caption_of_any_text_comes_back_from_a_painter_file_and_as_a_prompt(painter: Painter, text: str) -> None:
    for caption in captions_in([text]) or ():
        written = PainterManifest("odd", SIZE, 1, example_prompts=(caption,)).to_json()
        assert PainterManifest.from_json(written).example_prompts == (caption,)
        assert painter.paint_arrays([caption], [1]).shape == (1, SIZE, SIZE, 3)
        if painter._encoder is not None and painter._encoder.readable(caption):
            assert painter.check_prompt(caption) == (caption, False)
