"""painter.json comes back as it was written, and whatever does not fit is refused by its field."""

import json

import pytest

from painting.errors import PainterFileError
from painting.files.manifest import PainterManifest

WIDTH = 384
MANIFEST = PainterManifest(
    name="flowers",
    picture_size=64,
    latent_size=1024,
    text_encoder_id="minilm-l6",
    text_encoder_sha256="0" * 64,
    caption_mean=(0.25,) * WIDTH,
    caption_std=(0.05,) * WIDTH,
    card={"data": {"name": "fleurs d'été", "pictures": 8000}, "frechet": 12.5},
    example_prompts=("a red rose", "وردة حمراء"),
    members={"generator.onnx": "1" * 64},
)


def test_what_is_written_is_read() -> None:
    assert PainterManifest.from_json(MANIFEST.to_json()) == MANIFEST
    assert MANIFEST.conditional and MANIFEST.text_width == WIDTH


def test_a_painter_without_text_has_no_caption_statistics() -> None:
    plain = PainterManifest("digits", 28, 64)
    assert PainterManifest.from_json(plain.to_json()) == plain
    assert not plain.conditional and plain.text_width is None


def test_the_same_manifest_gives_the_same_bytes_whatever_its_order() -> None:
    one, other = ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    written = [PainterManifest("digits", 28, 64, card=card).to_json() for card in (one, other)]
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format_version", 2),
        ("format_version", "1"),
        ("name", ""),
        ("name", "two\nlines"),
        ("picture_size", 0),
        ("picture_size", "16"),
        ("picture_size", True),
        ("strength", 1),
        ("latent_size", -8),
        ("caption_mean", []),
        ("caption_mean", None),
        ("caption_std", [1.0]),
        ("caption_std", [0.0] * 384),
        ("caption_std", ["1"] * 384),
        ("text_encoder_id", 7),
        ("text_encoder_sha256", None),
        ("card", []),
        ("example_prompts", "a rose"),
        ("example_prompts", ["a rose"] * 1000),
        ("members", None),
    ],
    ids=str,
)
def test_a_field_that_makes_no_sense_is_refused_by_its_name(field: str, value: object) -> None:
    fields = json.loads(MANIFEST.to_json()) | {field: value}
    with pytest.raises(
        PainterFileError, match="format version" if field == "format_version" else f"'{field}'"
    ) as caught:
        PainterManifest.from_json(json.dumps(fields).encode())
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


@pytest.mark.parametrize("field", ["name", "picture_size", "latent_size", "card", "example_prompts", "members"])
def test_a_missing_field_is_refused(field: str) -> None:
    fields = json.loads(MANIFEST.to_json())
    del fields[field]
    with pytest.raises(PainterFileError, match=f"'{field}' must be"):
        PainterManifest.from_json(json.dumps(fields).encode())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000], ids=lambda c: repr(c[:5]))
def test_what_is_not_a_json_object_is_refused(content: bytes) -> None:
    with pytest.raises(PainterFileError, match=r"painter.json is not"):
        PainterManifest.from_json(content)


def test_fields_that_a_later_version_adds_are_ignored() -> None:
    fields = json.loads(MANIFEST.to_json()) | {"palette": ["red"]}
    assert PainterManifest.from_json(json.dumps(fields).encode()) == MANIFEST


@pytest.mark.parametrize(
    "card", [{"loss": float("nan")}, {"when": object()}, {"by": "\udc80"}], ids=["number", "object", "surrogate"]
)
def test_a_card_that_is_no_json_cannot_be_written(card: dict[str, object]) -> None:
    with pytest.raises(PainterFileError, match="cannot be written as JSON"):
        PainterManifest("digits", 28, 64, card=card).to_json()
