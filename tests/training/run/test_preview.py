"""What a run paints while it trains is what its painter file will paint, and painting it changes nothing."""

from typing import Any

import numpy as np
import torch
from tests.training.conftest import CPU, ExportedRun
from tests.training.tiny_presets import SIZE

from painting.files import painter_file
from painting.paint.painter import Painter
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.run.checkpoint import TrainingState
from painting.training.run.preview import PAINT_BATCH_SIZE, RunPainter


def test_it_paints_what_the_exported_painter_paints(
    exported: ExportedRun, facts: DatasetInfo, text_encoder_of_numbers: Any
) -> None:
    prompts, seeds = ["a rose", "a tulip", "a rose"], [3, 4, 2**32 - 1]
    painter = RunPainter(exported.networks, facts, text_encoder_of_numbers, CPU)
    text_encoder_of_numbers.readable = lambda text: True
    text_encoder_of_numbers.truncated = lambda text: False
    finished = Painter(painter_file.read(exported.painter), text_encoder_of_numbers, threads=1)
    difference = painter.paint_arrays(prompts, seeds).astype(int) - finished.paint_arrays(prompts, seeds)
    # The file keeps half the digits of each weight.
    assert np.abs(difference).max() <= 8 and np.abs(difference).mean() < 1


def test_batches_do_not_matter(networks: LatentFlowNetworks, facts: DatasetInfo, text_encoder_of_numbers: Any) -> None:
    painter = RunPainter(networks, facts, text_encoder_of_numbers, CPU)
    seeds = list(range(PAINT_BATCH_SIZE + 3))
    painted = painter.paint_arrays(["a rose"] * len(seeds), seeds)
    assert painted.shape == (PAINT_BATCH_SIZE + 3, SIZE, SIZE, 3) and painted.dtype == np.uint8
    alone = painter.paint_arrays(["a rose"], seeds[-1:])
    assert np.abs(painted[-1:].astype(int) - alone).max() <= 1


def test_painting_leaves_the_run_as_it_is(
    networks: LatentFlowNetworks, facts: DatasetInfo, text_encoder_of_numbers: Any
) -> None:
    networks.autoencoder_ema.decoder.train()
    before = {name: tensor.clone() for name, tensor in TrainingState(networks.named, {}).tensors().items()}
    state = torch.get_rng_state()
    painter = RunPainter(networks, facts, text_encoder_of_numbers, CPU)
    first = painter.paint_arrays(["a rose"], [1])
    assert networks.autoencoder_ema.decoder.training and torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(before[name], t) for name, t in TrainingState(networks.named, {}).tensors().items())
    with torch.no_grad():
        for weight in networks.autoencoder_ema.decoder.parameters():
            weight.add_(1)
    assert (painter.paint_arrays(["a rose"], [1]) == first).all()
