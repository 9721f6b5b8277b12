"""A run finds its own text encoder again, and no other."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from painting.errors import PaintingError, TrainingError
from painting.text.catalog import find
from painting.text.encoder import TextEncoder
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.run.folder import RunInfo
from painting.training.run.text_encoder import encoder_of_run


@pytest.fixture
def own(about: RunInfo, text_encoder: TextEncoder, tmp_path: Path) -> RunInfo:
    """A run that began with a copy of the bundled text encoder, which is not there any more."""
    preset = replace(about.preset, data=replace(about.preset.data, text_encoder=str(tmp_path / "gone")))
    facts = replace(about.dataset, text_encoder_id=text_encoder.id, text_encoder_sha256=text_encoder.sha256)
    return replace(about, preset=preset, dataset=facts)


def test_it_is_searched_where_it_was_and_where_it_is_said_to_be(own: RunInfo, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"there is no text encoder .*gone.* give its path with --text-encoder"):
        encoder_of_run(own)
    moved = encoder_of_run(own, "minilm-l6")
    assert moved and moved.sha256 == own.dataset.text_encoder_sha256
    shutil.copytree(find("minilm-l6"), tmp_path / "gone")
    assert encoder_of_run(own)


def test_another_one_in_its_place_is_refused_with_both_hashes(own: RunInfo, text_encoder: TextEncoder) -> None:
    other = replace(own, dataset=replace(own.dataset, text_encoder_sha256="ab" * 32))
    with pytest.raises(TrainingError) as raised:
        encoder_of_run(other, "minilm-l6")
    assert f"minilm-l6 is not the run's {text_encoder.id}" in str(raised.value)
    assert f"its SHA-256 is {text_encoder.sha256}, and the run's {'ab' * 32}" in str(raised.value)


def test_a_path_without_one_is_refused(own: RunInfo) -> None:
    with pytest.raises(PaintingError, match="there is no text encoder 'nowhere'"):
        encoder_of_run(own, "nowhere")


def test_a_run_without_captions_has_none(own: RunInfo) -> None:
    digits = replace(own, dataset=DatasetInfo("hash", {}, ()))
    assert encoder_of_run(digits) is None
    with pytest.raises(TrainingError, match="takes no text: leave out --text-encoder minilm-l6"):
        encoder_of_run(digits, "minilm-l6")
