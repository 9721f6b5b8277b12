"""Cache of prepared pictures: decoded once, all views at the training size, memory-mapped, keyed by content."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from painting.atomic_file import rename
from painting.data.array_cache import DamagedCacheWarning, map_array, write_array
from painting.data.cache import UNFINISHED_PREFIX, cache_write_error, digest, remove_unfinished
from painting.data.decoding.upright_srgb import DecodedPicture
from painting.data.deduplicate import FileOutcome, deduplicate
from painting.data.rng import hash_uniform
from painting.errors import DataError
from painting.files.archive import file_sha256, sha256
from painting.files.sealed_json import DamagedJson, read_sealed, write_sealed
from painting.images import ALPHA_CHANNELS, UInt8Array
from painting.progress import TaskProgressCallback, no_progress

PICTURES_VERSION = 4
"""Raised whenever the same files would give other pictures."""
PICTURES_FILE, OUTCOMES_FILE = "pictures.npy", "outcomes.json"
MIN_CROP_SHARE = 0.8


@dataclass(frozen=True)
class PreparedPictures:
    """Pictures `array` (rows · views, S, S, C), 0 … 255, and the outcome of each file, in the order of the files.

    The first three channels are the colours laid on white; the fourth, if there is one, is alpha, 255 opaque.
    """

    array: UInt8Array
    outcomes: tuple[FileOutcome, ...]
    key: str


@dataclass(frozen=True)
class ViewShape:
    """What is kept of each picture: views of S × S px with so many channels."""

    size: int
    views: int
    channels: int


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes; that of no bytes where it cannot be read."""
    try:
        return file_sha256(path)
    except OSError:
        return sha256(b"")


def prepare_pictures(
    files: Sequence[Path],
    size: int,
    views: int,
    cache: Path,
    report: TaskProgressCallback = no_progress,
    *,
    alpha: bool = False,
) -> PreparedPictures:
    """Open the files' pictures in the cache, or decode, crop and resize them into it, one at a time.

    Nothing half-written is ever used: a folder of the cache gets its name when it is complete.
    Raises DataError where the cache cannot be written.
    """
    hashes = []
    for path in files:
        hashes.append(file_hash(path))
        report("reading the pictures", len(hashes), len(files))
    shape = ViewShape(size, views, ALPHA_CHANNELS if alpha else 3)
    key = digest("pictures", PICTURES_VERSION, *astuple(shape), *hashes)[:32]
    finished = cache / "pictures" / key
    ready = _open(finished, key)
    if ready:
        return ready
    try:
        finished.parent.mkdir(parents=True, exist_ok=True)
        remove_unfinished(finished.parent)
        with tempfile.TemporaryDirectory(dir=finished.parent, prefix=UNFINISHED_PREFIX) as name:
            _build(Path(name) / "new", list(zip(files, hashes, strict=True)), shape, report)
            if _open(finished, key) is None:  # another process may have been quicker
                shutil.rmtree(finished, ignore_errors=True)
                rename(Path(name) / "new", finished)
    except OSError as error:
        raise cache_write_error(cache, error) from error
    built = _open(finished, key)
    if built is None:
        raise DataError(f"prepared pictures in '{finished}' cannot be read back; delete that folder")
    return built


def _open(folder: Path, key: str) -> PreparedPictures | None:
    """The pictures of a folder of the cache; None where it is missing or, with a warning, damaged."""
    outcomes = _read_outcomes(folder / OUTCOMES_FILE)
    array = None if outcomes is None else map_array(folder / PICTURES_FILE)
    return None if outcomes is None or array is None else PreparedPictures(array, outcomes, key)


def _read_outcomes(path: Path) -> tuple[FileOutcome, ...] | None:
    try:
        return tuple(FileOutcome.from_json(outcome) for outcome in read_sealed(path)["outcomes"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, DamagedJson, KeyError, TypeError):
        message = f"{path} is damaged, or of an older version, and is made anew."
        warnings.warn(message, DamagedCacheWarning, stacklevel=2)
        return None


def _build(folder: Path, files: list[tuple[Path, str]], shape: ViewShape, report: TaskProgressCallback) -> None:
    folder.mkdir()
    outcomes: list[FileOutcome] = []
    write_array(folder / PICTURES_FILE, _views_of_all(files, shape, outcomes, report))
    write_sealed(folder / OUTCOMES_FILE, {"outcomes": [asdict(outcome) for outcome in outcomes]})


def _views_of_all(
    files: list[tuple[Path, str]],
    shape: ViewShape,
    outcomes: list[FileOutcome],
    report: TaskProgressCallback,
) -> Iterator[UInt8Array]:
    """The views (views, S, S, C) of each usable picture; appends every file's outcome to `outcomes`."""
    empty = (0, shape.size, shape.size, shape.channels)  # the array's shape, where no picture is usable
    yield np.empty(empty, np.uint8)
    paths = [path for path, _ in files]
    for (outcome, picture), (_, content) in zip(deduplicate(paths), files, strict=True):
        outcomes.append(outcome)
        if picture:
            yield make_views(picture, shape, content)
        report("preparing the pictures", len(outcomes), len(files))


def make_views(picture: DecodedPicture, shape: ViewShape, content: str) -> UInt8Array:
    """Views (views, S, S, C) of a picture: the middle square, then random crops with 80–100% of its side.

    The crops depend on the file's `content` hash alone, not on other files or on the number of views. With alpha, every
    view of a transparent picture is the whole of it, padded to a square: a crop would cut through an outline.
    """
    size, views = shape.size, shape.views
    is_whole = shape.channels == ALPHA_CHANNELS and picture.alpha is not None
    picture = _padded(picture) if is_whole else picture
    width, height = picture.image.size
    square = min(width, height)
    first = int(content[:13], 16) << 8  # 52 bits of the hash, and 8 for the views: ids stay below 2**60
    draws = hash_uniform(np.arange(first, first + views), 3)
    made = np.full((views, size, size, shape.channels), 255, np.uint8)
    for view in range(views):
        box = _box(draws[view], square, (width - square) / 2, (height - square) / 2, whole=is_whole or view == 0)
        made[view, ..., :3] = _resized(picture.image, size, box)
        if is_whole and picture.alpha:
            made[view, ..., 3] = _resized(picture.alpha, size, box)
    return made


def _padded(picture: DecodedPicture) -> DecodedPicture:
    """A transparent picture in the middle of a square as long as its longer side."""
    assert picture.alpha
    side = (max(picture.image.size),) * 2
    image = ImageOps.pad(picture.image, side, color="white")
    return replace(picture, image=image, alpha=ImageOps.pad(picture.alpha, side, color=0))


def _resized(picture: Image.Image, size: int, box: tuple[float, float, float, float]) -> UInt8Array:
    """A part of a picture at (S, S). On white, colours are resampled as they should be: weighted by their opacity."""
    return np.asarray(picture.resize((size, size), Image.Resampling.LANCZOS, box=box, reducing_gap=4.0))


def _box(
    draw: npt.NDArray[np.float64], square: int, left: float, top: float, *, whole: bool
) -> tuple[float, float, float, float]:
    side = float(square) if whole else square * (MIN_CROP_SHARE + (1 - MIN_CROP_SHARE) * draw[0])
    left += draw[1] * (square - side)
    top += draw[2] * (square - side)
    return (left, top, left + side, top + side)
