"""A discriminator that sees pictures through a published network: projected GANs.

Sauer et al. 2021: what a network that has seen a million photographs makes of pictures is mixed at random, over its
channels and over its sizes, so that no part of it can be pleased alone; small heads judge each size. One more judges
pixels, for a network that names objects cares little about colours.
Letters: N pictures, S side of a picture in px, E width of a text vector, W width of a head.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

MIXED = (64, 64, 96, 128)
"""The channels that each size is mixed into, from the largest maps to the smallest."""
HALVINGS = (2, 1, 1, 0)
"""How often the head of each size halves it."""
PIXELS = (3, 16, 32)
"""The first channels of the head that sees pictures; it halves them two times more, at the heads' own width."""
SLOPE = 0.2
ASKED = 4.0
"""How much a caption weighs in a logit beside the picture alone."""


class FeatureMixer(nn.Module):
    """Mixes maps of four sizes, each with a part of all smaller ones, by weights that are drawn once and never learn.

    Input: maps float (N, `seen[i]`, H/2ⁱ, H/2ⁱ), i from 0 to 3. Output: float (N, `MIXED[i]`, H/2ⁱ, H/2ⁱ).
    """

    def __init__(self, seen: Sequence[int]) -> None:
        super().__init__()
        self.channels = nn.ModuleList(nn.Conv2d(a, b, 1, bias=False) for a, b in zip(seen, MIXED, strict=True))
        self.sizes = nn.ModuleList(nn.Conv2d(b, a, 3, padding=1, bias=False) for a, b in pairwise(MIXED))
        for weights in self.parameters():
            nn.init.kaiming_normal_(weights, nonlinearity="linear")
        self.requires_grad_(False)

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        mixed = [mix(seen) for mix, seen in zip(self.channels, maps, strict=True)]  # (N, MIXED[i], H/2ⁱ, H/2ⁱ)
        for i in reversed(range(len(self.sizes))):
            smaller = F.interpolate(mixed[i + 1], scale_factor=2, mode="bilinear")
            mixed[i] = (mixed[i] + self.sizes[i](smaller)) / 2**0.5  # the sum of two is as large as each
        return mixed


class ProjectedDiscriminator(nn.Module):
    """Tells real from painted by what is mixed of them and by their pixels, given captions.

    Inputs: the maps of a `FeatureMixer` and, last, the pictures float (N, 3, S, S); text vectors float (N, E).
    Output: logits of all places of all of them, float (N, ΣH·W), each of which sees the caption too: its own linear
    part + ⟨W · text, what it sees⟩ (Miyato & Koyama 2018). Spectral normalisation (Miyato et al. 2018) keeps it from
    being too sure; it is done in float32, whatever the rest is computed in, as its small layers are.
    """

    def __init__(self, text_width: int, width: int) -> None:
        super().__init__()
        seen = [(channels, *[width] * halvings) for channels, halvings in zip(MIXED, HALVINGS, strict=True)]
        self.heads = nn.ModuleList(_head(widths, width) for widths in (*seen, (*PIXELS, width, width)))
        self.outs = nn.ModuleList(spectral_norm(nn.Conv2d(width, 1, 1)) for _ in self.heads)
        self.texts = nn.ModuleList(spectral_norm(nn.Linear(text_width, width, bias=False)) for _ in self.heads)

    def forward(self, shown: Sequence[Tensor], text: Tensor) -> Tensor:
        return self.judge(self.see(shown), text)

    def see(self, shown: Sequence[Tensor]) -> list[Tensor]:
        """What the heads make of maps and pictures, whatever the caption: float (N, W, H, H) each."""
        with torch.autocast(shown[0].device.type, enabled=False):
            return [head(maps.float()) for head, maps in zip(self.heads, shown, strict=True)]

    def judge(self, seen: Sequence[Tensor], text: Tensor) -> Tensor:
        """Logits of what was seen, given captions (N, E): float (N, ΣH·W)."""
        logits = []
        with torch.autocast(text.device.type, enabled=False):
            for made, out, project in zip(seen, self.outs, self.texts, strict=True):
                asked = ASKED * project(text.float()) / made.shape[1] ** 0.5  # (N, W)
                logits.append((out(made)[:, 0] + torch.einsum("nchw,nc->nhw", made, asked)).flatten(1))
        return torch.cat(logits, dim=1)


def _head(widths: Sequence[int], width: int) -> nn.Sequential:
    """A halving from each of the widths to the next, and a last look at neighbours."""
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [spectral_norm(nn.Conv2d(before, after, 4, stride=2, padding=1)), nn.LeakyReLU(SLOPE)]
    last = spectral_norm(nn.Conv2d(widths[-1], width, 3, padding=1))
    return nn.Sequential(*layers, last, nn.LeakyReLU(SLOPE))
