"""What a run begins from: a painter or a base by its name or path, by default the bundled base, or nothing."""

from pathlib import Path

from painting.errors import TrainingError
from painting.files import painter_file
from painting.painters import catalog
from painting.training.config.base import Preset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.start.base_file import BaseFile
from painting.training.start.base_start import BaseStart
from painting.training.start.painter_start import PainterStart
from painting.training.start.warm_start import WarmStart

FROM_NOTHING = "nothing"
"""In place of a painter's name: random weights."""


def find_start(name: str | None, preset: Preset) -> WarmStart | None:
    """The warm start of this name or path; None: random weights.

    Without a name it is the bundled base where the preset can begin from it. Raises TrainingError where the preset
    cannot begin from anything, InvalidRequest or PainterFileError where there is no such painter.
    """
    if name == FROM_NOTHING:
        return None
    is_trainable = isinstance(preset, LatentFlowPreset) and preset.finetuning is not None
    if name is None:
        bundled = catalog.bundled_base()
        return (
            BaseStart(BaseFile.read(bundled)) if bundled and is_trainable and preset.data.source == "folder" else None
        )
    if not is_trainable:
        raise TrainingError(
            f"The preset {preset.name} has no finetuning: only what is fine-tuned can begin from other weights."
        )
    if name.endswith(catalog.BASE_SUFFIX):
        return BaseStart(BaseFile.read(Path(name)))
    return PainterStart(painter_file.read(catalog.find(name)), preset)
