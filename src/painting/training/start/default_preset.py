"""The default preset of captioned pictures: its size suits the device, and it has alpha where the pictures have."""

from pathlib import Path

import torch

from painting.data.partitions import read_training
from painting.data.transparency import is_transparency_learned
from painting.files import painter_file
from painting.images import ALPHA_CHANNELS
from painting.painters import catalog
from painting.training.config.base import Preset
from painting.training.config.overrides import FROM_NOTHING
from painting.training.preset_loader import load_preset


def default_preset(device: torch.device, folder: Path, warm_start: str | None = None) -> Preset:
    """The preset for the pictures of a folder on a device; after the warm start's painter it has alpha as that one has.

    Raises DataError where the folder cannot be read, InvalidRequest or PainterFileError for such a painter.
    """
    preset = load_preset("large" if device.type == "cuda" else "small")
    if warm_start is None or warm_start == FROM_NOTHING or warm_start.endswith(catalog.BASE_SUFFIX):
        alpha = is_transparency_learned([example.path for example in read_training(folder).examples])
    else:
        alpha = painter_file.read(catalog.find(warm_start)).channels == ALPHA_CHANNELS
    return preset.replaced(data={"alpha": alpha})
