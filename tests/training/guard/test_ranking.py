"""A run's ranking is kept with a checksum, and names the weights to rank."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from painting.errors import TrainingError
from painting.training.guard import ranking
from painting.training.guard.ranking import RankedWeights, Ranking, describe_weights, weights_to_rank
from painting.training.run.folder import RunFolder
from painting.training.run.snapshots import RANKING_FILE

MEAN = RankedWeights((0.03, 0.04), 4, False, ({"id": "kid", "value": 25.5},))
END = RankedWeights((0.04,), 6, False, ())
RANKING = Ranking("KID", (MEAN, END))


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    (tmp_path / "saved").mkdir()
    return RunFolder(tmp_path)


def test_a_ranking_is_read_as_it_was_written(run: RunFolder) -> None:
    assert Ranking.read(run) is None
    assert RANKING.write(run) == run.saved / RANKING_FILE
    assert Ranking.read(run) == RANKING
    (run.saved / RANKING_FILE).write_text("{}")
    with pytest.raises(TrainingError, match=r"ranking.json cannot be read: .* Rank the snapshots again"):
        Ranking.read(run)


def test_the_best_is_the_first_unless_it_copies_training_pictures() -> None:
    assert RANKING.best == (0.03, 0.04)
    assert Ranking("KID", (replace(MEAN, memorizes=True),)).best is None
    assert RANKING.export_sentence() == (
        "Of 2 weights this is the mean of 0.03 and 0.04 kimg, the best by KID; --at-kimg takes another snapshot."
    )
    assert [describe_weights(kimg) for kimg in ((3.5,), (1, 2, 3))] == ["3.5 kimg", "the mean of 1, 2 and 3 kimg"]


@pytest.mark.parametrize(
    ("images", "weights"),
    [
        ([8, 16], [(0.008,), (0.016,), (0.008, 0.016)]),
        ([0, 16], [(0.0,), (0.016,)]),
        ([8, 16, 24, 32, 40], [(0.008,), (0.016,), (0.024,), (0.032,), (0.04,), (0.016, 0.024, 0.032, 0.04)]),
    ],
)
def test_every_snapshot_is_ranked_and_the_mean_of_the_last_that_were_trained(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, images: list[int], weights: list[tuple[float, ...]]
) -> None:
    monkeypatch.setattr(RunFolder, "info", Mock())
    monkeypatch.setattr(ranking, "build_networks", Mock())
    monkeypatch.setattr(ranking, "snapshot_images", Mock(return_value=images))
    assert weights_to_rank(run) == weights
    monkeypatch.setattr(ranking, "snapshot_images", Mock(return_value=images[:1]))
    with pytest.raises(TrainingError, match=r"has one snapshot of its last stage, so there is nothing to choose"):
        weights_to_rank(run)
