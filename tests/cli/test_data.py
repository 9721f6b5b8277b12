import os
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image
from tests.conftest import ExportedClip
from tests.data.decoding.icc import ADOBE_RGB, rgb_profile
from typer.testing import CliRunner

from painting.cli.data import app
from painting.data.digits.dataset import MNIST_FOLDER
from painting.data.partitions import read_partitions
from painting.data.split import read_split
from painting.errors import DataError, PaintingError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for index, name in enumerate(["a", "b"]):
        Image.new("RGB", (80, 80), (index * 100, 0, 0)).save(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.txt").write_text(f"a red flower {name}")
    return tmp_path


def test_check_lists_what_is_wrong_and_ends_well_while_something_is_usable(folder: Path) -> None:
    (folder / "b.png").write_bytes(b"broken")
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert result.exit_code == 0, result.output
    assert "b.png: is not a picture in a format that is read here; it is skipped" in result.output
    assert "usable pictures: 1 (skipped: 1)" in result.output


def test_check_uses_the_size_option(folder: Path) -> None:
    assert "it is enlarged" in CliRunner().invoke(app, ["check", str(folder), "--size", "81"]).output
    assert "enlarged" not in CliRunner().invoke(app, ["check", str(folder), "--size", "64"]).output


def test_check_uses_the_size_of_the_preset_that_is_trained_next(folder: Path) -> None:
    assert "training uses 128" in CliRunner().invoke(app, ["check", str(folder), "--preset", "small"]).output
    assert "enlarged" not in CliRunner().invoke(app, ["check", str(folder), "--preset", "shapes"]).output


def test_check_without_a_preset_uses_the_size_that_suits_the_pictures(folder: Path) -> None:
    output = CliRunner().invoke(app, ["check", str(folder)]).output
    assert "learned at: 64 px" in output and "enlarged" not in output


def test_check_fails_with_one_sentence_when_nothing_is_usable(folder: Path) -> None:
    for name in "ab":
        (folder / f"{name}.txt").unlink()
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert isinstance(result.exception, DataError) and result.exception.exit_code == 2
    assert "no usable captioned picture" in str(result.exception)
    assert "a.png: has no caption: there is no 'a.txt' or 'a.caption' beside it; it is skipped" in result.output


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path / "nowhere")])
    assert isinstance(result.exception, DataError) and "is not a folder" in str(result.exception)


def test_a_folder_of_digits_is_reported_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "my digits"
    shutil.copytree(MNIST_FOLDER, folder)
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert result.exit_code == 0, result.output
    assert "laid out like MNIST, without captions" in result.output
    assert "usable pictures: 10000 of 28 px, from t10k-images-idx3-ubyte.gz alone" in result.output
    assert "label class: 0 980, 1 1135, 2 1032" in result.output
    assert f"painting train '{folder}' --preset digits" in result.output


def test_broken_digits_are_one_sentence(tmp_path: Path) -> None:
    shutil.copytree(MNIST_FOLDER, tmp_path / "digits")
    path = tmp_path / "digits" / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:5000])
    result = CliRunner().invoke(app, ["check", str(path.parent)])
    assert isinstance(result.exception, DataError)
    assert "is truncated or damaged" in str(result.exception)


def test_captioned_pictures_count_before_digits_beside_them(folder: Path) -> None:
    for path in MNIST_FOLDER.iterdir():
        shutil.copy(path, folder)
    assert "usable pictures: 2" in CliRunner().invoke(app, ["check", str(folder)]).output


def test_check_reads_captions_as_the_named_text_encoder_does(folder: Path, exported_clip: ExportedClip) -> None:
    (folder / "a.txt").write_text("a red rose " * 40)
    output = CliRunner().invoke(app, ["check", str(folder), "--text-encoder", str(exported_clip.folder)]).output
    assert "captions longer than the text encoder reads: 1" in output
    assert "captions longer than the text encoder reads: 0" in CliRunner().invoke(app, ["check", str(folder)]).output


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    rows = ["file_name,caption,species,color"]
    for index in range(36):
        species, color = ("rose", "tulip", "iris")[index % 3], ("red", "blue", "white")[index // 3 % 3]
        Image.new("RGB", (80, 80), (index * 7, 0, 0)).save(tmp_path / f"{index}.png")
        rows.append(f"{index}.png,a {color} {species},{species},{color}")
    (tmp_path / "metadata.csv").write_text("\n".join(rows))
    return tmp_path


def test_split_writes_and_reports_what_is_held_out(flowers: Path) -> None:
    command = ["split", str(flowers), "--hold-out-pairs", "10%", "--test", "0.25", "--seed", "1"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "test: 8 of 36 pictures" in result.output
    assert "zero-shot: 1 pair (4 pictures): " in result.output
    split = read_split(flowers)
    assert split is not None and split.made_with == {"test": 0.25, "hold_out_pairs": 0.1, "seed": 1}


def test_split_counts_what_it_skips(flowers: Path) -> None:
    (flowers / "0.png").write_bytes(b"broken")
    Image.new("RGB", (80, 80), "red").save(flowers / "bare.png")
    output = CliRunner().invoke(app, ["split", str(flowers), "--test", "20%"]).output
    assert "skipped: 2 pictures, which `painting data check` names" in output
    assert "test: 7 of 35 pictures" in output


def test_a_split_is_not_overwritten_without_replace(flowers: Path) -> None:
    assert CliRunner().invoke(app, ["split", str(flowers)]).exit_code == 0
    before = (flowers / "split.json").read_bytes()
    again = CliRunner().invoke(app, ["split", str(flowers), "--seed", "2"])
    assert isinstance(again.exception, DataError) and "--replace overwrites it" in str(again.exception)
    assert (flowers / "split.json").read_bytes() == before
    assert CliRunner().invoke(app, ["split", str(flowers), "--seed", "2", "--replace"]).exit_code == 0
    assert (flowers / "split.json").read_bytes() != before


@pytest.mark.parametrize("share", ["much", "20%%", "", "-5%", "100%"])
def test_split_refuses_shares_that_are_none(flowers: Path, share: str) -> None:
    result = CliRunner().invoke(app, ["split", str(flowers), f"--test={share}"])
    assert isinstance(result.exception, PaintingError) and "--test must be a share" in str(result.exception)
    assert not (flowers / "split.json").exists()


def test_a_share_without_its_percent_sign_is_refused_with_the_right_one(flowers: Path) -> None:
    result = CliRunner().invoke(app, ["split", str(flowers), "--test=20"])
    assert str(result.exception) == "--test 20 is 2000%, more than all pictures: write 20% or 0.2"


def test_split_of_what_is_no_folder_says_so(flowers: Path) -> None:
    for path in (flowers / "metadata.csv", flowers / "missing"):
        result = CliRunner().invoke(app, ["split", str(path)])
        assert isinstance(result.exception, DataError) and f"'{path}' is not a folder" in str(result.exception)


def test_names_that_are_no_utf_8_pass_through_check_and_split(flowers: Path) -> None:
    odd = os.fsdecode(b"ros\xe9")
    for number in range(12):
        (flowers / f"{number}.png").rename(flowers / f"{odd}{number}.png")
    table = (flowers / "metadata.csv").read_text()
    (flowers / "metadata.csv").write_text(re.sub(r"^(\d|1[01])\.png", r"rosé\1.png", table, flags=re.MULTILINE))
    assert "usable pictures: 36 (skipped: 0)" in CliRunner().invoke(app, ["check", str(flowers)]).output
    result = CliRunner().invoke(app, ["split", str(flowers), "--test", "50%"])
    assert result.exit_code == 0, result.exception
    split = read_split(flowers)
    assert split is not None and any(name.startswith(odd) for name in split.files["test"])
    assert len(read_partitions(flowers)["test"].examples) == 18


def test_a_folder_divided_already_is_not_split_again(tmp_path: Path) -> None:
    for index, part in enumerate(("train", "test")):
        (tmp_path / part).mkdir()
        Image.new("RGB", (80, 80), (index, 0, 0)).save(tmp_path / part / "a.png")
        (tmp_path / part / "a.txt").write_text("a flower")
    result = CliRunner().invoke(app, ["split", str(tmp_path)])
    assert isinstance(result.exception, DataError)
    assert "is already split by its folders train and test" in str(result.exception)
    assert f"`painting data split {tmp_path / 'train'}`" in str(result.exception)


def test_a_column_of_partitions_is_not_split_again(flowers: Path) -> None:
    (flowers / "metadata.csv").write_text("file_name,text,split\n0.png,a rose,train\n1.png,a rose,test\n")
    result = CliRunner().invoke(app, ["split", str(flowers)])
    assert isinstance(result.exception, DataError) and "leave that column out" in str(result.exception)


def test_an_invalid_split_can_be_replaced(flowers: Path) -> None:
    (flowers / "split.json").write_text("{}")
    assert isinstance(CliRunner().invoke(app, ["split", str(flowers)]).exception, DataError)
    assert CliRunner().invoke(app, ["split", str(flowers), "--replace"]).exit_code == 0


def test_check_says_how_many_pictures_were_converted_to_srgb(folder: Path) -> None:
    for name in "ab":
        Image.new("RGB", (80, 80), (200, ord(name), 60)).save(
            folder / f"{name}.png", icc_profile=rgb_profile(ADOBE_RGB, 2.2)
        )
    output = CliRunner().invoke(app, ["check", str(folder)]).output
    assert "2 pictures: colours converted from their profile to sRGB" in output
