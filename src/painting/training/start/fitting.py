"""Fitting: copies stored tensors into a network that may be of other widths, another size or with other channels.

Stages of an encoder are counted from the latent map, as a decoder's are: pictures of half the side lack the outermost.
"""

import re
from collections.abc import Mapping

import torch
from torch import Tensor, nn

ENCODER_STAGE = re.compile(r"((?:.*\.)?encoder\.stages\.)(\d+)\.")
SUBPIXELS_PER_CHANNEL = 4
"""Channels of the decoder's last convolution for each channel of a picture."""
ENCODER_INPUT = "encoder.stages.0.0.weight"
ENCODER_INPUT_BIAS = "encoder.stages.0.0.bias"
DECODER_OUTPUT = "decoder.out.2.weight"
DECODER_OUTPUT_BIAS = "decoder.out.2.bias"

Tensors = Mapping[str, Tensor]


def fit_weights(network: nn.Module, stored: Tensors) -> bool:
    """Copy each tensor whose place and shape the network has; returns whether all of the network's were found."""
    own = network.state_dict()
    placed = _from_the_latent(stored)
    fitting = {
        name: placed[place]
        for name, place in _places(own).items()
        if place in placed and placed[place].shape == own[name].shape
    }
    network.load_state_dict({**own, **{name: tensor.to(own[name].dtype) for name, tensor in fitting.items()}})
    return fitting.keys() == own.keys()


def picture_channels(autoencoder: Tensors) -> int:
    """How many channels the pictures of an autoencoder have."""
    return autoencoder[ENCODER_INPUT].shape[1]


def with_picture_channels(autoencoder: Tensors, channels: int) -> dict[str, Tensor]:
    """An autoencoder's tensors for pictures of 3 or 4 channels: one of RGB paints opaque pictures.

    What a fourth channel of 1, opaque, adds to the encoder's first maps becomes part of their bias.
    """
    tensors = dict(autoencoder)
    weight = tensors[ENCODER_INPUT]  # (W, C, 4, 4)
    had = picture_channels(autoencoder)
    if had == channels:
        return tensors
    out, out_bias = tensors[DECODER_OUTPUT], tensors[DECODER_OUTPUT_BIAS]  # (4C, W, 3, 3), (4C,)
    if channels < had:
        tensors[ENCODER_INPUT] = weight[:, :channels]
        tensors[ENCODER_INPUT_BIAS] = tensors[ENCODER_INPUT_BIAS] + weight[:, channels:].sum((1, 2, 3))
        tensors[DECODER_OUTPUT] = out[: SUBPIXELS_PER_CHANNEL * channels]
        tensors[DECODER_OUTPUT_BIAS] = out_bias[: SUBPIXELS_PER_CHANNEL * channels]
        return tensors
    more = channels - had
    tensors[ENCODER_INPUT] = torch.cat([weight, weight.new_zeros(len(weight), more, *weight.shape[2:])], dim=1)
    tensors[DECODER_OUTPUT] = torch.cat([out, out.new_zeros(SUBPIXELS_PER_CHANNEL * more, *out.shape[1:])])
    tensors[DECODER_OUTPUT_BIAS] = torch.cat([out_bias, out_bias.new_ones(SUBPIXELS_PER_CHANNEL * more)])
    return tensors


def _from_the_latent(tensors: Tensors) -> dict[str, Tensor]:
    return {place: tensors[name] for name, place in _places(tensors).items()}


def _places(tensors: Tensors) -> dict[str, str]:
    """Each tensor's name, in which an encoder's stages are counted from the latent map."""
    stages = [int(match[2]) for name in tensors if (match := ENCODER_STAGE.match(name))]
    last = max(stages, default=0)
    return {name: ENCODER_STAGE.sub(lambda match: f"{match[1]}{last - int(match[2])}.", name) for name in tensors}
