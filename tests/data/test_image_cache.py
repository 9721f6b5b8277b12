import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.damage import damage_file, each_damage

from painting.data.array_cache import DamagedCacheWarning
from painting.data.decoding.upright_srgb import DecodedPicture
from painting.data.image_cache import OUTCOMES_FILE, PICTURES_FILE, ViewShape, make_views, prepare_pictures
from painting.errors import DataError
from painting.images import UInt8Array

CONTENT = "0123456789abcdef" * 4


def gradient(width: int, height: int) -> Image.Image:
    across = np.broadcast_to(np.linspace(0, 255, width), (height, width))
    down = np.broadcast_to(np.linspace(0, 255, height)[:, None], (height, width))
    return Image.fromarray(np.stack([across, down, across], axis=2).astype(np.uint8))


def views_of(picture: Image.Image, size: int, views: int, content: str = CONTENT) -> UInt8Array:
    return make_views(DecodedPicture(picture), ViewShape(size, views, 3), content)


def files_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.png"))


def built_at(cache: Path) -> list[int]:
    return sorted(path.stat().st_mtime_ns for path in (cache / "pictures").glob("*/pictures.npy"))


def test_the_first_view_is_the_middle_square() -> None:
    picture = gradient(64, 32)
    view = views_of(picture, 32, 1)[0]
    np.testing.assert_array_equal(view, np.asarray(picture)[:, 16:48])


def test_other_views_are_crops_of_80_to_100_percent_of_it() -> None:
    views = views_of(gradient(100, 100), 50, 40).astype(float)
    shares = (views[1:, 25, -1, 0] - views[1:, 25, 0, 0]) / (views[0, 25, -1, 0] - views[0, 25, 0, 0])
    assert 0.78 < shares.min() < 0.84 and 0.96 < shares.max() <= 1.02
    assert np.std(views[1:, 0, 0, 0] / 255) > 0.02 and np.std(views[1:, 0, 0, 1] / 255) > 0.02
    assert not np.allclose(views[1:, 0, 0, 0], views[1:, 0, 0, 1])


def test_views_are_drawn_by_content() -> None:
    picture = gradient(60, 60)
    np.testing.assert_array_equal(views_of(picture, 16, 4), views_of(picture, 16, 4))
    np.testing.assert_array_equal(views_of(picture, 16, 4), views_of(picture, 16, 6)[:4])
    assert not np.array_equal(views_of(picture, 16, 4), views_of(picture, 16, 4, CONTENT[::-1]))


def test_alpha_is_resized_as_its_colors_are() -> None:
    picture = gradient(60, 60)
    views = make_views(DecodedPicture(picture, picture.getchannel("R")), ViewShape(16, 4, 4), CONTENT)
    np.testing.assert_array_equal(views[..., 3], views[..., 0])


@pytest.mark.parametrize("size", [(60, 20), (20, 60)])
def test_every_view_of_a_transparent_picture_is_all_of_it_in_the_middle_of_a_square(size: tuple[int, int]) -> None:
    picture = DecodedPicture(Image.new("RGB", size, "red"), Image.new("L", size, 200))
    views = make_views(picture, ViewShape(60, 3, 4), CONTENT)
    expected = Image.new("RGBA", (60, 60), (255, 255, 255, 0))
    expected.paste((255, 0, 0, 200), (30 - size[0] // 2, 30 - size[1] // 2, 30 + size[0] // 2, 30 + size[1] // 2))
    for view in views:
        np.testing.assert_array_equal(view, np.asarray(expected))


def test_without_alpha_a_transparent_picture_is_cropped_as_others_are() -> None:
    picture = DecodedPicture(gradient(60, 20), Image.new("L", (60, 20), 200))
    np.testing.assert_array_equal(make_views(picture, ViewShape(16, 4, 3), CONTENT), views_of(gradient(60, 20), 16, 4))


def test_a_picture_without_alpha_is_opaque_in_a_set_with_alpha() -> None:
    views = make_views(DecodedPicture(gradient(60, 60)), ViewShape(16, 2, 4), CONTENT)
    np.testing.assert_array_equal(views[..., :3], views_of(gradient(60, 60), 16, 2))
    assert (views[..., 3] == 255).all()


def test_pictures_lie_in_the_cache_memory_mapped(folder: Path, cache: Path) -> None:
    prepared = prepare_pictures(files_of(folder), 24, 2, cache)
    assert isinstance(prepared.array, np.memmap)
    assert prepared.array.shape == (6, 24, 24, 3)
    assert [outcome.row for outcome in prepared.outcomes] == [0, 1, 2]


def test_the_same_files_are_prepared_once(folder: Path, cache: Path) -> None:
    first = prepare_pictures(files_of(folder), 24, 2, cache)
    stamps = built_at(cache)
    second = prepare_pictures(files_of(folder), 24, 2, cache)
    assert built_at(cache) == stamps and first.key == second.key and first.outcomes == second.outcomes


@pytest.mark.parametrize("change", ["content", "size", "views", "files", "alpha"])
def test_each_change_gives_another_key(folder: Path, cache: Path, change: str) -> None:
    first = prepare_pictures(files_of(folder), 24, 2, cache).key
    if change == "content":
        gradient(40, 40).save(folder / "a.png")
    files = files_of(folder)[: 2 if change == "files" else 3]
    size, views = (32 if change == "size" else 24), (3 if change == "views" else 2)
    assert prepare_pictures(files, size, views, cache, alpha=change == "alpha").key != first


def test_bad_files_leave_no_gap(folder: Path, cache: Path) -> None:
    (folder / "b.png").write_bytes(b"broken")
    prepared = prepare_pictures(files_of(folder), 24, 1, cache)
    assert [outcome.row for outcome in prepared.outcomes] == [0, None, 1]
    alone = prepare_pictures([folder / "c.png"], 24, 1, cache)
    np.testing.assert_array_equal(prepared.array[1], alone.array[0])


@pytest.mark.parametrize("name", [PICTURES_FILE, OUTCOMES_FILE])
@each_damage
def test_a_damaged_cache_is_reported_and_built_anew(
    folder: Path, cache: Path, name: str, damage: Callable[[bytes], bytes]
) -> None:
    first = prepare_pictures(files_of(folder), 24, 2, cache)
    pixels = np.array(first.array)
    (saved,) = (cache / "pictures").glob(f"*/{name}")
    damage_file(saved, damage)
    with pytest.warns(DamagedCacheWarning, match=f"{name} is damaged"):
        again = prepare_pictures(files_of(folder), 24, 2, cache)
    assert again.outcomes == first.outcomes
    np.testing.assert_array_equal(again.array, pixels)
    prepare_pictures(files_of(folder), 24, 2, cache)


KILLED = """
import sys, time
from pathlib import Path
from painting.data.image_cache import prepare_pictures

def report(task, done, of):
    if task == "preparing the pictures" and done == 2:
        print("in the middle", flush=True)
        time.sleep(60)

prepare_pictures(sorted(Path(sys.argv[1]).glob("*.png")), 24, 2, Path(sys.argv[2]), report)
"""


def test_a_kill_in_the_middle_leaves_nothing_that_is_used(folder: Path, cache: Path, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, folder, cache], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
    left = list((cache / "pictures").iterdir())
    assert len(left) == 1 and left[0].name.startswith(".unfinished-")
    prepared = prepare_pictures(files_of(folder), 24, 2, cache)
    undisturbed = prepare_pictures(files_of(folder), 24, 2, tmp_path / "other")
    np.testing.assert_array_equal(prepared.array, undisturbed.array)
    assert prepared.array.shape == (6, 24, 24, 3)


def test_what_was_left_unfinished_is_removed_after_a_day(folder: Path, cache: Path) -> None:
    old, new = cache / "pictures" / ".unfinished-old", cache / "pictures" / ".unfinished-new"
    for left in (old, new):
        left.mkdir(parents=True)
    two_days_ago = time.time() - 2 * 86_400
    os.utime(old, (two_days_ago, two_days_ago))
    prepare_pictures(files_of(folder), 24, 1, cache)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_cache_that_cannot_be_written_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="cannot be written"):
        prepare_pictures(files_of(folder), 24, 1, tmp_path / "file")


def test_progress_is_reported_file_by_file(folder: Path, cache: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    prepare_pictures(files_of(folder), 24, 1, cache, lambda *counted: calls.append(counted))
    assert calls == [
        (task, done, 3) for task in ("reading the pictures", "preparing the pictures") for done in (1, 2, 3)
    ]
