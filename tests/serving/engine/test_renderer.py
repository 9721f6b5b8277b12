"""A request's files are encoded in parallel, come in its order and are cached."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from painting.images import FloatArray, UInt8Array, decode_png
from painting.paint.paint_request import PaintOptions, PaintRequest, Variation
from painting.paint.painter import Painter
from painting.serving.auth import Client
from painting.serving.client import ClientConnection
from painting.serving.engine import renderer as renderer_module
from painting.serving.engine.encoding import PictureFormat
from painting.serving.engine.image_request import DEFAULT_FORMAT, AnimationRequest, encode_file
from painting.serving.engine.lane import Lane
from painting.serving.engine.renderer import Renderer
from painting.serving.metrics import Metrics
from painting.serving.settings import Settings

CLIENT = Client(ClientConnection(), "somebody")


def made(painter: Painter, settings: Settings) -> Renderer:
    metrics = Metrics()
    lane = Lane(painter, settings, metrics, None, lambda: None)
    return Renderer({painter.name: lane}, settings, metrics)


@pytest.fixture
def renderer(painter: Painter) -> Iterator[Renderer]:
    """A renderer that caches no files."""
    renderer = made(painter, Settings(threads=2, picture_cache_mib=0))
    renderer.start()
    yield renderer
    renderer.close()


@pytest.fixture
def caching(painter: Painter) -> Iterator[Renderer]:
    renderer = made(painter, Settings(threads=2))
    renderer.start()
    yield renderer
    renderer.close()


def contents(renderer: Renderer, painter: Painter, count: int) -> list[bytes]:
    request = painter.request("a red circle", count, 7)
    return [file.content for file in renderer.paint(request, DEFAULT_FORMAT, CLIENT)]


def test_two_files_of_a_request_are_encoded_at_the_same_time(
    renderer: Renderer, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=20)

    def encode_together(request: PaintRequest, picture: UInt8Array, format: PictureFormat) -> bytes:
        both.wait()
        return encode_file(request, picture, format)

    monkeypatch.setattr(renderer_module, "encode_file", encode_together)
    assert len(contents(renderer, painter, 2)) == 2


def test_files_come_in_the_order_of_seeds_whichever_is_encoded_first(
    renderer: Renderer, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [contents(renderer, painter, 1)[0], *contents(renderer, painter, 3)[1:]]

    def first_last(request: PaintRequest, picture: UInt8Array, format: PictureFormat) -> bytes:
        time.sleep(0.2 if request.seeds == (7,) else 0)
        return encode_file(request, picture, format)

    monkeypatch.setattr(renderer_module, "encode_file", first_last)
    assert contents(renderer, painter, 3) == wanted


def test_an_error_of_one_file_is_raised_when_those_begun_are_encoded(
    renderer: Renderer, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[tuple[int, ...]] = []
    both = threading.Barrier(2, timeout=20)

    def failing(request: PaintRequest, picture: UInt8Array, format: PictureFormat) -> bytes:
        both.wait()
        if request.seeds == (7,):
            raise OSError("no room")
        time.sleep(0.1)
        encoded.append(request.seeds)
        return b""

    monkeypatch.setattr(renderer_module, "encode_file", failing)
    with pytest.raises(OSError, match="no room"):
        contents(renderer, painter, 2)
    assert encoded == [(8,)]


def test_cached_and_painted_files_are_mixed_in_the_requests_order(
    caching: Renderer, painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    middle = caching.paint(painter.request("a red circle", 1, 8), DEFAULT_FORMAT, CLIENT)
    batches: list[int] = []
    paint_rows = painter.paint_rows

    def counting(latents: FloatArray, vectors: FloatArray | None) -> UInt8Array:
        batches.append(len(latents))
        return paint_rows(latents, vectors)

    monkeypatch.setattr(painter, "paint_rows", counting)
    files = caching.paint(painter.request("a red circle", 3, 7), DEFAULT_FORMAT, CLIENT)
    assert batches == [2], "one of the three is cached"
    assert [file.seed for file in files] == [7, 8, 9] and files[1] == middle[0]
    arrays = painter.paint("a red circle", 3, 7).arrays
    assert all(np.array_equal(decode_png(file.content), array) for file, array in zip(files, arrays, strict=True))


def test_variations_of_one_seed_are_painted_as_python_paints_them(caching: Renderer, painter: Painter) -> None:
    options = PaintOptions(0.8, variation=Variation(0.2, 100))
    files = caching.paint(painter.request("a red circle", 3, 7, options), DEFAULT_FORMAT, CLIENT)
    arrays = painter.paint("a red circle", 3, 7, 0.8, options.variation).arrays
    assert [file.subseed for file in files] == [100, 101, 102]
    assert all(np.array_equal(decode_png(file.content), array) for file, array in zip(files, arrays, strict=True))


def test_a_morph_is_encoded_as_it_is_wanted(caching: Renderer, painter: Painter) -> None:
    request = painter.morph_request("a rose", "a boat", 7)
    animation = AnimationRequest(steps=4, ms_a_frame=100, loop="once", lossless=True)
    file = caching.paint_morph(request, animation, CLIENT)
    assert file.request is request
    assert file.content == painter.paint_morph(request, 4).webp(100, "once", lossless=True)
