"""Latent flow painter: a flow-matching prior over an autoencoder's latents, and its guided Euler sampler.

latent noise + text vector → FlowPrior (a few Euler steps) → latent map → Decoder → picture
Letters: N pictures, S side of a picture in px, P = 3 or 4 channels of a picture (`alpha.py`), C latent channels, G = 8
side of a latent map, Z = C·G·G size of a latent, E width of a text vector, D channels of the prior's maps, K width of
the conditioning vector.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from painting.models.alpha import to_painted_pixels
from painting.models.autoencoder import LatentScale
from painting.models.layers import LATENT_SIDE, Attention, ModulatedBlock, TimeEmbedding, norm, zero_init

CONDITION_WIDTH = 256
"""K: the width of the conditioning vector, the sum of the time and text embeddings."""
BLOCKS_PER_ATTENTION = 2
"""Self-attention follows every second residual block."""


class FlowPrior(nn.Module):
    """The velocity field of standardised latents on their way from data (t = 0) to noise (t = 1).

    Inputs: latents float (N, C, G, G), time float (N,) in [0, 1], standardised text vectors float (N, E), and a
    bool (N,): whose text is dropped (the unconditional flow of classifier-free guidance).
    Output: float (N, C, G, G).
    Flow matching: Lipman et al. 2023, Liu et al. 2023. Convolutions, with self-attention after every second block: on
    so small maps and so few pictures they learn several times faster than a transformer of patches.
    """

    def __init__(self, channels: int, text_width: int, width: int, depth: int, heads: int) -> None:
        """`channels` C, `text_width` E, `width` D; `depth` residual blocks; `heads` of each self-attention."""
        super().__init__()
        self.latent_size = channels * LATENT_SIDE * LATENT_SIDE
        self.text_width = text_width
        self.t_embedder = TimeEmbedding(CONDITION_WIDTH)
        self.text_embedder = nn.Sequential(
            nn.Linear(text_width, CONDITION_WIDTH), nn.SiLU(), nn.Linear(CONDITION_WIDTH, CONDITION_WIDTH)
        )
        self.null_emb = nn.Parameter(torch.zeros(CONDITION_WIDTH))
        self.x_embedder = nn.Conv2d(channels, width, 3, padding=1)
        self.pos_emb = nn.Parameter(torch.zeros(1, width, LATENT_SIDE, LATENT_SIDE))
        self.blocks = nn.ModuleList(ModulatedBlock(width, CONDITION_WIDTH) for _ in range(depth))
        self.attentions = nn.ModuleList(
            Attention(width, heads) if _has_attention(block) else nn.Identity() for block in range(depth)
        )
        self.final_layer = nn.Sequential(norm(width), nn.SiLU(), zero_init(nn.Conv2d(width, channels, 3, padding=1)))

    def forward(self, latents: Tensor, time: Tensor, text: Tensor, drop_text: Tensor) -> Tensor:
        """Velocity (N, C, G, G); the text embedding is replaced by the null embedding where `drop_text`."""
        t_emb = self.t_embedder(time)  # (N, K)
        text_emb = torch.where(drop_text[:, None], self.null_emb, self.text_embedder(text))  # (N, K)
        return self.velocity(latents, t_emb + text_emb)  # (N, C, G, G)

    def velocity(self, latents: Tensor, condition: Tensor) -> Tensor:
        """Latents (N, C, G, G) and conditions (N, K), time embedding + text embedding → (N, C, G, G)."""
        x = self.x_embedder(latents) + self.pos_emb  # (N, D, G, G)
        for block, attention in zip(self.blocks, self.attentions, strict=True):
            x = block(x, condition)  # (N, D, G, G)
            x = attention(x)  # (N, D, G, G)
        velocity: Tensor = self.final_layer(x)  # (N, C, G, G)
        return velocity


def _has_attention(block: int) -> bool:
    """Whether self-attention follows the block with this index: the second, the fourth …"""
    return (block + 1) % BLOCKS_PER_ATTENTION == 0


@dataclass(frozen=True)
class SamplerSettings:
    """How a flow is integrated: Euler steps, classifier-free guidance, and the scales of text and noise."""

    steps: int
    """Euler steps from noise to data, each one evaluation of the prior, or two where guided; at least 1."""
    guidance: float
    """Classifier-free guidance scale (Ho & Salimans 2022): 1 follows the prompt as the data do, more follows it closer
    and costs a second evaluation a step."""
    guidance_min_time: float = 0.0
    """Flow time, 0 (data) … 1 (noise), below which steps are unguided: guidance in the middle of the way alone costs
    less and keeps more variety (Kynkäänniemi et al. 2024)."""
    guidance_max_time: float = 1.0
    """Flow time, 0 (data) … 1 (noise), above which steps are unguided."""
    strength: float = 1.0
    """Multiplies the guidance scale and, where a step is unguided, a text vector's length if it is below 1: of what
    captions say, a prior trained on few pictures has memorised some."""
    temperature: float = 1.0
    """Multiplies the noise's standard deviation (Kingma & Dhariwal 2018): above 1 the pictures of one prompt differ
    more, below 1 less."""

    def times(self) -> list[float]:
        """The flow time at which each step starts, from 1 (noise) down."""
        return [step / self.steps for step in range(self.steps, 0, -1)]

    def is_guided(self, time: float) -> bool:
        """Whether the step that starts at this flow time uses classifier-free guidance."""
        return self.guidance != 1 and self.guidance_min_time <= time <= self.guidance_max_time


class LatentFlowSampler(nn.Module):
    """Latents and text vectors → pictures: Euler steps of the guided flow, unrolled, then one decoding.

    Inputs: latents float (N, Z), standard normal; text float (N, E), standardised. Output: uint8 (N, S, S, P).
    """

    def __init__(self, prior: FlowPrior, scale: LatentScale, decoder: nn.Module, settings: SamplerSettings) -> None:
        super().__init__()
        self.prior = prior
        self.scale = scale
        self.decoder = decoder
        self.settings = settings

    def forward(self, latents: Tensor, text: Tensor) -> Tensor:
        """Latents (N, Z) and text vectors (N, E) → pixels uint8 (N, S, S, P), straight RGBA where P is 4."""
        return to_painted_pixels(self.paint(latents, text))  # (N, S, S, P)

    def paint(self, latents: Tensor, text: Tensor) -> Tensor:
        """Pictures float (N, P, S, S), about in [-1, 1], through which gradients flow."""
        maps = self.integrate(latents, text)  # (N, C, G, G)
        pictures: Tensor = self.decoder(self.scale(maps), latents)  # (N, P, S, S)
        return pictures

    def integrate(self, latents: Tensor, text: Tensor, strength: Tensor | None = None) -> Tensor:
        """Euler integration of the flow from noise (N, Z) to standardised latent maps (N, C, G, G).

        `strength` (N,) multiplies the settings' own.
        """
        x = self.settings.temperature * latents.reshape(latents.shape[0], -1, LATENT_SIDE, LATENT_SIDE)  # (N, C, G, G)
        strength = self.settings.strength * (text.new_ones(1) if strength is None else strength)  # (1,) or (N,)
        text_emb, weak_text_emb = self._text_embeddings(text, strength)  # (N, K) each
        guidance = self.settings.guidance * strength[:, None, None, None]  # (1 or N, 1, 1, 1)
        for time in self.settings.times():
            t_emb = self.prior.t_embedder(x.new_full((1,), time))  # (1, K)
            if self.settings.is_guided(time):
                velocity = self.guided_velocity(x, t_emb + text_emb, t_emb + self.prior.null_emb, guidance)
            else:
                velocity = self.prior.velocity(x, t_emb + weak_text_emb)
            x = x - velocity / self.settings.steps  # (N, C, G, G)
        return x

    def _text_embeddings(self, text: Tensor, strength: Tensor) -> tuple[Tensor, Tensor]:
        """Embeddings (N, K) of text vectors (N, E) as they are, and shortened to strengths (1,) or (N,) below 1.

        A guided step applies the strength to the guidance scale, an unguided one to the text vector. It never makes
        that longer: the prior was not trained on longer ones.
        """
        text_emb = self.prior.text_embedder(text)  # (N, K)
        weak_text_emb = self.prior.text_embedder(text * strength[:, None].clamp(max=1))  # (N, K)
        return text_emb, weak_text_emb

    def guided_velocity(self, x: Tensor, condition: Tensor, null_condition: Tensor, guidance: Tensor) -> Tensor:
        """Classifier-free guidance: v_null + guidance · (v_text − v_null), (N, C, G, G).

        `condition` (N, K), `null_condition` (1, K), `guidance` (1 or N, 1, 1, 1). Both velocities are one batch of 2N.
        """
        both = self.prior.velocity(torch.cat([x, x]), torch.cat([condition, null_condition.expand_as(condition)]))
        n = x.shape[0]  # len(x) would be a constant in an exported graph
        text_velocity = both[:n]  # (N, C, G, G)
        null_velocity = both[n:]  # (N, C, G, G)
        return torch.lerp(null_velocity, text_velocity, guidance)
