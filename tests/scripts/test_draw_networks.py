"""The drawings in the docs are what the code's networks give, with the shapes of a forward pass."""

import torch
from scripts.draw_networks import IMAGES_FOLDER, drawings, lanes, trace

from painting.models.digits_gan import DigitsGenerator
from painting.models.tac_gan import TacGenerator


def test_the_committed_drawings_are_what_the_code_draws() -> None:
    for name, drawing in drawings().items():
        assert (IMAGES_FOLDER / name).read_text(encoding="utf-8") == drawing, "run: make docs"


def test_a_block_has_the_shape_of_its_output() -> None:
    blocks = [block for _, block in trace(DigitsGenerator((8, 6, 4)), torch.zeros(1, 100))]
    assert [block.shape for block in blocks] == [(8, 7, 7), (6, 14, 14), (4, 28, 28), (1, 28, 28)]
    assert [block.label for block in blocks][::3] == ["ConvTranspose 7×7", "Conv 4×4"]


def test_the_text_s_maps_end_below_those_that_they_are_joined_with() -> None:
    network = TacGenerator(5, (16, 8, 4))
    main, text = lanes(network, {"latent": torch.zeros(1, 100), "text vector": torch.zeros(1, 5)})
    end = text[-1]
    assert end
    joined = main[len(text) - 1]
    assert joined
    assert joined.shape[1:] == end.shape[1:] == (8, 8)
