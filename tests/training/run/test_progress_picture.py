"""The progress picture shows every row as it is, in order, with the training images beside it."""

import itertools

import numpy as np

from painting.images import UInt8Array
from painting.training.run.progress_picture import progress_picture


def row(height: int, color: int) -> UInt8Array:
    return np.full((height, 4 * height, 3), tint(color), np.uint8)


def tint(color: int) -> tuple[int, int, int]:
    """A colour that no grey letter has."""
    return color, 255, 100


def places(sheet: UInt8Array, color: int) -> tuple[int, int, int, int]:
    """The rectangle of a colour: top, bottom, left and right."""
    down, right = np.nonzero((sheet == tint(color)).all(2))
    return int(down.min()), int(down.max()) + 1, int(right.min()), int(right.max()) + 1


def test_rows_lie_below_one_another_in_order_and_whole() -> None:
    sheet = progress_picture({1000: row(64, 90), 20_000: row(64, 120), 300_000: row(64, 150)})
    found = [places(sheet, color) for color in (90, 120, 150)]
    assert [bottom - top for top, bottom, _, _ in found] == [64, 64, 64]
    assert len({(left, right) for _, _, left, right in found}) == 1 and found[0][3] - found[0][2] == 256
    assert all(upper[1] < lower[0] for upper, lower in itertools.pairwise(found))


def test_beside_each_row_something_is_written_and_nothing_on_it() -> None:
    sheet = progress_picture({1000: row(64, 90), 2_000_000: row(64, 120)})
    ink = sheet.max(2) < 80
    for color in (90, 120):
        top, bottom, left, _ = places(sheet, color)
        assert ink[top:bottom, :left].sum() > 50
        assert (sheet[top:bottom, left : left + 256] == tint(color)).all()
    short, long = (ink[slice(*places(sheet, color)[:2])].sum() for color in (90, 120))
    assert long > short  # 2,000,000 takes more ink than 1,000


def test_small_pictures_are_enlarged_by_whole_numbers() -> None:
    small = np.random.default_rng(0).integers(80, 255, (28, 56, 3), dtype=np.uint8)
    sheet = progress_picture({5: small})
    wanted = small.repeat(2, 0).repeat(2, 1)
    height, width, _ = wanted.shape
    left = sheet.shape[1] - width - 10  # the margin
    assert (sheet[-height - 10 : -10, left : left + width] == wanted).all()
