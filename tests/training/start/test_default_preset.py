"""Without a preset the device decides on the networks' widths, and pictures or a painter on side and alpha."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.preset_loader import load_preset
from painting.training.start.default_preset import default_preset


@pytest.mark.parametrize(
    ("device", "mode", "painter", "name", "alpha"),
    [
        ("cpu", "RGB", None, "small", False),
        ("mps", "RGBA", None, "small", True),
        ("cuda:1", "RGBA", None, "large", True),
        ("cpu", "RGBA", "nothing", "small", True),
        ("cpu", "RGBA", "my.base", "small", True),
        ("cpu", "RGBA", "flowers", "small", False),
    ],
)
def test_without_a_preset_the_device_decides_on_the_widths_and_pictures_or_the_painter_on_alpha(
    tmp_path: Path, device: str, mode: str, painter: str | None, name: str, alpha: bool
) -> None:
    Image.new(mode, (128, 128)).save(tmp_path / "rose.png")
    (tmp_path / "rose.txt").write_text("a rose")
    preset = default_preset(torch.device(device), tmp_path, painter)
    whole = {"views": 1, "flip": False} if alpha else {}
    assert preset == load_preset(name).replaced(data={"alpha": alpha, **whole})


@pytest.mark.parametrize(("painter", "side"), [(None, 64), ("nothing", 64), ("flowers", 128)])
def test_small_pictures_take_networks_without_the_outermost_stage(
    tmp_path: Path, painter: str | None, side: int
) -> None:
    Image.new("RGB", (32, 32)).save(tmp_path / "rose.png")
    (tmp_path / "rose.txt").write_text("a rose")
    preset, small = default_preset(torch.device("cpu"), tmp_path, painter), load_preset("small")
    assert isinstance(preset, LatentFlowPreset) and isinstance(small, LatentFlowPreset)
    dropped = 1 if side == 64 else 0
    assert preset.data.size == side
    assert preset.autoencoder.encoder_widths == small.autoencoder.encoder_widths[dropped:]
    assert preset.autoencoder.decoder_widths == small.autoencoder.decoder_widths[: 4 - dropped]
