"""A morph's frames are PIL images, are encoded as files of each kind, and state their origin."""

import io
import json

import numpy as np
import pytest
from PIL import Image, ImageSequence

from painting.errors import InvalidRequest
from painting.images import EXIF_IMAGE_DESCRIPTION, UInt8Array, grid, on_white, read_png_text, to_pil
from painting.paint.morph import Loop, Morph, MorphRequest
from painting.paint.paint_request import PaintRequest

PROMPTS = ("وردة", "a daisy")
TEXT = {"prompt": "وردة", "to_prompt": "a daisy", "seed": "3", "to_seed": "9", "painter": "tiny", "steps": "6"}
THERE, BACK = [0, 1, 2, 3, 4, 5], [4, 3, 2, 1]


def pictures() -> UInt8Array:
    """Six pictures whose colours fade from red to blue, with a white bar that wanders: (6, 16, 16, 3)."""
    shade = np.linspace(0, 255, 6)[:, None, None] * np.ones((1, 16, 16))
    drawn = np.stack([255 - shade, np.zeros_like(shade), shade], axis=3).astype(np.uint8)
    for index in range(6):
        drawn[index, 2 * index : 2 * index + 4] = 255
    return drawn


@pytest.fixture
def morph() -> Morph:
    start, end = (PaintRequest(prompt, (seed,), "tiny", False) for prompt, seed in zip(PROMPTS, (3, 9), strict=True))
    return Morph(pictures(), MorphRequest(start, end), np.linspace(0, 1, 6).tolist())


def opened(content: bytes, kind: str) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    assert image.format == kind
    return image


def decoded(content: bytes, kind: str, mode: str = "RGB") -> UInt8Array:
    frames = ImageSequence.Iterator(opened(content, kind))
    return np.stack([np.asarray(frame.convert(mode)) for frame in frames])


def test_frames_are_pil_images_that_state_their_position(morph: Morph) -> None:
    assert len(morph) == 6 and len(morph[2:]) == 4
    assert np.array_equal(np.asarray(morph[4]), morph.arrays[4])
    ends = {"prompt": "وردة", "to_prompt": "a daisy", "seed": 3, "to_seed": 9, "painter": "tiny"}
    assert morph[1].info == {**ends, "position": pytest.approx(0.2)}
    assert repr(morph) == "<morph of 6 frames by tiny from 'وردة', seed 3 to 'a daisy', seed 9>"


@pytest.mark.parametrize(
    ("loop", "order", "rounds"), [("there-and-back", THERE + BACK, 0), ("over", THERE, 0), ("once", THERE, 1)]
)
def test_a_lossless_webp_has_every_pixel_of_every_frame(morph: Morph, loop: str, order: list[int], rounds: int) -> None:
    content = morph.webp(40, loop, lossless=True)
    assert np.array_equal(decoded(content, "WEBP"), morph.arrays[order])
    image = opened(content, "WEBP")
    assert image.info["loop"] == rounds
    image.seek(1)
    image.load()
    assert image.info["duration"] == 40


def test_a_webp_is_close_to_the_frames_and_smaller(morph: Morph) -> None:
    shown = decoded(morph.webp(), "WEBP")
    assert shown.shape == (10, 16, 16, 3)
    assert np.abs(shown.astype(int) - morph.arrays[THERE + BACK]).mean() < 12


@pytest.mark.parametrize(
    ("loop", "order", "rounds"), [("there-and-back", THERE + BACK, 0), ("over", THERE, 0), ("once", THERE, None)]
)
def test_a_gif_of_few_colours_has_every_pixel_of_every_frame(
    morph: Morph, loop: str, order: list[int], rounds: int | None
) -> None:
    content = morph.gif(44, loop)
    assert np.array_equal(decoded(content, "GIF"), morph.arrays[order])
    image = opened(content, "GIF")
    assert image.info.get("loop") == rounds and image.info["duration"] == 40
    assert opened(morph.gif(45 + 1), "GIF").info["duration"] == 50


def test_webp_and_strip_keep_transparency_and_gif_is_laid_on_white(morph: Morph) -> None:
    fading = np.stack([np.full((16, 16), alpha, np.uint8) for alpha in (255, 200, 128, 60, 1, 0)])
    fading[:, :8] = 0
    frames = np.concatenate([morph.arrays, fading[..., None]], axis=-1)
    transparent = Morph(frames, morph.request, morph.positions)
    shown = decoded(transparent.webp(loop=Loop.ONCE, lossless=True), "WEBP", "RGBA")
    assert np.array_equal(shown[..., 3], fading) and np.array_equal(on_white(shown), on_white(frames))
    assert np.array_equal(decoded(transparent.strip(3), "PNG", "RGBA")[0], grid(frames, 3))
    assert np.abs(decoded(transparent.gif(loop=Loop.ONCE), "GIF").astype(int) - on_white(frames)).max() < 8


def test_a_gif_of_many_colours_errs_little_and_alike_from_frame_to_frame(morph: Morph) -> None:
    blots = np.random.default_rng(0).integers(0, 256, (2, 6, 6, 3), dtype=np.uint8)
    one, other = (np.asarray(to_pil(few).resize((64, 64), Image.Resampling.BICUBIC)) / 1.0 for few in blots)
    frames = np.stack([one + share * (other - one) for share in np.linspace(0, 0.1, 5)]).astype(np.uint8)
    shown = decoded(Morph(frames, morph.request, [0, 0.25, 0.5, 0.75, 1]).gif(loop=Loop.ONCE), "GIF")
    errors = shown.astype(float) - frames
    assert np.sqrt((errors**2).mean()) < 10
    assert np.sqrt((np.diff(errors, axis=0) ** 2).mean()) < 10


@pytest.mark.parametrize(("columns", "used"), [(None, 6), (4, 4), (1, 1), (240, 6)])
def test_a_strip_has_every_frame(morph: Morph, columns: int | None, used: int) -> None:
    content = morph.strip() if columns is None else morph.strip(columns)
    assert np.array_equal(decoded(content, "PNG")[0], grid(morph.arrays, used))


def test_a_strip_of_many_frames_has_rows_of_twelve(morph: Morph) -> None:
    many = Morph(np.repeat(morph.arrays, 5, axis=0), morph.request, np.linspace(0, 1, 30).tolist())
    assert opened(many.strip(), "PNG").size == (12 * 18 - 2, 3 * 18 - 2)


def test_every_file_says_what_it_was_painted_from(morph: Morph) -> None:
    assert morph.text() == TEXT
    assert read_png_text(morph.strip()) == TEXT
    assert json.loads(opened(morph.gif(), "GIF").info["comment"]) == TEXT
    assert json.loads(opened(morph.webp(), "WEBP").getexif()[EXIF_IMAGE_DESCRIPTION]) == TEXT


def test_without_prompts_a_file_states_the_seeds(morph: Morph) -> None:
    start, end = (PaintRequest(None, (seed,), "digits", False) for seed in (3, 9))
    digits = Morph(morph.arrays, MorphRequest(start, end), morph.positions)
    assert digits.request.prompts is None
    assert read_png_text(digits.strip()) == {"seed": "3", "to_seed": "9", "painter": "digits", "steps": "6"}


def test_a_morph_is_truncated_when_either_prompt_is(morph: Morph) -> None:
    whole, cut = (PaintRequest("a rose", (1,), "tiny", truncated) for truncated in (False, True))
    assert MorphRequest(whole, cut).truncated and MorphRequest(cut, whole).truncated
    assert not morph.request.truncated


@pytest.mark.parametrize("ms", [0, 19, 5001, 50.0, True, None])
def test_a_pace_that_makes_no_sense_is_refused(morph: Morph, ms: int) -> None:
    for encode in (morph.webp, morph.gif):
        with pytest.raises(InvalidRequest, match="in ms must be a whole number from 20 to 5000"):
            encode(ms)


def test_an_unknown_loop_and_columns_that_make_no_sense_are_refused(morph: Morph) -> None:
    for loop in ("twice", "", None, 1):
        with pytest.raises(InvalidRequest, match="one of there-and-back, over, once"):
            morph.gif(loop=loop)  # type: ignore[arg-type]
    for columns in (0, -1, 241):
        with pytest.raises(InvalidRequest, match="number of columns"):
            morph.strip(columns)
