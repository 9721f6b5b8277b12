"""A folder of captioned emoji from fake packages: names, captions, partitions, credits, and nothing where it fails."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from scripts.emoji.names import Emoji, read_emoji
from tests.scripts.emoji.test_packages import fake_npm, write_package

from painting.errors import DataError
from scripts.emoji import __main__ as command
from scripts.emoji import dataset, styles

COUNT = 40


def picture_bytes(subject: str, side: int = 128, kind: str = "PNG") -> bytes:
    """A picture file of one colour, by the subject's hash."""
    content = io.BytesIO()
    color = f"#{hashlib.sha256(subject.encode()).hexdigest()[:6]}"
    Image.new("RGBA", (side, side), color).save(content, kind)
    return content.getvalue()


def name_files(entries: list[dict[str, Any]]) -> dict[str, bytes]:
    groups = {"groups": {"0": "smileys-emotion", "1": "people-body", "9": "flags"}, "subgroups": {"0": "face-smiling"}}
    return {"meta/groups.json": json.dumps(groups).encode(), "en/data.json": json.dumps(entries).encode()}


def entry(order: int, name: str, group: int = 0, **others: Any) -> dict[str, Any]:
    return {"label": name, "hexcode": f"{order:04X}", "order": order, "group": group, "subgroup": 0, **others}


def icon_files(codes: list[str]) -> dict[str, bytes]:
    icons = {"icons": {f"icon{code}": {"body": f'<path d="{code}"/>'} for code in codes}, "width": 36, "height": 36}
    chars = {code: f"icon{code}" for code in codes}
    return {"icons.json": json.dumps(icons).encode(), "chars.json": json.dumps(chars).encode()}


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A fake npm with tiny packages of names and styles in place of the pinned ones; SVG is rendered as its hash."""
    folder = tmp_path / "npm"
    folder.mkdir()
    entries = [entry(number, f"thing {number}", tags=["thing", "bright", "small"]) for number in range(1, COUNT)]
    skins = [{"hexcode": f"{COUNT:04X}-1F3FB", "tone": 1}, {"hexcode": "1-2", "tone": [1, 2]}]
    entries += [entry(COUNT, "hand", 1, skins=skins), entry(COUNT + 1, "a flag", 9)]
    codes = [f"{number:04x}" for number in range(1, COUNT + 2)] + [f"{COUNT:04x}-1f3fb"]
    pictures = {f"assets/{code}.webp": picture_bytes(code, 256, "WEBP") for code in codes}
    monkeypatch.setattr(command, "NAMES_PACKAGE", write_package(folder, "names", name_files(entries)))
    files = [pictures, icon_files(codes), icon_files(codes), icon_files(codes)]
    packages = [write_package(folder, style.suffix, each) for style, each in zip(styles.STYLES, files, strict=True)]
    fakes = (replace(style, package=each) for style, each in zip(styles.STYLES, packages, strict=True))
    monkeypatch.setattr(command, "STYLES", tuple(fakes))
    monkeypatch.setattr(styles, "render_svg", picture_bytes)
    monkeypatch.setattr(dataset, "TONE_SHARE", 1.0)
    return fake_npm(folder)


def metadata(folder: Path, partition: str) -> list[dict[str, Any]]:
    lines = (folder / partition / "metadata.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def content(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_pair_of_the_test_set_is_not_trained_on_but_its_name_is(npm: list[str], tmp_path: Path) -> None:
    command.build(tmp_path / "emoji", npm)
    train, test = metadata(tmp_path / "emoji", "train"), metadata(tmp_path / "emoji", "test")
    pairs = [{(line["name"], line["style"]) for line in lines} for lines in (train, test)]
    assert 0 < len(test) < len(train)
    assert not pairs[0] & pairs[1]
    assert {name for name, _ in pairs[1]} <= {name for name, _ in pairs[0]}
    assert "a flag" not in {name for name, _ in pairs[0]}
    for partition, lines in (("train", train), ("test", test)):
        files = {path.name for path in (tmp_path / "emoji" / partition).glob("*.webp")}
        assert sorted(files) == sorted(line["file_name"] for line in lines)


def test_the_result_is_the_same_again_and_names_its_licences(npm: list[str], tmp_path: Path) -> None:
    command.build(tmp_path / "one", npm)
    command.build(tmp_path / "new" / "other", npm)
    assert content(tmp_path / "one") == content(tmp_path / "new" / "other")
    licences = (tmp_path / "one" / "LICENSE.md").read_text()
    assert all(word in licences for word in ("Microsoft", "MIT", "Google, Apache-2.0", "CC BY 4.0", "emojibase"))
    with Image.open(tmp_path / "one" / "train" / "hand-light-3d.webp") as picture:
        assert picture.size == (128, 128)


def test_a_line_has_labels_and_captions(npm: list[str], tmp_path: Path) -> None:
    command.build(tmp_path / "emoji", npm)
    lines = {line["file_name"]: line for line in metadata(tmp_path / "emoji", "train")}
    assert lines["hand-light-3d.webp"] == {
        "file_name": "hand-light-3d.webp",
        "name": "hand",
        "group": "people",
        "subgroup": "face smiling",
        "style": "3D",
        "tone": "light",
        "captions": [
            "hand with light skin, 3D emoji",
            "3D emoji of hand with light skin",
            "hand with light skin",
            "hand with light skin in 3D style",
        ],
    }
    last = next(line for line in lines.values() if line["name"] == "thing 1")["captions"][-1]
    assert "bright" in last and "small" in last and last.count("thing") == 1


@pytest.mark.parametrize("missing", ["names@1.0.0", "twemoji@1.0.0"])
def test_where_a_package_is_missing_nothing_is_written(npm: list[str], tmp_path: Path, missing: str) -> None:
    (tmp_path / "npm" / f"{missing}.tgz").unlink()
    with pytest.raises(DataError, match="npm cannot fetch"):
        command.build(tmp_path / "emoji", npm)
    assert [path.name for path in tmp_path.iterdir()] == ["npm"]


@pytest.mark.parametrize(
    ("name", "message"), [("npm", "exists already: name another folder"), ("npm/npm.py/emoji", "cannot be written")]
)
def test_a_folder_that_cannot_be_written_is_refused(npm: list[str], tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        command.build(tmp_path / name, npm)


def test_names_that_agree_in_letters_get_files_of_their_own() -> None:
    keycaps = read_emoji(name_files([entry(35, "keycap: #"), entry(42, "keycap: *"), entry(65, "piñata")]))
    assert dataset.unique_slugs(keycaps) == {"0023": "keycap-0023", "002a": "keycap-002a", "0041": "pi-ata"}


def test_of_equal_pictures_of_a_style_the_first_is_kept() -> None:
    twins = [Emoji(name, "people", "family", (), code, {}) for name, code in (("family", "1"), ("parents", "2"))]
    picture = picture_bytes("red")
    kept = dataset.pictures_of(styles.STYLES[0], {"1": picture, "2": picture}, twins)
    assert [picture.emoji.name for picture in kept] == ["family"]


def test_an_alias_is_drawn_flipped() -> None:
    pytest.importorskip("resvg_py")
    half = {"body": '<path fill="red" d="M0 0h4v8H0z"/>'}
    aliases = {"right": {"parent": "left", "hFlip": True}}
    icons = {"icons": {"left": half}, "aliases": aliases, "width": 8, "height": 8}
    for name, drawn, empty in (("left", 32, 96), ("right", 96, 32)):
        picture = Image.open(io.BytesIO(styles.webp(styles.svg_document(icons, name)))).convert("RGBA")
        alpha = picture.getchannel("A")
        assert (alpha.getpixel((drawn, 64)), alpha.getpixel((empty, 64))) == (255, 0)


def test_of_two_pictures_of_a_code_the_one_with_the_variation_selector_is_read() -> None:
    assert styles.read_pictures({"a/26a7-fe0f.webp": b"1", "a/26a7.webp": b"2", "README.md": b""}) == {"26a7": b"1"}
