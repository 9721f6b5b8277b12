"""A variational autoencoder of gray pictures: an encoder to a Gaussian over latents, and a decoder back.

Letters: N pictures, Z size of a latent, S = 28 side of a picture in px.
Kingma & Welling 2014, https://arxiv.org/abs/1312.6114
"""

import torch
from torch import Tensor, nn

SIDE_PX = 28
QUARTER_SIDE_PX = SIDE_PX // 4


class Encoder(nn.Module):
    """Pictures float (N, 1, S, S) in [-1, 1] → mean and log-variance of their latents, float (N, Z) each."""

    def __init__(self, width: int, latent_size: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),  # (N, width, 14, 14)
            nn.SiLU(),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # (N, 2 width, 7, 7)
            nn.SiLU(),
            nn.Flatten(),
            nn.Linear(2 * width * QUARTER_SIDE_PX**2, 2 * latent_size),
        )

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.layers(pictures).chunk(2, dim=1)  # (N, Z) each
        return mean, log_variance


class Decoder(nn.Module):
    """Latents float (N, Z) → pictures float (N, 1, S, S) in [-1, 1]."""

    def __init__(self, width: int, latent_size: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(latent_size, 2 * width * QUARTER_SIDE_PX**2),
            nn.SiLU(),
            nn.Unflatten(1, (2 * width, QUARTER_SIDE_PX, QUARTER_SIDE_PX)),  # (N, 2 width, 7, 7)
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1),  # (N, width, 14, 14)
            nn.SiLU(),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),  # (N, 1, 28, 28)
            nn.Tanh(),
        )

    def forward(self, latents: Tensor) -> Tensor:
        pictures: Tensor = self.layers(latents)
        return pictures


class Sampler(nn.Module):
    """What is exported: latents float (N, Z), standard normal → pictures uint8 (N, S, S, 3)."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, latents: Tensor) -> Tensor:
        pictures = self.decoder(latents).expand(-1, 3, -1, -1)  # (N, 3, S, S): the same gray three times
        levels = ((pictures + 1) * 127.5).round().clamp(0, 255)
        return levels.to(torch.uint8).permute(0, 2, 3, 1)  # (N, S, S, 3)
