import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from tests.data.decoding.icc import ADOBE_RGB, rgb_profile

from painting.data.decoding.decode import decode
from painting.data.decoding.upright_srgb import BadPicture

RED = (200, 30, 40)


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    def save(image: Image.Image, name: str = "a.png", **options: object) -> Path:
        path = tmp_path / name
        image.save(path, **options)  # type: ignore[arg-type]
        return path

    return save


def half_and_half(mode: str = "RGB", left: object = RED, right: object = 0) -> Image.Image:
    image = Image.new(mode, (40, 20), left)  # type: ignore[arg-type]
    image.paste(right, (20, 0, 40, 20))  # type: ignore[arg-type]
    return image


def pixel(path: Path, x: int = 5, y: int = 10) -> tuple[int, ...]:
    picture = decode(path).image
    assert picture.mode == "RGB"
    value = picture.getpixel((x, y))
    assert isinstance(value, tuple)
    return value


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.bmp", "a.tif", "a.jpg", "a.gif"])
def test_each_format_is_read(save: Callable[..., Path], name: str) -> None:
    assert np.allclose(pixel(save(half_and_half(), name)), RED, atol=4)


@pytest.mark.parametrize(
    ("orientation", "left_turns"), [(1, 0), (3, 2), (6, 3), (8, 1)], ids=["upright", "half", "right", "left"]
)
def test_photographs_are_turned_upright(save: Callable[..., Path], orientation: int, left_turns: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = decode(save(half_and_half(), exif=exif)).image
    np.testing.assert_array_equal(np.asarray(turned), np.rot90(np.asarray(half_and_half()), left_turns))


def test_damaged_exif_does_not_lose_the_picture(save: Callable[..., Path]) -> None:
    path = save(half_and_half(), "a.jpg", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff broken", quality=95)
    assert np.allclose(pixel(path), RED, atol=6)


def test_grey_is_the_same_in_all_channels(save: Callable[..., Path]) -> None:
    assert pixel(save(half_and_half("L", 77))) == (77, 77, 77)
    assert pixel(save(half_and_half("1", 1))) == (255, 255, 255)


def test_a_palette_gives_its_colors(save: Callable[..., Path]) -> None:
    assert pixel(save(half_and_half().quantize(4))) == RED


def test_cmyk_becomes_rgb(save: Callable[..., Path]) -> None:
    path = save(half_and_half("CMYK", (0, 255, 255, 0), (0, 0, 0, 0)), "a.jpg", quality=100)
    assert np.allclose(pixel(path), (255, 0, 0), atol=6)
    assert np.allclose(pixel(path, 35), (255, 255, 255), atol=6)


def test_sixteen_bits_are_scaled_to_eight(save: Callable[..., Path]) -> None:
    values = np.full((20, 40), 257 * 90, np.uint16)
    assert pixel(save(Image.fromarray(values))) == (90, 90, 90)
    assert pixel(save(Image.fromarray(values), "a.tif")) == (90, 90, 90)


def test_fractions_run_from_0_to_1(save: Callable[..., Path]) -> None:
    assert pixel(save(Image.fromarray(np.full((20, 40), 0.2, np.float32)), "a.tif")) == (51, 51, 51)


def test_the_first_picture_of_an_animation_counts(save: Callable[..., Path]) -> None:
    frames = [half_and_half(), Image.new("RGB", (40, 20), "blue")]
    assert np.allclose(pixel(save(frames[0], "a.gif", save_all=True, append_images=frames[1:])), RED, atol=4)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.tif", "a.bmp"])
def test_a_truncated_file_is_never_read(save: Callable[..., Path], name: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    path = save(Image.fromarray(noise), name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    with pytest.raises(BadPicture) as caught:
        decode(path)
    assert caught.value.kind in {"truncated", "unreadable"}
    if name in {"a.png", "a.jpg"}:
        assert (caught.value.kind, "is truncated" in caught.value.message) == ("truncated", True)


@pytest.mark.parametrize(
    ("content", "what"), [(b"", "is an empty file"), (b"not a picture", "not a picture in a format")]
)
def test_files_that_are_no_pictures_are_said_to_be(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(BadPicture, match=what) as caught:
        decode(path)
    assert caught.value.kind == "unreadable"


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match="cannot be read"):
        decode(tmp_path / "a.png")


@pytest.mark.parametrize("side", [8_001, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(tmp_path: Path, side: int) -> None:
    header = io.BytesIO()
    Image.new("1", (16, 16)).save(header, "BMP")
    content = bytearray(header.getvalue())
    content[18:26] = side.to_bytes(4, "little") * 2
    path = tmp_path / "a.bmp"
    path.write_bytes(content)
    with pytest.raises(BadPicture, match="more than the 64 million allowed") as caught:
        decode(path)
    assert caught.value.kind == "decompression bomb"


def test_pictures_below_16_px_are_refused(save: Callable[..., Path]) -> None:
    with pytest.raises(BadPicture, match="only 40×15 px") as caught:
        decode(save(Image.new("RGB", (40, 15))))
    assert caught.value.kind == "too small"


def bytes_of(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "cure"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n", "git lfs pull"),
        (b"<!DOCTYPE html><html></html>", "download the file again"),
    ],
)
def test_a_placeholder_is_named_with_its_cure(tmp_path: Path, content: bytes, cure: str) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(BadPicture, match=cure) as caught:
        decode(tmp_path / "a.jpg")
    assert caught.value.kind == "placeholder"


@pytest.mark.parametrize("zipped", ["itxt", "text", "profile"])
def test_long_metadata_does_not_lose_the_picture(save: Callable[..., Path], zipped: str) -> None:
    texts = PngInfo()
    options: dict[str, object] = {"pnginfo": texts}
    if zipped == "itxt":
        texts.add_itxt("workflow", "x" * 2_000_000, zip=True)
    elif zipped == "text":
        texts.add_text("history", "y" * 2_000_000, zip=True)
    else:
        options["icc_profile"] = bytes(3_000_000)
    decoded = decode(save(half_and_half(), **options))
    np.testing.assert_array_equal(np.asarray(decoded.image), np.asarray(half_and_half()))
    assert [remark.kind for remark in decoded.remarks] == ["metadata"]


def test_a_picture_with_long_texts_keeps_its_profile(save: Callable[..., Path]) -> None:
    texts = PngInfo()
    texts.add_text("history", "y" * 2_000_000, zip=True)
    profile = rgb_profile(ADOBE_RGB, 2.2)
    path = save(half_and_half(), pnginfo=texts, icc_profile=profile)
    assert decode(path).color_converted
    assert pixel(path) == pixel(save(half_and_half(), "b.png", icc_profile=profile)) != RED


@pytest.mark.parametrize(
    ("format", "blocks"),
    [
        ("JPEG", (b"ICC_PROFILE\0", b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0")),
        ("PNG", (b"iCCP", b"eXIf")),
        ("WEBP", (b"ICCP____", b"EXIF____", b"XMP ____")),
    ],
)
def test_no_damage_in_metadata_costs_the_picture(tmp_path: Path, format: str, blocks: tuple[bytes, ...]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a description " * 20
    exif.get_ifd(0x8825)[2] = (1.0, 2.0, 3.0)
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (24, 24, 3), np.uint8))
    metadata = {"exif": exif, "icc_profile": rgb_profile(ADOBE_RGB, 2.2), "xmp": b"<x>" * 50}
    content = bytes_of(picture, format, **metadata)
    (tmp_path / "plain").write_bytes(bytes_of(picture, format))
    wanted = np.sort(np.asarray(decode(tmp_path / "plain").image).ravel())
    draws = np.random.default_rng(1)
    unconverted = 0
    for block in blocks:
        start = content.index(block.rstrip(b"_")) + len(block)
        for place in start + draws.integers(0, 130, 30):
            damaged = content[:place] + draws.bytes(4) + content[place + 4 :]
            (tmp_path / "a").write_bytes(damaged)
            decoded = decode(tmp_path / "a")
            if not decoded.color_converted:
                unconverted += 1
                np.testing.assert_array_equal(np.sort(np.asarray(decoded.image).ravel()), wanted)  # turned at most
    assert unconverted > 5


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_a_jpeg_without_much_of_its_picture_is_not_used(tmp_path: Path, share: float) -> None:
    content = bytes_of(Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)), "JPEG")
    (tmp_path / "a.jpg").write_bytes(content[: int(share * len(content))])
    with pytest.raises(BadPicture, match="is truncated"):
        decode(tmp_path / "a.jpg")


def test_a_jpeg_without_its_last_bytes_is_used_with_a_remark(tmp_path: Path) -> None:
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (320, 160, 3), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    content = bytes_of(picture, "JPEG", exif=exif)
    (tmp_path / "whole.jpg").write_bytes(content)
    (tmp_path / "cut.jpg").write_bytes(content[:-300])
    whole, cut = decode(tmp_path / "whole.jpg"), decode(tmp_path / "cut.jpg")
    assert [remark.message for remark in cut.remarks] == ["lacks its last bytes"]
    assert cut.image.height == 160 and 288 <= cut.image.width < 320
    np.testing.assert_array_equal(np.asarray(cut.image), np.asarray(whole.image)[:, -cut.image.width :])


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a.tif"])
def test_the_first_of_several_pictures_is_used_with_a_remark(save: Callable[..., Path], name: str) -> None:
    frames = [half_and_half(), Image.new("RGB", (40, 20), "blue")]
    path = save(frames[0], name, save_all=True, append_images=frames[1:])
    assert np.allclose(pixel(path), RED, atol=4)
    assert [remark.kind for remark in decode(path).remarks] == ["several pictures"]
    assert decode(save(frames[0], f"one-{name}")).remarks == ()


def test_the_preview_in_a_photograph_is_no_second_picture(save: Callable[..., Path]) -> None:
    frames = [half_and_half(), half_and_half().resize((20, 10))]
    path = save(frames[0], "a.jpg", format="MPO", save_all=True, append_images=frames[1:])
    assert decode(path).remarks == ()


ORDINARY = [
    ("RGB", "a.png", {}), ("RGB", "a.jpg", {"quality": 90}), ("L", "a.jpg", {}), ("CMYK", "a.jpg", {}),
    ("P", "a.gif", {}), ("RGBA", "a.webp", {"lossless": True}), ("RGB", "a.tif", {}), ("1", "a.png", {}),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "name", "options"), ORDINARY)
@pytest.mark.parametrize("profile", [False, True])
def test_ordinary_pictures_are_pillows_pixels(
    save: Callable[..., Path], mode: str, name: str, options: dict[str, object], profile: bool
) -> None:
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)).convert(mode)
    if profile and mode in {"RGB", "RGBA"}:
        options = {**options, "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}
    path = save(image, name, **options)
    decoded = decode(path)
    with Image.open(path) as opened:
        np.testing.assert_array_equal(np.asarray(decoded.image), np.asarray(opened.convert("RGB")))
    assert decoded.remarks == () and not decoded.color_converted


def test_a_png_of_linear_light_is_converted_unless_it_says_that_it_is_srgb(save: Callable[..., Path]) -> None:
    texts = PngInfo()
    texts.add(b"gAMA", (100_000).to_bytes(4, "big"))
    path = save(Image.new("RGB", (20, 20), (128, 0, 255)), pnginfo=texts)
    assert decode(path).color_converted and pixel(path) == (188, 0, 255)
    texts.add(b"sRGB", b"\0")
    assert pixel(save(Image.new("RGB", (20, 20), (128, 0, 255)), pnginfo=texts)) == (128, 0, 255)
