import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.evaluation.conftest import SIZE, write_folder

from painting.data.digits.dataset import MNIST_FOLDER
from painting.data.split import Split, write_split
from painting.errors import DataError
from painting.evaluation.report.real_data import (
    DataRequest,
    RealData,
    has_validation_set,
    open_real_data,
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "flowers", 24, 0)


def opened(folder: Path | None, test: Path | None = None, size: int = SIZE, conditional: bool = True) -> RealData:
    return open_real_data(DataRequest(folder, test, size, conditional))


def test_a_split_gives_training_test_and_zero_shot_pictures(folder: Path) -> None:
    write_split(folder, Split({"test": {"0000.png": "x", "0008.png": "x"}}, ("color", "species"), (("blue", "daisy"),)))
    real = opened(folder)
    zero_shot = real.data.zero_shot
    assert zero_shot is not None
    assert (real.data.train.count, real.data.test.names, zero_shot.count) == (18, ("0000.png", "0008.png"), 4)
    assert {labels["color"] for labels in zero_shot.labels} == {"blue"}
    assert (real.name, real.training_count, real.classifier_data.count) == ("flowers", 18, 18 * 6)


def test_a_sample_is_spread_over_each_split_and_says_so(folder: Path) -> None:
    write_split(folder, Split({"test": {f"{index:04d}.png": "x" for index in range(4)}}))
    real = open_real_data(DataRequest(folder, None, SIZE, True, max_real_pictures=5))
    assert real.data.train.names == ("0004.png", "0008.png", "0012.png", "0016.png", "0020.png")
    assert real.data.test.count == 4
    assert real.notes == ("Quick: measured with 5 of 20 train pictures.",) and real.training_count is None
    whole = open_real_data(DataRequest(folder, None, SIZE, True, max_real_pictures=20))
    assert whole.notes == () and whole.training_count == 20


def test_a_sample_of_digits_is_spread_over_them() -> None:
    real = open_real_data(DataRequest(None, None, 28, False, max_real_pictures=10))
    train = real.data.train
    assert train.names[0] == "0" and len(set(train.names)) == train.count == len(train.labels) == 10
    assert (train.pictures(np.array([9])) == real.classifier_data.pictures(np.array([int(train.names[9])]))).all()
    assert real.notes[0].startswith("Quick: measured with 10 of ")


def test_painters_are_chosen_by_validation_pictures_and_never_by_test_pictures(folder: Path) -> None:
    write_split(folder, Split({"test": {"0000.png": "x"}, "validation": {"0001.png": "y", "0002.png": "z"}}))
    real = open_real_data(DataRequest(folder, None, SIZE, True, model_selection=True))
    assert (real.data.test.split, real.data.test.names) == ("validation", ("0001.png", "0002.png"))
    assert (real.data.train.count, real.data.zero_shot) == (21, None)
    assert opened(folder).data.test.names == ("0000.png",)
    assert has_validation_set(DataRequest(folder, None, SIZE, True)) and not has_validation_set(
        DataRequest(folder, None, SIZE, False)
    )
    write_split(folder, Split({"test": {"0000.png": "x"}}))
    assert not has_validation_set(DataRequest(folder, None, SIZE, True)) and not has_validation_set(
        DataRequest(None, None, SIZE, True)
    )
    assert real.describe_selection(200) == "2 validation pictures" and real.notes == ()
    sampled = open_real_data(DataRequest(folder, None, SIZE, True, pictures=4, model_selection=True))
    assert (
        sampled.data.test.names == ("0001.png", "0006.png", "0012.png", "0018.png") and sampled.data.train.count == 23
    )
    assert sampled.describe_selection(200) == "4 training pictures that are not held out"
    assert sampled.notes[0].startswith("No validation pictures are held out")


def test_folders_train_and_test_do_as_well(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    write_folder(tmp_path / "set" / "train", 12, 0)
    write_folder(tmp_path / "set" / "test", 6, 100)
    real = opened(tmp_path / "set")
    assert (real.data.train.count, real.data.test.count, real.data.zero_shot) == (12, 6, None)


def test_folders_train_and_val_need_test_pictures_too(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    write_folder(tmp_path / "set" / "train", 12, 0)
    validation = write_folder(tmp_path / "set" / "val", 6, 100)
    with pytest.raises(DataError, match=f"holds validation pictures, in val, .* add --test {validation}"):
        opened(tmp_path / "set")
    assert opened(tmp_path / "set", validation).data.test.count == 6


def test_names_that_are_no_utf_8_can_be_printed_and_stored(folder: Path, tmp_path: Path) -> None:
    odd = folder.rename(tmp_path / os.fsdecode(b"fleurs\xe9"))
    (odd / "0000.png").rename(odd / os.fsdecode(b"ros\xe9.png"))
    table = (odd / "metadata.jsonl").read_text()
    (odd / "metadata.jsonl").write_text(table.replace("0000.png", "rosé.png"), "utf-8")
    write_split(odd, Split({"test": {os.fsdecode(b"ros\xe9.png"): "x"}}))
    real = opened(odd)
    assert (real.name, real.data.test.names) == ("fleurs\\udce9", ("ros\\udce9.png",))


def test_captions_come_before_digits_in_one_folder(folder: Path) -> None:
    for file in MNIST_FOLDER.iterdir():
        shutil.copy(file, folder)
    write_split(folder, Split({"test": {"0000.png": "x"}}))
    assert opened(folder).data.test.names == ("0000.png",)


def test_test_pictures_may_be_in_a_folder_of_their_own(folder: Path, tmp_path: Path) -> None:
    others = write_folder(tmp_path / "others", 6, 100)
    real = opened(folder, others)
    assert (real.data.train.count, real.data.test.count) == (24, 6)


def test_a_folder_that_holds_nothing_out_is_refused(folder: Path) -> None:
    with pytest.raises(DataError, match="hold some out with `painting data split"):
        opened(folder)


def test_digits_have_a_note_that_painters_were_trained_on_the_test_ones_too() -> None:
    real = opened(None, size=28, conditional=False)
    assert real.data.train.count + real.data.test.count == 10_000
    assert "trained on all" in real.notes[0]


def test_shapes_are_drawn_with_the_pairs_that_training_never_shows() -> None:
    real = opened(None, size=SIZE)
    assert real.data.zero_shot is not None and real.training_count is None
    assert real.data.train.pictures(real.data.train.names and [0]).shape == (1, SIZE, SIZE, 3)  # type: ignore[arg-type]
    assert open_real_data(DataRequest(None, None, SIZE, True, pictures=80)).data.test.count == 80
    pairs = [{(f["color"], f["shape"]) for f in reals.labels} for reals in (real.data.train, real.data.zero_shot)]
    assert not pairs[0] & pairs[1]


@pytest.mark.parametrize(
    ("folder_name", "test", "size", "conditional", "reason"),
    [
        ("none", None, SIZE, True, "is not a folder"),
        (str(MNIST_FOLDER), None, SIZE, True, "holds digits without captions"),
        (str(MNIST_FOLDER), "here", 28, False, "leave out --test here"),
        (str(MNIST_FOLDER), None, 32, False, "paints 32 px, and the digits have 28"),
        (".", None, 28, False, "holds none of MNIST's files"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(
    folder_name: str, test: str | None, size: int, conditional: bool, reason: str
) -> None:
    with pytest.raises(DataError, match=reason):
        opened(Path(folder_name), Path(test) if test else None, size, conditional)
