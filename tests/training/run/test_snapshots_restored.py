"""A snapshot's networks paint again, under the images that they were trained on."""

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import torch

from painting.errors import TrainingError
from painting.files import painter_file
from painting.training.export import exporter
from painting.training.export.exporter import export_run
from painting.training.run.checkpoint import Position
from painting.training.run.folder import RunFolder
from painting.training.run.kept_network import save_network
from painting.training.run.snapshots import restore_snapshots

pytestmark = pytest.mark.slow


@pytest.fixture
def run(exported: Any, tmp_path: Path) -> RunFolder:
    """A copy of the exported run with two record points of its prior, every weight 0.25 and 0.5."""
    copy = RunFolder(tmp_path / "copy")
    shutil.copytree(exported.run, copy.path)
    folder = copy.saved / "networks"
    folder.mkdir(parents=True)
    for name, value in (("000000.032kimg", 0.25), ("000000.064kimg-epoch4.0", 0.5)):
        kept = deepcopy(exported.networks.prior_ema)
        with torch.no_grad():
            for weight in kept.parameters():
                weight.fill_(value)
        save_network(folder / f"prior_ema-{name}.safetensors", kept)
        save_network(folder / f"latent_scale-{name}.safetensors", exported.networks.scale)
    return copy


def test_a_kept_network_is_put_back_with_where_the_run_stood(run: RunFolder, networks: Any) -> None:
    assert restore_snapshots(run, networks, [0.064]) == Position(1, 4, 0, 40.0)
    assert all((weight == 0.5).all() for weight in networks.prior_ema.parameters())
    assert not all((weight == 0.5).all() for weight in networks.prior.parameters())


def test_several_points_give_the_mean_of_their_weights_at_the_position_of_the_last(
    run: RunFolder, networks: Any
) -> None:
    assert restore_snapshots(run, networks, [0.064, 0.032]) == Position(1, 4, 0, 40.0)
    assert all((weight == 0.375).all() for weight in networks.prior_ema.parameters())


def test_a_point_that_is_not_there_is_answered_with_those_that_are(run: RunFolder, networks: Any) -> None:
    with pytest.raises(TrainingError, match=r"has no snapshot at 0.05 kimg. Snapshots: 0.032, 0.064"):
        restore_snapshots(run, networks, [0.05])
    shutil.rmtree(run.saved)
    with pytest.raises(TrainingError, match="Snapshots: none"):
        restore_snapshots(run, networks, [0.064])


def test_a_point_without_its_line_of_numbers_or_with_a_damaged_file_is_refused(run: RunFolder, networks: Any) -> None:
    with pytest.raises(TrainingError, match=r"has no line for the snapshot at 0.032 kimg"):
        restore_snapshots(run, networks, [0.032])
    (run.saved / "networks" / "prior_ema-000000.064kimg-epoch4.0.safetensors").write_bytes(b"cut")
    with pytest.raises(TrainingError, match=r"prior_ema-000000.064kimg-epoch4.0.safetensors cannot be read"):
        restore_snapshots(run, networks, [0.064])


def test_a_painter_of_a_snapshot_paints_with_it_and_its_card_says_so(
    run: RunFolder, exported: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text_encoder_of_numbers: Any
) -> None:
    monkeypatch.setattr(
        "painting.training.run.text_encoder.TextEncoder", Mock(load=lambda name: text_encoder_of_numbers)
    )
    painter_graph = Mock(return_value=painter_file.read(exported.painter).generator)
    monkeypatch.setattr(exporter, "painter_graph", painter_graph)
    monkeypatch.setattr(exporter, "MAX_LEVEL_DIFFERENCE", 255)  # that graph is of other weights
    run.stats.add({"stage": "prior", "stage_index": 1, "step": 8, "kimg": 0.128, "seconds": 90.0})
    words = {"data": "noise of no garden", "limits": ["It paints noise."]}
    export_run(run.path, tmp_path / "then.painter", at_kimg=[0.064], card_fields=words)
    then = painter_file.read(tmp_path / "then.painter")
    sampler = painter_graph.call_args.args[0]
    assert all((weight == 0.5).all() for weight in sampler.prior.parameters())
    assert then.manifest.card["images_seen"]["prior"] == 64
    assert then.manifest.card["weights"] == {"snapshots_kimg": [0.064]}
    assert then.manifest.card["hours"] == round(40 / 3600, 2)
    assert then.manifest.card["data"]["description"] == "noise of no garden"
    assert then.manifest.card["limits"] == ["It paints noise."]
