"""A short training on drawn shapes, from the command to the painter file, learns what it can in minutes."""

import pytest
from tests.end_to_end.fresh_home import FreshHome

from painting.data.shapes.dataset import prompts
from painting.data.shapes.reader import read_shape
from painting.paint.painter import Painter

pytestmark = pytest.mark.slow

KIMG = 16  # of the prior: a third of the preset's
PICTURES = 128


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> Painter:
    """A painter that was trained and exported in a fresh home, where both left and printed nothing unasked."""
    folder = tmp_path_factory.mktemp("shapes")
    fresh = FreshHome(folder / "fresh")
    fresh.run(folder, "-m", "painting", "train", "--preset", "shapes-quick", "--kimg", str(KIMG), "--run", "run")
    fresh.run(folder, "-m", "painting", "export", "run", "-o", "quick.painter")
    return Painter.load(folder / "quick.painter")


def share_of_right_colors(painter: Painter, split: str) -> float:
    wanted = prompts("seen" if split == "seen" else "unseen", PICTURES)
    pictures = painter.paint_arrays([prompt for prompt, _, _ in wanted], range(PICTURES))
    read = read_shape(pictures)
    return sum(reading.color == color for reading, (_, color, _) in zip(read, wanted, strict=True)) / PICTURES


def test_the_color_of_training_pairs_is_learned_in_minutes(painter: Painter) -> None:
    assert share_of_right_colors(painter, "seen") >= 0.7


def test_the_color_of_unseen_pairs_is_learned_in_minutes(painter: Painter) -> None:
    assert share_of_right_colors(painter, "unseen") >= 0.6
