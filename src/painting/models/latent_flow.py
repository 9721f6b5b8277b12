"""The latent flow painter: a flow-matching prior on an autoencoder's latents, and the sampler of both.

A picture travels: latent noise + text vector → FlowPrior (a few Euler steps) → latent map → Decoder → picture.
Letters: N pictures, S side of a picture in px, C latent channels, G = 8 side of a latent map, Z = C·G·G size of a
latent, E width of a text vector, W width of the transformer, T = (G/2)² tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from painting.models.autoencoder import GRID, LatentScale
from painting.models.layers import TimeEmbedding, TransformerBlock, modulate, to_levels, zero_init

PATCH = 2


class FlowPrior(nn.Module):
    """The velocity of standardised latents on their way from data (t = 0) to noise (t = 1): a diffusion transformer.

    Inputs: latents float (N, C, G, G), time float (N,) in [0, 1], standardised text vectors float (N, E), and a
    bool (N,) that says whose text to leave out (the unconditional flow of classifier-free guidance).
    Output: float (N, C, G, G).
    Flow matching: Lipman et al. 2023, Liu et al. 2023. Transformer: Peebles & Xie 2023.
    """

    def __init__(self, channels: int, text_width: int, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.text_width = text_width
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

    def __init__(self, prior: FlowPrior, scale: LatentScale, decoder: nn.Module, sampling: Sampling) -> None:
        super().__init__()
        self.prior, self.scale, self.decoder, self.sampling = prior, scale, decoder, sampling

    def forward(self, latents: Tensor, text: Tensor) -> Tensor:
        return to_levels(self.decode(self.follow(latents, text)))  # (N, S, S, 3)

    def follow(self, latents: Tensor, text: Tensor) -> Tensor:
        """The flow from noise (N, Z) to standardised latent maps (N, C, G, G)."""
        x = to_patches(latents.reshape(latents.shape[0], -1, GRID, GRID))  # (N, T, 4C)
        for time, modulations in zip(self.sampling.times(), self.modulations(text), strict=True):
            velocity = self.guided_velocity if self.sampling.guided(time) else self.prior.velocity
            x = x - velocity(x, modulations) / self.sampling.steps  # (N, T, 4C)
        return from_patches(x)  # (N, C, G, G)

    def decode(self, maps: Tensor) -> Tensor:
        """Standardised latent maps (N, C, G, G) → pictures (N, 3, S, S), about in [-1, 1]."""
        pictures: Tensor = self.decoder(self.scale.restore(maps))
        return pictures

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
