"""The plain side of train.py: TAC-GAN's training loop as one writes it at first, in the shape of the thesis's.

Every picture is opened, decoded and resized, and its caption encoded, whenever its turn comes; the discriminator looks
at a batch of real pictures once with the right and once with the wrong captions, and at the generated ones, each time
followed by a backward pass; then the generator learns through the discriminator. Tensors lie in memory as torch lays
them by default, both Adams are torch's default. Nothing is slower than it would be written: whole batches, no copies to
and fro, and the generator's pictures serve both players.
Letters: N pictures, E width of a text vector, Z size of a latent, S side of a picture in px.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from benchmarks.measuring import Clock
from PIL import Image, ImageOps
from torch import Tensor
from torch.optim import Adam
from torch.utils.data import DataLoader, Dataset

from painting.data.folder.listing import Example
from painting.data.picture_set import CaptionEncoder
from painting.models.gan_layers import LATENT_SIZE
from painting.models.tac_gan import TacDiscriminator, TacGenerator
from painting.training.adversarial.losses import bce_fake, bce_real, nonsaturating_g
from painting.training.config.gan import TacGanPreset
from painting.training.gan.losses import NO_CLASS, class_loss

Batch = tuple[Tensor, Tensor, Tensor]
"""Pictures float (N, 3, S, S) in [-1, 1], text vectors float (N, E), classes int64 (N,)."""


class PicturesFromDisk(Dataset[Batch]):
    """Opens, resizes and encodes an example whenever it is drawn; `classes` are names like "species=rose"."""

    def __init__(self, examples: Sequence[Example], classes: Sequence[str], encoder: CaptionEncoder, size: int) -> None:
        self.examples, self.encoder, self.size = examples, encoder, size
        self.classes = {name: number for number, name in enumerate(classes)}

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> Batch:
        example = self.examples[index]
        chosen = int(torch.randint(len(example.captions), ()))
        text = torch.from_numpy(self.encoder.encode([example.captions[chosen]])[0])
        return self.picture(example), text, self.class_of(example)

    def picture(self, example: Example) -> Tensor:
        """float (3, S, S) in [-1, 1]; mirrored or not."""
        with Image.open(example.path) as opened:
            image = opened.convert("RGB").resize((self.size, self.size), Image.Resampling.BILINEAR)
        if torch.rand(()) < 0.5:
            image = ImageOps.mirror(image)
        pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous()
        return pixels.float() / 127.5 - 1

    def class_of(self, example: Example) -> Tensor:
        """Its number, int64 ()."""
        names = (f"{field}={value}" for field, value in example.labels.items())
        return torch.tensor(next((self.classes[name] for name in names if name in self.classes), NO_CLASS))


class PlainLoop:
    """One step at a time: `learn`."""

    def __init__(self, preset: TacGanPreset, pictures: PicturesFromDisk, clock: Clock) -> None:
        torch.manual_seed(preset.seed)
        width, classes = pictures.encoder.width, len(pictures.classes)
        self.preset, self.pictures, self.clock = preset, pictures, clock
        self.generator = TacGenerator(width, preset.generator_widths)
        self.discriminator = TacDiscriminator(width, classes, preset.discriminator_widths)
        rate, betas = preset.gan.learning_rate, (preset.gan.beta1, 0.999)
        self.generator_adam = Adam(self.generator.parameters(), rate, betas)
        self.discriminator_adam = Adam(self.discriminator.parameters(), rate, betas)
        self._batches = _endless(DataLoader(pictures, preset.gan.batch, shuffle=True, drop_last=True))

    def step(self) -> None:
        """Read a batch and learn from it."""
        with self.clock.part("pictures"):
            batch = next(self._batches)
        self.learn(batch, torch.randn(len(batch[0]), LATENT_SIZE))

    def learn(self, batch: Batch, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Let both players move once; returns what the discriminator and the generator paid."""
        pictures, text, classes = batch
        weight, lowest = self.preset.class_loss_weight, self.preset.gan.min_real_label
        labels = 1 - (1 - lowest) * torch.rand(len(pictures))

        self.discriminator.zero_grad()
        logits, class_logits = self.discriminator(pictures, text)
        real = bce_real(logits, labels) + weight * class_loss(class_logits, classes)
        self._backward(real, "discriminator")
        logits, _ = self.discriminator(pictures, text.roll(1, dims=0))
        wrong = bce_fake(logits)
        self._backward(wrong, "discriminator")
        generated = self.generator(latents, text)
        logits, _ = self.discriminator(generated.detach(), text)
        fake = bce_fake(logits)
        self._backward(fake, "discriminator")
        self.discriminator_adam.step()

        self.generator.zero_grad()
        logits, class_logits = self.discriminator(generated, text)
        fooled = nonsaturating_g(logits) + weight * class_loss(class_logits, classes)
        self._backward(fooled, "generator")
        self.generator_adam.step()
        return (real + wrong + fake).detach(), fooled.detach()

    def _backward(self, loss: Tensor, player: str) -> None:
        with self.clock.part(f"{player} backward"):
            loss.backward()  # type: ignore[no-untyped-call]


def _endless(loader: DataLoader[Batch]) -> Iterator[Batch]:
    while True:
        yield from loader
