"""How long a prompt takes to become five encoded PNGs: a painter beside the generator of the thesis it grew from.

    python -m benchmarks.paint [--painter NAME] [--rounds 25] [--threads 2] [--json FILE]

Both sides run in this process and take turns, so that whatever else the machine does meets both; README.md beside
this file says what each side does and what the numbers do not say. N counts pictures, S is their side in px.
"""

import argparse
import base64
import io
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import torch
from benchmarks.measuring import Spread, machine, ratios, spread, take_turns
from PIL import Image
from torch import Tensor

from painting.errors import InvalidRequest, PainterFileError
from painting.files import painter_file
from painting.images import FloatArray
from painting.models.gan_layers import LATENT_SIZE
from painting.models.tac_gan import TacGenerator
from painting.paint.painter import Painter
from painting.painters import catalog
from painting.text.encoder import TextEncoder

PROMPT = "a red rose with many layered petals"
COUNT = 5
WARM_UP = 3
TEXT, THESIS_SIDE = 512, 128
"""The thesis's: numbers of a text vector, side of its pictures in px."""


@dataclass(frozen=True)
class Answer:
    """Five pictures as base64 PNGs, and the milliseconds that each part took."""

    images: list[str]
    text_ms: float
    generator_ms: float
    encoding_ms: float

    @property
    def total_ms(self) -> float:
        return self.text_ms + self.generator_ms + self.encoding_ms


class TimedTextEncoder(TextEncoder):
    """A text encoder that notes how long its last call took."""

    milliseconds = 0.0

    def encode(self, texts: Sequence[str]) -> FloatArray:
        start = time.perf_counter()
        vectors = super().encode(texts)
        self.milliseconds = _since(start)
        return vectors


class PainterSide:
    """Ours: `Painter.paint` and PNG bytes, as `painting serve` answers. All but text and PNG counts as generator."""

    def __init__(self, name: str | None, threads: int) -> None:
        file = painter_file.read(catalog.find(name or catalog.default_name()))
        if not file.manifest.conditional:
            raise InvalidRequest(f"the painter '{file.manifest.name}' takes no prompt: there is nothing to compare")
        encoder = TimedTextEncoder.load(str(file.manifest.text_encoder_id))
        assert isinstance(encoder, TimedTextEncoder)
        self.encoder = encoder
        self.painter = Painter(file, self.encoder, threads)

    def __call__(self, seed: int) -> Answer:
        start = time.perf_counter()
        paintings = self.painter.paint(PROMPT, COUNT, seed)
        painted_ms = _since(start)
        start = time.perf_counter()
        images = [base64_of(paintings.png(index)) for index in range(COUNT)]
        text_ms = self.encoder.milliseconds
        return Answer(images, text_ms, painted_ms - text_ms, _since(start))


class ThesisSide:
    """The thesis's: its generator by torch, and a figure of matplotlib a picture.

    The text encoder is ours, which is quicker than the thesis's; a fixed random matrix makes 512 numbers of its vector.
    """

    def __init__(self, encoder: TextEncoder) -> None:
        random = torch.Generator().manual_seed(0)
        self.encoder = encoder
        self.generator = TacGenerator(TEXT).eval()
        self.projection = torch.randn(encoder.width, TEXT, generator=random)

    @torch.no_grad()
    def __call__(self, seed: int) -> Answer:
        start = time.perf_counter()
        text = torch.from_numpy(self.encoder.encode([PROMPT])) @ self.projection  # (1, 512)
        text_ms = _since(start)
        start = time.perf_counter()
        latents = torch.randn(COUNT, LATENT_SIZE, generator=torch.Generator().manual_seed(seed))  # (N, 100)
        pictures = self.generator(latents, text.expand(COUNT, -1))  # (N, 3, S, S)
        generator_ms = _since(start)
        start = time.perf_counter()
        images = [base64_of(plotted_png(picture)) for picture in pictures]
        return Answer(images, text_ms, generator_ms, _since(start))


def plotted_png(picture: Tensor) -> bytes:
    """A picture, float (3, S, S) in [-1, 1], as a plot without axes: PNG bytes of 640×480 px."""
    figure = plt.figure()
    plt.imshow(((picture + 1) / 2).permute(1, 2, 0).numpy())
    plt.axis("off")
    buffer = io.BytesIO()
    plt.savefig(buffer, format="png")
    plt.close(figure)
    return buffer.getvalue()


def picture_facts(answer: Answer, side: int) -> dict[str, Any]:
    """Side of a painted picture, and size of the PNG that it is sent in."""
    png = base64.b64decode(answer.images[0])
    with Image.open(io.BytesIO(png)) as image:
        return {"painted_px": side, "png_px": list(image.size), "png_bytes": len(png)}


def summary(ours: Sequence[Answer], theirs: Sequence[Answer], sides: tuple[int, int]) -> dict[str, Any]:
    """All that is reported, `sides` being those of our and of their pictures in px; times in milliseconds."""
    parts = ("total_ms", "text_ms", "generator_ms", "encoding_ms")
    times = {name: [[getattr(answer, name) for answer in side] for side in (ours, theirs)] for name in parts}
    generator, per_px = ratios(*reversed(times["generator_ms"])), (sides[0] / sides[1]) ** 2
    return {
        "rounds": len(ours),
        "ours": picture_facts(ours[0], sides[0]) | {name: asdict(spread(times[name][0])) for name in parts},
        "theirs": picture_facts(theirs[0], sides[1]) | {name: asdict(spread(times[name][1])) for name in parts},
        "times_faster": asdict(ratios(*reversed(times["total_ms"]))),
        "generator_times_faster": asdict(generator),
        "generator_times_faster_per_px": generator.median * per_px,
    }


def report(found: dict[str, Any]) -> str:
    """The summary as a table for people."""
    lines = [f"{COUNT} PNGs of “{PROMPT}”, median (quartiles) of {found['rounds']} rounds, milliseconds", ""]
    for side in ("ours", "theirs"):
        facts = found[side]
        width, height = facts["png_px"]
        lines.append(f"{side}: {facts['painted_px']} px painted, sent as PNGs of {width}×{height} px")
        encoding = "PNG encoding" if side == "ours" else "plotting as PNG"
        names = {"text_ms": "text", "generator_ms": "generator", "encoding_ms": encoding, "total_ms": "all"}
        lines += [f"  {name:16}{Spread(**facts[key])}" for key, name in names.items()]
    lines += [
        "",
        f"times faster, all:                      {Spread(**found['times_faster'])}",
        f"times faster, generator alone:          {Spread(**found['generator_times_faster'])}",
        f"times faster, generator, per px painted:{found['generator_times_faster_per_px']:8.2f}  (below 1: slower)",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the JSON file, where one is named."""
    parser = argparse.ArgumentParser(description="Prompt → five PNGs: a painter beside the thesis's generator shape.")
    parser.add_argument("--painter", help="a bundled painter's name or a painter file (default: flowers)")
    parser.add_argument("--rounds", type=int, default=25, help="measured rounds, at least 15 (default: 25)")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch and ONNX Runtime (default: 2)")
    parser.add_argument("--json", type=Path, help="also write what was found as JSON")
    given = parser.parse_args()
    if given.rounds < 15 or given.threads < 1:
        parser.error("at least 15 rounds and 1 thread")
    torch.set_num_threads(given.threads)
    matplotlib.use("agg")
    try:
        ours = PainterSide(given.painter, given.threads)
    except (InvalidRequest, PainterFileError) as problem:
        parser.error(str(problem))
    theirs = ThesisSide(ours.encoder)
    sides: list[Callable[[int], Answer]] = [ours, theirs]
    our_answers, their_answers = take_turns(sides, given.rounds, WARM_UP)
    found = summary(our_answers, their_answers, (ours.painter.size, THESIS_SIDE))
    found = {"painter": ours.painter.name, **machine(given.threads), "matplotlib": matplotlib.__version__, **found}
    print(report(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _since(start: float) -> float:
    return 1000 * (time.perf_counter() - start)


def base64_of(png: bytes) -> str:
    """A picture's bytes as JSON holds them."""
    return base64.b64encode(png).decode("ascii")


if __name__ == "__main__":
    main()
