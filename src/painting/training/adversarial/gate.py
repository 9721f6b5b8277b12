"""Discriminator gate: a trained generator is not moved by a discriminator that cannot rank its pictures yet.

A fresh discriminator's gradients are noise, which a trained generator can only lose by.
Letters: N pictures, P positions of a picture's logits.
"""

import torch
from torch import Tensor, nn

MIN_RANKING_ACCURACY = 0.7
"""Of pairs of a real and a generated picture, those whose real one has the higher logit; 0.5 is chance. Photographs of
flowers against the flowers painter: 0.55 after 400 images, 0.7 after 1,300, 0.79 after 2,100 and never more."""
ACCURACY_MEMORY = 0.9
"""The share of the running accuracy that a step keeps: about ten steps count."""


class DiscriminatorGate(nn.Module):
    """The running accuracy of a discriminator; opens for good once it reaches `MIN_RANKING_ACCURACY`.

    A network, so that checkpoints hold it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("accuracy", torch.tensor(0.5))
        self.register_buffer("opened", torch.tensor(False))

    def is_open(self) -> bool:
        """Whether the discriminator has recognised generated pictures, now or before."""
        return bool(self.get_buffer("opened"))

    def open(self) -> None:
        """Open it, whatever the accuracy."""
        self.get_buffer("opened").fill_(True)

    @torch.no_grad()
    def observe(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Count a step's logits (N, P) of real and of generated pictures; returns the running accuracy, a scalar."""
        real = real_logits.float().mean(1)  # (N,)
        fake = fake_logits.float().mean(1)  # (N,)
        accuracy = (real[:, None] > fake[None, :]).float().mean()  # over all pairs
        running = self.get_buffer("accuracy")
        running.lerp_(accuracy, 1 - ACCURACY_MEMORY)
        self.get_buffer("opened").logical_or_(running >= MIN_RANKING_ACCURACY)
        return running.clone()
