from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
from tests.conftest import SIZE, MakePainter
from tests.evaluation.report.conftest import noise

from painting.evaluation.report.painter_under_test import PainterUnderTest, resized
from painting.evaluation.report.real_data import RealData
from painting.files.archive import file_sha256
from painting.paint.painter import Painter


def opened(path: Path, size: int = SIZE) -> PainterUnderTest:
    return PainterUnderTest(Painter.load(path, threads=1), path, size, 1)


def real_data(count: int | None) -> RealData:
    return Mock(spec=RealData, training_count=count)


def test_pictures_are_as_painted_where_the_size_fits(tiny_painter: Path) -> None:
    one = opened(tiny_painter)
    painted = one.loaded.paint_arrays(["a rose"], [3])
    assert (one.paint_arrays(["a rose"], [3]) == painted).all()
    assert (one.name, one.conditional, one.sha256) == ("tiny", True, file_sha256(tiny_painter))


def test_pictures_of_another_size_are_resized_with_a_caution(tiny_painter: Path) -> None:
    one = opened(tiny_painter, size=8)
    assert one.paint_arrays(["a rose", "a tulip"], [3, 4]).shape == (2, 8, 8, 3)
    assert one.cautions(real_data(None)) == ("It paints 16 px; its pictures were resized to 8 px.",)


def test_resizing_keeps_what_pictures_show() -> None:
    flat = np.full((1, 16, 16, 3), 77, np.uint8)
    assert (resized(flat, 8) == 77).all()
    assert abs(resized(noise(4), 8).mean() - noise(4).mean()) < 2
    assert resized(noise(0), 8).shape == (0, 8, 8, 3)


def test_other_training_pictures_than_its_own_give_a_caution(make_painter: MakePainter) -> None:
    one = opened(make_painter(card={"data": {"pictures": 24}}))
    assert one.cautions(real_data(24)) == ()
    (caution,) = one.cautions(real_data(18))
    assert "trained on 24 pictures, and the training set here holds 18" in caution
    begun = opened(make_painter("begun", card={"began_from": {"painter": "flowers"}}))
    assert (
        "It began from another painter: if that one was trained on the test pictures"
        in begun.cautions(real_data(24))[0]
    )
    silent = replace(opened(make_painter("other", card={"data": "flowers"})))
    assert silent.cautions(real_data(18)) == ()
