"""The latent flow painter: an autoencoder, a flow-matching prior on its latents, and the sampler of both.

A picture travels: latent noise + text vector → FlowPrior (a few Euler steps) → latent map → Decoder → picture.
Letters: N pictures, S side of a picture in px, C latent channels, G = 8 side of a latent map, Z = C·G·G size of a
latent, E width of a text vector, W width of the transformer, T = (G/2)² tokens, A attributes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from painting.models.layers import (
    Downsample,
    TimeEmbedding,
    TransformerBlock,
    Upsample,
    modulate,
    norm,
    to_levels,
    zero_init,
)

GRID = 8
PATCH = 2


class Encoder(nn.Module):
    """Pictures → maps of an eighth, a quarter … of their side, a stage for each width.

    Input: float (N, 3, S, S) in [-1, 1]. Output: float (N, C, S / 2^stages, S / 2^stages).
    """

    def __init__(self, widths: Sequence[int], channels: int) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            Downsample(before, after) for before, after in zip([3, *widths], widths, strict=False)
        )
        self.out = nn.Sequential(norm(widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], channels, 3, padding=1))

    def forward(self, pictures: Tensor) -> Tensor:
        maps: Tensor = self.out(self.features(pictures)[-1])  # (N, C, G, G)
        return maps

    def features(self, pictures: Tensor) -> list[Tensor]:
        """What each stage sees: (N, widths[i], S / 2^(i+1), S / 2^(i+1)) for stage i."""
        seen = []
        x = pictures
        for stage in self.stages:
            x = stage(x)
            seen.append(x)
        return seen


class Decoder(nn.Module):
    """Latent maps → pictures, the encoder's mirror.

    Input: float (N, C, G, G). Output: float (N, 3, S, S), about in [-1, 1] (not clipped: clipping stops gradients).
    """

    def __init__(self, channels: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.into = nn.Conv2d(channels, widths[0], 3, padding=1)
        self.stages = nn.Sequential(*(Upsample(a, b) for a, b in zip(widths, widths[1:], strict=False)))
        self.out = nn.Sequential(norm(widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], 3, 3, padding=1))

    def forward(self, latents: Tensor) -> Tensor:
        x = self.into(latents)  # (N, widths[0], G, G)
        x = self.stages(x)  # (N, widths[-1], S, S)
        pictures: Tensor = self.out(x)  # (N, 3, S, S)
        return pictures


class AttributeClassifier(nn.Module):
    """Reads attributes (species, colour, telling words) off pictures; its features measure likeness.

    Input: float (N, 3, S, S) in [-1, 1]. Output: logits float (N, A), one yes or no an attribute.
    """

    def __init__(self, widths: Sequence[int], attributes: int) -> None:
        super().__init__()
        self.trunk = Encoder(widths, 2 * widths[-1])
        self.head = nn.Linear(2 * widths[-1], attributes)

    def forward(self, pictures: Tensor) -> Tensor:
        maps = F.silu(self.trunk(pictures))  # (N, 2W, H, W)
        logits: Tensor = self.head(maps.mean((2, 3)))  # (N, A)
        return logits


class PatchDiscriminator(nn.Sequential):
    """Tells real patches from decoded ones (Isola et al. 2017, PatchGAN).

    Input: float (N, 3, S, S) in [-1, 1]. Output: a logit for each patch (N, 1, S/4, S/4).
    """

    def __init__(self, width: int) -> None:
        super().__init__(
            nn.Conv2d(3, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 2 * width, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 1, 3, padding=1),
        )


class LatentScale(nn.Module):
    """Mean and spread of each latent channel over the training pictures, so that the prior sees unit latents."""

    mean: Tensor
    std: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels, 1, 1))
        self.register_buffer("std", torch.ones(channels, 1, 1))

    def measure(self, latents: Tensor) -> None:
        """Take the statistics of latents (N, C, G, G)."""
        self.mean.copy_(latents.mean((0, 2, 3), keepdim=True)[0])
        self.std.copy_(latents.std((0, 2, 3), keepdim=True)[0].clamp_min(1e-4))

    def standardise(self, latents: Tensor) -> Tensor:
        return (latents - self.mean) / self.std

    def restore(self, latents: Tensor) -> Tensor:
        return latents * self.std + self.mean


class FlowPrior(nn.Module):
    """The velocity of standardised latents on their way from data (t = 0) to noise (t = 1): a diffusion transformer.

    Inputs: latents float (N, C, G, G), time float (N,) in [0, 1], standardised text vectors float (N, E), and a
    bool (N,) that says whose text to leave out (the unconditional flow of classifier-free guidance).
    Output: float (N, C, G, G).
    Flow matching: Lipman et al. 2023, Liu et al. 2023. Transformer: Peebles & Xie 2023.
    """

    def __init__(self, channels: int, text_width: int, width: int, depth: int, heads: int) -> None:
        super().__init__()
        patch = channels * PATCH * PATCH
        self.patches_in = nn.Linear(patch, width)
        self.positions = nn.Parameter(0.02 * torch.randn(1, (GRID // PATCH) ** 2, width))
        self.time = TimeEmbedding(width)
        self.text = nn.Sequential(nn.Linear(text_width, width), nn.SiLU(), nn.Linear(width, width))
        self.no_text = nn.Parameter(torch.zeros(width))
        self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.modulation = zero_init(nn.Linear(width, 2 * width))
        self.patches_out = zero_init(nn.Linear(width, patch))

    def forward(self, latents: Tensor, time: Tensor, text: Tensor, drop_text: Tensor) -> Tensor:
        told = torch.where(drop_text[:, None], self.no_text, self.text(text))  # (N, W)
        modulations = self.modulations(self.time(time) + told)
        return from_patches(self.velocity(to_patches(latents), modulations))  # (N, C, G, G)

    def modulations(self, condition: Tensor) -> list[Tensor]:
        """How a condition (…, W) steers each block, (…, 6W), and the way out, (…, 2W)."""
        layers = [*(cast(TransformerBlock, block).modulation for block in self.blocks), self.modulation]
        return [layer(F.silu(condition)) for layer in layers]

    def velocity(self, patches: Tensor, modulations: Sequence[Tensor]) -> Tensor:
        """Latents cut into patches (N, T, 4C) → their velocities, cut likewise."""
        x = self.patches_in(patches) + self.positions  # (N, T, W)
        for block, modulation in zip(self.blocks, modulations, strict=False):
            x = block(x, modulation)  # (N, T, W)
        shift, scale = modulations[-1][:, None].chunk(2, dim=2)  # each (N, 1, W)
        velocity: Tensor = self.patches_out(modulate(self.norm(x), shift, scale))  # (N, T, 4C)
        return velocity


def to_patches(maps: Tensor) -> Tensor:
    """Cut maps (N, C, G, G) into tokens (N, (G/2)², 4C)."""
    n, c, g, _ = maps.shape
    side = g // PATCH
    cut = maps.reshape(n, c, side, PATCH, side, PATCH).permute(0, 2, 4, 1, 3, 5)  # (N, side, side, C, 2, 2)
    return cut.reshape(n, side * side, c * PATCH * PATCH)


def from_patches(tokens: Tensor) -> Tensor:
    """Put tokens (N, (G/2)², 4C) together into maps (N, C, G, G)."""
    n, t, patch = tokens.shape
    side, c = int(t**0.5), patch // PATCH**2
    maps = tokens.reshape(n, side, side, c, PATCH, PATCH).permute(0, 3, 1, 4, 2, 5)  # (N, C, side, 2, side, 2)
    return maps.reshape(n, c, side * PATCH, side * PATCH)


@dataclass(frozen=True)
class Sampling:
    """How a flow is followed: Euler steps, and classifier-free guidance at the times from lowest to highest.

    Guidance (Ho & Salimans 2022) of 1 follows the prompt as the data do, more follows it more closely. In the middle
    of the way alone it costs less and keeps more variety (Kynkäänniemi et al. 2024).
    """

    steps: int
    guidance: float
    guidance_lowest: float = 0.0
    guidance_highest: float = 1.0

    def times(self) -> list[float]:
        """When each step begins, from 1, noise, down."""
        return [step / self.steps for step in range(self.steps, 0, -1)]

    def guided(self, time: float) -> bool:
        return self.guidance != 1 and self.guidance_lowest <= time <= self.guidance_highest


class LatentFlowSampler(nn.Module):
    """Latents and text vectors → pictures: Euler steps of the guided flow, unrolled, then one decoding.

    Inputs: latents float (N, Z), standard normal; text float (N, E), standardised. Output: uint8 (N, S, S, 3).
    """

    def __init__(self, prior: FlowPrior, scale: LatentScale, decoder: Decoder, sampling: Sampling) -> None:
        super().__init__()
        self.prior, self.scale, self.decoder, self.sampling = prior, scale, decoder, sampling

    def forward(self, latents: Tensor, text: Tensor) -> Tensor:
        x = to_patches(latents.reshape(latents.shape[0], -1, GRID, GRID))  # (N, T, 4C)
        for time, modulations in zip(self.sampling.times(), self.modulations(text), strict=True):
            velocity = self.guided_velocity if self.sampling.guided(time) else self.prior.velocity
            x = x - velocity(x, modulations) / self.sampling.steps  # (N, T, 4C)
        pictures = self.decoder(self.scale.restore(from_patches(x)))  # (N, 3, S, S)
        return to_levels(pictures)  # (N, S, S, 3)

    def modulations(self, text: Tensor) -> list[list[Tensor]]:
        """Each step's modulations, (N, …) or, if guided, (2N, …): with text, then without.

        They depend on no latent, so those of all steps are computed at once, and those without text become constants
        of an exported graph.
        """
        times = self.sampling.times()  # K steps
        when = self.prior.time(torch.tensor(times, device=text.device))[:, None]  # (K, 1, W)
        with_text = self.prior.modulations(when + self.prior.text(text))  # each (K, N, …)
        without = self.prior.modulations(when + self.prior.no_text)  # each (K, 1, …)
        return [
            [
                torch.cat([told[k], untold[k].expand_as(told[k])]) if self.sampling.guided(time) else told[k]
                for told, untold in zip(with_text, without, strict=True)
            ]
            for k, time in enumerate(times)
        ]

    def guided_velocity(self, x: Tensor, modulations: Sequence[Tensor]) -> Tensor:
        """The velocity of patches with guidance: v_without + guidance · (v_with − v_without), (N, T, 4C)."""
        both = self.prior.velocity(torch.cat([x, x]), modulations)  # (2N, T, 4C)
        n = x.shape[0]  # len(x) would freeze it in an exported graph
        with_text, without = both[:n], both[n:]  # each (N, T, 4C)
        return torch.lerp(without, with_text, self.sampling.guidance)
