"""The latent flow painter: a flow-matching prior on an autoencoder's latents, and the sampler of both.

A picture travels: latent noise + text vector → FlowPrior (a few Euler steps) → latent map → Decoder → picture.
Letters: N pictures, S side of a picture in px, C latent channels, G = 8 side of a latent map, Z = C·G·G size of a
latent, E width of a text vector, W width of what the prior is told.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from painting.models.autoencoder import LatentScale
from painting.models.layers import GRID, Attention, ModulatedBlock, TimeEmbedding, norm, to_levels, zero_init

CONDITION = 256
"""The width of what the prior is told: time and text."""


class FlowPrior(nn.Module):
    """The velocity of standardised latents on their way from data (t = 0) to noise (t = 1).

    Inputs: latents float (N, C, G, G), time float (N,) in [0, 1], standardised text vectors float (N, E), and a
    bool (N,) that says whose text to leave out (the unconditional flow of classifier-free guidance).
    Output: float (N, C, G, G).
    Flow matching: Lipman et al. 2023, Liu et al. 2023. Convolutions, and attention after every second block: on so
    small maps and so few pictures they learn several times faster than a transformer of patches.
    """

    def __init__(self, channels: int, text_width: int, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.latent_size, self.text_width = channels * GRID * GRID, text_width
        self.time = TimeEmbedding(CONDITION)
        self.text = nn.Sequential(nn.Linear(text_width, CONDITION), nn.SiLU(), nn.Linear(CONDITION, CONDITION))
        self.no_text = nn.Parameter(torch.zeros(CONDITION))
        self.into = nn.Conv2d(channels, width, 3, padding=1)
        self.positions = nn.Parameter(torch.zeros(1, width, GRID, GRID))
        self.blocks = nn.ModuleList(ModulatedBlock(width, CONDITION) for _ in range(depth))
        self.attentions = nn.ModuleList(Attention(width, heads) if i % 2 else nn.Identity() for i in range(depth))
        self.out = nn.Sequential(norm(width), nn.SiLU(), zero_init(nn.Conv2d(width, channels, 3, padding=1)))

    def forward(self, latents: Tensor, time: Tensor, text: Tensor, drop_text: Tensor) -> Tensor:
        told = torch.where(drop_text[:, None], self.no_text, self.text(text))  # (N, W)
        return self.velocity(latents, self.time(time) + told)  # (N, C, G, G)

    def velocity(self, latents: Tensor, condition: Tensor) -> Tensor:
        """Latents (N, C, G, G) and conditions (N, W), the sum of what `time` and `text` give → (N, C, G, G)."""
        x = self.into(latents) + self.positions  # (N, width, G, G)
        for block, attention in zip(self.blocks, self.attentions, strict=True):
            x = attention(block(x, condition))  # (N, width, G, G)
        velocity: Tensor = self.out(x)  # (N, C, G, G)
        return velocity


@dataclass(frozen=True)
class Sampling:
    """How a flow is followed: Euler steps, and classifier-free guidance at the times from lowest to highest.

    Guidance (Ho & Salimans 2022) of 1 follows the prompt as the data do, more follows it more closely. In the middle
    of the way alone it costs less and keeps more variety (Kynkäänniemi et al. 2024). The `strength` multiplies the
    guidance and, where there is none, a text vector's length if it is below 1: of what captions say, a prior that has
    seen few pictures has learned some by heart. The `spread` multiplies the noise: above 1 pictures of one prompt
    differ more, as they differ less where a painter's latents are truncated.
    """

    steps: int
    guidance: float
    guidance_lowest: float = 0.0
    guidance_highest: float = 1.0
    strength: float = 1.0
    spread: float = 1.0

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
        return to_levels(self.paint(latents, text))  # (N, S, S, 3)

    def follow(self, latents: Tensor, text: Tensor, strength: Tensor | None = None) -> Tensor:
        """The flow from noise (N, Z) to standardised latent maps (N, C, G, G).

        `strength` (N,) multiplies the sampling's own.
        """
        x = self.sampling.spread * latents.reshape(latents.shape[0], -1, GRID, GRID)  # (N, C, G, G)
        strength = self.sampling.strength * (text.new_ones(1) if strength is None else strength)  # (1,) or (N,)
        told = self.prior.text(text)  # (N, W)
        partly = self.prior.text(text * strength[:, None].clamp(max=1))  # (N, W)
        guidance = self.sampling.guidance * strength[:, None, None, None]
        for time in self.sampling.times():
            when = self.prior.time(x.new_full((1,), time))  # (1, W)
            if self.sampling.guided(time):
                velocity = self.guided_velocity(x, when + told, when + self.prior.no_text, guidance)
            else:
                velocity = self.prior.velocity(x, when + partly)
            x = x - velocity / self.sampling.steps  # (N, C, G, G)
        return x

    def paint(self, latents: Tensor, text: Tensor) -> Tensor:
        """Pictures float (N, 3, S, S), about in [-1, 1]."""
        pictures: Tensor = self.decoder(self.scale(self.follow(latents, text)), latents)
        return pictures

    def guided_velocity(self, x: Tensor, condition: Tensor, untold: Tensor, guidance: Tensor) -> Tensor:
        """The velocity with guidance: v_without + guidance · (v_with − v_without), (N, C, G, G)."""
        both = self.prior.velocity(torch.cat([x, x]), torch.cat([condition, untold.expand_as(condition)]))
        n = x.shape[0]  # len(x) would freeze it in an exported graph
        with_text, without = both[:n], both[n:]  # each (N, C, G, G)
        return torch.lerp(without, with_text, guidance)
