"""A base is made of a run that has trained all stages, and says what it was trained on."""

import shutil
from pathlib import Path

import pytest
from tests.training.start.conftest import Begin

from painting.errors import TrainingError
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.start.base_file import BaseFile
from painting.training.start.make_base import make_base

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fast_logger")]


def test_a_base_says_what_it_was_trained_on_and_runs_from_it_say_so_too(base: Path, begin: Begin) -> None:
    description = BaseFile.read(base).description
    assert (description.name, description.data, description.licence) == ("tiny", "noise", "CC0")
    assert description.images_seen == {"autoencoder": 64, "prior": 64, "finetuning": 64}
    began_from = begin("second", warm_start=str(base)).info.warm_start
    assert began_from and began_from["painter"] == "tiny" and began_from["data"] == "noise"


def test_a_run_that_has_not_trained_all_stages_makes_no_base(base: Path, begin: Begin, tmp_path: Path) -> None:
    fresh = begin("fresh", warm_start="nothing")
    warm = begin("warm", warm_start=str(base))
    for opened, message in [(fresh, "has not begun fine-tuning yet"), (warm, "has not trained an autoencoder")]:
        with pytest.raises(TrainingError, match=message):
            make_base(opened.folder.path, tmp_path / "no.base")
    assert not (tmp_path / "no.base").exists()


def test_without_snapshots_there_is_nothing_to_make_a_base_of(trained: LatentFlowNetworks, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "first" / "saved")
    with pytest.raises(TrainingError, match="has kept no snapshot of autoencoder_ema: train with --snapshots 1"):
        make_base(tmp_path / "first", tmp_path / "no.base")
