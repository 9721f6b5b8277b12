"""A file states its origin in our own keys and in those of AUTOMATIC1111."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from painting.cleaning import MAX_TEXT_LENGTH
from painting.images import EXIF_IMAGE_DESCRIPTION, decode_png, read_png_text
from painting.paint.paint_request import PaintOptions, PaintRequest, Variation
from painting.serving.engine.encoding import IMAGE_KINDS, Fitting, PictureFormat
from painting.serving.engine.image_request import FILE_KEYS, ImageFile, encode_file
from painting.serving.engine.infotext import infotext

AS_PAINTED = Fitting((16, 16), (16, 16), None)
NEAR = PaintOptions(0.8, variation=Variation(0.2, 101))


def test_a_file_holds_what_paints_it_again() -> None:
    picture = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)
    request = PaintRequest("a rose", (7,), "tiny", options=NEAR)
    file = encode_file(request, picture, PictureFormat())
    assert np.array_equal(decode_png(file), picture)
    text = read_png_text(file)
    assert set(text) <= FILE_KEYS and text.pop("parameters") == infotext(request, AS_PAINTED)
    assert text == {"prompt": "a rose", "seed": "7", "painter": "tiny", "truncation": "0.8", "subseed": "101",
                    "subseed_strength": "0.2"}  # fmt: skip


@pytest.mark.parametrize("kind", IMAGE_KINDS)
@pytest.mark.parametrize("character", ["x", "玫", "🌹"])
def test_every_kind_of_file_holds_the_longest_prompt(kind: str, character: str) -> None:
    request = PaintRequest(character * MAX_TEXT_LENGTH, (7,), "t" * 100, options=NEAR)
    file = encode_file(request, np.zeros((16, 16, 3), np.uint8), PictureFormat(kind))
    with Image.open(io.BytesIO(file)) as image:
        held = read_png_text(file) if kind == "png" else json.loads(image.getexif()[EXIF_IMAGE_DESCRIPTION])
    assert held["prompt"] == request.prompt and held["parameters"].startswith(character * MAX_TEXT_LENGTH)


def test_a_file_of_another_size_states_how_it_got_to_it() -> None:
    picture = np.zeros((16, 16, 3), np.uint8)
    file = encode_file(PaintRequest("a rose", (7,), "tiny"), picture, PictureFormat(size=(32, 48)))
    text = read_png_text(file)
    assert (text["size"], text["fit"]) == ("32x48", "cover") and set(text) <= FILE_KEYS
    assert "Size: 32x48" in text["parameters"] and decode_png(file).shape == (48, 32, 3)


def test_an_image_knows_its_seed_and_subseed() -> None:
    plain, near = (
        ImageFile(b"", PaintRequest("a rose", (7,), "tiny", options=options), PictureFormat(), AS_PAINTED)
        for options in (PaintOptions(), NEAR)
    )
    assert (plain.seed, plain.subseed) == (7, None) and (near.seed, near.subseed) == (7, 101)
