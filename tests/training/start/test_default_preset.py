"""Without a preset the device decides on the size, and pictures or a painter on alpha."""

from pathlib import Path

import pytest
import torch
from PIL import Image

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
def test_without_a_preset_the_device_decides_on_the_size_and_pictures_or_the_painter_on_alpha(
    tmp_path: Path, device: str, mode: str, painter: str | None, name: str, alpha: bool
) -> None:
    Image.new(mode, (16, 16)).save(tmp_path / "rose.png")
    (tmp_path / "rose.txt").write_text("a rose")
    preset = default_preset(torch.device(device), tmp_path, painter)
    assert preset == load_preset(name).replaced(data={"alpha": alpha})
