"""The service checks a request against the server's limits, records its prompts and counts what it cannot serve."""

from collections.abc import Iterator

import pytest

from painting.errors import InvalidRequest
from painting.paint.painter import Painter
from painting.serving.auth import Client
from painting.serving.client import ClientConnection
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.engine.encoding import PictureFormat
from painting.serving.engine.image_request import AnimationRequest, ImageRequest
from painting.serving.engine.service import PaintService, build_service
from painting.serving.errors import NotFound, RateLimited
from painting.serving.settings import Settings

CLIENT = Client(ClientConnection(), "somebody")


@pytest.fixture
def recorded() -> list[dict[str, str | None]]:
    return []


@pytest.fixture
def service(painter: Painter, recorded: list[dict[str, str | None]]) -> Iterator[PaintService]:
    settings = Settings(threads=1, max_pictures=4, max_frames=10, max_side=64, pictures_per_minute=40)
    service = build_service(
        [painter], settings, lambda: None, ModelChoices(), lambda **prompts: recorded.append(prompts)
    )
    service.renderer.start()
    yield service
    service.renderer.close()


def test_an_answer_has_a_file_for_each_picture(service: PaintService) -> None:
    images = service.answer(ImageRequest("  a  rose", count=3, seed=2**32 - 1), CLIENT)
    assert [image.seed for image in images] == [2**32 - 1, 0, 1]
    assert {image.request.prompt for image in images} == {"a rose"}
    assert images[0].fitting.size == (16, 16) and images[0].content.startswith(b"\x89PNG")


def test_prompts_are_recorded_as_they_are_normalised(
    service: PaintService, recorded: list[dict[str, str | None]]
) -> None:
    service.answer(ImageRequest(" a  rose "), CLIENT)
    service.answer_morph(AnimationRequest("a rose", "a\tboat", steps=2), CLIENT)
    service.embed(["a  rose", "a boat "], None)
    assert recorded == [
        {"prompt": "a rose"},
        {"prompt": "a rose", "to_prompt": "a boat"},
        {"prompt": "a rose\na boat"},
    ]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (ImageRequest("a rose", count=5), "count must be a whole number from 1 to 4"),
        (ImageRequest("a rose", format=PictureFormat(size=(65, 32))), "width must be a whole number from 16 to 64"),
        (ImageRequest("a rose", seed=-1), "the seed must be"),
        (ImageRequest(None), "needs a prompt"),
    ],
)
def test_the_servers_limits_are_its_settings(service: PaintService, wanted: ImageRequest, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        service.answer(wanted, CLIENT)


def test_a_morph_is_limited_in_frames(service: PaintService) -> None:
    with pytest.raises(InvalidRequest, match="number of steps must be a whole number from 2 to 10"):
        service.answer_morph(AnimationRequest("a rose", "a boat", steps=11), CLIENT)


def test_a_rejected_request_is_counted_by_its_status(service: PaintService) -> None:
    with pytest.raises(RateLimited):
        for seed in range(50):
            service.answer(ImageRequest("a rose", seed=seed), CLIENT)
    assert 'painting_rejected_total{status="429"} 1.0' in service.metrics.exposition().decode()


def test_an_unknown_painter_is_not_found(service: PaintService) -> None:
    with pytest.raises(NotFound, match="there is no painter 'none' here: choose one of tiny"):
        service.answer(ImageRequest("a rose", "none"), CLIENT)
