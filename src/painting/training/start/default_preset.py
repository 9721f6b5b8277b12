"""The default preset of captioned pictures: it suits the device, and the pictures' side and transparency."""

from pathlib import Path

import torch

from painting.data.partitions import read_training
from painting.data.usual_form import UsualForm, usual_form
from painting.files import painter_file
from painting.images import ALPHA_CHANNELS
from painting.painters import catalog
from painting.training.config.base import Preset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.config.overrides import FROM_NOTHING
from painting.training.preset_loader import load_preset


def default_preset(device: torch.device, folder: Path, warm_start: str | None = None) -> Preset:
    """The preset for the pictures of a folder on a device; a warm start's painter decides on side and alpha instead.

    Raises DataError where the folder cannot be read, InvalidRequest or PainterFileError for such a painter.
    """
    preset = load_preset("large" if device.type == "cuda" else "small")
    assert isinstance(preset, LatentFlowPreset)
    if warm_start is None or warm_start == FROM_NOTHING or warm_start.endswith(catalog.BASE_SUFFIX):
        form = usual_form([example.path for example in read_training(folder).examples])
    else:
        painter = painter_file.read(catalog.find(warm_start))
        form = UsualForm(painter.manifest.picture_size, painter.channels == ALPHA_CHANNELS)
    return _of_form(preset, form)


def _of_form(preset: LatentFlowPreset, form: UsualForm) -> LatentFlowPreset:
    """The preset for pictures of a form.

    Of half the side they lack the outermost stage of encoder and decoder. Transparent ones, as emoji, sprites and
    logos are, are kept whole and never mirrored: letters and arrows would be wrong.
    """
    encoder_widths, decoder_widths = preset.autoencoder.encoder_widths, preset.autoencoder.decoder_widths
    if 2 * form.side == preset.data.size:
        encoder_widths, decoder_widths = encoder_widths[1:], decoder_widths[:-1]
    whole = {"views": 1, "flip": False} if form.has_alpha else {}
    return preset.replaced(
        data={"size": form.side, "alpha": form.has_alpha, **whole},
        autoencoder={"encoder_widths": encoder_widths, "decoder_widths": decoder_widths},
    )
