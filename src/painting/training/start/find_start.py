"""What a run begins from: a painter or a base by its name or path, by default the bundled base, or nothing."""

from pathlib import Path

from painting.data.picture_set import CaptionEncoder
from painting.errors import TrainingError
from painting.files import painter_file
from painting.painters import catalog
from painting.training.config.base import Preset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.config.overrides import FROM_NOTHING
from painting.training.guard.measurement import PictureDistance
from painting.training.start.base_file import BaseFile
from painting.training.start.base_start import BaseStart
from painting.training.start.painter_start import PainterStart
from painting.training.start.warm_start import WarmStart


def find_start(
    name: str | None, preset: Preset, encoder: CaptionEncoder | None, distance: PictureDistance | None
) -> WarmStart | None:
    """The warm start of this name or path; None: random weights.

    Without a name it is the bundled base, for captions of its text encoder, where a `distance` can compare the run
    with it. Raises TrainingError where the preset cannot begin from anything, InvalidRequest or PainterFileError where
    there is no such painter.
    """
    if name == FROM_NOTHING:
        return None
    is_trainable = isinstance(preset, LatentFlowPreset) and preset.finetuning is not None
    if name is None:
        return _bundled_start(encoder) if is_trainable and preset.data.source == "folder" and distance else None
    if not is_trainable:
        raise TrainingError(
            f"The preset {preset.name} has no finetuning: only what is fine-tuned can begin from other weights."
        )
    if name.endswith(catalog.BASE_SUFFIX):
        return BaseStart(BaseFile.read(Path(name)))
    return PainterStart(painter_file.read(catalog.find(name)), preset)


def _bundled_start(encoder: CaptionEncoder | None) -> WarmStart | None:
    """The bundled base; None where there is none, or it was trained with another text encoder."""
    path = catalog.bundled_base()
    base = BaseFile.read(path) if path else None
    is_suited = base and encoder and base.description.text_encoder_sha256 == encoder.sha256
    return BaseStart(base) if base and is_suited else None
