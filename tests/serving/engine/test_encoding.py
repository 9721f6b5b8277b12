"""Sizes are read strictly and kept within a budget."""

import io

import numpy as np
import pytest
from PIL import Image

from painting.errors import InvalidRequest
from painting.serving.engine.encoding import (
    FIT_NAMES,
    IMAGE_KINDS,
    PictureFormat,
    check_size,
    checked_background,
    parse_size,
)


@pytest.mark.parametrize(("text", "size"), [(None, None), ("auto", None), ("64x32", (64, 32)), ("1024X16", (1024, 16))])
def test_a_size_is_two_sides_or_the_painters(text: str | None, size: tuple[int, int] | None) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["64", "64x", "x64", "64x64x64", "-64x64", "²x64", "15x64", "64x1025", "99999999x1", "64 x 64", "64x64\n"]
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        check_size(parse_size(text), 1, 1024)


def test_pictures_are_bounded_together() -> None:
    check_size(None, 64, 1024)
    check_size((1024, 1024), 16, 1024)
    with pytest.raises(InvalidRequest, match="17 pictures of 1024x1024 px"):
        check_size((1024, 1024), 17, 1024)


@pytest.mark.parametrize("kind", IMAGE_KINDS)
def test_a_picture_is_scaled_and_cropped_to_its_size(kind: str) -> None:
    picture = np.zeros((16, 16, 3), np.uint8)
    picture[:, 4:12] = 255
    file = PictureFormat(kind, 100, (8, 16)).encode(picture, {"prompt": "a rose"})
    image = Image.open(io.BytesIO(file))
    assert image.format == kind.upper() and image.size == (8, 16)
    assert np.asarray(image.convert("RGB")).min() > 200, "the middle half is cut out"


@pytest.mark.parametrize("kind", IMAGE_KINDS)
def test_a_picture_is_scaled_and_padded_to_its_size(kind: str) -> None:
    picture = np.full((16, 16, 3), (200, 30, 60), np.uint8)
    picture[4:12, 4:12] = 255
    file = PictureFormat(kind, 100, (64, 32), "contain").encode(picture, {})
    padded = np.asarray(Image.open(io.BytesIO(file)).convert("RGB")).astype(int)
    assert padded.shape == (32, 64, 3)
    assert np.abs(padded[:, [0, 10, 55, 63]] - (200, 30, 60)).max() < 12, "the bars have the border's colour"
    assert padded[12:20, 28:36].min() > 240, "nothing of the middle is lost"


@pytest.mark.parametrize(("background", "padding"), [("auto", (255, 255, 255, 0)), ("opaque", (255, 128, 128))])
def test_a_picture_with_alpha_is_padded_by_its_background(background: str, padding: tuple[int, ...]) -> None:
    picture = np.full((16, 16, 4), (255, 0, 0, 127), np.uint8)
    picture[4:12, 4:12] = (0, 0, 255, 255)
    file = PictureFormat("png", 100, (64, 32), "contain", background).encode(picture, {})
    padded = np.asarray(Image.open(io.BytesIO(file)))
    assert np.array_equal(padded[:, [0, 10, 55, 63]], np.full((32, 4, len(padding)), padding))
    assert np.array_equal(padded[16, 32, :3], (0, 0, 255)), "the middle stays"


@pytest.mark.parametrize("has_alpha", [False, True])
@pytest.mark.parametrize("kind", IMAGE_KINDS)
@pytest.mark.parametrize("background", ["auto", "opaque"])
def test_a_background_that_changes_nothing_is_auto(background: str, kind: str, has_alpha: bool) -> None:
    format = checked_background(PictureFormat(kind, background=background), has_alpha, "tiny")
    changes = background == "opaque" and has_alpha and kind != "jpeg"
    assert format == PictureFormat(kind, background="opaque" if changes else "auto")


@pytest.mark.parametrize("fit", FIT_NAMES)
@pytest.mark.parametrize("size", [(64, 64), (64, 32), (8, 8)])
def test_clear_areas_stay_white_when_scaled(fit: str, size: tuple[int, int]) -> None:
    picture = np.full((16, 16, 4), (255, 255, 255, 0), np.uint8)
    picture[4:12, 4:12] = (0, 0, 255, 255)
    file = PictureFormat("png", size=size, fit=fit).encode(picture, {})
    scaled = np.asarray(Image.open(io.BytesIO(file)))
    clear = scaled[..., 3] == 0
    assert clear[0, 0] and (scaled[clear, :3] == 255).all()


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, {}),
        ((16, 16), {}),
        ((64, 64), {"size": "64x64"}),
        ((64, 32), {"size": "64x32", "fit": "contain"}),
    ],
)
def test_a_fitting_states_only_what_was_done(size: tuple[int, int] | None, text: dict[str, str]) -> None:
    fitting = PictureFormat(size=size, fit="contain").fitting((16, 16))
    assert fitting.text() == text and fitting.size == (size or (16, 16))
