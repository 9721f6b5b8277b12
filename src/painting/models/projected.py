"""Projected GAN discriminator: heads on a published network's features, and one on pixels (Sauer et al. 2021).

The features of a network trained on a million photographs are mixed at random across channels and scales, so that the
generator cannot satisfy a part of them alone; small heads give logits at each scale. One more head takes pixels, for a
network that names objects cares little about colours.
Letters: N pictures, S side of a picture in px, E width of a text vector, W width of a head, H side of a head's maps.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

MIXED_WIDTHS = (64, 64, 96, 128)
"""The channels that each scale is mixed into, from the largest maps to the smallest."""
HEAD_HALVINGS = (2, 1, 1, 0)
"""How often the head of each scale halves its maps."""
PIXEL_HEAD_WIDTHS = (3, 16, 32)
"""The first channels of the head on pixels, which halves twice more at the heads' common width."""
LEAKY_SLOPE = 0.2
"""Slope of the leaky ReLUs below zero."""
TEXT_LOGIT_SCALE = 4.0
"""The weight of a logit's text part beside its unconditional part."""


class FeatureMixer(nn.Module):
    """Cross-channel and cross-scale mixing of maps of four sizes by fixed random weights (Sauer et al. 2021, Fig. 2).

    Input: maps float (N, `widths[i]`, H/2ⁱ, H/2ⁱ), i from 0 to 3. Output: float (N, `MIXED_WIDTHS[i]`, H/2ⁱ, H/2ⁱ),
    each with a part of all smaller ones.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        self.channels = nn.ModuleList(nn.Conv2d(a, b, 1, bias=False) for a, b in zip(widths, MIXED_WIDTHS, strict=True))
        self.scales = nn.ModuleList(nn.Conv2d(b, a, 3, padding=1, bias=False) for a, b in pairwise(MIXED_WIDTHS))
        for weights in self.parameters():
            nn.init.kaiming_normal_(weights, nonlinearity="linear")
        self.requires_grad_(False)

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """Maps of four scales, the largest first → as many mixed maps."""
        mixed = [mix(x) for mix, x in zip(self.channels, maps, strict=True)]  # (N, MIXED_WIDTHS[i], H/2ⁱ, H/2ⁱ)
        for i in reversed(range(len(self.scales))):
            smaller = F.interpolate(mixed[i + 1], scale_factor=2, mode="bilinear")
            mixed[i] = (mixed[i] + self.scales[i](smaller)) / 2**0.5  # keeps the variance of one of the two
        return mixed


class ProjectedDiscriminator(nn.Module):
    """Text-conditional projection discriminator on a `FeatureMixer`'s maps and on pixels.

    Inputs: the maps of a `FeatureMixer` and, last, the pictures float (N, 3, S, S); text vectors float (N, E).
    Output: logits at every position of all heads, float (N, ΣH·H), each a linear function of the head's features h plus
    a projection on the text: out(h) + ⟨W · text, h⟩ (Miyato & Koyama 2018). Spectral normalisation (Miyato et al. 2018)
    bounds how fast logits can change; it is done in float32, whatever the rest is computed in, as its small layers are.
    """

    def __init__(self, text_width: int, width: int) -> None:
        super().__init__()
        map_widths = [(mixed, *[width] * halvings) for mixed, halvings in zip(MIXED_WIDTHS, HEAD_HALVINGS, strict=True)]
        pixel_widths = (*PIXEL_HEAD_WIDTHS, width, width)
        self.heads = nn.ModuleList(_head(widths, width) for widths in (*map_widths, pixel_widths))
        self.outs = nn.ModuleList(spectral_norm(nn.Conv2d(width, 1, 1)) for _ in self.heads)
        self.texts = nn.ModuleList(spectral_norm(nn.Linear(text_width, width, bias=False)) for _ in self.heads)

    def forward(self, inputs: Sequence[Tensor], text: Tensor) -> Tensor:
        """Logits float (N, ΣH·H) of maps and pictures, given text vectors (N, E)."""
        return self.logits(self.features(inputs), text)

    def features(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        """Maps and pictures → each head's features, whatever the caption: float (N, W, H, H) each."""
        with torch.autocast(inputs[0].device.type, enabled=False):
            return [head(maps.float()) for head, maps in zip(self.heads, inputs, strict=True)]

    def logits(self, features: Sequence[Tensor], text: Tensor) -> Tensor:
        """Heads' features and text vectors (N, E) → logits float (N, ΣH·H)."""
        logits = []
        with torch.autocast(text.device.type, enabled=False):
            for h, out, project in zip(features, self.outs, self.texts, strict=True):
                # Divided by √W as attention's products are, so that the width does not change the text's weight.
                text_emb = TEXT_LOGIT_SCALE * project(text.float()) / h.shape[1] ** 0.5  # (N, W)
                unconditional = out(h)[:, 0]  # (N, H, H)
                conditional = torch.einsum("nchw,nc->nhw", h, text_emb)  # (N, H, H)
                logits.append((unconditional + conditional).flatten(1))  # (N, H·H)
        return torch.cat(logits, dim=1)


def _head(widths: Sequence[int], width: int) -> nn.Sequential:
    """A strided convolution from each of the widths to the next, and a last one 3×3 to `width`."""
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [spectral_norm(nn.Conv2d(before, after, 4, stride=2, padding=1)), nn.LeakyReLU(LEAKY_SLOPE)]
    last = spectral_norm(nn.Conv2d(widths[-1], width, 3, padding=1))
    return nn.Sequential(*layers, last, nn.LeakyReLU(LEAKY_SLOPE))
