"""Folders and presets that `painting train` trains on in moments."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

PRESET = """
name = "tiny"
model = "latent-flow"
seed = 5
ticks = 1
snapshots = 1
data = {source = "folder", size = 16, views = 1, flip = true, text_encoder = "minilm-l6"}
sampler = {steps = 1, guidance = 2.0}

[autoencoder]
kimg = 0.016
batch = 8
learning_rate = 1e-3
latent_channels = 2
encoder_widths = [8]
decoder_widths = [8]
l1_weight = 2.0
perceptual_weight = 1.0
feature_size = 32
latent_moment_weight = 0.1
latent_noise_std = 0.05
ema_halflife_kimg = 0.1

[prior]
kimg = 0.032
batch = 8
learning_rate = 1e-3
warmup_kimg = 0.0
width = 16
depth = 1
heads = 2
text_dropout = 0.1
ema_halflife_kimg = 0.1
"""


@pytest.fixture
def training_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty working folder, a cache of its own, and few pictures to measure latents on."""
    import torch  # only here: the commands of the default install are tested without PyTorch
    from tests.training.running import load_lite0_once

    load_lite0_once(monkeypatch)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("painting.training.latent_flow.latent_cache.SCALE_SAMPLE_SIZE", 8)
    monkeypatch.setattr("painting.training.run.logger.save_loss_plots", lambda stats, folder: None)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def flowers(tmp_path: Path) -> str:
    """A folder of eight captioned pictures."""
    folder = tmp_path / "flowers"
    folder.mkdir()
    random = np.random.default_rng(0)
    for index in range(8):
        Image.fromarray(random.integers(0, 256, (20, 16, 3), np.uint8)).save(folder / f"{index}.png")
        (folder / f"{index}.txt").write_text(f"a {['red', 'white'][index % 2]} flower")
    return str(folder)


@pytest.fixture
def preset(tmp_path: Path) -> str:
    path = tmp_path / "tiny.toml"
    path.write_text(PRESET)
    return str(path)
