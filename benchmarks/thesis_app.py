"""The thesis's way to serve: Flask's development server, torch, one request at a time through a plotting library.

    python -m benchmarks.thesis_app PORT

Its text encoder is CLIP's text model, as the thesis's was, and its generator the thesis's; both have random weights,
which take as long as others. What it draws of a prompt is noise.
"""

import sys
import threading
import zlib
from typing import TYPE_CHECKING

import matplotlib
import torch
from benchmarks.paint import TEXT, base64_of, plotted_png
from flask import Flask, jsonify, request
from torch import Tensor

from painting.models.gan_layers import LATENT_SIZE
from painting.models.tac_gan import TacGenerator

if TYPE_CHECKING:
    from flask import Response

WORDS = 49_405
"""Of CLIP's vocabulary, without its first and last tokens."""


class ThesisPainter:
    """Prompt → pictures as base64 PNGs, by torch; as the thesis, it loads its networks once."""

    def __init__(self) -> None:
        from transformers import CLIPTextConfig, CLIPTextModel

        torch.manual_seed(0)
        self.text_model = CLIPTextModel(CLIPTextConfig()).train(False)
        self.generator = TacGenerator(TEXT).eval()
        # The plotting library knows one current figure: without this, pictures of requests at the same time mix.
        self.plotting = threading.Lock()

    @torch.no_grad()
    def paint(self, prompt: str, count: int) -> list[str]:
        """Pictures of a prompt."""
        text = self.text_model(input_ids=tokens(prompt)).pooler_output  # (1, 512)
        pictures = self.generator(torch.randn(count, LATENT_SIZE), text.expand(count, -1))  # (N, 3, 128, 128)
        with self.plotting:
            return [base64_of(plotted_png(picture)) for picture in pictures]


def tokens(prompt: str) -> Tensor:
    """A number of CLIP's vocabulary for each word, not the one that CLIP's tokenizer gives: int64 (1, L)."""
    words = [1 + zlib.crc32(word.encode()) % WORDS for word in prompt.split()]
    return torch.tensor([[WORDS + 1, *words[:75], WORDS + 2]])


def create_app() -> Flask:
    """The thesis's one route."""
    app = Flask("thesis")
    painter = ThesisPainter()

    @app.get("/")
    def paint() -> "Response":
        images = painter.paint(request.args["input"], request.args.get("count", 5, int))
        return jsonify(images=images)

    return app


def main() -> None:
    matplotlib.use("agg")
    create_app().run("127.0.0.1", int(sys.argv[1]))


if __name__ == "__main__":
    main()
