"""Draw the thesis's two pairs of networks from their code: docs/images/digits-gan.svg and docs/images/tac-gan.svg.

    python -m scripts.draw_networks

Each convolution is a box with its output's channels and side, as a forward pass of one example has them. A box's height
grows with the side, its width with the channels, both by their logarithms.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from painting.models.digits_gan import DigitsClassifier, DigitsDiscriminator, DigitsGenerator
from painting.models.gan_layers import LATENT_SIZE
from painting.models.layers import downsample_by_two
from painting.models.tac_gan import TacDiscriminator, TacGenerator
from painting.training.gan.digits import shrink_and_pad

IMAGES_FOLDER = Path(__file__).parents[1] / "docs" / "images"
TEXT_WIDTH = 512  # CLIP's
FLOWER_CLASSES = 102  # of Oxford's flowers
DIGIT_CLASSES = 10
COLUMN, MARGIN, TITLE_HEIGHT, CAPTION_HEIGHT = 104, 16, 22, 34
FILLS = {"ConvTranspose2d": "#8fb8de", "Conv2d": "#f2b77c", "input": "#d9d9d9"}


@dataclass(frozen=True)
class Block:
    """One box: its kind (FILLS), what it is, and its shape without the batch: (C,) or (C, H, W)."""

    kind: str
    label: str
    shape: tuple[int, ...]

    @property
    def width(self) -> float:
        return 6 + 4 * math.log2(self.shape[0])

    @property
    def height(self) -> float:
        return 18 * math.log2(self.shape[-1] + 1) if len(self.shape) == 3 else 90

    @property
    def caption(self) -> str:
        return "×".join(map(str, self.shape))


def trace(network: nn.Module, *inputs: Tensor) -> list[tuple[str, Block]]:
    """The convolutions of a forward pass in their order, each with its name in the network."""
    found: list[tuple[str, Block]] = []

    def record(name: str) -> Callable[..., None]:
        def hook(module: Any, _: object, output: Tensor) -> None:
            kind = type(module).__name__
            label = f"{kind.removesuffix('2d')} {module.kernel_size[0]}×{module.kernel_size[1]}"
            found.append((name, Block(kind, label, tuple(output.shape[1:]))))

        return hook

    handles = [
        module.register_forward_hook(record(name))
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    ]
    with torch.inference_mode():
        network.eval()(*inputs)
    for handle in handles:
        handle.remove()
    return found


def lanes(network: nn.Module, inputs: dict[str, Tensor]) -> list[list[Block | None]]:
    """Boxes from left to right: the main path, and below it the text's, which ends where its maps are joined."""
    blocks = trace(network, *inputs.values())
    named = [(label, Block("input", label, tuple(tensor.shape[1:]))) for label, tensor in inputs.items()]
    main = [named[0][1]] + [block for name, block in blocks if not name.startswith("project_text")]
    if len(named) == 1:
        return [[*main]]
    text = [named[1][1]] + [block for name, block in blocks if name.startswith("project_text")]
    joined = next(i for i, block in enumerate(main) if block.shape[1:] == text[-1].shape[1:])
    return [[*main], [None] * (joined + 1 - len(text)) + [*text]]


def at_half_size(network: nn.Module) -> list[list[Block | None]]:
    """Boxes from left to right of a picture that is shrunk and padded before it enters the network."""
    picture = torch.zeros(1, 1, 28, 28)
    steps = {"picture": picture, "half its side": downsample_by_two(picture), "black margin": shrink_and_pad(picture)}
    inputs = [Block("input", label, tuple(tensor.shape[1:])) for label, tensor in steps.items()]
    return [[*inputs, *(block for _, block in trace(network, steps["black margin"]))]]


def draw(title: str, rows: list[list[Block | None]], top: float) -> tuple[list[str], float]:
    """SVG elements of a network below `top`, and where they end."""
    parts = [f'<text x="{MARGIN}" y="{top + 14}" class="title">{title}</text>']
    y = top + TITLE_HEIGHT
    for row in rows:
        tallest = max(block.height for block in row if block)
        for column, block in enumerate(row):
            if block:
                parts += box(block, MARGIN + COLUMN * (column + 0.5), y, tallest)
        y += tallest + CAPTION_HEIGHT
    return parts, y + 10


def box(block: Block, center: float, top: float, tallest: float) -> list[str]:
    """SVG elements of one box, centred in its row, and of its two lines of text below."""
    left, upper = center - block.width / 2, top + (tallest - block.height) / 2
    return [
        f'<rect x="{left:.1f}" y="{upper:.1f}" width="{block.width:.1f}" height="{block.height:.1f}" rx="3" '
        f'fill="{FILLS[block.kind]}"/>',
        f'<text x="{center:.1f}" y="{top + tallest + 13:.1f}" class="shape">{block.caption}</text>',
        f'<text x="{center:.1f}" y="{top + tallest + 26:.1f}" class="label">{block.label}</text>',
    ]


def svg(networks: dict[str, list[list[Block | None]]]) -> str:
    """An SVG picture of networks below each other."""
    parts: list[str] = []
    top = float(MARGIN)
    for title, rows in networks.items():
        drawn, top = draw(title, rows, top)
        parts += drawn
    width = 2 * MARGIN + COLUMN * max(len(row) for rows in networks.values() for row in rows)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top:.0f}" width="{width}">'
    style = (
        "<style>text{font-family:sans-serif;fill:#222;text-anchor:middle}.title{font-size:14px;font-weight:bold;"
        "text-anchor:start}.shape{font-size:11px}.label{font-size:10px;fill:#666}</style>"
    )
    background = f'<rect width="{width}" height="{top:.0f}" fill="#fff"/>'
    return "\n".join([head, style, background, *parts, "</svg>"]) + "\n"


def drawings() -> dict[str, str]:
    """Every drawing by its file's name."""
    latents, text = torch.zeros(1, LATENT_SIZE), torch.zeros(1, TEXT_WIDTH)
    picture = {"picture": torch.zeros(1, 1, 28, 28)}
    digits = {
        "Generator: the largest of the latent's first ten numbers chooses the digit": lanes(
            DigitsGenerator(classes=DIGIT_CLASSES), {"latent": latents}
        ),
        "Discriminator": lanes(DigitsDiscriminator(), picture),
        "The same discriminator: it gets each picture once more, at half its size": at_half_size(DigitsDiscriminator()),
        "Class network: it reads the digit, and the generator is to paint the one that was chosen": lanes(
            DigitsClassifier(DIGIT_CLASSES), picture
        ),
    }
    tac = {
        "Generator: the latent's maps and the caption's are joined before the first doubling": lanes(
            TacGenerator(TEXT_WIDTH), {"latent": latents, "text vector": text}
        ),
        "Discriminator: the caption's maps join the last ones before the logit; the class is read from the picture": (
            lanes(
                TacDiscriminator(TEXT_WIDTH, FLOWER_CLASSES),
                {"picture": torch.zeros(1, 3, 128, 128), "text vector": text},
            )
        ),
    }
    return {"digits-gan.svg": svg(digits), "tac-gan.svg": svg(tac)}


def main() -> None:
    for name, drawing in drawings().items():
        (IMAGES_FOLDER / name).write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    main()
